package schema

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ManifestVersion is the version of the manifest's own form.
const ManifestVersion = 1

// ManifestName is the manifest's path in a dataset. A folder without it is not a dataset.
const ManifestName = "manifest.json"

// SumsName is the path of the list of checksums in a dataset.
const SumsName = "SHA256SUMS"

// Manifest says what a dataset holds and how it was made. Nothing in it depends on the clock, the machine, the place of
// the input or the number of workers, so that the same build gives the same bytes.
type Manifest struct {
	ManifestVersion int      `json:"manifest_version"`
	SchemaVersion   int      `json:"schema_version"`
	Identity        int      `json:"identity"`
	Name            string   `json:"name"`
	Version         string   `json:"version"`  // the dataset's own, stated by its maker
	License         string   `json:"license"`  // the dataset's own, stated by its maker
	Language        []string `json:"language"` // tags in use, most documents first
	Tool            Tool     `json:"tool"`
	Config          Config   `json:"config"`
	Input           Input    `json:"input"`
	PathEscape      string   `json:"path_escape"` // how bytes that are no text are written in paths
	Outcomes        Counts   `json:"outcomes"`
	Stages          []Stage  `json:"stages"`
	Columns         []Column `json:"schema"`
	Splits          []Split  `json:"splits"`
	DownloadSize    int64    `json:"download_size"` // bytes of the Parquet files
	DatasetSize     int64    `json:"dataset_size"`  // bytes of all rows, see [Document.Bytes]
	Totals          Totals   `json:"totals"`
	ContentSHA256   string   `json:"content_sha256"` // see [Content]
	Warnings        []string `json:"warnings"`
	Files           []File   `json:"files"` // by path; every file but the manifest and SHA256SUMS
}

// Tool is the program that made the dataset.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Config is the configuration that was in effect: only what changes the output, defaults filled in, no secrets.
type Config struct {
	SHA256    string   `json:"sha256"` // of the canonical form of Effective; equal means: same configuration
	Effective Settings `json:"effective"`
}

// NewConfig is the configuration with these settings.
func NewConfig(s Settings) (Config, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return Config{}, err
	}
	sum := sha256.Sum256(b)
	return Config{SHA256: hex.EncodeToString(sum[:]), Effective: s}, nil
}

// Settings are named values in a fixed order. In JSON they are one object with the keys in that order.
type Settings []Setting

// Setting is one named value; Value is JSON.
type Setting struct {
	Name  string
	Value json.RawMessage
}

// Set appends a value, or replaces the one of that name. It panics where v has no JSON form, which is a mistake of the
// caller and not of its input.
func (s *Settings) Set(name string, v any) {
	b, err := encode(v)
	if err != nil {
		panic(fmt.Sprintf("schema: setting %s: %v", name, err))
	}
	for i := range *s {
		if (*s)[i].Name == name {
			(*s)[i].Value = b
			return
		}
	}
	*s = append(*s, Setting{name, b})
}

// Get decodes the value of that name into v and reports whether there is one.
func (s Settings) Get(name string, v any) (bool, error) {
	for _, x := range s {
		if x.Name == name {
			return true, json.Unmarshal(x.Value, v)
		}
	}
	return false, nil
}

// MarshalJSON writes the settings as one object in their order.
func (s Settings) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, x := range s {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := encode(x.Name)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), x.Value...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads an object and keeps the order of its keys.
func (s *Settings) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t == nil {
		*s = nil
		return nil
	}
	if t != json.Delim('{') {
		return fmt.Errorf("settings: want an object, found %v", t)
	}
	out := Settings{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return err
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return err
		}
		var c bytes.Buffer
		if err := json.Compact(&c, v); err != nil {
			return err
		}
		out = append(out, Setting{k.(string), c.Bytes()})
	}
	*s = out
	return nil
}

// Input is the fingerprint of what was read.
type Input struct {
	Files  int64  `json:"files"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // over the sorted lines of path, size and hash of every file
}

// Counts are units by outcome and by reason.
type Counts struct {
	Units     int64            `json:"units"`
	Kept      int64            `json:"kept"`
	Duplicate int64            `json:"duplicate"`
	Filtered  int64            `json:"filtered"`
	Rejected  int64            `json:"rejected"`
	Skipped   int64            `json:"skipped"`
	Reasons   map[Reason]int64 `json:"reasons"`
}

// Add counts one unit.
func (c *Counts) Add(v Verdict, r Reason) { c.add(v, r, 1) }

// Move counts n units that were counted with one reason with another. The empty reason is that of kept units.
func (c *Counts) Move(from, to Reason, n int64) {
	c.add(from.Verdict(), from, -n)
	c.add(to.Verdict(), to, n)
	if c.Reasons[from] == 0 {
		delete(c.Reasons, from)
	}
}

func (c *Counts) add(v Verdict, r Reason, n int64) {
	c.Units += n
	switch v {
	case Kept:
		c.Kept += n
	case Duplicate:
		c.Duplicate += n
	case Filtered:
		c.Filtered += n
	case Rejected:
		c.Rejected += n
	case Skipped:
		c.Skipped += n
	}
	if r != "" {
		if c.Reasons == nil {
			c.Reasons = map[Reason]int64{}
		}
		c.Reasons[r] += n
	}
}

// Stage is what one step of the build took and passed on. In = Out + the sum of Dropped, and the next stage's In is Out.
type Stage struct {
	Name    string           `json:"name"`
	In      int64            `json:"in"`
	Out     int64            `json:"out"`
	Dropped map[Reason]int64 `json:"dropped"`
	Params  Settings         `json:"params"`
	Stats   Settings         `json:"stats"`
}

// Split is one part of the dataset.
type Split struct {
	Name     string `json:"name"`
	Examples int64  `json:"num_examples"`
	Bytes    int64  `json:"num_bytes"` // see [Document.Bytes]
	Chars    int64  `json:"num_chars"`
}

// File is one file of the dataset. Files that hold no rows have zero Rows, RowGroups and UncompressedBytes.
type File struct {
	Path              string `json:"path"`   // relative to the dataset, separated by /
	Split             string `json:"split"`  // of data and jsonl files, else empty
	Format            string `json:"format"` // parquet, jsonl, markdown, json, html
	Compression       string `json:"compression"`
	Rows              int64  `json:"num_rows"`
	RowGroups         int64  `json:"row_groups"` // of a Parquet file; zstd frames of a JSONL file
	Bytes             int64  `json:"bytes"`
	UncompressedBytes int64  `json:"uncompressed_bytes"`
	SHA256            string `json:"sha256"`
	FirstID           string `json:"first_id"`
	LastID            string `json:"last_id"`
}

// Shard is one shard of the documents, in all its formats.
type Shard struct {
	Split  string
	Number int // counts from 0 within the split; not all numbers need be there
	Files  []File
}

// Shards lists the shards, by split in bytewise order and by number, from the names of their files:
// data/train-00000.parquet. A file of another name is no part of a shard.
func (m *Manifest) Shards() []Shard {
	var out []Shard
	for _, f := range m.Files {
		if f.Split == "" {
			continue
		}
		name, _, _ := strings.Cut(path.Base(f.Path), ".")
		digits, ok := strings.CutPrefix(name, f.Split+"-")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 {
			continue
		}
		at, found := slices.BinarySearchFunc(out, Shard{Split: f.Split, Number: n}, func(a, b Shard) int {
			return cmp.Or(cmp.Compare(a.Split, b.Split), cmp.Compare(a.Number, b.Number))
		})
		if !found {
			out = slices.Insert(out, at, Shard{Split: f.Split, Number: n})
		}
		out[at].Files = append(out[at].Files, f)
	}
	return out
}

// Encode is the canonical form: two spaces of indentation, keys in the order of the fields, maps by key, lists that
// are empty rather than null, one line break at the end. Files are sorted by path.
func (m *Manifest) Encode() ([]byte, error) {
	c := *m
	c.Language = nonNil(c.Language)
	c.Warnings = nonNil(c.Warnings)
	c.Columns = nonNil(c.Columns)
	c.Splits = nonNil(c.Splits)
	c.Stages = slices.Clone(nonNil(c.Stages))
	for i := range c.Stages {
		s := &c.Stages[i]
		s.Params, s.Stats = nonNil(s.Params), nonNil(s.Stats)
		if s.Dropped == nil {
			s.Dropped = map[Reason]int64{}
		}
	}
	if c.Outcomes.Reasons == nil {
		c.Outcomes.Reasons = map[Reason]int64{}
	}
	c.Totals = c.Totals.canonical()
	c.Config.Effective = nonNil(c.Config.Effective)
	c.Files = slices.Clone(nonNil(c.Files))
	slices.SortFunc(c.Files, func(a, b File) int { return bytes.Compare([]byte(a.Path), []byte(b.Path)) })
	b, err := encode(&c)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// MaxManifest bounds what ReadManifest holds in memory. A manifest of a million files has about 400 MB.
const MaxManifest = 1 << 30

// ReadManifest reads a manifest. It refuses one of a later version, unknown keys, and anything after the object: a
// manifest is written by this tool and by nothing else.
func ReadManifest(r io.Reader) (*Manifest, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxManifest {
		return nil, fmt.Errorf("manifest is larger than %d bytes", MaxManifest)
	}
	var v struct {
		Version int `json:"manifest_version"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, fmt.Errorf("manifest is no JSON: %w", err)
	}
	if v.Version < 1 || v.Version > ManifestVersion {
		return nil, fmt.Errorf("manifest has version %d; this tool reads 1 to %d", v.Version, ManifestVersion)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	m := new(Manifest)
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}

// Check lists the invariants that the manifest breaks, in words for a person. It looks at the manifest alone.
func (m *Manifest) Check() []string {
	var bad []string
	say := func(ok bool, format string, args ...any) {
		if !ok {
			bad = append(bad, fmt.Sprintf(format, args...))
		}
	}
	o := m.Outcomes
	say(o.Units == o.Kept+o.Duplicate+o.Filtered+o.Rejected+o.Skipped,
		"outcomes: %d units are not %d kept + %d duplicate + %d filtered + %d rejected + %d skipped",
		o.Units, o.Kept, o.Duplicate, o.Filtered, o.Rejected, o.Skipped)
	say(sum(o.Reasons) == o.Units-o.Kept, "outcomes: the reasons add up to %d, not to the %d units that were not kept",
		sum(o.Reasons), o.Units-o.Kept)
	for i, s := range m.Stages {
		say(s.In == s.Out+sum(s.Dropped), "stage %s: %d in are not %d out + %d dropped", s.Name, s.In, s.Out, sum(s.Dropped))
		if i > 0 {
			p := m.Stages[i-1]
			say(p.Out == s.In, "stage %s passed on %d, stage %s took %d", p.Name, p.Out, s.Name, s.In)
		}
	}
	var examples, size int64
	for _, s := range m.Splits {
		examples += s.Examples
		size += s.Bytes
	}
	say(examples == o.Kept, "splits hold %d rows, %d units were kept", examples, o.Kept)
	say(size == m.DatasetSize, "splits hold %d bytes, dataset_size is %d", size, m.DatasetSize)
	say(m.Totals.Documents == o.Kept, "totals count %d documents, %d units were kept", m.Totals.Documents, o.Kept)
	rows := map[[2]string]int64{} // by format and split
	var formats []string
	seen := map[string]bool{}
	for _, f := range m.Files {
		say(!seen[f.Path], "file %q is listed twice", f.Path)
		seen[f.Path] = true
		say(f.Path != ManifestName && f.Path != SumsName, "file %q lists itself", f.Path)
		if f.Split == "" {
			continue
		}
		if !slices.Contains(formats, f.Format) {
			formats = append(formats, f.Format)
		}
		rows[[2]string{f.Format, f.Split}] += f.Rows
		say(f.Rows > 0, "file %q holds no row", f.Path)
	}
	for _, f := range formats {
		for _, s := range m.Splits {
			n := rows[[2]string{f, s.Name}]
			say(n == s.Examples, "%s files of split %s hold %d rows, the split has %d", f, s.Name, n, s.Examples)
		}
	}
	return bad
}

func sum(m map[Reason]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

func nonNil[S ~[]E, E any](s S) S {
	if s == nil {
		return S{}
	}
	return s
}

// encode is JSON without the escapes that are for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

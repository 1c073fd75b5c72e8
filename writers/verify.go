package writers

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"

	"broadsheet/schema"
)

// Problem is one way in which a dataset is not what its manifest says.
type Problem struct {
	Path string // the file, relative to the dataset
	What string
	From string // the file from which this one can be rebuilt, empty where there is none
}

// String is the problem on one line.
func (p Problem) String() string {
	s := p.Path + ": " + p.What
	if p.From != "" {
		s += "; the same rows are in " + p.From
	}
	return s
}

// Verified sums up what was looked at.
type Verified struct {
	Files int64
	Bytes int64
	Rows  int64 // documents, each counted once
	Units int64 // rows of the outcomes
}

// VerifyOptions are the settings of a verification. The zero value works.
type VerifyOptions struct {
	// Memory bounds the tables of ids, in bytes; 64 MiB where it is 0. With less memory the columns of ids are read
	// more often: one time for every 700,000 units in 64 MiB.
	Memory int64
	// Progress is told how many bytes of files were read since it was last told.
	Progress func(bytes int64)
	// TakenDown reports whether a document must not be there, because it was taken down. Nil where nothing was.
	TakenDown func(*schema.Document) bool
}

// maxProblems bounds how many problems of the rows of one file are told.
const maxProblems = 5

// Verify compares the dataset at the root of fsys with its manifest: every file byte by byte, then the rows of the files
// that are undamaged: the same rows in every format, what the manifest counts, unique ids, and outcomes that agree with
// the documents. Problems are in the order of the checks; an error means that the folder is no dataset or cannot be
// read at all.
func Verify(fsys FS, o VerifyOptions) (Verified, []Problem, error) {
	if o.Memory <= 0 {
		o.Memory = 64 << 20
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	v := &verifier{fsys: fsys, options: o, damaged: map[string]bool{}}
	if err := v.run(); err != nil {
		return v.sum, v.problems, err
	}
	for i := range v.problems {
		v.problems[i].From = v.source(v.problems[i].Path)
	}
	return v.sum, v.problems, nil
}

type verifier struct {
	fsys     FS
	options  VerifyOptions
	manifest *schema.Manifest
	sum      Verified
	problems []Problem
	damaged  map[string]bool // files whose rows need no look
}

func (v *verifier) say(name, format string, args ...any) {
	v.problems = append(v.problems, Problem{Path: name, What: fmt.Sprintf(format, args...)})
}

func (v *verifier) damage(name, format string, args ...any) {
	v.damaged[name] = true
	v.say(name, format, args...)
}

func (v *verifier) run() error {
	raw, err := readFile(v.fsys, schema.ManifestName, schema.MaxManifest)
	if err != nil {
		return fmt.Errorf("not a dataset, it has no readable %s: %w", schema.ManifestName, err)
	}
	m, err := schema.ReadManifest(bytes.NewReader(raw))
	if err != nil {
		v.say(schema.ManifestName, "it is damaged: %v", err)
		return v.withoutManifest(raw)
	}
	v.manifest = m
	v.checkManifest(raw)
	if err := v.checkSums(raw); err != nil {
		return err
	}
	if err := v.checkFiles(); err != nil {
		return err
	}
	v.checkRows()
	v.checkOutcomes()
	v.checkIDs()
	return nil
}

// source is the intact file that holds the same rows as the named one in another format.
func (v *verifier) source(name string) string {
	if v.manifest == nil {
		return ""
	}
	i := slices.IndexFunc(v.manifest.Files, func(f schema.File) bool { return f.Path == name && f.Split != "" })
	if i < 0 {
		return ""
	}
	stem := func(p string) string { s, _, _ := strings.Cut(path.Base(p), "."); return s }
	for _, f := range v.manifest.Files {
		if f.Split != "" && f.Path != name && stem(f.Path) == stem(name) && !v.damaged[f.Path] {
			return f.Path
		}
	}
	return ""
}

// checkManifest looks at the manifest alone.
func (v *verifier) checkManifest(raw []byte) {
	m := v.manifest
	if b, err := m.Encode(); err != nil || !bytes.Equal(b, raw) {
		v.say(schema.ManifestName, "it was edited: it is not in the form in which it is written")
	}
	for _, bad := range m.Check() {
		v.say(schema.ManifestName, "%s", bad)
	}
	if c, err := schema.NewConfig(m.Config.Effective); err != nil || c.SHA256 != m.Config.SHA256 {
		v.say(schema.ManifestName, "config.sha256 is not that of config.effective")
	}
	if m.SchemaVersion == schema.Version && !slices.EqualFunc(m.Columns, schema.DocumentColumns(), func(a, b schema.Column) bool {
		return a.Name == b.Name && a.Type == b.Type && a.Nullable == b.Nullable
	}) {
		v.say(schema.ManifestName, "its columns are not those of schema version %d", m.SchemaVersion)
	}
}

// checkSums compares SHA256SUMS with what follows from the manifest.
func (v *verifier) checkSums(raw []byte) error {
	have, err := readFile(v.fsys, schema.SumsName, schema.MaxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		v.say(schema.SumsName, "it is missing")
		return nil
	}
	if err != nil {
		v.say(schema.SumsName, "%v", err)
		return nil
	}
	sum := sha256.Sum256(raw)
	own := hex.EncodeToString(sum[:])
	if bytes.Equal(have, encodeSums(v.manifest.Files, own)) {
		return nil
	}
	sums, err := decodeSums(have)
	if err != nil {
		v.say(schema.SumsName, "%v", err)
		return nil
	}
	before := len(v.problems)
	if s, ok := sums[schema.ManifestName]; ok && s != own {
		v.say(schema.ManifestName, "its hash is %s, %s says %s", own, schema.SumsName, s)
	}
	delete(sums, schema.ManifestName)
	for _, f := range v.manifest.Files {
		if s, ok := sums[f.Path]; !ok {
			v.say(schema.SumsName, "it does not name %s", f.Path)
		} else if s != f.SHA256 {
			v.say(schema.SumsName, "it says %s of %s, the manifest says %s", s, f.Path, f.SHA256)
		}
		delete(sums, f.Path)
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		v.say(schema.SumsName, "it names %q, which the manifest does not", name)
	}
	if len(v.problems) == before {
		v.say(schema.SumsName, "it is not in the form in which it is written")
	}
	return nil
}

// checkFiles compares what is in the folder with the manifest's list, and every file with its hash.
func (v *verifier) checkFiles() error {
	listed := map[string]bool{schema.ManifestName: true, schema.SumsName: true}
	for _, f := range v.manifest.Files {
		listed[f.Path] = true
	}
	err := walk(v.fsys, ".", func(name string, d fs.DirEntry) error {
		v.sum.Files++
		switch {
		case !listed[name] && isTemp(name):
			v.say(name, "it is left over from an interrupted write")
		case !listed[name]:
			v.say(name, "it is not in the manifest")
		case !d.Type().IsRegular():
			v.damage(name, "it is not a regular file")
		}
		return nil
	}, nil)
	if err != nil {
		return fmt.Errorf("list the files: %w", err)
	}
	for _, f := range v.manifest.Files {
		if v.damaged[f.Path] {
			continue
		}
		if !fs.ValidPath(f.Path) {
			v.damage(f.Path, "the manifest names it by a path that is none")
			continue
		}
		size, sum, err := hashFile(v.fsys, f.Path)
		v.sum.Bytes += size
		v.options.Progress(size)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			v.damage(f.Path, "it is missing")
		case err != nil:
			v.damage(f.Path, "it cannot be read: %v", err)
		case size != f.Bytes:
			v.damage(f.Path, "it has %d bytes, the manifest says %d", size, f.Bytes)
		case hex.EncodeToString(sum[:]) != f.SHA256:
			v.damage(f.Path, "its hash is %x, the manifest says %s", sum, f.SHA256)
		}
	}
	return nil
}

// withoutManifest compares the files with SHA256SUMS, for want of anything better.
func (v *verifier) withoutManifest(raw []byte) error {
	have, err := readFile(v.fsys, schema.SumsName, schema.MaxManifest)
	if err != nil {
		v.say(schema.SumsName, "%v", err)
		return nil
	}
	sums, err := decodeSums(have)
	if err != nil {
		v.say(schema.SumsName, "%v", err)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		if name == schema.ManifestName || !fs.ValidPath(name) {
			continue
		}
		size, sum, err := hashFile(v.fsys, name)
		v.sum.Files++
		v.sum.Bytes += size
		v.options.Progress(size)
		if err != nil {
			v.say(name, "it cannot be read: %v", err)
		} else if hex.EncodeToString(sum[:]) != sums[name] {
			v.say(name, "its hash is %x, %s says %s", sum, schema.SumsName, sums[name])
		}
	}
	return nil
}

// checkRows reads every shard in all its formats side by side, and adds up what the manifest counts.
func (v *verifier) checkRows() {
	shards := map[string][]schema.File{} // by split and number: train-00000
	var names []string
	complete := true
	for _, f := range v.manifest.Files {
		if f.Split == "" {
			continue
		}
		name, _, _ := strings.Cut(path.Base(f.Path), ".")
		if shards[name] == nil {
			names = append(names, name)
		}
		shards[name] = append(shards[name], f)
	}
	slices.Sort(names)
	splits := map[string]*schema.Tally{}
	var total schema.Tally
	for _, name := range names {
		var t schema.Tally
		if !v.checkShard(shards[name], &t) {
			complete = false
		}
		split := shards[name][0].Split
		if splits[split] == nil {
			splits[split] = &schema.Tally{}
		}
		splits[split].Merge(&t)
		total.Merge(&t)
	}
	t := total.Totals()
	v.sum.Rows = t.Documents
	if !complete {
		return
	}
	m := v.manifest
	var rows, size int64
	for _, s := range m.Splits {
		got := schema.Split{Name: s.Name}
		if t := splits[s.Name]; t != nil {
			got = t.Split(s.Name)
		}
		if got != s {
			v.say(schema.ManifestName, "split %s: it says %+v, the files hold %+v", s.Name, s, got)
		}
		rows += s.Examples
		size += got.Bytes
	}
	if size != m.DatasetSize {
		v.say(schema.ManifestName, "dataset_size is %d, the files hold %d", m.DatasetSize, size)
	}
	if got := total.Content().String(); got != m.ContentSHA256 {
		v.say(schema.ManifestName, "content_sha256 is %s, that of the files is %s", m.ContentSHA256, got)
	}
	if !equalJSON(t, m.Totals) {
		v.say(schema.ManifestName, "totals are not those of the files")
	}
}

// equalJSON compares values by what the manifest would hold of them.
func equalJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// checkShard reads the files of one shard together: the Parquet rows, written as lines, are the lines of the JSONL file.
// It reports whether all rows were read.
func (v *verifier) checkShard(files []schema.File, t *schema.Tally) bool {
	var rows, lines *schema.File
	for i, f := range files {
		if v.damaged[f.Path] {
			continue
		}
		switch f.Format {
		case "parquet":
			rows = &files[i]
		case "jsonl":
			lines = &files[i]
		default:
			v.say(f.Path, "there is no format %q", f.Format)
		}
	}
	var other *lineReader
	if lines != nil {
		var err error
		if other, err = openLines(v.fsys, lines.Path); err != nil {
			v.damage(lines.Path, "%v", err)
		} else {
			defer other.close()
		}
	}
	var documents iter.Seq2[*schema.Document, error]
	main := rows
	switch {
	case rows != nil:
		documents = ReadParquet[schema.Document](v.fsys, rows.Path)
		if err := v.checkParquet(*rows, schema.Document{}); err != nil {
			v.damage(rows.Path, "%v", err)
		}
	case other != nil:
		documents, main = other.documents(), lines
		other = nil
	default:
		return false
	}
	var n int64
	var first, last string
	var line []byte
	told := 0
	for d, err := range documents {
		if err != nil {
			v.damage(main.Path, "%v", err)
			return false
		}
		if n == 0 {
			first = d.ID
		}
		last = d.ID
		n++
		t.Add(d)
		if err := CheckDocument(d); err != nil && told < maxProblems {
			told++
			v.say(main.Path, "row %d: %v", n-1, err)
		}
		if v.options.TakenDown != nil && v.options.TakenDown(d) {
			v.say(main.Path, "row %d: %s was taken down", n-1, d.ID)
		}
		if other == nil {
			continue
		}
		got, err := other.next()
		if err != nil {
			v.damage(lines.Path, "line %d: %v", n, noEOF(err))
			other = nil
			continue
		}
		line = AppendJSON(line[:0], d)
		if !bytes.Equal(got, line) && told < maxProblems {
			told++
			v.say(lines.Path, "line %d is not row %d of %s", n, n-1, main.Path)
		}
	}
	if other != nil {
		if _, err := other.next(); err != io.EOF {
			v.say(lines.Path, "it has lines after its last row (%v)", err)
		} else if other.bytes != lines.UncompressedBytes {
			v.say(lines.Path, "it holds %d bytes uncompressed, the manifest says %d", other.bytes, lines.UncompressedBytes)
		}
	}
	for _, f := range files {
		if v.damaged[f.Path] {
			continue
		}
		if f.Rows != n {
			v.say(f.Path, "it holds %d rows, the manifest says %d", n, f.Rows)
		}
		if f.FirstID != first || f.LastID != last {
			v.say(f.Path, "it goes from id %s to %s, the manifest says %s to %s", first, last, f.FirstID, f.LastID)
		}
	}
	return true
}

func noEOF(err error) error {
	if err == io.EOF {
		return errors.New("the file ends too early")
	}
	return err
}

// checkParquet compares the footer of a file with the manifest and with the columns of its kind.
func (v *verifier) checkParquet(f schema.File, row any) error {
	file, err := v.fsys.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	return guard(func() error {
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		var size int64
		for _, g := range p.Metadata().RowGroups {
			size += g.TotalByteSize
		}
		if p.NumRows() != f.Rows || int64(len(p.RowGroups())) != f.RowGroups || size != f.UncompressedBytes {
			return fmt.Errorf("its footer says %d rows, %d row groups, %d bytes uncompressed; the manifest says %d, %d, %d",
				p.NumRows(), len(p.RowGroups()), size, f.Rows, f.RowGroups, f.UncompressedBytes)
		}
		if want := parquet.SchemaOf(reflect.New(reflect.TypeOf(row)).Interface()); !parquet.EqualNodes(want, p.Schema()) {
			return fmt.Errorf("its columns are not those of %s", want.Name())
		}
		return nil
	})
}

// lineReader reads a JSONL file line by line. Memory is bounded by the longest line.
type lineReader struct {
	f     File
	z     *zstd.Decoder
	r     *bufio.Reader
	bytes int64
}

func openLines(fsys FS, name string) (*lineReader, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(readerOnly{f}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &lineReader{f: f, z: z, r: bufio.NewReaderSize(z, 1<<20)}, nil
}

func (l *lineReader) close() {
	l.z.Close()
	l.f.Close()
}

// maxLine bounds a line: a document of 16 MiB, every byte escaped, and as much again for its other columns.
const maxLine = 256 << 20

// next is the next line without its line break, valid until the next call; io.EOF after the last.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err == nil {
		l.bytes += int64(len(line))
		return line[:len(line)-1], nil
	}
	if err == io.EOF && len(line) == 0 {
		return nil, io.EOF
	}
	long := slices.Clone(line)
	for err == bufio.ErrBufferFull && len(long) < maxLine {
		line, err = l.r.ReadSlice('\n')
		long = append(long, line...)
	}
	switch err {
	case nil:
		l.bytes += int64(len(long))
		return long[:len(long)-1], nil
	case io.EOF:
		return nil, errors.New("the last line has no end")
	}
	return nil, err
}

// documents are the rows of the lines.
func (l *lineReader) documents() iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		for n := 1; ; n++ {
			line, err := l.next()
			if err == io.EOF {
				return
			}
			d := new(schema.Document)
			if err == nil {
				if err = json.Unmarshal(line, d); err == nil && !bytes.Equal(AppendJSON(nil, d), line) {
					err = errors.New("it is not in the form in which lines are written")
				}
			}
			if err != nil {
				yield(nil, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// audit are the intact files of the audit whose path begins so, and whether all of them are intact.
func (v *verifier) audit(prefix string, row any) (files []string, all bool) {
	all = true
	for _, f := range v.manifest.Files {
		if f.Format != "parquet" || !strings.HasPrefix(f.Path, prefix) {
			continue
		}
		if !v.damaged[f.Path] {
			if err := v.checkParquet(f, row); err != nil {
				v.damage(f.Path, "%v", err)
			}
		}
		if v.damaged[f.Path] {
			all = false
			continue
		}
		files = append(files, f.Path)
	}
	return files, all
}

// checkOutcomes reads the audit: the accounting law, and that each row is one.
func (v *verifier) checkOutcomes() {
	files, all := v.audit("audit/outcomes-", schema.Outcome{})
	var c schema.Counts
	for _, name := range files {
		told := 0
		for o, err := range ReadParquet[schema.Outcome](v.fsys, name) {
			if err != nil {
				v.damage(name, "%v", err)
				all = false
				break
			}
			c.Add(o.Outcome, o.Reason)
			err := checkOutcome(o)
			switch {
			case err != nil:
			case o.Outcome == schema.Kept && o.ID == "":
				err = errors.New("a kept unit without an id")
			case o.DuplicateOf == "" && o.Outcome == schema.Duplicate:
				err = errors.New("a duplicate of nothing")
			}
			if err != nil && told < maxProblems {
				told++
				v.say(name, "%s: %v", o.Path, err)
			}
		}
	}
	v.sum.Units = c.Units
	want := v.manifest.Outcomes
	if all && (c.Units != want.Units || c.Kept != want.Kept || c.Duplicate != want.Duplicate || c.Filtered != want.Filtered ||
		c.Rejected != want.Rejected || c.Skipped != want.Skipped || !maps.Equal(c.Reasons, want.Reasons)) {
		v.say(schema.ManifestName, "outcomes are %+v, the audit holds %+v", want, c)
	}
	for _, t := range []struct {
		prefix string
		row    any
		read   func(string) error
	}{
		{"audit/boilerplate-", schema.Boilerplate{}, func(n string) error { return drain(ReadParquet[schema.Boilerplate](v.fsys, n)) }},
		{"audit/signals-", schema.Signals{}, func(n string) error { return drain(ReadParquet[schema.Signals](v.fsys, n)) }},
		{"audit/dropped-", schema.Dropped{}, func(n string) error { return drain(ReadParquet[schema.Dropped](v.fsys, n)) }},
	} {
		files, _ := v.audit(t.prefix, t.row)
		for _, name := range files {
			if err := t.read(name); err != nil {
				v.damage(name, "%v", err)
			}
		}
	}
}

func drain[T any](rows iter.Seq2[*T, error]) error {
	for _, err := range rows {
		if err != nil {
			return err
		}
	}
	return nil
}

// entry is one document in the table of ids: the hashes of its id and of its path, and whether an outcome and signals
// were found.
type entry struct {
	id       [16]byte
	path     uint64
	kept     bool
	measured bool
}

// unitBytes is what a unit takes in the tables: its entry, the hash of its path, and as much again while they grow.
const unitBytes = 96

func hashID(id string) (h [16]byte) {
	s := sha256.Sum256([]byte(id))
	copy(h[:], s[:])
	return h
}

// checkIDs finds ids that are there twice, kept outcomes without a document and documents without one, and duplicates of
// what was not kept. It reads the columns of ids several times, each time with the part of the ids whose hash falls
// into one range, so that memory does not grow with the dataset. Nothing is compared where files are damaged.
func (v *verifier) checkIDs() {
	outcomes, all := v.audit("audit/outcomes-", schema.Outcome{})
	var data []schema.File
	formats := map[string]bool{}
	for _, f := range v.manifest.Files {
		if f.Split != "" {
			formats[f.Format] = true
			all = all && !v.damaged[f.Path]
		}
	}
	format := "parquet"
	if !formats[format] {
		format = "jsonl"
	}
	for _, f := range v.manifest.Files {
		if f.Split != "" && f.Format == format {
			data = append(data, f)
		}
	}
	if !all || len(outcomes) == 0 && v.sum.Rows > 0 {
		if all {
			v.say("audit/outcomes-00000.parquet", "there are no outcomes")
		}
		return
	}
	parts := uint64(1 + max(v.sum.Rows, v.sum.Units)*unitBytes/v.options.Memory)
	for part := range parts {
		mine := func(h uint64) bool { return h%parts == part }
		if !v.checkPart(data, outcomes, mine) {
			return
		}
	}
}

type idPath struct {
	ID   string `parquet:"id,plain"`
	Path string `parquet:"path,plain"`
}

type outcomeIDs struct {
	Path        string         `parquet:"path,plain"`
	Outcome     schema.Verdict `parquet:"outcome,plain"`
	ID          string         `parquet:"id,optional,plain"`
	DuplicateOf string         `parquet:"duplicate_of,optional,plain"`
}

func (v *verifier) ids(f schema.File) iter.Seq2[*idPath, error] {
	if f.Format == "parquet" {
		return ReadParquet[idPath](v.fsys, f.Path)
	}
	return func(yield func(*idPath, error) bool) {
		l, err := openLines(v.fsys, f.Path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer l.close()
		for d, err := range l.documents() {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&idPath{d.ID, d.Path}, nil) {
				return
			}
		}
	}
}

func (v *verifier) checkPart(data []schema.File, outcomes []string, mine func(uint64) bool) bool {
	var table []entry
	for _, f := range data {
		for row, err := range v.ids(f) {
			if err != nil {
				v.damage(f.Path, "%v", err)
				return false
			}
			if h := hashID(row.ID); mine(binary.BigEndian.Uint64(h[:])) {
				p := hashID(row.Path)
				table = append(table, entry{id: h, path: binary.BigEndian.Uint64(p[:])})
			}
		}
	}
	slices.SortFunc(table, func(a, b entry) int { return bytes.Compare(a.id[:], b.id[:]) })
	twice := 0
	for i := 1; i < len(table); i++ {
		if table[i].id == table[i-1].id {
			twice++
		}
	}
	if twice > 0 {
		v.say(data[0].Path, "%d ids of the dataset are there more than once", twice)
	}
	find := func(id string) (int, bool) {
		return slices.BinarySearchFunc(table, hashID(id), func(e entry, h [16]byte) int { return bytes.Compare(e.id[:], h[:]) })
	}
	var paths [][16]byte
	told := 0
	for _, name := range outcomes {
		say := func(format string, args ...any) {
			if told++; told <= maxProblems {
				v.say(name, format, args...)
			}
		}
		for o, err := range ReadParquet[outcomeIDs](v.fsys, name) {
			if err != nil {
				v.damage(name, "%v", err)
				return false
			}
			ph := hashID(o.Path)
			pathHash := binary.BigEndian.Uint64(ph[:])
			if mine(binary.BigEndian.Uint64(ph[8:])) {
				paths = append(paths, ph)
			}
			if h := hashID(o.ID); o.Outcome == schema.Kept && mine(binary.BigEndian.Uint64(h[:])) {
				i, ok := find(o.ID)
				switch {
				case !ok:
					say("%s is kept as %s, which is no document", o.Path, o.ID)
				case table[i].path != pathHash:
					say("%s is kept as %s, which is a document of another path", o.Path, o.ID)
				default:
					table[i].kept = true
				}
			}
			if h := hashID(o.DuplicateOf); o.DuplicateOf != "" && mine(binary.BigEndian.Uint64(h[:])) && v.manifestBase() == "" {
				if _, ok := find(o.DuplicateOf); !ok {
					say("%s is a duplicate of %s, which was not kept", o.Path, o.DuplicateOf)
				}
			}
		}
	}
	if told > maxProblems {
		v.say(outcomes[0], "%d more of this kind", told-maxProblems)
	}
	if !v.checkSignals(table, find, mine) {
		return false
	}
	lost := 0
	for _, e := range table {
		if !e.kept {
			lost++
		}
	}
	if lost > 0 && told == 0 && twice == 0 {
		v.say(data[0].Path, "%d documents have no outcome", lost)
	}
	slices.SortFunc(paths, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for i := 1; i < len(paths); i++ {
		if paths[i] == paths[i-1] {
			v.say(outcomes[0], "a path is there more than once")
			break
		}
	}
	return true
}

// checkSignals compares the ids of the signals, where there are any, with those of the documents: each has its row.
func (v *verifier) checkSignals(table []entry, find func(string) (int, bool), mine func(uint64) bool) bool {
	files, all := v.audit("audit/signals-", schema.Signals{})
	if len(files) == 0 || !all {
		return true
	}
	wrong := 0
	for _, name := range files {
		for s, err := range ReadParquet[signalsID](v.fsys, name) {
			if err != nil {
				v.damage(name, "%v", err)
				return false
			}
			if h := hashID(s.ID); mine(binary.BigEndian.Uint64(h[:])) {
				if i, ok := find(s.ID); !ok || table[i].measured {
					wrong++
				} else {
					table[i].measured = true
				}
			}
		}
	}
	if wrong > 0 {
		v.say(files[0], "%d rows are of no document, or of one that has a row", wrong)
	}
	if n := len(table) - countMeasured(table); n > 0 {
		v.say(files[0], "%d documents have no row", n)
	}
	return true
}

type signalsID struct {
	ID string `parquet:"id,plain"`
}

func countMeasured(table []entry) (n int) {
	for _, e := range table {
		if e.measured {
			n++
		}
	}
	return n
}

// manifestBase is the base that the dataset was built upon: its duplicates may be of documents that are there.
func (v *verifier) manifestBase() string {
	var base any
	if ok, err := v.manifest.Config.Effective.Get("base", &base); !ok || err != nil || base == nil || base == "" || base == false {
		return ""
	}
	return fmt.Sprint(base)
}

package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus/extsort"
	"broadsheet/schema"
	"broadsheet/writers"
)

func diffCommand() *cli.Command {
	settings := []setting{{name: "json", usage: "one JSON object instead of tables"}}
	return &cli.Command{
		Name:      "diff",
		Usage:     "what changed from one dataset to another",
		UsageText: "broadsheet diff OLD NEW [--json]",
		Description: "Documents are compared by their id: added, removed, changed (another text or other metadata), and moved to\n" +
			"another split. The exit code is 4 where the datasets differ.",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 2 {
				return usage("diff needs two datasets: broadsheet diff OLD NEW")
			}
			var sides [2]*writers.Reader
			for i := range sides {
				d, closeDataset, err := openDataset(c.Args().Get(i))
				if err != nil {
					return err
				}
				defer closeDataset()
				sides[i] = d
			}
			d, err := compare(sides[0], sides[1])
			if err != nil {
				return err
			}
			if c.Bool("json") {
				b, err := json.MarshalIndent(d, "", "  ")
				if err != nil {
					return err
				}
				fmt.Fprintf(c.App.Writer, "%s\n", b)
			} else {
				d.print(c.App.Writer)
			}
			if d.Same {
				return nil
			}
			return &exitError{code: exitDifference}
		},
	}
}

// difference is what diff finds. Lists of ids name the first few; the counts are of all.
type difference struct {
	Same      bool     `json:"same"`
	Old       int64    `json:"old_documents"`
	New       int64    `json:"new_documents"`
	Unchanged int64    `json:"unchanged"`
	Added     changes  `json:"added"`
	Removed   changes  `json:"removed"`
	Changed   changes  `json:"changed"`
	Moved     changes  `json:"moved"` // the same document in another split
	Schema    []string `json:"schema"`
	Config    []string `json:"config"`
	Rules     struct {
		Added   int64 `json:"added"`
		Removed int64 `json:"removed"`
	} `json:"boilerplate"`
}

type changes struct {
	Documents  int64          `json:"documents"`
	BySource   []schema.Count `json:"by_source"`
	ByLanguage []schema.Count `json:"by_language"`
	IDs        []string       `json:"first_ids"`

	source, language map[string]int64
}

const firstIDs = 100

func (c *changes) add(d *schema.Document) {
	if c.source == nil {
		c.source, c.language = map[string]int64{}, map[string]int64{}
	}
	c.Documents++
	c.source[d.Source]++
	c.language[d.Language]++
	if len(c.IDs) < firstIDs {
		c.IDs = append(c.IDs, d.ID)
	}
}

func (c *changes) finish() {
	ranked := func(m map[string]int64) []schema.Count {
		out := []schema.Count{}
		for v, n := range m {
			out = append(out, schema.Count{Value: v, Documents: n})
		}
		slices.SortFunc(out, func(a, b schema.Count) int {
			return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Value, b.Value)) // Sort for determinism
		})
		return out
	}
	c.BySource, c.ByLanguage = ranked(c.source), ranked(c.language)
	if c.IDs == nil {
		c.IDs = []string{}
	}
}

// What became of a document between the two.
const (
	classAdded = iota
	classRemoved
	classChanged
	classMoved
)

// compare sorts the ids of both sides outside memory, then goes through the documents of each once more to say whose
// they are.
func compare(old, now *writers.Reader) (*difference, error) {
	d := &difference{Schema: schemaChanges(old.Manifest(), now.Manifest()), Config: configChanges(old.Manifest(), now.Manifest())}
	d.Old, d.New = old.Manifest().Totals.Documents, now.Manifest().Totals.Documents
	// id 16, side 1, content 8, split 8, place 8
	ids := extsort.New(41, extsort.Options{})
	defer ids.Close()
	for side, r := range []*writers.Reader{old, now} {
		splits := splitsOf(r.Manifest())
		place := uint64(0)
		for doc, err := range r.Documents() {
			if err != nil {
				return nil, err
			}
			var rec [41]byte
			sum := sha256.Sum256([]byte(doc.ID))
			copy(rec[:16], sum[:])
			rec[16] = byte(side)
			copy(rec[17:25], contentOf(doc))
			split := sha256.Sum256([]byte(splits(place)))
			copy(rec[25:33], split[:])
			binary.BigEndian.PutUint64(rec[33:], place)
			place++
			if err := ids.Add(rec[:]); err != nil {
				return nil, err
			}
		}
	}
	in, err := ids.Sort()
	if err != nil {
		return nil, err
	}
	// side 1, place 8, class 1: what is to be told of which document
	told := extsort.New(10, extsort.Options{})
	defer told.Close()
	tell := func(rec []byte, class byte) error {
		var out [10]byte
		out[0] = rec[16]
		copy(out[1:9], rec[33:41])
		out[9] = class
		return told.Add(out[:])
	}
	var before []byte
	for rec := in.Next(); rec != nil; rec = in.Next() {
		switch {
		case rec[16] == 0:
			if before != nil {
				err = tell(before, classRemoved)
			}
			before = bytes.Clone(rec)
		case before != nil && bytes.Equal(before[:16], rec[:16]):
			switch {
			case !bytes.Equal(before[17:25], rec[17:25]):
				err = tell(rec, classChanged)
			case !bytes.Equal(before[25:33], rec[25:33]):
				err = tell(rec, classMoved)
			default:
				d.Unchanged++
			}
			before = nil
		default:
			if before != nil {
				err = tell(before, classRemoved)
				before = nil
			}
			if err == nil {
				err = tell(rec, classAdded)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if before != nil {
		err = tell(before, classRemoved)
	}
	if err = cmp.Or(err, in.Err()); err != nil {
		return nil, err
	}
	tales, err := told.Sort()
	if err != nil {
		return nil, err
	}
	classes := [...]*changes{&d.Added, &d.Removed, &d.Changed, &d.Moved}
	tale := tales.Next()
	for side, r := range []*writers.Reader{old, now} {
		place := uint64(0)
		for doc, err := range r.Documents() {
			if err != nil {
				return nil, err
			}
			if tale != nil && tale[0] == byte(side) && binary.BigEndian.Uint64(tale[1:]) == place {
				classes[tale[9]].add(doc)
				tale = tales.Next()
			}
			place++
		}
	}
	for _, c := range classes {
		c.finish()
	}
	if d.Rules.Added, d.Rules.Removed, err = ruleChanges(old, now); err != nil {
		return nil, err
	}
	d.Same = d.Added.Documents+d.Removed.Documents+d.Changed.Documents+d.Moved.Documents+d.Rules.Added+d.Rules.Removed == 0 &&
		len(d.Schema)+len(d.Config) == 0
	return d, tales.Err()
}

// contentOf is a hash of all of a row but its id.
func contentOf(d *schema.Document) []byte {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // a row has no value without a JSON form
	}
	sum := sha256.Sum256(b)
	return sum[:8]
}

// splitsOf gives the split of the document at each place, in the order of Documents.
func splitsOf(m *schema.Manifest) func(place uint64) string {
	type part struct {
		upTo uint64
		name string
	}
	var parts []part
	n := uint64(0)
	for _, f := range m.Files {
		if f.Split != "" && f.Format == "parquet" {
			n += uint64(f.Rows)
			parts = append(parts, part{n, f.Split})
		}
	}
	return func(place uint64) string {
		for len(parts) > 0 && place >= parts[0].upTo {
			parts = parts[1:]
		}
		if len(parts) == 0 {
			return ""
		}
		return parts[0].name
	}
}

func schemaChanges(old, now *schema.Manifest) []string {
	out := []string{}
	columns := map[string]schema.Column{}
	for _, c := range old.Columns {
		columns[c.Name] = c
	}
	for _, c := range now.Columns {
		before, ok := columns[c.Name]
		delete(columns, c.Name)
		switch {
		case !ok:
			out = append(out, "column "+c.Name+" is new")
		case before != c:
			out = append(out, "column "+c.Name+" has another type or meaning")
		}
	}
	for _, c := range old.Columns {
		if _, gone := columns[c.Name]; gone {
			out = append(out, "column "+c.Name+" is gone")
		}
	}
	return out
}

func configChanges(old, now *schema.Manifest) []string {
	out := []string{}
	if old.Tool != now.Tool {
		out = append(out, fmt.Sprintf("tool: %s %s → %s %s", old.Tool.Name, old.Tool.Version, now.Tool.Name, now.Tool.Version))
	}
	before := map[string]string{}
	for _, s := range old.Config.Effective {
		before[s.Name] = string(s.Value)
	}
	for _, s := range now.Config.Effective {
		if was, ok := before[s.Name]; !ok || was != string(s.Value) {
			out = append(out, fmt.Sprintf("%s: %s → %s", s.Name, cmp.Or(was, "not there"), s.Value))
		}
		delete(before, s.Name)
	}
	for _, s := range old.Config.Effective {
		if was, gone := before[s.Name]; gone {
			out = append(out, fmt.Sprintf("%s: %s → not there", s.Name, was))
		}
	}
	return out
}

// ruleChanges counts the rules for repeated text that only one side has.
func ruleChanges(old, now *writers.Reader) (added, removed int64, err error) {
	rules := extsort.New(33, extsort.Options{})
	defer rules.Close()
	for side, r := range []*writers.Reader{old, now} {
		for row, err := range r.Boilerplate() {
			if err != nil {
				return 0, 0, err
			}
			sum := sha256.Sum256([]byte(string(row.Kind) + "\x00" + row.Source + "\x00" + row.Author + "\x00" + row.Text))
			if err := rules.Add(append(sum[:], byte(side))); err != nil {
				return 0, 0, err
			}
		}
	}
	in, err := rules.Sort()
	if err != nil {
		return 0, 0, err
	}
	var before []byte
	for rec := in.Next(); rec != nil; rec = in.Next() {
		if before != nil && bytes.Equal(before[:32], rec[:32]) && before[32] != rec[32] {
			removed--
			before = nil
			continue
		}
		if rec[32] == 0 {
			removed++
			before = bytes.Clone(rec)
		} else {
			added++
			before = nil
		}
	}
	return added, removed, in.Err()
}

func (d *difference) print(w io.Writer) {
	if d.Same {
		fmt.Fprintf(w, "the same %s documents\n", formatCount(d.New))
		return
	}
	fmt.Fprintf(w, "%s documents → %s documents, %s unchanged\n", formatCount(d.Old), formatCount(d.New), formatCount(d.Unchanged))
	for _, c := range []struct {
		name string
		*changes
	}{{"added", &d.Added}, {"removed", &d.Removed}, {"changed", &d.Changed}, {"moved to another split", &d.Moved}} {
		if c.Documents == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s documents\n", c.name, formatCount(c.Documents))
		table(w, "  by source", top(c.BySource), c.Documents)
		table(w, "  by language", top(c.ByLanguage), c.Documents)
		fmt.Fprintf(w, "\n  first: %s\n", strings.Join(c.IDs[:min(3, len(c.IDs))], " "))
	}
	for _, part := range []struct {
		name  string
		lines []string
	}{{"schema", d.Schema}, {"configuration", d.Config}} {
		if len(part.lines) > 0 {
			fmt.Fprintf(w, "\n%s\n  %s\n", part.name, strings.Join(part.lines, "\n  "))
		}
	}
	if d.Rules.Added+d.Rules.Removed > 0 {
		fmt.Fprintf(w, "\nrules for repeated text: %s added, %s removed\n", formatCount(d.Rules.Added), formatCount(d.Rules.Removed))
	}
}

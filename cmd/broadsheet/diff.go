package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
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
			d, err := compare(c.Context, sides[0], sides[1])
			if err != nil {
				return err
			}
			if c.Bool("json") {
				s, err := indented(d, "")
				if err != nil {
					return err
				}
				fmt.Fprintln(c.App.Writer, s)
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
	Moved     changes  `json:"moved"` // is in another split, changed or not
	Schema    []string `json:"schema"`
	Config    []string `json:"config"`
	Rules     struct {
		Added   int64 `json:"added"`
		Removed int64 `json:"removed"`
	} `json:"boilerplate"`
}

type changes struct {
	Documents  int64     `json:"documents"`
	BySource   countList `json:"by_source"`
	ByLanguage countList `json:"by_language"`
	ByReason   countList `json:"by_reason,omitempty"` // of what was removed: what became of it in the new dataset
	Texts      *int64    `json:"texts,omitempty"`     // of what was changed: in how many the text was
	IDs        []string  `json:"first_ids"`

	source, language, reason map[string]int64
}

// countList is how many documents have which value. Characters are not counted, so that JSON does not have them.
type countList []schema.Count

func (l countList) MarshalJSON() ([]byte, error) {
	type entry struct {
		Value     string `json:"value"`
		Documents int64  `json:"documents"`
	}
	out := make([]entry, 0, len(l))
	for _, c := range l {
		out = append(out, entry{c.Value, c.Documents})
	}
	return json.Marshal(out)
}

// notRead is what became of a removed document that is no input of the new dataset.
const notRead = "no input has this id"

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
	ranked := func(m map[string]int64) countList {
		out := countList{}
		for v, n := range m {
			out = append(out, schema.Count{Value: v, Documents: n})
		}
		slices.SortFunc(out, func(a, b schema.Count) int {
			return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Value, b.Value)) // Sort for determinism
		})
		return out
	}
	c.BySource, c.ByLanguage = ranked(c.source), ranked(c.language)
	if c.reason != nil {
		c.ByReason = ranked(c.reason)
	}
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
func compare(ctx context.Context, old, now *writers.Reader) (*difference, error) {
	d := &difference{Schema: schemaChanges(old.Manifest(), now.Manifest()), Config: configChanges(old.Manifest(), now.Manifest())}
	d.Old, d.New = old.Manifest().Totals.Documents, now.Manifest().Totals.Documents
	d.Removed.reason, d.Changed.Texts = map[string]int64{}, new(int64)
	ids := extsort.New(sideRecord, extsort.Options{Stop: ctx.Err})
	defer ids.Close()
	for side, r := range []*writers.Reader{old, now} {
		splits := splitsOf(r.Manifest())
		place := uint64(0)
		for doc, err := range r.Documents() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return nil, err
			}
			rec := newSideRecord(doc.ID, byte(side))
			text := sha256.Sum256([]byte(doc.Text))
			copy(rec[atText:], text[:8])
			copy(rec[atRest:], restOf(doc))
			split := sha256.Sum256([]byte(splits(place)))
			copy(rec[atSplit:atPlace], split[:])
			binary.BigEndian.PutUint64(rec[atPlace:], place)
			place++
			if err := ids.Add(rec); err != nil {
				return nil, err
			}
		}
	}
	reasons, err := addReasons(ctx, ids, now)
	if err != nil {
		return nil, err
	}
	in, err := ids.Sort()
	if err != nil {
		return nil, err
	}
	// side 1, place 8, class 1: what is to be told of which document
	told := extsort.New(10, extsort.Options{Stop: ctx.Err})
	defer told.Close()
	tell := func(rec []byte, class byte) error {
		var out [10]byte
		out[0] = rec[atSide]
		copy(out[1:9], rec[atPlace:])
		out[9] = class
		return told.Add(out[:])
	}
	var before, became []byte
	removed := func() error {
		reason := notRead
		if became != nil && bytes.Equal(became[:atRepeat], before[:atRepeat]) {
			reason = reasons[binary.BigEndian.Uint64(became[atPlace:])]
		}
		d.Removed.reason[reason]++
		rec := before
		before = nil
		return tell(rec, classRemoved)
	}
	for rec := in.Next(); rec != nil; rec = in.Next() {
		same := before != nil && bytes.Equal(before[:atSide], rec[:atSide])
		if before != nil && !same {
			if err := removed(); err != nil {
				return nil, err
			}
		}
		switch {
		case rec[atSide] == sideReason:
			if became == nil || !bytes.Equal(became[:atRepeat], rec[:atRepeat]) {
				became = bytes.Clone(rec)
			}
		case rec[atSide] == 0:
			before = bytes.Clone(rec)
		case !same:
			err = tell(rec, classAdded)
		default:
			text := !bytes.Equal(before[atText:atRest], rec[atText:atRest])
			changed := text || !bytes.Equal(before[atRest:atSplit], rec[atRest:atSplit])
			moved := !bytes.Equal(before[atSplit:atPlace], rec[atSplit:atPlace])
			if text {
				*d.Changed.Texts++
			}
			if changed {
				err = tell(rec, classChanged)
			}
			if moved && err == nil {
				err = tell(rec, classMoved)
			}
			if !changed && !moved {
				d.Unchanged++
			}
			before = nil
		}
		if err != nil {
			return nil, err
		}
	}
	if before != nil {
		err = removed()
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
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return nil, err
			}
			for tale != nil && tale[0] == byte(side) && binary.BigEndian.Uint64(tale[1:]) == place {
				classes[tale[9]].add(doc)
				tale = tales.Next()
			}
			place++
		}
	}
	for _, c := range classes {
		c.finish()
	}
	if d.Rules.Added, d.Rules.Removed, err = ruleChanges(ctx, old, now); err != nil {
		return nil, err
	}
	d.Same = d.Added.Documents+d.Removed.Documents+d.Changed.Documents+d.Moved.Documents+d.Rules.Added+d.Rules.Removed == 0 &&
		len(d.Schema)+len(d.Config) == 0
	return d, tales.Err()
}

// A record of one side: the hash of an id without its repetition, the repetition, the side (0 the old, 1 the new), hashes
// of the text, of the rest of the row and of the split, and the place. A record of side sideReason says what became of an
// input of the new dataset that was not kept: its repetition is 0, its place a number of a reason.
const (
	atRepeat   = 16
	atSide     = atRepeat + 4
	atText     = atSide + 1
	atRest     = atText + 8
	atSplit    = atRest + 8
	atPlace    = atSplit + 8
	sideRecord = atPlace + 8
	sideReason = 2
)

func newSideRecord(id string, side byte) []byte {
	rec := make([]byte, sideRecord)
	id, repeat, _ := strings.Cut(id, "-")
	sum := sha256.Sum256([]byte(id))
	copy(rec[:atRepeat], sum[:])
	rec[atSide] = side
	if side != sideReason {
		n, _ := strconv.ParseUint(repeat, 10, 32) // the first of an id has none
		binary.BigEndian.PutUint32(rec[atRepeat:], uint32(max(n, 1)))
	}
	return rec
}

// addReasons adds what became of the inputs that were not kept, and gives the reasons by number.
func addReasons(ctx context.Context, ids *extsort.Sorter, r *writers.Reader) (reasons []string, err error) {
	for o, err := range r.Outcomes() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if o.Reason == "" || o.ID == "" {
			continue
		}
		n := slices.Index(reasons, string(o.Reason))
		if n < 0 {
			n = len(reasons)
			reasons = append(reasons, string(o.Reason))
		}
		rec := newSideRecord(o.ID, sideReason)
		binary.BigEndian.PutUint64(rec[atPlace:], uint64(n))
		if err := ids.Add(rec); err != nil {
			return nil, err
		}
	}
	return reasons, nil
}

// restOf is a hash of all of a row but its id and its text.
func restOf(d *schema.Document) []byte {
	rest := *d
	rest.ID, rest.Text = "", ""
	b, err := json.Marshal(rest)
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
	for _, s := range m.Shards() {
		n += uint64(s.Files[0].Rows)
		parts = append(parts, part{n, s.Split})
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
	was, is := singly(old.Config.Effective), singly(now.Config.Effective)
	for _, s := range was {
		before[s.Name] = string(s.Value)
	}
	for _, s := range is {
		if was, ok := before[s.Name]; !ok || was != string(s.Value) {
			out = append(out, fmt.Sprintf("%s: %s → %s", s.Name, cmp.Or(was, "not there"), s.Value))
		}
		delete(before, s.Name)
	}
	for _, s := range was {
		if was, gone := before[s.Name]; gone {
			out = append(out, fmt.Sprintf("%s: %s → not there", s.Name, was))
		}
	}
	return out
}

// singly is the settings with each fact of the release by itself.
func singly(all schema.Settings) schema.Settings {
	var out schema.Settings
	for _, s := range all {
		var facts schema.Settings
		if s.Name != "release" || json.Unmarshal(s.Value, &facts) != nil {
			out = append(out, s)
			continue
		}
		for _, f := range facts {
			out = append(out, schema.Setting{Name: "release." + f.Name, Value: f.Value})
		}
	}
	return out
}

// ruleChanges counts the rules for repeated text that only one side has.
func ruleChanges(ctx context.Context, old, now *writers.Reader) (added, removed int64, err error) {
	rules := extsort.New(33, extsort.Options{Stop: ctx.Err})
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
		fmt.Fprintf(w, "\n%s: %s\n", c.name, many(c.Documents, "document"))
		if c.Texts != nil {
			fmt.Fprintf(w, "  in %s of them the text, in the others only what is said of it\n", formatCount(*c.Texts))
		}
		table(w, "  what became of them", c.ByReason, c.Documents)
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

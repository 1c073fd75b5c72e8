package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet/schema"
)

// memory is an Output that keeps everything.
type memory struct {
	mu       sync.Mutex
	shards   map[string][]schema.Document
	outcomes []schema.Outcome
	rules    []schema.Boilerplate
	dropped  []schema.Dropped
	signals  []schema.Signals
	manifest *schema.Manifest
}

func (m *memory) WriteShard(split string, number int, rows iter.Seq2[*schema.Document, error]) ([]schema.File, error) {
	name := fmt.Sprintf("%s-%05d", split, number)
	var docs []schema.Document
	for d, err := range rows {
		if err != nil {
			return nil, err
		}
		docs = append(docs, *d)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shards == nil {
		m.shards = map[string][]schema.Document{}
	}
	m.shards[name] = docs
	return []schema.File{{Path: name, Split: split, Format: "parquet", Rows: int64(len(docs))}}, nil
}

type rowsOf[T any] struct{ to *[]T }

func (t rowsOf[T]) Add(row *T) error              { *t.to = append(*t.to, *row); return nil }
func (t rowsOf[T]) Close() ([]schema.File, error) { return nil, nil }
func (t rowsOf[T]) Abort()                        {}

func (m *memory) Outcomes() Table[schema.Outcome]        { return rowsOf[schema.Outcome]{&m.outcomes} }
func (m *memory) Boilerplate() Table[schema.Boilerplate] { return rowsOf[schema.Boilerplate]{&m.rules} }
func (m *memory) Dropped() Table[schema.Dropped]         { return rowsOf[schema.Dropped]{&m.dropped} }
func (m *memory) Signals() Table[schema.Signals]         { return rowsOf[schema.Signals]{&m.signals} }
func (m *memory) Finish(x *schema.Manifest, _ *schema.Samples) error {
	for _, s := range x.Splits {
		x.DatasetSize += s.Bytes
	}
	m.manifest = x
	return nil
}

// documents are the rows in the order of the shards.
func (m *memory) documents() []schema.Document {
	var out []schema.Document
	for _, name := range slices.Sorted(maps.Keys(m.shards)) {
		out = append(out, m.shards[name]...)
	}
	return out
}

// bytes is all that a build gave, to compare builds by.
func (m *memory) bytes(t testing.TB) string {
	t.Helper()
	b, err := json.Marshal([]any{m.documents(), m.outcomes, m.rules, m.manifest})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// articles is the collection that the project carries.
const articles = "../testdata/articles"

type option func(*Run)

func buildHere(t testing.TB, input, work string, options ...option) *memory {
	t.Helper()
	inputs, err := NewInputs([]string{input})
	if err != nil {
		t.Fatal(err)
	}
	run := Run{Config: Defaults(), Files: Walk(inputs), Tool: schema.Tool{Name: "broadsheet", Version: "test"}, Jobs: 2, Memory: 1 << 30}
	for _, o := range options {
		o(&run)
	}
	if run.Work, err = OpenWork(work, "test", run.Config); err != nil {
		t.Fatal(err)
	}
	out := &memory{}
	if _, err := run.Build(context.Background(), out); err != nil {
		t.Fatal(err)
	}
	if err := run.Work.Release(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryUnitHasOneOutcome(t *testing.T) {
	for _, dedupe := range []Dedupe{DedupeNone, DedupeMark, DedupeExact, DedupeNear} {
		m := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Config.Dedupe = dedupe; r.Config.KeepDropped = true })
		kept := map[string]schema.Document{}
		for _, d := range m.documents() {
			if _, twice := kept[d.ID]; twice {
				t.Errorf("%s: id %s is there twice", dedupe, d.ID)
			}
			kept[d.ID] = d
		}
		seen := map[string]bool{}
		behind := map[string]int32{}
		counts := schema.Counts{}
		for _, o := range m.outcomes {
			if seen[o.Path] {
				t.Errorf("%s: %s has two outcomes", dedupe, o.Path)
			}
			seen[o.Path] = true
			counts.Add(o.Outcome, o.Reason)
			if d, ok := kept[o.ID]; ok != (o.Outcome == schema.Kept) && (ok && d.Path == o.Path || o.Outcome == schema.Kept) {
				t.Errorf("%s: %s is %s", dedupe, o.Path, o.Outcome)
			}
			if o.DuplicateOf != "" {
				if _, ok := kept[o.DuplicateOf]; !ok {
					t.Errorf("%s: %s is a duplicate of %s, which is not kept", dedupe, o.Path, o.DuplicateOf)
				}
				behind[o.DuplicateOf]++
			}
		}
		for id, d := range kept {
			if d.Duplicates != behind[id] {
				t.Errorf("%s: %s stands for %d, it says %d", dedupe, d.Path, behind[id], d.Duplicates)
			}
		}
		if got := m.manifest.Outcomes; got.Units != counts.Units || got.Kept != int64(len(kept)) || !maps.Equal(got.Reasons, counts.Reasons) {
			t.Errorf("%s: the manifest counts %+v, the outcomes %+v", dedupe, got, counts)
		}
		if bad := m.manifest.Check(); len(bad) > 0 {
			t.Errorf("%s: %s", dedupe, strings.Join(bad, "; "))
		}
		if !slices.IsSortedFunc(m.documents(), func(a, b schema.Document) int { return comparePaths(a.Path, b.Path) }) {
			t.Errorf("%s: the documents are not in the order of their paths", dedupe)
		}
	}
}

// comparePaths orders paths bytewise, then by unit number.
func comparePaths(a, b string) int {
	fa, na := splitUnit(a)
	fb, nb := splitUnit(b)
	if fa != fb {
		return strings.Compare(fa, fb)
	}
	return na - nb
}

func splitUnit(path string) (string, int) {
	at := strings.LastIndexByte(path, ':')
	n := 0
	if at > 0 {
		if _, err := fmt.Sscanf(path[at:], ":%d", &n); err == nil {
			return path[:at], n
		}
	}
	return path, 0
}

func TestWorkersAndMemoryDoNotChangeTheOutput(t *testing.T) {
	want := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Jobs = 1 }).bytes(t)
	for _, jobs := range []int{2, 7} {
		got := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Jobs, r.Memory = jobs, 600<<20 }).bytes(t)
		if got != want {
			t.Errorf("%d jobs give another dataset than one", jobs)
		}
	}
}

// A collection that grew, shrank or changed gives, from kept work, what a full build gives.
func TestKeptWorkGivesWhatAFullBuildGives(t *testing.T) {
	dir, work := filepath.Join(t.TempDir(), "in"), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(articles)); err != nil {
		t.Fatal(err)
	}
	var meter *Meter
	check := func(what string) {
		t.Helper()
		meter = &Meter{}
		got := buildHere(t, dir, work, func(r *Run) { r.Meter = meter }).bytes(t)
		if want := buildHere(t, dir, t.TempDir()).bytes(t); got != want {
			t.Errorf("%s: kept work gives another dataset than a full build", what)
		}
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// reused says how many units are read or cleaned anew, at most.
	reused := func(what string, read, cleaned int64) {
		t.Helper()
		s := meter.Snapshot()
		if s.Units-s.ReadBefore > read || s.Units-s.CleanedBefore > cleaned || s.ReadBefore > s.Units || s.CleanedBefore > s.Units {
			t.Errorf("%s: of %d units %d were read and %d cleaned before; want all but %d and %d", what, s.Units, s.ReadBefore, s.CleanedBefore, read, cleaned)
		}
	}
	for i := range 400 { // some batches
		write(fmt.Sprintf("serial-%03d.md", i), fmt.Sprintf("---\ntitle: Part %d\nfrom: https://serial%d.example/%d\n---\nPart %[1]d is %x, and nothing else is like it.\n", i, i%3, i, i*0x9e3779b1))
	}
	check("first")
	if s := meter.Snapshot(); s.ReadBefore+s.CleanedBefore > 0 {
		t.Error("the first build took something over")
	}
	check("unchanged")
	reused("unchanged", 0, 0)
	write("0-first.md", "---\ntitle: Before all\nfrom: https://before.example/1\n---\nThis one comes before all others in the order of the paths.\n")
	write("zz-last.txt", "And this one comes after them. It has two sentences, which is enough.\n")
	check("grown")
	reused("grown", 2, 200) // batches that a new file lies in are cleaned anew, others are not
	write("0-first.md", "---\ntitle: Before all\nfrom: https://before.example/1\n---\nThis one comes before all others in the order of the PATHS.\n")
	check("changed, of the same size")
	if err := os.Remove(filepath.Join(dir, "zz-last.txt")); err != nil {
		t.Fatal(err)
	}
	check("shrunk")
	var lines strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&lines, "{\"url\":\"https://lines.example/%d\",\"text\":\"", i)
		for j := range 400 {
			fmt.Fprintf(&lines, "%x ", (i*400+j)*0x9e3779b1)
		}
		lines.WriteString("\"}\n")
	}
	write("many.jsonl", lines.String())
	check("a line file of many parts")
	check("unchanged line file")
	reused("unchanged line file", 0, 0)
	write("many.jsonl", lines.String()+"{\"text\":\"One line more than before, at its end.\"}\n")
	check("a line file that grew")
}

func TestBaseHasWhatItHas(t *testing.T) {
	whole := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Config.Boilerplate = "off" })
	docs := whole.documents()
	var first []schema.Document
	for i, d := range docs {
		if i%2 == 0 {
			first = append(first, d)
		}
	}
	base := func(yield func(*schema.Document, error) bool) {
		for i := range first {
			d := first[i]
			if !yield(&d, nil) {
				return
			}
		}
	}
	rest := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Config.Boilerplate = "off"; r.Base = base })
	ids := map[string]bool{}
	for _, d := range append(first, rest.documents()...) {
		if ids[d.ID] {
			t.Errorf("%s is in the base and was written again", d.Path)
		}
		ids[d.ID] = true
	}
	for _, d := range docs {
		if !ids[d.ID] {
			t.Errorf("%s is neither in the base nor beside it", d.Path)
		}
	}
	if len(ids) != len(docs) {
		t.Errorf("%d documents in base and build, %d in the whole", len(ids), len(docs))
	}
	for _, o := range rest.outcomes {
		if o.DuplicateOf != "" && !ids[o.DuplicateOf] {
			t.Errorf("%s is a duplicate of %s, which neither has", o.Path, o.DuplicateOf)
		}
	}
}

func TestPartsAndOrders(t *testing.T) {
	plain := buildHere(t, articles, t.TempDir())
	for _, config := range []func(*Config){
		func(c *Config) { c.Split = []Share{{"train", 0.5}, {"validation", 0.25}, {"test", 0.25}} },
		func(c *Config) { c.SplitBy = "created:2024-01-03" },
		func(c *Config) { c.Order = "shuffle:1" },
		func(c *Config) {
			c.Order, c.ShardSize, c.Split = "shuffle:2", 2000, []Share{{"train", 0.5}, {"test", 0.5}}
		},
		func(c *Config) { c.ShardSize = 1 },
	} {
		got := buildHere(t, articles, t.TempDir(), func(r *Run) { config(&r.Config) })
		byID := func(a, b schema.Document) int { return strings.Compare(a.ID, b.ID) }
		a, b := plain.documents(), got.documents()
		slices.SortFunc(a, byID)
		slices.SortFunc(b, byID)
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Errorf("%+v: other documents than in one shard by path", got.manifest.Config)
		}
		if got.manifest.ContentSHA256 != plain.manifest.ContentSHA256 {
			t.Error("the content hash depends on how documents lie")
		}
		if bad := got.manifest.Check(); len(bad) > 0 {
			t.Error(bad)
		}
	}
}

func TestExclusionsTakeTheirCopies(t *testing.T) {
	plain := buildHere(t, articles, t.TempDir())
	var victim schema.Document
	for _, d := range plain.documents() {
		if d.Duplicates > 0 && d.URL != "" {
			victim = d
		}
	}
	if victim.ID == "" {
		t.Fatal("the collection has no duplicate with an address")
	}
	x, err := ReadExclusions(strings.NewReader("# taken back\n" + victim.URL + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Exclude = x })
	for _, o := range got.outcomes {
		if o.ID == victim.ID && o.Reason != schema.Excluded {
			t.Errorf("%s is %s %s", o.Path, o.Outcome, o.Reason)
		}
	}
	for _, o := range plain.outcomes {
		if o.DuplicateOf != victim.ID {
			continue
		}
		at := slices.IndexFunc(got.outcomes, func(p schema.Outcome) bool { return p.Path == o.Path })
		if p := got.outcomes[at]; p.Reason != schema.Excluded || p.DuplicateOf != "" {
			t.Errorf("%s, a copy, is %s %s of %q", p.Path, p.Outcome, p.Reason, p.DuplicateOf)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		m := buildHere(b, articles, b.TempDir())
		b.SetBytes(m.manifest.Input.Bytes)
	}
}

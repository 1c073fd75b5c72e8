package corpus

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// half copies a random half of a folder's files, and the others, into folders of its name.
func half(t *testing.T, dir string, rng *rand.Rand) (a, b string) {
	t.Helper()
	a, b = filepath.Join(t.TempDir(), filepath.Base(dir)), filepath.Join(t.TempDir(), filepath.Base(dir))
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		to := a
		if rng.IntN(2) == 0 {
			to = b
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(name, text, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{a, b} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return a, b
}

func asBase(docs []schema.Document, reduce func(schema.Document) schema.Document) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		for _, d := range docs {
			d = reduce(d)
			if !yield(&d, nil) {
				return
			}
		}
	}
}

func ids(docs []schema.Document) []string {
	set := map[string]bool{}
	for _, d := range docs {
		set[d.ID] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// TestBaseLawOfBuilds: what B adds to a base of A is what A and B together add to it, for any split of a collection; so
// kept(A) and kept(B on A) are kept(A and B with A ranked first). Also where the base states texts and addresses alone,
// and where something is not to be in.
func TestBaseLawOfBuilds(t *testing.T) {
	all := func(d schema.Document) schema.Document { return d }
	bare := func(d schema.Document) schema.Document { return schema.Document{Text: d.Text, URL: d.URL} }
	whole := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Config.Boilerplate = "off" }).documents()
	victim := whole[slices.IndexFunc(whole, func(d schema.Document) bool { return d.URL != "" && d.Duplicates > 0 })]
	url, err := weburl.Parse(victim.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	stone := TombstoneOf(weburl.Key(url))
	stones, err := ReadExclusions(strings.NewReader(tombstonePrefix + hex.EncodeToString(stone[:]) + "\n"))
	if err != nil {
		t.Fatal(err)
	}

	for seed := range uint64(3) {
		a, b := half(t, articles, rand.New(rand.NewPCG(seed, 11)))
		for _, c := range []struct {
			name    string
			reduce  func(schema.Document) schema.Document
			exclude *Exclusions
		}{{"whole rows", all, nil}, {"text and url", bare, nil}, {"a tombstone", all, stones}} {
			// A document without an address is known by its title and text: a base without titles does not know it.
			known := func(docs []schema.Document) []schema.Document {
				if c.name != "text and url" {
					return docs
				}
				return slices.DeleteFunc(slices.Clone(docs), func(d schema.Document) bool { return d.URL == "" })
			}
			build := func(input string, base iter.Seq2[*schema.Document, error]) []schema.Document {
				return buildHere(t, input, t.TempDir(), func(r *Run) {
					r.Config.Boilerplate, r.Base, r.Exclude = "off", base, c.exclude
				}).documents()
			}
			keptA := build(a, nil)
			base := asBase(keptA, c.reduce)
			onA := build(b, base)
			if got, want := ids(known(build(articles, base))), ids(known(onA)); !slices.Equal(got, want) {
				t.Errorf("split %d, %s: B adds %d documents to A, all of it %d", seed, c.name, len(want), len(got))
			}
			both := asBase(append(slices.Clone(keptA), onA...), c.reduce)
			if again := known(build(articles, both)); len(again) > 0 {
				t.Errorf("split %d, %s: once more adds %s and %d more", seed, c.name, again[0].Path, len(again)-1)
			}
			if c.exclude != nil && slices.Contains(ids(append(keptA, onA...)), victim.ID) {
				t.Errorf("split %d: what was taken down is in", seed)
			}
		}
	}
}

// TestBaseIsReadOnce: what is known of a base stays in the work folder, so that the next batch costs what is new; whatever
// became of it there, the dataset is the same.
func TestBaseIsReadOnce(t *testing.T) {
	a, b := half(t, articles, rand.New(rand.NewPCG(1, 11)))
	docs := buildHere(t, a, t.TempDir()).documents()
	read := 0
	counted := func(yield func(*schema.Document, error) bool) {
		for d := range asBase(docs, func(d schema.Document) schema.Document { read++; return d }) {
			if !yield(d, nil) {
				return
			}
		}
	}
	onBase := func(r *Run) { r.Base, r.Config.Base = counted, "a" }
	fresh := func() string { return buildHere(t, b, t.TempDir(), onBase).bytes(t) }
	work := t.TempDir()
	if buildHere(t, b, work, onBase).bytes(t) != fresh() {
		t.Fatal("two builds on one base differ")
	}
	// Another article, like nothing in the base: nothing of the base is read.
	for _, name := range []string{"first", "second"} {
		only := filepath.Join(t.TempDir(), "in")
		if err := os.Mkdir(only, 0o777); err != nil {
			t.Fatal(err)
		}
		putFile(t, filepath.Join(only, name+".md"), strings.Repeat(name+" is a word of no other article here. ", 30))
		read = 0
		if buildHere(t, only, work, onBase); read > 0 {
			t.Errorf("%d documents of the base were read again", read)
		}
	}
	want := fresh()
	putFile(t, filepath.Join(b, "more.md"), strings.Repeat("One more of these articles. ", 30))
	if got := fresh(); got == want {
		t.Error("one more article changes nothing")
	} else {
		want = got
	}
	names, err := filepath.Glob(filepath.Join(work, baseStage, "*"))
	if err != nil || len(names) != 2 {
		t.Fatal(names, err)
	}
	rng := rand.New(rand.NewPCG(3, 11))
	for i := range 16 {
		name := names[i%len(names)]
		what := damageFile(t, rng, name)
		if got := buildHere(t, b, work, onBase).bytes(t); got != want {
			t.Errorf("%s, %s: another dataset", filepath.Base(name), what)
		}
		count, err := os.ReadFile(filepath.Join(work, baseStage, baseCount))
		if want := fmt.Sprintf("%d\n", len(docs)); err != nil || string(count) != want {
			t.Errorf("%s, %s: %q documents are kept, not %q: %v", filepath.Base(name), what, count, want, err)
		}
	}
	if buildHere(t, b, work, func(r *Run) {
		r.Base, r.Config.Base = asBase(docs[:1], func(d schema.Document) schema.Document { return d }), "another"
	}).bytes(t) == want {
		t.Error("another base, the same dataset")
	}
}

// TestDuplicatesPointToKept: no document is a duplicate of one that was dropped.
func TestDuplicatesPointToKept(t *testing.T) {
	built := buildHere(t, articles, t.TempDir(), func(r *Run) { r.Config.Boilerplate = "off" })
	kept, n := ids(built.documents()), 0
	for _, o := range built.outcomes {
		if o.DuplicateOf == "" {
			continue
		}
		if n++; !slices.Contains(kept, o.DuplicateOf) {
			t.Errorf("%s is a duplicate of %s, which was dropped", o.Path, o.DuplicateOf)
		}
	}
	if n == 0 {
		t.Error("the collection has no duplicates")
	}
}

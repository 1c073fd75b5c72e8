package corpus

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/schema"
)

// The laws of duplicates, by whole builds of the collection that the project carries with a made one beside it. Package
// neardup tests them on many more collections, without the files and the texts.

// grown is a copy of the collection with articles and near copies of them, made up from seed. It gives the paths of
// what was made.
func grown(t *testing.T, seed uint64) (dir string, made []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "articles")
	if err := os.CopyFS(dir, os.DirFS(articles)); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	for i := range 4 {
		words := make([]string, 240)
		for j := range words {
			words[j] = fmt.Sprintf("w%c%c%c", 'a'+rng.IntN(26), 'a'+rng.IntN(26), 'a'+rng.IntN(26))
		}
		title := words[0]
		for j := range 3 {
			for range 4 * j { // what another house rewrote
				words[rng.IntN(len(words))] = "otherwise"
			}
			made = append(made, filepath.Join(dir, fmt.Sprintf("made-%d-%d.md", i, j)))
			putFile(t, made[len(made)-1], fmt.Sprintf("---\ntitle: The %s report\nfrom: https://house%d-%d.example/%s\n---\n%s.\n",
				title, i, j, title, strings.Join(words, " ")))
		}
	}
	return dir, made
}

func putFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// asRead builds without the rules of sources, which depend on how often something is there.
func asRead(t *testing.T, dir string) *memory {
	t.Helper()
	return buildHere(t, dir, t.TempDir(), func(r *Run) { r.Config.Boilerplate = "off" })
}

// sortedRows are rows without what change clears, one a line, in an order of their own.
func sortedRows[T any](t *testing.T, rows []T, change func(*T)) []string {
	t.Helper()
	var out []string
	for _, row := range rows {
		change(&row)
		b, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

// firstOther is the first line in which two sorted lists differ.
func firstOther(a, b []string) string {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return "more: " + b[i]
		case i >= len(b):
			return "less: " + a[i]
		case a[i] != b[i]:
			return a[i] + "\n" + b[i]
		}
	}
	return ""
}

// TestCopyChangesOnlyCounts: an exact copy of an article, under a path after its own, adds one to what the kept document
// stands for. It changes nothing else of any document, and no outcome of another.
func TestCopyChangesOnlyCounts(t *testing.T) {
	dir, made := grown(t, 1)
	before := asRead(t, dir)
	sum := func(m *memory) (n int32) {
		for _, d := range m.documents() {
			n += d.Duplicates
		}
		return n
	}
	uncounted := func(d *schema.Document) { d.Duplicates = 0 }
	same := func(*schema.Outcome) {}
	for _, original := range []string{made[0], made[1], made[2], filepath.Join(dir, "archive", "2024-04-02-quiet-ferry.md")} {
		text, err := os.ReadFile(original)
		if err != nil {
			t.Fatal(err)
		}
		twin := filepath.Join(dir, "zzz-copy.md")
		putFile(t, twin, string(text))
		after := asRead(t, dir)
		if a, b := sum(before), sum(after); b != a+1 {
			t.Errorf("%s: the documents stand for %d others, after one copy for %d", original, a, b)
		}
		if d := firstOther(sortedRows(t, before.documents(), uncounted), sortedRows(t, after.documents(), uncounted)); d != "" {
			t.Errorf("%s: an exact copy changed a document:\n%s", original, d)
		}
		others := slices.DeleteFunc(slices.Clone(after.outcomes), func(o schema.Outcome) bool { return o.Path == "articles/zzz-copy.md" })
		if len(others) != len(after.outcomes)-1 {
			t.Errorf("%s: the copy has %d outcomes", original, len(after.outcomes)-len(others))
		}
		if d := firstOther(sortedRows(t, before.outcomes, same), sortedRows(t, others, same)); d != "" {
			t.Errorf("%s: an exact copy changed another's outcome:\n%s", original, d)
		}
		if err := os.Remove(twin); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDatasetAgainRemovesNothing: built over its own rows, a dataset loses none of them.
func TestDatasetAgainRemovesNothing(t *testing.T) {
	for seed := range uint64(2) {
		dir, _ := grown(t, seed)
		first := asRead(t, dir)
		dropped := 0
		for _, o := range first.outcomes {
			if o.Reason == schema.NearDuplicate {
				dropped++
			}
		}
		if dropped < 8 {
			t.Errorf("seed %d: %d near-duplicates do not put the law to the test", seed, dropped)
		}
		rows := sortedRows(t, first.documents(), func(*schema.Document) {})
		again := filepath.Join(t.TempDir(), "again")
		if err := os.Mkdir(again, 0o777); err != nil {
			t.Fatal(err)
		}
		putFile(t, filepath.Join(again, "rows.jsonl"), strings.Join(rows, "\n")+"\n")
		second := asRead(t, again)
		if len(second.outcomes) != len(rows) {
			t.Errorf("seed %d: %d rows have %d outcomes", seed, len(rows), len(second.outcomes))
		}
		for _, o := range second.outcomes {
			if o.Outcome != schema.Kept {
				t.Errorf("seed %d: %s (%s): %s %s of %s", seed, o.Path, o.Title, o.Outcome, o.Reason, o.DuplicateOf)
			}
		}
	}
}

// TestOrderOfPathsDecidesNothing: other names, and so another order of the files, change only the paths in the rows.
// A path is the last key of the rank: it decides between documents that are alike in all the others, which the made
// articles are not.
func TestOrderOfPathsDecidesNothing(t *testing.T) {
	dir, names := grown(t, 3)
	want := asRead(t, dir)
	pathless := func(d *schema.Document) { d.Path = "" }
	nameless := func(o *schema.Outcome) { o.Path = "" }
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 5))
		to := rng.Perm(len(names))
		for i, name := range names {
			moved := filepath.Join(dir, fmt.Sprintf("%c-%d-%02d.md", 'A'+rng.IntN(26), seed, to[i]))
			if err := os.Rename(name, moved); err != nil {
				t.Fatal(err)
			}
			names[i] = moved
		}
		got := asRead(t, dir)
		if d := firstOther(sortedRows(t, want.documents(), pathless), sortedRows(t, got.documents(), pathless)); d != "" {
			t.Errorf("order %d: other documents:\n%s", seed, d)
		}
		if d := firstOther(sortedRows(t, want.outcomes, nameless), sortedRows(t, got.outcomes, nameless)); d != "" {
			t.Errorf("order %d: other outcomes:\n%s", seed, d)
		}
	}
}

// TestEditionsOfOneSite: the telephone's edition of a site is no other house. Different articles under one teaser stay apart
// between the editions as they do within one, and one article that both have is one.
func TestEditionsOfOneSite(t *testing.T) {
	teaser := "Subscribers read the whole of this report with the tables of all districts, the interview with the mayor and the map of the new lines. " +
		"The editors put it together over three weeks in the towns along the river."
	short := "The ferry to the island will not run on Thursday, the harbour office said. Boats of the coast guard carry those who must cross."
	for _, c := range []struct {
		name, title, text string
		urls              []string
		kept              int
	}{
		{"two articles", "Report", teaser, []string{"https://www.paper.example.com/a/one", "https://m.paper.example.com/a/two"}, 2},
		{"two articles, one in a folder for amp", "Report", teaser, []string{"https://paper.example.com/a/one", "https://paper.example.com/amp/a/two"}, 2},
		{"one article", "No ferry", short, []string{"https://www.paper.example.com/a/one", "https://m.paper.example.com/a/one"}, 1},
		{"one article, its page for amp", "No ferry", short, []string{"https://paper.example.com/a/one", "https://paper.example.com/a/one/amp"}, 1},
	} {
		dir := filepath.Join(t.TempDir(), "articles")
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for i, url := range c.urls {
			// The second is not quite the first, so that it is compared.
			putFile(t, filepath.Join(dir, fmt.Sprintf("%d.md", i)), fmt.Sprintf("---\ntitle: %s\nfrom: %s\n---\n%s%s\n", c.title, url, c.text, strings.Repeat(" More follows.", i)))
		}
		m := asRead(t, dir)
		if n := len(m.documents()); n != c.kept {
			t.Errorf("%s: %d documents, want %d: %+v", c.name, n, c.kept, m.outcomes)
		}
	}
}

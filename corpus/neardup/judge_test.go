package neardup

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A doc is a document of a small universe in which keys, titles and texts often agree.
type doc struct {
	name    string // what it is called, wherever it stands
	url     int    // 0: none
	title   string
	text    string
	fetched int64
	rank    Key
	tier    Tier
}

func key16(s string) (k [16]byte) {
	if s != "" {
		putHash(k[:], 99, pad([]byte(s)))
	}
	return k
}

func pad(b []byte) []byte { return append(b, make([]byte, 8-len(b)%8)...) }

func (d *doc) urlKey() [16]byte {
	if d.url == 0 {
		return [16]byte{}
	}
	return key16(fmt.Sprint("url", d.url))
}

func (d *doc) host() string {
	if d.url == 0 {
		return ""
	}
	return fmt.Sprintf("host%d", d.url%3)
}

func (d *doc) entry(seq int64) *Entry {
	return &Entry{Seq: seq, Tier: d.tier, URL: d.urlKey(), Title: key16(d.title), Text: key16(d.text), Fetched: d.fetched, Rank: d.rank, Host: HostKey(d.host()), Print: Print(d.title, d.text)}
}

func (d *doc) set() *Set { return NewSet(d.title, d.text, d.urlKey(), d.host()) }

// drawDocs draws a universe.
func drawDocs(t *rapid.T) []doc {
	n := rapid.IntRange(0, 40).Draw(t, "documents")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
	urls, titles, texts := 1+rng.IntN(12), 1+rng.IntN(8), 1+rng.IntN(6)
	var stories []string
	for i := range texts {
		words := words(rng, 40+rng.IntN(150))
		if i == 0 && rng.IntN(3) == 0 {
			words = words[:3]
		}
		stories = append(stories, strings.Join(words, " "))
		for range rng.IntN(3) { // variants
			w := slices.Clone(words)
			from := rng.IntN(len(w))
			for k := from; k < min(len(w), from+len(w)/(3+rng.IntN(8))); k++ {
				w[k] = fmt.Sprintf("v%d", rng.Uint32())
			}
			stories = append(stories, strings.Join(w[rng.IntN(1+len(w)/5):], " "))
		}
	}
	var docs []doc
	for i := range n {
		d := doc{name: fmt.Sprint("d", i), text: stories[rng.IntN(len(stories))]}
		if rng.IntN(3) > 0 {
			d.url = 1 + rng.IntN(urls)
		}
		if rng.IntN(5) > 0 {
			d.title = fmt.Sprintf("A title of several words that ends in %c and %d", 'a'+rng.IntN(titles), rng.IntN(2))
		}
		d.fetched = int64(rng.IntN(3))
		if rng.IntN(3) == 0 {
			d.fetched = math.MinInt64
		}
		d.rank = RankKey(uint8(rng.IntN(3)), uint32(len(d.text)), int64(i))
		docs = append(docs, d)
	}
	return docs
}

type result struct {
	verdict Verdict
	of      string
}

// run judges documents in the order given and names the results.
func run(t testing.TB, docs []doc, opts Options) (map[string]result, Stats) {
	t.Helper()
	dir := t.TempDir()
	opts.Dir = dir
	opts.Sets = func(want iter.Seq[int64]) iter.Seq2[*Set, error] {
		return func(yield func(*Set, error) bool) {
			for seq := range want {
				if !yield(docs[seq/3].set(), nil) {
					return
				}
			}
		}
	}
	j := NewJudge(opts)
	for i := range docs {
		if err := j.Add(docs[i].entry(int64(3 * i))); err != nil {
			t.Fatal(err)
		}
	}
	v, err := j.Decide()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]result{}
	for range 2 {
		clear(out)
		last := int64(-1)
		for d, err := range v.All() {
			if err != nil {
				t.Fatal(err)
			}
			if d.Seq <= last || d.Seq%3 != 0 {
				t.Fatalf("verdict on %d after %d", d.Seq, last)
			}
			last = d.Seq
			r := result{verdict: d}
			if d.Of >= 0 {
				r.of = docs[d.Of/3].name
			}
			r.verdict.Seq, r.verdict.Of = 0, 0
			out[docs[d.Seq/3].name] = r
		}
	}
	if len(out) != len(docs) {
		t.Fatalf("%d verdicts on %d documents", len(out), len(docs))
	}
	stats := v.Stats()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Fatalf("%d files are left", len(left))
	}
	return out, stats
}

// reference does the same, pair by pair, in memory.
func reference(docs []doc, near bool) map[string]result {
	n := len(docs)
	sameURL := func(a, b *doc) bool {
		return a.url != 0 && a.url == b.url && (a.title != "" && a.title == b.title || a.text != "" && a.text == b.text)
	}
	judged := func(d *doc) bool { return d.tier == Judged || d.tier == first }

	// Components of same_url within a tier, by repeated passes.
	comp := make([]int, n)
	for i := range comp {
		comp[i] = i
	}
	for changed := true; changed; {
		changed = false
		for a := range docs {
			for b := range docs {
				if judged(&docs[a]) && docs[a].tier == docs[b].tier && sameURL(&docs[a], &docs[b]) && comp[b] < comp[a] {
					comp[a], changed = comp[b], true
				}
			}
		}
	}
	newer := func(a, b int) int {
		return cmp.Or(-cmp.Compare(docs[a].fetched, docs[b].fetched), bytes.Compare(docs[a].rank[:], docs[b].rank[:]), a-b)
	}
	newest := map[int]int{}
	for i, c := range comp {
		if o, ok := newest[c]; !ok || newer(i, o) < 0 {
			newest[c] = i
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := newest[comp[a]], newest[comp[b]]
		return cmp.Or(int(tierOrder(docs[a].tier))-int(tierOrder(docs[b].tier)), bytes.Compare(docs[x].rank[:], docs[y].rank[:]), x-y, newer(a, b))
	})

	prints, sets := make([]Fingerprint, n), make([]*Set, n)
	for i := range docs {
		prints[i], sets[i] = Print(docs[i].title, docs[i].text), docs[i].set()
	}
	meet := func(a, b int) bool {
		x, y := &prints[a], &prints[b]
		if x.Text == y.Text || docs[a].url != 0 && docs[a].url == docs[b].url || docs[a].title != "" && docs[a].title == docs[b].title {
			return true
		}
		for i := range x.Bands {
			if x.Bands[i] == y.Bands[i] {
				return true
			}
		}
		for i := range x.Titles {
			if x.Titles[i] == y.Titles[i] && x.Titles[i] != 0 {
				return true
			}
		}
		return false
	}
	var kept []int
	out := map[string]result{}
	counts := map[string]int64{}
	for _, i := range order {
		d := &docs[i]
		r := result{verdict: Verdict{Similarity: -1, Tier: d.tier}}
		if d.tier == first {
			r.verdict.Tier = Judged
		}
		if judged(d) {
			for _, k := range kept {
				o := &docs[k]
				reason, rule := Kept, ""
				similarity := float32(-1)
				if near && meet(i, k) {
					if c := Compare(sets[i], sets[k]); c.Same {
						reason, rule, similarity = NearDuplicate, c.Rule, float32(c.Jaccard)
					}
				}
				if (d.url == 0 || o.url == 0) && d.text != "" && d.text == o.text && d.title == o.title {
					reason, rule, similarity = SameText, "", 1
				}
				if sameURL(d, o) {
					if d.text == o.text {
						similarity = 1
					}
					reason, rule = SameURL, ""
				}
				if reason == Kept {
					continue
				}
				tier := o.tier
				if tier == first {
					tier = Judged
				}
				r = result{Verdict{Tier: Judged, Reason: reason, OfTier: tier, Similarity: similarity, Rule: rule}, o.name}
				counts[o.name]++
				break
			}
		}
		if r.verdict.Reason == Kept {
			kept = append(kept, i)
		}
		out[d.name] = r
	}
	for name, c := range counts {
		r := out[name]
		r.verdict.Duplicates = c
		out[name] = r
	}
	return out
}

func diff(got, want map[string]result) string {
	var s strings.Builder
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			fmt.Fprintf(&s, "%s: got %+v, want %+v\n", name, got[name], want[name])
		}
	}
	return s.String()
}

func keptNames(r map[string]result) []string {
	var names []string
	for name, v := range r {
		if v.verdict.Reason == Kept {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func only(docs []doc, names []string) (out []doc) {
	for _, d := range docs {
		if slices.Contains(names, d.name) {
			out = append(out, d)
		}
	}
	return out
}

func drawOptions(t *rapid.T) Options {
	opts := Options{Near: rapid.IntRange(0, 4).Draw(t, "near") > 0, Memory: rapid.SampledFrom([]int64{1, 4096, 1 << 24}).Draw(t, "memory")}
	if rapid.Bool().Draw(t, "backwards") {
		opts.Parallel = func(n int, f func(int)) {
			for i := n - 1; i >= 0; i-- {
				f(i)
			}
		}
	}
	return opts
}

func TestJudgeIsReference(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawDocs(rt)
		for i := range docs {
			switch rapid.IntRange(0, 8).Draw(rt, "tier") {
			case 0:
				docs[i].tier = Base
			case 1:
				docs[i].tier = Excluded
			case 2:
				docs[i].tier = first
			}
		}
		opts := drawOptions(rt)
		got, stats := run(t, docs, opts)
		if d := diff(got, reference(docs, opts.Near)); d != "" {
			rt.Fatal("\n" + d)
		}
		if stats.Shortfall != 0 {
			rt.Fatalf("shortfall %d in a small universe", stats.Shortfall)
		}
		for name, r := range got {
			if r.of != "" && got[r.of].verdict.Reason != Kept {
				rt.Fatalf("%s is a duplicate of %s, which was dropped", name, r.of)
			}
		}
	})
}

func TestOrderOfInputIsNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawDocs(rt)
		opts := drawOptions(rt)
		a, sa := run(t, docs, opts)
		opts = Options{Near: opts.Near}
		b, sb := run(t, rapid.Permutation(docs).Draw(rt, "order"), opts)
		if d := diff(a, b); d != "" {
			rt.Fatal("\n" + d)
		}
		if sa != sb {
			rt.Fatalf("%+v and %+v", sa, sb)
		}
	})
}

func TestAgainRemovesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawDocs(rt)
		opts := drawOptions(rt)
		a, _ := run(t, docs, opts)
		kept := keptNames(a)
		b, _ := run(t, only(docs, kept), opts)
		if !slices.Equal(keptNames(b), kept) {
			rt.Fatalf("first %v, then %v", kept, keptNames(b))
		}
	})
}

func TestCopyChangesCountsOnly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawDocs(rt)
		if len(docs) == 0 {
			return
		}
		opts := drawOptions(rt)
		a, _ := run(t, docs, opts)
		c := docs[rapid.IntRange(0, len(docs)-1).Draw(rt, "which")]
		original := c.name
		if c.title == "" && c.url != 0 && c.text == "" {
			return
		}
		c.name = "copy"
		b, _ := run(t, append(slices.Clone(docs), c), opts)
		of := original
		if a[original].verdict.Reason != Kept {
			of = a[original].of
		}
		if got := b["copy"]; got.of != of {
			rt.Fatalf("the copy is %+v, its original %+v", got, b[original])
		}
		delete(b, "copy")
		for name, r := range b {
			if name == of {
				r.verdict.Duplicates--
			}
			b[name] = r
		}
		if d := diff(b, a); d != "" {
			rt.Fatal("\n" + d)
		}
	})
}

// TestBaseLaw: kept(A) and kept(B on A) together are kept(A and B with A ranked first).
func TestBaseLaw(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := drawDocs(rt)
		opts := drawOptions(rt)
		cut := rapid.IntRange(0, len(docs)).Draw(rt, "cut")
		a, b := slices.Clone(docs[:cut]), docs[cut:]
		ra, _ := run(t, a, opts)
		keptA := keptNames(ra)
		base := only(a, keptA)
		for i := range base {
			base[i].tier = Base
		}
		rb, _ := run(t, append(base, b...), opts)
		for i := range a {
			a[i].tier = first
		}
		both, _ := run(t, append(a, b...), opts)
		if got, want := keptNames(rb), keptNames(both); !slices.Equal(got, want) {
			rt.Fatalf("in two steps %v, in one %v", got, want)
		}
	})
}

// TestLargeBucket has more texts alike than are compared pair by pair.
func TestLargeBucket(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	story := words(rng, 300)
	var docs []doc
	for i := range 400 {
		w := slices.Clone(story)
		w[rng.IntN(300)] = fmt.Sprintf("x%d", i)
		docs = append(docs, doc{name: fmt.Sprint("d", i), text: strings.Join(w, " "), rank: RankKey(0, 300, int64(i)), url: 3*i + 1 + i%3})
	}
	for i := range 100 { // and equal texts
		docs = append(docs, doc{name: fmt.Sprint("e", i), text: docs[7].text, rank: RankKey(1, 300, int64(i)), url: 5000 + i, title: fmt.Sprint("Title ", i)})
	}
	got, stats := run(t, docs, Options{Near: true, Memory: 1 << 16})
	if stats.Shortfall == 0 {
		t.Error("no shortfall")
	}
	for name, r := range got {
		if r.of != "" && got[r.of].verdict.Reason != Kept {
			t.Fatalf("%s is a duplicate of %s, which was dropped", name, r.of)
		}
	}
	if n := len(keptNames(got)); n > 120 {
		t.Errorf("%d of 500 stay", n)
	}
}

// TestGroupsAreLinear: so many documents in one group that pairs would not end.
func TestGroupsAreLinear(t *testing.T) {
	const n = 30000
	j := NewJudge(Options{Dir: t.TempDir(), Memory: 1 << 20})
	defer j.Close()
	for i := range n {
		e := Entry{Seq: int64(i), Title: key16("t"), Text: key16(fmt.Sprint(i % 10)), Rank: RankKey(uint8(i*7%5), 1, int64(i))}
		if i%3 > 0 {
			e.URL = key16("u")
		}
		if err := j.Add(&e); err != nil {
			t.Fatal(err)
		}
	}
	v, err := j.Decide()
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for d, err := range v.All() {
		if err != nil {
			t.Fatal(err)
		}
		if d.Reason == Kept {
			kept++
		}
	}
	if kept < 1 || kept > 10 {
		t.Fatalf("%d stay", kept)
	}
}

func TestSetsMissing(t *testing.T) {
	docs := []doc{{text: essay(1, 100), title: "a b c d e f g"}, {text: essay(1, 100), title: "a b c d e f g h"}}
	for _, sets := range []func(iter.Seq[int64]) iter.Seq2[*Set, error]{
		nil,
		func(iter.Seq[int64]) iter.Seq2[*Set, error] { return func(func(*Set, error) bool) {} },
		func(iter.Seq[int64]) iter.Seq2[*Set, error] {
			return func(yield func(*Set, error) bool) { yield(nil, os.ErrClosed) }
		},
	} {
		j := NewJudge(Options{Dir: t.TempDir(), Near: true, Sets: sets})
		for i := range docs {
			if err := j.Add(docs[i].entry(int64(i))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := j.Decide(); err == nil {
			t.Error("no error")
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

package neardup

import (
	"testing"

	"pgregory.net/rapid"
)

// Sets of a few values that share many: a filter never rules out a pair that Compare takes for the same.
func TestFilterLosesNothing(t *testing.T) {
	hashes := rapid.Custom(func(t *rapid.T) []uint32 {
		return distinct(rapid.SliceOfN(rapid.Uint32Range(0, 1<<rapid.SampledFrom([]int{4, 6, 32}).Draw(t, "bits")-1), 0, 60).Draw(t, "hashes"))
	})
	set := rapid.Custom(func(t *rapid.T) *Set {
		s := &Set{Shingles: hashes.Draw(t, "shingles"), Length: 1000, About: 1}
		s.URL[0] = rapid.Byte().Draw(t, "url") % 3
		s.Host = uint64(s.URL[0])
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := set.Draw(t, "a"), set.Draw(t, "b")
		f := newFilter(a.Shingles)
		if n, least := f.atMost(b.Shingles), overlap(a.Shingles, b.Shingles); n < least {
			t.Fatalf("at most %d, but they share %d", n, least)
		}
		if !f.mayBeSame(a, b) && Compare(a, b).Same {
			t.Fatalf("%v and %v are the same", a, b)
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	var lists [2][]uint32
	for i := range lists {
		for j := range uint64(1000) {
			lists[i] = append(lists[i], uint32(mix(j*2+uint64(i))))
		}
		lists[i] = distinct(lists[i])
	}
	f := newFilter(lists[0])
	for b.Loop() {
		f.atMost(lists[1])
	}
}

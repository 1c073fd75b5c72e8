package corpus

import (
	"iter"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortStrings(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.StringN(0, 30, -1)).Draw(t, "strings")
		for range rapid.IntRange(0, 6).Draw(t, "doublings") {
			want = append(want, want...)
		}
		memory := rapid.Int64Range(1, 2000).Draw(t, "memory")
		in := func(yield func(string, error) bool) {
			for _, s := range want {
				if !yield(s, nil) {
					return
				}
			}
		}
		var got []string
		for s, err := range sortStrings(iter.Seq2[string, error](in), dir, memory, func() error { return nil }) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, s)
		}
		sorted := slices.Sorted(slices.Values(want))
		if !slices.Equal(got, sorted) {
			t.Fatalf("%d strings came back as %d, or out of order", len(sorted), len(got))
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Fatalf("%d runs were left behind, %v", len(left), err)
		}
	})
}

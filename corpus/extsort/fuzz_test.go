package extsort

import (
	"bytes"
	"slices"
	"testing"
)

// A sort beyond its memory gives what a sort in memory gives.
func FuzzSort(f *testing.F) {
	f.Add([]byte("sorting sorts"), uint8(1), uint16(3), false)
	f.Add([]byte{0, 1, 0, 0, 1, 1}, uint8(2), uint16(9000), true)
	f.Fuzz(func(t *testing.T, b []byte, size uint8, times uint16, compress bool) {
		n := int(size%40) + 1
		s := New(n, Options{Dir: t.TempDir(), Memory: MinMemory, Compress: compress})
		var want [][]byte
		for i := range int(times) {
			for rec := range slices.Chunk(b, n) {
				if len(rec) < n {
					break
				}
				rec = slices.Clone(rec)
				rec[i%n] ^= byte(i)
				want = append(want, rec)
				if err := s.Add(rec); err != nil {
					t.Fatal(err)
				}
			}
			if len(want)*n > 1<<20 {
				break
			}
		}
		slices.SortFunc(want, bytes.Compare)
		r, err := s.Sort()
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got := r.Next(); !bytes.Equal(got, want[i]) {
				t.Fatalf("record %d is %x, want %x", i, got, want[i])
			}
		}
		if r.Next() != nil || r.Err() != nil {
			t.Fatal("more than was put in", r.Err())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

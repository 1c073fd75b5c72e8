package extsort

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func collect(t testing.TB, s *Sorter) [][]byte {
	t.Helper()
	r, err := s.Sort()
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	for rec, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, bytes.Clone(rec))
	}
	return got
}

func TestSortIsSort(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(1, 40), rapid.SampledFrom([]int{8, 16, 24, 32, 36})).Draw(rt, "size")
		n := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(5000, 40000)).Draw(rt, "records")
		letters := rapid.SampledFrom([]int{1, 2, 3, 16, 256}).Draw(rt, "letters")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		s := New(size, Options{Dir: dir, Memory: 1, Compress: rapid.Bool().Draw(rt, "compress")})
		defer s.Close()
		if rapid.Bool().Draw(rt, "few inputs") {
			s.fanIn = 2
		}
		var want [][]byte
		for range n {
			rec := make([]byte, size)
			for i := range rec {
				rec[i] = byte(rng.IntN(letters))
			}
			want = append(want, rec)
			if err := s.Add(rec); err != nil {
				rt.Fatal(err)
			}
		}
		slices.SortFunc(want, bytes.Compare)
		for range 2 { // Sort may be called again
			if got := collect(t, s); !slices.EqualFunc(got, want, bytes.Equal) {
				rt.Fatalf("%d records of %d bytes came out as %d others, or in another order", n, size, len(got))
			}
		}
		if err := s.Reset(); err != nil {
			rt.Fatal(err)
		}
		if got := collect(t, s); got != nil || s.Len() != 0 {
			rt.Fatalf("%d records are left after Reset", len(got))
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			rt.Fatalf("%d files are left", len(left))
		}
	})
}

func TestFold(t *testing.T) {
	dir := t.TempDir()
	for _, memory := range []int64{1, 1 << 20} {
		for _, keys := range []int{1, 100, 30000} {
			s := New(12, Options{Dir: dir, Memory: memory, Key: 8, Fold: func(into, rec []byte) {
				binary.BigEndian.PutUint32(into[8:], binary.BigEndian.Uint32(into[8:])+binary.BigEndian.Uint32(rec[8:]))
			}})
			want := map[uint64]uint32{}
			rng := rand.New(rand.NewPCG(1, 2))
			var rec [12]byte
			for range 100000 {
				k := uint64(rng.IntN(keys)) * 0x9E3779B97F4A7C15
				v := rng.Uint32N(9)
				want[k] += v
				binary.BigEndian.PutUint64(rec[:], k)
				binary.BigEndian.PutUint32(rec[8:], v)
				if err := s.Add(rec[:]); err != nil {
					t.Fatal(err)
				}
			}
			got := collect(t, s)
			if len(got) != len(want) {
				t.Fatalf("memory %d: %d keys, want %d", memory, len(got), len(want))
			}
			for i, rec := range got {
				if i > 0 && bytes.Compare(got[i-1], rec) >= 0 {
					t.Fatal("not in order")
				}
				if v := binary.BigEndian.Uint32(rec[8:]); v != want[binary.BigEndian.Uint64(rec)] {
					t.Fatalf("a sum is %d, want %d", v, want[binary.BigEndian.Uint64(rec)])
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWhatFitsStaysInMemory(t *testing.T) {
	s := New(16, Options{Dir: filepath.Join(t.TempDir(), "absent"), Memory: 1 << 20})
	for i := range 1000 {
		if err := s.Add(fmt.Appendf(nil, "%016d", 1000-i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := collect(t, s); len(got) != 1000 || string(got[0]) != "0000000000000001" {
		t.Fatalf("%d records, the first %q", len(got), got[0])
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEmpty(t *testing.T) {
	s := New(3, Options{})
	if got := collect(t, s); got != nil {
		t.Fatal(got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Add([]byte("abc")); err == nil {
		t.Fatal("a closed sorter takes records")
	}
}

// disk is a file whose writes or reads fail after some bytes.
type disk struct {
	*os.File
	writes, reads int
}

var errDisk = errors.New("no space left on device")

func (d *disk) Write(p []byte) (int, error) {
	if d.writes -= len(p); d.writes < 0 {
		return 0, errDisk
	}
	return d.File.Write(p)
}

func (d *disk) ReadAt(p []byte, at int64) (int, error) {
	if d.reads -= len(p); d.reads < 0 {
		return 0, errDisk
	}
	return d.File.ReadAt(p, at)
}

func TestDiskErrors(t *testing.T) {
	for _, c := range []struct {
		name                string
		file, writes, reads int // which file fails, after how many bytes
	}{
		{"first write", 1, 0, 1 << 30}, {"later write", 1, 200_000, 1 << 30}, {"write of a pass", 2, 200_000, 1 << 30},
		{"first read", 1, 1 << 30, 0}, {"later read", 1, 1 << 30, 1_000_000}, {"read of a pass", 2, 1 << 30, 1_000_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, files := t.TempDir(), 0
			s := New(16, Options{Memory: 1})
			s.fanIn = 2
			s.create = func(string) (file, error) {
				f, err := os.CreateTemp(dir, "")
				if files++; files != c.file {
					return f, err
				}
				return &disk{f, c.writes, c.reads}, err
			}
			rng := rand.New(rand.NewPCG(1, 2))
			var rec [16]byte
			var err error
			for i := 0; i < 100_000 && err == nil; i++ {
				binary.BigEndian.PutUint64(rec[:], rng.Uint64())
				err = s.Add(rec[:])
			}
			if err == nil {
				var r *Reader
				if r, err = s.Sort(); err == nil {
					for r.Next() != nil {
					}
					err = r.Err()
				}
			}
			if !errors.Is(err, errDisk) {
				t.Fatalf("got %v", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if files, _ := os.ReadDir(dir); len(files) != 0 {
				t.Fatalf("%d files are left", len(files))
			}
		})
	}
	s := New(16, Options{Dir: filepath.Join(t.TempDir(), "absent"), Memory: 1})
	var err error
	for i := 0; i < 100_000 && err == nil; i++ {
		err = s.Add(make([]byte, 16))
	}
	if !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
}

func benchmark(b *testing.B, opts Options, fill func(rec []byte, i int)) {
	const n = 4 << 20
	opts.Dir = b.TempDir()
	b.SetBytes(16 * n)
	for b.Loop() {
		s := New(16, opts)
		var rec [16]byte
		for i := range n {
			fill(rec[:], i)
			if err := s.Add(rec[:]); err != nil {
				b.Fatal(err)
			}
		}
		r, err := s.Sort()
		if err != nil {
			b.Fatal(err)
		}
		for r.Next() != nil {
		}
		if r.Err() != nil {
			b.Fatal(r.Err())
		}
		s.Close()
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds()/1e6, "Mrec/s")
}

func BenchmarkSort(b *testing.B) {
	hash := func(rec []byte, i int) {
		binary.BigEndian.PutUint64(rec, uint64(i)*0x9E3779B97F4A7C15^uint64(i)<<40)
		binary.BigEndian.PutUint64(rec[8:], uint64(i))
	}
	b.Run("memory", func(b *testing.B) { benchmark(b, Options{Memory: 256 << 20}, hash) })
	b.Run("runs", func(b *testing.B) { benchmark(b, Options{Memory: 8 << 20}, hash) })
	b.Run("passes", func(b *testing.B) { benchmark(b, Options{Memory: 256 << 10}, hash) })
	b.Run("compressed", func(b *testing.B) { benchmark(b, Options{Memory: 8 << 20, Compress: true}, hash) })
	b.Run("sequence", func(b *testing.B) {
		benchmark(b, Options{Memory: 8 << 20}, func(rec []byte, i int) {
			binary.BigEndian.PutUint64(rec, uint64(i^5))
			binary.BigEndian.PutUint64(rec[8:], uint64(i))
		})
	})
}

// A sort asks whether to go on wherever it is, ends when it is told not to, and leaves nothing.
func TestStop(t *testing.T) {
	errStop := errors.New("stop")
	sort := func(t *testing.T, dir string, asks int, fold func(into, rec []byte)) (asked int, err error) {
		stop := func() error {
			if asked++; asked > asks {
				return errStop
			}
			return nil
		}
		s := New(16, Options{Dir: dir, Memory: 1, Stop: stop, Fold: fold, Key: 16})
		s.fanIn = 2
		defer s.Close()
		rng := rand.New(rand.NewPCG(1, 2))
		var rec [16]byte
		for range 50_000 {
			binary.BigEndian.PutUint64(rec[:], rng.Uint64()%40_000)
			if err := s.Add(rec[:]); err != nil {
				if again := s.Add(rec[:]); again != err {
					t.Errorf("then %v is forgotten: %v", err, again)
				}
				return asked, err
			}
		}
		r, err := s.Sort()
		if err != nil {
			return asked, err
		}
		for r.Next() != nil {
		}
		if r.Next() != nil {
			t.Error("there are records after the end")
		}
		return asked, r.Err()
	}
	for name, fold := range map[string]func(into, rec []byte){"plain": nil, "fold": func(into, rec []byte) {}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			all, err := sort(t, dir, 1<<30, fold)
			if err != nil || all < 100 {
				t.Fatalf("asked %d times, %v", all, err)
			}
			for n := 0; n < all; n += 1 + n/16 {
				if asked, err := sort(t, dir, n, fold); !errors.Is(err, errStop) || asked != n+1 {
					t.Fatalf("told to stop after %d of %d asks it asks %d times and ends with %v", n, all, asked, err)
				}
				if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
					t.Fatalf("told to stop after %d of %d asks it leaves %v, %v", n, all, left, err)
				}
			}
		})
	}
}

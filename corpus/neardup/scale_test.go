//go:build unix

package neardup

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// BenchmarkJudge sends the signatures of synthetic documents through the whole judge: BROADSHEET_SCALE documents
// (100,000 where it is not set), of which one in ten is near another and one in fifty has another's address. It
// reports what docs/scale.md states.
//
//	BROADSHEET_SCALE=10000000 go test -run '^$' -bench Judge -benchtime 1x ./corpus/neardup
func BenchmarkJudge(b *testing.B) {
	n := 100_000
	if s := os.Getenv("BROADSHEET_SCALE"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(512 << 20 * 9 / 10))
	for b.Loop() {
		judgeSynthetic(b, n)
	}
}

func judgeSynthetic(b *testing.B, n int) {
	dir := b.TempDir()
	set := NewSet("", "", [16]byte{}, "")
	set.Shingles = make([]uint32, 400)
	for i := range set.Shingles {
		set.Shingles[i] = uint32(i)
	}
	set.Length = 1000
	j := NewJudge(Options{Dir: dir, Memory: 512 << 20 / 4, Near: true, Sets: func(want iter.Seq[int64]) iter.Seq2[*Set, error] {
		return func(yield func(*Set, error) bool) {
			for range want {
				if !yield(set, nil) {
					return
				}
			}
		}
	}})
	defer j.Close()
	rng := rand.New(rand.NewPCG(1, 5))
	before := cpuTime(b)
	var e Entry
	for i := range n {
		for k := range e.Print.Bands {
			e.Print.Bands[k] = rng.Uint64()
		}
		for k := range e.Print.Titles {
			e.Print.Titles[k] = rng.Uint64()
		}
		original := uint64(i)
		if i%10 == 9 { // near the one before: a fifth of the bands
			original--
			for k := 0; k < Bands; k += 5 {
				e.Print.Bands[k] = mix(original<<8 | uint64(k))
			}
		} else {
			for k := 0; k < Bands; k += 5 {
				e.Print.Bands[k] = mix(uint64(i)<<8 | uint64(k))
			}
		}
		e.Seq, e.Print.Text = int64(i), [2]uint64{rng.Uint64() | 1, rng.Uint64()}
		url := uint64(i)
		if i%50 == 49 {
			url -= uint64(rng.IntN(min(i, 1000)))
		}
		e.URL, e.Title, e.Text = hashed(url, 1), hashed(url, 2), hashed(uint64(i), 3)
		e.Fetched = int64(rng.IntN(1 << 30))
		e.Rank = RankKey(uint8(rng.IntN(4)), rng.Uint32N(10000), e.Fetched)
		if err := j.Add(&e); err != nil {
			b.Fatal(err)
		}
	}
	v, err := j.Decide()
	if err != nil {
		b.Fatal(err)
	}
	for _, err := range v.All() {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(n)/1e3, "cpu-µs/doc")
	b.ReportMetric(float64(v.Stats().Candidates), "candidates")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
}

func hashed(n, kind uint64) (k [16]byte) {
	binary.BigEndian.PutUint64(k[:], mix(n*8+kind))
	binary.BigEndian.PutUint64(k[8:], mix(n*8+kind)*rollPrime)
	return k
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Skip(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

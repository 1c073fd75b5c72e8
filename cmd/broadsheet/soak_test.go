//go:build unix

package main

import (
	"bytes"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var soak = flag.Duration("soak", 0, "how long TestSoak builds, kills, resumes, verifies and takes down; make soak does for an hour")

// Hours of builds on one folder, with kills, resumes, reruns over a collection that grows and shrinks, verifies,
// differences and takedowns: the datasets stay equal, and neither the files on the disk, nor the open files, the
// goroutines and the memory of a process that runs all of it grow.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("without -soak DURATION; make soak runs an hour")
	}
	r := rand.New(rand.NewPCG(*seed, 3))
	base := t.TempDir()
	in, spare := filepath.Join(base, "in"), filepath.Join(base, "spare")
	sampleFolder(t, in, 8)
	names := filesUnder(t, in)
	moved := names[len(names)/2:]
	moved = moved[:min(len(moved), 40)]
	program := func(args ...string) (int, string) {
		var said bytes.Buffer
		code := run(append([]string{"broadsheet"}, args...), strings.NewReader(""), io.Discard, &said)
		return code, said.String()
	}
	must := func(want int, args ...string) {
		t.Helper()
		if code, said := program(args...); code != want {
			t.Fatalf("%v: code %d, want %d: %s", args, code, want, said)
		}
	}
	out, work := filepath.Join(base, "p", "out"), filepath.Join(base, "p", "work")
	build := []string{"build", in, "--out", out, "--quiet", "--max-unreadable", "100%", "--shard-size", "100KiB", "--memory", "577MiB"}
	fresh := append(slices.Clone(build), "--force")
	kept := append(slices.Clone(fresh), "--work", work)
	must(0, fresh...)
	want := treeHash(t, out)
	list := filepath.Join(base, "list")
	put(t, list, []byte(oneID(t, out)+"\n"))
	type state struct {
		rss, heap int64
		fds, goroutines,
		files int
	}
	var states []state
	look := func() state {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fds, _ := os.ReadDir("/proc/self/fd")
		var usage syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		return state{int64(usage.Maxrss), int64(m.HeapAlloc), len(fds), runtime.NumGoroutine(), len(filesUnder(t, base))}
	}
	killed, took := 0, 0
	for end := time.Now().Add(*soak); time.Now().Before(end) || len(states) < 6; {
		// Killed as a process of its own, then resumed in this one.
		p := place{dir: filepath.Join(base, "p"), args: fresh[1:]}
		if code, _, _ := p.until(t, 1+r.IntN(25), time.Duration(r.IntN(20))*time.Millisecond, []os.Signal{syscall.SIGKILL}); code == -1 {
			killed++
		}
		must(0, fresh...)
		if got := treeHash(t, out); got != want {
			t.Fatalf("round %d: resumed, the build ends otherwise", len(states))
		}
		must(0, "verify", out)
		must(0, "stats", out)
		// The collection shrinks and grows again under a kept work folder.
		for _, name := range moved {
			move(t, filepath.Join(in, name), filepath.Join(spare, name))
		}
		must(0, kept...)
		for _, name := range moved {
			move(t, filepath.Join(spare, name), filepath.Join(in, name))
		}
		must(0, kept...)
		if got := treeHash(t, out); got != want {
			t.Fatalf("round %d: with kept work, the build ends otherwise", len(states))
		}
		if code, _ := program("help", "takedown"); code == 0 {
			must(0, "takedown", out, "--list", list)
			must(0, "verify", out)
			if got := treeHash(t, out); got == want {
				t.Fatalf("round %d: nothing was taken down", len(states))
			}
			took++
		}
		os.RemoveAll(out)
		must(0, build...)
		states = append(states, look())
	}
	third := len(states) / 3
	first, last := states[:third], states[len(states)-third:]
	t.Logf("%d rounds in %v, %d killed, %d taken down", len(states), *soak, killed, took)
	t.Logf("first round %+v, last round %+v", states[0], states[len(states)-1])
	worst := func(of []state, f func(state) int64) int64 {
		m := int64(0)
		for _, s := range of {
			m = max(m, f(s))
		}
		return m
	}
	for _, c := range []struct {
		what  string
		f     func(state) int64
		slack func(int64) int64
	}{
		{"peak resident size, KiB", func(s state) int64 { return s.rss }, func(n int64) int64 { return n + n/4 }},
		{"heap after collection, bytes", func(s state) int64 { return s.heap }, func(n int64) int64 { return n + n/4 + 8<<20 }},
		{"open files", func(s state) int64 { return int64(s.fds) }, func(n int64) int64 { return n }},
		{"goroutines", func(s state) int64 { return int64(s.goroutines) }, func(n int64) int64 { return n }},
		{"files on the disk", func(s state) int64 { return int64(s.files) }, func(n int64) int64 { return n }},
	} {
		a, b := worst(first, c.f), worst(last, c.f)
		t.Logf("%s: at most %d in the first third, %d in the last", c.what, a, b)
		if b > c.slack(a) {
			t.Errorf("%s grow from %d to %d", c.what, a, b)
		}
	}
}

func filesUnder(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			names = append(names, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// oneID is the id of a document of the dataset.
func oneID(t *testing.T, dir string) string {
	t.Helper()
	d := dataset(t, dir)
	for doc, err := range d.Documents() {
		if err != nil {
			t.Fatal(err)
		}
		return doc.ID
	}
	t.Fatal("the dataset is empty")
	return ""
}

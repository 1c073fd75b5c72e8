package main

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"broadsheet/corpus"
)

// countdown is a context that has ended once it was asked so many times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func after(asks int64) *countdown {
	c := &countdown{Context: context.Background()}
	c.left.Store(asks)
	return c
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// some are numbers from 0 up to and without n, the first and the last among them.
func some(n int64) (out []int64) {
	count := int64(12)
	if testing.Short() {
		count = 4
	}
	for i := range min(n, count) {
		out = append(out, i*(n-1)/max(min(n, count)-1, 1))
	}
	return out
}

// A takedown that is interrupted, wherever it is, leaves the dataset as it was and nothing beside it; the same command
// then gives what an undisturbed one does.
func TestInterruptedTakedown(t *testing.T) {
	built := filepath.Join(t.TempDir(), "built")
	mustRun(t, "build", filepath.Join("..", "..", "testdata", "articles"), "--out", built, "--quiet", "--max-unreadable", "100%",
		"--keep-dropped", "--signals", "--shard-size", "8KiB")
	d, done, err := openDataset(built)
	if err != nil {
		t.Fatal(err)
	}
	documents := allOf(t, d.Documents())
	done()
	name := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(name, []byte(documents[len(documents)/2].ID+"\n"+documents[0].ID+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	takeDown := func(ctx context.Context, dir string) error {
		list, err := readList(name)
		if err != nil {
			t.Fatal(err)
		}
		return (&takedown{dir: dir, listName: name, list: list, options: corpus.TakedownOptions{Jobs: 1, Memory: 1 << 30}, out: io.Discard, messages: io.Discard}).run(ctx)
	}
	beside := func(dir string) (names []string) {
		entries, err := os.ReadDir(filepath.Dir(dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	plain, ctx := copyOf(t, built), after(math.MaxInt64)
	before := len(beside(plain))
	if err := takeDown(ctx, plain); err != nil {
		t.Fatal(err)
	}
	asked, want, was := math.MaxInt64-ctx.left.Load(), hashes(t, plain), hashes(t, built)
	for _, n := range some(asked) {
		dir := copyOf(t, built)
		if err := takeDown(after(n), dir); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted after %d of %d asks it ends with %v", n, asked, err)
		}
		if hashes(t, dir) != was {
			t.Errorf("interrupted after %d of %d asks, the dataset is not what it was", n, asked)
		}
		if names := beside(dir); len(names) != before {
			t.Errorf("interrupted after %d of %d asks it leaves %q", n, asked, names)
		}
		if err := takeDown(context.Background(), dir); err != nil || hashes(t, dir) != want {
			t.Errorf("after an interrupt after %d of %d asks the same command ends otherwise: %v", n, asked, err)
		}
	}
}

// An interrupted diff leaves nothing of its sorts and tells nothing.
func TestInterruptedDiff(t *testing.T) {
	articles, dir := filepath.Join("..", "..", "testdata", "articles"), t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	mustRun(t, "build", articles, "--out", a, "--quiet", "--max-unreadable", "100%")
	mustRun(t, "build", articles, "--out", b, "--quiet", "--max-unreadable", "100%", "--dedupe", "none")
	t.Setenv("TMPDIR", t.TempDir())
	old, done, err := openDataset(a)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	now, done, err := openDataset(b)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	ctx := after(math.MaxInt64)
	if _, err := compare(ctx, old, now); err != nil {
		t.Fatal(err)
	}
	asked := math.MaxInt64 - ctx.left.Load()
	for _, n := range some(asked) {
		if d, err := compare(after(n), old, now); !errors.Is(err, context.Canceled) || d != nil {
			t.Errorf("interrupted after %d of %d asks it ends with %v, %v", n, asked, d, err)
		}
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

package corpus

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/schema"
)

// Whatever a machine that lost its power left of a kept work folder (files cut short, blocks of zeros, other bytes, files
// without their companions, names of unfinished files), the next build ends with what a full one gives: what cannot be
// trusted is read anew.
func TestDamagedWorkIsReadAnew(t *testing.T) {
	input := filepath.Join(t.TempDir(), "in")
	if err := os.CopyFS(input, os.DirFS(articles)); err != nil {
		t.Fatal(err)
	}
	var lines []byte
	for i := range 200 { // a line file of more than one part
		lines = fmt.Appendf(lines, "{\"url\":\"https://lines.example/%d\",\"text\":\"", i)
		for j := range 700 {
			lines = fmt.Appendf(lines, "%x ", uint32(i*700+j)*0x9e3779b1)
		}
		lines = append(lines, "\"}\n"...)
	}
	if err := os.WriteFile(filepath.Join(input, "many.jsonl"), lines, 0o644); err != nil {
		t.Fatal(err)
	}
	kept := t.TempDir()
	want := buildHere(t, input, kept).bytes(t)
	var files []string
	filepath.WalkDir(kept, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(kept, name)
			files = append(files, rel)
		}
		return err
	})
	if len(files) < 3 {
		t.Fatalf("the work folder holds only %v", files)
	}
	n := 90
	if testing.Short() {
		n = 20
	}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range n {
		work := filepath.Join(t.TempDir(), "work")
		if err := os.CopyFS(work, os.DirFS(kept)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(work, lockFile), nil, 0o644); err != nil { // as a killed build leaves it
			t.Fatal(err)
		}
		name := files[i%len(files)]
		what := damageFile(t, r, filepath.Join(work, name))
		got, err := buildAgain(input, work)
		if err != nil {
			t.Errorf("%s, %s: %v", name, what, err)
		} else if got.bytes(t) != want {
			t.Errorf("%s, %s: another dataset", name, what)
		}
		os.RemoveAll(work)
	}
}

// buildAgain is buildHere where the build may fail.
func buildAgain(input, work string) (*memory, error) {
	inputs, err := NewInputs([]string{input})
	if err != nil {
		return nil, err
	}
	run := Run{Config: Defaults(), Files: Walk(inputs), Tool: schema.Tool{Name: "broadsheet", Version: "test"}, Jobs: 1, Memory: 1 << 30}
	if run.Work, err = OpenWork(work, "test", run.Config); err != nil {
		return nil, err
	}
	defer run.Work.Release()
	out := &memory{}
	_, err = run.Build(context.Background(), out)
	return out, err
}

// damageFile does to a file what an interrupted machine may do, and says what.
func damageFile(t *testing.T, r *rand.Rand, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	what := ""
	switch r.IntN(6) {
	case 0:
		n := r.IntN(len(b) + 1)
		b, what = b[:n], fmt.Sprintf("cut to %d bytes", n)
	case 1:
		from := r.IntN(len(b))
		to := min(len(b), from+1+r.IntN(4096))
		clear(b[from:to])
		what = fmt.Sprintf("zeros from %d to %d", from, to)
	case 2:
		clear(b)
		what = "zeros"
	case 3:
		os.Rename(name, name+".tmp")
		return "still under its unfinished name"
	case 4:
		os.Remove(name)
		return "removed"
	default:
		at, bit := r.IntN(len(b)), r.IntN(8)
		b[at] ^= 1 << bit
		what = fmt.Sprintf("bit %d of byte %d flipped", bit, at)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return what
}

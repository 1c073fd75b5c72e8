package corpus

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/schema"
)

// Files that are removed, replaced, grown or cut between the walk and the reading, or while they are read, have one
// outcome each; their neighbours do not notice.
func TestFilesThatChange(t *testing.T) {
	long := strings.Repeat("A line of some words that stands for many others like it.\n", 40_000)
	for _, c := range []struct {
		name   string
		change func(name string) error
		want   schema.Reason // empty: kept, as it is now
	}{
		{"removed", os.Remove, schema.Unreadable},
		{"a folder now", func(name string) error { os.Remove(name); return os.Mkdir(name, 0o755) }, schema.Unreadable},
		{"grown", func(name string) error { return os.WriteFile(name, []byte(long+"And more.\n"), 0o644) }, ""},
		{"cut", func(name string) error {
			return os.WriteFile(name, []byte("It is short now, and is read as it is.\n"), 0o644)
		}, ""},
		{"empty", func(name string) error { return os.Truncate(name, 0) }, schema.Empty},
	} {
		for _, ext := range []string{".md", ".jsonl"} {
			dir := filepath.Join(t.TempDir(), "in")
			names := map[string]string{"a.md": "The first neighbour tells of a village in the hills.\n", "m" + ext: long, "z.md": "The last neighbour tells of a town by the sea.\n"}
			if ext == ".jsonl" {
				names["m"+ext] = strings.Repeat(`{"text":"`+strings.Repeat("Words stand here. ", 20)+`"}`+"\n", 5000)
			}
			for name, text := range names {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			inputs, err := NewInputs([]string{dir})
			if err != nil {
				t.Fatal(err)
			}
			changed := false
			files := func(yield func(File, error) bool) {
				for f, err := range Walk(inputs) {
					if err == nil && strings.HasSuffix(f.Path, "m"+ext) && !changed {
						changed = true
						if err := c.change(f.Name); err != nil {
							t.Fatal(err)
						}
					}
					if !yield(f, err) {
						return
					}
				}
			}
			rows := outcomesOf(t, files)
			var mine []schema.Outcome
			for _, o := range rows {
				if strings.HasPrefix(o.Path, "in/m") {
					mine = append(mine, o)
				}
			}
			switch {
			case rows[0].Outcome != schema.Kept || rows[len(rows)-1].Outcome != schema.Kept:
				t.Errorf("%s %s: the neighbours are %+v and %+v", ext, c.name, rows[0], rows[len(rows)-1])
			case ext == ".md" && (len(mine) != 1 || mine[0].Reason != c.want):
				t.Errorf("%s %s: %+v, want one row with %q", ext, c.name, mine, c.want)
			case ext == ".jsonl" && c.want == schema.Unreadable && (len(mine) != 1 || mine[0].Reason != c.want):
				t.Errorf("%s %s: %d rows, want one that says why", ext, c.name, len(mine))
			}
		}
	}
}

// A file that changes while it is read is said to have changed, and nothing of it is kept.
func TestFileThatChangesWhileItIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "in")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "m.md")
	if err := os.WriteFile(name, []byte(strings.Repeat("Some words of a line.\n", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	inputs, err := NewInputs([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	r := newUnitReader(Defaults())
	for f, err := range Walk(inputs) {
		if err != nil {
			t.Fatal(err)
		}
		r.out = writing(nil)
		in, err := os.Open(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		// A reader that is slower than the writer: the file grows between the first and the last look at it.
		grow := &growing{r: in, name: name}
		before, err := in.Stat()
		if err != nil {
			t.Fatal(err)
		}
		r.opened(taskFile{File: f}, in, grow, before, &readFile{path: f.Path, size: f.Size})
		var d draft
		records := reading(r.out.buf)
		records.sized(d.wire)
		if r.units != 1 || d.Reason != schema.Unreadable || !strings.Contains(d.Detail, "changed while it was read") {
			t.Errorf("%d units, %s %s", r.units, d.Reason, d.Detail)
		}
	}
}

// growing appends to the file once it was read from.
type growing struct {
	r    *os.File
	name string
	done bool
}

func (g *growing) Read(p []byte) (int, error) {
	n, err := g.r.Read(p[:min(len(p), 64)])
	if !g.done {
		g.done = true
		f, err := os.OpenFile(g.name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return n, err
		}
		defer f.Close()
		if _, err := fmt.Fprintln(f, "One line more."); err != nil {
			return n, err
		}
	}
	return n, err
}

// outcomesOf builds and gives the outcomes.
func outcomesOf(t *testing.T, files iter.Seq2[File, error]) []schema.Outcome {
	t.Helper()
	run := Run{Config: Defaults(), Files: files, Tool: schema.Tool{Name: "broadsheet", Version: "test"}, Jobs: 1, Memory: 1 << 30}
	var err error
	if run.Work, err = OpenWork(t.TempDir(), "test", run.Config); err != nil {
		t.Fatal(err)
	}
	defer run.Work.Release()
	out := &memory{}
	if _, err := run.Build(context.Background(), out); err != nil {
		t.Fatal(err)
	}
	return out.outcomes
}

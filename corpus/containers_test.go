package corpus

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/schema"
)

// The outcome of a damaged container comes before those of its lines, whether it has one part, many or no line at all,
// and every other row stays where it is.
func TestADamagedContainerComesBeforeItsLines(t *testing.T) {
	dir, work := filepath.Join(t.TempDir(), "in"), t.TempDir()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lines := func(site string, n int) []byte {
		var b bytes.Buffer
		for i := range n {
			fmt.Fprintf(&b, "{\"url\":\"https://%s.example/%d\",\"text\":\"", site, i)
			for j := range 700 {
				fmt.Fprintf(&b, "%x ", uint32(i*700+j)*0x9e3779b1)
			}
			b.WriteString("\"}\n")
		}
		return b.Bytes()
	}
	packed := func(data []byte, whole bool) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(data)
		z.Close()
		if whole {
			return b.Bytes()
		}
		return b.Bytes()[:b.Len()-b.Len()/20]
	}
	write("a.jsonl.gz", packed(lines("a", 20), false))
	write("b.jsonl.gz", packed(lines("b", 700), false)) // of some parts
	write("c.jsonl.gz", packed(lines("c", 20), true))
	write("d.jsonl.gz", packed(lines("d", 20), false)[:12]) // no line comes out of it
	write("d.jsonl.gz:1.txt", []byte("A file may have the name of a line and an ending. It is an article of its own."))
	write("e.jsonl", lines("e", 3))
	write("e.jsonl:x", []byte("not an article"))
	write("f.txt", []byte("The last file of them all is a plain one, with two sentences. This is the second."))
	for _, what := range []string{"new", "kept work"} {
		m := buildHere(t, dir, work, func(r *Run) { r.Config.KeepDropped = true })
		var paths, damaged []string
		for _, o := range m.outcomes {
			paths = append(paths, o.Path)
			if strings.HasSuffix(o.Path, ".gz") {
				damaged = append(damaged, o.Path)
				if o.Outcome != schema.Rejected || o.Detail == "" || o.Notes == nil {
					t.Errorf("%s: %+v", what, o)
				}
			}
		}
		if !slices.IsSortedFunc(paths, comparePaths) {
			t.Errorf("%s: the outcomes are not in the order of their paths: %q", what, paths)
		}
		if want := []string{"in/a.jsonl.gz", "in/b.jsonl.gz", "in/d.jsonl.gz"}; !slices.Equal(damaged, want) {
			t.Errorf("%s: the damaged containers are %q", what, damaged)
		}
		if got := m.manifest.Outcomes.Units; int64(len(paths)) != got || len(slices.Compact(slices.Sorted(slices.Values(paths)))) != len(paths) {
			t.Errorf("%s: %d outcomes of %d units", what, len(paths), got)
		}
	}
}

func TestFileOfLine(t *testing.T) {
	for path, want := range map[string]string{
		"a.jsonl:1": "a.jsonl", "a:1:20": "a:1", "a.jsonl": "", "a.jsonl:": "", "a.jsonl:x1": "", ":7": "", "a:1.txt": "",
	} {
		if got := fileOfLine(path); got != want {
			t.Errorf("fileOfLine(%q) = %q, want %q", path, got, want)
		}
	}
}

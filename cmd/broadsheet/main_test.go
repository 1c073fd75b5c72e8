package main

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"broadsheet/writers"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts and golden files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadsheet": main})
}

// TestScripts runs what people type: each script of testdata/script is one promise.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ARTICLES", filepath.Join(root, "testdata", "articles"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"outcomes":  showOutcomes,
			"documents": showDocuments,
			"digest":    digest,
			"damage":    damage,
		},
	})
}

// outcomes DIR prints the path, outcome, reason and detail of each unit.
func showOutcomes(ts *testscript.TestScript, neg bool, args []string) {
	d := open(ts, neg, args)
	var b strings.Builder
	for o, err := range d.Outcomes() {
		ts.Check(err)
		fmt.Fprintf(&b, "%s %s", o.Path, o.Outcome)
		if o.Reason != "" {
			fmt.Fprintf(&b, " %s", o.Reason)
		}
		if o.Detail != "" {
			fmt.Fprintf(&b, " | %s", o.Detail)
		}
		if len(o.Notes) > 0 {
			fmt.Fprintf(&b, " # %s", strings.Join(o.Notes, " "))
		}
		b.WriteByte('\n')
	}
	fmt.Fprint(ts.Stdout(), b.String())
}

// documents DIR [COLUMN...] prints each document as JSON, or only some of its columns.
func showDocuments(ts *testscript.TestScript, neg bool, args []string) {
	d := open(ts, neg, args[:1])
	for doc, err := range d.Documents() {
		ts.Check(err)
		b, err := json.Marshal(doc)
		ts.Check(err)
		if len(args) == 1 {
			fmt.Fprintf(ts.Stdout(), "%s\n", b)
			continue
		}
		var columns map[string]any
		ts.Check(json.Unmarshal(b, &columns))
		for i, name := range args[1:] {
			if i > 0 {
				fmt.Fprint(ts.Stdout(), " | ")
			}
			v, ok := columns[name]
			if !ok {
				ts.Fatalf("there is no column %q", name)
			}
			fmt.Fprint(ts.Stdout(), v)
		}
		fmt.Fprintln(ts.Stdout())
	}
}

func open(ts *testscript.TestScript, neg bool, args []string) *writers.Reader {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: COMMAND DIR ...")
	}
	root, err := os.OpenRoot(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { root.Close() })
	d, err := writers.Open(writers.Root(root))
	ts.Check(err)
	return d
}

// digest DIR... demands that the folders hold the same files with the same bytes.
func digest(ts *testscript.TestScript, neg bool, args []string) {
	var first string
	for i, dir := range args {
		h := sha256.New()
		root := ts.MkAbs(dir)
		ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			b, err := os.ReadFile(path)
			fmt.Fprintf(h, "%s %x\n", filepath.ToSlash(rel), sha256.Sum256(b))
			return err
		}))
		sum := fmt.Sprintf("%x", h.Sum(nil))
		if i == 0 {
			first = sum
			continue
		}
		if same := sum == first; same == neg {
			ts.Fatalf("%s and %s: same bytes is %v", args[0], dir, same)
		}
	}
}

// damage FILE flips one bit in the middle of a file.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage FILE")
	}
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	b[len(b)/2] ^= 1
	ts.Check(os.WriteFile(name, b, 0o644))
}

// dataset opens a dataset until the test ends.
func dataset(t *testing.T, dir string) *writers.Reader {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	d, err := writers.Open(writers.Root(root))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

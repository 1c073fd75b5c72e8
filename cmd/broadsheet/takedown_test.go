package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"broadsheet/corpus"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
	"broadsheet/writers"
)

// mustRun runs a command and gives what it prints.
func mustRun(t testing.TB, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"broadsheet"}, args...), strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("%q: exit code %d: %s%s", args, code, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

// copyOf is a copy of a dataset.
func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "dataset")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// hashes are those of all files below a folder.
func hashes(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		fmt.Fprintf(&b, "%s %x\n", name, sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func allOf[T any](t testing.TB, rows func(func(*T, error) bool)) (out []T) {
	t.Helper()
	for r, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, *r)
	}
	return out
}

// told is every string that a dataset holds: the rows of its files, and the files that are text.
func told(t testing.TB, dir string) string {
	t.Helper()
	d, done, err := openDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%+v\n", allOf(t, d.Documents()), allOf(t, d.Outcomes()), allOf(t, d.Boilerplate()), allOf(t, d.Dropped()))
	for _, s := range allOf(t, d.Signals()) {
		b.WriteString(s.ID + "\n")
	}
	for _, f := range d.Manifest().Files {
		if f.Format != "parquet" && f.Format != "jsonl" {
			content, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			b.Write(content)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, schema.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	b.Write(content)
	return b.String()
}

// Whatever is on the list and however the dataset was built: what is left is a dataset that verifies, of the documents
// that did not go; no path, address, title or text of what went is in it; two lists one after the other leave what both
// together leave, byte for byte, with any number of workers and any memory; and the same list again changes nothing.
func TestTakedown(t *testing.T) {
	articles := filepath.Join("..", "..", "testdata", "articles")
	for name, flags := range map[string][]string{
		"near":    {"--keep-dropped", "--signals", "--shard-size", "8KiB"},
		"mark":    {"--dedupe", "mark", "--shard-size", "8KiB", "--order", "shuffle:1", "--split", "train=0.6,test=0.4"},
		"none":    {"--dedupe", "none", "--formats", "jsonl", "--shard-size", "4KiB"},
		"parquet": {"--formats", "parquet", "--min-chars", "200"},
	} {
		t.Run(name, func(t *testing.T) {
			built := filepath.Join(t.TempDir(), "built")
			mustRun(t, append([]string{"build", articles, "--out", built, "--quiet", "--max-unreadable", "100%"}, flags...)...)
			d, done, err := openDataset(built)
			if err != nil {
				t.Fatal(err)
			}
			outcomes, documents := allOf(t, d.Outcomes()), allOf(t, d.Documents())
			done()
			var entries []string
			for _, o := range outcomes {
				if o.ID != "" {
					entries = append(entries, o.ID)
				}
				if u, err := weburl.Parse(o.URL, ""); err == nil {
					entries = append(entries, o.URL, u.Host(), o.URL[:strings.LastIndexByte(o.URL, '/')+1]+"*")
				}
			}
			law := func(rt rapid.TB, lists [2][]string) {
				rt.Helper()
				files := [3]string{}
				for i, list := range [][]string{lists[0], lists[1], slices.Concat(lists[0], lists[1])} {
					files[i] = filepath.Join(t.TempDir(), "list")
					if err := os.WriteFile(files[i], []byte(strings.Join(list, "\n")), 0o666); err != nil {
						rt.Fatal(err)
					}
				}
				both, single := copyOf(t, built), copyOf(t, built)
				plan := mustRun(t, "takedown", both, "--list", files[2], "--dry-run")
				if hashes(t, both) != hashes(t, built) {
					rt.Fatal("a dry run changed the dataset")
				}
				mustRun(t, "takedown", both, "--list", files[2], "--quiet", "--jobs", "1", "--memory", "64MiB")
				mustRun(t, "takedown", single, "--list", files[0], "--quiet", "--jobs", "3")
				mustRun(t, "takedown", single, "--list", files[1], "--quiet")
				mustRun(t, "verify", both)
				first := hashes(t, both)
				if got := hashes(t, single); got != first {
					rt.Fatalf("one list after the other:\n%s\nboth together:\n%s", got, first)
				}
				mustRun(t, "takedown", both, "--list", files[2])
				if hashes(t, both) != first {
					rt.Fatal("the same list once more changed the dataset")
				}
				checkTakenDown(rt, t, both, outcomes, documents, lists, plan)
			}
			// A site's inputs one by one, and then the site: what was learned of it goes with its name.
			byHost := map[string][]string{}
			for _, o := range outcomes {
				if u, err := weburl.Parse(o.URL, ""); err == nil && o.ID != "" {
					host := strings.TrimPrefix(u.Host(), "www.")
					byHost[host] = append(byHost[host], o.ID)
				}
			}
			if len(byHost) == 0 {
				t.Fatal("no input has an address")
			}
			for _, host := range slices.Sorted(maps.Keys(byHost)) {
				if testing.Short() && host != "chaobao.example" {
					continue
				}
				law(t, [2][]string{byHost[host], {host}})
			}
			draws := 0
			rapid.Check(t, func(rt *rapid.T) {
				if draws++; testing.Short() && draws > 3 || draws > 10 {
					return // a run writes some hundred files
				}
				lists := [2][]string{}
				for i := range lists {
					lists[i] = rapid.SliceOfN(rapid.SampledFrom(entries), 1, 3).Draw(rt, "list")
				}
				law(rt, lists)
			})
		})
	}
}

// checkTakenDown compares what is left with what was there and was told to go.
func checkTakenDown(rt rapid.TB, t *testing.T, dir string, outcomes []schema.Outcome, documents []schema.Document, lists [2][]string, plan string) {
	d, done, err := openDataset(dir)
	if err != nil {
		rt.Fatal(err)
	}
	defer done()
	left := map[string]schema.Document{}
	for _, doc := range allOf(t, d.Documents()) {
		left[doc.ID] = doc
	}
	x, err := corpus.ReadExclusions(strings.NewReader(strings.Join(append(slices.Clone(lists[0]), lists[1]...), "\n")))
	if err != nil {
		rt.Fatal(err)
	}
	rows := map[string]bool{}
	remaining := int64(0)
	for _, o := range allOf(t, d.Outcomes()) {
		rows[o.Path] = true
		if o.Reason == schema.TakenDown {
			remaining++
		}
	}
	everything := told(t, dir)
	var stay []string // what others say may be said
	for _, doc := range left {
		stay = append(stay, doc.Title, doc.URL, doc.Text, doc.Extra)
	}
	for _, o := range outcomes {
		if rows[o.Path] {
			stay = append(stay, o.Title, o.URL, o.Path)
		}
	}
	said := strings.Join(stay, "\n")
	went := int64(0)
	for _, o := range outcomes {
		if x.Has(o.ID, o.URL) && rows[o.Path] {
			rt.Errorf("%s is on the list and still there", o.Path)
		}
		if rows[o.Path] {
			continue
		}
		went++
		if !strings.Contains(plan, o.Path) {
			rt.Errorf("%s went, and the dry run did not say so", o.Path)
		}
		for _, s := range []string{o.Path, o.URL, o.Title} {
			if s != "" && !strings.Contains(said, s) && strings.Contains(everything, s) {
				rt.Errorf("of %s remains %q", o.Path, s)
			}
		}
	}
	if went != remaining || d.Manifest().Outcomes.Reasons[schema.TakenDown] != went {
		rt.Errorf("%d went, %d rows remain of them, the manifest counts %d", went, remaining, d.Manifest().Outcomes.Reasons[schema.TakenDown])
	}
	for _, doc := range documents {
		now, is := left[doc.ID]
		if is != rows[doc.Path] {
			rt.Errorf("document %s is there: %v, its outcome: %v", doc.ID, is, rows[doc.Path])
		}
		if is && fmt.Sprintf("%+v", now.Text+now.Title+now.Path) != doc.Text+doc.Title+doc.Path {
			rt.Errorf("document %s is another one", doc.ID)
		}
		if start, _, _ := strings.Cut(doc.Text, "\n"); !is && len(start) > 40 && !strings.Contains(said, start) && strings.Contains(everything, start) {
			rt.Errorf("of document %s remains the text %q", doc.ID, start)
		}
	}
}

// A dataset that is being written is left alone.
func TestTakedownWaitsForNobody(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dataset")
	mustRun(t, "build", filepath.Join("..", "..", "testdata", "articles"), "--out", dir, "--quiet", "--max-unreadable", "100%")
	lock, err := lockDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte("lakepost.example"), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"broadsheet", "takedown", dir, "--list", list}, strings.NewReader(""), &out, &errs); code != exitFailed || !strings.Contains(errs.String(), "another build or takedown") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// Only shards that held what goes are written anew: the others are the same files under another name.
func TestTakedownLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dataset")
	mustRun(t, "build", filepath.Join("..", "..", "testdata", "articles"), "--out", dir, "--quiet", "--max-unreadable", "100%", "--shard-size", "4KiB")
	d, done, err := openDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	shards := d.Manifest().Shards()
	docs := allOf(t, d.Shard(shards[1]))
	done()
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte(docs[0].ID), 0o666); err != nil {
		t.Fatal(err)
	}
	before := map[string]os.FileInfo{}
	for _, s := range shards {
		for _, f := range s.Files {
			if before[f.Path], err = os.Stat(filepath.Join(dir, f.Path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	mustRun(t, "takedown", dir, "--list", list, "--quiet")
	anew := 0
	for name, info := range before {
		now, err := os.Stat(filepath.Join(dir, name))
		if err == nil && !os.SameFile(info, now) {
			anew++
		}
		if err != nil && len(docs) > 1 {
			t.Error(err)
		}
	}
	if len(shards) < 3 || len(docs) > 1 && anew != len(writers.Formats()) {
		t.Errorf("of %d shards %d files were written anew", len(shards), anew)
	}
}

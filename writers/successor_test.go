package writers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet/corpus"
	"broadsheet/schema"
)

// takeDown takes what is on the list out of a dataset, as the command does.
func takeDown(fsys FS, name, list string) error {
	x, err := corpus.ReadExclusions(strings.NewReader(list))
	if err != nil {
		return err
	}
	s, err := NewStage(fsys, name)
	if err != nil {
		return err
	}
	if err := s.Recover(); err != nil {
		return err
	}
	d, err := s.Predecessor()
	if err != nil {
		return err
	}
	plan, err := corpus.PlanTakedown(context.Background(), d, x, corpus.TakedownOptions{Memory: 256 << 20})
	if err != nil {
		return err
	}
	if plan.Inputs() == 0 {
		return s.Discard()
	}
	next, err := s.Succeed(Options{Version: "0"})
	if err != nil {
		return err
	}
	if _, err := plan.Write(context.Background(), testSuccessor{next}); err != nil {
		return err
	}
	return errors.Join(s.Publish(true), s.Recover())
}

// testSuccessor gives the tables the types that package corpus has for them.
type testSuccessor struct{ *Successor }

func (t testSuccessor) Outcomes() corpus.Table[schema.Outcome] { return t.Successor.Outcomes() }
func (t testSuccessor) Boilerplate() corpus.Table[schema.Boilerplate] {
	return t.Successor.Boilerplate()
}
func (t testSuccessor) Finish(m *schema.Manifest, s *schema.Samples) error {
	page, err := Report(m, s)
	if err != nil {
		return err
	}
	f, err := t.WriteFile("report.html", "html", page)
	if err != nil {
		return err
	}
	m.Files = append(m.Files, f)
	return t.Dir.Finish(m)
}

// noLinks is a file system without second names.
type noLinks struct{ FS }

func (noLinks) Link(from, to string) error { return syscall.EPERM }

// Each operation of a takedown fails in turn, or is the last one before a crash. Whatever happens, the old dataset or the
// new one is whole, nothing else is under its name, and the same command goes on to the same end.
func TestTakedownFaults(t *testing.T) {
	list := someDocuments(3)[2].ID + "\n" // all of the second shard; the first one is kept
	list += someDocuments(3)[0].URL
	old := newMemFS()
	if err := buildSample(old, "out", " old", false); err != nil {
		t.Fatal(err)
	}
	want := old.clone()
	if err := takeDown(want, "out", list); err != nil {
		t.Fatal(err)
	}
	if _, problems, err := Verify(Sub(want, "out"), VerifyOptions{}); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if got := slices.Sorted(maps.Keys(want.snapshot("."))); !slices.Contains(got, "out/data/train-00000.parquet") || slices.Contains(got, "out/data/train-00001.parquet") {
		t.Fatalf("there are %q", got)
	}
	errPower := errors.New("power cut")
	for _, links := range []bool{true, false} {
		setup := func() (m *memFS, fsys FS) {
			m = old.clone()
			if !links {
				return m, noLinks{m}
			}
			return m, m
		}
		_, fsys := setup()
		count := &faultFS{FS: fsys}
		if err := takeDown(count, "out", list); err != nil {
			t.Fatal(err)
		}
		t.Logf("links %v: %d operations", links, len(count.ops))
		for _, fault := range []error{syscall.EIO, syscall.ENOSPC, errShort, errLie, errCrash, errPower} {
			for at := 1; at <= len(count.ops); at++ {
				op, name, _ := strings.Cut(count.ops[at-1], " ")
				if (fault == errShort || fault == errLie) && op != "write" || testing.Short() && at%11 != 0 {
					continue
				}
				m, fsys := setup()
				crash := fault == errCrash || fault == errPower
				err := takeDown(&faultFS{FS: fsys, at: at, fault: fault, crash: crash}, "out", list)
				if fault == errPower {
					m.powerCut()
				}
				what := fmt.Sprintf("links %v, %v at %d (%s %s)", links, fault, at, op, name)
				got := m.snapshot("out")
				isNew, isOld := reflect.DeepEqual(got, want.snapshot("out")), reflect.DeepEqual(got, old.snapshot("out"))
				switch {
				case err == nil && !isNew:
					t.Errorf("%s: no error, and not the dataset", what)
				case err != nil && len(got) > 0 && !isNew && !isOld:
					t.Errorf("%s: neither the old dataset nor the new one", what)
				case err != nil && len(got) == 0 && !crash:
					t.Errorf("%s: the dataset is gone: %v", what, err)
				}
				if err := takeDown(fsys, "out", list); err != nil {
					t.Errorf("%s: once more: %v", what, err)
				} else if !reflect.DeepEqual(m.snapshot("."), want.snapshot(".")) {
					t.Errorf("%s: once more ends otherwise", what)
				}
			}
		}
	}
}

// What cannot be taken over as it is, or is not known, is refused by name.
func TestSuccessorRefuses(t *testing.T) {
	fsys := newMemFS()
	if err := buildSample(fsys, "out", "", false); err != nil {
		t.Fatal(err)
	}
	s, err := NewStage(fsys, "out")
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Predecessor()
	if err != nil {
		t.Fatal(err)
	}
	shard := d.Manifest().Shards()[0].Files[0]
	next, err := s.Succeed(Options{})
	if err != nil {
		t.Fatal(err)
	}
	longer := shard
	longer.Bytes++
	damaged := shard
	damaged.SHA256 = strings.Repeat("0", 64)
	for what, err := range map[string]error{
		"a file of another size": next.Keep(longer),
		"a file that is missing": next.Keep(schema.File{Path: "data/none.parquet"}),
		"a folder":               next.Keep(schema.File{Path: "data"}),
		"a copy that differs":    (&Successor{next.Dir, &Stage{noLinks{fsys}, s.name, s.partial, s.aside}}).Keep(damaged),
	} {
		if err == nil || !strings.Contains(err.Error(), "keep data") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, name := range []string{"audit/unheard-00000.parquet", "audit/dropped-x.parquet"} {
		if _, _, err := next.KeepWithout(schema.File{Path: name}, func(string) bool { return false }); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of a table that loses rows, files keep their names; the first one stays when it is empty, and the others go.
func TestKeepWithout(t *testing.T) {
	fsys := newMemFS()
	if err := buildSample(fsys, "out", "", false); err != nil {
		t.Fatal(err)
	}
	row := func(id string) *schema.Dropped {
		return &schema.Dropped{Path: "p/" + id, Outcome: schema.Filtered, Reason: schema.TooShort, ID: id, Text: "text " + id}
	}
	var files []schema.File
	for n, ids := range [][]string{{"a", "b"}, {"c"}, {"d"}} {
		table := NewDir(Sub(fsys, "out"), Options{}).Dropped()
		table.first = n
		for _, id := range ids {
			if err := table.Add(row(id)); err != nil {
				t.Fatal(err)
			}
		}
		f, err := table.Close()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f...)
	}
	s, err := NewStage(fsys, "out")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		gone string
		want string // the rows of each file that is left
	}{{"", "0:ab 1:c 2:d"}, {"a", "0:b 1:c 2:d"}, {"ab", "0: 1:c 2:d"}, {"c", "0:ab 2:d"}, {"abcd", "0:"}} {
		next, err := s.Succeed(Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, f := range files {
			kept, ok, err := next.KeepWithout(f, func(id string) bool { return strings.Contains(c.gone, id) })
			if err != nil {
				t.Fatal(err)
			}
			_, err = fsys.Lstat("out.partial/" + f.Path)
			if there := !errors.Is(err, fs.ErrNotExist); there != ok {
				t.Errorf("without %q: %s is there: %v, told: %v", c.gone, f.Path, there, ok)
			}
			if !ok {
				continue
			}
			ids := ""
			for r, err := range ReadParquet[schema.Dropped](Sub(fsys, "out.partial"), kept.Path) {
				if err != nil {
					t.Fatal(err)
				}
				ids += r.ID
			}
			if int64(len(ids)) != kept.Rows || kept.Path != f.Path {
				t.Errorf("without %q: the entry of %s is %+v", c.gone, f.Path, kept)
			}
			got = append(got, fmt.Sprintf("%d:%s", i, ids))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("without %q: %q, want %q", c.gone, got, c.want)
		}
	}
}

// Rows at places, rows without texts and the rows of lines are those of the whole shard.
func TestPartsOfShards(t *testing.T) {
	docs := someDocuments(150)
	for _, formats := range [][]Format{Formats(), Formats()[1:]} {
		fsys := newMemFS()
		files, err := NewDir(fsys, Options{}).WriteShard(Shard{"train", 0}, formats, each(docs))
		if err != nil {
			t.Fatal(err)
		}
		m := &schema.Manifest{Files: files}
		r := &Reader{fsys, m}
		if got := collect(t, r.Documents()); !reflect.DeepEqual(got, docs) {
			t.Errorf("%s: other documents", files[0].Format)
		}
		shard := m.Shards()[0]
		at := []int64{0, 1, 63, 64, 149}
		for i, d := range collect(t, r.At(shard, at)) {
			if !reflect.DeepEqual(d, docs[at[i]]) {
				t.Errorf("%s: row %d is %s", files[0].Format, at[i], d.ID)
			}
		}
		if n := len(collect(t, r.At(shard, at))); n != len(at) {
			t.Errorf("%s: %d rows for %d places", files[0].Format, n, len(at))
		}
		for i, d := range collect(t, r.Briefs(shard)) {
			want := docs[i]
			want.Text = ""
			if formats[0].Name == "parquet" {
				want.CreatedFrom, want.LanguageScore = "", 0
			}
			if !reflect.DeepEqual(d, want) {
				t.Fatalf("%s: row %d without its text is\n%+v, want\n%+v", files[0].Format, i, d, want)
			}
		}
	}
}

// Verify says of a document that it was taken down, and of what was taken down that more remains than may.
func TestVerifyTakenDown(t *testing.T) {
	fsys := newMemFS()
	if err := buildSample(fsys, "out", "", false); err != nil {
		t.Fatal(err)
	}
	id := someDocuments(3)[1].ID
	_, problems, err := Verify(Sub(fsys, "out"), VerifyOptions{TakenDown: func(d *schema.Document) bool { return d.ID == id }})
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0].What, id+" was taken down") {
		t.Errorf("%v, %v", problems, err)
	}
	for _, o := range []schema.Outcome{{URL: "https://example.org/a"}, {Title: "t"}, {Detail: "d"}, {DuplicateOf: id}, {Notes: []string{"n"}}, {CharsRead: 1}, {Created: schema.At(time.UnixMilli(1))}} {
		o.Path, o.Outcome, o.Reason = "p", schema.Filtered, schema.TakenDown
		if err := checkOutcome(&o); err == nil {
			t.Errorf("%+v is taken for all that remains", o)
		}
	}
}

package writers

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"broadsheet/schema"
)

// faultFS fails one operation, or lies about it.
type faultFS struct {
	FS
	at    int // counts down; the operation that brings it to 0 fails
	fault error
	ops   []string // what was done, for the number of operations and for messages
	dead  bool     // after the fault everything fails, as after a crash
	crash bool     // whether the fault is a crash
}

// Faults that are not error numbers.
var (
	errShort = errors.New("short write")
	errLie   = errors.New("write that lies") // reports success and writes nothing
	errCrash = errors.New("crashed")
)

func (f *faultFS) step(op, name string) error {
	f.ops = append(f.ops, op+" "+name)
	if f.dead {
		return errCrash
	}
	f.at--
	if f.at != 0 {
		return nil
	}
	f.dead = f.crash
	return f.fault
}

func (f *faultFS) wrap(name string, file File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return &faultFile{file, f, name}, nil
}

func (f *faultFS) Create(name string) (File, error) {
	if err := f.step("create", name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	file, err := f.FS.Create(name)
	return f.wrap(name, file, err)
}

func (f *faultFS) Open(name string) (File, error) {
	if err := f.step("open", name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	file, err := f.FS.Open(name)
	return f.wrap(name, file, err)
}

func (f *faultFS) Rename(from, to string) error {
	if err := f.step("rename", to); err != nil {
		return err
	}
	return f.FS.Rename(from, to)
}

func (f *faultFS) Link(from, to string) error {
	if err := f.step("link", to); err != nil {
		return err
	}
	return f.FS.Link(from, to)
}

func (f *faultFS) Remove(name string) error {
	if err := f.step("remove", name); err != nil {
		return err
	}
	return f.FS.Remove(name)
}

func (f *faultFS) Mkdir(name string) error {
	if err := f.step("mkdir", name); err != nil {
		return err
	}
	return f.FS.Mkdir(name)
}

func (f *faultFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := f.step("readdir", name); err != nil {
		return nil, err
	}
	return f.FS.ReadDir(name)
}

func (f *faultFS) Lstat(name string) (fs.FileInfo, error) {
	if err := f.step("lstat", name); err != nil {
		return nil, err
	}
	return f.FS.Lstat(name)
}

func (f *faultFS) SyncDir(name string) error {
	if err := f.step("syncdir", name); err != nil {
		return err
	}
	return f.FS.SyncDir(name)
}

type faultFile struct {
	File
	fs   *faultFS
	name string
}

func (f *faultFile) Write(p []byte) (int, error) {
	err := f.fs.step("write", f.name)
	switch {
	case errors.Is(err, errShort):
		return f.File.Write(p[:len(p)/2])
	case errors.Is(err, errLie):
		return len(p), nil
	case err != nil:
		n, _ := f.File.Write(p[:len(p)/3]) // what a full disk does
		return n, err
	}
	return f.File.Write(p)
}

func (f *faultFile) Read(p []byte) (int, error) {
	if err := f.fs.step("read", f.name); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

func (f *faultFile) Sync() error {
	if err := f.fs.step("sync", f.name); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *faultFile) Close() error {
	err := f.fs.step("close", f.name)
	return errors.Join(err, f.File.Close())
}

// buildSample builds and publishes a small dataset with the given text in it.
func buildSample(fsys FS, name, text string, force bool) error {
	s, err := NewStage(fsys, name)
	if err != nil {
		return err
	}
	d, err := s.Begin(force, Options{Version: "0"})
	if err != nil {
		return err
	}
	if err := writeSample(d, text, 3, 2); err != nil {
		return err
	}
	return s.Publish(force)
}

// writeSample writes a small dataset: n documents in shards of a few rows, and all that goes with them.
func writeSample(d *Dir, text string, n, shard int) error {
	docs := someDocuments(n)
	m := &schema.Manifest{Name: "sample", Identity: schema.IdentityVersion, Tool: schema.Tool{Name: toolName, Version: "0"}}
	var cfg schema.Settings
	cfg.Set("dedupe", "near")
	var err error
	if m.Config, err = schema.NewConfig(cfg); err != nil {
		return err
	}
	outcomes := d.Outcomes()
	var tally schema.Tally
	for i := range docs {
		docs[i].Text += text
		tally.Add(&docs[i])
	}
	for i := 0; i*shard < n; i++ {
		files, err := d.WriteShard(Shard{"train", i}, Formats(), each(docs[i*shard:min(n, (i+1)*shard)]))
		if err != nil {
			return err
		}
		m.Files = append(m.Files, files...)
	}
	for i := range docs {
		o := schema.Outcome{Path: docs[i].Path, Outcome: schema.Kept, ID: docs[i].ID, Notes: []string{}}
		m.Outcomes.Add(o.Outcome, o.Reason)
		if err := outcomes.Add(&o); err != nil {
			return err
		}
		if i%2 == 0 {
			c := schema.Outcome{Path: docs[i].Path + "2", Outcome: schema.Duplicate, Reason: schema.SameURL, ID: docs[i].ID, DuplicateOf: docs[i].ID, Notes: []string{}}
			m.Outcomes.Add(c.Outcome, c.Reason)
			if err := outcomes.Add(&c); err != nil {
				return err
			}
		}
	}
	files, err := outcomes.Close()
	if err != nil {
		return err
	}
	m.Files = append(m.Files, files...)
	m.Totals, m.Splits, m.ContentSHA256 = tally.Totals(), []schema.Split{tally.Split("train")}, tally.Content().String()
	m.Stages = []schema.Stage{{Name: "judge", In: m.Outcomes.Units, Out: m.Outcomes.Kept, Dropped: m.Outcomes.Reasons}}
	return d.Finish(m)
}

// snapshot is every file below a folder with its content.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range filesBelow(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(b)
	}
	return out
}

// Each operation of a build fails in turn, in each way. Whatever happens: the error is clear, nothing under the final
// name is other than the old dataset or the complete new one, and the next build ends as if nothing had been. A crash
// comes twice: with everything kept that was done, and with everything lost that was not synced.
func TestFaults(t *testing.T) {
	fresh, old := newMemFS(), newMemFS()
	if err := errors.Join(buildSample(fresh, "out", " new", false), buildSample(old, "out", " old", false)); err != nil {
		t.Fatal(err)
	}
	errPower := errors.New("power cut")
	for _, force := range []bool{false, true} {
		setup := newMemFS
		if force {
			setup = old.clone
		}
		count := &faultFS{FS: setup()}
		if err := buildSample(count, "out", " new", force); err != nil {
			t.Fatal(err)
		}
		t.Logf("force %v: %d operations", force, len(count.ops))
		for _, fault := range []error{syscall.EIO, syscall.ENOSPC, syscall.EMFILE, syscall.EACCES, errShort, errLie, errCrash, errPower} {
			for at := 1; at <= len(count.ops); at++ {
				op, name, _ := strings.Cut(count.ops[at-1], " ")
				if (fault == errShort || fault == errLie) && op != "write" || testing.Short() && at%7 != 0 {
					continue
				}
				m := setup()
				crash := fault == errCrash || fault == errPower
				err := buildSample(&faultFS{FS: m, at: at, fault: fault, crash: crash}, "out", " new", force)
				if fault == errPower {
					m.powerCut()
				}
				what := fmt.Sprintf("force %v, %v at %d (%s %s)", force, fault, at, op, name)
				got := m.snapshot("out")
				isNew, isOld := reflect.DeepEqual(got, fresh.snapshot("out")), reflect.DeepEqual(got, old.snapshot("out"))
				switch {
				case err == nil && !isNew:
					t.Errorf("%s: no error, and not the dataset", what)
				case err != nil && len(got) > 0 && !isNew && !isOld:
					t.Errorf("%s: a damaged dataset is published", what)
				case err != nil && force && len(got) == 0 && !crash:
					t.Errorf("%s: the old dataset is gone: %v", what, err)
				}
				if err != nil && fault != errLie && !crash {
					want := fault
					if fault == errShort {
						want = io.ErrShortWrite
					}
					if !errors.Is(err, want) {
						t.Errorf("%s: the error hides its cause: %v", what, err)
					}
					// A folder is named by what was done in it.
					base := strings.TrimPrefix(path.Base(name), tempPrefix)
					if !strings.Contains(err.Error(), base) && !strings.Contains(err.Error(), "folder of") && !strings.Contains(err.Error(), "publish out") {
						t.Errorf("%s: the error names no path: %v", what, err)
					}
				}
				if err := buildSample(m, "out", " new", true); err != nil {
					t.Errorf("%s: the next build: %v", what, err)
				} else if !reflect.DeepEqual(m.snapshot("."), fresh.snapshot(".")) {
					t.Errorf("%s: the next build ends otherwise: %v", what, m.snapshot("."))
				}
			}
		}
	}
}

// Files that are not ours are never removed, and an existing dataset only when that was asked for.
func TestStageRefuses(t *testing.T) {
	for _, name := range []string{"", ".", "..", "a/b", `a\b`} {
		if _, err := NewStage(nil, name); err == nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
	for _, place := range []string{"out/mine", "out.partial/mine", ".out.replaced/mine", "out"} {
		fsys, dir := tempFS(t)
		p := filepath.Join(dir, filepath.FromSlash(place))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, force := range []bool{false, true} {
			err := buildSample(fsys, "out", "", force)
			if err == nil || !strings.Contains(err.Error(), "left alone") {
				t.Errorf("%s, force %v: %v", place, force, err)
			}
			if got := filesBelow(t, dir); len(got) != 1 {
				t.Errorf("%s, force %v: now there is %v", place, force, got)
			}
		}
	}
	fsys, dir := tempFS(t)
	if err := os.Mkdir(filepath.Join(dir, "out"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := buildSample(fsys, "out", " a", false); err != nil { // an empty folder is as good as none
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	if err := buildSample(fsys, "out", " b", false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Error(err)
	}
	if !reflect.DeepEqual(before, snapshot(t, dir)) {
		t.Error("the dataset changed")
	}
}

package writers

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"
)

// memFS is a file system in memory that knows what would be left after a power cut: the content that was synced, under
// the names that were in their folder when that was synced. It is for one goroutine.
type memFS struct{ root *node }

type node struct {
	dir     bool
	data    []byte
	synced  []byte
	entries map[string]*node
	durable map[string]*node
}

func newDirNode() *node {
	return &node{dir: true, entries: map[string]*node{}, durable: map[string]*node{}}
}

func newMemFS() *memFS { return &memFS{newDirNode()} }

func (m *memFS) find(name string) (*node, error) {
	n := m.root
	if name == "." {
		return n, nil
	}
	for _, e := range strings.Split(name, "/") {
		if !n.dir {
			return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
		}
		next, ok := n.entries[e]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		n = next
	}
	return n, nil
}

func (m *memFS) Create(name string) (File, error) {
	p, err := m.find(path.Dir(name))
	if err != nil {
		return nil, err
	}
	if _, taken := p.entries[path.Base(name)]; taken {
		return nil, &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	n := &node{}
	p.entries[path.Base(name)] = n
	return &memFile{n: n, name: name}, nil
}

func (m *memFS) Open(name string) (File, error) {
	n, err := m.find(name)
	if err != nil {
		return nil, err
	}
	return &memFile{n: n, name: name}, nil
}

func (m *memFS) Rename(from, to string) error {
	n, err := m.find(from)
	if err != nil {
		return err
	}
	a, err := m.find(path.Dir(from))
	if err != nil {
		return err
	}
	b, err := m.find(path.Dir(to))
	if err != nil {
		return err
	}
	if old := b.entries[path.Base(to)]; old != nil && (old.dir || n.dir) {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	delete(a.entries, path.Base(from))
	b.entries[path.Base(to)] = n
	return nil
}

func (m *memFS) Link(from, to string) error {
	n, err := m.find(from)
	if err != nil {
		return err
	}
	p, err := m.find(path.Dir(to))
	if err != nil {
		return err
	}
	if _, taken := p.entries[path.Base(to)]; taken || n.dir {
		return &fs.PathError{Op: "link", Path: to, Err: fs.ErrExist}
	}
	p.entries[path.Base(to)] = n
	return nil
}

func (m *memFS) Remove(name string) error {
	n, err := m.find(name)
	if err != nil {
		return err
	}
	if len(n.entries) > 0 {
		return &fs.PathError{Op: "remove", Path: name, Err: syscall.ENOTEMPTY}
	}
	p, err := m.find(path.Dir(name))
	if err == nil {
		delete(p.entries, path.Base(name))
	}
	return err
}

func (m *memFS) Mkdir(name string) error {
	n := m.root
	for _, e := range strings.Split(name, "/") {
		if n.entries[e] == nil {
			n.entries[e] = newDirNode()
		}
		if n = n.entries[e]; !n.dir {
			return &fs.PathError{Op: "mkdir", Path: name, Err: syscall.ENOTDIR}
		}
	}
	return nil
}

func (m *memFS) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := m.find(name)
	if err != nil {
		return nil, err
	}
	var out []fs.DirEntry
	for e, c := range n.entries {
		out = append(out, fs.FileInfoToDirEntry(info{c, e}))
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name() < out[j].Name() })
	return out, nil
}

func (m *memFS) Lstat(name string) (fs.FileInfo, error) {
	n, err := m.find(name)
	return info{n, path.Base(name)}, err
}

func (m *memFS) SyncDir(name string) error {
	n, err := m.find(name)
	if err != nil {
		return err
	}
	n.durable = map[string]*node{}
	for e, c := range n.entries {
		n.durable[e] = c
	}
	return nil
}

// powerCut leaves what is durable.
func (m *memFS) powerCut() { m.root.lose() }

func (n *node) lose() {
	n.data = append([]byte(nil), n.synced...)
	if n.dir {
		n.entries = map[string]*node{}
		for e, c := range n.durable {
			n.entries[e] = c
			c.lose()
		}
	}
}

// clone is a copy in which everything is durable.
func (m *memFS) clone() *memFS { return &memFS{m.root.clone()} }

func (n *node) clone() *node {
	if !n.dir {
		b := append([]byte(nil), n.data...)
		return &node{data: b, synced: b}
	}
	c := newDirNode()
	for e, x := range n.entries {
		y := x.clone()
		c.entries[e], c.durable[e] = y, y
	}
	return c
}

// snapshot is every file below a folder with its content.
func (m *memFS) snapshot(dir string) map[string]string {
	out := map[string]string{}
	if _, err := m.find(dir); err != nil {
		return out
	}
	walk(m, dir, func(name string, _ fs.DirEntry) error {
		n, err := m.find(name)
		out[name] = string(n.data)
		return err
	}, nil)
	return out
}

type info struct {
	n    *node
	name string
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return int64(len(i.n.data)) }
func (i info) IsDir() bool        { return i.n.dir }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.n.dir {
		return fs.ModeDir | 0o777
	}
	return 0o666
}

type memFile struct {
	n    *node
	name string
	off  int
}

func (f *memFile) Read(p []byte) (int, error) {
	if f.off >= len(f.n.data) {
		return 0, io.EOF
	}
	n := copy(p, f.n.data[f.off:])
	f.off += n
	return n, nil
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(f.n.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.n.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) Write(p []byte) (int, error) {
	f.n.data = append(f.n.data, p...)
	return len(p), nil
}

func (f *memFile) Sync() error                { f.n.synced = append([]byte(nil), f.n.data...); return nil }
func (f *memFile) Close() error               { return nil }
func (f *memFile) Stat() (fs.FileInfo, error) { return info{f.n, f.name}, nil }

// The stand-in behaves as the machine's file system where the writers rely on it.
func TestMemFS(t *testing.T) {
	real, _ := tempFS(t)
	for name, fsys := range map[string]FS{"machine": real, "memory": newMemFS()} {
		_, err := fsys.Open("a")
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := fsys.Create("d/a"); err == nil {
			t.Errorf("%s: a file in no folder", name)
		}
		if err := errors.Join(fsys.Mkdir("d/e"), fsys.Mkdir("d/e")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		f, err := fsys.Create("d/a")
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte("text"))
		if err := errors.Join(f.Sync(), f.Close(), fsys.SyncDir("d"), fsys.SyncDir(".")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := fsys.Create("d/a"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", name, err)
		}
		if err := fsys.Remove("d"); err == nil {
			t.Errorf("%s: a folder with files was removed", name)
		}
		if err := errors.Join(fsys.Link("d/a", "d/b"), fsys.Remove("d/a"), fsys.Rename("d/b", "d/a")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := fsys.Link("d/a", "d/a"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", name, err)
		}
		if err := fsys.Rename("d", "x"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := readFile(fsys, "x/a", 10); err != nil || string(b) != "text" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
		if _, err := readFile(fsys, "x/a", 3); err == nil {
			t.Errorf("%s: more was read than permitted", name)
		}
		if err := removeAll(fsys, "x"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if is, err := exists(fsys, "x"); is || err != nil {
			t.Errorf("%s: %v, %v", name, is, err)
		}
	}
}

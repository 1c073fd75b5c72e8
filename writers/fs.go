package writers

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
)

// FS is what this package asks of a file system. Names are relative, separated by slashes, and cannot leave its root.
type FS interface {
	Create(name string) (File, error) // a new file; an error where the name is taken
	Open(name string) (File, error)
	Rename(from, to string) error
	Link(from, to string) error                 // a second name for a regular file; an error where to is taken, or where there are no such links
	Remove(name string) error                   // a file or an empty folder
	Mkdir(name string) error                    // with its parents; no error where it is there
	ReadDir(name string) ([]fs.DirEntry, error) // sorted by name
	Lstat(name string) (fs.FileInfo, error)
	SyncDir(name string) error // makes what happened to the names in a folder durable
}

// File is an open file of an [FS].
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Sync() error
	Stat() (fs.FileInfo, error)
}

// Root is the file system below an open folder of the machine. Symbolic links cannot lead out of it.
func Root(r *os.Root) FS { return rootFS{r} }

type rootFS struct{ r *os.Root }

func (f rootFS) Create(name string) (File, error) {
	return file(f.r.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666))
}
func (f rootFS) Open(name string) (File, error)             { return file(f.r.Open(name)) }
func (f rootFS) Rename(from, to string) error               { return f.r.Rename(from, to) }
func (f rootFS) Link(from, to string) error                 { return f.r.Link(from, to) }
func (f rootFS) Remove(name string) error                   { return f.r.Remove(name) }
func (f rootFS) Mkdir(name string) error                    { return f.r.MkdirAll(name, 0o777) }
func (f rootFS) Lstat(name string) (fs.FileInfo, error)     { return f.r.Lstat(name) }
func (f rootFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.r.FS(), name) }

func (f rootFS) SyncDir(name string) error {
	if runtime.GOOS == "windows" { // folders cannot be opened for that; the file system journals names by itself
		return nil
	}
	d, err := f.r.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// file keeps a nil *os.File from becoming a File that is not nil.
func file(f *os.File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Sub is the part of a file system below a folder.
func Sub(fsys FS, dir string) FS {
	if s, ok := fsys.(subFS); ok {
		return subFS{s.fsys, path.Join(s.dir, dir)}
	}
	return subFS{fsys, dir}
}

type subFS struct {
	fsys FS
	dir  string
}

func (s subFS) at(name string) string                      { return path.Join(s.dir, name) }
func (s subFS) Create(name string) (File, error)           { return s.fsys.Create(s.at(name)) }
func (s subFS) Open(name string) (File, error)             { return s.fsys.Open(s.at(name)) }
func (s subFS) Rename(from, to string) error               { return s.fsys.Rename(s.at(from), s.at(to)) }
func (s subFS) Link(from, to string) error                 { return s.fsys.Link(s.at(from), s.at(to)) }
func (s subFS) Remove(name string) error                   { return s.fsys.Remove(s.at(name)) }
func (s subFS) Mkdir(name string) error                    { return s.fsys.Mkdir(s.at(name)) }
func (s subFS) ReadDir(name string) ([]fs.DirEntry, error) { return s.fsys.ReadDir(s.at(name)) }
func (s subFS) Lstat(name string) (fs.FileInfo, error)     { return s.fsys.Lstat(s.at(name)) }
func (s subFS) SyncDir(name string) error                  { return s.fsys.SyncDir(s.at(name)) }

// exists reports whether there is anything under the name.
func exists(fsys FS, name string) (bool, error) {
	_, err := fsys.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", name, err)
	}
	return true, nil
}

// walk calls f for everything below dir that is no folder, in bytewise order of the path within each folder; folders
// come to leave once what is in them was visited. Either may be nil.
func walk(fsys FS, dir string, visit func(name string, d fs.DirEntry) error, leave func(name string) error) error {
	type open struct {
		name string
		left []fs.DirEntry
	}
	list, err := fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for stack := []open{{dir, list}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if len(top.left) == 0 {
			name := top.name
			stack = stack[:len(stack)-1]
			if leave != nil {
				if err := leave(name); err != nil {
					return err
				}
			}
			continue
		}
		d := top.left[0]
		top.left = top.left[1:]
		name := path.Join(top.name, d.Name())
		if !d.IsDir() {
			if visit != nil {
				if err := visit(name, d); err != nil {
					return err
				}
			}
			continue
		}
		list, err := fsys.ReadDir(name)
		if err != nil {
			return err
		}
		stack = append(stack, open{name, list})
	}
	return nil
}

// removeAll removes a folder and all that is in it. It follows no link.
func removeAll(fsys FS, dir string) error {
	is, err := exists(fsys, dir)
	if !is {
		return err
	}
	err = walk(fsys, dir, func(name string, _ fs.DirEntry) error { return fsys.Remove(name) }, fsys.Remove)
	if err != nil {
		return fmt.Errorf("remove %s: %w", dir, err)
	}
	return nil
}

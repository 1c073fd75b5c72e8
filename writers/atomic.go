package writers

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path"
	"strings"
)

// tempPrefix begins the name that a file has until it is complete.
const tempPrefix = ".tmp-"

// isTemp reports whether the path is that of an unfinished file.
func isTemp(name string) bool { return strings.HasPrefix(path.Base(name), tempPrefix) }

// atomicFile is a file that gets its name only when it is complete and known to be on disk as it was written: temporary
// name, write and hash, sync, close, read back and compare, rename, sync the folder. After an error nothing is under
// the final name that was not there before.
type atomicFile struct {
	fsys FS
	name string
	temp string
	f    File
	hash hash.Hash
	n    int64
	err  error // the first error of a write; it stays
}

// create begins a file. The folder must exist.
func create(fsys FS, name string) (*atomicFile, error) {
	a := &atomicFile{fsys: fsys, name: name, temp: path.Join(path.Dir(name), tempPrefix+path.Base(name)), hash: sha256.New()}
	if err := fsys.Remove(a.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	f, err := fsys.Create(a.temp)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	a.f = f
	return a, nil
}

// Write writes to the file and to its hash.
func (a *atomicFile) Write(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.f.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	a.hash.Write(p[:n])
	a.n += int64(n)
	if err != nil {
		a.err = fmt.Errorf("write %s: %w", a.name, err)
	}
	return n, a.err
}

// Commit publishes the file under its name. On an error it removes what was written.
func (a *atomicFile) Commit() (size int64, sum [sha256.Size]byte, err error) {
	a.hash.Sum(sum[:0])
	if err = a.commit(sum); err != nil {
		a.Abort()
	}
	return a.n, sum, err
}

func (a *atomicFile) commit(want [sha256.Size]byte) error {
	if a.err != nil {
		return a.err
	}
	if err := a.f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", a.name, err)
	}
	f := a.f
	a.f = nil
	if err := f.Close(); err != nil {
		return fmt.Errorf("close %s: %w", a.name, err)
	}
	size, got, err := hashFile(a.fsys, a.temp)
	if err != nil {
		return fmt.Errorf("read back %s: %w", a.name, err)
	}
	if size != a.n || got != want {
		return fmt.Errorf("read back %s: the disk holds %d bytes with hash %x, %d bytes with hash %x were written",
			a.name, size, got, a.n, want)
	}
	if err := a.fsys.Rename(a.temp, a.name); err != nil {
		return fmt.Errorf("rename %s: %w", a.name, err)
	}
	if err := a.fsys.SyncDir(path.Dir(a.name)); err != nil {
		return fmt.Errorf("sync the folder of %s: %w", a.name, err)
	}
	return nil
}

// Abort gives the file up. It does nothing after a Commit that succeeded.
func (a *atomicFile) Abort() {
	if a.f != nil {
		a.f.Close()
		a.f = nil
	}
	a.fsys.Remove(a.temp) // what is left is swept by the next build
}

// hashFile is the size and the SHA-256 of a file.
func hashFile(fsys FS, name string) (size int64, sum [sha256.Size]byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, sum, err
	}
	h := sha256.New()
	size, err = io.Copy(h, readerOnly{f})
	err = errors.Join(err, f.Close())
	h.Sum(sum[:0])
	return size, sum, err
}

// readerOnly hides the other methods of a file, so that io.Copy reads it through a buffer and nothing else.
type readerOnly struct{ io.Reader }

// readFile is the content of a small file.
func readFile(fsys FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(f, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if n > limit {
		return nil, fmt.Errorf("read %s: it is larger than %d bytes", name, limit)
	}
	return b.Bytes(), nil
}

package corpus

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Lock keeps two builds off one folder. It is the operating system's lock on an open file: it ends with the process
// that holds it, however that ends.
type Lock struct{ f *os.File }

// ErrHeld says that another build holds a lock.
var ErrHeld = errors.New("held by another build")

// TakeLock takes the lock that lies at name. The error names the holder where there is one.
func TakeLock(name string) (*Lock, error) {
	for {
		// A link would lead what is written to another file; a pipe would wait for somebody to read it.
		if there, err := os.Lstat(name); err == nil && !there.Mode().IsRegular() {
			return nil, fmt.Errorf("%s: it is in the way of a lock, and no file of ours; remove it", name)
		}
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, err
		}
		if err := lockHandle(f); err != nil {
			holder := make([]byte, 200)
			n, _ := f.ReadAt(holder, 0)
			f.Close()
			return nil, fmt.Errorf("%s: %w (%s)", name, ErrHeld, strings.TrimSpace(string(holder[:n])))
		}
		// The holder before may have removed the file while it was being opened here: then this lock is on nothing.
		mine, err := f.Stat()
		if err == nil {
			var there os.FileInfo
			if there, err = os.Stat(name); errors.Is(err, os.ErrNotExist) || err == nil && !os.SameFile(mine, there) {
				f.Close()
				continue
			}
		}
		if err == nil {
			err = f.Truncate(0)
		}
		if err == nil {
			_, err = fmt.Fprintf(f, "process %d\n", os.Getpid())
		}
		if err != nil {
			f.Close()
			return nil, err
		}
		return &Lock{f}, nil
	}
}

// Release gives the lock up and removes its file.
func (l *Lock) Release() error {
	// Where an open file cannot be removed (Windows) it stays; it is empty of meaning without the lock.
	os.Remove(l.f.Name())
	return l.f.Close()
}

// leave gives the lock up and leaves its file, by which a folder is known as ours.
func (l *Lock) leave() error { return l.f.Close() }

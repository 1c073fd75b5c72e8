package neardup

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A spool is a temporary file that is written from front to back, then read.
type spool struct {
	f *os.File
	w *bufio.Writer
	n int64
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "judge-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("create a temporary file: %w", err)
	}
	return &spool{f: f, w: bufio.NewWriterSize(f, 64<<10)}, nil
}

func (s *spool) write(p []byte) error {
	n, err := s.w.Write(p)
	s.n += int64(n)
	if err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	return nil
}

// reader reads from the start what was written so far.
func (s *spool) reader() (*spoolReader, error) {
	if err := s.w.Flush(); err != nil {
		return nil, fmt.Errorf("write a temporary file: %w", err)
	}
	return &spoolReader{r: bufio.NewReaderSize(io.NewSectionReader(s.f, 0, s.n), 64<<10)}, nil
}

// readAt fills p from offset at; the spool must have been flushed by reader or flush.
func (s *spool) readAt(p []byte, at int64) error {
	if n, err := s.f.ReadAt(p, at); n < len(p) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("read a temporary file at byte %d: %w", at, err)
	}
	return nil
}

func (s *spool) flush() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	return nil
}

func (s *spool) close() error {
	if s == nil || s.f == nil {
		return nil
	}
	err := errors.Join(s.f.Close(), os.Remove(s.f.Name()))
	s.f = nil
	if err != nil {
		return fmt.Errorf("remove a temporary file: %w", err)
	}
	return nil
}

// A spoolReader gives records one after the other.
type spoolReader struct {
	r  *bufio.Reader
	at int64 // bytes read
}

// take returns the next n bytes, at most 64 KiB, valid until the next call; nil where nothing is left.
func (r *spoolReader) take(n int) ([]byte, error) {
	rec, err := r.r.Peek(n)
	if err != nil {
		if err == io.EOF {
			if len(rec) == 0 {
				return nil, nil
			}
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read a temporary file at byte %d: %w", r.at, err)
	}
	r.at += int64(n)
	_, err = r.r.Discard(n) // it is in the buffer
	return rec, err
}

// must is take of bytes that must be there.
func (r *spoolReader) must(n int) ([]byte, error) {
	rec, err := r.take(n)
	if rec == nil && err == nil {
		err = fmt.Errorf("read a temporary file at byte %d: %w", r.at, io.ErrUnexpectedEOF)
	}
	return rec, err
}

func (r *spoolReader) number() (uint64, error) {
	rec, err := r.must(8)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(rec), nil
}

func (r *spoolReader) byte() (byte, error) {
	rec, err := r.must(1)
	if err != nil {
		return 0, err
	}
	return rec[0], nil
}

// seek goes on to byte at, which is not before where it is.
func (r *spoolReader) seek(at int64) error {
	for r.at < at {
		n, err := r.r.Discard(int(min(at-r.at, 1<<20)))
		r.at += int64(n)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return fmt.Errorf("read a temporary file at byte %d: %w", r.at, err)
		}
	}
	return nil
}

// A window reads pieces of a spool at places that mostly ascend: it reads some way ahead.
type window struct {
	spool *spool
	from  int64
	buf   []byte
}

const windowSize = 32 << 10

// at returns the n bytes at a place, valid until the next call.
func (w *window) at(place, n int64) ([]byte, error) {
	if place < w.from || place+n > w.from+int64(len(w.buf)) {
		size := min(max(n, windowSize), w.spool.n-place)
		if size < n {
			return nil, fmt.Errorf("read a temporary file at byte %d: %w", place, io.ErrUnexpectedEOF)
		}
		if int64(cap(w.buf)) < size {
			w.buf = make([]byte, size)
		}
		w.from, w.buf = place, w.buf[:size]
		if err := w.spool.readAt(w.buf, place); err != nil {
			return nil, err
		}
	}
	return w.buf[place-w.from:][:n], nil
}

package neardup

import (
	"bufio"
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

// next fills rec, or says that there is nothing left.
func (r *spoolReader) next(rec []byte) (bool, error) {
	n, err := io.ReadFull(r.r, rec)
	r.at += int64(n)
	switch {
	case err == io.EOF:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read a temporary file at byte %d: %w", r.at, err)
	}
	return true, nil
}

// seek goes on to byte at, which is not before where it is.
func (r *spoolReader) seek(at int64) error {
	for r.at < at {
		n, err := r.r.Discard(int(min(at-r.at, 1<<20)))
		r.at += int64(n)
		if err != nil {
			return fmt.Errorf("read a temporary file at byte %d: %w", r.at, io.ErrUnexpectedEOF)
		}
	}
	return nil
}

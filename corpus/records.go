package corpus

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"os"

	"broadsheet/corpus/extsort"
)

// records is a file of fixed-size records in the temporary folder: written once in order, then read from any place, as
// often as needed.
type records struct {
	f    *os.File
	w    *bufio.Writer
	size int
	n    int64
}

func newRecords(dir, name string, size int) (*records, error) {
	f, err := os.CreateTemp(dir, name+"-*.records")
	if err != nil {
		return nil, err
	}
	return &records{f: f, w: bufio.NewWriterSize(f, 64<<10), size: size}, nil
}

func (r *records) add(rec []byte) error {
	r.n++
	_, err := r.w.Write(rec)
	return err
}

// flush ends the writing.
func (r *records) flush() error { return r.w.Flush() }

// between yields the records from, up to and without to. A record is valid until the next one.
func (r *records) between(from, to int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(io.NewSectionReader(r.f, from*int64(r.size), (to-from)*int64(r.size)), 64<<10)
		rec := make([]byte, r.size)
		for range to - from {
			if _, err := io.ReadFull(in, rec); err != nil {
				yield(nil, fmt.Errorf("%s: %w", r.f.Name(), err))
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

func (r *records) all() iter.Seq2[[]byte, error] { return r.between(0, r.n) }

func (r *records) close() {
	if r != nil {
		r.f.Close()
		os.Remove(r.f.Name())
	}
}

// sorted pulls the records of a sorter one at a time, for merging with a stream in the same order: each record begins
// with a unit's number, big-endian in 8 bytes.
type sorted struct {
	s    *extsort.Sorter
	r    *extsort.Reader
	head []byte
}

func sortNow(s *extsort.Sorter) (*sorted, error) {
	r, err := s.Sort()
	if err != nil {
		return nil, err
	}
	return &sorted{s, r, r.Next()}, nil
}

// at gives the record of a unit, or nil. Units are asked for in order.
func (s *sorted) at(unit int64) []byte {
	for s.head != nil && int64(binary.BigEndian.Uint64(s.head)) < unit {
		s.head = s.r.Next()
	}
	if s.head != nil && int64(binary.BigEndian.Uint64(s.head)) == unit {
		return s.head
	}
	return nil
}

func (s *sorted) err() error { return s.r.Err() }

func (s *sorted) close() {
	if s != nil {
		s.s.Close()
	}
}

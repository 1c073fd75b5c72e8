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

// merge pulls records one at a time, to go along with a stream in the same order: each record begins with the number of
// a unit, big-endian in 8 bytes.
type merge struct {
	next func() []byte
	stop func()
	fail error
	head []byte
}

// newMerge merges what a sorter holds. It may be called again for another pass.
func newMerge(s *extsort.Sorter) (*merge, error) {
	r, err := s.Sort()
	if err != nil {
		return nil, err
	}
	m := &merge{stop: func() {}}
	m.next = func() []byte {
		rec := r.Next()
		if rec == nil {
			m.fail = r.Err()
		}
		return rec
	}
	m.head = m.next()
	return m, nil
}

// newRecordMerge merges a file of records.
func newRecordMerge(r *records) *merge {
	pulled, stop := pull(r.all())
	m := &merge{stop: stop}
	m.next = func() []byte {
		rec, err, ok := pulled()
		if !ok || err != nil {
			m.fail = err
			return nil
		}
		return rec
	}
	m.head = m.next()
	return m
}

// at gives the record of a unit, or nil. Units are asked for in order. It is valid until the next call.
func (m *merge) at(unit int64) []byte {
	for m.head != nil && int64(binary.BigEndian.Uint64(m.head)) < unit {
		m.skip()
	}
	if m.head != nil && int64(binary.BigEndian.Uint64(m.head)) == unit {
		return m.head
	}
	return nil
}

// skip goes to the next record, which may be of the same unit.
func (m *merge) skip() { m.head = m.next() }

func (m *merge) err() error { return m.fail }

func (m *merge) close() { m.stop() }

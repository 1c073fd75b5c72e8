// Package extsort sorts more fixed-size records than memory holds.
//
// Records are byte strings of one length, ordered bytewise; whoever wants numbers in order writes them big-endian.
// Records gather in one buffer; a full buffer is sorted in place (most significant byte first, American flag sort:
// McIlroy, Bostic, McIlroy, "Engineering Radix Sort", 1993) and appended as a run to a temporary file. Runs are merged
// by a tree of losers (Knuth, TAOCP 3, 5.4.1) with as many inputs at once as memory has blocks for; where there are
// more runs than that, whole passes come before the last one. All runs of a pass are in one file, so that a sorter
// never holds more than two open. What fits in the buffer never touches the disk.
//
// The output depends on the records alone, never on the memory given. Nothing here starts a goroutine.
package extsort

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/klauspost/compress/s2"
)

// Options of a Sorter. The zero value sorts in 64 MiB with runs in the system's folder for temporary files.
type Options struct {
	// Dir is the folder for runs; it must exist. Empty is os.TempDir().
	Dir string

	// Memory bounds the buffers together, in bytes; 0 is 64 MiB, and less than MinMemory is taken as MinMemory (or
	// eight records, where those are longer).
	Memory int64

	// Compress writes runs in S2 blocks: worth its cost where records share bytes, not where they are hashes.
	Compress bool

	// Fold, where set, makes one record of all that share the first Key bytes: it adds rec to into, leaving the key as
	// it is. It is called in no particular order and on partial results, so it must be associative and commutative.
	Fold func(into, rec []byte)
	Key  int

	// Stop, where set, is asked whether to go on: every few thousand records, and every few milliseconds of what is done
	// between two of them. Its error ends the sort as one of the disk does.
	Stop func() error
}

// MinMemory is the least memory of a Sorter, in bytes.
const MinMemory = 64 << 10

const (
	defaultMemory = 64 << 20
	maxBlock      = 64 << 10 // bytes read or written at a time
	minBlock      = 4 << 10
	maxFanIn      = 512
	firstBuffer   = 64 << 10
	askRecords    = 1 << 12 // records between two questions to Stop: well below a millisecond
	askBytes      = 1 << 20 // the shortest part of a buffer before whose sorting Stop is asked
)

// A Sorter takes records, then gives them back in order. It is used by one goroutine.
type Sorter struct {
	size   int
	opts   Options
	block  int // bytes of a block: a multiple of size
	fanIn  int
	limit  int // the longest buffer, bytes: a multiple of size
	buf    []byte
	sorted bool // records were added in order so far
	n      int64
	runs   runFile
	done   bool // Sort was called
	err    error
	create func(dir string) (file, error)
}

// file is what a Sorter needs of *os.File; tests put a failing disk in its place.
type file interface {
	io.ReaderAt
	io.Writer
	io.Closer
	Name() string
}

// New returns a Sorter of records of size bytes (at least 1).
func New(size int, opts Options) *Sorter {
	if size < 1 || opts.Fold != nil && (opts.Key < 1 || opts.Key > size) {
		panic(fmt.Sprintf("extsort: record of %d bytes with a key of %d", size, opts.Key))
	}
	if opts.Memory == 0 {
		opts.Memory = defaultMemory
	}
	if opts.Stop == nil {
		opts.Stop = func() error { return nil }
	}
	memory := int(max(opts.Memory, MinMemory, 8*int64(size)))
	block := max(min(maxBlock, max(minBlock, memory/64))/size, 1) * size
	return &Sorter{
		size: size, opts: opts, block: block, sorted: true,
		// A merge holds a block for each input and one to write; with Compress two more for packed bytes.
		fanIn: min(max(memory/block-3, 2), maxFanIn),
		// The buffer doubles as it fills, and while it is copied both are there: the longest is two thirds.
		limit:  max((memory-2*block)*2/3/size, 2) * size,
		create: createTemp,
	}
}

func createTemp(dir string) (file, error) { return os.CreateTemp(dir, "sort-*.run") }

// Len is the number of records added.
func (s *Sorter) Len() int64 { return s.n }

// Add takes a copy of one record. An error is of the disk or of Stop and stays: every later call returns it.
func (s *Sorter) Add(rec []byte) error {
	if s.err != nil {
		return s.err
	}
	if len(rec) != s.size || s.done {
		return s.fail(fmt.Errorf("a record of %d bytes was added to a sort of %d (sorted already: %t)", len(rec), s.size, s.done))
	}
	if s.n%askRecords == 0 {
		if err := s.opts.Stop(); err != nil {
			return s.fail(err)
		}
	}
	if len(s.buf)+s.size > cap(s.buf) {
		if err := s.room(); err != nil {
			return s.fail(err)
		}
	}
	if s.sorted && len(s.buf) > 0 && bytes.Compare(s.buf[len(s.buf)-s.size:], rec) > 0 {
		s.sorted = false
	}
	end := len(s.buf)
	s.buf = s.buf[:end+s.size]
	if s.size == 16 {
		*(*[16]byte)(s.buf[end:]) = [16]byte(rec) // two moves instead of a call
	} else {
		copy(s.buf[end:], rec)
	}
	s.n++
	return nil
}

func (s *Sorter) fail(err error) error {
	s.err = fmt.Errorf("external sort: %w", err)
	return s.err
}

// room makes place for a record: a longer buffer, records folded into one, or a run on disk.
func (s *Sorter) room() error {
	if cap(s.buf) < s.limit {
		longer := min(max(2*cap(s.buf), firstBuffer/s.size*s.size, s.size), s.limit)
		if longer > s.limit/2 {
			longer = s.limit // one copy less, and the two together are still within the bound
		}
		s.buf = append(make([]byte, 0, longer), s.buf...)
		return nil
	}
	if err := s.arrange(); err != nil || len(s.buf) <= s.limit/2 {
		return err
	}
	return s.spill()
}

// arrange sorts and folds the buffer.
func (s *Sorter) arrange() error {
	if !s.sorted {
		if err := sortRecords(s.buf, s.size, s.opts.Stop); err != nil {
			return err
		}
		s.sorted = true
	}
	if s.opts.Fold == nil || len(s.buf) == 0 {
		return nil
	}
	last, key := 0, s.opts.Key
	for at := s.size; at < len(s.buf); at += s.size {
		rec := s.buf[at : at+s.size]
		if bytes.Equal(s.buf[last:last+key], rec[:key]) {
			s.opts.Fold(s.buf[last:last+s.size], rec)
			continue
		}
		last += s.size
		copy(s.buf[last:last+s.size], rec)
	}
	s.buf = s.buf[:last+s.size]
	return nil
}

// spill writes the arranged buffer as a run.
func (s *Sorter) spill() error {
	if s.runs.file == nil {
		f, err := s.create(s.opts.Dir)
		if err != nil {
			return fmt.Errorf("create a run: %w", err)
		}
		s.runs = runFile{file: f, compress: s.opts.Compress}
	}
	s.runs.begin()
	for rest := s.buf; len(rest) > 0; {
		n := min(s.block, len(rest))
		if err := s.opts.Stop(); err != nil {
			return err
		}
		if err := s.runs.write(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	s.buf = s.buf[:0]
	s.sorted = true
	return nil
}

// Sort ends the adding and returns the records in order. It may be called again, for the same records from the start;
// one Reader is in use at a time.
func (s *Sorter) Sort() (*Reader, error) {
	if s.err != nil {
		return nil, s.err
	}
	if !s.done {
		s.done = true
		if err := s.arrange(); err != nil {
			return nil, s.fail(err)
		}
		if s.runs.file != nil {
			if len(s.buf) > 0 {
				if err := s.spill(); err != nil {
					return nil, s.fail(err)
				}
			}
			s.buf = nil
			if err := s.reduce(); err != nil {
				return nil, s.fail(err)
			}
		}
	}
	if s.runs.file == nil {
		return &Reader{size: s.size, stop: s.opts.Stop, only: s.buf}, nil
	}
	r, err := s.open(s.runs.runs)
	if err != nil {
		return nil, s.fail(err)
	}
	return r, nil
}

// reduce merges runs, pass by pass, until one merge can read them all.
func (s *Sorter) reduce() error {
	for len(s.runs.runs) > s.fanIn {
		f, err := s.create(s.opts.Dir)
		if err != nil {
			return fmt.Errorf("create a run: %w", err)
		}
		next := runFile{file: f, compress: s.opts.Compress}
		for rest := s.runs.runs; len(rest) > 0 && err == nil; {
			n := min(s.fanIn, len(rest))
			err = s.mergeInto(&next, rest[:n])
			rest = rest[n:]
		}
		if err = errors.Join(err, s.runs.remove()); err != nil {
			return errors.Join(err, next.remove())
		}
		s.runs = next
	}
	return nil
}

func (s *Sorter) mergeInto(out *runFile, runs []run) error {
	r, err := s.open(runs)
	if err != nil {
		return err
	}
	out.begin()
	block := make([]byte, 0, s.block)
	for rec := r.Next(); rec != nil; rec = r.Next() {
		block = append(block, rec...)
		if len(block) == cap(block) {
			if err := out.write(block); err != nil {
				return err
			}
			block = block[:0]
		}
	}
	if r.Err() == nil && len(block) > 0 {
		return out.write(block)
	}
	return r.Err()
}

func (s *Sorter) open(runs []run) (*Reader, error) {
	r := &Reader{size: s.size, stop: s.opts.Stop, merge: newMerge(&s.runs, runs, s.size, s.block), fold: s.opts.Fold, key: s.opts.Key}
	if s.opts.Fold != nil {
		r.acc = make([]byte, s.size)
		r.ahead = r.merge.next()
	}
	return r, r.Err()
}

// Reset makes the Sorter empty and ready for other records; it keeps its buffer where it has one.
func (s *Sorter) Reset() error {
	if s.err != nil {
		return s.err
	}
	err := s.runs.remove()
	s.runs = runFile{}
	s.buf, s.sorted, s.n, s.done = s.buf[:0], true, 0, false
	if err != nil {
		return s.fail(err)
	}
	return nil
}

// Close removes what is on disk. The Sorter and its Reader are of no use after it.
func (s *Sorter) Close() error {
	s.buf, s.done = nil, true
	if s.err == nil {
		s.err = errors.New("external sort: closed")
	}
	err := s.runs.remove()
	s.runs = runFile{}
	return err
}

// A Reader gives sorted records one by one.
type Reader struct {
	size  int
	stop  func() error
	turns int64  // calls of Next
	err   error  // of stop
	only  []byte // all of them, where nothing went to disk
	merge *merge
	fold  func(into, rec []byte)
	key   int
	acc   []byte // the folded record
	ahead []byte // the one after it
}

// Next returns the next record, valid until the next call, or nil at the end or after an error.
func (r *Reader) Next() []byte {
	if r.turns%askRecords == 0 && r.err == nil {
		r.err = r.stop()
	}
	if r.turns++; r.err != nil {
		return nil
	}
	switch {
	case r.merge == nil:
		if len(r.only) == 0 {
			return nil
		}
		rec := r.only[:r.size:r.size]
		r.only = r.only[r.size:]
		return rec
	case r.fold == nil:
		return r.merge.next()
	case r.ahead == nil:
		return nil
	}
	copy(r.acc, r.ahead)
	for r.ahead = r.merge.next(); r.ahead != nil && bytes.Equal(r.acc[:r.key], r.ahead[:r.key]); r.ahead = r.merge.next() {
		r.fold(r.acc, r.ahead)
	}
	if r.merge.err != nil {
		return nil
	}
	return r.acc
}

// Err is the error that ended the records early, if one did.
func (r *Reader) Err() error {
	err := r.err
	if err == nil && r.merge != nil {
		err = r.merge.err
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("external sort: %w", err)
}

// All ranges over the records that are left. A record is valid in its own turn of the loop; an error comes alone and last.
func (r *Reader) All() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for rec := r.Next(); rec != nil; rec = r.Next() {
			if !yield(rec, nil) {
				return
			}
		}
		if err := r.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// runFile holds the runs of one pass, one after the other.
type runFile struct {
	file     file
	compress bool
	end      int64
	runs     []run
	packed   []byte
}

// run is a sorted stretch of a runFile: blocks, each after its length where they are compressed.
type run struct{ from, to int64 }

func (f *runFile) begin() { f.runs = append(f.runs, run{f.end, f.end}) }

func (f *runFile) write(block []byte) error {
	if f.compress {
		if n := s2.MaxEncodedLen(len(block)); cap(f.packed) < n+4 {
			f.packed = make([]byte, n+4)
		}
		packed := s2.Encode(f.packed[4:cap(f.packed)], block)
		block = f.packed[:4+len(packed)]
		block[0], block[1], block[2], block[3] = byte(len(packed)>>24), byte(len(packed)>>16), byte(len(packed)>>8), byte(len(packed))
	}
	n, err := f.file.Write(block)
	f.end += int64(n)
	f.runs[len(f.runs)-1].to = f.end
	if err != nil {
		return fmt.Errorf("write a run: %w", err)
	}
	return nil
}

// read fills buf from the run and says how much it got; the run starts after it then. packed is scratch.
func (f *runFile) read(r *run, buf []byte) (int, error) {
	if !f.compress {
		n := int(min(int64(len(buf)), r.to-r.from))
		if got, err := f.file.ReadAt(buf[:n], r.from); got < n {
			return 0, readError(err, r.from)
		}
		r.from += int64(n)
		return n, nil
	}
	var head [4]byte
	if got, err := f.file.ReadAt(head[:], r.from); got < 4 {
		return 0, readError(err, r.from)
	}
	n := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	if int64(n) > r.to-r.from-4 {
		return 0, readError(io.ErrUnexpectedEOF, r.from)
	}
	if cap(f.packed) < n {
		f.packed = make([]byte, n)
	}
	if got, err := f.file.ReadAt(f.packed[:n], r.from+4); got < n {
		return 0, readError(err, r.from)
	}
	if length, err := s2.DecodedLen(f.packed[:n]); err != nil || length > len(buf) {
		return 0, readError(s2.ErrCorrupt, r.from)
	}
	block, err := s2.Decode(buf, f.packed[:n])
	if err != nil {
		return 0, readError(err, r.from)
	}
	r.from += int64(n) + 4
	return len(block), nil
}

func readError(err error, at int64) error {
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read a run at byte %d: %w", at, err)
}

func (f *runFile) remove() error {
	if f.file == nil {
		return nil
	}
	err := errors.Join(f.file.Close(), os.Remove(f.file.Name()))
	f.file = nil
	if err != nil {
		return fmt.Errorf("remove a run: %w", err)
	}
	return nil
}

package corpus

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/klauspost/compress/s2"
)

// sortStrings yields the strings of in in bytewise order, holding about memory bytes of them and sorted runs in dir
// beyond that. Strings may be of any length and hold any bytes. stop is asked while runs are written; its error ends them.
func sortStrings(in iter.Seq2[string, error], dir string, memory int64, stop func() error) iter.Seq2[string, error] {
	const overhead = 16 + 16 // a string header, and what growing the slice costs
	return func(yield func(string, error) bool) {
		s := stringSorter{dir: dir, stop: stop}
		defer s.close()
		var held []string
		var size int64
		for v, err := range in {
			if err == nil && size > 0 && size+int64(len(v))+overhead > memory {
				slices.Sort(held)
				err = s.add(0, slices.Values(held))
				clear(held)
				held, size = held[:0], 0
			}
			if err != nil {
				yield("", err)
				return
			}
			held = append(held, v)
			size += int64(len(v)) + overhead
		}
		slices.Sort(held)
		last := &stringRun{}
		last.next, last.stop = iter.Pull(slices.Values(held))
		s.merge(append(s.all(), last), yield)
	}
}

// runFan is how many runs of one level are merged into one of the next: the sorter holds at most runFan files for each
// level, and a level holds runFan times what the one below it does.
const runFan = 8

type stringSorter struct {
	dir    string
	stop   func() error
	levels [][]*os.File
}

// add writes a run, and merges the runs of a level that is full.
func (s *stringSorter) add(level int, values iter.Seq[string]) error {
	for len(s.levels) <= level {
		s.levels = append(s.levels, nil)
	}
	f, err := os.CreateTemp(s.dir, "strings-*.run")
	if err != nil {
		return err
	}
	s.levels[level] = append(s.levels[level], f)
	// Blocks of 256 KiB keep a merge of many runs within a few megabytes.
	w := s2.NewWriter(f, s2.WriterConcurrency(1), s2.WriterBlockSize(256<<10))
	var n [binary.MaxVarintLen64]byte
	for v := range values {
		if err := s.stop(); err != nil {
			return err
		}
		if _, err := w.Write(n[:binary.PutUvarint(n[:], uint64(len(v)))]); err != nil {
			return err
		}
		if _, err := io.WriteString(w, v); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if len(s.levels[level]) < runFan {
		return nil
	}
	full := s.levels[level]
	var failed error
	err = s.add(level+1, func(yield func(string) bool) {
		s.merge(readers(full), func(v string, err error) bool {
			if err != nil {
				failed = err
				return false
			}
			return yield(v)
		})
	})
	s.levels[level] = nil
	remove(full)
	return errors.Join(err, failed)
}

func (s *stringSorter) all() []*stringRun {
	var runs []*stringRun
	for _, level := range s.levels {
		runs = append(runs, readers(level)...)
	}
	return runs
}

func (s *stringSorter) close() {
	for _, level := range s.levels {
		remove(level)
	}
}

func remove(files []*os.File) {
	for _, f := range files {
		f.Close()
		os.Remove(f.Name())
	}
}

// merge yields the strings of the runs in order.
func (s *stringSorter) merge(runs []*stringRun, yield func(string, error) bool) {
	h := &stringHeap{}
	defer func() {
		for _, r := range runs {
			r.stop()
		}
	}()
	push := func(r *stringRun) bool {
		v, ok := r.next()
		if r.err != nil {
			yield("", r.err)
			return false
		}
		if ok {
			r.head = v
			heap.Push(h, r)
		}
		return true
	}
	for _, r := range runs {
		if !push(r) {
			return
		}
	}
	for h.Len() > 0 {
		r := heap.Pop(h).(*stringRun)
		if !yield(r.head, nil) || !push(r) {
			return
		}
	}
}

// stringRun is a sorted sequence that is being merged.
type stringRun struct {
	head string
	next func() (string, bool)
	stop func()
	err  error
}

func readers(files []*os.File) []*stringRun {
	var runs []*stringRun
	for _, f := range files {
		run := &stringRun{stop: func() {}}
		var in *bufio.Reader
		run.next = func() (string, bool) {
			if in == nil {
				if _, run.err = f.Seek(0, io.SeekStart); run.err != nil {
					return "", false
				}
				in = bufio.NewReader(s2.NewReader(f, s2.ReaderMaxBlockSize(256<<10)))
			}
			n, err := binary.ReadUvarint(in)
			if errors.Is(err, io.EOF) {
				return "", false
			}
			b := make([]byte, n)
			if err == nil {
				_, err = io.ReadFull(in, b)
			}
			run.err = err
			return string(b), err == nil
		}
		runs = append(runs, run)
	}
	return runs
}

type stringHeap []*stringRun

func (h stringHeap) Len() int           { return len(h) }
func (h stringHeap) Less(i, j int) bool { return h[i].head < h[j].head }
func (h stringHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *stringHeap) Push(x any)        { *h = append(*h, x.(*stringRun)) }
func (h *stringHeap) Pop() any {
	old := *h
	top := old[len(old)-1]
	*h = old[:len(old)-1]
	return top
}

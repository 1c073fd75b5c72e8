package corpus

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// sortStrings yields the strings of in in bytewise order, holding about memory bytes of them and sorted runs in dir
// beyond that. Strings of any length up to 1 MiB may hold any bytes.
func sortStrings(in iter.Seq2[string, error], dir string, memory int64) iter.Seq2[string, error] {
	const overhead = 16 + 16 // a string header, and what growing the slice costs
	return func(yield func(string, error) bool) {
		var held []string
		var size int64
		var runs []*os.File
		defer func() {
			for _, f := range runs {
				f.Close()
				os.Remove(f.Name())
			}
		}()
		spill := func() error {
			slices.Sort(held)
			f, err := os.CreateTemp(dir, "paths-*.run")
			if err != nil {
				return err
			}
			runs = append(runs, f)
			w := bufio.NewWriterSize(f, 256<<10)
			var n [binary.MaxVarintLen64]byte
			for _, s := range held {
				w.Write(n[:binary.PutUvarint(n[:], uint64(len(s)))])
				w.WriteString(s)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			held, size = held[:0], 0
			_, err = f.Seek(0, io.SeekStart)
			return err
		}
		for s, err := range in {
			if err == nil && size > 0 && size+int64(len(s))+overhead > memory {
				if err = spill(); err == nil && len(runs) == maxRuns {
					err = fmt.Errorf("more than %d sorted runs of paths; give --memory more", maxRuns)
				}
			}
			if err != nil {
				yield("", err)
				return
			}
			held = append(held, s)
			size += int64(len(s)) + overhead
		}
		slices.Sort(held)
		if len(runs) == 0 {
			for _, s := range held {
				if !yield(s, nil) {
					return
				}
			}
			return
		}
		merge := &stringHeap{}
		add := func(next func() (string, error)) error {
			s, err := next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				heap.Push(merge, stringRun{s, next})
			}
			return err
		}
		at := 0
		sources := []func() (string, error){func() (string, error) {
			if at == len(held) {
				return "", io.EOF
			}
			at++
			return held[at-1], nil
		}}
		for _, f := range runs {
			r := bufio.NewReaderSize(f, 64<<10)
			sources = append(sources, func() (string, error) {
				n, err := binary.ReadUvarint(r)
				if err != nil {
					return "", err
				}
				b := make([]byte, n)
				_, err = io.ReadFull(r, b)
				return string(b), err
			})
		}
		for _, next := range sources {
			if err := add(next); err != nil {
				yield("", err)
				return
			}
		}
		for merge.Len() > 0 {
			top := heap.Pop(merge).(stringRun)
			if !yield(top.s, nil) {
				return
			}
			if err := add(top.next); err != nil {
				yield("", err)
				return
			}
		}
	}
}

// maxRuns keeps the merge within few file descriptors; with the default memory it is reached beyond 10^8 paths.
const maxRuns = 40

type stringRun struct {
	s    string
	next func() (string, error)
}

type stringHeap []stringRun

func (h stringHeap) Len() int           { return len(h) }
func (h stringHeap) Less(i, j int) bool { return h[i].s < h[j].s }
func (h stringHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *stringHeap) Push(x any)        { *h = append(*h, x.(stringRun)) }
func (h *stringHeap) Pop() any {
	old := *h
	top := old[len(old)-1]
	*h = old[:len(old)-1]
	return top
}

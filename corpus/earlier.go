package corpus

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A generation of *read* is a spill with, beside each segment, an index of the files in it: where the units of each
// lie and what file they were read from. Both are in the order of the paths, so that finding what earlier builds read
// is a merge of sorted lists, whatever the size of the collection.

// draftWriter writes a generation.
type draftWriter struct {
	*spillWriter
	index *bufio.Writer
	file  *os.File
	long  earlierFile // the line file that is being written in parts
}

// nextOffset is where the next frame will lie in its segment.
func (w *draftWriter) nextOffset() int64 {
	if w.f == nil {
		return 0
	}
	return w.offset
}

func newDraftWriter(dir string) (*draftWriter, error) {
	w := &draftWriter{}
	var err error
	w.spillWriter, err = newSpill(dir, w.finishIndex)
	return w, err
}

func indexName(segment int) string {
	return strings.TrimSuffix(segmentName(segment), ".frames") + ".index"
}

// add writes a frame and the entries of its files.
func (w *draftWriter) add(r readFrame, first int64) error {
	if w.file == nil {
		f, err := os.Create(filepath.Join(w.dir, indexName(w.segment)+".tmp"))
		if err != nil {
			return err
		}
		w.file = f
		if w.index == nil {
			w.index = bufio.NewWriter(f)
		} else {
			w.index.Reset(f)
		}
	}
	at := earlierFile{segment: w.segment, offset: w.nextOffset()}
	if r.first {
		w.long = at
	}
	if r.part {
		at = w.long
		w.long.units += r.units
	}
	for _, f := range r.files {
		if r.part {
			f.units = w.long.units
		}
		if f.read {
			at.path, at.size, at.sum, at.units = f.path, f.size, f.sum, f.units
			if err := at.write(w.index); err != nil {
				return err
			}
		}
		at.skip += f.units
	}
	_, err := w.spillWriter.add(r.packed, first, r.units)
	return err
}

func (w *draftWriter) finishIndex(segment int) error {
	f := w.file
	w.file = nil
	if err := errors.Join(w.index.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), strings.TrimSuffix(f.Name(), ".tmp"))
}

func (w *draftWriter) abort() {
	w.spillWriter.abort()
	if w.file != nil {
		w.file.Close()
		os.Remove(w.file.Name())
		w.file = nil
	}
}

// earlierFile is what an earlier build knew of one file.
type earlierFile struct {
	path        string
	size        int64
	sum         [sha256.Size]byte
	segment     int
	offset      int64
	skip, units int // where in the frame its units begin, and how many there are
	from        *generation
}

func (e *earlierFile) fields(w *wire) {
	w.str(&e.path)
	w.i64(&e.size)
	w.fixed(e.sum[:])
	w.int(&e.segment)
	w.i64(&e.offset)
	w.int(&e.skip)
	w.int(&e.units)
}

func (e *earlierFile) write(w *bufio.Writer) error {
	record := writing(nil)
	e.fields(record)
	var n [binary.MaxVarintLen64]byte
	if _, err := w.Write(n[:binary.PutUvarint(n[:], uint64(len(record.buf)))]); err != nil {
		return err
	}
	_, err := w.Write(record.buf)
	return err
}

// place is where the units of a file lie that is within one frame.
func (e *earlierFile) place() *place {
	return &place{from: e.from, segment: e.segment, offset: e.offset, skip: e.skip, units: e.units}
}

// each gives the drafts of the place as they were.
func (p *place) each(f func(*draft)) error {
	records, err := p.from.frame(p.segment, p.offset)
	if err != nil {
		return err
	}
	w := reading(records)
	for i := range p.skip + p.units {
		var d draft
		if d.wire(w); w.err != nil {
			return w.err
		}
		if i >= p.skip {
			f(&d)
		}
	}
	return nil
}

// earlier finds what earlier builds read. Paths must be asked for in their order.
type earlier struct{ generations []*generation }

type generation struct {
	spill    spill
	segments []int
	next     int // of segments
	file     *os.File
	index    *bufio.Reader
	head     *earlierFile

	mu     sync.Mutex // the last frame is shared by the workers: neighbours want the same one
	at     [2]int64
	cached []byte
}

func openEarlier(dirs []string) (*earlier, error) {
	e := &earlier{}
	for _, dir := range dirs {
		g := &generation{spill: spill{dir: dir}, at: [2]int64{-1, -1}}
		names, err := filepath.Glob(filepath.Join(dir, "*.index"))
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for _, name := range names {
			n := 0
			for _, c := range strings.TrimSuffix(filepath.Base(name), ".index") {
				n = n*10 + int(c-'0')
			}
			if _, err := os.Stat(filepath.Join(dir, segmentName(n))); err == nil {
				g.segments = append(g.segments, n)
			}
		}
		e.generations = append(e.generations, g)
		if err := g.advance(); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// find gives the entry for a file of this path and size, from the newest generation that has one; else nil.
func (e *earlier) find(path string, size int64) (*earlierFile, error) {
	var found *earlierFile
	for _, g := range e.generations {
		for g.head != nil && cmp.Less(g.head.path, path) {
			if err := g.advance(); err != nil {
				return nil, err
			}
		}
		if found == nil && g.head != nil && g.head.path == path && g.head.size == size {
			found = g.head
		}
	}
	return found, nil
}

func (e *earlier) close() {
	for _, g := range e.generations {
		if g.file != nil {
			g.file.Close()
			g.file = nil
		}
		g.head = nil
	}
}

// advance reads the next entry; head is nil at the end. A damaged index ends the generation: what it held is read anew.
func (g *generation) advance() error {
	g.head = nil
	for {
		if g.file == nil {
			if g.next == len(g.segments) {
				return nil
			}
			f, err := os.Open(filepath.Join(g.spill.dir, indexName(g.segments[g.next])))
			if err != nil {
				return err
			}
			g.next++
			g.file, g.index = f, bufio.NewReader(f)
		}
		n, err := binary.ReadUvarint(g.index)
		if err == nil && n < 1<<20 {
			record := make([]byte, n)
			if _, err = io.ReadFull(g.index, record); err == nil {
				e := &earlierFile{from: g}
				w := reading(record)
				if e.fields(w); w.err == nil {
					g.head = e
					return nil
				}
			}
		}
		g.file.Close()
		g.file = nil
	}
}

// frame gives the records of one frame.
func (g *generation) frame(segment int, offset int64) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if at := [2]int64{int64(segment), offset}; at != g.at {
		f, err := g.spill.readFrame(segment, offset)
		if err != nil {
			return nil, err
		}
		if g.cached, err = unpack(f.packed); err != nil {
			return nil, err
		}
		g.at = at
	}
	return g.cached, nil
}

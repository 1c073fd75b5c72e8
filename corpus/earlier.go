package corpus

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A generation of *read* is a spill with, beside each segment, an index of the frames in it: of which files each was
// made, and the keys of its text segments. Both are in the order of the paths, so that finding what earlier builds read
// is a merge of sorted lists, whatever the size of the collection.

// draftWriter writes a generation.
type draftWriter struct {
	*spillWriter
	index  *bufio.Writer
	file   *os.File
	record []byte
	number int // of the part of a line file that comes next
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

// add writes a frame and its entry.
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
	r.Segment, r.Offset, r.Number = w.segment, w.nextOffset(), w.number
	if w.number++; !r.Part || r.Last {
		w.number = 0
	}
	out := writing(w.record[:0])
	r.indexed.wire(out)
	w.record = out.buf
	if err := writeRecord(w.index, w.record); err != nil {
		return err
	}
	_, err := w.spillWriter.add(r.packed, first, r.Units)
	return err
}

func (w *draftWriter) finishIndex(int) error {
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

// writeRecord writes a record behind its length, and its checksum behind it.
func writeRecord(w *bufio.Writer, record []byte) error {
	var n [binary.MaxVarintLen64]byte
	if _, err := w.Write(n[:binary.PutUvarint(n[:], uint64(len(record)))]); err != nil {
		return err
	}
	_, err := w.Write(binary.LittleEndian.AppendUint32(record, crc32.Checksum(record, castagnoli)))
	return err
}

// readRecord reads what writeRecord wrote.
func readRecord(r *bufio.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	if n > maxFrame {
		return nil, errFrame
	}
	record := make([]byte, n+4)
	if _, err = io.ReadFull(r, record); err != nil {
		return nil, err
	}
	if record, sum := record[:n], record[n:]; crc32.Checksum(record, castagnoli) == binary.LittleEndian.Uint32(sum) {
		return record, nil
	}
	return nil, errFrame
}

// frameName is the place of a frame in the order of a collection, whatever else is in it: its first path and, in a line
// file of many frames, its number.
type frameName struct {
	Path   string
	Number int
}

func (n frameName) compare(o frameName) int {
	return cmp.Or(cmp.Compare(n.Path, o.Path), cmp.Compare(n.Number, o.Number))
}

// indexed is what the index has of a frame.
type indexed struct {
	frameName
	Segment    int
	Offset     int64
	Units      int
	Sum        [16]byte // of the frame as it lies there: the first half of its SHA-256
	Part, Last bool     // of a line file that has frames of its own
	Files      []readFile
	Keys       segmentKeys
}

func (x *indexed) wire(w *wire) {
	w.str(&x.Path)
	w.int(&x.Number)
	w.int(&x.Segment)
	w.i64(&x.Offset)
	w.int(&x.Units)
	w.fixed(x.Sum[:])
	w.bool(&x.Part)
	w.bool(&x.Last)
	wireList(w, &x.Files, func(w *wire, f *readFile) {
		w.str(&f.path)
		w.i64(&f.size)
		w.fixed(f.sum[:])
		w.int(&f.units)
		w.bool(&f.named)
		wireString(w, &f.how)
	})
	x.Keys.wire(w)
}

// sumOf is the first half of the SHA-256 of a frame.
func sumOf(packed []byte) (sum [16]byte) {
	full := sha256.Sum256(packed)
	copy(sum[:], full[:])
	return sum
}

// earlierFile is a file of an earlier frame.
type earlierFile struct {
	*readFile
	frame *earlierFrame
	unit  int // of the frame, its first one
}

// earlierFrame is a frame of an earlier build.
type earlierFrame struct {
	indexed
	of *generation
}

// packed reads the frame. One that is damaged is as good as none.
func (f *earlierFrame) packed() ([]byte, error) {
	p, err := f.of.spill.readFrame(f.Segment, f.Offset)
	if err != nil {
		return nil, err
	}
	if sumOf(p.packed) != f.Sum {
		return nil, errFrame
	}
	return p.packed, nil
}

// earlierLines is a line file in frames of its own.
type earlierLines struct {
	readFile
	of     *generation
	at     indexPlace
	frames int
}

// earlier finds what earlier builds read. Paths must be asked for in their order.
type earlier struct{ generations []*generation }

func openEarlier(dirs []string) (*earlier, error) {
	e := &earlier{}
	for _, dir := range dirs {
		g, err := openGeneration(dir)
		if err != nil {
			return nil, err
		}
		e.generations = append(e.generations, g)
	}
	return e, nil
}

// file gives the file as it was read under this path with this size, from the newest generation that has it; else nil.
func (e *earlier) file(f File) (*earlierFile, error) {
	var found *earlierFile
	for _, g := range e.generations {
		if err := g.seek(f.Path); err != nil {
			return nil, err
		}
		for g.head != nil && g.next < len(g.head.Files) && g.head.Files[g.next].path < f.Path {
			g.unit += g.head.Files[g.next].units
			g.next++
		}
		if found != nil || g.head == nil || g.head.Part || g.next == len(g.head.Files) {
			continue
		}
		if x := &g.head.Files[g.next]; x.path == f.Path && x.named == f.Named && (x.how == byName || x.how == byContent && x.size == f.Size) {
			found = &earlierFile{x, g.head, g.unit}
		}
	}
	return found, nil
}

// lines gives a line file that has frames of its own.
func (e *earlier) lines(f File) (*earlierLines, error) {
	var found *earlierLines
	for _, g := range e.generations {
		if err := g.seek(f.Path); err != nil {
			return nil, err
		}
		at := g.before
		for n := 1; g.head != nil && g.head.Part && g.head.Path == f.Path; n++ {
			if last := g.head; last.Last {
				if x := last.Files[0]; found == nil && x.how == byContent && x.size == f.Size && x.named == f.Named {
					found = &earlierLines{x, g, at, n}
				}
			}
			if err := g.advance(); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

func (e *earlier) close() {
	for _, g := range e.generations {
		g.close()
	}
}

// generation reads an index from its start to its end.
type generation struct {
	spill    spill
	segments []int
	file     *os.File
	in       *bufio.Reader
	at       indexPlace // of what comes next

	head   *earlierFrame // nil at the end
	before indexPlace    // of head
	next   int           // of head's files
	unit   int           // of head, the first one of that file
}

// indexPlace is a place in an index.
type indexPlace struct {
	segment int // of generation.segments
	offset  int64
}

// openGeneration opens the index at its first frame.
func openGeneration(dir string) (*generation, error) {
	g := &generation{spill: spill{dir: dir}}
	names, err := filesIn(dir, ".index")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		n := 0
		for _, c := range strings.TrimSuffix(filepath.Base(name), ".index") {
			n = n*10 + int(c-'0')
		}
		if _, err := os.Stat(filepath.Join(dir, segmentName(n))); err == nil {
			g.segments = append(g.segments, n)
		}
	}
	return g, g.advance()
}

// from opens the same index at another place.
func (g *generation) from(at indexPlace) (*generation, error) {
	out := &generation{spill: g.spill, segments: g.segments, at: at}
	return out, out.advance()
}

// seek goes on to the first frame that ends at or after a path.
func (g *generation) seek(path string) error {
	for g.head != nil {
		last := g.head.Path
		if n := len(g.head.Files); n > 0 {
			last = g.head.Files[n-1].path
		}
		if last >= path {
			return nil
		}
		if err := g.advance(); err != nil {
			return err
		}
	}
	return nil
}

// advance reads the next entry. A damaged index ends there: what it held is read anew.
func (g *generation) advance() error {
	g.head, g.next, g.unit = nil, 0, 0
	for ; g.at.segment < len(g.segments); g.at = (indexPlace{segment: g.at.segment + 1}) {
		if g.file == nil {
			f, err := os.Open(filepath.Join(g.spill.dir, indexName(g.segments[g.at.segment])))
			if err != nil {
				return err
			}
			if _, err := f.Seek(g.at.offset, io.SeekStart); err != nil {
				f.Close()
				return err
			}
			g.file, g.in = f, bufio.NewReader(f)
		}
		if record, err := readRecord(g.in); err == nil {
			e := &earlierFrame{of: g}
			w := reading(record)
			if e.indexed.wire(w); w.err == nil && (!e.Last || len(e.Files) == 1) {
				g.before = g.at
				g.at.offset += int64(len(binary.AppendUvarint(nil, uint64(len(record)))) + len(record) + 4)
				g.head = e
				return nil
			}
		}
		g.file.Close()
		g.file = nil
	}
	return nil
}

func (g *generation) close() {
	if g.file != nil {
		g.file.Close()
		g.file = nil
	}
	g.head, g.at.segment = nil, len(g.segments)
}

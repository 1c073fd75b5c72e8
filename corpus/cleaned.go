package corpus

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"broadsheet/corpus/neardup"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// A generation of *clean* is three spills and, beside them, what each frame of them was made of: a frame of drafts and
// what was cut from each draft. Where both are what they were, so is the frame. What follows depends on the
// configuration too, and a work folder is of one configuration.

// The spills of *clean*.
const (
	metaSpill = iota // outcome records, of all units
	rowsSpill        // rows, of the units that judge has to decide about
	ruleSpill        // what was learned
	cleanSpills
)

var cleanSpillNames = [cleanSpills]string{"meta", "rows", "rules"}

const cleanIndex = "frames.index"

// framePlace is where a frame lies in a spill; Segment is -1 for none. Sum is the CRC-32C of the frame as it lies there.
type framePlace struct {
	Segment int
	Offset  int64
	Sum     uint64
}

// cleanedFrame is what the index has of the frames that one frame of drafts became.
type cleanedFrame struct {
	frameName
	Sum     [16]byte // of the frame of drafts
	Cuts    []uint64 // by unit, see cutKey
	Places  [cleanSpills]framePlace
	Entries []neardup.Entry         // of the rows; Seq counts within the frame
	Unread  map[schema.Reason]int64 // what read had dropped
	Dropped map[schema.Reason]int64 // what clean dropped
}

func (f *cleanedFrame) wire(w *wire) {
	w.str(&f.Path)
	w.int(&f.Number)
	w.fixed(f.Sum[:])
	wireList(w, &f.Cuts, (*wire).u64)
	for i := range f.Places {
		w.int(&f.Places[i].Segment)
		w.i64(&f.Places[i].Offset)
		w.u64(&f.Places[i].Sum)
	}
	wireList(w, &f.Entries, wireEntry)
	wireCounts(w, &f.Unread)
	wireCounts(w, &f.Dropped)
}

func wireEntry(w *wire, e *neardup.Entry) {
	w.i64(&e.Seq)
	w.byte((*uint8)(&e.Tier))
	w.fixed(e.URL[:])
	w.fixed(e.Title[:])
	w.fixed(e.Text[:])
	w.u64(&e.Host)
	w.i64(&e.Fetched)
	w.fixed(e.Rank[:])
	for i := range e.Print.Text {
		w.u64(&e.Print.Text[i])
	}
	for i := range e.Print.Bands {
		w.u64(&e.Print.Bands[i])
	}
	for i := range e.Print.Titles {
		w.u64(&e.Print.Titles[i])
	}
	w.i32(&e.Print.Length)
}

func wireCounts(w *wire, m *map[schema.Reason]int64) {
	type count struct {
		reason schema.Reason
		n      int64
	}
	var list []count
	for _, reason := range slices.Sorted(maps.Keys(*m)) {
		list = append(list, count{reason, (*m)[reason]})
	}
	wireList(w, &list, func(w *wire, c *count) {
		wireString(w, &c.reason)
		w.i64(&c.n)
	})
	if w.reading {
		*m = map[schema.Reason]int64{}
		for _, c := range list {
			(*m)[c.reason] = c.n
		}
	}
}

// cutKey is equal for cuts that do the same to the same draft. How often a rule holds is of no matter but where this
// draft is the one to tell of it.
func cutKey(hits []repeat.Hit) uint64 {
	h := fnv.New64a()
	var buf [40]byte
	for _, x := range hits {
		b := binary.AppendVarint(buf[:0], int64(x.Number))
		b = append(b, x.Type, x.Kind, flag(x.Compound), flag(x.Author), flag(x.First), byte(x.Order))
		if x.First {
			b = binary.AppendVarint(b, x.Count)
		}
		h.Write(b)
	}
	return h.Sum64()
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// tellsRules says whether a draft is the one whose text a learned rule is given in.
func tellsRules(hits []repeat.Hit) bool {
	return slices.ContainsFunc(hits, func(h repeat.Hit) bool { return h.First })
}

// cleanedWriter writes a generation.
type cleanedWriter struct {
	spills [cleanSpills]*spillWriter
	file   *os.File
	index  *bufio.Writer
	record []byte
}

func newCleanedWriter(dir string) (*cleanedWriter, error) {
	w := &cleanedWriter{}
	for i, name := range cleanSpillNames {
		var err error
		if w.spills[i], err = newSpill(filepath.Join(dir, name), nil); err != nil {
			return nil, err
		}
	}
	var err error
	if w.file, err = os.Create(filepath.Join(dir, cleanIndex+".tmp")); err != nil {
		return nil, err
	}
	w.index = bufio.NewWriter(w.file)
	return w, nil
}

// add writes the frames. A frame of rows says how many units it spans, whether or not each has a row.
func (w *cleanedWriter) add(f *cleanFrame) error {
	for i, packed := range f.packed {
		f.Places[i] = framePlace{Segment: -1}
		if packed == nil {
			continue
		}
		at, err := w.spills[i].add(packed, f.first, f.units)
		if err != nil {
			return err
		}
		f.Places[i] = framePlace{at.Segment, at.Offset, uint64(crc32.Checksum(packed, castagnoli))}
	}
	out := writing(w.record[:0])
	f.cleanedFrame.wire(out)
	w.record = out.buf
	return writeRecord(w.index, w.record)
}

// close gives the spills. With the name of the index the generation is whole.
func (w *cleanedWriter) close() (out [cleanSpills]*spill, err error) {
	for i, s := range w.spills {
		if out[i], err = s.close(); err != nil {
			return out, err
		}
	}
	f := w.file
	w.file = nil
	if err := errors.Join(w.index.Flush(), f.Close()); err != nil {
		return out, err
	}
	return out, os.Rename(f.Name(), filepath.Join(filepath.Dir(f.Name()), cleanIndex))
}

func (w *cleanedWriter) abort() {
	for _, s := range w.spills {
		s.abort()
	}
	if w.file != nil {
		w.file.Close()
	}
}

// earlierCleaned reads the index of the newest whole generation. Frames must be asked for in their order.
type earlierCleaned struct {
	spills [cleanSpills]spill
	file   *os.File // nil at the end, and where there is no such generation
	in     *bufio.Reader
	head   *cleanedFrame
}

// openCleaned takes the generations there are, newest first.
func openCleaned(dirs []string) (*earlierCleaned, error) {
	e := &earlierCleaned{}
	for _, dir := range dirs {
		f, err := os.Open(filepath.Join(dir, cleanIndex))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i, name := range cleanSpillNames {
			e.spills[i].dir = filepath.Join(dir, name)
		}
		e.file, e.in = f, bufio.NewReader(f)
		break
	}
	e.advance()
	return e, nil
}

// advance reads the next entry. A damaged index ends there: what it held is made anew.
func (e *earlierCleaned) advance() {
	e.head = nil
	if e.file == nil {
		return
	}
	if record, err := readRecord(e.in); err == nil {
		f := new(cleanedFrame)
		w := reading(record)
		if f.wire(w); w.err == nil {
			e.head = f
			return
		}
	}
	e.close()
}

// find gives what the same frame of drafts became before, or nil.
func (e *earlierCleaned) find(drafts *indexed) *cleanedBefore {
	for e.head != nil && e.head.compare(drafts.frameName) < 0 {
		e.advance()
	}
	if f := e.head; f != nil && f.frameName == drafts.frameName && f.Sum == drafts.Sum {
		return &cleanedBefore{cleanedFrame: f, spills: &e.spills}
	}
	return nil
}

func (e *earlierCleaned) close() {
	if e.file != nil {
		e.file.Close()
		e.file = nil
	}
}

// cleanedBefore is what a frame of drafts became in an earlier build.
type cleanedBefore struct {
	*cleanedFrame
	spills *[cleanSpills]spill

	meta, rows *wire // see unit
	row        []byte
	rowUnit    int64
	entries    []neardup.Entry
}

// packed reads a frame; nil where there is none. One that is damaged is as good as none.
func (c *cleanedBefore) packed(spill int) ([]byte, error) {
	at := c.Places[spill]
	if at.Segment < 0 {
		return nil, nil
	}
	f, err := c.spills[spill].readFrame(at.Segment, at.Offset)
	if err == nil && uint64(crc32.Checksum(f.packed, castagnoli)) != at.Sum {
		err = errFrame
	}
	return f.packed, err
}

// whole gives all that the frame became, where its cuts are what they were.
func (c *cleanedBefore) whole(cuts []uint64, f *cleanFrame) bool {
	if !slices.Equal(c.Cuts, cuts) {
		return false
	}
	for i := range f.packed {
		var err error
		if f.packed[i], err = c.packed(i); err != nil {
			return false
		}
	}
	f.cleanedFrame, f.before = *c.cleanedFrame, f.units
	return true
}

// open prepares for unit.
func (c *cleanedBefore) open() bool {
	for spill, to := range map[int]**wire{metaSpill: &c.meta, rowsSpill: &c.rows} {
		packed, err := c.packed(spill)
		var records []byte
		if err == nil && packed != nil {
			records, err = unpack(packed)
		}
		if err != nil {
			return false
		}
		*to = reading(records)
	}
	c.entries = c.Entries
	c.nextRow()
	return true
}

func (c *cleanedBefore) nextRow() {
	if c.row = nil; c.rows.more() {
		c.row = c.rows.take()
		var r row
		in := reading(c.row)
		in.sized(func(w *wire) { w.i64(&r.unit) })
		c.rowUnit = r.unit
	}
}

// unit gives what the next unit became: the records as they lie, and what judge needs; the last two are nil for none.
func (c *cleanedBefore) unit(i int64) (meta, row []byte, entry *neardup.Entry) {
	meta = c.meta.take()
	if c.row != nil && c.rowUnit == i {
		row = c.row
		c.nextRow()
	}
	if len(c.entries) > 0 && c.entries[0].Seq == i {
		entry, c.entries = &c.entries[0], c.entries[1:]
	}
	return meta, row, entry
}

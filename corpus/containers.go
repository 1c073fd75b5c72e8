package corpus

import (
	"encoding/binary"
	"strings"

	"broadsheet/schema"
)

// A container that is damaged, such as a compressed line file that ends early, is a unit of its own, under its own path.
// It is the last unit of its file, because the damage shows at the end, and its path is the first in the order of the
// paths. It is no document, so the outcomes are the only table that it is in: there its row is moved before those of its
// lines.

// containerRecord: unit 8 (the first of its lines), its own unit 8.
const containerRecord = 16

// containers notes the units that are to be moved while all units go by in order. Files come in the order of their
// paths, so a path that is the file of the line before it is that of a container.
type containers struct {
	*records
	file  string // whose lines go by; empty where none do
	first int64  // the first of them
}

func (c *containers) see(unit int64, path string) error {
	if c.file != "" && path == c.file {
		var rec [containerRecord]byte
		binary.BigEndian.PutUint64(rec[0:], uint64(c.first))
		binary.BigEndian.PutUint64(rec[8:], uint64(unit))
		return c.add(rec[:])
	}
	file := fileOfLine(path)
	if file != c.file {
		c.file, c.first = file, unit
	}
	return nil
}

// fileOfLine is the path of the file that a path names a line of; empty where it names none.
func fileOfLine(path string) string {
	at := strings.LastIndexByte(path, ':')
	if at < 0 || at+1 == len(path) || strings.Trim(path[at+1:], "0123456789") != "" {
		return ""
	}
	return path[:at]
}

// mover gives the outcomes of containers where their lines begin.
type mover struct {
	meta   *spill
	to     *merge
	places *rowPlaces
	moved  int64 // the unit that was given last
}

func newMover(c *candidates, of *containers) *mover {
	return &mover{meta: c.meta, to: newRecordMerge(of.records), places: newRowPlaces(c.meta), moved: -1}
}

// before gives the outcome that comes before that of a unit, or nil. Units are asked for in order.
func (m *mover) before(unit int64) (*schema.Outcome, error) {
	rec := m.to.at(unit)
	if rec == nil {
		return nil, m.to.err()
	}
	m.moved = int64(binary.BigEndian.Uint64(rec[8:]))
	at, err := m.places.of(m.moved)
	if err != nil {
		return nil, err
	}
	f, err := m.meta.readFrame(at.Segment, at.Offset)
	if err != nil {
		return nil, err
	}
	recs, err := unpack(f.packed)
	if err != nil {
		return nil, err
	}
	in := reading(recs)
	for range m.moved - f.First {
		in.take()
	}
	var r record
	in.sized(r.wire)
	if r.Outcome.Notes == nil {
		r.Outcome.Notes = []string{}
	}
	return &r.Outcome, in.err
}

func (m *mover) close() {
	m.to.close()
	m.places.close()
}

package corpus

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"

	"broadsheet/corpus/extsort"
	"broadsheet/corpus/pii"
	"broadsheet/schema"
)

// plan says what each shard holds, before any is written, so that each can be written alone.
type plan struct {
	shards   []shard
	rows     *spill   // the rows, in output order
	kept     *records // keptRecord of every kept unit, by split and in output order
	names    *records // nameRecord of every duplicate, in the order of the units
	verdicts *verdicts
	moved    containers // whose outcomes come before those of their lines
	counts   schema.Counts
	masked   [pii.NumKinds]int64 // of the kept
	judged   schema.Stage
}

// shard is a range of kept records, and where the first of its rows lies.
type shard struct {
	split    string
	number   int
	from, to int64 // of plan.kept
	segment  int   // of plan.rows
	offset   int64
}

// keptRecord: place 8 (the number of its row in plan.rows), copies 4, repeat 4 (which of the units of its id it is,
// counted from 2; 0 for the first), unit 8.
const keptRecord = 24

// nameRecord gives what a duplicate must know of the document that stands for it: unit 8, id 16, repeat 4, created 8
// (microseconds, the least number where there is none).
const nameRecord = 8 + 16 + 4 + 8

// planShards decides the shards by the uncompressed bytes of their rows, in output order.
func planShards(b *build, c *candidates, v *verdicts) (*plan, error) {
	p := &plan{verdicts: v, rows: c.rows, judged: schema.Stage{Name: "judge", Dropped: map[schema.Reason]int64{}}}
	err := p.make(b, c)
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *plan) make(b *build, c *candidates) error {
	repeats, err := repeatedIDs(b, c, p.verdicts)
	if err != nil {
		return err
	}
	defer repeats.Close()
	if p.names, err = standIns(b, c, p.verdicts, repeats); err != nil {
		return err
	}
	splits, err := newSplits(b.config)
	if err != nil {
		return err
	}
	// A kept unit before its place is known: split 1, key 8 (of the order), unit 8, copies 4, repeat 4, bytes 8.
	order := b.sorter(33, 8)
	defer order.Close()
	nth, err := newMerge(repeats)
	if err != nil {
		return err
	}
	names := newRecordMerge(p.names)
	defer names.close()
	if p.moved.records, err = newRecords(b.work.Temp(), "containers", containerRecord); err != nil {
		return err
	}
	err = b.eachVerdict(c, p.verdicts, func(unit int64, r *record, verdict *verdict) error {
		if err := p.moved.see(unit, r.Outcome.Path); err != nil {
			return err
		}
		if r.Outcome.Reason != "" {
			p.counts.Add(r.Outcome.Outcome, r.Outcome.Reason)
			return nil
		}
		p.judged.In++
		name := names.at(unit)
		if verdict.reason != "" {
			p.judged.Dropped[verdict.reason]++
			p.counts.Add(verdict.reason.Verdict(), verdict.reason)
			return nil
		}
		p.judged.Out++
		p.counts.Add(schema.Kept, "")
		for k, n := range r.Masked {
			p.masked[k] += int64(n)
		}
		key := splits.keyOf(r, name)
		var rec [33]byte
		rec[0] = splits.of(key)
		repeat := uint32(0)
		if n := nth.at(unit); n != nil {
			repeat = binary.BigEndian.Uint32(n[8:])
		}
		binary.BigEndian.PutUint64(rec[1:], splits.order(r.Outcome.ID, repeat))
		binary.BigEndian.PutUint64(rec[9:], uint64(unit))
		binary.BigEndian.PutUint32(rec[17:], uint32(verdict.copies))
		binary.BigEndian.PutUint32(rec[21:], repeat)
		binary.BigEndian.PutUint64(rec[25:], uint64(r.Bytes))
		return order.Add(rec[:])
	})
	if err = errors.Join(err, nth.err(), names.err(), p.moved.flush()); err != nil {
		return err
	}
	if p.kept, err = newRecords(b.work.Temp(), "kept", keptRecord); err != nil {
		return err
	}
	in, err := order.Sort()
	if err != nil {
		return err
	}
	// In the order of the paths a row's place is its unit; in any other, rows are moved to where they are read in order.
	shuffled := splits.shuffled
	moves := b.sorter(16, 8) // unit 8, place 8
	defer moves.Close()
	var bytes int64
	for rec := in.Next(); rec != nil; rec = in.Next() {
		split := splits.names[rec[0]]
		size := int64(binary.BigEndian.Uint64(rec[25:]))
		n := len(p.shards)
		if n == 0 || p.shards[n-1].split != split || bytes+size > b.config.ShardSize {
			number := 0
			if n > 0 && p.shards[n-1].split == split {
				number = p.shards[n-1].number + 1
			}
			p.shards = append(p.shards, shard{split: split, number: number, from: p.kept.n, to: p.kept.n})
			bytes = 0
		}
		bytes += size
		p.shards[len(p.shards)-1].to++
		var kept [keptRecord]byte
		copy(kept[0:8], rec[9:17])
		if shuffled {
			var move [16]byte
			copy(move[0:8], rec[9:17])
			binary.BigEndian.PutUint64(move[8:], uint64(p.kept.n))
			copy(kept[0:8], move[8:16])
			if err := moves.Add(move[:]); err != nil {
				return err
			}
		}
		copy(kept[8:16], rec[17:25])
		copy(kept[16:24], rec[9:17])
		if err := p.kept.add(kept[:]); err != nil {
			return err
		}
	}
	if err := errors.Join(in.Err(), p.kept.flush()); err != nil {
		return err
	}
	if shuffled {
		if p.rows, err = moveRows(b, c.rows, moves); err != nil {
			return err
		}
	}
	return p.locate()
}

// locate finds where the first row of each shard lies.
func (p *plan) locate() error {
	places := newRowPlaces(p.rows)
	defer func() { places.close() }()
	for i := range p.shards {
		s := &p.shards[i]
		if i > 0 && p.shards[i-1].split != s.split { // each split goes through the rows from the start
			places.close()
			places = newRowPlaces(p.rows)
		}
		for rec, err := range p.kept.between(s.from, s.from+1) {
			if err != nil {
				return err
			}
			at, err := places.of(int64(binary.BigEndian.Uint64(rec)))
			if err != nil {
				return err
			}
			s.segment, s.offset = at.Segment, at.Offset
		}
	}
	return nil
}

func (p *plan) close() {
	p.kept.close()
	p.names.close()
	p.moved.close()
}

// sorter is an external sort in the work folder, with a share of the memory: one part of this many.
func (b *build) sorter(size int, part int64) *extsort.Sorter {
	return extsort.New(size, extsort.Options{Dir: b.work.Temp(), Memory: b.memory / part, Stop: b.stop})
}

// moveRows writes the rows anew in the order of their places. Rows that have none are left out.
func moveRows(b *build, rows *spill, moves *extsort.Sorter) (*spill, error) {
	to, err := newMerge(moves)
	if err != nil {
		return nil, err
	}
	in := func(yield func(string, error) bool) {
		for r, err := range rows.rowsFrom(0, 0) {
			if err == nil {
				err = b.stop()
			}
			if err != nil {
				yield("", err)
				return
			}
			move := to.at(r.unit)
			if move == nil {
				continue
			}
			w := writing(append([]byte(nil), move[8:16]...))
			r.wireDocument(w)
			if !yield(string(w.buf), nil) {
				return
			}
		}
	}
	out, err := newSpill(b.work.stage("clean-ordered"), nil)
	if err != nil {
		return nil, err
	}
	defer out.abort()
	records := writing(nil)
	first, n := int64(0), int64(0)
	flush := func() error {
		if n == 0 {
			return nil
		}
		_, err := out.add(pack(records.buf), first, int(n))
		first, n, records.buf = first+n, 0, records.buf[:0]
		return err
	}
	for s, err := range sortStrings(in, b.work.Temp(), b.memory/4, b.stop) {
		if err == nil {
			err = b.stop()
		}
		if err != nil {
			return nil, err
		}
		records.sized(func(w *wire) {
			w.i64(&n)
			w.buf = append(w.buf, s[8:]...)
		})
		if n++; len(records.buf) >= batchBytes {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if err := errors.Join(flush(), to.err()); err != nil {
		return nil, err
	}
	return out.close()
}

// repeatedIDs finds the kept units whose id another kept unit before them has: unit 8, number 4, counted from 2. There
// are such with dedupe none and mark; else only where an address is all that two units state.
func repeatedIDs(b *build, c *candidates, v *verdicts) (*extsort.Sorter, error) {
	byID := b.sorter(16+8, 16)
	defer byID.Close()
	err := b.eachVerdict(c, v, func(unit int64, r *record, verdict *verdict) error {
		if r.Outcome.Reason != "" || verdict.reason != "" {
			return nil
		}
		var rec [24]byte
		if _, err := hex.Decode(rec[:16], []byte(r.Outcome.ID)); err != nil {
			return err
		}
		binary.BigEndian.PutUint64(rec[16:], uint64(unit))
		return byID.Add(rec[:])
	})
	if err != nil {
		return nil, err
	}
	in, err := byID.Sort()
	if err != nil {
		return nil, err
	}
	out := b.sorter(8+4, 16)
	var last [16]byte
	n := uint32(0)
	for rec := in.Next(); rec != nil; rec = in.Next() {
		if n > 0 && [16]byte(rec[:16]) == last {
			n++
			var o [12]byte
			copy(o[:8], rec[16:])
			binary.BigEndian.PutUint32(o[8:], n)
			if err := out.Add(o[:]); err != nil {
				out.Close()
				return nil, err
			}
			continue
		}
		last, n = [16]byte(rec[:16]), 1
	}
	if err := in.Err(); err != nil {
		out.Close()
		return nil, err
	}
	return out, nil
}

// standIns writes, for every duplicate, who stands for it.
func standIns(b *build, c *candidates, v *verdicts, repeats *extsort.Sorter) (*records, error) {
	behind := b.sorter(16, 16) // who stands 8, the duplicate 8
	defer behind.Close()
	ofBase := b.sorter(16, 16) // the same for documents of the base
	defer ofBase.Close()
	for verdict, err := range v.all() {
		if err == nil && verdict.of < -1 {
			var rec [16]byte
			binary.BigEndian.PutUint64(rec[0:], uint64(-2-verdict.of))
			binary.BigEndian.PutUint64(rec[8:], uint64(verdict.unit))
			err = ofBase.Add(rec[:])
		}
		if err == nil && verdict.of >= 0 {
			var rec [16]byte
			binary.BigEndian.PutUint64(rec[0:], uint64(verdict.of))
			binary.BigEndian.PutUint64(rec[8:], uint64(verdict.unit))
			err = behind.Add(rec[:])
		}
		if err != nil {
			return nil, err
		}
	}
	who, err := newMerge(behind)
	if err != nil {
		return nil, err
	}
	nth, err := newMerge(repeats)
	if err != nil {
		return nil, err
	}
	names := b.sorter(nameRecord, 16)
	defer names.Close()
	err = b.eachVerdict(c, v, func(unit int64, r *record, verdict *verdict) error {
		for rec := who.at(unit); rec != nil; rec = who.at(unit) {
			repeat := uint32(0)
			if n := nth.at(unit); n != nil {
				repeat = binary.BigEndian.Uint32(n[8:])
			}
			name, err := newName(rec[8:16], r.Outcome.ID, repeat, r.Outcome.Created)
			if err == nil {
				err = names.Add(name[:])
			}
			if err != nil {
				return err
			}
			who.skip()
		}
		return nil
	})
	if err == nil && b.base != nil {
		err = b.base.names(ofBase, names)
	}
	if err = errors.Join(err, who.err(), nth.err()); err != nil {
		return nil, err
	}
	out, err := newRecords(b.work.Temp(), "names", nameRecord)
	if err != nil {
		return nil, err
	}
	in, err := names.Sort()
	if err == nil {
		for rec := in.Next(); rec != nil && err == nil; rec = in.Next() {
			err = out.add(rec)
		}
		err = errors.Join(err, in.Err(), out.flush())
	}
	if err != nil {
		out.close()
		return nil, err
	}
	return out, nil
}

// newName makes a nameRecord for the unit whose number is given in 8 bytes.
func newName(unit []byte, id string, repeat uint32, created *schema.Time) (name [nameRecord]byte, err error) {
	copy(name[:8], unit)
	if _, err := hex.Decode(name[8:24], []byte(id)); err != nil {
		return name, fmt.Errorf("id %q is not 32 hexadecimal digits", id)
	}
	binary.BigEndian.PutUint32(name[24:], repeat)
	at := int64(math.MinInt64)
	if created != nil {
		at = int64(*created)
	}
	binary.BigEndian.PutUint64(name[28:], uint64(at))
	return name, nil
}

// eachVerdict goes through all units in order, with their outcome so far and, for candidates, the verdict on them.
func (b *build) eachVerdict(c *candidates, v *verdicts, f func(unit int64, r *record, verdict *verdict) error) error {
	next, stop := pull(v.all())
	defer stop()
	head, err, ok := next()
	for fr, ferr := range c.meta.frames(nil) {
		if ferr == nil {
			ferr = b.stop()
		}
		if ferr != nil {
			return ferr
		}
		recs, uerr := unpack(fr.packed)
		if uerr != nil {
			return uerr
		}
		w := reading(recs)
		for i := range fr.Units {
			var r record
			if w.sized(r.wire); w.err != nil {
				return w.err
			}
			if err != nil {
				return err
			}
			unit := fr.First + int64(i)
			none := verdict{unit: unit, of: -1}
			at := &none
			if r.Outcome.Reason == "" {
				if !ok || head.unit != unit {
					return fmt.Errorf("unit %d (%s) has no verdict", unit, r.Outcome.Path)
				}
				this := head
				at = &this
			}
			if ferr := f(unit, &r, at); ferr != nil {
				return ferr
			}
			if r.Outcome.Reason == "" {
				head, err, ok = next()
			}
		}
	}
	return err
}

// suffixed is an id with the number of its repetition.
func suffixed(id string, nth uint32) string {
	if nth < 2 {
		return id
	}
	return id + "-" + strconv.FormatUint(uint64(nth), 10)
}

// rowPlaces finds the frame of a unit's row. Units are asked for in order.
type rowPlaces struct {
	next func() (packedFrame, error, bool)
	stop func()
	at   frame // the frame that begins last before or at the unit
	head packedFrame
	err  error
	ok   bool
}

func newRowPlaces(s *spill) *rowPlaces {
	p := &rowPlaces{}
	p.next, p.stop = pull(s.headers())
	p.head, p.err, p.ok = p.next()
	return p
}

func (p *rowPlaces) of(unit int64) (frame, error) {
	for p.ok && p.err == nil && p.head.First <= unit {
		p.at = p.head.frame
		p.head, p.err, p.ok = p.next()
	}
	return p.at, p.err
}

func (p *rowPlaces) close() { p.stop() }

package corpus

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"broadsheet/corpus/extsort"
	"broadsheet/schema"
)

// plan says what each shard holds, before any is written, so that each can be written alone.
type plan struct {
	shards []shard
	kept   *records // keptRecord of every kept unit, in output order
	// names gives the id of the document that a duplicate stands behind: unit 8, id 16, repeat 4.
	names    *sorted
	verdicts *verdicts
	counts   schema.Counts
	judged   schema.Stage
}

// shard is a range of kept records, and where the first of its rows lies.
type shard struct {
	split    string
	number   int
	from, to int64 // of plan.kept
	segment  int   // of the spill of rows
	offset   int64
}

// keptRecord: unit 8, copies 4, repeat 4: how many units of this id came before, plus one where there are others.
const keptRecord = 16

const namesRecord = 8 + 16 + 4

// planShards decides the shards by the uncompressed bytes of their rows, in output order.
func planShards(b *build, c *candidates, v *verdicts) (*plan, error) {
	repeats, err := repeatedIDs(b, c, v)
	if err != nil {
		return nil, err
	}
	defer repeats.close()
	behind, err := standIns(b, v)
	if err != nil {
		return nil, err
	}
	defer behind.close()
	names := extsort.New(namesRecord, extsort.Options{Dir: b.work.Temp(), Memory: b.memory / 16})
	p := &plan{verdicts: v}
	fail := func(err error) (*plan, error) {
		p.kept.close()
		names.Close()
		return nil, err
	}
	if p.kept, err = newRecords(b.work.Temp(), "kept", keptRecord); err != nil {
		return fail(err)
	}
	p.judged = schema.Stage{Name: "judge", Dropped: map[schema.Reason]int64{}}
	places := newRowPlaces(c.rows)
	defer places.close()
	var bytes int64
	err = eachVerdict(c, v, func(unit int64, r *record, verdict *verdict) error {
		if r.Outcome.Reason != "" {
			p.counts.Add(r.Outcome.Outcome, r.Outcome.Reason)
			return nil
		}
		p.judged.In++
		if verdict.reason != "" {
			p.judged.Dropped[verdict.reason]++
			p.counts.Add(verdict.reason.Verdict(), verdict.reason)
			return nil
		}
		p.judged.Out++
		p.counts.Add(schema.Kept, "")
		nth := uint32(0)
		if rec := repeats.at(unit); rec != nil {
			nth = binary.BigEndian.Uint32(rec[8:])
		}
		// Whoever stands behind this document learns its id.
		for rec := behind.at(unit); rec != nil; rec = behind.at(unit) {
			var name [namesRecord]byte
			copy(name[:8], rec[8:16])
			if _, err := hex.Decode(name[8:24], []byte(r.Outcome.ID)); err != nil {
				return err
			}
			binary.BigEndian.PutUint32(name[24:], nth)
			if err := names.Add(name[:]); err != nil {
				return err
			}
			behind.head = behind.r.Next()
		}
		if n := len(p.shards); n == 0 || bytes+r.Bytes > b.config.ShardSize {
			place, err := places.of(unit)
			if err != nil {
				return err
			}
			p.shards = append(p.shards, shard{split: "train", number: n, from: p.kept.n, to: p.kept.n, segment: place.Segment, offset: place.Offset})
			bytes = 0
		}
		bytes += r.Bytes
		p.shards[len(p.shards)-1].to++
		var rec [keptRecord]byte
		binary.BigEndian.PutUint64(rec[0:], uint64(unit))
		binary.BigEndian.PutUint32(rec[8:], uint32(verdict.copies))
		binary.BigEndian.PutUint32(rec[12:], nth)
		return p.kept.add(rec[:])
	})
	if err == nil {
		err = p.kept.flush()
	}
	if err == nil {
		err = repeats.err()
	}
	if err == nil {
		err = behind.err()
	}
	if err != nil {
		return fail(err)
	}
	if p.names, err = sortNow(names); err != nil {
		return fail(err)
	}
	return p, nil
}

func (p *plan) close() {
	p.kept.close()
	p.names.close()
}

// repeatedIDs finds the kept units whose id another kept unit before them has: unit 8, number 4, counted from 2. There
// are such with dedupe none and mark; else only where an address is all that two units state.
func repeatedIDs(b *build, c *candidates, v *verdicts) (*sorted, error) {
	byID := extsort.New(16+8, extsort.Options{Dir: b.work.Temp(), Memory: b.memory / 16})
	defer byID.Close()
	err := eachVerdict(c, v, func(unit int64, r *record, verdict *verdict) error {
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
	out := extsort.New(8+4, extsort.Options{Dir: b.work.Temp(), Memory: b.memory / 16})
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
	return sortNow(out)
}

// standIns lists who stands behind whom: the kept unit 8, the duplicate 8.
func standIns(b *build, v *verdicts) (*sorted, error) {
	s := extsort.New(16, extsort.Options{Dir: b.work.Temp(), Memory: b.memory / 16})
	for verdict, err := range v.all() {
		if err == nil && verdict.of >= 0 {
			var rec [16]byte
			binary.BigEndian.PutUint64(rec[0:], uint64(verdict.of))
			binary.BigEndian.PutUint64(rec[8:], uint64(verdict.unit))
			err = s.Add(rec[:])
		}
		if err != nil {
			s.Close()
			return nil, err
		}
	}
	return sortNow(s)
}

// eachVerdict goes through all units in order, with their outcome so far and, for candidates, the verdict on them.
func eachVerdict(c *candidates, v *verdicts, f func(unit int64, r *record, verdict *verdict) error) error {
	next, stop := pull(v.all())
	defer stop()
	head, err, ok := next()
	for fr, ferr := range c.meta.frames(nil) {
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
			if r.wire(w); w.err != nil {
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

package neardup

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"broadsheet/corpus/extsort"
)

// verify compares pairs of documents (better rank, worse rank) and links those that are the same.
//
// Sets are written once, in the order of the documents. The pairs are then taken by the place of the better document's
// set: as many of these sets as memory has room for are loaded, and the other sides of their pairs are read past them
// from front to back. So every set is read once for each such load that needs it, and never at random.
func (j *Judge) verify(docs *extsort.Sorter) error {
	sets, places, err := j.writeSets(docs)
	if err != nil {
		return err
	}
	if sets == nil {
		return docs.Close()
	}
	pairs, err := j.locate(docs, places)
	if err != nil {
		return err
	}
	v := verifier{judge: j, budget: j.opts.Memory / 4}
	v.first.spool, v.second.spool = sets, sets
	r, err := pairs.Sort()
	if err != nil {
		return err
	}
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		if err := v.add(rec); err != nil {
			return err
		}
	}
	if err := v.run(); err != nil {
		return err
	}
	return errors.Join(pairs.Close(), sets.close())
}

// writeSets writes the sets of all documents in pairs, and gives their places: (rank, offset) by rank.
func (j *Judge) writeSets(docs *extsort.Sorter) (*spool, *extsort.Sorter, error) {
	wanted := j.set(8, 8)
	r, err := docs.Sort()
	if err != nil {
		return nil, nil, err
	}
	for rec, err := range r.All() {
		if err != nil {
			return nil, nil, err
		}
		j.stats.Candidates++
		if err := wanted.Add(rec[:8]); err != nil {
			return nil, nil, err
		}
		if err := wanted.Add(rec[8:]); err != nil {
			return nil, nil, err
		}
	}
	if j.stats.Candidates == 0 {
		return nil, nil, wanted.Close()
	}
	if j.opts.Sets == nil {
		return nil, nil, errors.New("there are pairs to compare and no sets to compare them by")
	}

	// From ranks to places in path order.
	bySeq := j.sorter(16, 8)
	seqs, err := j.seqs.reader()
	if err != nil {
		return nil, nil, err
	}
	if r, err = wanted.Sort(); err != nil {
		return nil, nil, err
	}
	for rec, err := range r.All() {
		if err != nil {
			return nil, nil, err
		}
		rank := binary.BigEndian.Uint64(rec)
		if err := seqs.seek(int64(rank) * 8); err != nil {
			return nil, nil, err
		}
		seq, err := seqs.number()
		if err != nil {
			return nil, nil, err
		}
		if err := addPair(bySeq, seq, rank); err != nil {
			return nil, nil, err
		}
	}
	if err := wanted.Close(); err != nil {
		return nil, nil, err
	}

	if r, err = bySeq.Sort(); err != nil {
		return nil, nil, err
	}
	asked, err := bySeq.Sort() // the same once more, read ahead by whoever makes the sets
	if err != nil {
		return nil, nil, err
	}
	want := func(yield func(int64) bool) {
		for rec := asked.Next(); rec != nil; rec = asked.Next() {
			if !yield(int64(binary.BigEndian.Uint64(rec))) {
				return
			}
		}
	}
	sets, err := j.spool()
	if err != nil {
		return nil, nil, err
	}
	places := j.sorter(16, 8)
	var buf []byte
	for set, err := range j.opts.Sets(want) {
		if err != nil {
			return nil, nil, err
		}
		rec := r.Next()
		if rec == nil {
			break
		}
		if err := addPair(places, binary.BigEndian.Uint64(rec[8:]), uint64(sets.n)); err != nil {
			return nil, nil, err
		}
		buf = set.append(buf[:0])
		if err := sets.write(buf); err != nil {
			return nil, nil, err
		}
	}
	if err := errors.Join(r.Err(), asked.Err()); err != nil {
		return nil, nil, err
	}
	if places.Len() != bySeq.Len() {
		return nil, nil, fmt.Errorf("%d sets were asked for and %d came", bySeq.Len(), places.Len())
	}
	return sets, places, errors.Join(sets.flush(), bySeq.Close())
}

// locate turns pairs of ranks into (place of the better, place of the worse, better, worse).
func (j *Judge) locate(docs, places *extsort.Sorter) (*extsort.Sorter, error) {
	half := j.sorter(24, 8) // worse, better, place of the better
	r, err := docs.Sort()
	if err != nil {
		return nil, err
	}
	at, err := newMembers(places)
	if err != nil {
		return nil, err
	}
	var rec [32]byte
	for pair, err := range r.All() {
		if err != nil {
			return nil, err
		}
		place, err := at.place(binary.BigEndian.Uint64(pair))
		if err != nil {
			return nil, err
		}
		copy(rec[:8], pair[8:])
		copy(rec[8:16], pair)
		binary.BigEndian.PutUint64(rec[16:], place)
		if err := half.Add(rec[:24]); err != nil {
			return nil, err
		}
	}
	if err := docs.Close(); err != nil {
		return nil, err
	}
	pairs := j.sorter(32, 6)
	if r, err = half.Sort(); err != nil {
		return nil, err
	}
	if at, err = newMembers(places); err != nil {
		return nil, err
	}
	for h, err := range r.All() {
		if err != nil {
			return nil, err
		}
		place, err := at.place(binary.BigEndian.Uint64(h))
		if err != nil {
			return nil, err
		}
		copy(rec[:8], h[16:])
		binary.BigEndian.PutUint64(rec[8:], place)
		copy(rec[16:24], h[8:])
		copy(rec[24:], h)
		if err := pairs.Add(rec[:]); err != nil {
			return nil, err
		}
	}
	return pairs, errors.Join(half.Close(), places.Close())
}

// place is the value of the only record with the key, which is not less than the one asked for before.
func (m *members) place(key uint64) (uint64, error) {
	for m.rec != nil && binary.BigEndian.Uint64(m.rec) < key {
		m.rec = m.r.Next()
	}
	if m.rec == nil || binary.BigEndian.Uint64(m.rec) != key {
		return 0, errors.Join(errors.New("a set is missing"), m.r.Err())
	}
	return binary.BigEndian.Uint64(m.rec[8:]), nil
}

// A verifier compares pairs that come by the place of their first set.
type verifier struct {
	judge   *Judge
	first   window // of the sets
	second  window
	budget  int64 // bytes of sets on each side
	pairs   []setPair
	loaded  []*Set   // the first sides
	filters []filter // and their filters
	bytes   int64
	last    int64 // place of the last of loaded
}

type setPair struct {
	a             int32 // number of the first side in loaded
	b             int64 // place of the second
	better, worse uint64
	second        *Set
	outcome       Outcome
}

// setPairSize is what a waiting pair costs, in bytes.
const setPairSize = 96

// add takes a pair and runs what has gathered when memory is full.
func (v *verifier) add(rec []byte) error {
	if v.bytes+int64(len(v.pairs))*setPairSize >= v.budget {
		if err := v.run(); err != nil {
			return err
		}
	}
	a := int64(binary.BigEndian.Uint64(rec))
	if len(v.loaded) == 0 || a != v.last {
		s, n, err := v.first.load(a)
		if err != nil {
			return err
		}
		v.loaded = append(v.loaded, s)
		f := newFilter(s.Shingles)
		v.filters = append(v.filters, f)
		v.bytes += n + int64(len(f.bits))*8
		v.last = a
	}
	v.pairs = append(v.pairs, setPair{
		a: int32(len(v.loaded) - 1), b: int64(binary.BigEndian.Uint64(rec[8:])),
		better: binary.BigEndian.Uint64(rec[16:]), worse: binary.BigEndian.Uint64(rec[24:]),
	})
	return nil
}

// load reads the set at a place, and says how many bytes it takes.
func (w *window) load(at int64) (*Set, int64, error) {
	head, err := w.at(at, setHeader)
	if err != nil {
		return nil, 0, err
	}
	n := setSize(head)
	all, err := w.at(at, n)
	if err != nil {
		return nil, 0, err
	}
	s, err := decodeSet(all)
	return s, n, err
}

// run compares the pairs gathered, by the place of their second set, some at a time.
func (v *verifier) run() error {
	slices.SortFunc(v.pairs, func(x, y setPair) int {
		if x.b != y.b {
			return cmp.Compare(x.b, y.b)
		}
		return cmp.Compare(x.a, y.a)
	})
	for rest := v.pairs; len(rest) > 0; {
		var bytes, n int64
		err := v.judge.opts.Stop()
		if err != nil {
			return err
		}
		m := 0
		for ; m < len(rest) && (m == 0 || bytes < v.budget) && m < 4096; m++ {
			if m > 0 && rest[m].b == rest[m-1].b {
				rest[m].second = rest[m-1].second
				continue
			}
			if rest[m].second, n, err = v.second.load(rest[m].b); err != nil {
				return err
			}
			bytes += n
		}
		now := rest[:m]
		v.judge.opts.Parallel(m, func(i int) {
			if a, b := v.loaded[now[i].a], now[i].second; !hopeless(a, b) && v.filters[now[i].a].mayBeSame(a, b) {
				now[i].outcome = Compare(a, b)
			}
		})
		for i := range now {
			p := &now[i]
			if p.second = nil; !p.outcome.Same {
				continue
			}
			v.judge.stats.Verified++
			if err := v.judge.addLink(p.better, p.worse, linkNear, ruleNumber(p.outcome.Rule), float32(p.outcome.Jaccard)); err != nil {
				return err
			}
		}
		rest = rest[m:]
	}
	clear(v.loaded)
	clear(v.filters)
	v.pairs, v.loaded, v.filters, v.bytes = v.pairs[:0], v.loaded[:0], v.filters[:0], 0
	return nil
}

// rules are those of Compare that say yes.
var rules = [...]string{"revision", "copy", "shortened"}

func ruleNumber(rule string) uint8 { return uint8(slices.Index(rules[:], rule)) }

package neardup

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"broadsheet/corpus/extsort"
)

// compare finds the pairs that meet in a bucket, verifies them and links those that are the same.
func (j *Judge) compare() error {
	if !j.opts.Near {
		return nil
	}
	if err := j.columns.end(); err != nil {
		return err
	}
	m := meeting{judge: j, texts: j.set(pairSize, 10), docs: j.set(16, 10)}
	bucket := j.sorter(16, 4)
	// Each band is read twice for a part of the keys: once to see which come again, then for those. There are as many
	// parts as leave the table room for its keys, up to a limit beyond which a band is sorted on disk whole.
	slots := slotsFor(j.columns.n, j.opts.Memory/4)
	s := bander{judge: j, parts: uint64(j.columns.n)/(slots/2) + 1, bucket: bucket}
	if s.parts <= maxParts {
		s.again = newRepeats(slots)
	} else {
		s.parts = 1
	}
	s.keys = make([]uint64, chunk(j.columns.n, j.opts.Memory))
	s.found = make([]uint64, (len(s.keys)+63)/64)
	s.order = make([]byte, orderBlock*orderSize)
	for i := range numColumns * s.parts {
		column := int(i / s.parts)
		if err := s.band(column, i%s.parts); err != nil {
			return err
		}
		if err := m.meet(column, bucket); err != nil {
			return err
		}
		if err := bucket.Reset(); err != nil {
			return err
		}
	}
	if err := bucket.Close(); err != nil {
		return err
	}
	if err := errors.Join(j.columns.spool.close(), j.order.close()); err != nil {
		return err
	}
	if err := j.expand(m.texts, m.docs); err != nil {
		return err
	}
	return j.verify(m.docs)
}

const maxParts = 8

// chunk is how many of n keys are taken at a time: a multiple of columnBlock. Each takes 16 bytes, and the fewer chunks
// there are, the fewer times the table passes through the cache.
func chunk(n, memory int64) int64 {
	return (max(min(memory/64, n-1, 1<<21-1), 0)/columnBlock + 1) * columnBlock
}

// A bander finds the entries whose key in a column may be another's too.
type bander struct {
	judge  *Judge
	parts  uint64
	again  *repeats // nil: all of them
	keys   []uint64
	found  []uint64 // a bit for each of keys
	order  []byte
	bucket *extsort.Sorter
}

// choose makes zero of the keys of other parts. A part's keys lie close together, and the table wants them spread: times
// the number of parts they are.
func (s *bander) choose(keys []uint64, part uint64) {
	if s.parts == 1 {
		return
	}
	for i, key := range keys {
		in, spread := bits.Mul64(key, s.parts)
		if in != part {
			spread = 0
		}
		keys[i] = spread
	}
}

// band adds to the bucket (key, rank, gate) of the entries in one column.
func (s *bander) band(column int, part uint64) error {
	skip := byte(flagCopy | flagEchoed)
	if column >= Bands {
		skip = flagCopy // titles and addresses are of documents, not of texts
	}
	j := s.judge
	if s.again != nil {
		s.again.reset()
		// Also of entries that are left out below: that costs some places in the sort, and to know them a reading of order.
		err := j.columns.read(column, s.keys, func(_ int64, keys []uint64) error {
			s.choose(keys, part)
			s.again.add(keys)
			return nil
		})
		if err != nil {
			return err
		}
	}
	var rec [16]byte
	return j.columns.read(column, s.keys, func(from int64, keys []uint64) error {
		s.choose(keys, part)
		if s.again != nil {
			s.again.may(keys, s.found)
		} else {
			for i := range s.found {
				s.found[i] = ^uint64(0)
			}
		}
		for begin := 0; begin < len(keys); begin += orderBlock {
			end := min(begin+orderBlock, len(keys))
			order := s.order[:orderSize*(end-begin)]
			if err := j.order.readAt(order, (from+int64(begin))*orderSize); err != nil {
				return err
			}
			for w := begin / 64; w*64 < end; w++ {
				for found := s.found[w]; found != 0; found &= found - 1 {
					i := w*64 + bits.TrailingZeros64(found)
					if i >= end || keys[i] == 0 {
						continue
					}
					o := order[orderSize*(i-begin):]
					if o[7]&skip != 0 {
						continue
					}
					put48(rec[:], keys[i]>>16)
					put48(rec[6:], binary.BigEndian.Uint64(o)>>flagBits)
					copy(rec[12:], o[8:orderSize])
					if err := s.bucket.Add(rec[:]); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// A meeting gathers the pairs of documents to be compared, and pairs of texts that more than one document has.
type meeting struct {
	judge       *Judge
	texts, docs *extsort.Sorter
}

// pairSize is a pair of sides: two ranks and gates, filled up.
const pairSize = 24

func addSides(s *extsort.Sorter, a, b side) error {
	var rec [pairSize]byte
	a.put(rec[:])
	b.put(rec[sideSize:])
	return s.Add(rec[:])
}

// add takes a pair that met in a column.
func (m *meeting) add(column int, a, b side) error {
	mixed := column < Bands && (a.gate|b.gate)&gateMixed != 0
	switch {
	case column != urlColumn && !mixed && a.gate.shuts(b.gate):
		return nil
	case column < Bands && (a.gate|b.gate)&gateShared != 0:
		return addSides(m.texts, a, b)
	}
	return m.judge.addDocs(m.docs, a.rank, b.rank)
}

// meet adds the pairs of each bucket: those with one key.
func (m *meeting) meet(column int, bucket *extsort.Sorter) error {
	r, err := bucket.Sort()
	if err != nil {
		return err
	}
	var key uint64
	var head [bucketCap]side
	n := 0 // in the bucket
	end := func() error {
		for i := 1; i < min(n, bucketCap); i++ {
			least := i
			if n > bucketCap {
				least = min(i, bucketFirst)
			}
			for _, better := range head[:least] {
				if err := m.add(column, better, head[i]); err != nil {
					return err
				}
			}
		}
		if n > bucketCap {
			all := int64(n) * int64(n-1) / 2
			m.judge.stats.Shortfall += all - bucketFirst*int64(n) + bucketFirst*(bucketFirst+1)/2
		}
		return nil
	}
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		k, s := get48(rec), getSide(rec[6:])
		if n > 0 && k != key {
			if n > 1 {
				if err := end(); err != nil {
					return err
				}
			}
			n = 0
		}
		if key = k; n < bucketCap {
			head[n] = s
		} else {
			for _, better := range head[:bucketFirst] {
				if err := m.add(column, better, s); err != nil {
					return err
				}
			}
		}
		n++
	}
	return end()
}

// addDocs adds a pair of documents that are to be compared, unless neither can be a duplicate.
func (j *Judge) addDocs(docs *extsort.Sorter, a, b uint64) error {
	if a == b || int64(max(a, b)) < j.fixed {
		return nil
	}
	return addPair(docs, min(a, b), max(a, b))
}

// expand turns pairs of texts, each named by the best document that has it, into pairs of documents: every document of
// the one text with the first classFirst by rank of the other, and of its own.
func (j *Judge) expand(texts, docs *extsort.Sorter) error {
	if j.members.Len() == 0 {
		return texts.Close()
	}
	neighbours := j.set(pairSize, 8) // (text, text), both ways, and each shared text with itself
	r, err := texts.Sort()
	if err != nil {
		return err
	}
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		a, b := getSide(rec), getSide(rec[sideSize:])
		if err := addSides(neighbours, a, b); err != nil {
			return err
		}
		if err := addSides(neighbours, b, a); err != nil {
			return err
		}
	}
	if err := texts.Close(); err != nil {
		return err
	}
	m, err := j.members.Sort()
	if err != nil {
		return err
	}
	text := side{rank: nobody}
	uniform := true
	self := func() error {
		if text.rank == nobody || uniform && text.gate.shuts(text.gate) {
			return nil
		}
		return addSides(neighbours, text, text)
	}
	for rec, err := range m.All() {
		if err != nil {
			return err
		}
		doc := getSide(rec[6:])
		if get48(rec) != text.rank { // the first is the best, and the text's name
			if err := self(); err != nil {
				return err
			}
			text, uniform = doc, true
		}
		uniform = uniform && doc.gate == text.gate
	}
	if err := self(); err != nil {
		return err
	}

	// (text, document): a document that all documents with that text are to be compared with.
	told := j.set(pairSize, 8)
	members, err := newMembers(j.members)
	if err != nil {
		return err
	}
	if r, err = neighbours.Sort(); err != nil {
		return err
	}
	text = side{rank: nobody}
	var head []side
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		a, b := getSide(rec), getSide(rec[sideSize:])
		if a.rank != text.rank {
			text, head = a, head[:0]
			err := members.of(a, func(doc side) error {
				if len(head) < classFirst {
					head = append(head, doc)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		for _, doc := range head {
			if err := addSides(told, b, doc); err != nil {
				return err
			}
		}
	}
	if members.err() != nil {
		return members.err()
	}
	if err := neighbours.Close(); err != nil {
		return err
	}

	if r, err = told.Sort(); err != nil {
		return err
	}
	if members, err = newMembers(j.members); err != nil {
		return err
	}
	var list []side   // of the documents told of a text, the first listCap
	count := int64(0) // all of them
	end := func() error { return j.pair(docs, members, text, list, count) }
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		if t := getSide(rec); count == 0 || t.rank != text.rank {
			if count > 0 {
				if err := end(); err != nil {
					return err
				}
			}
			text, list, count = t, list[:0], 0
		}
		if count++; len(list) < listCap {
			list = append(list, getSide(rec[sideSize:]))
		}
	}
	if r.Err() != nil {
		return r.Err()
	}
	if count > 0 {
		if err := end(); err != nil {
			return err
		}
	}
	if members.err() != nil {
		return members.err()
	}
	if err := told.Close(); err != nil {
		return err
	}
	return j.members.Close()
}

// pair adds the pairs of the documents with a text and those of a list: all, or, where they are more than listCap, those
// with the first of the list by rank.
func (j *Judge) pair(docs *extsort.Sorter, members *members, text side, list []side, count int64) error {
	var held []side
	all, added := int64(0), int64(0)
	few := list[:min(len(list), classFirst)]
	add := func(doc side, others []side) error {
		added += int64(len(others))
		for _, o := range others {
			if doc.gate.shuts(o.gate) {
				continue
			}
			if err := j.addDocs(docs, doc.rank, o.rank); err != nil {
				return err
			}
		}
		return nil
	}
	err := members.of(text, func(doc side) error {
		all += count
		if held != nil || added == 0 {
			held = append(held, doc)
			if all <= listCap {
				return nil
			}
			for _, d := range held {
				if err := add(d, few); err != nil {
					return err
				}
			}
			held = nil
			return nil
		}
		return add(doc, few)
	})
	if err != nil {
		return err
	}
	for _, d := range held {
		if err := add(d, list); err != nil {
			return err
		}
	}
	j.stats.Shortfall += all - added
	return nil
}

// members reads the documents of texts in ascending order of the texts.
type members struct {
	r   *extsort.Reader
	rec []byte
}

func newMembers(s *extsort.Sorter) (*members, error) {
	r, err := s.Sort()
	if err != nil {
		return nil, err
	}
	return &members{r, r.Next()}, nil
}

// of calls f for the documents of a text by rank. A text that is not there has one document, which is its name.
func (m *members) of(text side, f func(doc side) error) error {
	for m.rec != nil && get48(m.rec) < text.rank {
		m.rec = m.r.Next()
	}
	if m.rec == nil || get48(m.rec) != text.rank {
		return f(text)
	}
	for m.rec != nil && get48(m.rec) == text.rank {
		if err := f(getSide(m.rec[6:])); err != nil {
			return err
		}
		m.rec = m.r.Next()
	}
	return nil
}

func (m *members) err() error { return m.r.Err() }

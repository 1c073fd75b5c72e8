package neardup

import (
	"encoding/binary"
	"math/bits"

	"broadsheet/corpus/extsort"
)

// columns are the band keys of all entries, band by band: in blocks of columnBlock entries, each block one column after
// the other, so that one band can be read without the rest.
type columns struct {
	spool *spool
	block []byte
	n     int64 // entries
}

const (
	columnBlock = 512
	urlColumn   = Bands + TitleKeys
	titleColumn = urlColumn + 1
	numColumns  = titleColumn + 1
	maxParts    = 8
)

func newColumns(j *Judge) (*columns, error) {
	s, err := j.spool()
	if err != nil {
		return nil, err
	}
	return &columns{spool: s, block: make([]byte, columnBlock*numColumns*8)}, nil
}

func (c *columns) add(e *Entry) error {
	at := int(c.n % columnBlock)
	put := func(column int, key uint64) {
		binary.BigEndian.PutUint64(c.block[8*(column*columnBlock+at):], key)
	}
	for i, k := range e.Print.Bands {
		put(i, k)
	}
	for i, k := range e.Print.Titles {
		put(Bands+i, k)
	}
	// One address or one title are a reason to look, whatever the texts.
	put(urlColumn, binary.BigEndian.Uint64(e.URL[:])^binary.BigEndian.Uint64(e.URL[8:]))
	put(titleColumn, binary.BigEndian.Uint64(e.Title[:])^binary.BigEndian.Uint64(e.Title[8:]))
	c.n++
	if c.n%columnBlock == 0 {
		return c.spool.write(c.block)
	}
	return nil
}

// end writes the last block.
func (c *columns) end() error {
	if c.n%columnBlock != 0 {
		if err := c.spool.write(c.block); err != nil {
			return err
		}
	}
	c.block = nil
	return c.spool.flush()
}

// read calls f for each entry with its key in a column.
func (c *columns) read(column int, f func(key uint64) error) error {
	var buf [columnBlock * 8]byte
	for at := int64(0); at < c.n; at += columnBlock {
		block := at / columnBlock * (columnBlock * numColumns * 8)
		if err := c.spool.readAt(buf[:], block+int64(column)*columnBlock*8); err != nil {
			return err
		}
		for i := range int(min(columnBlock, c.n-at)) {
			if err := f(binary.BigEndian.Uint64(buf[8*i:])); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare finds the pairs that meet in a bucket, verifies them and links those that are the same.
func (j *Judge) compare() error {
	if !j.opts.Near {
		return nil
	}
	if err := j.columns.end(); err != nil {
		return err
	}
	texts, docs := j.set(16, 10), j.set(16, 10)
	memory := j.opts.Memory * 6 / 10
	bucket := extsort.New(16, extsort.Options{Dir: j.opts.Dir, Memory: memory})
	j.files = append(j.files, sorterFile{bucket})
	// Where a band does not fit in memory it is read several times, for a part of the keys each: cheaper than to sort it
	// on disk. Half of the sorter's memory always holds a part, since keys are spread evenly.
	parts := min(uint64(j.columns.n*16/max(memory/2, 1))+1, maxParts)
	for i := range numColumns * parts {
		c, part := int(i/parts), i%parts
		if err := bucket.Reset(); err != nil {
			return err
		}
		order, err := j.order.reader()
		if err != nil {
			return err
		}
		skip, pairs := uint64(flagCopy|flagEchoed), texts
		if c >= Bands {
			skip, pairs = flagCopy, docs // titles and addresses are of documents, not of texts
		}
		var rec [16]byte
		err = j.columns.read(c, func(key uint64) error {
			if _, err := order.next(rec[8:]); err != nil {
				return err
			}
			v := binary.BigEndian.Uint64(rec[8:])
			if in, _ := bits.Mul64(key, parts); in != part || key == 0 || v&skip != 0 {
				return nil
			}
			binary.BigEndian.PutUint64(rec[:], key)
			binary.BigEndian.PutUint64(rec[8:], v>>flagBits)
			return bucket.Add(rec[:])
		})
		if err != nil {
			return err
		}
		if err := j.meet(bucket, pairs); err != nil {
			return err
		}
	}
	if err := bucket.Close(); err != nil {
		return err
	}
	if err := j.columns.spool.close(); err != nil {
		return err
	}
	if err := j.expand(texts, docs); err != nil {
		return err
	}
	return j.verify(docs)
}

// meet adds the pairs of each bucket: of (key, rank) those with one key.
func (j *Judge) meet(bucket, pairs *extsort.Sorter) error {
	r, err := bucket.Sort()
	if err != nil {
		return err
	}
	var key uint64
	var head [bucketCap]uint64
	n := 0 // in the bucket
	end := func() error {
		m := min(n, bucketCap)
		least := 0
		for i := 1; i < m; i++ {
			if n > bucketCap {
				least = min(i, bucketFirst)
			} else {
				least = i
			}
			for _, better := range head[:least] {
				if err := addPair(pairs, better, head[i]); err != nil {
					return err
				}
			}
		}
		if n > bucketCap {
			all := int64(n) * int64(n-1) / 2
			j.stats.Shortfall += all - bucketFirst*int64(n) + bucketFirst*(bucketFirst+1)/2
		}
		return nil
	}
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		k, rank := binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])
		if n == 0 || k != key {
			if n > 1 {
				if err := end(); err != nil {
					return err
				}
			}
			key, n = k, 0
		}
		if n < bucketCap {
			head[n] = rank
		} else {
			for _, better := range head[:bucketFirst] {
				if err := addPair(pairs, better, rank); err != nil {
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
	r, err := texts.Sort()
	if err != nil {
		return err
	}
	if j.members.Len() == 0 {
		for rec, err := range r.All() {
			if err != nil {
				return err
			}
			if err := j.addDocs(docs, binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])); err != nil {
				return err
			}
		}
		return texts.Close()
	}
	neighbours := j.set(16, 8) // (text, text), both ways, and each shared text with itself
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		a, b := binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])
		if err := addPair(neighbours, a, b); err != nil {
			return err
		}
		if err := addPair(neighbours, b, a); err != nil {
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
	for rec, err := range m.All() {
		if err != nil {
			return err
		}
		if err := addPair(neighbours, binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec)); err != nil {
			return err
		}
	}

	// (text, document): a document that all documents with that text are to be compared with.
	told := j.set(16, 8)
	members, err := newMembers(j.members)
	if err != nil {
		return err
	}
	if r, err = neighbours.Sort(); err != nil {
		return err
	}
	var text uint64
	var head []uint64
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		a, b := binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])
		if head == nil || a != text {
			text, head = a, head[:0]
			members.of(a, func(doc uint64) error {
				if len(head) < classFirst {
					head = append(head, doc)
				}
				return nil
			})
		}
		for _, doc := range head {
			if err := addPair(told, b, doc); err != nil {
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
	var list []uint64 // of the documents told of a text, the first listCap
	count := int64(0) // all of them
	end := func() error { return j.pair(docs, members, text, list, count) }
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		if t := binary.BigEndian.Uint64(rec); count == 0 || t != text {
			if count > 0 {
				if err := end(); err != nil {
					return err
				}
			}
			text, list, count = t, list[:0], 0
		}
		if count++; len(list) < listCap {
			list = append(list, binary.BigEndian.Uint64(rec[8:]))
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
func (j *Judge) pair(docs *extsort.Sorter, members *members, text uint64, list []uint64, count int64) error {
	var held []uint64
	all, added := int64(0), int64(0)
	few := list[:min(len(list), classFirst)]
	add := func(doc uint64, others []uint64) error {
		added += int64(len(others))
		for _, o := range others {
			if err := j.addDocs(docs, doc, o); err != nil {
				return err
			}
		}
		return nil
	}
	err := members.of(text, func(doc uint64) error {
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
func (m *members) of(text uint64, f func(doc uint64) error) error {
	for m.rec != nil && binary.BigEndian.Uint64(m.rec) < text {
		m.rec = m.r.Next()
	}
	if m.rec == nil || binary.BigEndian.Uint64(m.rec) != text {
		return f(text)
	}
	for m.rec != nil && binary.BigEndian.Uint64(m.rec) == text {
		if err := f(binary.BigEndian.Uint64(m.rec[8:])); err != nil {
			return err
		}
		m.rec = m.r.Next()
	}
	return nil
}

func (m *members) err() error { return m.r.Err() }

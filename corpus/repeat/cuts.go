package repeat

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"broadsheet/corpus/extsort"
)

// A hit record, sorted by document and place.
//
//	document 6
//	type     1
//	number   3
//	order    1   compounds first, then rules of the source, then of source and author
//	kind     1
//	first    1
//	count    6
const (
	hitType   = 6
	hitNumber = 7
	hitOrder  = 10
	hitKind   = 11
	hitFirst  = 12
	hitCount  = 13
	hitLen    = 19

	orderPiece  = 1
	orderAuthor = 2
)

// Cuts are the hits of all documents, in the order of their numbers.
type Cuts struct {
	hits  *extsort.Sorter
	read  *extsort.Reader
	ahead []byte
	last  int64
}

// match makes the hits of rules.
func (l *Learner) match(rules *extsort.Sorter) (*Cuts, error) {
	hits := l.sorter(hitLen, 4)
	var rec [hitLen]byte
	err := l.join(rules, nil, func(key, rule []byte) error {
		clear(rec[:])
		flags := binary.BigEndian.Uint16(key[atFlags:])
		kind := rule[ruleKind]
		first := bytes.Equal(key[atDoc:atFlags], rule[ruleDoc:ruleLen])
		switch key[atType] {
		case typeText:
			if kind == ruleBlock && flags&(flagWhole|flagCompound) == 0 {
				return nil
			}
			if flags&flagCompound == 0 {
				rec[hitOrder] |= orderPiece
			}
			if flags&flagAuthor != 0 {
				rec[hitOrder] |= orderAuthor
			}
		case typeDate:
			if Dates(flags)&NeedsOrder == 0 && !first {
				return nil
			}
		}
		copy(rec[:hitType], key[atDoc:])
		rec[hitType] = key[atType]
		copy(rec[hitNumber:], key[atNumber:atFlags])
		rec[hitKind] = kind
		if first {
			rec[hitFirst] = 1
		}
		copy(rec[hitCount:], rule[ruleCount:ruleDoc])
		return hits.Add(rec[:])
	})
	if err == nil {
		var read *extsort.Reader
		if read, err = hits.Sort(); err == nil {
			c := &Cuts{hits: hits, read: read, ahead: read.Next(), last: -1}
			if err = read.Err(); err == nil {
				return c, nil
			}
		}
	}
	hits.Close()
	return nil, err
}

// Of returns the hits of a document, for Clean. Documents are asked for in the order of their numbers, each once; those
// left out lose their hits.
func (c *Cuts) Of(doc int64) ([]Hit, error) {
	if doc <= c.last {
		return nil, fmt.Errorf("repeat: the cuts of document %d were asked for after those of %d", doc, c.last)
	}
	c.last = doc
	var hits []Hit
	for c.ahead != nil {
		at := get48(c.ahead)
		if at > doc {
			return hits, nil
		}
		if at == doc {
			hits = append(hits, hit(c.ahead))
		}
		c.ahead = c.read.Next()
	}
	return hits, c.read.Err()
}

func hit(rec []byte) Hit {
	h := Hit{
		Type:     rec[hitType],
		Number:   get24(rec[hitNumber:]),
		Kind:     rec[hitKind],
		Compound: rec[hitType] == typeText && rec[hitOrder]&orderPiece == 0,
		Author:   rec[hitOrder]&orderAuthor != 0,
		First:    rec[hitFirst] != 0,
		Count:    get48(rec[hitCount:]),
	}
	if h.Type == typeDate {
		h.Order = Order(h.Kind)
	}
	return h
}

// Close removes what is on disk.
func (c *Cuts) Close() error { return c.hits.Close() }

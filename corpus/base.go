package corpus

import (
	"strconv"
	"strings"

	"broadsheet/corpus/extsort"
	"iter"

	"broadsheet/corpus/neardup"
	"broadsheet/schema"
)

// base is an earlier dataset: what it has is not written again. Its documents are read twice, in their order.
type base struct {
	documents iter.Seq2[*schema.Document, error]
	n         int64 // how many there are, once they were read
}

// baseSize is how many documents the base has; 0 without one.
func (b *build) baseSize() int64 {
	if b.base == nil {
		return 0
	}
	return b.base.n
}

// sets yields the sets of the wanted documents of the base. It reports whether more is wanted.
func (s *base) sets(w *wanted, yield func(*neardup.Set, error) bool) bool {
	seq := int64(0)
	for doc, err := range s.documents {
		if err != nil {
			yield(nil, err)
			return false
		}
		if !w.ok || w.seq >= s.n {
			break
		}
		if w.seq == seq {
			if !yield(setOf(doc), nil) {
				return false
			}
			w.advance()
		}
		seq++
	}
	return true
}

// names gives those who are duplicates of a document of the base its id. who: the document 8, the duplicate's unit 8.
func (s *base) names(who, names *extsort.Sorter) error {
	m, err := newMerge(who)
	if err != nil {
		return err
	}
	seq := int64(0)
	for doc, err := range s.documents {
		if err != nil {
			return err
		}
		for rec := m.at(seq); rec != nil; rec = m.at(seq) {
			id, suffix, _ := strings.Cut(doc.ID, "-")
			repeat, _ := strconv.ParseUint(suffix, 10, 32)
			name, err := newName(rec[8:16], id, uint32(repeat), doc.Created)
			if err == nil {
				err = names.Add(name[:])
			}
			if err != nil {
				return err
			}
			m.skip()
		}
		seq++
	}
	return m.err()
}

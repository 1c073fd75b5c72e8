package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"broadsheet/corpus/extsort"
	"broadsheet/corpus/neardup"
	"broadsheet/schema"
)

// base is an earlier dataset: what it has is not written again. Its documents are read once for what judge needs of each,
// which stays in the work folder, and once more for the texts of candidate pairs, if there are any.
type base struct {
	documents iter.Seq2[*schema.Document, error]
	known     *spill // what is known of each
	n         int64  // how many there are
}

// known is what is kept of a document of the base.
type known struct {
	entry   neardup.Entry
	id      string
	created *schema.Time
}

func (k *known) wire(w *wire) {
	wireEntry(w, &k.entry)
	w.str(&k.id)
	wireOptional(w, &k.created, func(w *wire, t *schema.Time) { w.i64((*int64)(t)) })
}

const (
	baseStage  = "base"
	baseCount  = "documents.json" // is written once all documents are known
	knownFrame = 256              // documents; a frame has about 900 bytes of each
)

// openBase reads the base, or takes over what an earlier build with the same base and configuration kept of it: then the
// time a build takes follows what is new.
func (b *build) openBase(ctx context.Context, documents iter.Seq2[*schema.Document, error]) error {
	b.base = &base{documents: documents}
	if b.base.takeOver(filepath.Join(b.work.Dir(), baseStage)) {
		return nil
	}
	dir := b.work.stage(baseStage)
	to, err := newSpill(dir, nil)
	if err != nil {
		return err
	}
	defer to.abort()
	w := writing(nil)
	frame := func(units int64) error {
		_, err := to.add(pack(w.buf), b.base.n-units, int(units))
		w.buf = w.buf[:0]
		return err
	}
	weigh := func(d *schema.Document) int64 { return int64(3*len(d.Text)) + 1<<10 }
	for k, err := range ordered(ctx, b.jobs, b.memory/4, weigh, documents, b.know) {
		if err != nil {
			return err
		}
		k.wire(w)
		if b.base.n++; b.base.n%knownFrame == 0 {
			if err := frame(knownFrame); err != nil {
				return err
			}
		}
	}
	if rest := b.base.n % knownFrame; rest > 0 {
		if err := frame(rest); err != nil {
			return err
		}
	}
	if b.base.known, err = to.close(); err != nil {
		return err
	}
	count, err := json.Marshal(b.base.n)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, baseCount), append(count, '\n'))
}

// takeOver reports whether a folder has all that is known of the base, undamaged.
func (s *base) takeOver(dir string) bool {
	want, n := int64(0), int64(0)
	b, err := os.ReadFile(filepath.Join(dir, baseCount))
	if err != nil || json.Unmarshal(b, &want) != nil {
		return false
	}
	s.known = &spill{dir: dir}
	for _, err := range s.all() {
		if err != nil {
			return false
		}
		n++
	}
	if n != want {
		return false
	}
	s.n = n
	return true
}

// all yields what is known of each document, in order.
func (s *base) all() iter.Seq2[*known, error] {
	return func(yield func(*known, error) bool) {
		for f, err := range s.known.frames(nil) {
			var records []byte
			if err == nil {
				records, err = unpack(f.packed)
			}
			if err != nil {
				yield(nil, fmt.Errorf("what is kept of the base: %w", err))
				return
			}
			w := reading(records)
			for w.more() {
				k := new(known)
				if k.wire(w); w.err == nil && !yield(k, nil) {
					return
				}
			}
			if w.err != nil {
				yield(nil, w.err)
				return
			}
		}
	}
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
	if !w.ok || w.seq >= s.n {
		return true
	}
	seq := int64(0)
	for doc, err := range s.documents {
		if err != nil {
			yield(nil, err)
			return false
		}
		if w.seq == seq {
			if !yield(SetOf(doc), nil) {
				return false
			}
			if w.advance(); !w.ok || w.seq >= s.n {
				break
			}
		}
		seq++
	}
	return true
}

// names gives those who are duplicates of a document of the base its id. who: the document 8, the duplicate's unit 8.
func (s *base) names(who, names *extsort.Sorter) error {
	if who.Len() == 0 {
		return nil
	}
	m, err := newMerge(who)
	if err != nil {
		return err
	}
	seq := int64(0)
	for k, err := range s.all() {
		if err != nil {
			return err
		}
		for rec := m.at(seq); rec != nil; rec = m.at(seq) {
			id, suffix, _ := strings.Cut(k.id, "-")
			repeat, _ := strconv.ParseUint(suffix, 10, 32)
			name, err := newName(rec[8:16], id, uint32(repeat), k.created)
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

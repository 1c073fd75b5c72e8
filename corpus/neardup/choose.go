package neardup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"

	"broadsheet/corpus/extsort"
)

// choose takes the documents by rank and decides which stay.
//
// What a document must know of better ones is sent to it along its links when these are decided: time-forward processing
// (Chiang et al., "External-Memory Graph Algorithms", SODA 1995). Ranks are cut into stretches whose state fits in
// memory. A message within the stretch at hand is applied at once, one to a later stretch waits in a file; they may come
// in any order, since each either replaces a worse one or is the only one of its kind.
func (j *Judge) choose(v *Verdicts) error {
	v.byDoc = j.sorter(verdictSize, 6)
	v.counts = extsort.New(16, extsort.Options{Dir: j.opts.Dir, Memory: j.opts.Memory / 8, Stop: j.opts.Stop, Key: 8, Fold: func(into, rec []byte) {
		binary.BigEndian.PutUint64(into[8:], binary.BigEndian.Uint64(into[8:])+binary.BigEndian.Uint64(rec[8:]))
	}})
	j.files = append(j.files, sorterFile{v.counts})
	mail, err := j.spool()
	if err != nil {
		return err
	}
	c := chooser{judge: j, mail: mail, stretch: uint64(max(j.opts.Memory/stretchShare, 4))}
	links, err := j.links.Sort()
	if err != nil {
		return err
	}
	seqs, err := j.seqs.reader()
	if err != nil {
		return err
	}
	link := links.Next()
	for rank := uint64(0); rank < uint64(j.stats.Documents); rank++ {
		if rank == c.end {
			if err := c.begin(rank); err != nil {
				return err
			}
		}
		seq, err := seqs.number()
		if err != nil {
			return err
		}
		best, chains := c.state(rank)
		stays := best.kept.rank == nobody || int64(rank) < j.fixed
		if stays {
			*best = news{kept: who{rank: rank, seq: seq}}
		}
		for ; link != nil && binary.BigEndian.Uint64(link) == rank; link = links.Next() {
			if err := c.follow(link, stays, best, chains); err != nil {
				return err
			}
		}
		if err := c.record(v, rank, seq, stays, best); err != nil {
			return err
		}
	}
	return errors.Join(links.Err(), j.links.Close(), mail.close())
}

// stretchShare is the memory of the state of one document in a stretch, in bytes, with all that can be beside it.
const stretchShare = 256

const nobody = math.MaxUint64

// who is a document that stays.
type who struct{ rank, seq uint64 }

// news is what a document knows of the best kept document like it.
type news struct {
	kept       who
	reason     Reason
	rule       uint8
	similarity float32
}

type chooser struct {
	judge      *Judge
	stretch    uint64 // documents
	start, end uint64
	best       []news
	slot       []int32 // 1 + place in chained; 0: in no chain
	chained    [][linkKinds]who
	mail       *spool
	boxes      []mailbox
	none       [linkKinds]who
}

// state is what came to a document.
func (c *chooser) state(rank uint64) (*news, *[linkKinds]who) {
	i := rank - c.start
	if s := c.slot[i]; s != 0 {
		return &c.best[i], &c.chained[s-1]
	}
	return &c.best[i], &c.none
}

// follow sends along one link what its target must know.
func (c *chooser) follow(link []byte, stays bool, best *news, chains *[linkKinds]who) error {
	kind, detail := linkKind(link[16]), link[17]
	m := message{to: binary.BigEndian.Uint64(link[8:]), kind: kind, flags: detail}
	m.similarity = math.Float32frombits(binary.BigEndian.Uint32(link[18:]))
	switch kind {
	case linkNear:
		if !stays {
			return nil
		}
		m.kept, m.reason, m.rule = best.kept, NearDuplicate, detail
	case linkCopyURL, linkCopyText:
		if m.news = *best; stays {
			m.similarity = 1
			if m.reason = SameText; kind == linkCopyURL {
				m.reason = SameURL
			}
		}
	default:
		if m.kept = chains[kind]; m.kept.rank == nobody && stays && detail&contributes != 0 {
			m.kept = best.kept
		}
		if m.kept.rank == nobody {
			return nil
		}
		if m.reason = SameText; kind == linkURLTitle || kind == linkURLText {
			m.reason = SameURL
		}
	}
	if m.to < c.end {
		c.apply(&m)
		return nil
	}
	return c.post(&m)
}

// apply changes the state of a document in the stretch at hand.
func (c *chooser) apply(m *message) {
	i := m.to - c.start
	switch m.kind {
	case linkURLTitle, linkURLText, linkAddressed, linkBare:
		if c.slot[i] == 0 {
			c.chained = append(c.chained, c.none)
			c.slot[i] = int32(len(c.chained))
		}
		c.chained[c.slot[i]-1][m.kind] = m.kept
		if m.flags&concerns == 0 {
			return
		}
	}
	have := &c.best[i]
	switch {
	case m.kept.rank < have.kept.rank:
		*have = m.news
	case m.kept.rank == have.kept.rank:
		similarity := max(have.similarity, m.similarity)
		if m.reason < have.reason {
			*have = m.news
		}
		have.similarity = similarity
	}
}

// record adds the verdict on a document.
func (c *chooser) record(v *Verdicts, rank, seq uint64, stays bool, best *news) error {
	var rec [verdictSize]byte
	binary.BigEndian.PutUint64(rec[:], seq)
	rec[18] = byte(c.tier(rank))
	if !stays {
		binary.BigEndian.PutUint64(rec[8:], best.kept.seq)
		rec[16], rec[17], rec[19] = byte(best.reason), best.rule, byte(c.tier(best.kept.rank))
		binary.BigEndian.PutUint32(rec[20:], math.Float32bits(best.similarity))
		if err := addPair(v.counts, best.kept.seq, 1); err != nil {
			return err
		}
		c.judge.stats.Duplicates[best.reason]++
	}
	return v.byDoc.Add(rec[:])
}

func (c *chooser) tier(rank uint64) Tier {
	switch {
	case int64(rank) < c.judge.base:
		return Base
	case int64(rank) < c.judge.fixed:
		return Excluded
	}
	return Judged
}

// A message tells a document of a better one.
type message struct {
	to    uint64
	kind  linkKind
	flags uint8
	news
}

const (
	messageSize = 8 + 8 + 8 + 4 + 4
	mailBlock   = 64 // messages
)

// A mailbox holds messages for a later stretch: the newest in memory, the others in blocks of the mail file, each with
// the place of the one before it.
type mailbox struct {
	buf  []byte
	last int64 // 1 + place of the last block; 0: none
}

// begin starts the stretch at rank.
func (c *chooser) begin(rank uint64) error {
	n := min(c.stretch, uint64(c.judge.stats.Documents)-rank)
	if c.best == nil {
		c.best, c.slot = make([]news, n), make([]int32, n)
		c.boxes = make([]mailbox, (uint64(c.judge.stats.Documents)+c.stretch-1)/c.stretch)
		for k := range c.none {
			c.none[k].rank = nobody
		}
	}
	c.start, c.end = rank, rank+n
	c.chained = c.chained[:0]
	clear(c.slot)
	for i := range c.best {
		c.best[i] = news{kept: who{rank: nobody}, similarity: -1}
	}
	box := &c.boxes[rank/c.stretch]
	for buf, last := box.buf, box.last; ; {
		for ; len(buf) > 0; buf = buf[messageSize:] {
			m := decodeMessage(buf)
			c.apply(&m)
		}
		if last == 0 {
			break
		}
		block := make([]byte, 8+mailBlock*messageSize)
		if err := c.mail.flush(); err != nil {
			return err
		}
		if err := c.mail.readAt(block, last-1); err != nil {
			return err
		}
		last, buf = int64(binary.BigEndian.Uint64(block)), block[8:]
	}
	*box = mailbox{}
	return nil
}

// post puts a message in the box of a later stretch.
func (c *chooser) post(m *message) error {
	box := &c.boxes[m.to/c.stretch]
	if len(box.buf) == mailBlock*messageSize {
		var before [8]byte
		binary.BigEndian.PutUint64(before[:], uint64(box.last))
		box.last = 1 + c.mail.n
		if err := errors.Join(c.mail.write(before[:]), c.mail.write(box.buf)); err != nil {
			return err
		}
		box.buf = box.buf[:0]
	}
	box.buf = m.append(box.buf)
	return nil
}

func (m *message) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, m.to)
	dst = binary.BigEndian.AppendUint64(dst, m.kept.rank)
	dst = binary.BigEndian.AppendUint64(dst, m.kept.seq)
	dst = append(dst, byte(m.kind), m.flags, byte(m.reason), m.rule)
	return binary.BigEndian.AppendUint32(dst, math.Float32bits(m.similarity))
}

func decodeMessage(b []byte) (m message) {
	m.to = binary.BigEndian.Uint64(b)
	m.kept = who{binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])}
	m.kind, m.flags, m.reason, m.rule = linkKind(b[24]), b[25], Reason(b[26]), b[27]
	m.similarity = math.Float32frombits(binary.BigEndian.Uint32(b[28:]))
	return m
}

const verdictSize = 24

// All gives the verdicts by Seq, one for each entry. It may be called again.
func (v *Verdicts) All() iter.Seq2[Verdict, error] {
	return func(yield func(Verdict, error) bool) {
		if v.byDoc == nil {
			return
		}
		docs, err := v.byDoc.Sort()
		if err != nil {
			yield(Verdict{}, fmt.Errorf("judge: %w", err))
			return
		}
		counts, err := v.counts.Sort()
		if err != nil {
			yield(Verdict{}, fmt.Errorf("judge: %w", err))
			return
		}
		count := counts.Next()
		for rec := docs.Next(); rec != nil; rec = docs.Next() {
			d := Verdict{
				Seq: int64(binary.BigEndian.Uint64(rec)), Of: -1,
				Reason: Reason(rec[16]), Tier: Tier(rec[18]), Similarity: -1,
			}
			if d.Reason != Kept {
				d.Of, d.OfTier = int64(binary.BigEndian.Uint64(rec[8:])), Tier(rec[19])
				d.Similarity = math.Float32frombits(binary.BigEndian.Uint32(rec[20:]))
			}
			if d.Reason == NearDuplicate {
				d.Rule = rules[rec[17]]
			}
			if count != nil && string(count[:8]) == string(rec[:8]) {
				d.Duplicates = int64(binary.BigEndian.Uint64(count[8:]))
				count = counts.Next()
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := errors.Join(docs.Err(), counts.Err()); err != nil {
			yield(Verdict{}, fmt.Errorf("judge: %w", err))
		}
	}
}

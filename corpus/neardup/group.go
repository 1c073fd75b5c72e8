package neardup

import (
	"encoding/binary"
	"errors"
	"math"

	"broadsheet/corpus/extsort"
)

// A groupKind says what the documents of a group have in common.
type groupKind uint64

const (
	urlTitle groupKind = iota + 1
	urlText
	titleText
	everything
)

// A link goes from a document to a worse-ranked one. In a group of n documents that are all neighbours of each other
// there are n·(n-1)/2 edges and n-1 links: each passes on which document of the group was the first to stay, which is
// all that the next needs to know.
type linkKind uint8

const (
	linkNear      linkKind = iota // an edge by Compare
	linkURLTitle                  // a chain: the first of the group that stays
	linkURLText                   //
	linkAddressed                 // of a title and a text: the first with an address that stays
	linkBare                      // and the first without
	linkCopyURL                   // to a copy: the source's own fate
	linkCopyText
	linkKinds = iota
)

// Flags of a chain's link. Of two documents with an address, the same title and text do not make neighbours: such a
// document is told about bare ones only.
const (
	contributes = 1 << iota // the source stays for the group, if it stays
	concerns                // the target is a neighbour of whom it is told about
)

const linkSize = 8 + 8 + 8

// addLink adds a link to those that the last step reads. detail is the rule of an edge, the flags of a chain.
func (j *Judge) addLink(from, to uint64, kind linkKind, detail uint8, similarity float32) error {
	var rec [linkSize]byte
	binary.BigEndian.PutUint64(rec[:], from)
	binary.BigEndian.PutUint64(rec[8:], to)
	rec[16], rec[17] = byte(kind), detail
	binary.BigEndian.PutUint32(rec[18:], math.Float32bits(similarity))
	return j.links.Add(rec[:])
}

// Flags of an entry in Judge.order, below its rank.
const (
	flagCopy   = 1 // like a better one in everything: in no group and no bucket
	flagEchoed = 2 // a better one has the same text: the bands are that one's
	flagBits   = 2

	flagShared = 4 // among marks only: the gate is to have gateShared,
	flagMixed  = 8 // and gateMixed
)

// A group is what documents may have in common, as a hash.
type group [16]byte

// groups calls f with each group that a document is in by its keys, of those kinds whose bit is in which.
func groups(k keyFields, which kinds, f func(kind groupKind, g *group) error) error {
	var g group
	for _, x := range [...]struct {
		kind groupKind
		a, b []byte
	}{{urlTitle, k.url(), k.title()}, {urlText, k.url(), k.text()}, {titleText, k.text(), k.title()}} {
		if which&x.kind.bit() == 0 || none(x.a) || none(x.b) && x.kind != titleText {
			continue
		}
		putHash(g[:], x.kind, x.a, x.b)
		if err := f(x.kind, &g); err != nil {
			return err
		}
	}
	if which&everything.bit() == 0 || none(k.text()) && (none(k.url()) || none(k.title())) {
		return nil
	}
	putHash(g[:], everything+groupKind(k.tier())<<8, k.url(), k.title(), k.text(), k.printed())
	return f(everything, &g)
}

// kinds is a set of kinds of groups.
type kinds uint8

func (k groupKind) bit() kinds { return 1 << k }

const (
	ofTexts kinds = 1 // with equal texts
	anyKind kinds = 1<<(everything+1) - 1
	ofURL   kinds = 1<<urlTitle | 1<<urlText
	ofKeys  kinds = ofURL | 1<<titleText
	ofAll   kinds = 1 << everything
)

// look finds out which groups may have more than one member, and writes for each entry which of its groups may: only
// those are made again and sorted.
func (j *Judge) look() error {
	again := newRepeats(slotsFor(5*j.stats.Documents, j.opts.Memory/2))
	keys := make([]uint64, 0, chunk(5*j.stats.Documents, j.opts.Memory))
	// gather fills keys, five of each entry, and calls f when there are enough.
	gather := func(f func() error) error {
		err := j.entries(nil, func(k keyFields, _ uint64, _ kinds, _ bool) error {
			if len(keys)+5 > cap(keys) {
				if err := f(); err != nil {
					return err
				}
				keys = keys[:0]
			}
			now := [5]uint64{}
			if p := k.printed(); !none(p) {
				now[0] = mix(binary.BigEndian.Uint64(p))
			}
			err := groups(k, anyKind, func(kind groupKind, g *group) error {
				now[kind] = binary.BigEndian.Uint64(g[:])
				return nil
			})
			keys = append(keys, now[:]...)
			return err
		})
		if err == nil {
			err = f()
		}
		keys = keys[:0]
		return err
	}
	if err := gather(func() error { again.add(keys); return nil }); err != nil {
		return err
	}
	kinds, err := j.spool()
	if err != nil {
		return err
	}
	found := make([]uint64, (cap(keys)+63)/64)
	var bytes []byte
	err = gather(func() error {
		again.may(keys, found)
		bytes = bytes[:0]
		for i := 0; i < len(keys); i += 5 {
			b := byte(0)
			for at := i; at < i+5; at++ {
				b |= byte(found[at/64]>>(at%64)&1) << (at - i)
			}
			bytes = append(bytes, b)
		}
		return kinds.write(bytes)
	})
	j.kinds = kinds
	return err
}

// group finds the documents whose keys agree and links them.
func (j *Judge) group() error {
	j.links = j.sorter(linkSize, 4)
	copies := j.sorter(32, 3) // hash, rank, seq
	err := j.entries(nil, func(k keyFields, rank uint64, may kinds, _ bool) error {
		if t := k.tier(); t == Base || t == Excluded {
			return nil
		}
		return groups(k, may&ofAll, func(_ groupKind, g *group) error {
			var rec [32]byte
			copy(rec[:], g[:])
			binary.BigEndian.PutUint64(rec[16:], rank<<1|addressed(k))
			binary.BigEndian.PutUint64(rec[24:], uint64(k.seq()))
			return copies.Add(rec[:])
		})
	})
	if err != nil {
		return err
	}
	skip := j.sorter(8, 6)
	err = eachGroup(copies, 16, func(before, rec []byte) error {
		kind := linkCopyText
		if binary.BigEndian.Uint64(rec[16:])&1 == 1 {
			kind = linkCopyURL
		}
		j.stats.Copies++
		if err := j.addLink(binary.BigEndian.Uint64(before[16:])>>1, binary.BigEndian.Uint64(rec[16:])>>1, kind, 0, 1); err != nil {
			return err
		}
		return skip.Add(rec[24:])
	})
	if err != nil {
		return err
	}

	shared := j.sorter(24, 3)  // hash, rank and whether there is an address
	classes := j.sorter(32, 4) // text, rank, gate, seq
	skipped, err := skip.Sort()
	if err != nil {
		return err
	}
	err = j.entries(skipped, func(k keyFields, rank uint64, may kinds, copied bool) error {
		if copied {
			return nil
		}
		var rec [32]byte
		err := groups(k, may&ofKeys, func(kind groupKind, g *group) error {
			copy(rec[:], g[:])
			rec[15] = byte(kind)
			binary.BigEndian.PutUint64(rec[16:], rank<<1|addressed(k))
			return shared.Add(rec[:24])
		})
		if p := k.printed(); err == nil && !none(p) && may&ofTexts != 0 {
			copy(rec[:], p)
			side{rank, k.gate()}.put(rec[16:])
			put48(rec[26:], uint64(k.seq()))
			err = classes.Add(rec[:])
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := j.kinds.close(); err != nil {
		return err
	}
	j.kinds = nil
	if err := j.linkGroups(shared); err != nil {
		return err
	}
	return j.classify(classes, skip)
}

func addressed(k keyFields) uint64 {
	if none(k.url()) {
		return 0
	}
	return 1
}

// linkGroups makes the chains.
func (j *Judge) linkGroups(groups *extsort.Sorter) error {
	bare, with := false, false // whether the group has had such documents
	return eachMember(groups, 16, func(before, rec []byte) error {
		v := binary.BigEndian.Uint64(rec[16:])
		isBare := v&1 == 0
		if before == nil {
			bare, with = isBare, !isBare
			return nil
		}
		b := binary.BigEndian.Uint64(before[16:])
		beforeBare := b&1 == 0
		var err error
		switch kind := groupKind(rec[15]); kind {
		case urlTitle:
			err = j.addLink(b>>1, v>>1, linkURLTitle, contributes|concerns, -1)
		case urlText:
			err = j.addLink(b>>1, v>>1, linkURLText, contributes|concerns, 1)
		default:
			if bare {
				err = j.addLink(b>>1, v>>1, linkBare, chainFlags(beforeBare, true), 1)
			}
			if err == nil && with {
				err = j.addLink(b>>1, v>>1, linkAddressed, chainFlags(!beforeBare, isBare), 1)
			}
		}
		bare, with = bare || isBare, with || !isBare
		return err
	})
}

func chainFlags(source, target bool) (flags uint8) {
	if source {
		flags |= contributes
	}
	if target {
		flags |= concerns
	}
	return flags
}

// classify finds the documents with equal texts: members is (rank of the best, rank, gate) for each of two or more. It
// then writes order anew, with flags and gates.
func (j *Judge) classify(classes, skip *extsort.Sorter) error {
	j.members = j.sorter(16, 8)
	marks := j.sorter(8, 6) // seq and one flag
	mark := func(rec []byte, flag uint64) error {
		var m [8]byte
		binary.BigEndian.PutUint64(m[:], get48(rec[26:])<<4|flag)
		return marks.Add(m[:])
	}
	member := func(best uint64, rec []byte) error {
		var m [16]byte
		put48(m[:], best)
		copy(m[6:], rec[16:26])
		return j.members.Add(m[:])
	}
	var best [32]byte // the record of the best document with the text at hand
	n := 0            // of its documents
	mixed := false
	end := func() error {
		switch {
		case n < 2:
			return nil
		case mixed:
			return mark(best[:], flagShared|flagMixed)
		}
		return mark(best[:], flagShared)
	}
	err := eachMember(classes, 16, func(before, rec []byte) error {
		if before == nil {
			err := end()
			best, n, mixed = [32]byte(rec), 1, false
			return err
		}
		rank := get48(best[16:])
		if n == 1 {
			if err := member(rank, best[:]); err != nil {
				return err
			}
		}
		n++
		mixed = mixed || getSide(rec[16:]).gate != getSide(best[16:]).gate
		return errors.Join(member(rank, rec), mark(rec, flagEchoed))
	})
	if err = errors.Join(err, end()); err != nil {
		return err
	}
	if !j.opts.Near {
		return nil
	}
	skips, err := skip.Sort()
	if err != nil {
		return err
	}
	marked, err := marks.Sort()
	if err != nil {
		return err
	}
	flagged, err := j.spool()
	if err != nil {
		return err
	}
	next := marked.Next()
	err = j.entries(skips, func(k keyFields, rank uint64, _ kinds, copied bool) error {
		v, g := rank<<flagBits, k.gate()
		if copied {
			v |= flagCopy
		}
		if next != nil && int64(binary.BigEndian.Uint64(next)>>4) == k.seq() {
			m := binary.BigEndian.Uint64(next)
			v |= m & flagEchoed
			if m&flagShared != 0 {
				g |= gateShared
			}
			if m&flagMixed != 0 {
				g |= gateMixed
			}
			next = marked.Next()
		}
		var rec [orderSize]byte
		binary.BigEndian.PutUint64(rec[:], v)
		binary.BigEndian.PutUint32(rec[8:], uint32(g))
		return flagged.write(rec[:])
	})
	if err == nil {
		err = errors.Join(marked.Err(), flagged.flush())
	}
	if err != nil {
		return err
	}
	if err := j.order.close(); err != nil {
		return err
	}
	j.order = flagged
	if err := marks.Close(); err != nil {
		return err
	}
	return skip.Close()
}

// askEntries is how many entries are read between two questions to Options.Stop.
const askEntries = 1 << 12

// entries calls f for each entry with its rank, the groups that look found for it (both 0 before they are known), and
// whether its seq is among those of skip.
func (j *Judge) entries(skip *extsort.Reader, f func(k keyFields, rank uint64, may kinds, skipped bool) error) error {
	keys, err := j.keys.reader()
	if err != nil {
		return err
	}
	var order, kind *spoolReader
	if j.order != nil {
		if order, err = j.order.reader(); err != nil {
			return err
		}
	}
	if j.kinds != nil {
		if kind, err = j.kinds.reader(); err != nil {
			return err
		}
	}
	var next []byte
	if skip != nil {
		next = skip.Next()
	}
	for n := 0; ; n++ {
		if n%askEntries == 0 {
			if err := j.opts.Stop(); err != nil {
				return err
			}
		}
		rec, err := keys.take(keyRecord)
		if rec == nil || err != nil {
			if err == nil && skip != nil {
				err = skip.Err()
			}
			return err
		}
		var rank uint64
		if order != nil {
			if rank, err = order.number(); err != nil {
				return err
			}
		}
		var may kinds
		if kind != nil {
			b, err := kind.byte()
			if err != nil {
				return err
			}
			may = kinds(b)
		}
		k, skipped := keyFields(rec), false
		if next != nil && int64(binary.BigEndian.Uint64(next)) == k.seq() {
			skipped, next = true, skip.Next()
		}
		if err := f(k, rank, may, skipped); err != nil {
			return err
		}
	}
}

// eachMember calls f for every record with the record before it in the same group: nil for the first of a group. A group
// shares the first key bytes. The sorter is closed at the end.
func eachMember(s *extsort.Sorter, key int, f func(before, rec []byte) error) error {
	r, err := s.Sort()
	if err != nil {
		return err
	}
	var last [64]byte
	n := 0 // length of last; 0 before the first record
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		before := last[:n]
		if n == 0 || string(last[:key]) != string(rec[:key]) {
			before = nil
		}
		if err := f(before, rec); err != nil {
			return err
		}
		n = copy(last[:], rec)
	}
	return s.Close()
}

// eachGroup is eachMember without the first of each group.
func eachGroup(s *extsort.Sorter, key int, f func(before, rec []byte) error) error {
	return eachMember(s, key, func(before, rec []byte) error {
		if before == nil {
			return nil
		}
		return f(before, rec)
	})
}

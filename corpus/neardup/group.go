package neardup

import (
	"encoding/binary"
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
)

// group finds the documents whose keys agree and links them.
func (j *Judge) group() error {
	j.links = j.sorter(linkSize, 4)
	copies := j.sorter(32, 3) // hash, rank, seq
	err := j.entries(nil, func(k keyFields, rank uint64, _ bool) error {
		if t := k.tier(); t == Base || t == Excluded || none(k.text()) && (none(k.url()) || none(k.title())) {
			return nil
		}
		var rec [32]byte
		putHash(rec[:], everything+groupKind(k.tier())<<8, k.url(), k.title(), k.text(), k.printed())
		binary.BigEndian.PutUint64(rec[16:], rank<<1|addressed(k))
		binary.BigEndian.PutUint64(rec[24:], uint64(k.seq()))
		return copies.Add(rec[:])
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

	groups := j.sorter(24, 3)  // hash, rank and whether there is an address
	classes := j.sorter(32, 4) // text, rank, seq
	skipped, err := skip.Sort()
	if err != nil {
		return err
	}
	err = j.entries(skipped, func(k keyFields, rank uint64, copied bool) error {
		if copied {
			return nil
		}
		var rec [32]byte
		for _, g := range []struct {
			kind groupKind
			a, b []byte
		}{{urlTitle, k.url(), k.title()}, {urlText, k.url(), k.text()}, {titleText, k.text(), k.title()}} {
			if none(g.a) || none(g.b) && g.kind != titleText {
				continue
			}
			putHash(rec[:], g.kind, g.a, g.b)
			rec[15] = byte(g.kind)
			binary.BigEndian.PutUint64(rec[16:], rank<<1|addressed(k))
			if err := groups.Add(rec[:24]); err != nil {
				return err
			}
		}
		if none(k.printed()) {
			return nil
		}
		copy(rec[:], k.printed())
		binary.BigEndian.PutUint64(rec[16:], rank)
		binary.BigEndian.PutUint64(rec[24:], uint64(k.seq()))
		return classes.Add(rec[:])
	})
	if err != nil {
		return err
	}
	if err := j.linkGroups(groups); err != nil {
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

// classify finds the documents with equal texts: members is (rank of the best, rank) for each of two or more. It then
// writes order anew, with flags.
func (j *Judge) classify(classes, skip *extsort.Sorter) error {
	j.members = j.sorter(16, 8)
	echoed := j.sorter(8, 6)
	var best uint64
	alone := true // the text at hand has one document so far
	err := eachMember(classes, 16, func(before, rec []byte) error {
		rank := binary.BigEndian.Uint64(rec[16:])
		if before == nil {
			best, alone = rank, true
			return nil
		}
		if alone {
			alone = false
			if err := addPair(j.members, best, best); err != nil {
				return err
			}
		}
		if err := addPair(j.members, best, rank); err != nil {
			return err
		}
		return echoed.Add(rec[24:])
	})
	if err != nil {
		return err
	}
	if !j.opts.Near {
		return nil
	}
	skips, err := skip.Sort()
	if err != nil {
		return err
	}
	echoes, err := echoed.Sort()
	if err != nil {
		return err
	}
	flagged, err := j.spool()
	if err != nil {
		return err
	}
	echo := echoes.Next()
	err = j.entries(skips, func(k keyFields, rank uint64, copied bool) error {
		v := rank << flagBits
		if copied {
			v |= flagCopy
		}
		if echo != nil && int64(binary.BigEndian.Uint64(echo)) == k.seq() {
			v |= flagEchoed
			echo = echoes.Next()
		}
		var rec [8]byte
		binary.BigEndian.PutUint64(rec[:], v)
		return flagged.write(rec[:])
	})
	if err == nil {
		err = echoes.Err()
	}
	if err != nil {
		return err
	}
	if err := j.order.close(); err != nil {
		return err
	}
	j.order = flagged
	if err := echoed.Close(); err != nil {
		return err
	}
	return skip.Close()
}

// entries calls f for each entry with its rank and whether its seq is among those of skip.
func (j *Judge) entries(skip *extsort.Reader, f func(k keyFields, rank uint64, skipped bool) error) error {
	keys, err := j.keys.reader()
	if err != nil {
		return err
	}
	order, err := j.order.reader()
	if err != nil {
		return err
	}
	var next []byte
	if skip != nil {
		next = skip.Next()
	}
	var rec [keyRecord]byte
	var rank [8]byte
	for {
		ok, err := keys.next(rec[:])
		if !ok || err != nil {
			if err == nil && skip != nil {
				err = skip.Err()
			}
			return err
		}
		if _, err := order.next(rank[:]); err != nil {
			return err
		}
		k, skipped := keyFields(rec[:]), false
		if next != nil && int64(binary.BigEndian.Uint64(next)) == k.seq() {
			skipped, next = true, skip.Next()
		}
		if err := f(k, binary.BigEndian.Uint64(rank[:]), skipped); err != nil {
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

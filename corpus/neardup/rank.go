package neardup

import (
	"encoding/binary"

	"broadsheet/corpus/extsort"
)

// rank puts all entries in one order: it fills seqs with the entries by rank and order with the ranks by entry.
func (j *Judge) rank() error {
	members, err := j.addresses()
	if err != nil {
		return err
	}
	// tier, key, seq of the newest, place after it, seq: what of it a document without companions lacks is zero.
	all := j.sorter(1+13+6+6+6, 3)
	place := j.sorter(6+8+13+6+1, 6) // root, newest, key, seq, tier
	reader, err := j.keys.reader()
	if err != nil {
		return err
	}
	next := func() []byte { return nil }
	if members != nil {
		next = members.Next
	}
	var out [32]byte
	member := next()
	for {
		rec, err := reader.take(keyRecord)
		if err != nil {
			return err
		}
		if rec == nil {
			break
		}
		k := keyFields(rec)
		if member != nil && int64(binary.BigEndian.Uint64(member)) == k.seq() {
			var p [34]byte
			put48(p[:], binary.BigEndian.Uint64(member[8:]))
			copy(p[6:], k.newest())
			copy(p[14:], k.rank())
			put48(p[27:], uint64(k.seq()))
			p[33] = tierOrder(k.tier())
			if err := place.Add(p[:]); err != nil {
				return err
			}
			member = next()
			continue
		}
		clear(out[:])
		out[0] = tierOrder(k.tier())
		copy(out[1:], k.rank())
		put48(out[14:], uint64(k.seq()))
		put48(out[26:], uint64(k.seq()))
		if err := all.Add(out[:]); err != nil {
			return err
		}
	}
	if members != nil && members.Err() != nil {
		return members.Err()
	}

	// Each component stands where its newest member would, newest first.
	placed, err := place.Sort()
	if err != nil {
		return err
	}
	root, at := ^uint64(0), uint64(0)
	for p, err := range placed.All() {
		if err != nil {
			return err
		}
		if r := get48(p); r != root {
			root, at = r, 0
			out[0] = p[33]
			copy(out[1:14], p[14:27])
			copy(out[14:20], p[27:33])
		}
		put48(out[20:], at)
		copy(out[26:], p[27:33])
		at++
		if err := all.Add(out[:]); err != nil {
			return err
		}
	}
	if err := place.Close(); err != nil {
		return err
	}

	if j.seqs, err = j.spool(); err != nil {
		return err
	}
	ranked, err := all.Sort()
	if err != nil {
		return err
	}
	bySeq := j.sorter(16, 3)
	var pair [16]byte
	n := uint64(0)
	for rec, err := range ranked.All() {
		if err != nil {
			return err
		}
		binary.BigEndian.PutUint64(pair[:], get48(rec[26:]))
		if err := j.seqs.write(pair[:8]); err != nil {
			return err
		}
		binary.BigEndian.PutUint64(pair[8:], n)
		if err := bySeq.Add(pair[:]); err != nil {
			return err
		}
		n++
	}
	if err := all.Close(); err != nil {
		return err
	}
	if j.order, err = j.spool(); err != nil {
		return err
	}
	entries, err := bySeq.Sort()
	if err != nil {
		return err
	}
	for rec, err := range entries.All() {
		if err != nil {
			return err
		}
		if err := j.order.write(rec[8:]); err != nil {
			return err
		}
	}
	return bySeq.Close()
}

// tierOrder makes a tier's place in the order of ranks.
func tierOrder(t Tier) byte {
	switch t {
	case Base:
		return 0
	case Excluded:
		return 1
	case first:
		return 2
	}
	return 3
}

func put48(b []byte, v uint64) {
	b[0], b[1], b[2], b[3], b[4], b[5] = byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

func get48(b []byte) uint64 {
	return uint64(b[0])<<40 | uint64(b[1])<<32 | uint64(b[2])<<24 | uint64(b[3])<<16 | uint64(b[4])<<8 | uint64(b[5])
}

// addresses finds the components of same_url among judged documents: (seq, root) for each document in one of two or
// more, by seq; the root is the least seq of its component. Nil where there is none.
func (j *Judge) addresses() (*extsort.Reader, error) {
	// Who shares a key is a neighbour of the first who has it.
	edges := j.set(16, 6)
	defer edges.Close()
	// Companions are looked for within a tier only, so that the order of what is new does not depend on the base.
	address := j.sorter(24, 3) // hash of address and title or address and text, seq
	err := j.entries(nil, func(k keyFields, _ uint64, may kinds, _ bool) error {
		if t := k.tier(); t == Base || t == Excluded {
			return nil
		}
		return groups(k, may&ofURL, func(kind groupKind, g *group) error {
			var rec [24]byte
			copy(rec[:], g[:])
			rec[15] = byte(kind)<<4 | byte(k.tier())
			binary.BigEndian.PutUint64(rec[16:], uint64(k.seq()))
			return address.Add(rec[:])
		})
	})
	if err != nil {
		return nil, err
	}
	r, err := address.Sort()
	if err != nil {
		return nil, err
	}
	var key [16]byte
	var first uint64
	begun := false
	for rec, err := range r.All() {
		if err != nil {
			return nil, err
		}
		seq := binary.BigEndian.Uint64(rec[16:])
		if !begun || key != [16]byte(rec) {
			begun, key, first = true, [16]byte(rec), seq
			continue
		}
		if err := addPair(edges, seq, first); err != nil {
			return nil, err
		}
	}
	if err := address.Close(); err != nil {
		return nil, err
	}
	if edges.Len() == 0 {
		return nil, nil
	}
	stars, err := j.stars(edges)
	if err != nil {
		return nil, err
	}
	members := j.set(16, 6)
	r, err = stars.Sort()
	if err != nil {
		return nil, err
	}
	for rec, err := range r.All() {
		if err != nil {
			return nil, err
		}
		root := binary.BigEndian.Uint64(rec[8:])
		if err := members.Add(rec); err != nil {
			return nil, err
		}
		if err := addPair(members, root, root); err != nil {
			return nil, err
		}
	}
	if err := stars.Close(); err != nil {
		return nil, err
	}
	return members.Sort()
}

// stars turns edges (larger, smaller) into edges (member, least of its component) by alternating large-star and
// small-star: Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii, "Connected Components in MapReduce and Beyond", SoCC
// 2014. The number of rounds grows with the logarithm of the longest chain.
func (j *Judge) stars(edges *extsort.Sorter) (*extsort.Sorter, error) {
	both, large, small := j.set(16, 6), j.set(16, 6), j.set(16, 6)
	defer both.Close()
	defer large.Close()
	before := [2]uint64{}
	for from := edges; ; from = small {
		r, err := from.Sort()
		if err != nil {
			return nil, err
		}
		if err := both.Reset(); err != nil {
			return nil, err
		}
		now := [2]uint64{} // number and hash of the edges
		for rec, err := range r.All() {
			if err != nil {
				return nil, err
			}
			u, v := binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])
			now[0]++
			now[1] += mix(mix(u) + v)
			if err := addPair(both, u, v); err != nil {
				return nil, err
			}
			if err := addPair(both, v, u); err != nil {
				return nil, err
			}
		}
		if now == before {
			return from, nil
		}
		before = now

		// Large-star: every neighbour that is greater than u is connected to the least of u and its neighbours.
		if err := large.Reset(); err != nil {
			return nil, err
		}
		if err := eachStar(both, func(u, least, v uint64) error {
			if v > u {
				return addPair(large, v, min(u, least))
			}
			return nil
		}); err != nil {
			return nil, err
		}
		// Small-star: u and the neighbours less than it are connected to the least of them.
		if err := small.Reset(); err != nil {
			return nil, err
		}
		if err := eachStar(large, func(u, least, v uint64) error {
			if v == least {
				return addPair(small, u, least)
			}
			return addPair(small, v, least)
		}); err != nil {
			return nil, err
		}
	}
}

// eachStar calls f for every pair (u, v) with the least v of that u.
func eachStar(pairs *extsort.Sorter, f func(u, least, v uint64) error) error {
	r, err := pairs.Sort()
	if err != nil {
		return err
	}
	last, least := ^uint64(0), uint64(0)
	for rec, err := range r.All() {
		if err != nil {
			return err
		}
		u, v := binary.BigEndian.Uint64(rec), binary.BigEndian.Uint64(rec[8:])
		if u != last {
			last, least = u, v
		}
		if err := f(u, least, v); err != nil {
			return err
		}
	}
	return nil
}

func addPair(s *extsort.Sorter, a, b uint64) error {
	var rec [16]byte
	binary.BigEndian.PutUint64(rec[:], a)
	binary.BigEndian.PutUint64(rec[8:], b)
	return s.Add(rec[:])
}

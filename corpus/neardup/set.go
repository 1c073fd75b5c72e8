package neardup

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// A Set is what two documents are compared by. It is a pure function of one document, so that sets can be made by many
// workers at once.
type Set struct {
	Shingles []uint32 // hashes of the shingles of the text (of title and text, where Short): distinct, ascending
	Numbers  []uint32 // hashes of the numbers of the text: distinct, ascending
	Title    []uint32 // hashes of the features of the title: distinct, ascending
	Labels   []uint32 // hashes of the title's numbers in their order, which set one part of a series off from the next
	Length   int32    // of the text in characters; a word counts as 5/3
	Short    bool     // the title is among the shingles
	About    float32  // share of the title's features that the text holds, 0..1

	URL  [16]byte // key of the document's address; zero: none
	Host uint64   // a hash of its host; 0: none
}

// NewSet returns the set of a document. url is the key of its address, host the name of its host without "www."; both
// are zero where there is none.
func NewSet(title, text string, url [16]byte, host string) *Set {
	s := &Set{URL: url}
	s.Shingles = make([]uint32, 0, len(text)/3+8)
	var p pairer
	units(title, func(us []unit) {
		for i := range us {
			if us[i].number {
				s.Labels = append(s.Labels, uint32(us[i].hash))
			}
			if h, ok := p.add(&us[i]); ok {
				s.Title = append(s.Title, uint32(h))
			}
		}
	})
	s.Title = distinct(s.Title)
	weight := int32(0)
	var seen seenFeatures
	seen.want(s.Title)
	p = 0
	shingles(title, text, nil, func(us []unit) {
		weight = weigh(weight, us)
		for i := range us {
			if us[i].number {
				s.Numbers = append(s.Numbers, uint32(us[i].hash))
			}
		}
		if len(s.Title) == 0 {
			return
		}
		before := p // a copy stays in a register
		for i := range us {
			if h, ok := before.add(&us[i]); ok && seen.may(h) {
				seen.mark(h)
			}
		}
		p = before
	}, func(hs []uint64) {
		at := len(s.Shingles)
		s.Shingles = slices.Grow(s.Shingles, len(hs))[:at+len(hs)]
		for i, to := 0, s.Shingles[at:]; i < len(hs) && i < len(to); i++ {
			to[i] = uint32(hs[i])
		}
	})
	s.Shingles = distinct(s.Shingles)
	s.Numbers = distinct(s.Numbers)
	s.Length, s.Short = weight/charWeight, weight < shortWeight
	if len(s.Title) > 0 {
		s.About = float32(seen.count()) / float32(len(s.Title))
	}
	s.Host = HostKey(host)
	return s
}

// HostKey is a hash of the name of a host; 0 for none.
func HostKey(host string) (key uint64) {
	if host == "" {
		return 0
	}
	units(host, func(us []unit) {
		for i := range us {
			key = (key ^ us[i].hash) * rollPrime
		}
	})
	return key | 1
}

// distinct sorts hashes and drops repeated ones, in place.
func distinct(h []uint32) []uint32 {
	if len(h) < 512 {
		slices.Sort(h)
		return slices.Compact(h)
	}
	// Three passes of eleven bits, least significant first.
	other := make([]uint32, len(h))
	for shift := 0; shift < 33; shift += 11 {
		var next [2048]int32
		for _, v := range h {
			next[v>>shift&2047]++
		}
		sum := int32(0)
		for i, n := range next {
			next[i] = sum
			sum += n
		}
		for _, v := range h {
			at := &next[v>>shift&2047]
			other[*at] = v
			*at++
		}
		h, other = other, h
	}
	return slices.Compact(h)
}

// overlap counts what two ascending lists share.
func overlap(a, b []uint32) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		x, y := a[i], b[j]
		if x == y {
			n++
		}
		// Without branches that cannot be predicted: each side moves where it is not ahead.
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
	}
	return n
}

// seenFeatures marks which of the title's features the text has.
type seenFeatures struct {
	filter [16]uint64 // a bit for the low ten bits of each wanted feature
	wanted []uint32
	seen   []bool
}

func (s *seenFeatures) want(features []uint32) {
	s.wanted, s.seen = features, make([]bool, len(features))
	for _, f := range features {
		s.filter[f>>6&15] |= 1 << (f & 63)
	}
}

// may holds for all that are wanted and for a few others.
func (s *seenFeatures) may(h uint64) bool { return s.filter[h>>6&15]>>(h&63)&1 != 0 }

func (s *seenFeatures) mark(h uint64) {
	f := uint32(h)
	if i, ok := slices.BinarySearch(s.wanted, f); ok {
		s.seen[i] = true
	}
}

func (s *seenFeatures) count() int {
	n := 0
	for _, seen := range s.seen {
		if seen {
			n++
		}
	}
	return n
}

// append encodes the set at the end of dst.
func (s *Set) append(dst []byte) []byte {
	var short uint32
	if s.Short {
		short = 1
	}
	for _, v := range []uint32{uint32(len(s.Shingles)), uint32(len(s.Numbers)), uint32(len(s.Title)), uint32(len(s.Labels)), uint32(s.Length), short, math.Float32bits(s.About)} {
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	dst = append(dst, s.URL[:]...)
	dst = binary.LittleEndian.AppendUint64(dst, s.Host)
	for _, list := range [][]uint32{s.Shingles, s.Numbers, s.Title, s.Labels} {
		for _, v := range list {
			dst = binary.LittleEndian.AppendUint32(dst, v)
		}
	}
	return dst
}

const setHeader = 7*4 + 16 + 8

var errSet = errors.New("malformed set")

// setSize is the number of bytes of the encoded set that begins with head.
func setSize(head []byte) int64 {
	n := int64(setHeader)
	for i := range 4 {
		n += 4 * int64(binary.LittleEndian.Uint32(head[4*i:]))
	}
	return n
}

func decodeSet(src []byte) (*Set, error) {
	if len(src) < setHeader || setSize(src) != int64(len(src)) {
		return nil, errSet
	}
	head := func(i int) uint32 { return binary.LittleEndian.Uint32(src[4*i:]) }
	s := &Set{Length: int32(head(4)), Short: head(5) == 1, About: math.Float32frombits(head(6)), URL: [16]byte(src[28:44]), Host: binary.LittleEndian.Uint64(src[44:52])}
	all := make([]uint32, (len(src)-setHeader)/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(src[setHeader+4*i:])
	}
	for i, list := range []*[]uint32{&s.Shingles, &s.Numbers, &s.Title, &s.Labels} {
		n := head(i)
		*list, all = all[:n:n], all[n:]
	}
	return s, nil
}

package neardup

import "encoding/binary"

// A gate is what is known of a document without its text that lets Compare say no of most pairs: its host, and whether
// its text is shorter than hostLen. Two such documents under different addresses of one host are never the same
// (hopeless), and where a channel puts one blurb under thousands of videos nearly all pairs are of that kind: they are
// left out before they are written anywhere.
//
// Of the host 29 bits of a hash are held: one pair of hosts in 5·10^8 is taken for one.
type gate uint32

const (
	gateShared gate = 1 << iota // other documents have the same text: this one stands for them,
	gateMixed                   // and not all of them have this gate
	gateShort
	gateBits = 3
)

func gateOf(e *Entry) gate {
	if e.URL == [16]byte{} || e.Host == 0 {
		return 0
	}
	g := gate(max(mix(e.Host)>>(32+gateBits), 1)) << gateBits
	if e.Print.Length < hostLen {
		g |= gateShort
	}
	return g
}

// shuts is true only where hopeless is, of documents with different addresses.
func (g gate) shuts(o gate) bool {
	return g>>gateBits == o>>gateBits && g>>gateBits != 0 && (g|o)&gateShort != 0
}

// A side is one document of a pair.
type side struct {
	rank uint64
	gate gate
}

const sideSize = 6 + 4

func (s side) put(dst []byte) {
	put48(dst, s.rank)
	binary.BigEndian.PutUint32(dst[6:], uint32(s.gate))
}

func getSide(b []byte) side { return side{get48(b), gate(binary.BigEndian.Uint32(b[6:]))} }

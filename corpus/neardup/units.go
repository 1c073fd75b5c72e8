package neardup

import (
	"math/bits"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"broadsheet/corpus/hanfold"
	"broadsheet/corpus/prose"
)

// A text is read as a stream of units. In scripts written without spaces between words (Han, kana, Hangul, Thai, Lao,
// Khmer, Myanmar) a unit is a character; elsewhere it is a run of letters and digits. A run of digits is a unit
// everywhere, so that numbers count. Everything else separates. In units, and nowhere else, case and width are folded,
// decimal digits of any script are ASCII, Traditional characters are Simplified, and invisible signs and the optional
// vowel signs of Arabic and Hebrew are left out.

// A unit is one of them.
type unit struct {
	hash   uint64
	end    int32 // byte of the text after it
	weight int16
	number bool
}

// Weights of units, so chosen that a shingle is five characters, three words, or a mixture of like content.
const (
	charWeight    = 3
	wordWeight    = 5
	shingleWeight = 15
)

// A class says what a rune is in the stream of units.
type class uint8

const (
	separator class = iota
	letter          // part of a word
	digit
	char    // a unit of its own
	ignored // as if it were not there
)

// low is what classify says of the runes below lowEnd: the folded rune, and the class above it.
var low = func() (t [lowEnd]uint32) {
	for r := range t {
		folded, c := classify(rune(r))
		t[r] = uint32(folded) | uint32(c)<<24
	}
	return t
}()

// wide is the same for the half- and full-width forms.
var wide = func() (t [wideEnd - wideStart]uint32) {
	for i := range t {
		folded, c := classify(rune(wideStart + i))
		t[i] = uint32(folded) | uint32(c)<<24
	}
	return t
}()

// hanUnits is the hashes of the units that common Chinese characters are.
var hanUnits = func() (t [hanEnd - hanStart]uint64) {
	for i := range t {
		t[i] = mix(uint64(hanfold.Simplify(rune(hanStart+i))) * charPrime)
	}
	return t
}()

const (
	hanStart  = 0x4e00
	hanEnd    = 0xa000
	lowEnd    = 0x3200
	wideStart = 0xff00
	wideEnd   = 0xfff0
)

// look is classify with the common runes from a table.
func look(r rune) (rune, class) {
	switch {
	case r < lowEnd:
		e := low[r]
		return rune(e & 0xffffff), class(e >> 24)
	case hanStart <= r && r < hanEnd:
		return hanfold.Simplify(r), char
	case wideStart <= r && r < wideEnd:
		e := wide[r-wideStart]
		return rune(e & 0xffffff), class(e >> 24)
	}
	return classify(r)
}

func classify(r rune) (rune, class) {
	if 0xff00 <= r && r <= 0xffef || r == 0x3000 {
		if folded := width.LookupRune(r).Folded(); folded != 0 {
			r = folded
		}
	}
	switch {
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r),
		0x064b <= r && r <= 0x065f, r == 0x0670, r == 0x0640, // Arabic vowel signs, tatweel
		0x0591 <= r && r <= 0x05bd, r == 0x05bf, 0x05c1 <= r && r <= 0x05c2, 0x05c4 <= r && r <= 0x05c5: // Hebrew points
		return 0, ignored
	case unicode.IsDigit(r):
		return '0' + digitValue(r), digit
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) &&
		(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.Is(unicode.Nl, r)):
		return hanfold.Simplify(r), char
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
		return unicode.ToLower(unicode.ToUpper(r)), letter
	}
	return 0, separator
}

// digitValue is the value of a decimal digit: in Unicode the ten of a script follow each other, and a range of category
// Nd starts with a zero.
func digitValue(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

// A scanner gives the units of a text, some at a time.
type scanner struct {
	text         string
	at           int
	word         uint64 // hash of the word at hand, where it is open
	open, number bool
}

// batch is how many units are taken at a time: enough that the state of whoever takes them stays in registers meanwhile.
const batch = 32

// next fills buf, of at least two, with the next units; there are none only at the end.
func (sc *scanner) next(buf []unit) []unit {
	s, i, h, open, number := sc.text, sc.at, sc.word, sc.open, sc.number
	n := 0
	for i < len(s) && n+1 < len(buf) {
		r, start := rune(s[i]), i
		switch {
		case r < utf8.RuneSelf:
			i++
		case r>>4 == 0xe && i+2 < len(s) && s[i+1]>>6 == 2 && s[i+2]>>6 == 2:
			// Three bytes, the usual case of characters; what is malformed here is malformed alike everywhere.
			r = r&0xf<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f)
			i += 3
			if hanStart <= r && r < hanEnd {
				if open {
					buf[n] = unit{mix(h), int32(start), wordWeight, number}
					n++
					open = false
				}
				buf[n] = unit{hanUnits[r-hanStart], int32(i), charWeight, false}
				n++
				for n+1 < len(buf) && prose.HanAt(s, i) { // a run of them is most of a Chinese text
					r = rune(s[i]&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f)
					i += 3
					buf[n] = unit{hanUnits[r-hanStart], int32(i), charWeight, false}
					n++
				}
				continue
			}
		default:
			var size int
			r, size = utf8.DecodeRuneInString(s[i:])
			i += size
		}
		var folded rune
		var c class
		if r < lowEnd {
			e := low[r]
			folded, c = rune(e&0xffffff), class(e>>24)
		} else {
			folded, c = look(r)
		}
		switch c {
		case letter, digit:
			if !open {
				h, open, number = wordSeed, true, true
			}
			number = number && c == digit
			h = (h ^ uint64(folded)) * wordPrime
			continue
		case ignored:
			continue
		}
		if open {
			buf[n] = unit{mix(h), int32(start), wordWeight, number}
			n++
			open = false
		}
		if c == char {
			buf[n] = unit{mix(uint64(folded) * charPrime), int32(i), charWeight, false}
			n++
		}
	}
	if i == len(s) && open {
		buf[n] = unit{mix(h), int32(i), wordWeight, number}
		n++
		open = false
	}
	sc.at, sc.word, sc.open, sc.number = i, h, open, number
	return buf[:n]
}

// units calls yield with the units of s, some at a time.
func units(s string, yield func([]unit)) {
	var buf [batch]unit
	sc := scanner{text: s}
	for us := sc.next(buf[:]); len(us) > 0; us = sc.next(buf[:]) {
		yield(us)
	}
}

// Odd constants with many bits changing: the fractional parts of the golden ratio and of square roots, and the prime of
// 64-bit FNV.
const (
	wordSeed     = 0xcbf29ce484222325
	wordPrime    = 0x00000100000001b3
	charPrime    = 0x9e3779b97f4a7c15
	rollPrime    = 0xbb67ae8584caa73b
	shinglePrime = 0x3c6ef372fe94f82b
)

// mix spreads every bit of h over all of the result: one 64×64→128 bit product, its halves folded together.
func mix(h uint64) uint64 {
	hi, lo := bits.Mul64(h^0xa54ff53a5f1d36f1, 0x510e527fade682d1)
	return hi ^ lo
}

// A roller makes shingles of a stream of units: from the unit just added back to the nearest one with which the weight
// reaches shingleWeight. Its hash is a polynomial in rollPrime, which lets units enter and leave.
type roller struct {
	ring   [8]unit
	powers [8]uint64
	from   int // number of the first unit of the window
	to     int // number of units seen
	weight int16
	hash   uint64
}

func newRoller() (r roller) {
	r.powers[0] = 1
	for i := 1; i < len(r.powers); i++ {
		r.powers[i] = r.powers[i-1] * rollPrime
	}
	return r
}

// add takes units, and writes to out, of as many places, the shingles that end with them.
func (r *roller) add(us []unit, out []uint64) []uint64 {
	ring, powers := &r.ring, &r.powers
	from, to, weight, hash := r.from, r.to, r.weight, r.hash
	n := 0
	for i := range us {
		u := &us[i]
		if first := &ring[from&7]; weight == shingleWeight && u.weight == first.weight { // one enters for one that leaves
			hash = hash*rollPrime + u.hash - first.hash*powers[(to-from)&7]
			ring[to&7] = *u
			from++
			to++
			out[n] = mix(hash * shinglePrime)
			n++
			continue
		}
		ring[to&7] = *u
		to++
		weight += u.weight
		hash = hash*rollPrime + u.hash
		for {
			first := &ring[from&7]
			if weight-first.weight < shingleWeight {
				break
			}
			from++
			weight -= first.weight
			hash -= first.hash * powers[(to-from)&7]
		}
		if weight >= shingleWeight {
			out[n] = mix(hash * shinglePrime)
			n++
		}
	}
	r.from, r.to, r.weight, r.hash = from, to, weight, hash
	return out[:n]
}

// whole is the shingle of a stream too short to have had one.
func (r *roller) whole() uint64 { return mix(r.hash * shinglePrime) }

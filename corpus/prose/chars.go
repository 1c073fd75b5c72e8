package prose

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
	"unsafe"
)

// Chars counts the code points of valid UTF-8: the bytes that do not continue one, eight at a time.
func Chars(s string) int {
	const ones = 0x0101010101010101
	n := len(s)
	for len(s) >= 8 {
		v := binary.LittleEndian.Uint64([]byte(s[:8]))
		// A byte continues where its highest bit is set and the next one is not. The product adds the eight bytes up.
		n -= int((((v >> 7) & (^v >> 6)) & ones) * ones >> 56)
		s = s[8:]
	}
	for i := 0; i < len(s); i++ {
		if s[i]>>6 == 2 {
			n--
		}
	}
	return n
}

// RenderedChars is Chars(Render(blocks)).
func RenderedChars(blocks []Block) int {
	n, tight := 0, true
	for i := range blocks {
		b := &blocks[i]
		tight = tight && b.Tight
		if b.Text == "" {
			continue
		}
		switch {
		case n == 0:
		case tight:
			n++
		default:
			n += 2
		}
		n += Chars(b.Text)
		tight = true
	}
	return n
}

// HanAt holds where a well-formed character of the block of CJK unified ideographs (U+4E00 to U+9FFF) begins at s[i],
// three bytes long: most of a Chinese text, told without decoding it.
func HanAt(s string, i int) bool {
	return i+2 < len(s) && (uint16(s[i])<<8|uint16(s[i+1]))-0xe4b8 <= 0xe9bf-0xe4b8 && s[i+1]>>6 == 2 && s[i+2]>>6 == 2
}

// HanRun gives the end of the run of such characters that begins at s[i]; i where there is none.
func HanRun(s string, i int) int {
	for len(s)-i >= 8 { // two at a time
		v := binary.BigEndian.Uint64([]byte(s[i : i+8]))
		if !hanHigh(v) {
			return i
		}
		if !hanHigh(v << 24) {
			return i + 3
		}
		i += 6
	}
	for HanAt(s, i) {
		i += 3
	}
	return i
}

// hanHigh is HanAt for the three highest bytes of v.
func hanHigh(v uint64) bool {
	return uint16(v>>48)-0xe4b8 <= 0xe9bf-0xe4b8 && v>>40&0x00c0c0 == 0x008080
}

// Valid is utf8.ValidString, faster on the text of articles.
func Valid(s string) bool {
	const high = 0x8080808080808080
	i := 0
	for len(s)-i >= 8 {
		v := binary.BigEndian.Uint64([]byte(s[i : i+8]))
		switch ascii := bits.LeadingZeros64(v&high) / 8; {
		case ascii > 0:
			i += ascii
		case hanHigh(v):
			i += 3
			if hanHigh(v << 24) {
				i += 3
			}
		case v>>40&0xf0c0c0 == 0xe08080 && v>>56 != 0xe0 && v>>56 != 0xed: // any other of three bytes but next to what is none
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				return false
			}
			i += n
		}
	}
	return utf8.ValidString(s[i:])
}

// ValidBytes is Valid for bytes.
func ValidBytes(b []byte) bool { return Valid(unsafe.String(unsafe.SliceData(b), len(b))) }

package repeat

import (
	"unicode"
	"unicode/utf8"
)

// tableEnd ends the code points whose folding is looked up; above it almost all letters are ideographs and syllables
// without case.
const tableEnd = 0x3100

// folds maps a code point to what it is compared by: 0 for what is neither letter, mark nor digit, else its lower case.
var folds = foldTable()

func foldTable() *[tableEnd]uint16 {
	var t [tableEnd]uint16
	for r := rune(0); r < tableEnd; r++ {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			t[r] = uint16(unicode.ToLower(r))
		}
	}
	return &t
}

// fold returns what r is compared by, or 0.
func fold(r rune) rune {
	switch {
	case r < tableEnd:
		return rune(folds[r])
	case r >= 0x3400 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3:
		return r
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef: // variation selectors
		return 0
	case r >= 0xff01 && r <= 0xff5e: // full-width ASCII
		return rune(folds[r-0xfee0])
	case unicode.In(r, unicode.L, unicode.M, unicode.N):
		return unicode.ToLower(r)
	}
	return 0
}

// weight is 2 for a folded character that is a syllable or a word by itself, else 1.
func weight(r rune) int32 {
	if r >= 0x3040 && (r < 0xa000 || r >= 0xac00 && r < 0xd7a4 || r >= 0xf900 && r < 0xfb00 || r >= 0x20000) {
		return 2
	}
	return 1
}

// wide tells whether lines of r and its like are set without spaces: ideographs, kana and their punctuation.
func wide(r rune) bool {
	return r >= 0x2e80 && r < 0xa000 || r >= 0xf900 && r < 0xfb00 || r >= 0xfe30 && r < 0xfe50 || r >= 0xff00 && r < 0xffa0 || r >= 0x20000 && r < 0x40000
}

// Hashes are kept in saved keys only as long as a build: rules are saved as text.
const (
	hashSeed  = 0x8f1bbcdc5a827999
	hashPrime = 0x9e3779b97f4a7c15

	hashtagSeed = 0xca62c1d6b5026f5a
)

func mix(h uint64, r rune) uint64 {
	h = (h ^ uint64(r)) * hashPrime
	return h ^ h>>29
}

// finish spreads a hash over all bits (the finaliser of MurmurHash3, Appleby 2011). It is never 0.
func finish(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return max(h, 1)
}

// textKey is the key of a text: that of a piece with the same letters.
func textKey(s string) uint64 { return seededKey(hashSeed, s) }

// hashtagKey is the key of a hashtag: not that of the word.
func hashtagKey(s string) uint64 { return seededKey(hashtagSeed, s) }

func seededKey(seed uint64, s string) uint64 {
	h, w := hashText(seed, s)
	if w == 0 {
		return 0
	}
	return finish(h)
}

// hashText continues a hash over the letters of s and returns their weight.
func hashText(h uint64, s string) (uint64, int32) {
	var w int32
	for _, r := range s {
		if f := fold(r); f != 0 {
			h = mix(h, f)
			w += weight(f)
		}
	}
	return h, w
}

// exactKey is a key of the string's bytes, after those of a key before it.
func exactKey(h uint64, s string) uint64 {
	h = mix(h, rune(len(s)))
	for i := 0; i < len(s); i++ {
		h = mix(h, rune(s[i]))
	}
	return finish(h)
}

func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }
func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

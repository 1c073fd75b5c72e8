// Package hanfold tells Simplified from Traditional Chinese characters and
// folds the one into the other, a character at a time.
//
// The tables are derived from the dictionaries STCharacters and TSCharacters
// of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0) by gen.go, which
// names the package they were taken from. Nothing else of OpenCC is used: the
// conversion of words, which needs its phrase dictionaries, is not attempted.
package hanfold

import (
	_ "embed"
	"sort"
)

// A Side says which of the two ways of writing Chinese a character belongs to.
type Side uint8

const (
	Either      Side = iota // written alike in both, or no Chinese character
	Simplified              // only in Simplified text: 国, 们, 这
	Traditional             // only in Traditional text: 國, 們, 這
)

const (
	first      = 0x3400 // start of CJK Extension A
	last       = 0x9fff // end of the CJK Unified Ideographs block
	targetsAt  = 2 * (last - first + 1)
	rareAt     = targetsAt + 4*numTargets
	targetMask = 1<<14 - 1

	numTargets = 3947 // as gen.go prints them
	numRare    = 1494
)

// table holds, in little endian:
//
//	an entry of 2 bytes for each rune from first to last,
//	4 bytes for each rune that something is folded to,
//	rune and entry, 4 bytes each, for the rare runes above last, sorted.
//
// An entry is the Side in its upper two bits and, below them, the index of the
// rune it is folded to plus one, or 0 where the rune is left as it is.
//
//go:embed han.bin
var table string

// SideOf reports on which side r stands. A character is Simplified when OpenCC
// changes it in any Simplified text, Traditional when it changes it in any
// Traditional text: 后, 干 and 里, which occur in both, are Either. Japanese
// characters of today's forms (国, 学) count as Simplified: ask only about
// Chinese text.
func SideOf(r rune) Side {
	return Side(entry(r) >> 14)
}

// Simplify returns the Simplified form of a Traditional character, the first
// choice of OpenCC where there are several, and any other rune unchanged.
// Simplify(Simplify(r)) == Simplify(r).
//
// It is meant for keys that are compared, not for text that is read: some
// folds (乾 to 干, 於 to 于) are wrong in a few words.
func Simplify(r rune) rune {
	if r < first {
		return r
	}
	if i := entry(r) & targetMask; i != 0 {
		return rune(u32(targetsAt + 4*int(i-1)))
	}
	return r
}

func entry(r rune) uint32 {
	switch {
	case r < first:
		return 0
	case r <= last:
		at := 2 * int(r-first)
		return uint32(table[at]) | uint32(table[at+1])<<8
	}
	i := sort.Search(numRare, func(i int) bool { return rune(u32(rareAt+8*i)) >= r })
	if i < numRare && rune(u32(rareAt+8*i)) == r {
		return u32(rareAt + 8*i + 4)
	}
	return 0
}

func u32(at int) uint32 {
	return uint32(table[at]) | uint32(table[at+1])<<8 | uint32(table[at+2])<<16 | uint32(table[at+3])<<24
}

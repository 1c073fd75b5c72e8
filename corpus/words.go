package corpus

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"broadsheet/corpus/prose"
)

// chars counts Unicode code points.
func chars(s string) int { return prose.Chars(s) }

// countWords counts the words of a text: the segments between the word boundaries of Unicode Standard Annex 29 that hold
// a letter or a digit. Each ideograph is one (the annex has no rule that joins them), so runs of ideographs, most of a
// Chinese text, are counted without the tables.
func countWords(s string) int {
	n, start := 0, 0
	for i := 0; i < len(s); {
		if s[i] < 0xe3 {
			i++
			continue
		}
		if end := prose.HanRun(s, i); end > i {
			alone := end // of those that are words of their own: the last one only where nothing joins it
			if !stands(s[end:]) {
				alone -= 3
			}
			if alone > i {
				n += (alone-i)/3 + countSegments(s[start:i])
				start = alone
			}
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !ideograph(r) || !stands(s[i+size:]) {
			i += size
			continue
		}
		n += countSegments(s[start:i]) + 1
		i += size
		start = i
	}
	return n + countSegments(s[start:])
}

// ideograph holds for the CJK unified ideographs of the Basic Multilingual Plane.
func ideograph(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf }

// stands holds where an ideograph before rest is a segment of its own: nothing follows that would join it (rule WB4:
// combining marks, variation selectors, joiners).
func stands(rest string) bool {
	if rest == "" || rest[0] < 0x80 {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return r >= 0x3001 && r <= 0x3029 || ideograph(r) || r >= 0x3041 && r <= 0x3096 || r >= 0xff01 && r <= 0xff5e
}

func countSegments(s string) int {
	if s == "" {
		return 0
	}
	n := 0
	for it := words.FromString(s); it.Next(); {
		for _, r := range it.Value() {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				n++
				break
			}
		}
	}
	return n
}

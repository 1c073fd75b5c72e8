package corpus

import (
	"strings"
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

// Word_Break properties of ASCII, as bits.
const (
	wordLetter = 1 << iota // ALetter
	wordDigit              // Numeric
	wordJoiner             // ExtendNumLet
	midLetter              // MidLetter, MidNumLet, Single_Quote
	midDigit               // MidNum, MidNumLet, Single_Quote

	inWord = wordLetter | wordDigit | wordJoiner
)

var asciiWords = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch c := byte(c); {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			t[c] = wordLetter
		case '0' <= c && c <= '9':
			t[c] = wordDigit
		}
	}
	t['_'], t[':'], t['.'], t['\''], t[','], t[';'] = wordJoiner, midLetter, midLetter|midDigit, midLetter|midDigit, midDigit, midDigit
	return t
}()

// countSegments is countWords by the rules alone. Those for ASCII (WB5 to WB13b) are applied here; a word with anything else
// in it is left to the tables.
func countSegments(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf && asciiWords[s[i]]&inWord == 0 {
			i++
			continue
		}
		if lone(s[i:]) || midFullWidth(s[i:]) {
			i += 3
			continue
		}
		var last, all uint8 // properties of the character before, and of all of the word
		end := i
		for end < len(s) && s[end] < utf8.RuneSelf {
			next := asciiWords[s[end]]
			if next&inWord == 0 {
				if end+1 == len(s) || last<<3&next == 0 { // it stands in the middle of none
					break
				}
				if after := s[end+1]; after >= utf8.RuneSelf {
					end++
					break
				} else if last&asciiWords[after] == 0 {
					break
				}
			}
			last = next
			all |= next
			end++
		}
		if end < len(s) && s[end] >= utf8.RuneSelf && !lone(s[end:]) {
			end = i + strings.IndexAny(s[i:], " \n")
			if end < i {
				end = len(s)
			}
			n += countByTables(s[i:end])
		} else if all&(wordLetter|wordDigit) != 0 {
			n++
		}
		i = end
	}
	return n
}

// lone holds for text that begins with a character of three bytes that is no part of any word and joins nothing: “ ” — … 、 。
// brackets, and the full-width marks that are none between digits or letters.
func lone(s string) bool {
	if len(s) < 3 {
		return false
	}
	switch s[0] {
	case 0xe2:
		return s[1] == 0x80 && (s[2] == 0x94 || s[2] == 0x9c || s[2] == 0x9d || s[2] == 0xa6)
	case 0xe3:
		return s[1] == 0x80 && (s[2] == 0x81 || s[2] == 0x82 || s[2] >= 0x88 && s[2] <= 0x91)
	case 0xef:
		return s[1] == 0xbc && (s[2] == 0x81 || s[2] == 0x88 || s[2] == 0x89 || s[2] == 0x9f)
	}
	return false
}

// midFullWidth holds for text that begins with ， ： or ；, which are part of a word only within one.
func midFullWidth(s string) bool {
	return len(s) >= 3 && s[0] == 0xef && s[1] == 0xbc && (s[2] == 0x8c || s[2] == 0x9a || s[2] == 0x9b)
}

// countByTables is countWords by the tables of the annex.
func countByTables(s string) int {
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

package langid

import (
	"strings"
	"unicode/utf8"

	"broadsheet/corpus/hanfold"
	"broadsheet/corpus/prose"
)

// A census is what one pass over a text counts.
type census struct {
	letters [numScripts]int // by script
	title   [numScripts]int // those of letters that are in the title
	sides   [3]int          // Han by hanfold.Side

	// Characters that decide between the languages of a script.
	cantonese        int // Han, by mark
	cantoneseOrHakka int
	japanese         int
	yiddish          int // Hebrew that Hebrew does not use
	assamese         int // Bengali that Bengali does not use
	tigrinya         int // Ethiopic that Amharic does not use
}

// count adds the letters of s, but for those of addresses, tags and code.
func (c *census) count(s string) {
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			if b <= ' ' {
				i++
				continue
			}
			end, letters, text := token(s, i)
			if text {
				c.letters[latin] += letters
			}
			i = end
			continue
		}
		if end := prose.HanRun(s[:min(len(s), i+3*signMost)], i); end > i {
			c.countHan(s[i:end])
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		sc := scriptOf(r)
		c.letters[sc]++
		switch sc {
		case han:
			c.sides[hanfold.SideOf(r)]++
		case hebrew:
			if 0x5f0 <= r && r <= 0x5f2 || r == 0xfb2e || r == 0xfb2f || r == 0xfb1f {
				c.yiddish++
			}
		case bengali:
			if r == 'ৰ' || r == 'ৱ' {
				c.assamese++
			}
		case ethiopic:
			if 0x1250 <= r && r <= 0x125d {
				c.tigrinya++
			}
		}
	}
}

// What a byte of ASCII says about the token it stands in.
const (
	isLetter = 1 << iota
	isDigit
	isInner  // may stand inside a word or end it: ' - . , and the like
	isSlash  // / and :
	isStrong // no part of a word: @ # _ = and the like
)

// asciiKinds would be a switch on every byte otherwise.
var asciiKinds = func() (kinds [utf8.RuneSelf]uint8) {
	for b := range kinds {
		switch c := byte(b); {
		case c <= ' ' || c == 0x7f:
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			kinds[b] = isLetter
		case '0' <= c && c <= '9':
			kinds[b] = isDigit
		case c == '/' || c == ':':
			kinds[b] = isSlash
		case strings.IndexByte(`@#_=\{}<>$%&+~^|`, c) >= 0:
			kinds[b] = isStrong
		default:
			kinds[b] = isInner
		}
	}
	return kinds
}()

// token finds the end of the run of visible ASCII that starts at i and tells
// whether it is text: words and punctuation, and no address, tag, file name,
// number or code. What follows an address without a space, in a script that
// needs one, belongs to it.
func token(s string, i int) (end, letters int, text bool) {
	var kinds uint8
	end = i
	slashes := 0
	for end < len(s) && s[end] > ' ' && s[end] < 0x7f {
		k := asciiKinds[s[end]]
		kinds |= k
		letters += int(k & isLetter)
		if k == isSlash {
			slashes++
		}
		end++
	}
	if end == i { // a control character
		return i + 1, 0, false
	}
	if kinds&isLetter == 0 {
		return end, 0, false
	}
	if kinds&(isDigit|isSlash|isStrong) == 0 && letters < 64 {
		if kinds&isInner == 0 || !dotted(s[i:end]) {
			return end, letters, true
		}
		return restOfAddress(s, end), 0, false
	}
	if slashes == 1 && kinds&(isDigit|isStrong) == 0 && !dotted(s[i:end]) || strings.HasSuffix(s[i:end], ":") && slashes == 1 && kinds&(isDigit|isStrong) == 0 {
		return end, letters, true // "and/or", "he said:"
	}
	if kinds&(isSlash|isStrong) != 0 {
		end = restOfAddress(s, end)
	}
	return end, 0, false
}

// dotted reports whether t holds a dot between a letter or digit and a small
// letter, as host and file names do.
func dotted(t string) bool {
	for i := 1; i+1 < len(t); i++ {
		if t[i] == '.' && 'a' <= t[i+1] && t[i+1] <= 'z' && asciiKinds[t[i-1]]&(isLetter|isDigit) != 0 {
			return true
		}
	}
	return false
}

// restOfAddress skips letters right after an address up to a space, or up to
// the first character of a script that is written without spaces.
func restOfAddress(s string, i int) int {
	for i < len(s) {
		if s[i] < utf8.RuneSelf {
			if s[i] <= ' ' {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch scriptOf(r) {
		case latin, cyrillic, greek, arabic, hebrew, devanagari:
			i += size
		default:
			return i
		}
	}
	return i
}

// Package pii masks personal data in texts: e-mail addresses, public IP addresses, telephone numbers, and keys.
//
// It looks for what has a form of its own. A number is a telephone number where its form says so (an international
// prefix, a mobile number of China, Japan or Korea, the groups of North America or Russia) or where a word before it
// does; names, postal addresses and numbers of identity papers are not looked for. The masks are those of StarCoder's
// set (Li et al., arXiv:2305.06161, section 4), with one for telephones: a mask cannot be mistaken for data, as a made-up address can.
//
// [Mask] of a masked text changes nothing. Time is linear in the text. The windows that it looks at around a number or a word are bounded.
package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is one kind of personal data.
type Kind int

// The kinds.
const (
	Email Kind = iota
	IP
	Phone
	Key

	NumKinds int = iota
)

var (
	kindNames = [NumKinds]string{"email", "ip", "phone", "key"}
	masks     = [NumKinds]string{"<EMAIL>", "<IP_ADDRESS>", "<PHONE>", "<KEY>"}
)

// String is the name of the kind, as in the manifest.
func (k Kind) String() string { return kindNames[k] }

// MaskOf is what stands in the place of the kind.
func MaskOf(k Kind) string { return masks[k] }

// Counts is how many of each kind were masked.
type Counts [NumKinds]int32

// Any reports whether there was one.
func (c *Counts) Any() bool { return *c != Counts{} }

// maxRounds is how often a text is gone through at most. Two are the rule where there is something in it: what stands
// beside a mask may be whole only once the mask is there.
const maxRounds = 16

// Mask replaces personal data in a text of UTF-8. A masked text is at most twice as long as it was. The text itself
// comes back where there is none in it.
func Mask(text string) (string, Counts) {
	var c Counts
	for range maxRounds {
		out := once(text, &c)
		if out == nil {
			break
		}
		text = string(out)
	}
	return text, c
}

// once goes through a text once; nil is what it was.
func once(text string, c *Counts) (out []byte) {
	s := scanner{text: text, keys: hasKeys(text)}
	copied := 0
	for s.next() {
		if out == nil {
			out = make([]byte, 0, len(text)+64)
		}
		out = append(append(out, text[copied:s.from]...), masks[s.kind]...)
		copied = s.to
		c[s.kind]++
	}
	if out == nil {
		return nil
	}
	return append(out, text[copied:]...)
}

// scanner goes through a text once.
type scanner struct {
	text string
	keys bool // a prefix of a key is in it

	at       int
	from, to int // of what was found last; to is 0 before the first
	kind     Kind
}

// The bytes at which something may begin, or that are in its middle.
const (
	nothing = iota
	digit
	plus
	at
	colon
	dash
	letter
	open
)

var classes = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] = digit
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = letter, letter
	}
	t['+'], t['@'], t[':'], t['-'], t['('] = plus, at, colon, dash, open
	return t
}()

func (s *scanner) found(k Kind, from, to int) bool {
	s.kind, s.from, s.to, s.at = k, from, to, to
	return true
}

// next finds the next span.
func (s *scanner) next() bool {
	for s.at < len(s.text) {
		i := s.at
		s.at++
		switch classes[s.text[i]] {
		case at:
			if from, to, ok := s.email(i); ok {
				return s.found(Email, from, to)
			}
		case colon:
			if from, to, ok := s.ip6(i); ok {
				return s.found(IP, from, to)
			}
		case dash:
			if s.keys {
				if to, ok := s.pem(i); ok {
					return s.found(Key, i, to)
				}
			}
		case letter:
			if s.keys && !alnumBefore(s.text, i) && !s.touches(i) {
				if to, ok := key(s.text, i); ok {
					return s.found(Key, i, to)
				}
			}
		case digit:
			if i > 0 && isDigit(s.text[i-1]) {
				continue
			}
			if to, ok := s.ip4(i); ok {
				return s.found(IP, i, to)
			}
			if to, ok := s.phone(i); ok {
				return s.found(Phone, i, to)
			}
		case plus, open:
			if to, ok := s.phone(i); ok {
				return s.found(Phone, i, to)
			}
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func alnumBefore(s string, i int) bool { return i > 0 && (isAlnum(s[i-1]) || s[i-1] == '_') }

func alnumAt(s string, i int) bool { return i < len(s) && (isAlnum(s[i]) || s[i] == '_') }

// touches holds where a mask ends at i, one made now or one that was in the text: nothing begins there, so that masking
// again finds no more.
func (s *scanner) touches(i int) bool {
	if s.to > 0 && i <= s.to {
		return true
	}
	if i == 0 || s.text[i-1] != '>' {
		return false
	}
	for _, m := range masks {
		if strings.HasSuffix(s.text[:i], m) {
			return true
		}
	}
	return false
}

// maxWindow is how far before a number words are looked for that say what it is, in bytes.
const maxWindow = 48

// before is what stands before i on its line, in lower case, as far as a mask.
func (s *scanner) before(i int) string {
	from := max(0, i-maxWindow, s.to)
	for from < i && !utf8.RuneStart(s.text[from]) {
		from++
	}
	w := s.text[from:i]
	if cut := strings.LastIndexAny(w, "\n>"); cut >= 0 {
		w = w[cut+1:]
	}
	return strings.ToLower(w)
}

// hasWord reports whether one of the words is in w. Words in scripts with spaces must begin where a word begins.
func hasWord(w string, list []string) bool {
	for _, word := range list {
		for rest := w; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			if r, _ := utf8.DecodeLastRuneInString(rest[:i]); word[0] >= 0xe3 || i == 0 && len(rest) == len(w) || !unicode.IsLetter(r) {
				return true
			}
			rest = rest[i+1:]
		}
	}
	return false
}

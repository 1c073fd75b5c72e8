package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one piece of a date.
type token struct {
	kind       kind
	start, end int32 // bytes of the scanned string
	r          rune  // of a sign or an ideograph, folded to its ASCII form where there is one
	digits     int   // of a number
	num        int64 // of a number; too large ones have more than maxDigits digits and no value
	word       word  // of a word
}

type kind uint8

const (
	end   kind = iota // past the last token
	space             // any run of white space and invisible characters
	number
	letters // a word in a script that writes words with spaces
	han     // one ideograph, kana or Hangul syllable
	sign    // one other character
)

const (
	maxDigits  = 18
	maxTokens  = 1024 // of one scanned string; what follows is not looked at
	maxWordLen = 48   // bytes; longer words mean nothing here
)

// scan splits s into tokens.
func scan(tokens []token, s string) []token {
	var buf [maxWordLen]byte
	for i := 0; i < len(s) && len(tokens) < maxTokens; {
		start := i
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			r = fold(r)
		}
		t := token{start: int32(start), r: r}
		switch class(r) {
		case space:
			t.kind = space
			for i < len(s) {
				r, size := utf8.DecodeRuneInString(s[i:])
				if class(fold(r)) != space {
					break
				}
				i += size
			}
		case number:
			t.kind = number
			for i < len(s) {
				r, size := utf8.DecodeRuneInString(s[i:])
				digit, ok := digitValue(r)
				if !ok {
					break
				}
				if t.digits++; t.digits <= maxDigits {
					t.num = t.num*10 + int64(digit)
				}
				i += size
			}
		case letters:
			t.kind = letters
			n, thai := 0, unicode.Is(unicode.Thai, r)
			for i < len(s) {
				r, size := utf8.DecodeRuneInString(s[i:])
				if thai && r == '.' { // Thai abbreviations: ม.ค.
					i += size
					continue
				}
				if c := class(fold(r)); c != letters && !unicode.Is(unicode.M, r) && r != zwnj {
					break
				}
				i += size
				if r = foldLetter(r); r == dotAbove { // İ in lower case
					continue
				}
				if n+utf8.UTFMax <= len(buf) {
					n += utf8.EncodeRune(buf[n:], r)
				} else {
					n = len(buf) // too long
				}
			}
			if n < len(buf) {
				t.word = words[string(buf[:n])]
			}
		default:
			t.kind = class(r)
			i += size
		}
		t.end = int32(i)
		tokens = append(tokens, t)
	}
	return tokens
}

const (
	zwnj     = '\u200c' // inside Persian words
	dotAbove = '\u0307'
)

// class returns the kind of token that a folded character belongs to.
func class(r rune) kind {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case '0' <= r && r <= '9':
			return number
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			return letters
		case r <= ' ' || r == 0x7f:
			return space
		}
		return sign
	case isIdeograph(r), unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return han
	case unicode.Is(unicode.Nd, r):
		return number
	case unicode.IsLetter(r):
		return letters
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
		return space
	}
	return sign
}

// isIdeograph reports the common ideographs and Hangul syllables without a look into tables.
func isIdeograph(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || 0xac00 <= r && r <= 0xd7a3
}

// fold maps full-width and look-alike signs to ASCII.
func fold(r rune) rune {
	switch r {
	case '‐', '‑', '–', '—', '―', '−', '﹣':
		return '-'
	case '。', '·', '・', '•', '‧':
		return '.'
	case '、', '،', '٫':
		return ','
	case '∶', '︰':
		return ':'
	case '〇':
		return '零'
	case '\u3000':
		return ' '
	case '’', 'ʼ', '‘':
		return '\''
	}
	if '！' <= r && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// foldLetter maps letters to lower case, Greek ones also to the form without accent that capitals have.
func foldLetter(r rune) rune {
	r = unicode.ToLower(r)
	if 'ΐ' <= r && r <= 'ώ' {
		switch r {
		case 'ά':
			return 'α'
		case 'έ':
			return 'ε'
		case 'ή':
			return 'η'
		case 'ί', 'ΐ', 'ϊ':
			return 'ι'
		case 'ό':
			return 'ο'
		case 'ύ', 'ΰ', 'ϋ':
			return 'υ'
		case 'ώ':
			return 'ω'
		case 'ς':
			return 'σ'
		}
	}
	return r
}

// digitValue returns the value of a decimal digit of any script. In Unicode such digits stand in runs of ten.
func digitValue(r rune) (int, bool) {
	if '0' <= r && r <= '9' {
		return int(r - '0'), true
	}
	if r < utf8.RuneSelf {
		return 0, false
	}
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return int(r-rune(run.Lo)) % 10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return int(r-rune(run.Lo)) % 10, true
		}
	}
	return 0, false
}

// hanDigits are the Chinese numerals; 十 and the following count tens.
const hanDigits = "零一二三四五六七八九"

// hanNumber reads a number in Chinese numerals at token i: 二〇二四, 十二, 二十五, 廿五, 卅. It returns the number of
// numerals like digits.
func (p *parser) hanNumber(i int) (num int64, digits, next int) {
	tens := false
	for ; p.at(i).kind == han; i++ {
		r := p.at(i).r
		if d := strings.IndexRune(hanDigits, r); d >= 0 {
			d /= len("零")
			if tens && num%10 != 0 {
				return 0, 0, i
			}
			if tens {
				num += int64(d)
			} else {
				num = num*10 + int64(d)
			}
		} else if r == '十' && !tens && num <= 9 {
			num, tens = max(num, 1)*10, true
		} else if r == '廿' && digits == 0 {
			num, tens = 20, true
		} else if r == '卅' && digits == 0 {
			num, tens = 30, true
		} else {
			break
		}
		if digits++; digits > 4 {
			return 0, 0, i
		}
	}
	return num, digits, i
}

package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// hintBytes is how much of a text is searched for signs of mojibake. Text of one source is wrong from the start.
const hintBytes = 8 << 10

// eastAsianMojibake are the encodings for which UTF-8 is mistaken in East Asia, with characters that the most frequent
// characters of Chinese and Japanese turn into and that are hardly ever meant.
var eastAsianMojibake = []struct {
	encoding encoding.Encoding
	signs    string
}{
	{simplifiedchinese.GB18030, "锛銆鐨"},
	{japanese.ShiftJIS, "縺繧"},
	{traditionalchinese.Big5, "嚗銝"},
}

// undoMojibake repairs text that is UTF-8 read as another encoding: "FranÃ§ois", "â€œ", "РїСЂРёРІРµС‚", "涓枃". It answers
// false and changes nothing unless the way back is certain: what is changed must encode to valid UTF-8 and that decode to
// what was there, it must be most of what could be meant, and the result must read better.
func undoMojibake(text []byte) ([]byte, bool) {
	head := text[:min(len(text), hintBytes)]
	if hasLatinSign(head) {
		once, ok := undoLatin(text)
		if !ok {
			return nil, false
		}
		if twice, ok := undoLatin(once); ok {
			return twice, true
		}
		return once, true
	}
	if bytes.IndexByte(head, 0xd0) >= 0 && hasCyrillicSign(head) {
		return better(text, undoRuns(text))
	}
	if sign := eastAsianSign(head); sign != "" {
		for _, m := range eastAsianMojibake {
			if strings.Contains(m.signs, sign) {
				return better(text, undoLines(text, m.encoding))
			}
		}
	}
	return nil, false
}

// eastAsianEnds has a bit for the last six bits of each of the signs: most characters need no further look.
const eastAsianEnds = 1<<('锛'&0x3f) | 1<<('銆'&0x3f) | 1<<('鐨'&0x3f) | 1<<('縺'&0x3f) | 1<<('繧'&0x3f) | 1<<('嚗'&0x3f) | 1<<('銝'&0x3f)

// eastAsianSign returns the first of the signs of eastAsianMojibake in b, which is UTF-8.
func eastAsianSign(b []byte) string {
	for i := 0; i+2 < len(b); {
		if b[i]>>4 != 0xe { // no character of three bytes
			i++
			continue
		}
		if eastAsianEnds>>(b[i+2]&0x3f)&1 == 0 {
			i += 3
			continue
		}
		switch rune(b[i]&0xf)<<12 | rune(b[i+1]&0x3f)<<6 | rune(b[i+2]&0x3f) {
		case '锛', '銆', '鐨', '縺', '繧', '嚗', '銝':
			return string(b[i : i+3])
		}
		i += 3
	}
	return ""
}

// better returns repaired if it reads better than text.
func better(text, repaired []byte) ([]byte, bool) {
	if repaired == nil {
		return nil, false
	}
	before, _ := score(text[:min(len(text), hintBytes)])
	after, _ := score(repaired[:min(len(repaired), hintBytes)])
	return repaired, after > before
}

// hasLatinSign reports whether a character that can begin such a sequence in windows-1252 (Â, Ã, â, ä, ...) is followed by
// another character outside ASCII.
func hasLatinSign(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0xc3)
		if i < 0 || i+2 >= len(b) {
			return false
		}
		if next := b[i+2]; b[i+1] >= 0x82 && b[i+1] <= 0xb4 && (next == 0xc2 || next == 0xc5 || next == 0xc6 || next == 0xcb || next == 0xe2) {
			return true
		}
		b = b[i+2:]
	}
}

// windows1252 maps the characters of windows-1252 to their bytes, and those of Latin-1 that it leaves out to theirs.
var windows1252 = func() map[rune]byte {
	table := make(map[rune]byte)
	for c := 0x80; c < 0x100; c++ {
		table[rune(c)] = byte(c)
	}
	for c := 0x80; c < 0x100; c++ {
		if r := charmap.Windows1252.DecodeByte(byte(c)); r != utf8.RuneError {
			table[r] = byte(c)
		}
	}
	return table
}()

// undoLatin repairs sequences of characters that are one character of UTF-8 in windows-1252.
//
// Sequences of three and four are never meant. Sequences of two can be ("É»" closes a French quotation), so they are
// repaired only where there are several and few letters of windows-1252 that are no part of one.
func undoLatin(text []byte) ([]byte, bool) {
	var out bytes.Buffer
	out.Grow(len(text))
	for _, strongOnly := range [...]bool{false, true} {
		out.Reset()
		strong, weak, left := 0, 0, 0
		for i := 0; i < len(text); {
			if text[i] < utf8.RuneSelf {
				out.WriteByte(text[i])
				i++
				continue
			}
			if r, size, n := latinSequence(text[i:]); n > 0 {
				if n >= 3 {
					strong++
				} else {
					weak++
				}
				if n >= 3 || !strongOnly {
					out.WriteRune(r)
					i += size
					continue
				}
			}
			r, size := utf8.DecodeRune(text[i:])
			if 0xc0 <= r && r <= 0xff {
				left++
			}
			out.Write(text[i : i+size])
			i += size
		}
		if !strongOnly && strong+weak >= 3 && left*3 <= strong+weak || strongOnly && strong > 0 {
			return bytes.Clone(out.Bytes()), true
		}
	}
	return nil, false
}

// latinSequence reads the characters at the beginning of b, of which the bytes in windows-1252 are one character of
// UTF-8. size is their length in b, n their number; n is 0 if there are none.
func latinSequence(b []byte) (r rune, size, n int) {
	var raw [utf8.UTFMax]byte
	for n < len(raw) && size < len(b) {
		c, length := utf8.DecodeRune(b[size:])
		code, ok := windows1252[c]
		if !ok {
			break
		}
		raw[n] = code
		n++
		size += length
		if r, used := utf8.DecodeRune(raw[:n]); r != utf8.RuneError && used == n {
			if n < 2 || r < 0xa0 {
				return 0, 0, 0
			}
			return r, size, n
		}
		if n == 1 && (code < 0xc2 || code > 0xf4) {
			break
		}
	}
	return 0, 0, 0
}

// hasCyrillicSign reports whether every other letter is Р or С, as in UTF-8 read as windows-1251.
func hasCyrillicSign(b []byte) bool {
	signs, all := 0, 0
	for i := 0; i+1 < len(b) && all < 512; i++ {
		if c := b[i]; c >= 0xc2 && c <= 0xf4 {
			all++
			if c == 0xd0 && (b[i+1] == 0xa0 || b[i+1] == 0xa1) {
				signs++
			}
		}
	}
	return all >= 8 && signs*3 >= all
}

// undoRuns repairs runs of characters outside ASCII that were UTF-8 read as windows-1251, if nine of ten characters are in
// such runs.
func undoRuns(text []byte) []byte {
	var out bytes.Buffer
	good, all := 0, 0
	for len(text) > 0 {
		end := 0
		for end < len(text) && text[end] >= utf8.RuneSelf {
			end++
		}
		if end == 0 {
			for end < len(text) && text[end] < utf8.RuneSelf {
				end++
			}
			out.Write(text[:end])
			text = text[end:]
			continue
		}
		run := text[:end]
		text = text[end:]
		n := utf8.RuneCount(run)
		all += n
		if raw, err := charmap.Windows1251.NewEncoder().Bytes(run); err == nil && utf8.Valid(raw) {
			good += n
			out.Write(raw)
		} else {
			out.Write(run)
		}
	}
	if good < 8 || good*10 < all*9 {
		return nil
	}
	return out.Bytes()
}

// undoLines repairs lines that were UTF-8 read in an encoding of several bytes, if four of five characters outside ASCII
// are in such lines.
func undoLines(text []byte, enc encoding.Encoding) []byte {
	var out bytes.Buffer
	good, all := 0, 0
	for line := range bytes.Lines(text) {
		n := 0
		for _, c := range line {
			if c >= 0xc2 {
				n++
			}
		}
		all += n
		if n > 0 {
			if raw, err := enc.NewEncoder().Bytes(line); err == nil && utf8.Valid(raw) {
				if back, err := enc.NewDecoder().Bytes(raw); err == nil && bytes.Equal(back, line) {
					good += n
					line = raw
				}
			}
		}
		out.Write(line)
	}
	if good < 6 || good*5 < all*4 {
		return nil
	}
	return out.Bytes()
}

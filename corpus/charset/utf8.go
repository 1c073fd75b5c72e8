package charset

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// nearlyUTF8 decodes documents that are UTF-8 but for a few bytes: truncated characters, characters of another encoding
// that slipped in, overlong forms, and surrogates. Legacy encodings hardly ever make valid sequences of UTF-8.
func nearlyUTF8(b []byte, declared []encodingOf) ([]byte, Info, bool) {
	valid, invalid := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			valid++
		default:
			_, length := brokenSequence(b[i:])
			if length > 1 { // a form that only UTF-8 gone wrong has
				valid++
			}
			invalid++
			size = length
		}
		i += size
	}
	saysUTF8 := slices.ContainsFunc(declared, func(e encodingOf) bool { return e.name == "utf-8" })
	if !(valid >= 2 && valid > 2*invalid || saysUTF8 && valid >= invalid && valid > 0) {
		return nil, Info{}, false
	}
	info := Info{Charset: "utf-8", Source: FromUTF8}
	text := repairUTF8(b, &info)
	if wronglyDeclared(declared, "utf-8") {
		info.Notes = append(info.Notes, NoteWrong)
	}
	return text, info, true
}

// repairUTF8 returns b with surrogate pairs joined, and every other broken sequence replaced by one U+FFFD.
func repairUTF8(b []byte, info *Info) []byte {
	var out bytes.Buffer
	out.Grow(len(b) + len(b)/8)
	pairs, broken := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			out.WriteByte(b[i])
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || size > 1 {
			out.Write(b[i : i+size])
			i += size
			continue
		}
		r, size = brokenSequence(b[i:])
		if r != utf8.RuneError {
			pairs++
		} else {
			broken++
		}
		out.WriteRune(r)
		i += size
	}
	info.Repaired += pairs + broken
	if pairs > 0 {
		info.Notes = append(info.Notes, NoteSurrogates)
	}
	if broken > 0 {
		info.Notes = append(info.Notes, NoteInvalid)
	}
	return out.Bytes()
}

// brokenSequence reads what b begins with, which is not valid UTF-8: a surrogate pair (CESU-8) gives its character; a
// lone surrogate, an overlong form, and the beginning of a character are one broken sequence; so is any other byte.
func brokenSequence(b []byte) (rune, int) {
	if high, ok := surrogate(b); ok {
		if high < 0xdc00 {
			if low, ok := surrogate(b[3:]); ok && low >= 0xdc00 {
				return 0x10000 + (high-0xd800)<<10 + (low - 0xdc00), 6
			}
		}
		return utf8.RuneError, 3
	}
	length := 1
	switch {
	case b[0] == 0xc0 || b[0] == 0xc1 || b[0] >= 0xc2 && b[0] <= 0xdf:
		length = 2
	case b[0] >= 0xe0 && b[0] <= 0xef:
		length = 3
	case b[0] >= 0xf0 && b[0] <= 0xf7:
		length = 4
	}
	n := 1
	for n < min(length, len(b)) && b[n]&0xc0 == 0x80 {
		n++
	}
	return utf8.RuneError, n
}

// surrogate reads a surrogate written as three bytes.
func surrogate(b []byte) (rune, bool) {
	if len(b) < 3 || b[0] != 0xed || b[1] < 0xa0 || b[1] > 0xbf || b[2]&0xc0 != 0x80 {
		return 0, false
	}
	return 0xd000 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f), true
}

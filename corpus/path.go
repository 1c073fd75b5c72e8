package corpus

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// PathEscaping states, in the manifest, how a path that is not plain text is written.
const PathEscaping = `bytes that are not UTF-8, control characters and direction marks are written \xHH, byte by byte; ` +
	`a backslash that would look like such an escape is written \x5C`

// EscapePath writes a file name so that it is valid UTF-8 on one line, reversibly. Ordinary names of any language come
// back unchanged.
func EscapePath(name string) string {
	if plainPath(name) {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && n == 1, Unprintable(r), r == '\\' && isEscape(name[i:]):
			for _, c := range []byte(name[i : i+n]) {
				const hex = "0123456789ABCDEF"
				b.WriteString(`\x`)
				b.WriteByte(hex[c>>4])
				b.WriteByte(hex[c&15])
			}
		default:
			b.WriteString(name[i : i+n])
		}
		i += n
	}
	return b.String()
}

// UnescapePath undoes EscapePath.
func UnescapePath(path string) string {
	if !strings.Contains(path, `\x`) {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); {
		if isEscape(path[i:]) {
			c, _ := strconv.ParseUint(path[i+2:i+4], 16, 8)
			b.WriteByte(byte(c))
			i += 4
			continue
		}
		b.WriteByte(path[i])
		i++
	}
	return b.String()
}

func plainPath(name string) bool {
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f || c == '\\' && isEscape(name[i:]) {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(name[i:])
		if r == utf8.RuneError && n == 1 || Unprintable(r) {
			return false
		}
		i += n
	}
	return true
}

// Unprintable holds for what would break a line or reorder what a terminal shows: C0, C1, line and paragraph
// separators, and the bidirectional controls of Unicode Standard Annex 9.
func Unprintable(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// isEscape holds where s begins with \xHH, H being an upper-case hexadecimal digit.
func isEscape(s string) bool {
	return len(s) >= 4 && s[0] == '\\' && s[1] == 'x' && isUpperHex(s[2]) && isUpperHex(s[3])
}

func isUpperHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }

package weburl

import "strings"

// byteSet is a set of bytes.
type byteSet [256]bool

// The percent-encode sets of the standard (https://url.spec.whatwg.org/#percent-encoded-bytes), and of what RFC 3986
// does not allow in a URL although the standard leaves it as it is.
var (
	pathSet      = encodeSet("\"#<>?^`{}")
	querySet     = encodeSet("\"#<>'")
	canonicalSet = encodeSet("\"<>\\^`{|}")
)

// encodeSet returns the control characters, space, DEL, all non-ASCII bytes, and the given characters.
func encodeSet(chars string) (set byteSet) {
	for c := range set {
		set[c] = c <= ' ' || c >= 0x7f || strings.IndexByte(chars, byte(c)) >= 0
	}
	return set
}

// appendEncoded appends s with the bytes of the set percent-encoded.
func appendEncoded(dst []byte, s string, set *byteSet) []byte {
	for i := range len(s) {
		if c := s[i]; set[c] {
			dst = appendEscape(dst, c)
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789ABCDEF"
	return append(dst, '%', hex[c>>4], hex[c&15])
}

// appendCanonical appends a path or query in the one form of percent-encoding. A percent sign that begins no escape
// stays, and nothing within two bytes after it is decoded, lest a new escape come about.
func appendCanonical(dst []byte, s string) []byte {
	stray := -3 // where in dst the last percent sign without hex digits stands
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '%' {
			if canonicalSet[c] {
				dst = appendEscape(dst, c)
			} else {
				dst = append(dst, c)
			}
			continue
		}
		b, ok := unescape(s, i)
		switch {
		case !ok:
			stray = len(dst)
			dst = append(dst, '%')
			continue
		case isUnreserved(b) && len(dst)-stray > 2:
			dst = append(dst, b)
		default:
			dst = appendEscape(dst, b)
		}
		i += 2
	}
	return dst
}

// unescape reads the escape %XX at s[i].
func unescape(s string, i int) (byte, bool) {
	if i+2 >= len(s) || s[i] != '%' {
		return 0, false
	}
	hi, lo := fromHex(s[i+1]), fromHex(s[i+2])
	return hi<<4 | lo, hi < 16 && lo < 16
}

// fromHex returns the value of a hex digit, or 255.
func fromHex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case isAlpha(c) && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// isUnreserved reports the characters that mean the same plain and encoded (RFC 3986 section 2.3).
func isUnreserved(c byte) bool {
	return isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

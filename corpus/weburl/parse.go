package weburl

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// parts is the URL record of the WHATWG standard (https://url.spec.whatwg.org/#concept-url), as far as it is used here:
// http and https only, without user name, password and fragment.
type parts struct {
	scheme string // "http" or "https"
	host   string // serialised: lower-case ASCII, an IPv4 address, or an IPv6 address in brackets
	port   string // empty: the scheme's default
	path   string // starts with "/"
	query  string // without "?"; an empty query and none are the same here
}

// parse is the basic URL parser of the standard (https://url.spec.whatwg.org/#concept-basic-url-parser), its state
// machine written out for the special schemes http and https.
func parse(raw, base string) (parts, error) {
	s := clean(raw)
	scheme, rest := cutScheme(s)
	switch {
	case scheme == "":
		if base == "" {
			if s == "" {
				return parts{}, ErrEmpty
			}
			return parts{}, ErrRelative
		}
	case scheme != "http" && scheme != "https":
		return parts{}, ErrScheme
	case base == "" || strings.HasPrefix(rest, "//"):
		return parseAuthority(scheme, strings.TrimLeft(rest, `/\`))
	}

	b, err := parse(base, "")
	if err != nil {
		if scheme != "" {
			return parseAuthority(scheme, strings.TrimLeft(rest, `/\`))
		}
		if err == ErrEmpty {
			err = ErrRelative
		}
		return parts{}, err
	}
	if scheme != "" && scheme != b.scheme {
		return parseAuthority(scheme, strings.TrimLeft(rest, `/\`))
	}
	return b.resolve(rest)
}

// clean takes off what the standard ignores: control characters and spaces at both ends, tabs and line breaks anywhere.
// Bytes that are not UTF-8 become U+FFFD, as they do wherever a URL comes from decoded text.
func clean(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}

// cutScheme splits s at its scheme, which it returns in lower case. Without one, rest is all of s.
func cutScheme(s string) (scheme, rest string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ':' && i > 0:
			return strings.ToLower(s[:i]), s[i+1:]
		case isAlpha(c):
		case i > 0 && (isAlnum(c) || c == '+' || c == '-' || c == '.'):
		default:
			return "", s
		}
	}
	return "", s
}

// resolve reads a relative reference (the "relative" and "relative slash" states).
func (p parts) resolve(ref string) (parts, error) {
	switch {
	case ref == "" || ref[0] == '#':
		return p, nil
	case isSlash(ref[0]):
		if len(ref) > 1 && isSlash(ref[1]) {
			return parseAuthority(p.scheme, strings.TrimLeft(ref, `/\`))
		}
		return p.withPath("", ref[1:]), nil
	case ref[0] == '?':
		p.query = encodeQuery(ref[1:])
		return p, nil
	}
	return p.withPath(p.path[:strings.LastIndexByte(p.path, '/')], ref), nil
}

// parseAuthority reads what follows the slashes after the scheme (the "authority", "host" and "port" states).
func parseAuthority(scheme, s string) (parts, error) {
	p := parts{scheme: scheme}
	end := strings.IndexAny(s, `/\?#`)
	if end < 0 {
		end = len(s)
	}
	authority, rest := s[:end], s[end:]
	authority = authority[strings.LastIndexByte(authority, '@')+1:] // no credentials
	host, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		// The standard splits at the first colon outside brackets; a second one is an error there (in the port), and
		// is one here (in the host).
		host, port = authority[:colon], authority[colon+1:]
	}
	var err error
	if p.host, err = parseHost(host); err != nil {
		return parts{}, err
	}
	if p.port, err = parsePort(scheme, port); err != nil {
		return parts{}, err
	}
	if rest != "" && isSlash(rest[0]) {
		rest = rest[1:]
	}
	return p.withPath("", rest), nil
}

// parsePort returns the port without leading zeros, or nothing where it is the default.
func parsePort(scheme, s string) (string, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", ErrPort
		}
	}
	port := strings.TrimLeft(s, "0")
	switch {
	case s != "" && port == "":
		return "0", nil
	case len(port) > 5 || len(port) == 5 && port > "65535":
		return "", ErrPort
	case scheme == "http" && port == "80", scheme == "https" && port == "443":
		return "", nil
	}
	return port, nil
}

// withPath reads path segments onto prefix, then a query; a fragment is left out (the "path", "query" and "fragment"
// states). prefix is a path without a trailing slash.
func (p parts) withPath(prefix, s string) parts {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	s, query, _ := strings.Cut(s, "?")
	out := make([]byte, 0, len(prefix)+len(s)+1)
	out = append(out, prefix...)
	for more := true; more; {
		var segment string
		if i := strings.IndexAny(s, `/\`); i >= 0 {
			segment, s = s[:i], s[i+1:]
		} else {
			segment, more = s, false
		}
		switch dots(segment) {
		case 2:
			if i := bytes.LastIndexByte(out, '/'); i >= 0 {
				out = out[:i]
			}
			fallthrough
		case 1:
			if !more {
				out = append(out, '/')
			}
		default:
			out = append(out, '/')
			out = appendEncoded(out, segment, &pathSet)
		}
	}
	p.path = string(out)
	p.query = encodeQuery(query)
	return p
}

func encodeQuery(s string) string {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	return string(appendEncoded(make([]byte, 0, len(s)), s, &querySet))
}

// dots returns 1 or 2 for the segments "." and "..", whose dots may be written %2e, and else 0.
func dots(segment string) int {
	n := 0
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && segment[:2] == "%2" && segment[2]|0x20 == 'e':
			segment = segment[3:]
		default:
			return 0
		}
		n++
	}
	if n > 2 {
		return 0
	}
	return n
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }
func isAlpha(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }

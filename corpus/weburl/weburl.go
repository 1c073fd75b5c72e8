// Package weburl reads the addresses of articles: it parses them as a browser would (the WHATWG URL Standard),
// gives them one canonical form, and derives from that form the key by which an article is recognised again.
//
// Only http and https addresses are read. Everything else that the standard can parse (javascript:, data:, file:,
// mailto:, ...) is refused: it is not the address of an article and may be unsafe to publish.
//
// # Canonical form
//
// The canonical form never changes what an address points to, and canonicalising it again changes nothing:
//
//   - scheme and host in lower case, IDN hosts as punycode (UTS 46, non-transitional), default ports left out;
//   - dot segments resolved, an empty path written as "/"; a trailing slash is kept as it is;
//   - one form of percent-encoding: hex digits in upper case, letters, digits and -._~ plain (RFC 3986 section
//     6.2.2.2), every byte that RFC 3986 does not allow in a URL encoded (non-ASCII text as UTF-8), everything else
//     as written. Double encoding (%25E6) stays: only [Key] undoes it;
//   - no user name and password, which are never published, and no fragment;
//   - query parameters in their order, without those that only track a reader (tracking.go), and without a bare "?".
//
// Hosts of mobile pages (m.example.org) and AMP pages are addresses of their own and stay.
package weburl

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// MaxLength is the longest raw address that [Parse] reads, in bytes. Servers refuse far shorter ones (commonly at
// 8 to 16 KiB), so a longer string is not the address of anything.
const MaxLength = 64 << 10

// Error says why a string is no address of an article. Its text is a stable snake_case word, fit for the notes of an
// outcome.
type Error string

// The errors of [Parse].
const (
	ErrEmpty    Error = "url_empty"    // nothing but white space
	ErrTooLong  Error = "url_too_long" // longer than MaxLength
	ErrScheme   Error = "url_scheme"   // a scheme other than http and https
	ErrRelative Error = "url_relative" // relative, and no usable base was given
	ErrHost     Error = "url_host"     // a missing or forbidden host name or address
	ErrPort     Error = "url_port"     // a port that is not a number up to 65535
)

func (e Error) Error() string { return string(e) }

// URL is the canonical address of a page. The zero URL is no address: its String is empty. URLs are comparable with ==.
type URL struct {
	text string
	// Offsets into text: scheme ":" "//" host [":" port] path ["?" query].
	host, hostEnd, path, query int32
}

// Parse reads a raw address and returns its canonical form. White space around it and line breaks inside it are
// ignored, as browsers do. A relative address is resolved against base, which may be empty. The error is an [Error].
func Parse(raw, base string) (URL, error) {
	if len(raw) > MaxLength || len(base) > MaxLength {
		return URL{}, ErrTooLong
	}
	if u, ok := parsePlain(raw); ok {
		return u, nil
	}
	p, err := parse(raw, base)
	if err != nil {
		return URL{}, err
	}
	for i := range len(p.host) {
		if canonicalSet[p.host[i]] { // quotes and braces: the standard lets them pass, RFC 3986 and DNS do not
			return URL{}, ErrHost
		}
	}
	return p.canonical(), nil
}

// canonical puts the parts together in canonical form.
func (p parts) canonical() URL {
	var u URL
	buf := make([]byte, 0, len(p.scheme)+len(p.host)+len(p.path)+len(p.query)+16)
	buf = append(buf, p.scheme...)
	buf = append(buf, "://"...)
	u.host = int32(len(buf))
	buf = append(buf, p.host...)
	u.hostEnd = int32(len(buf))
	if p.port != "" {
		buf = append(buf, ':')
		buf = append(buf, p.port...)
	}
	u.path = int32(len(buf))
	buf = appendCanonical(buf, p.path)
	u.query = int32(len(buf))
	if p.query != "" {
		buf = append(buf, '?')
		buf = appendCanonical(buf, p.query)
		buf = dropTracking(buf, int(u.query)+1)
	}
	u.text = string(buf)
	return u
}

// plainByte marks what may stand in the path and query of a canonical address without a second look.
var plainByte = func() (t [256]bool) {
	for c := range t {
		t[c] = strings.IndexByte("!$&()*+,-./:;=@_~", byte(c)) >= 0 || isAlnum(byte(c))
	}
	return t
}()

// parsePlain is the fast path of [Parse]: it recognises the addresses that are canonical already and answers false for
// all others, whatever they are. FuzzParse holds it to the result of the long way.
func parsePlain(raw string) (URL, bool) {
	host := len("https://")
	if !strings.HasPrefix(raw, "https://") {
		host = len("http://")
		if !strings.HasPrefix(raw, "http://") {
			return URL{}, false
		}
	}
	i, label := host, host
	for ; i < len(raw) && raw[i] != '/'; i++ {
		switch c := raw[i]; {
		case c == '.':
			if i == label {
				return URL{}, false
			}
			label = i + 1
		case c == '-', '0' <= c && c <= '9':
		case 'a' <= c && c <= 'z':
			if c == 'x' && i == label && strings.HasPrefix(raw[i:], "xn--") {
				return URL{}, false
			}
		default:
			return URL{}, false
		}
	}
	// A last label that starts with a digit may be part of an IPv4 address.
	if i == len(raw) || i == label || raw[label] < 'a' {
		return URL{}, false
	}
	u := URL{host: int32(host), hostEnd: int32(i), path: int32(i)}
	for ; i < len(raw) && raw[i] != '?'; i++ {
		c := raw[i]
		if !plainByte[c] || c == '.' && raw[i-1] == '/' {
			return URL{}, false
		}
	}
	u.query = int32(i)
	u.text = raw
	if i == len(raw) {
		return u, true
	}
	query := raw[i+1:]
	for i++; i < len(raw); i++ {
		if !plainByte[raw[i]] {
			return URL{}, false
		}
	}
	if query == "" {
		return URL{}, false
	}
	for piece := range strings.SplitSeq(query, "&") {
		if isTracking(trackingKeys, piece) {
			return URL{}, false
		}
	}
	return u, true
}

// String returns the canonical address; it is empty for the zero URL.
func (u URL) String() string { return u.text }

// IsZero reports whether u is no address at all.
func (u URL) IsZero() bool { return u.text == "" }

// Hostname returns the host as it stands in the address, without the port. IPv6 addresses keep their brackets.
func (u URL) Hostname() string { return u.text[u.host:u.hostEnd] }

// Host returns the host without the port and without a leading "www.".
func (u URL) Host() string { return trimWWW(u.Hostname()) }

// Path returns the path; it starts with "/", but is empty for the zero URL.
func (u URL) Path() string { return u.text[u.path:u.query] }

// Query returns the query without its "?".
func (u URL) Query() string {
	if int(u.query) >= len(u.text) {
		return ""
	}
	return u.text[u.query+1:]
}

// Domain returns the registrable domain of the host by the public suffix list (including its private part, so that
// each site of a hosting platform is a domain of its own). It is empty for IP addresses and for hosts that are
// themselves a public suffix or a single label.
func (u URL) Domain() string {
	host := strings.TrimSuffix(u.Hostname(), ".")
	if host == "" || host[0] == '[' || endsInNumber(host) {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return domain
}

// IsHostOnly reports whether u names a site and no page of it: no path and no query.
func (u URL) IsHostOnly() bool { return u.Path() == "/" && u.Query() == "" }

// trimWWW takes a leading "www." off a host, unless what remains would be a single label.
func trimWWW(host string) string {
	if rest, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(strings.TrimSuffix(rest, "."), ".") {
		return rest
	}
	return host
}

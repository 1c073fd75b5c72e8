package weburl

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// domainToASCII is "domain to ASCII" of the standard (https://url.spec.whatwg.org/#concept-domain-to-ascii) with
// beStrict false: UTS 46, non-transitional, with the rules on joiners and right-to-left labels.
var domainToASCII = idna.New(
	idna.MapForLookup(),
	idna.BidiRule(),
	idna.CheckJoiners(true),
	idna.CheckHyphens(false),
	idna.StrictDomainName(false),
	idna.VerifyDNSLength(false),
	idna.Transitional(false),
)

// parseHost is the host parser of the standard (https://url.spec.whatwg.org/#host-parsing) for special schemes.
func parseHost(s string) (string, error) {
	if strings.HasPrefix(s, "[") {
		if !strings.HasSuffix(s, "]") {
			return "", ErrHost
		}
		return parseIPv6(s[1 : len(s)-1])
	}
	if strings.IndexByte(s, '%') >= 0 {
		s = decodeAll(s)
	}
	host := strings.ToLower(s)
	if !isASCII(host) || strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") {
		var err error
		if host, err = domainToASCII.ToASCII(s); err != nil {
			return "", ErrHost
		}
	}
	if host == "" {
		return "", ErrHost
	}
	for i := range len(host) {
		if forbiddenInDomain[host[i]] {
			return "", ErrHost
		}
	}
	if endsInNumber(host) {
		return parseIPv4(host)
	}
	return host, nil
}

// forbiddenInDomain is the set of forbidden domain code points of the standard.
var forbiddenInDomain = encodeSet("#/:<>?@[\\]^|%")

// decodeAll undoes every percent-encoding.
func decodeAll(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if b, ok := unescape(s, i); ok {
			out = append(out, b)
			i += 2
		} else {
			out = append(out, s[i])
		}
	}
	return strings.ToValidUTF8(string(out), string(utf8.RuneError))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// endsInNumber reports whether the last label of a host is a number, so that the host must be an IPv4 address.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return false
	}
	digits := true
	for i := range len(last) {
		digits = digits && isDigit(last[i])
	}
	if digits {
		return true
	}
	_, ok := parseIPv4Number(last)
	return ok
}

// parseIPv4 reads one to four decimal, octal (0...) or hex (0x...) numbers, the last of which fills what is left.
func parseIPv4(host string) (string, error) {
	numbers := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(numbers) > 4 {
		return "", ErrHost
	}
	var address uint64
	for i, s := range numbers {
		n, ok := parseIPv4Number(s)
		if !ok {
			return "", ErrHost
		}
		if i < len(numbers)-1 {
			if n > 255 {
				return "", ErrHost
			}
			address |= n << (8 * (3 - i))
			continue
		}
		if n >= 1<<(8*(5-len(numbers))) {
			return "", ErrHost
		}
		address |= n
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}).String(), nil
}

// parseIPv4Number reads one number of an IPv4 address; too large a number comes back as the largest.
func parseIPv4Number(s string) (uint64, bool) {
	base := 10
	switch {
	case s == "":
		return 0, false
	case len(s) >= 2 && s[0] == '0' && s[1]|0x20 == 'x':
		s, base = s[2:], 16
	case len(s) >= 2 && s[0] == '0':
		s, base = s[1:], 8
	}
	if s == "" { // "0x" is zero
		return 0, true
	}
	for i := range len(s) {
		if int(fromHex(s[i])) >= base {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s, base, 64)
	if err != nil {
		return 1<<64 - 1, true
	}
	return n, true
}

// parseIPv6 reads an IPv6 address and returns it compressed, in brackets
// (https://url.spec.whatwg.org/#concept-ipv6-serializer: embedded IPv4 addresses are written in hex, too).
func parseIPv6(s string) (string, error) {
	address, err := netip.ParseAddr(s)
	if err != nil || !address.Is6() || address.Zone() != "" {
		return "", ErrHost
	}
	b := address.As16()
	var pieces [8]uint64
	for i := range pieces {
		pieces[i] = uint64(b[2*i])<<8 | uint64(b[2*i+1])
	}
	// The first longest run of at least two zero pieces is written "::".
	from, to := -1, -1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && pieces[j] == 0 {
			j++
		}
		if j-i > max(1, to-from) {
			from, to = i, j
		}
		i = max(i, j-1)
	}
	out := []byte{'['}
	for i := 0; i < 8; i++ {
		if i == from {
			out = append(out, "::"...)
			i = to - 1
			continue
		}
		if i > 0 && i != to {
			out = append(out, ':')
		}
		out = strconv.AppendUint(out, pieces[i], 16)
	}
	return string(append(out, ']')), nil
}

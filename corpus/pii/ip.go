package pii

import (
	"net/netip"
	"strings"
)

// documentation are the addresses that stand for others in texts: RFC 5737 and RFC 3849; and the shared ones of
// providers, RFC 6598.
var documentation = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("2001:db8::/32"),
}

// public holds for the addresses of one machine on the internet. Private ones are no one's, as in datatrove.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range documentation {
		if p.Contains(a) {
			return false
		}
	}
	if a.Is4() {
		b := a.As4()
		return b[0] != 0 && b[0] < 224
	}
	return a.As16()[0]>>5 == 1 // 2000::/3 is all that is given out
}

// Words before four numbers that say what they are.
var (
	versionWords = []string{"version", "ver.", "ver ", "v.", "release", "build", "firmware", "driver", "section", "chapter", "clause", "article", "figure", "table", "版本", "版", "固件", "章", "节", "節", "条", "バージョン", "버전", "версия", "версии", "versión", "versão"}
	addressWords = []string{"ip", "address", "server", "host", "dns", "ping", "地址", "服务器", "伺服器", "サーバ", "アドレス", "서버", "주소", "адрес", "adresse", "dirección"}
)

// ip4 finds four numbers of a public address. Four small ones are more often those of a version or a section, so they
// need a word that says what they are.
func (s *scanner) ip4(i int) (to int, ok bool) {
	t := s.text
	if i > 0 && (isAlnum(t[i-1]) || strings.IndexByte("._-+", t[i-1]) >= 0) || s.touches(i) {
		return 0, false
	}
	if i > 1 && t[i-1] == '/' && isAlnum(t[i-2]) {
		return 0, false // name/version
	}
	dots, large := 0, false
	for to = i; to < len(t) && to < i+16 && (isDigit(t[to]) || t[to] == '.'); to++ {
		if t[to] == '.' {
			if dots++; dots == 4 || to+1 == len(t) || !isDigit(t[to+1]) {
				break
			}
		}
	}
	if alnumAt(t, to) || to+1 < len(t) && t[to] == '.' && isDigit(t[to+1]) || to+1 < len(t) && t[to] == '-' && isAlnum(t[to+1]) {
		return 0, false
	}
	if to+1 < len(t) && t[to] == '/' && isDigit(t[to+1]) {
		return 0, false // a network
	}
	a, err := netip.ParseAddr(t[i:to])
	if err != nil || !a.Is4() || !public(a) {
		return 0, false
	}
	for _, b := range a.As4() {
		large = large || b >= 20
	}
	w := s.before(i)
	if hasWord(w, versionWords) || !large && !hasWord(w, addressWords) {
		return 0, false
	}
	return to, true
}

// ip6 finds the public address around the colon at i, with at least three groups written out: two numbers around colons
// are code.
func (s *scanner) ip6(i int) (from, to int, ok bool) {
	t := s.text
	from = i
	for from > s.to && i-from < 5 && isHex(t[from-1]) {
		from--
	}
	if from == i || alnumBefore(t, from) || from > 0 && strings.IndexByte(":.-", t[from-1]) >= 0 || s.touches(from) {
		return 0, 0, false
	}
	groups := 0
	for to = from; to < len(t) && to-from < 45 && (isHex(t[to]) || t[to] == ':'); to++ {
		if isHex(t[to]) && (to == from || t[to-1] == ':') {
			groups++
		}
	}
	for to > from && t[to-1] == ':' {
		to--
	}
	if groups < 3 || alnumAt(t, to) {
		return 0, 0, false
	}
	a, err := netip.ParseAddr(t[from:to])
	if err != nil || !a.Is6() || !public(a) {
		return 0, 0, false
	}
	return from, to, true
}

package pii

import (
	"slices"
	"strings"
)

// maxLocal and maxDomain are the lengths of the parts of an address: RFC 5321, section 4.5.3.1.
const (
	maxLocal  = 64
	maxDomain = 255
)

// fileEndings are what an at sign is in the name of, and no domain: image@2x.png.
var fileEndings = []string{"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "htm", "json", "pdf", "txt", "md"}

// email finds the address around the at sign at i: the dot-atom of RFC 5322, section 3.4.1, of ASCII without the rarer
// marks, and a domain whose last label is of letters. A call of a function is code (@app.route()). What stands between two at signs is a handle of a federated
// network, and git@ is no person.
func (s *scanner) email(i int) (from, to int, ok bool) {
	t := s.text
	from = i
	for from > s.to && from > i-maxLocal && localByte(t[from-1]) {
		from--
	}
	for from < i && (t[from] == '.' || t[from] == '-' || t[from] == '\'' || t[from] == '+' || t[from] == '%') {
		from++
	}
	if from == i || t[i-1] == '.' || s.touches(from) || from > 0 && (localByte(t[from-1]) && isAlnum(t[from-1]) || t[from-1] == '@') {
		return 0, 0, false
	}
	if t[from:i] == "git" {
		return 0, 0, false
	}
	to = i + 1
	for to < len(t) && to-i <= maxDomain && (isAlnum(t[to]) || t[to] == '-' || t[to] == '.') {
		to++
	}
	domain, _, _ := strings.Cut(t[i+1:to], "..")
	if domain == "" || domain[0] == '-' {
		return 0, 0, false
	}
	// A label that is no name of a top-level domain is not part of the address, but what comes after its full stop.
	for {
		dot := strings.LastIndexByte(domain, '.')
		if dot <= 0 {
			return 0, 0, false
		}
		label, _, hyphen := strings.Cut(domain[dot+1:], "-")
		if topLevel(label) {
			to = i + 1 + dot + 1 + len(label)
			return from, to, hyphen || to == len(t) || strings.IndexByte("(@", t[to]) < 0 && !alnumAt(t, to)
		}
		domain = domain[:dot]
	}
}

// topLevel holds for what may be the last label: letters, and no ending of a file.
func topLevel(label string) bool {
	if len(label) < 2 || len(label) > 24 || slices.Contains(fileEndings, strings.ToLower(label)) {
		return false
	}
	for i := range len(label) {
		if isDigit(label[i]) {
			return false
		}
	}
	return true
}

func localByte(c byte) bool {
	return isAlnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\''
}

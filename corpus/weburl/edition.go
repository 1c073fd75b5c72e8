package weburl

import (
	"slices"
	"strings"
)

// editionLabels are labels before the registrable domain that name an edition of a site for telephones.
var editionLabels = []string{"m", "mobile", "wap", "amp"}

// Desktop returns the address that the page most likely has for a desktop: without the labels m, mobile, wap and amp before
// the registrable domain, without a segment "amp" at either end of the path, and without the parameter amp. It says
// which addresses are no evidence for two articles, and is never published: what u points to may be elsewhere.
func Desktop(u URL) URL {
	domain := u.Domain()
	if domain == "" {
		return u
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	labels := strings.Split(strings.TrimSuffix(strings.TrimSuffix(host, domain), "."), ".")
	labels = slices.DeleteFunc(labels, func(l string) bool { return l == "" || slices.Contains(editionLabels, l) })
	host = strings.Join(append(labels, domain), ".")

	path := u.Path()
	isAMP := func(segment string) bool { return strings.EqualFold(segment, "amp") }
	if first, rest, more := strings.Cut(strings.TrimPrefix(path, "/"), "/"); more && isAMP(first) {
		path = "/" + rest
	}
	path = strings.TrimSuffix(path, "/")
	if i := strings.LastIndexByte(path, '/'); i > 0 && isAMP(path[i+1:]) {
		path = path[:i]
	}
	if path == "" {
		path = "/"
	}

	pieces := slices.DeleteFunc(strings.Split(u.Query(), "&"), func(p string) bool {
		return p == "" || strings.EqualFold(p, "amp") || strings.EqualFold(p, "amp=1")
	})
	text := u.text[:u.host] + host + u.text[u.hostEnd:u.path] + path
	if len(pieces) > 0 {
		text += "?" + strings.Join(pieces, "&")
	}
	desktop, err := Parse(text, "")
	if err != nil {
		return u
	}
	return desktop
}

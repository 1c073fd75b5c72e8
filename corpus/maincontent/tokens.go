package maincontent

import (
	"broadsheet/corpus/dom"
)

// attrTokens calls f for each token of the attributes that name an element's role: class, id, itemprop and the like,
// split at anything but letters and where a capital follows a small letter; in lower case, 2 to 20 letters.
func attrTokens(n *dom.Node, f func(tok []byte)) {
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "class", "id", "itemprop", "role", "property", "data-testid", "data-component", "data-component-name", "data-test-id", "data-module", "data-type", "aria-label", "aria-labelledby":
		default:
			continue
		}
		v := n.Attr[i].Val
		if len(v) > 400 {
			v = v[:400]
		}
		var tok [20]byte
		k := 0
		lower := false
		emit := func() {
			if k >= 2 && k <= len(tok) {
				f(tok[:k])
			}
			k = 0
		}
		for j := 0; j < len(v); j++ {
			c := v[j]
			switch {
			case 'a' <= c && c <= 'z':
				lower = true
			case 'A' <= c && c <= 'Z':
				if lower {
					emit()
				}
				lower = false
				c |= 0x20
			default:
				lower = false
				emit()
				continue
			}
			if k < len(tok) {
				tok[k] = c
			}
			k++
		}
		emit()
	}
}

// element is the evidence of an element's own tokens: the sum of their weights, each token once. It also tells whether
// they name a place for comments, and gathers those that tell what kind of page it is.
func (l *lexicon) element(n *dom.Node, kinds map[string]bool) (sum float32, talk bool) {
	if len(n.Attr) == 0 {
		return 0, false
	}
	var seen [16]string
	k := 0
	attrTokens(n, func(tok []byte) {
		if _, ok := l.kinds[string(tok)]; ok && !kinds[string(tok)] {
			kinds[string(tok)] = true
		}
		switch string(tok) {
		case "comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "commenter", "commentary":
			talk = true
		}
		w, ok := l.tokens[string(tok)]
		if !ok {
			return
		}
		for _, s := range seen[:k] {
			if s == string(tok) {
				return
			}
		}
		if k < len(seen) {
			seen[k] = string(tok)
			k++
		}
		sum += w
	})
	return max(-4, min(4, sum)), talk
}

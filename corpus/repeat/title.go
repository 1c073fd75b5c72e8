package repeat

import (
	"strings"
	"unicode/utf8"
)

// maxTails is how many tails of one title are looked at: section and site, as in "Headline_World_Site".
const maxTails = 3

// titleTails returns the ends of a title that may be the site's name, separators included, the shortest first.
func titleTails(title string) []string {
	var tails []string
	var w int32
	for end := len(title); end > 0 && len(tails) < maxTails && w <= longestSuffix; {
		r, n := utf8.DecodeLastRuneInString(title[:end])
		end -= n
		if f := fold(r); f != 0 && r != '_' {
			w += weight(f)
			continue
		}
		if w == 0 || !parts(title, end, r) {
			continue
		}
		start := end
		for start > 0 && strings.ContainsRune(" \t\u00a0\u3000-–—―|｜_:·•»«", lastRune(title[:start])) {
			start -= len(string(lastRune(title[:start])))
		}
		if start == 0 {
			break
		}
		tails = append(tails, title[start:])
		end = start
	}
	return tails
}

// parts tells whether the character at i separates parts of a title: a bar, an underscore, a long dash, a guillemet;
// a hyphen, a middle dot or a doubled colon only between spaces.
func parts(title string, i int, r rune) bool {
	switch r {
	case '|', '｜', '_', '—', '―', '»', '«':
		return true
	case '-', '–', '·', '•':
		before, after := lastRune(title[:i]), firstRune(title[i+utf8.RuneLen(r):])
		return isSpace(before) && isSpace(after)
	case ':':
		return strings.HasPrefix(title[i:], ": ") && strings.HasSuffix(title[:i], " :")
	}
	return false
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == 0xa0 || r == 0x3000 }

// CutTitle takes the site's name off a title where it stands behind a separator: any of names, compared by letters
// and digits.
func CutTitle(title string, names ...string) string {
	for _, tail := range titleTails(title) {
		key := textKey(tail)
		for _, name := range names {
			if key != 0 && textKey(name) == key {
				return strings.TrimSuffix(title, tail)
			}
		}
	}
	return title
}

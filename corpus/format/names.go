package format

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var inlineTag = regexp.MustCompile(`(?i)</?(?:a|b|i|u|em|strong|span|sup|sub|small|font|br|wbr|mark|cite|code)(?:\s[^<>]*)?/?>`)

// cleanTitle makes one line of a stated name or title: entities resolved, inline tags, controls and invisible
// characters gone, white space collapsed, NFC.
func cleanTitle(s string) string {
	if s == "" || isCleanLine(s) {
		return s
	}
	if strings.IndexByte(s, '<') >= 0 {
		s = inlineTag.ReplaceAllString(s, "")
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	s = strings.ReplaceAll(s, `\"`, `"`)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case isInvisible(r), unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// isCleanLine holds for lines that cleanTitle would give back as they are: printable ASCII and Han, the bulk of what it
// sees.
func isCleanLine(s string) bool {
	space := true // so that a leading space is not clean
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case r > ' ' && r < 0x7f && r != '&' && r != '<' && r != '\\':
		case r >= 0x3001 && r <= 0x30fa && r != 0x3099 && r != 0x309a, r >= 0x4e00 && r <= 0x9fff, r >= 0xff01 && r <= 0xff5e:
		default:
			return false
		}
		space = false
	}
	return !space
}

// isInvisible holds for characters that show nothing and mean nothing between letters of most scripts: soft hyphen,
// zero-width space, word joiner, byte order mark, directional marks. Joiners (U+200C, U+200D) mean something in Persian,
// in Indic scripts and in emoji, and stay.
func isInvisible(r rune) bool {
	switch r {
	case 0xad, 0x200b, 0x200e, 0x200f, 0x2060, 0xfeff, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069:
		return true
	}
	return false
}

// authorsOf reads a list of names or objects with a name, or one string of names.
func authorsOf(v any) []string {
	var names []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if len(v) == 1 {
				return authorsOf(e)
			}
			names = appendName(names, nameOf(e))
		}
		return names
	default:
		return splitAuthors(nameOf(v))
	}
}

func nameOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		v = m["name"]
	}
	return scalar(v)
}

func appendName(names []string, name string) []string {
	name = strings.Trim(cleanTitle(name), " ,;，；、")
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

var byLine = regexp.MustCompile(`^(?:By|BY|by)[: ]\s*`)

// splitAuthors parts a string that names several people. Semicolons and the Chinese comma always part. A comma parts
// unless it stands inside one name ("Last, First" or "Name, Jr."); "and", "&" and "/" part where whole names stand on
// both sides.
func splitAuthors(s string) []string {
	s = byLine.ReplaceAllString(cleanTitle(s), "")
	var names []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '；' || r == '、' }) {
		for _, name := range splitCommas(part) {
			for _, n := range splitWords(name) {
				names = appendName(names, n)
			}
		}
	}
	return names
}

// nameSuffixes follow a name after a comma and are part of it.
var nameSuffixes = map[string]bool{
	"jr": true, "sr": true, "ii": true, "iii": true, "iv": true, "phd": true, "md": true, "esq": true, "ma": true, "mba": true,
	"dr": true, "prof": true, "inc": true, "ltd": true, "llc": true, "co": true,
}

func splitCommas(s string) []string {
	var parts []string
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == '，' }) {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		key := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(p, ".", ""), " ", ""))
		if len(parts) > 0 && nameSuffixes[key] {
			parts[len(parts)-1] += ", " + p
			continue
		}
		parts = append(parts, p)
	}
	// "Last, First": a single word, then one or two, in a script that parts words.
	if len(parts) == 2 && isWord(parts[0]) && len(strings.Fields(parts[1])) <= 2 && startsCased(parts[1]) && !strings.Contains(parts[1], "&") {
		return []string{parts[0] + ", " + parts[1]}
	}
	return parts
}

// isWord holds for one capitalised word of a cased script.
func isWord(s string) bool { return !strings.ContainsRune(s, ' ') && startsCased(s) }

func startsCased(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r)
	}
	return false
}

// splitWords parts at " and ", " & " and "/" between whole names: two to four words on each side, or any without
// spaces in scripts that do not part words.
func splitWords(s string) []string {
	for _, sep := range []string{" and ", " & ", "&", "/"} {
		a, b, ok := strings.Cut(s, sep)
		if !ok || !isName(a, sep) || !isName(b, sep) {
			continue
		}
		return append(splitWords(a), splitWords(b)...)
	}
	return []string{s}
}

func isName(s, sep string) bool {
	s = strings.TrimSpace(s)
	words := len(strings.Fields(s))
	cased, han := false, 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Katakana, unicode.Hiragana):
			han++
		case unicode.IsUpper(r), unicode.IsLetter(r) && !unicode.IsLower(r):
			cased = true
		}
	}
	if han > 0 {
		return han >= 2
	}
	if sep == "/" {
		return cased && len(s) >= 2 && words <= 4
	}
	return cased && startsCased(s) && words >= 2 && (words <= 4 || strings.Contains(s, " and ") || strings.Contains(s, " & "))
}

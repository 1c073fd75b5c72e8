package dom

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kind is what the scanner found.
type kind uint8

const (
	atEnd kind = iota
	textToken
	startToken
	endToken
)

// scanner cuts a source into tokens. Strings it gives out are parts of the source wherever nothing had to be decoded.
type scanner struct {
	s        string
	pos      int
	maxAttrs int

	// The token at hand.
	text        string    // of a text: characters, decoded
	name        string    // of a tag, in lower case
	tag         atom.Atom // of a tag
	attrs       []Attr    // of a start tag
	selfClosing bool

	foreign bool // inside svg or math: CDATA sections are text, no element is raw
	arena   []Attr
	unended []string // names of raw elements that have no end tag from here on

	attrsCut, unclosed bool
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// next finds the next token.
func (z *scanner) next() kind {
	s := z.s
	for z.pos < len(s) {
		if s[z.pos] != '<' {
			return z.textUntil(z.markup(z.pos))
		}
		if z.pos+1 >= len(s) {
			return z.textUntil(len(s))
		}
		switch c := s[z.pos+1]; {
		case letter(c):
			return z.startTag()
		case c == '/':
			switch {
			case z.pos+2 >= len(s):
				return z.textUntil(len(s))
			case letter(s[z.pos+2]):
				if z.endTag() {
					return endToken
				}
			default:
				z.until(z.pos+2, ">")
			}
		case c == '!':
			switch rest := s[z.pos+2:]; {
			case strings.HasPrefix(rest, "--"):
				z.comment()
			case z.foreign && strings.HasPrefix(rest, "[CDATA["):
				from := z.pos + len("<![CDATA[")
				z.until(from, "]]>")
				text := strings.TrimSuffix(s[from:z.pos], "]]>")
				if text != "" {
					z.text = newlines(text)
					return textToken
				}
			default:
				z.until(z.pos+2, ">")
			}
		case c == '?':
			z.until(z.pos+2, ">")
		default:
			return z.textUntil(z.markup(z.pos))
		}
	}
	return atEnd
}

// markup finds the next place from which a tag or comment may begin, behind from.
func (z *scanner) markup(from int) int {
	for i := from + 1; ; i++ {
		n := strings.IndexByte(z.s[min(i, len(z.s)):], '<')
		if n < 0 || i+n+1 >= len(z.s) {
			return len(z.s)
		}
		i += n
		if c := z.s[i+1]; letter(c) || c == '/' || c == '!' || c == '?' {
			return i
		}
	}
}

func (z *scanner) textUntil(end int) kind {
	z.text = decode(z.s[z.pos:end])
	z.pos = end
	return textToken
}

// until moves behind the next occurrence of what, or to the end.
func (z *scanner) until(from int, what string) {
	if n := strings.Index(z.s[from:], what); n >= 0 {
		z.pos = from + n + len(what)
		return
	}
	z.pos = len(z.s)
}

func (z *scanner) comment() {
	from := z.pos + len("<!--")
	rest := z.s[from:]
	if strings.HasPrefix(rest, ">") {
		z.pos = from + 1
		return
	}
	if strings.HasPrefix(rest, "->") {
		z.pos = from + 2
		return
	}
	for i := from; ; {
		n := strings.Index(z.s[i:], "--")
		if n < 0 {
			z.pos = len(z.s)
			return
		}
		i += n + 2
		if strings.HasPrefix(z.s[i:], ">") {
			z.pos = i + 1
			return
		}
		if strings.HasPrefix(z.s[i:], "!>") {
			z.pos = i + 2
			return
		}
		i-- // "--->" ends too
	}
}

// tagName reads the name that begins at from and gives the place behind it.
func (z *scanner) tagName(from int) int {
	s := z.s
	i, upper := from, false
	for ; i < len(s); i++ {
		c := s[i]
		if space(c) || c == '/' || c == '>' {
			break
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	name := s[from:i]
	z.tag = 0
	if len(name) <= 24 {
		var buf [24]byte
		for j := range len(name) {
			c := name[j]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			buf[j] = c
		}
		z.tag = atom.Lookup(buf[:len(name)])
	}
	switch {
	case z.tag != 0:
		z.name = z.tag.String()
	case upper:
		z.name = lower(name)
	default:
		z.name = name
	}
	return i
}

// lower is ASCII lower case.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// endTag reads an end tag; it is none if the source ends inside it.
func (z *scanner) endTag() bool {
	i := z.tagName(z.pos + 2)
	return z.attributes(i, false)
}

func (z *scanner) startTag() kind {
	i := z.tagName(z.pos + 1)
	if !z.attributes(i, true) {
		return atEnd
	}
	return startToken
}

// attributes reads from behind a tag's name to behind its ">". It reports false, at the end, if there is none.
func (z *scanner) attributes(i int, keep bool) bool {
	s := z.s
	z.attrs, z.selfClosing = nil, false
	first := len(z.arena)
	if cap(z.arena)-first < 16 {
		z.arena = make([]Attr, 0, min(max(2*cap(z.arena), 256), 8192))
		first = 0
	}
	attrs := z.arena[first:first:cap(z.arena)]
	for {
		for i < len(s) && (space(s[i]) || s[i] == '/') {
			i++
		}
		if i >= len(s) {
			z.pos = len(s)
			return false
		}
		if s[i] == '>' {
			z.selfClosing = s[i-1] == '/'
			z.pos = i + 1
			break
		}
		from, upper := i, false
		for i++; i < len(s); i++ { // a "=" at the beginning belongs to the name
			c := s[i]
			if c == '=' || c == '>' || c == '/' || space(c) {
				break
			}
			upper = upper || 'A' <= c && c <= 'Z'
		}
		key := s[from:i]
		upper = upper || 'A' <= s[from] && s[from] <= 'Z'
		j := i
		for j < len(s) && space(s[j]) {
			j++
		}
		var val string
		if j < len(s) && s[j] == '=' {
			for j++; j < len(s) && space(s[j]); j++ {
			}
			if j >= len(s) {
				z.pos = len(s)
				return false
			}
			switch q := s[j]; q {
			case '"', '\'':
				n := strings.IndexByte(s[j+1:], q)
				if n < 0 {
					z.pos = len(s)
					return false
				}
				val = s[j+1 : j+1+n]
				i = j + 1 + n + 1
			default:
				from = j
				for j < len(s) && s[j] != '>' && !space(s[j]) {
					j++
				}
				val = s[from:j]
				i = j
				if i < len(s) && s[i] == '>' && i > from && s[i-1] == '/' {
					// The slash belongs to the value: no self-closing tag.
					z.selfClosing = false
					if keep {
						attrs = z.keepAttr(attrs, key, upper, val)
					}
					z.pos = i + 1
					z.finish(attrs, first, keep)
					return true
				}
			}
		}
		if keep {
			attrs = z.keepAttr(attrs, key, upper, val)
		}
	}
	z.finish(attrs, first, keep)
	return true
}

func (z *scanner) keepAttr(attrs []Attr, key string, upper bool, val string) []Attr {
	if len(attrs) >= z.maxAttrs {
		z.attrsCut = true
		return attrs
	}
	if upper {
		key = lower(key)
	}
	for i := range attrs {
		if attrs[i].Key == key {
			return attrs
		}
	}
	return append(attrs, Attr{key, decodeAttr(val)})
}

// finish claims the attributes' place in the arena, unless they outgrew it.
func (z *scanner) finish(attrs []Attr, first int, keep bool) {
	if !keep || len(attrs) == 0 {
		return
	}
	z.attrs = attrs[:len(attrs):len(attrs)]
	if first+len(attrs) <= cap(z.arena) {
		z.arena = z.arena[:first+len(attrs)]
	}
}

// raw reads the text of a raw element up to its end tag, which is not consumed. Without one, script and style reach to
// the end of the source, as in a browser; for others raw reports false, so that the rest of the document is not lost.
func (z *scanner) raw(name string, tag atom.Atom) (text string, ok bool) {
	for _, n := range z.unended {
		if n == name {
			return "", false
		}
	}
	if tag == atom.Script {
		end := z.scriptEnd()
		text, z.pos = z.s[z.pos:end], end
		return newlines(text), true
	}
	for i := z.pos; ; {
		n := strings.Index(z.s[i:], "</")
		if n < 0 {
			if tag == atom.Style {
				text, z.pos = z.s[z.pos:], len(z.s)
				return newlines(text), true
			}
			z.unended = append(z.unended, name)
			z.unclosed = true
			return "", false
		}
		i += n
		if z.named(i+2, name) {
			text, z.pos = z.s[z.pos:i], i
			break
		}
		i += 2
	}
	if tag == atom.Title || tag == atom.Textarea {
		return decode(text), true
	}
	return newlines(text), true
}

// named tells whether name and a delimiter stand at i, without regard to case.
func (z *scanner) named(i int, name string) bool {
	if len(z.s)-i <= len(name) {
		return false
	}
	for j := range len(name) {
		c := z.s[i+j]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != name[j] {
			return false
		}
	}
	c := z.s[i+len(name)]
	return space(c) || c == '/' || c == '>'
}

// scriptEnd finds the end of a script: "<!--" and "<script" hide one end tag, by the standard's script data escaped
// states.
func (z *scanner) scriptEnd() int {
	escaped, double := false, false
	for i := z.pos; i < len(z.s); {
		if !escaped {
			n := strings.IndexByte(z.s[i:], '<')
			if n < 0 {
				break
			}
			i += n
		}
		switch c := z.s[i]; {
		case c == '<' && strings.HasPrefix(z.s[i:], "<!--") && !escaped:
			escaped = true
			i += 2 // "<!-->" ends at once
			continue
		case c == '<' && i+1 < len(z.s) && z.s[i+1] == '/' && z.named(i+2, "script"):
			if !double {
				return i
			}
			double = false
		case c == '<' && escaped && z.named(i+1, "script"):
			double = true
		case c == '-' && escaped && strings.HasPrefix(z.s[i:], "-->"):
			escaped, double = false, false
		}
		i++
	}
	return len(z.s)
}

// newlines turns carriage returns into line feeds.
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func decode(s string) string {
	s = newlines(s)
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return html.UnescapeString(s)
}

// decodeAttr decodes an attribute's value: there, a name without a semicolon is no entity when a letter, a digit or "="
// follows it (section 13.2.5.73), so that "?a=1&copy=2" stays as it is.
func decodeAttr(s string) string {
	s = newlines(s)
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for amp >= 0 {
		b.WriteString(s[:amp])
		s = s[amp:]
		n := 1
		for n < len(s) && (letter(s[n]) || '0' <= s[n] && s[n] <= '9' || s[n] == '#' && n == 1) {
			n++
		}
		whole := s[:n]
		switch {
		case n < len(s) && s[n] == ';':
			n++
			b.WriteString(html.UnescapeString(s[:n]))
		case n > 1 && s[1] == '#':
			b.WriteString(html.UnescapeString(whole))
		case n < len(s) && s[n] == '=':
			b.WriteString(whole)
		default:
			// The name must be an entity as a whole: one that only begins with a name is followed by a letter.
			d := html.UnescapeString(whole)
			if last := d[len(d)-1]; len(d) > 1 && (letter(last) || '0' <= last && last <= '9') {
				d = whole
			}
			b.WriteString(d)
		}
		s = s[n:]
		amp = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

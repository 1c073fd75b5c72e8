package format

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markdown is turned into HTML and read as such, so that the two follow the same rules. What is understood is what
// articles use of CommonMark 0.31 and of GitHub's tables: headings, lists, quotations, code, rules, tables, links and
// their references, images, emphasis, line breaks, HTML. Unlike CommonMark, emphasis needs no punctuation around it,
// which Chinese and Japanese do not have.

func parseMarkdown(d *document) {
	text := d.decode()
	if isArchive(text) {
		d.takeArchive(text)
		return
	}
	d.takeBody(text)
}

// takeMarkdown reads Markdown into the article. Its first heading is the title where none is stated.
func (d *document) takeMarkdown(src []byte) {
	if !d.signs.stated {
		d.signs.template = templateSyntax(withoutCode(src))
	}
	m := markdown{refs: references(src), budget: 64*len(src) + 1<<20, wantTitle: d.article.Title == ""}
	m.read(src)
	if m.title != "" {
		d.takeTitle(m.title)
		d.note("title_from_text")
	}
	d.takeFragment(m.out.Bytes())
}

var (
	fence      = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")
	atx        = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	thematic   = regexp.MustCompile(`^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$`)
	setext     = regexp.MustCompile(`^ {0,3}(=+|-+)[ \t]*$`)
	marker     = regexp.MustCompile(`^( {0,3})([-+*]|[0-9]{1,9}[.)])([ \t]+|$)`)
	quoteMark  = regexp.MustCompile(`^ {0,3}>[ \t]?`)
	htmlBlock  = regexp.MustCompile(`(?i)^ {0,3}<(?:!--|/?(?:address|article|aside|audio|base|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|noscript|object|ol|optgroup|option|p|param|picture|pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul|video)(?:[\s/>]|$))`)
	rawBlock   = regexp.MustCompile(`(?i)^ {0,3}<(pre|script|style|textarea)(?:[\s>]|$)`)
	tableRule  = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	reference  = regexp.MustCompile(`^ {0,3}\[([^\]\^][^\]]{0,998})\]:[ \t]*<?([^\s>]+)>?(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^)]*\)))?[ \t]*$`)
	footnote   = regexp.MustCompile(`^ {0,3}\[\^[^\]\s]{1,99}\]:[ \t]*`)
	attributes = regexp.MustCompile(`\{:[^{}\n]*\}`) // of kramdown
	inlineHTML = regexp.MustCompile(`^(?:</?[A-Za-z][A-Za-z0-9-]*(?:[\s/][^<>]*)?>|<!--[\s\S]*?-->)`)
	autolink   = regexp.MustCompile(`^<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>`)
	entity     = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)
)

// withoutCode blanks fenced code: an article about templates shows some.
func withoutCode(src []byte) []byte {
	if !bytes.Contains(src, []byte("```")) && !bytes.Contains(src, []byte("~~~")) {
		return src
	}
	var out []byte
	open := ""
	for line := range bytes.Lines(src) {
		trimmed := bytes.TrimRight(line, "\n")
		switch m := fence.FindSubmatch(trimmed); {
		case open == "" && m != nil:
			open = string(m[1])
		case open != "" && m != nil && bytes.HasPrefix(m[1], []byte(open)) && len(m[2]) == 0:
			open = ""
		case open == "":
			out = append(out, line...)
		}
	}
	return out
}

// references collects what links by name lead to. The first definition of a name counts.
func references(src []byte) map[string]string {
	refs := map[string]string{}
	if !bytes.Contains(src, []byte("]:")) {
		return refs
	}
	for line := range bytes.Lines(src) {
		if m := reference.FindSubmatch(bytes.TrimRight(line, "\n")); m != nil {
			name := refName(string(m[1]))
			if _, twice := refs[name]; !twice {
				refs[name] = string(m[2])
			}
		}
	}
	return refs
}

func refName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// container is an open quotation or list item.
type container struct {
	quote  bool
	indent int  // columns in which an item's content begins
	mark   byte // of the item's list: a bullet, or what follows the number
	filled bool // the item has a paragraph
}

const (
	maxContainers = 40      // deeper nesting is read as text
	maxLines      = 1 << 16 // of a paragraph; the next one begins another
)

// markdown turns lines into HTML.
type markdown struct {
	out       bytes.Buffer
	budget    int // bytes that may still be looked at in vain
	refs      map[string]string
	wantTitle bool
	title     string
	begun     bool // something was put out

	open  []container
	para  []string // lines of the open paragraph
	table bool     // a table is open

	fence   string // the fence of the open code block
	fenceIn int    // its indentation
	raw     string // the end of the open HTML block: a closing tag, or "" for a blank line
	inRaw   bool
	code    bool // indented code is open
	blank   bool // the line before was blank
}

func (m *markdown) read(src []byte) {
	for line := range bytes.Lines(src) {
		m.line(strings.TrimRight(string(line), "\n"))
	}
	m.closeLeaf()
	m.closeTo(0)
}

func (m *markdown) line(line string) {
	rest, matched := m.match(line)
	isBlankLine := strings.TrimSpace(rest) == ""
	if matched == len(m.open) {
		switch { // verbatim leaves go on whatever the line is
		case m.fence != "":
			if f := fence.FindStringSubmatch(rest); f != nil && strings.HasPrefix(f[1], m.fence) && strings.TrimSpace(f[2]) == "" {
				m.fence = ""
				m.put("</code></pre>\n")
			} else {
				m.put(html.EscapeString(cutIndent(rest, m.fenceIn)) + "\n")
			}
			return
		case m.inRaw:
			if m.raw == "" && isBlankLine {
				m.inRaw = false
				m.put("\n")
				break
			}
			m.put(rest + "\n")
			if m.raw != "" && strings.Contains(strings.ToLower(rest), m.raw) {
				m.inRaw = false
			}
			return
		}
	}
	if isBlankLine {
		if matched < len(m.open) && m.fence != "" {
			m.closeLeaf()
			m.closeTo(matched)
		}
		if m.code {
			m.put("\n")
		} else {
			m.closeLeaf()
		}
		m.blank = true
		// A blank line ends a quotation; an item may go on below it.
		for i := matched; i < len(m.open); i++ {
			if m.open[i].quote {
				m.closeLeaf()
				m.closeTo(i)
			}
		}
		return
	}
	isLazy := matched < len(m.open) && len(m.para) > 0 && !startsBlock(rest)
	if isLazy && !m.open[matched].quote {
		at, mark := itemStart(rest)
		isLazy = at == 0 || mark != m.open[matched].mark
	}
	if !isLazy {
		if matched < len(m.open) {
			m.closeLeaf()
			m.closeTo(matched + 1)
			if at, mark := itemStart(rest); at > 0 && mark == m.open[matched].mark {
				m.put("</li>\n<li>")
				m.open[matched] = container{indent: at, mark: mark}
				rest = cutIndent(blankMarker(rest), at)
			} else {
				m.closeTo(matched)
			}
		}
		rest = m.descend(rest)
	}
	m.leaf(rest)
	m.blank = false
}

// match takes the prefixes of the open containers off a line and says how many it has.
func (m *markdown) match(line string) (rest string, matched int) {
	rest = line
	for _, c := range m.open {
		switch {
		case c.quote:
			at := quoteMark.FindString(rest)
			if at == "" {
				return rest, matched
			}
			rest = rest[len(at):]
		case strings.TrimSpace(rest) == "":
			rest = ""
		case indentOf(rest) >= c.indent:
			rest = cutIndent(rest, c.indent)
		default:
			return rest, matched
		}
		matched++
	}
	return rest, matched
}

// descend opens the containers that a line begins with.
func (m *markdown) descend(rest string) string {
	for len(m.open) < maxContainers && begins(rest, ">-+*0123456789") {
		if at := quoteMark.FindString(rest); at != "" {
			m.closeLeaf()
			m.put("<blockquote>\n")
			m.open = append(m.open, container{quote: true})
			rest = rest[len(at):]
			continue
		}
		at, mark := itemStart(rest)
		if at == 0 || len(m.para) > 0 && !interrupts(rest) {
			return rest
		}
		m.closeLeaf()
		if mark == '.' || mark == ')' {
			number, _, _ := strings.Cut(strings.TrimSpace(rest), string(mark))
			m.put(`<ol start="` + number + "\">\n<li>")
		} else {
			m.put("<ul>\n<li>")
		}
		m.open = append(m.open, container{indent: at, mark: mark})
		rest = cutIndent(blankMarker(rest), at)
	}
	return rest
}

// itemStart is where the content of a list item begins, in columns, and the mark of its list; 0 where line begins none.
func itemStart(line string) (at int, mark byte) {
	if !begins(line, "-+*0123456789") {
		return 0, 0
	}
	m := marker.FindStringSubmatch(line)
	if m == nil || thematic.MatchString(line) {
		return 0, 0
	}
	width := len(m[1]) + len(m[2])
	spaces := indentOf(strings.Repeat(" ", width)+m[3]) - width
	if strings.TrimSpace(line[width:]) == "" || spaces > 4 {
		spaces = 1
	}
	return width + spaces, m[2][len(m[2])-1]
}

// blankMarker puts spaces in the place of an item's mark.
func blankMarker(line string) string {
	width := strings.IndexAny(line, "-+*.)") + 1
	return strings.Repeat(" ", width) + line[width:]
}

// interrupts holds for items that may follow a line of text without a blank line between: a year at the beginning of a
// line is no list.
func interrupts(line string) bool {
	m := marker.FindStringSubmatch(line)
	return m != nil && m[3] != "" && (len(m[2]) == 1 || m[2] == "1." || m[2] == "1)")
}

// closeTo closes containers until n are open.
func (m *markdown) closeTo(n int) {
	for len(m.open) > n {
		c := m.open[len(m.open)-1]
		m.open = m.open[:len(m.open)-1]
		switch {
		case c.quote:
			m.put("</blockquote>\n")
		case c.mark == '.', c.mark == ')':
			m.put("</li>\n</ol>\n")
		default:
			m.put("</li>\n</ul>\n")
		}
	}
}

// begins holds where the first character of a line that is no space is one of set.
func begins(line, set string) bool {
	line = strings.TrimLeft(line, " \t")
	return line != "" && strings.IndexByte(set, line[0]) >= 0
}

// startsBlock holds for lines that end a paragraph rather than go on with it.
func startsBlock(line string) bool {
	return begins(line, ">-+*_0123456789#`~<") && (quoteMark.MatchString(line) || interrupts(line) || atx.MatchString(line) || thematic.MatchString(line) ||
		fence.MatchString(line) || htmlBlock.MatchString(line))
}

// leaf reads a line inside the innermost container.
func (m *markdown) leaf(line string) {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" {
		m.closeLeaf()
		return
	}
	if indentOf(line) >= 4 && len(m.para) == 0 && !m.table {
		if !m.code {
			m.code = true
			m.put("<pre><code>")
		}
		m.put(html.EscapeString(cutIndent(line, 4)) + "\n")
		return
	}
	if m.code || len(m.para) == maxLines {
		m.closeLeaf()
	}
	if !begins(line, "`~=-#*_<[|:") && !m.table {
		m.para = append(m.para, strings.TrimLeft(line, " \t"))
		return
	}
	if f := fence.FindStringSubmatch(line); f != nil {
		m.closeLeaf()
		m.fence, m.fenceIn = f[1], indentOf(line)
		m.put("<pre><code>")
		return
	}
	if h := setext.FindStringSubmatch(line); h != nil && len(m.para) > 0 && !m.table {
		level := "1"
		if h[1][0] == '-' {
			level = "2"
		}
		text := strings.Join(m.para, "\n")
		m.para = nil
		m.heading(level, text)
		return
	}
	if h := atx.FindStringSubmatch(line); h != nil {
		m.closeLeaf()
		m.heading(string(rune('0'+len(h[1]))), h[2])
		return
	}
	if thematic.MatchString(line) {
		m.closeLeaf()
		m.put("<hr>\n")
		return
	}
	if r := rawBlock.FindStringSubmatch(line); r != nil {
		m.closeLeaf()
		m.raw = "</" + strings.ToLower(r[1])
		m.inRaw = !strings.Contains(strings.ToLower(line), m.raw)
		m.put(line + "\n")
		return
	}
	if htmlBlock.MatchString(line) {
		m.closeLeaf()
		m.raw, m.inRaw = "", true
		if strings.HasPrefix(trimmed, "<!--") {
			m.raw = "-->"
			m.inRaw = !strings.Contains(line, "-->")
		}
		m.put(line + "\n")
		return
	}
	if reference.MatchString(line) && len(m.para) == 0 {
		return
	}
	if at := footnote.FindString(line); at != "" {
		m.closeLeaf()
		line = line[len(at):]
	}
	if m.table {
		if strings.Contains(line, "|") {
			m.row(line)
			return
		}
		m.closeLeaf()
	}
	if len(m.para) == 1 && tableRule.MatchString(line) && strings.Contains(line, "|") && strings.Contains(m.para[0], "|") {
		head := m.para[0]
		m.para = nil
		m.put("<table>\n")
		m.table = true
		m.row(head)
		return
	}
	m.para = append(m.para, strings.TrimLeft(line, " \t")) // its end matters: two spaces or a backslash break it
}

func (m *markdown) heading(level, text string) {
	text = attributes.ReplaceAllString(text, "")
	if m.wantTitle && !m.begun && level == "1" && len(m.open) == 0 {
		if t := cleanTitle(m.inline(text)); t != "" {
			m.title, m.wantTitle = t, false
			return
		}
	}
	m.put("<h" + level + ">" + m.inline(text) + "</h" + level + ">\n")
}

func (m *markdown) row(line string) {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(line, "|")
	if strings.HasSuffix(line, "|") && !strings.HasSuffix(line, `\|`) {
		line = line[:len(line)-1]
	}
	m.put("<tr>")
	for cell := range strings.SplitSeq(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		m.put("<td>" + m.inline(strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|"))) + "</td>")
	}
	m.put("</tr>\n")
}

// closeLeaf ends the open paragraph, table or code.
func (m *markdown) closeLeaf() {
	switch {
	case len(m.para) > 0:
		lines := m.para
		m.para = nil
		text := attributes.ReplaceAllString(strings.Join(lines, "\n"), "")
		if strings.TrimSpace(text) == "" {
			break
		}
		if n := len(m.open); n > 0 && !m.open[n-1].quote && !m.open[n-1].filled {
			m.open[n-1].filled = true
			m.put(m.inline(text) + "\n")
			break
		}
		m.put("<p>" + m.inline(text) + "</p>\n")
	case m.table:
		m.put("</table>\n")
	case m.code, m.fence != "":
		m.put("</code></pre>\n")
	}
	m.table, m.code, m.fence, m.inRaw = false, false, "", false
}

func (m *markdown) put(s string) {
	m.begun = true
	m.out.WriteString(s)
}

// indentOf is the width of the white space a line begins with, tabs going to the next multiple of four.
func indentOf(line string) int {
	n := 0
	for _, c := range line {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4 - n%4
		default:
			return n
		}
	}
	return n
}

// cutIndent takes up to n columns of white space off.
func cutIndent(line string, n int) string {
	col := 0
	for i := 0; i < len(line); i++ {
		if col >= n {
			return strings.Repeat(" ", col-n) + line[i:]
		}
		switch line[i] {
		case ' ':
			col++
		case '\t':
			col += 4 - col%4
		default:
			return line[i:]
		}
	}
	return ""
}

// maxInline is how much of a paragraph is looked at as one, in bytes: what is held of marks grows with it. A longer one is
// cut at the end of a line or at a space, and what would begin before a cut and end after it is text.
const maxInline = 1 << 20

// inline turns the text of a paragraph into HTML.
func (m *markdown) inline(s string) string {
	if len(s) <= maxInline {
		return m.marked(s)
	}
	var b strings.Builder
	for len(s) > maxInline {
		n := maxInline
		if i := strings.LastIndexByte(s[:n], '\n'); i > 0 {
			n = i
		} else if i := strings.LastIndexByte(s[:n], ' '); i > 0 {
			n = i
		} else {
			for n > 1 && !utf8.RuneStart(s[n]) {
				n--
			}
		}
		b.WriteString(m.marked(s[:n]))
		s = s[n:]
	}
	b.WriteString(m.marked(s))
	return b.String()
}

// marked turns a piece of a paragraph into HTML.
func (m *markdown) marked(s string) string {
	if !strings.ContainsAny(s, "\\`*_~[]!<>&\"\n") {
		return s
	}
	marks := m.emphasis(s)
	brackets := m.brackets(s)
	var b strings.Builder
	b.Grow(len(s) + 16)
	var ends []linkEnd // of the open links, innermost last
	for i := 0; i < len(s); {
		if n := len(ends); n > 0 && i == ends[n-1].at {
			b.WriteString("</a>")
			i = ends[n-1].after
			ends = ends[:n-1]
			continue
		}
		c := s[i]
		if drop := marks[i]; drop > 0 {
			i += drop
			continue
		}
		switch c {
		case '\\':
			switch {
			case i+1 == len(s):
				b.WriteByte('\\')
			case s[i+1] == '\n':
				b.WriteString("<br>")
			case isASCIIPunct(s[i+1]):
				b.WriteString(html.EscapeString(s[i+1 : i+2]))
			default:
				b.WriteByte('\\')
				i--
			}
			i += 2
		case '`':
			run := runOf(s[i:])
			end := m.closingRun(s, i+run, run)
			if end < 0 {
				b.WriteString(s[i : i+run])
				i += run
				continue
			}
			b.WriteString("<code>" + html.EscapeString(strings.TrimSpace(strings.ReplaceAll(s[i+run:end], "\n", " "))) + "</code>")
			i = end + run
		case '!':
			if i+1 < len(s) && s[i+1] == '[' {
				if l, ok := m.link(s, i+1, brackets); ok {
					b.WriteString(`<img src="` + html.EscapeString(l.href) + `" alt="` + html.EscapeString(s[i+2:l.at]) + `">`)
					i = l.after
					continue
				}
			}
			b.WriteByte('!')
			i++
		case '[':
			if l, ok := m.link(s, i, brackets); ok && len(ends) < 4 {
				if l.note {
					i = l.after
					continue
				}
				b.WriteString(`<a href="` + html.EscapeString(l.href) + `">`)
				ends = append(ends, l)
				i++
				continue
			}
			b.WriteByte('[')
			i++
		case '<':
			if tag := m.tag(s[i:]); tag != "" {
				if a := autolink.FindStringSubmatch(tag); a != nil {
					u := html.EscapeString(a[1])
					tag = `<a href="` + u + `">` + u + `</a>`
					i += len(a[0])
				} else {
					i += len(tag)
				}
				b.WriteString(tag)
			} else {
				b.WriteString("&lt;")
				i++
			}
		case '>':
			b.WriteString("&gt;")
			i++
		case '&':
			if e := entity.FindString(s[i:]); e != "" {
				b.WriteString(e)
				i += len(e)
			} else {
				b.WriteString("&amp;")
				i++
			}
		case '\n':
			if strings.HasSuffix(s[:i], "  ") {
				b.WriteString("<br>")
			}
			b.WriteByte('\n')
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	for range ends {
		b.WriteString("</a>")
	}
	return b.String()
}

// linkEnd is a link whose text has begun.
type linkEnd struct {
	href  string
	at    int  // of the bracket that ends its text
	after int  // where the text goes on
	note  bool // a mark that refers to a footnote
}

// window is how far a link, an address or a tag may reach, in bytes.
const window = 4 << 10

// spend takes bytes that were looked at in vain off the budget. Text made of marks that begin something and never end it
// would otherwise cost the square of its length; when the budget is gone, marks are text.
func (m *markdown) spend(n int) { m.budget -= n }

// brackets pairs the square brackets of a text: at which byte the one that begins at a byte ends.
func (m *markdown) brackets(s string) map[int]int {
	if strings.IndexByte(s, '[') < 0 {
		return nil
	}
	pairs := map[int]int{}
	var open []int
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			open = append(open, i)
		case ']':
			if n := len(open); n > 0 {
				pairs[open[n-1]] = i
				open = open[:n-1]
			}
		}
	}
	return pairs
}

// link reads the link whose text begins with the bracket at i.
func (m *markdown) link(s string, i int, brackets map[int]int) (linkEnd, bool) {
	end, ok := brackets[i]
	if !ok || end-i > window {
		return linkEnd{}, false
	}
	text, after := s[i+1:end], s[end+1:]
	if strings.HasPrefix(text, "^") && !strings.ContainsAny(text, " \n") {
		return linkEnd{at: end, after: end + 1, note: true}, true
	}
	if strings.HasPrefix(after, "(") {
		if href, n, ok := m.destination(after); ok {
			return linkEnd{href: href, at: end, after: end + 1 + n}, true
		}
	}
	if len(m.refs) == 0 {
		return linkEnd{}, false
	}
	name, n := text, 0
	if j, ok := brackets[end+1]; ok && j-end < window {
		n = j - end
		if n > 2 {
			name = s[end+2 : j]
		}
	}
	if href, ok := m.refs[refName(name)]; ok {
		return linkEnd{href: href, at: end, after: end + 1 + n}, true
	}
	return linkEnd{}, false
}

// destination reads "(url "title")"; n is its length.
func (m *markdown) destination(s string) (href string, n int, ok bool) {
	if m.budget < 0 {
		return "", 0, false
	}
	s = s[:min(len(s), window)]
	depth, quote := 0, byte(0)
	for j := 0; j < len(s); j++ {
		switch c := s[j]; {
		case c == '\\':
			j++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && (s[j-1] == ' ' || s[j-1] == '\n'):
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth > 0 {
				continue
			}
			inner := strings.TrimSpace(s[1:j])
			if k := strings.IndexAny(inner, " \n"); k >= 0 && !strings.HasPrefix(inner, "<") {
				if rest := strings.TrimSpace(inner[k:]); rest != "" && strings.IndexByte(`"'(=`, rest[0]) < 0 {
					m.spend(j)
					return "", 0, false
				}
				inner = inner[:k]
			}
			return strings.Trim(inner, "<>"), j + 1, true
		}
	}
	m.spend(len(s))
	return "", 0, false
}

// tag is the HTML tag, comment or bare address in angle brackets that s begins with, or nothing.
func (m *markdown) tag(s string) string {
	if m.budget < 0 || len(s) < 3 || !(s[1]|0x20 >= 'a' && s[1]|0x20 <= 'z' || s[1] == '/' || s[1] == '!') {
		return ""
	}
	s = s[:min(len(s), window)]
	for _, form := range []*regexp.Regexp{autolink, inlineHTML} {
		if t := form.FindString(s); t != "" {
			return t
		}
	}
	m.spend(len(s))
	return ""
}

func runOf(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// closingRun finds the run of exactly n backticks that ends a code span, or gives -1.
func (m *markdown) closingRun(s string, from, n int) int {
	if m.budget < 0 {
		return -1
	}
	for i := from; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		run := runOf(s[i:])
		if run == n {
			return i
		}
		i += run
	}
	m.spend(len(s) - from)
	return -1
}

func isASCIIPunct(c byte) bool {
	return c > ' ' && c < 0x7f && !(c|0x20 >= 'a' && c|0x20 <= 'z') && !(c >= '0' && c <= '9')
}

// emphasis finds the marks of emphasis that have a partner: at which byte how many of them begin. Marks inside code,
// tags and addresses are none.
func (m *markdown) emphasis(s string) map[int]int {
	if !strings.ContainsAny(s, "*_~") {
		return nil
	}
	type run struct{ at, n int }
	var open [3][]run // of '*', '_' and '~'
	marks := map[int]int{}
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case '\\':
			i += 2
		case '`':
			n := runOf(s[i:])
			if end := m.closingRun(s, i+n, n); end >= 0 {
				i = end
			}
			i += n
		case '<':
			i += max(1, len(m.tag(s[i:])))
		case ']':
			i++
			if i < len(s) && s[i] == '(' {
				if _, n, ok := m.destination(s[i:]); ok {
					i += n
				}
			}
		case '*', '_', '~':
			n := runOf(s[i:])
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+n:])
			canOpen := i+n < len(s) && !unicode.IsSpace(after)
			canClose := i > 0 && !unicode.IsSpace(before)
			switch {
			case c == '_' && canOpen && canClose && isWordRune(before) && isWordRune(after), c == '~' && n != 2:
				canOpen, canClose = false, false // snake_case, about ~5
			}
			which := strings.IndexByte("*_~", c)
			left := n
			for canClose && left > 0 && len(open[which]) > 0 {
				o := &open[which][len(open[which])-1]
				used := min(left, o.n)
				o.n -= used
				marks[o.at+o.n] = used
				marks[i+n-left] = used
				left -= used
				for other := range open { // emphasis does not overlap
					for k := len(open[other]); other != which && k > 0 && open[other][k-1].at > o.at; k-- {
						open[other] = open[other][:k-1]
					}
				}
				if o.n == 0 {
					open[which] = open[which][:len(open[which])-1]
				}
			}
			if left > 0 && canOpen {
				open[which] = append(open[which], run{i + n - left, left})
			}
			i += n
		default:
			i++
		}
	}
	return marks
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

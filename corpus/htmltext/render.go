// Package htmltext turns HTML into the blocks of a document's text: every paragraph, heading, list item, quotation, caption
// and table row in order, and nothing of what a page does besides.
//
// Render walks a tree and keeps what its caller does not skip. Fragment is for the HTML of a feed, which is an article
// and what clings to it; see the rules in fragment.go. No walk recurses.
package htmltext

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

// Span is a block with what the tree says about it.
type Span struct {
	prose.Block
	Node    dom.ID   // the element that holds it
	Links   int      // code points of its text that are in links
	Anchors []dom.ID // its links
}

// Render gives the text below root in blocks. Subtrees for which skip holds are left out; skip may be nil.
func Render(t *dom.Tree, root dom.ID, skip func(dom.ID) bool) []Span {
	r := renderer{t: t, root: root, skip: skip}
	r.walk()
	return r.out
}

// Blocks takes the blocks of spans.
func Blocks(spans []Span) []prose.Block {
	out := make([]prose.Block, len(spans))
	for i := range spans {
		out[i] = spans[i].Block
	}
	return out
}

type renderer struct {
	t    *dom.Tree
	root dom.ID
	skip func(dom.ID) bool
	out  []Span

	buf     []byte
	space   spacing
	breaks  int // line breaks since the last text
	node    dom.ID
	links   int
	anchors []dom.ID
	unsure  bool // the block in hand may not be in NFC

	linkDepth int
	quote     int
	heading   int
	caption   int
	lists     []list
	marker    string // of a list item whose first block has not come
	indent    int    // of the item in hand, in spaces; -1 outside
	row       int    // open rows of data tables
	rowOf     dom.ID // the table whose row was written last
	cells     int
}

type list struct {
	ordered bool
	n       int
}

type spacing uint8

const (
	noSpace spacing = iota
	typed           // a space as typed
	broken          // white space that holds a line break of the source
)

func (r *renderer) walk() {
	t := r.t
	// An explicit stack of open elements, for what happens at their end.
	var open []dom.ID
	id := r.root
	for id != dom.None {
		n := &t.Nodes[id]
		down := true
		switch {
		case n.Name == "" && n.Parent != dom.None:
			r.text(n.Text)
			down = false
		case id != r.root && (Hidden(n) || r.skip != nil && r.skip(id)):
			down = false
			if isBlock(n.Tag) {
				r.flush()
			}
		case n.Tag == atom.Pre:
			r.code(id)
			down = false
		case n.Tag == atom.Plaintext: // what the tree had no room for: a blank line is the end of a block
			r.flush()
			for part := range strings.SplitSeq(t.TextContent(id), "\n\n") {
				r.text(part)
				r.flush()
			}
			down = false
		default:
			r.enter(id, n)
			if n.First == dom.None {
				r.leave(id, n)
				down = false
			}
		}
		if down {
			open = append(open, id)
			id = n.First
			continue
		}
		for id != r.root && t.Nodes[id].Next == dom.None {
			id = open[len(open)-1]
			open = open[:len(open)-1]
			r.leave(id, &t.Nodes[id])
		}
		if id == r.root {
			break
		}
		id = t.Nodes[id].Next
	}
	r.flush()
}

func (r *renderer) enter(id dom.ID, n *dom.Node) {
	switch n.Tag {
	case atom.Br:
		r.breaks++
		if r.row > 0 {
			r.space = max(r.space, typed)
		}
		return
	case atom.Hr:
		r.flush()
		return
	case atom.A:
		r.linkDepth++
		r.anchors = append(r.anchors, id)
		return
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.flush()
		l := list{ordered: n.Tag == atom.Ol, n: 1}
		if start, err := strconv.Atoi(r.t.Attr(id, "start")); err == nil && l.ordered && start >= 0 && start < 1e6 {
			l.n = start
		}
		r.lists = append(r.lists, l)
		return
	case atom.Li:
		r.flush()
		depth := max(len(r.lists), 1)
		r.indent = 2 * (min(depth, 12) - 1)
		r.marker = "- "
		if len(r.lists) > 0 {
			if l := &r.lists[len(r.lists)-1]; l.ordered {
				r.marker = strconv.Itoa(l.n) + ". "
				l.n++
			}
		}
		return
	case atom.Blockquote:
		r.flush()
		r.quote++
		return
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.flush()
		r.heading++
		return
	case atom.Figcaption, atom.Caption:
		r.flush()
		r.caption++
		return
	case atom.Tr:
		r.flush()
		if dataTable(r.t, tableOf(r.t, id)) {
			r.row++
			r.cells = 0
		}
		return
	case atom.Td, atom.Th:
		if r.row == 0 {
			r.flush()
		} else if r.cells++; r.cells > 1 {
			r.space, r.breaks = noSpace, 0
			r.buf = append(r.buf, " | "...)
		}
		return
	}
	if isBlock(n.Tag) {
		r.block()
	}
}

// block is a boundary between blocks; in the cell of a table it is a space.
func (r *renderer) block() {
	if r.row > 0 {
		r.space = max(r.space, typed)
		return
	}
	r.flush()
}

func (r *renderer) leave(id dom.ID, n *dom.Node) {
	switch n.Tag {
	case atom.A:
		r.linkDepth--
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.flush()
		if len(r.lists) > 0 {
			r.lists = r.lists[:len(r.lists)-1]
		}
		r.marker = ""
		r.indent = 2 * (len(r.lists) - 1)
	case atom.Li:
		r.flush()
		r.marker = ""
	case atom.Blockquote:
		r.flush()
		r.quote--
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.flush()
		r.heading--
	case atom.Figcaption, atom.Caption:
		r.flush()
		r.caption--
	case atom.Tr:
		if r.row > 0 {
			text := strings.Trim(string(r.buf), " |\n")
			if text != "" {
				table := tableOf(r.t, id)
				r.buf = append(r.buf[:0], strings.TrimRight(strings.ReplaceAll(string(r.buf), "\n", " "), " ")...)
				r.node = id
				r.emit(prose.Row, table == r.rowOf)
				r.rowOf = table
			}
			r.reset()
			r.row--
		} else {
			r.flush()
		}
	default:
		if isBlock(n.Tag) {
			r.block()
		}
	}
}

// text adds characters to the block in hand: white space collapses, and what holds a line break of the source vanishes
// between two characters of a script without spaces (CSS Text 3, section 4.1.3, segment break transformation).
func (r *renderer) text(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '\n' || c == '\r':
				r.space = broken
				continue
			case c == ' ' || c == '\t' || c == '\f':
				if r.space == noSpace {
					r.space = typed
				}
				continue
			case c < 0x20 || c == 0x7f:
				continue
			}
			r.put(rune(c))
			// The rest of a run of plain characters, with single spaces between them, needs no look.
			start, spaces := i, 0
			for i < len(s) {
				if s[i] > 0x20 && s[i] < 0x7f {
					i++
				} else if s[i] == ' ' && i+1 < len(s) && s[i+1] > 0x20 && s[i+1] < 0x7f {
					spaces++
					i += 2
				} else {
					break
				}
			}
			r.buf = append(r.buf, s[start:i]...)
			if r.linkDepth > 0 {
				r.links += i - start - spaces
			}
			continue
		}
		if end := wideRun(s, i); end > i {
			v, _ := utf8.DecodeRuneInString(s[i:])
			r.put(v)
			start := i + 3
			i = end
			r.buf = append(r.buf, s[start:i]...)
			if r.linkDepth > 0 {
				r.links += (i - start) / 3
			}
			continue
		}
		v, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case v == utf8.RuneError && n == 1:
			r.put(utf8.RuneError)
		case v == 0xa0, v == 0x1680, v >= 0x2000 && v <= 0x200a, v == 0x202f, v == 0x205f, v == 0x2028, v == 0x2029:
			if r.space == noSpace {
				r.space = typed
			}
		case v == 0x3000:
			if len(r.buf) > 0 && r.space == noSpace {
				r.space = typed
			}
		case v < 0xa0, v == 0xad, v == 0x200b, v == 0xfeff, v == 0x2060, v == 0x180e, v >= 0xfff9 && v <= 0xfffb:
		default:
			r.put(v)
		}
	}
}

// wideRun gives the end of the run of ideographs and of marks between them that begins at s[i]: of characters of three bytes
// that are stable and no space (U+2010 to U+2026, U+3001 to U+3029, U+FF01 to U+FF3F).
func wideRun(s string, i int) int {
	for {
		i = prose.HanRun(s, i)
		if i+2 >= len(s) || s[i+2]>>6 != 2 {
			return i
		}
		switch c, d := s[i+1], s[i+2]; s[i] {
		case 0xe2:
			if c != 0x80 || d < 0x90 || d > 0xa6 {
				return i
			}
		case 0xe3:
			if c != 0x80 || d < 0x81 || d > 0xa9 {
				return i
			}
		case 0xef:
			if c != 0xbc || d < 0x81 {
				return i
			}
		default:
			return i
		}
		i += 3
	}
}

func (r *renderer) put(v rune) {
	switch {
	case r.breaks >= 2 && r.row == 0:
		r.flush()
	case r.breaks == 1 && len(r.buf) > 0 && r.row == 0:
		r.buf = append(r.buf, '\n')
	case r.space != noSpace && len(r.buf) > 0:
		last, _ := utf8.DecodeLastRune(r.buf)
		if last != '\n' && last != ' ' && !(r.space == broken && wide(last) && wide(v)) {
			r.buf = append(r.buf, ' ')
		}
	}
	r.space, r.breaks = noSpace, 0
	r.buf = utf8.AppendRune(r.buf, v)
	r.unsure = r.unsure || v > 0x2ff && !stable(v)
	if r.linkDepth > 0 {
		r.links++
	}
}

// wide holds for ideographs, kana and their punctuation.
func wide(v rune) bool {
	return v >= 0x2e80 && v <= 0x9fff || v >= 0xf900 && v <= 0xfaff || v >= 0xfe30 && v <= 0xfe4f || v >= 0xff00 && v <= 0xffef ||
		v >= 0x20000 && v <= 0x3fffd || v == 0x2018 || v == 0x2019 || v == 0x201c || v == 0x201d || v == 0x2026 || v == 0x2014
}

func (r *renderer) flush() {
	if r.row > 0 {
		return
	}
	if len(bytes.TrimSpace(r.buf)) == 0 {
		r.reset()
		return
	}
	kind := prose.Paragraph
	switch {
	case r.heading > 0:
		kind = prose.Heading
	case r.caption > 0:
		kind = prose.Caption
	case len(r.lists) > 0 || r.marker != "":
		kind = prose.Item
	case r.quote > 0:
		kind = prose.Quote
	}
	tight := false
	if kind == prose.Item {
		prefix := strings.Repeat(" ", max(r.indent, 0)) + r.marker
		if r.marker == "" {
			prefix = strings.Repeat(" ", max(r.indent, 0)+2)
		}
		r.marker = ""
		r.buf = append([]byte(prefix), r.buf...)
		tight = len(r.out) > 0 && r.out[len(r.out)-1].Kind == prose.Item
	}
	r.emit(kind, tight)
	r.reset()
}

func (r *renderer) emit(kind prose.Kind, tight bool) {
	trimmed := r.buf
	if kind != prose.Item {
		trimmed = bytes.TrimSpace(trimmed)
	}
	text := string(bytes.TrimRight(trimmed, " \n"))
	if r.unsure {
		text = norm.NFC.String(text)
	}
	r.out = append(r.out, Span{Block: prose.Block{Kind: kind, Tight: tight, Text: text}, Node: r.node, Links: r.links, Anchors: r.anchors})
	r.anchors = nil
}

func (r *renderer) reset() {
	r.buf, r.space, r.breaks, r.links, r.unsure = r.buf[:0], noSpace, 0, 0, false
}

// stable holds for ideographs, kana, general and CJK punctuation and wide forms: they have neither a canonical
// decomposition that NFC keeps apart nor a combining class (UnicodeData.txt).
func stable(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3001 && r <= 0x3029 || r >= 0x2010 && r <= 0x205e || r >= 0x3041 && r <= 0x3096 ||
		r >= 0x30a1 && r <= 0x30fe || r >= 0xff01 && r <= 0xff9d || r >= 0x3400 && r <= 0x4dbf
}

// code takes preformatted text as it stands, without what is hidden in it: the copy button, line numbers for the eye.
func (r *renderer) code(id dom.ID) {
	r.flush()
	var b strings.Builder
	for n := r.t.Descend(id, id); n != dom.None; {
		node := &r.t.Nodes[n]
		if node.Name != "" && (Hidden(node) || r.skip != nil && r.skip(n)) {
			n = r.t.Skip(n, id)
			continue
		}
		switch {
		case node.Name == "":
			b.WriteString(node.Text)
		case node.Tag == atom.Br:
			b.WriteByte('\n')
		case (node.Tag == atom.Div || node.Tag == atom.P || node.Tag == atom.Li) && b.Len() > 0:
			b.WriteByte('\n')
		}
		n = r.t.Descend(n, id)
	}
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(b.String(), "\r\n", "\n"), "\n") {
		line = strings.Map(func(v rune) rune {
			if v < 0x20 && v != '\t' || v >= 0x7f && v < 0xa0 || v == 0xfeff || v == 0x200b {
				return -1
			}
			return v
		}, strings.ReplaceAll(line, "\u00a0", " "))
		lines = append(lines, strings.TrimRightFunc(line, unicode.IsSpace))
	}
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	r.out = append(r.out, Span{Block: prose.Block{Kind: prose.Code, Text: norm.NFC.String(strings.ToValidUTF8(text, "\ufffd"))}, Node: id})
}

// tableOf is the table of a row.
func tableOf(t *dom.Tree, id dom.ID) dom.ID {
	for n := t.Nodes[id].Parent; n != dom.None; n = t.Nodes[n].Parent {
		if t.Nodes[n].Tag == atom.Table {
			return n
		}
	}
	return dom.None
}

// dataTable tells a table of data from one that only lays out a page: at least one row of two cells, and no headings,
// lists, several paragraphs or tables in the cells. Each table is looked at for each of its rows, but no further than
// its first 400 nodes.
func dataTable(t *dom.Tree, table dom.ID) bool {
	if table == dom.None {
		return false
	}
	multi := false
	looked := 0
	paragraphs := 0
	for n := t.Descend(table, table); n != dom.None && looked < 400; n = t.Descend(n, table) {
		looked++
		switch t.Nodes[n].Tag {
		case atom.Td, atom.Th:
			paragraphs = 0
			if next := nextElement(t, n); next != dom.None {
				multi = true
			}
		case atom.P:
			if paragraphs++; paragraphs > 1 {
				return false
			}
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.Ul, atom.Ol, atom.Blockquote, atom.Article, atom.Section, atom.Form:
			return false
		}
	}
	return multi
}

func nextElement(t *dom.Tree, id dom.ID) dom.ID {
	for n := t.Nodes[id].Next; n != dom.None; n = t.Nodes[n].Next {
		if t.Nodes[n].Name != "" {
			return n
		}
	}
	return dom.None
}

// Hidden holds for elements that show a reader no text: scripts, styles, controls, players and their fall-backs, what is
// hidden by an attribute, a style or a well-known class.
func Hidden(n *dom.Node) bool {
	switch n.Tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Canvas,
		atom.Audio, atom.Video, atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Option, atom.Datalist, atom.Head,
		atom.Rt, atom.Rp, atom.Dialog, atom.Map, atom.Progress, atom.Meter, atom.Noframes, atom.Applet, atom.Title, atom.Link, atom.Meta:
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if strings.Contains(a.Val, "none") || strings.Contains(a.Val, "hidden") {
				s := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
				if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
					return true
				}
			}
		case "class":
			for c := range strings.FieldsSeq(a.Val) {
				switch c {
				case "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible", "element-hidden", "hidden", "d-none", "u-hidden", "is-hidden", "assistive-text", "print-only":
					return true
				}
			}
		}
	}
	return false
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Nav, atom.Address,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote,
		atom.Pre, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Figure, atom.Figcaption,
		atom.Hr, atom.Fieldset, atom.Details, atom.Summary, atom.Center, atom.Form, atom.Body, atom.Html, atom.Menu, atom.Dir,
		atom.Hgroup, atom.Legend, atom.Plaintext, atom.Img, atom.Picture:
		return a != atom.Img && a != atom.Picture
	}
	return false
}

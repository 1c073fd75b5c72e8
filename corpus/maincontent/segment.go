package maincontent

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
)

// flags are facts about a node that hold for everything below it.
type flags uint32

const (
	inArticle flags = 1 << iota
	inMain
	inNav
	inAside
	inFooter
	inHeader
	inForm
	inTable
	inList
	inFigure
	inQuote
	inPre
	inLink
	inHeading
	inBody // schema.org articleBody, text or similar
	inHidden
	inSection
	inComment // schema.org Comment, Answer and the like
	inDetails
	inDialog
	inNoscript
)

// block is a run of inline text between two block boundaries, the unit that is kept or left out.
type block struct {
	node      dom.ID // the element that holds the run
	first     int32  // place of its first text in page.texts
	last      int32  // one behind its last
	text      string // white space folded, line breaks kept
	chars     int32  // code points of text
	linkChars int32  // those in links
	links     int32
	words     int32
	codeChars int32
	emphChars int32
}

// page is a tree with what one walk finds out about it. Per-node slices are indexed by dom.ID.
type page struct {
	t      *dom.Tree
	texts  []dom.ID // texts that are part of a block, in reading order
	blocks []block
	order  []dom.ID // elements in the order in which the walk met them
	flags  []flags
	depth  []int32
	box    []dom.ID // nearest element at or above that is not inline
	body   dom.ID
	h1     int32 // block of the first h1, -1 if none
}

// skipped elements hold no running text of the page.
func skipped(n *dom.Node) bool {
	switch n.Tag {
	case atom.Script, atom.Style, atom.Template, atom.Svg, atom.Math, atom.Iframe, atom.Object, atom.Embed,
		atom.Applet, atom.Canvas, atom.Audio, atom.Video, atom.Map, atom.Button, atom.Select, atom.Textarea, atom.Input,
		atom.Datalist, atom.Head, atom.Title, atom.Meta, atom.Link, atom.Base, atom.Img, atom.Picture, atom.Source,
		atom.Frameset, atom.Noframes, atom.Progress, atom.Meter, atom.Rp, atom.Rt:
		return true
	}
	return false
}

// inline elements do not end a block.
func inline(n *dom.Node) bool {
	switch n.Tag {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del,
		atom.Dfn, atom.Em, atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Nobr, atom.Q, atom.Ruby,
		atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Time,
		atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Rb, atom.Rtc:
		return true
	case 0:
		return !strings.Contains(n.Name, "-") // custom elements are boxes more often than not
	}
	return false
}

// hidden tells whether the markup itself takes an element out of sight.
func hidden(n *dom.Node) bool {
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if s := a.Val; strings.Contains(s, "none") || strings.Contains(s, "hidden") {
				s = strings.ToLower(strings.Join(strings.Fields(s), ""))
				if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
					return true
				}
			}
		}
	}
	return false
}

// own gives the flags that an element adds.
func own(n *dom.Node) (f flags) {
	switch n.Tag {
	case atom.Article:
		f = inArticle
	case atom.Main:
		f = inMain
	case atom.Nav:
		f = inNav
	case atom.Menu:
		f = inNav
	case atom.Aside:
		f = inAside
	case atom.Footer:
		f = inFooter
	case atom.Header:
		f = inHeader
	case atom.Form:
		f = inForm
	case atom.Table:
		f = inTable
	case atom.Ul, atom.Ol, atom.Dl:
		f = inList
	case atom.Figure, atom.Figcaption:
		f = inFigure
	case atom.Blockquote:
		f = inQuote
	case atom.Pre, atom.Listing, atom.Xmp:
		f = inPre
	case atom.A:
		f = inLink
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		f = inHeading
	case atom.Section:
		f = inSection
	case atom.Details:
		f = inDetails
	case atom.Dialog:
		f = inDialog
	case atom.Noscript:
		f = inNoscript
	}
	for i := range n.Attr {
		switch v := n.Attr[i].Val; n.Attr[i].Key {
		case "role":
			switch v {
			case "main":
				f |= inMain
			case "article":
				f |= inArticle
			case "navigation", "menu", "menubar", "tablist", "search", "toolbar":
				f |= inNav
			case "complementary":
				f |= inAside
			case "contentinfo":
				f |= inFooter
			case "banner":
				f |= inHeader
			case "dialog", "alertdialog", "alert":
				f |= inDialog
			}
		case "itemprop", "property":
			switch v {
			case "articleBody", "text", "mainContentOfPage", "reviewBody", "description articleBody", "schema:articleBody", "schema:text", "content:encoded":
				f |= inBody
			case "comment", "suggestedAnswer", "acceptedAnswer":
				f |= inComment
			}
		case "itemtype":
			switch {
			case strings.HasSuffix(v, "Comment"), strings.HasSuffix(v, "Answer"):
				f |= inComment
			case strings.HasSuffix(v, "SiteNavigationElement"), strings.HasSuffix(v, "BreadcrumbList"):
				f |= inNav
			case strings.HasSuffix(v, "WPSideBar"):
				f |= inAside
			case strings.HasSuffix(v, "WPFooter"):
				f |= inFooter
			}
		case "aria-modal":
			f |= inDialog
		}
	}
	if hidden(n) {
		f |= inHidden
	}
	return f
}

// segment walks the tree once and cuts it into blocks.
func segment(t *dom.Tree) *page {
	openNoscript(t)
	n := len(t.Nodes)
	p := &page{t: t, flags: make([]flags, n), depth: make([]int32, n), box: make([]dom.ID, n), body: 0, h1: -1}
	var (
		s     = segmenter{p: p, start: 0}
		id    = dom.ID(0)
		nodes = t.Nodes
	)
	for {
		node := &nodes[id]
		enter := true
		switch {
		case node.Name == "" && id != 0:
			s.text(id)
			enter = false
		case id != 0:
			if node.Tag == atom.Body && p.body == 0 {
				p.body = id
			}
			if node.Tag == atom.Br {
				s.br()
				enter = false
				break
			}
			if node.Tag == atom.Wbr {
				enter = false
				break
			}
			if node.Tag == atom.Hr || skipped(node) || node.Tag == atom.Noscript && rawText(t, id) {
				if node.Tag == atom.Hr {
					s.flush()
				} else if !inline(node) && node.Tag != atom.Script && node.Tag != atom.Style {
					s.space()
				}
				enter = false
				break
			}
			p.flags[id] = p.flags[node.Parent] | own(node)
			p.depth[id] = p.depth[node.Parent] + 1
			p.order = append(p.order, id)
			p.box[id] = p.box[node.Parent]
			if !inline(node) {
				p.box[id] = id
				s.flush()
			}
			if node.Tag == atom.A && node.First != dom.None {
				s.cur.links++
			}
		}
		if enter && node.First != dom.None {
			id = node.First
			continue
		}
		for id != 0 && nodes[id].Next == dom.None {
			id = nodes[id].Parent
			s.leave(&nodes[id])
		}
		if id == 0 {
			break
		}
		id = nodes[id].Next
	}
	s.flush()
	return p
}

// gap is the white space due before the next character, the greatest that was seen.
type gap uint8

const (
	none    gap = iota
	spaces      // typed
	newline     // a line end of the source, which is nothing between Han or kana
	br
)

// segmenter gathers the block at hand.
type segmenter struct {
	p     *page
	cur   block
	start int32
	buf   []byte
	gap   gap
	brs   int // line breaks since the last text
}

func (s *segmenter) leave(n *dom.Node) {
	if !inline(n) {
		s.flush()
	}
}

func (s *segmenter) space() { s.gap = max(s.gap, spaces) }

// br parts blocks when it comes twice.
func (s *segmenter) br() {
	s.gap = br
	s.brs++
	if s.brs >= 2 {
		s.flush()
	}
}

func (s *segmenter) text(id dom.ID) {
	n := &s.p.t.Nodes[id]
	f := s.p.flags[n.Parent]
	var chars int32
	before := len(s.buf)
	for i := 0; i < len(n.Text); {
		c := n.Text[i]
		switch {
		case c == '\n', c == '\r':
			s.gap = max(s.gap, newline)
			i++
			continue
		case c <= ' ', c == 0x7F:
			s.gap = max(s.gap, spaces)
			i++
			continue
		case c == 0xC2 && strings.HasPrefix(n.Text[i:], "\u00a0"):
			s.gap = max(s.gap, spaces)
			i += 2
			continue
		}
		j := i + 1
		for j < len(n.Text) && n.Text[j] > ' ' && !(n.Text[j] == 0xC2 && strings.HasPrefix(n.Text[j:], "\u00a0")) {
			j++
		}
		if len(s.buf) > 0 {
			switch s.gap {
			case newline:
				last, _ := utf8.DecodeLastRune(s.buf)
				next, _ := utf8.DecodeRuneInString(n.Text[i:])
				if wide(last) && wide(next) {
					break
				}
				fallthrough
			case spaces:
				s.buf = append(s.buf, ' ')
				chars++
			case br:
				s.buf = append(s.buf, '\n')
				chars++
			}
		}
		s.gap = none
		s.buf = append(s.buf, n.Text[i:j]...)
		chars += int32(utf8.RuneCountInString(n.Text[i:j]))
		i = j
	}
	if len(s.buf) == before {
		return
	}
	s.brs = 0
	if before == 0 {
		s.cur.node = n.Parent
	}
	s.p.texts = append(s.p.texts, id)
	s.cur.chars += chars
	if f&inLink != 0 {
		s.cur.linkChars += chars
	}
	switch s.p.t.Nodes[n.Parent].Tag {
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		s.cur.codeChars += chars
	case atom.Em, atom.Strong, atom.B, atom.I:
		s.cur.emphChars += chars
	}
}

func (s *segmenter) flush() {
	s.brs = 0
	if len(s.buf) > 0 {
		b := s.cur
		b.first, b.last = s.start, int32(len(s.p.texts))
		b.text = string(s.buf)
		// The run belongs to the nearest box, not to the span it began in.
		b.node = s.p.box[b.node]
		s.p.blocks = append(s.p.blocks, b)
	}
	s.start = int32(len(s.p.texts))
	s.buf, s.gap = s.buf[:0], none
	s.cur = block{}
}

// minNoscript is the number of bytes from which the raw text of a noscript element is worth parsing: shorter ones hold
// an image or a request to enable scripts.
const minNoscript = 600

func rawText(t *dom.Tree, id dom.ID) bool {
	first := t.Nodes[id].First
	return first != dom.None && first == t.Nodes[id].Last && t.Nodes[first].Name == ""
}

// openNoscript replaces the raw text of noscript elements in the body by its elements: some forums and single-page
// applications have their whole text there. The work is bounded by the size of the page, since what is parsed here holds
// no raw noscript of its own.
func openNoscript(t *dom.Tree) {
	for i, n := 0, len(t.Nodes); i < n; i++ {
		id := dom.ID(i)
		if t.Nodes[i].Tag != atom.Noscript || !rawText(t, id) {
			continue
		}
		text := t.Nodes[t.Nodes[i].First].Text
		if len(text) < minNoscript || !strings.Contains(text, "<p") && !strings.Contains(text, "<div") {
			continue
		}
		sub, _ := dom.Parse([]byte(text), dom.Limits{})
		base := dom.ID(len(t.Nodes)) - 1 // sub's node 1 goes to the end
		move := func(x dom.ID) dom.ID {
			if x == dom.None {
				return x
			}
			return x + base
		}
		for j := 1; j < len(sub.Nodes); j++ {
			c := sub.Nodes[j]
			if c.Parent == 0 {
				c.Parent = id
			} else {
				c.Parent += base
			}
			c.First, c.Last, c.Next, c.Prev = move(c.First), move(c.Last), move(c.Next), move(c.Prev)
			t.Nodes = append(t.Nodes, c)
		}
		if sub.Nodes[0].First != dom.None {
			t.Nodes[i].First, t.Nodes[i].Last = move(sub.Nodes[0].First), move(sub.Nodes[0].Last)
		}
	}
}

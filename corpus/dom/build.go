package dom

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// open is an element whose end has not been seen.
type open struct {
	id      ID
	tag     atom.Atom
	class   class
	foreign bool // svg, math or inside them
	html    bool // a foreign element whose content is HTML again: foreignObject, desc, title, annotation-xml
	ended   bool // its end tag came while a block inside it was open
}

// builder makes a tree of tokens.
type builder struct {
	z      scanner
	t      Tree
	limits Limits
	stack  []open
	// opened counts the open elements by a hash of their names, so that an end tag without a start tag is seen at once
	// instead of by a search of the whole stack.
	opened  [256]uint16
	over    int  // open elements beyond the permitted depth, which are not on the stack
	form    bool // a form is open
	page    bool // an html, head or body tag was seen: what follows the head is in a body
	head    bool // the head has been opened, or is no longer possible
	body    bool // the body has been opened
	newline bool // a line feed that comes next is dropped

	flattened, deep bool
}

func slot(tag atom.Atom, name string) uint8 {
	if tag != 0 {
		return uint8(tag>>8) ^ uint8(tag>>16) ^ uint8(tag)
	}
	return uint8(len(name)) ^ name[0] ^ name[len(name)-1]<<1
}

func (b *builder) run() {
	for {
		k := b.z.next()
		if k == atEnd {
			return
		}
		if len(b.t.Nodes) >= b.limits.MaxNodes {
			b.flatten(k)
			return
		}
		switch k {
		case textToken:
			b.text(b.z.text)
		case startToken:
			b.start()
		case endToken:
			b.end()
		}
	}
}

// flatten takes the token at hand and all that follow as plain text. A blank line ends a block, for as many blocks as there
// may be nodes; what then follows is lines of the last one.
func (b *builder) flatten(k kind) {
	b.flattened = true
	var s strings.Builder
	s.Grow(len(b.z.s) - b.z.pos)
	gap, gaps, fed := false, 0, false // fed: the text ends with a line feed
	feed := func() {
		if !fed && s.Len() > 0 {
			s.WriteByte('\n')
		}
		fed = true
	}
	for ; k != atEnd; k = b.z.next() {
		switch k {
		case textToken:
			text := b.z.text
			if gap {
				text = strings.TrimLeft(text, " \n\t\f")
			}
			if text == "" {
				continue
			}
			if gap && s.Len() > 0 {
				feed()
				if gaps++; gaps < b.limits.MaxNodes {
					s.WriteByte('\n')
				}
			}
			gap = false
			// The blank lines of the source are none of the text.
			line, rest, more := strings.Cut(text, "\n")
			s.WriteString(line)
			fed = fed && line == ""
			for more {
				if line, rest, more = strings.Cut(rest, "\n"); strings.Trim(line, " \t\f") != "" || !more {
					feed()
					s.WriteString(line)
					fed = line == ""
				}
			}
		case startToken:
			c := classOf(b.z.tag)
			gap = gap || c&inline == 0 || b.z.tag == atom.Br
			if c&raw != 0 {
				b.z.raw(b.z.name, b.z.tag)
			}
		case endToken:
			gap = gap || classOf(b.z.tag)&inline == 0
		}
	}
	b.stack = b.stack[:1]
	id := b.insert(Node{Tag: atom.Plaintext, Name: "plaintext"})
	b.link(id, Node{Text: s.String()})
}

func (b *builder) top() *open { return &b.stack[len(b.stack)-1] }

// link adds a node as the last child of parent.
func (b *builder) link(parent ID, n Node) ID {
	id := ID(len(b.t.Nodes))
	n.Parent, n.First, n.Last, n.Next = parent, None, None, None
	n.Prev = b.t.Nodes[parent].Last
	b.t.Nodes = append(b.t.Nodes, n)
	p := &b.t.Nodes[parent]
	if p.Last == None {
		p.First = id
	} else {
		b.t.Nodes[p.Last].Next = id
	}
	p.Last = id
	return id
}

func (b *builder) insert(n Node) ID { return b.link(b.top().id, n) }

// push inserts the element at hand and leaves it open, unless too many are.
func (b *builder) push(c class) {
	id := b.insert(Node{Tag: b.z.tag, Name: b.z.name, Attr: b.z.attrs})
	b.enter(open{id: id, tag: b.z.tag, class: c})
}

func (b *builder) enter(o open) {
	if len(b.stack) > b.limits.MaxDepth {
		b.deep = true
		b.over++
		return
	}
	b.opened[slot(o.tag, b.t.Nodes[o.id].Name)]++
	b.stack = append(b.stack, o)
}

// popTo closes the elements from place n on the stack, and those around them whose end tags had come before.
func (b *builder) popTo(n int) {
	b.over = 0
	for len(b.stack) > 1 && (len(b.stack) > n || b.top().ended) {
		o := b.top()
		b.opened[slot(o.tag, b.t.Nodes[o.id].Name)]--
		if o.tag == atom.Form {
			b.form = false
		}
		b.stack = b.stack[:len(b.stack)-1]
	}
}

func (b *builder) has(tag atom.Atom) bool { return b.opened[slot(tag, "")] > 0 }

// find looks for an open element up to the first of class stop, and gives its place on the stack, 0 if there is none.
func (b *builder) find(tag atom.Atom, stop class) int {
	if !b.has(tag) {
		return 0
	}
	for i := len(b.stack) - 1; i > 0; i-- {
		if o := &b.stack[i]; o.tag == tag && !o.ended {
			return i
		} else if o.class&stop != 0 {
			return 0
		}
	}
	return 0
}

// leaveHead closes the head when something that cannot stand in it comes, and opens the body.
func (b *builder) leaveHead() {
	if b.body || !b.page {
		return
	}
	b.body, b.head = true, true
	for i := len(b.stack) - 1; i > 0; i-- {
		if b.stack[i].tag == atom.Template {
			b.body = false
			return
		}
		if b.stack[i].tag == atom.Head {
			b.popTo(i)
			break
		}
	}
	if t := b.top().tag; t != 0 && t != atom.Html {
		return
	}
	id := b.insert(Node{Tag: atom.Body, Name: "body"})
	b.enter(open{id: id, tag: atom.Body, class: classOf(atom.Body)})
}

func blank(s string) bool {
	for i := range len(s) {
		if !space(s[i]) {
			return false
		}
	}
	return true
}

func (b *builder) text(s string) {
	if b.newline {
		b.newline = false
		s = strings.TrimPrefix(s, "\n")
	}
	if s == "" {
		return
	}
	if space(s[0]) && blank(s) {
		if b.top().class&dropSpace != 0 {
			return
		}
	} else if !b.body && b.page {
		b.leaveHead()
	}
	b.insert(Node{Text: s})
}

// start takes a start tag.
func (b *builder) start() {
	b.newline = false
	top := b.top()
	if top.foreign && !top.html {
		if classOf(b.z.tag)&breakout == 0 && (b.z.tag != atom.Font || !b.fontBreaks()) {
			b.startForeign()
			return
		}
		for len(b.stack) > 1 && b.top().foreign && !b.top().html {
			b.popTo(len(b.stack) - 1)
		}
		b.z.foreign = b.top().foreign && !b.top().html
	}
	tag := b.z.tag
	c := classOf(tag)
	switch tag {
	case atom.Html:
		b.page = true
		if len(b.stack) == 1 && !b.body && !b.head {
			b.push(c)
		}
		return
	case atom.Head:
		if b.head || b.body {
			return
		}
		b.page, b.head = true, true
		b.push(c)
		return
	case atom.Body:
		if !b.page {
			b.page = true
			if len(b.t.Nodes) > 1 && b.t.Nodes[0].First != None && len(b.stack) > 1 {
				b.body = true // a body tag somewhere inside a fragment
			}
		}
		if b.body {
			return
		}
		if n := b.find(atom.Head, 0); n > 0 {
			b.popTo(n)
		}
		b.body, b.head = true, true
		b.push(c)
		return
	}
	if !b.body && b.page && c&inHead == 0 {
		b.leaveHead()
	}
	if c&closesP != 0 {
		b.closeP()
	}
	switch tag {
	case atom.Li:
		b.closeItem(atom.Li, atom.Li)
	case atom.Dd, atom.Dt:
		b.closeItem(atom.Dd, atom.Dt)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if b.top().class&heading != 0 {
			b.popTo(len(b.stack) - 1)
		}
	case atom.Option, atom.Optgroup:
		if t := b.top().tag; t == atom.Option {
			b.popTo(len(b.stack) - 1)
		}
		if tag == atom.Optgroup && b.top().tag == atom.Optgroup {
			b.popTo(len(b.stack) - 1)
		}
	case atom.Rb, atom.Rtc, atom.Rp, atom.Rt:
		for b.top().tag == atom.Rb || b.top().tag == atom.Rp || b.top().tag == atom.Rt ||
			b.top().tag == atom.Rtc && (tag == atom.Rb || tag == atom.Rtc) {
			b.popTo(len(b.stack) - 1)
		}
	case atom.Td, atom.Th:
		b.closeCell(inTable)
	case atom.Tr:
		b.closeCell(inTable)
		if n := b.find(atom.Tr, scope); n > 0 {
			b.popTo(n)
		}
	case atom.Tbody, atom.Thead, atom.Tfoot, atom.Colgroup, atom.Caption:
		b.closeCell(inTable)
		for n := len(b.stack) - 1; n > 0 && b.stack[n].tag != atom.Table && b.stack[n].class&inTable != 0; n-- {
			b.popTo(n)
		}
	case atom.A:
		if n := b.find(atom.A, scope); n > 0 {
			b.closeFormatting(n)
		}
	case atom.Button:
		if n := b.find(atom.Button, scope); n > 0 {
			b.popTo(n)
		}
	case atom.Form:
		if b.form {
			return
		}
		b.form = true
	case atom.Image:
		b.z.tag, b.z.name = atom.Img, "img"
	case atom.Svg, atom.Math:
		b.startForeign()
		return
	}
	switch {
	case c&void != 0:
		b.insert(Node{Tag: b.z.tag, Name: b.z.name, Attr: b.z.attrs})
	case tag == atom.Plaintext:
		b.push(c)
		b.insert(Node{Text: newlines(b.z.s[b.z.pos:])})
		b.z.pos = len(b.z.s)
	case c&raw != 0:
		text, ok := b.z.raw(b.z.name, tag)
		if !ok {
			b.insert(Node{Tag: tag, Name: b.z.name, Attr: b.z.attrs}) // empty: what follows belongs to the document
			return
		}
		id := b.insert(Node{Tag: tag, Name: b.z.name, Attr: b.z.attrs})
		if tag == atom.Textarea {
			text = strings.TrimPrefix(text, "\n")
		}
		if text != "" {
			b.link(id, Node{Text: text})
		}
		b.z.endRaw()
	default:
		b.push(c)
		b.newline = tag == atom.Pre || tag == atom.Listing
	}
}

// endRaw consumes the end tag that stands here, if any.
func (z *scanner) endRaw() {
	if z.pos < len(z.s) {
		z.until(z.pos, ">")
	}
}

// fontBreaks tells whether a font tag is one of HTML, not of SVG.
func (b *builder) fontBreaks() bool {
	for _, a := range b.z.attrs {
		if a.Key == "color" || a.Key == "face" || a.Key == "size" {
			return true
		}
	}
	return false
}

func (b *builder) startForeign() {
	id := b.insert(Node{Tag: b.z.tag, Name: b.z.name, Attr: b.z.attrs})
	if b.z.selfClosing {
		return
	}
	o := open{id: id, tag: b.z.tag, foreign: true}
	switch b.z.name {
	case "foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext":
		o.html, o.class = true, scope|special
	}
	b.enter(o)
	b.z.foreign = b.top().foreign && !b.top().html
}

func (b *builder) closeP() {
	// A paragraph is looked for in button scope.
	if !b.has(atom.P) {
		return
	}
	for i := len(b.stack) - 1; i > 0; i-- {
		switch o := &b.stack[i]; {
		case o.tag == atom.P:
			b.popTo(i)
			return
		case o.class&scope != 0 || o.tag == atom.Button:
			return
		}
	}
}

// closeItem closes an open list item, looking through what may stand in one without bounding it.
func (b *builder) closeItem(x, y atom.Atom) {
	if !b.has(x) && !b.has(y) {
		return
	}
	for i := len(b.stack) - 1; i > 0; i-- {
		o := &b.stack[i]
		if o.tag == x || o.tag == y {
			b.popTo(i)
			return
		}
		if o.class&special != 0 && o.tag != atom.Address && o.tag != atom.Div && o.tag != atom.P {
			return
		}
	}
}

// closeCell closes an open table cell or caption.
func (b *builder) closeCell(stop class) {
	for i := len(b.stack) - 1; i > 0; i-- {
		o := &b.stack[i]
		if o.tag == atom.Td || o.tag == atom.Th || o.tag == atom.Caption {
			b.popTo(i)
			return
		}
		if o.class&stop != 0 || o.tag == atom.Template {
			return
		}
	}
}

// closeFormatting ends the formatting element at place n: at once where only elements of its kind are inside it, else
// with the block inside it.
func (b *builder) closeFormatting(n int) {
	for i := n + 1; i < len(b.stack); i++ {
		if b.stack[i].class&special != 0 {
			b.stack[n].ended = true
			return
		}
	}
	b.popTo(n)
}

// end takes an end tag.
func (b *builder) end() {
	b.newline = false
	tag := b.z.tag
	if top := b.top(); top.foreign && !top.html || b.z.foreign {
		if tag != atom.P && tag != atom.Br && b.endForeign() {
			b.z.foreign = b.top().foreign && !b.top().html
			return
		}
		if tag == atom.P || tag == atom.Br {
			for len(b.stack) > 1 && b.top().foreign && !b.top().html {
				b.popTo(len(b.stack) - 1)
			}
		}
	}
	defer func() { b.z.foreign = b.top().foreign && !b.top().html }()
	switch tag {
	case atom.Html, atom.Body:
		return
	case atom.Head:
		if n := b.find(atom.Head, 0); n > 0 {
			b.popTo(n)
		}
		return
	case atom.Br:
		if !b.body && b.page {
			b.leaveHead()
		}
		b.insert(Node{Tag: atom.Br, Name: "br"})
		return
	}
	c := classOf(tag)
	if c&(void|raw) == void {
		return
	}
	if b.over > 0 {
		b.over--
		return
	}
	if b.opened[slot(tag, b.z.name)] == 0 && c&heading == 0 {
		if tag == atom.P {
			b.insert(Node{Tag: atom.P, Name: "p"})
		}
		return
	}
	switch {
	case c&formatting != 0:
		if n := b.find(tag, scope); n > 0 {
			b.closeFormatting(n)
		}
	case tag == atom.P:
		if b.find(atom.P, scope) > 0 {
			b.closeP()
		} else {
			b.insert(Node{Tag: atom.P, Name: "p"})
		}
	case c&heading != 0:
		for i := len(b.stack) - 1; i > 0 && b.stack[i].class&scope == 0; i-- {
			if b.stack[i].class&heading != 0 {
				b.popTo(i)
				break
			}
		}
	case tag == atom.Form:
		if n := b.find(atom.Form, scope); n > 0 {
			b.form = false
			b.closeFormatting(n)
		}
	case tag == atom.Table:
		if n := b.find(atom.Table, 0); n > 0 {
			b.popTo(n)
		}
	case c&inTable != 0 || tag == atom.Td || tag == atom.Th || tag == atom.Caption:
		for i := len(b.stack) - 1; i > 0 && b.stack[i].tag != atom.Table && b.stack[i].tag != atom.Template; i-- {
			if b.stack[i].tag == tag {
				b.popTo(i)
				break
			}
		}
	case c&special != 0:
		stop := scope
		if n := b.find(tag, stop&^classOf(tag)); n > 0 {
			b.popTo(n)
		}
	default:
		for i := len(b.stack) - 1; i > 0; i-- {
			o := &b.stack[i]
			if o.tag == tag && (tag != 0 || b.t.Nodes[o.id].Name == b.z.name) {
				b.popTo(i)
				break
			}
			if o.class&special != 0 {
				break
			}
		}
	}
}

// endForeign closes a foreign element by name.
func (b *builder) endForeign() bool {
	if b.over > 0 {
		b.over--
		return true
	}
	for i := len(b.stack) - 1; i > 0 && b.stack[i].foreign; i-- {
		if b.t.Nodes[b.stack[i].id].Name == b.z.name {
			b.popTo(i)
			return true
		}
	}
	return false
}

package format

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

var pageTag = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body)[\s>]`)

// isPage holds for the beginning of a whole page, as opposed to a piece of HTML that a feed gave.
func isPage(head []byte) bool { return pageTag.Match(head[:min(len(head), 4<<10)]) }

func parseHTML(d *document) {
	text := d.decode()
	if isArchive(text) { // as could not be seen before: it is in UTF-16
		d.takeArchive(text)
		return
	}
	d.takeHTML(text)
}

// takeHTML reads a page or a fragment into the article.
func (d *document) takeHTML(src []byte) {
	if !d.signs.stated {
		d.signs.template = templateSyntax(src)
	}
	if isPage(src) {
		d.takePage(src)
		return
	}
	d.takeFragment(src)
}

// takeFragment reads the HTML of an article and of nothing else.
func (d *document) takeFragment(src []byte) {
	tree := d.parse(src)
	d.takeBlocks(treeBlocks(tree, 0), nil, nil)
}

// takePage reads a whole page: what it states about itself, and the text of its main part.
func (d *document) takePage(src []byte) {
	tree := d.parse(src)
	d.takePageFacts(tree)
	d.takeBlocks(treeBlocks(tree, mainPart(tree)), nil, nil)
}

func (d *document) parse(src []byte) *dom.Tree {
	tree, notes := dom.Parse(src, dom.Limits{})
	d.note(notes...)
	if !d.signs.stated {
		d.signs.lookTree(tree)
	}
	return tree
}

// mainPart is the element that a page marks as its article: the only article, else main, else the whole.
func mainPart(tree *dom.Tree) dom.ID {
	article, main, articles := dom.None, dom.None, 0
	for id := dom.ID(0); id != dom.None; id = tree.Descend(id, 0) {
		switch n := &tree.Nodes[id]; {
		case n.Tag == atom.Article:
			article = id
			articles++
		case main == dom.None && (n.Tag == atom.Main || tree.Attr(id, "role") == "main"):
			main = id
		case tree.Attr(id, "itemprop") == "articleBody":
			return id
		}
	}
	switch {
	case articles == 1:
		return article
	case main != dom.None:
		return main
	}
	return 0
}

// takePageFacts takes what the head of a page states, where the unit has not stated it better.
func (d *document) takePageFacts(tree *dom.Tree) {
	a := &d.article
	meta := map[string]string{} // the first of each name
	var canonical, title, heading, lang string
	for id := dom.ID(0); id != dom.None; id = tree.Descend(id, 0) {
		switch tree.Nodes[id].Tag {
		case atom.Html:
			lang = tree.Attr(id, "lang")
		case atom.Title:
			if title == "" {
				title = tree.TextContent(id)
			}
		case atom.H1:
			if heading == "" {
				heading = tree.TextContent(id)
			}
		case atom.Link:
			if canonical == "" && strings.EqualFold(tree.Attr(id, "rel"), "canonical") {
				canonical = tree.Attr(id, "href")
			}
		case atom.Meta:
			for _, key := range []string{"property", "name", "itemprop"} {
				name := strings.ToLower(tree.Attr(id, key))
				if _, ok := meta[name]; name != "" && !ok {
					meta[name] = tree.Attr(id, "content")
				}
			}
		}
	}
	for _, u := range []string{canonical, meta["og:url"]} {
		if hasScheme(u) {
			d.takeURL(u)
		}
	}
	for _, t := range []string{meta["og:title"], heading, title} {
		d.takeTitle(t)
	}
	if a.SiteName == "" {
		a.SiteName = cleanTitle(meta["og:site_name"])
	}
	if len(a.Authors) == 0 {
		a.Authors = splitAuthors(meta["author"])
	}
	for _, name := range []string{"article:published_time", "datepublished", "date", "pubdate", "dc.date"} {
		d.takeDate(meta[name], FromMeta, Published)
	}
	d.takeDate(meta["article:modified_time"], FromMeta, Modified)
	if a.Language == "" {
		a.Language = strings.TrimSpace(lang)
	}
}

// treeBlocks is the text below root, one block for each element that stands on lines of its own.
func treeBlocks(tree *dom.Tree, root dom.ID) []prose.Block {
	w := blockWriter{}
	for id := root; id != dom.None; {
		n := &tree.Nodes[id]
		if n.Text != "" {
			w.text(n.Text)
		} else if leavesNothing(tree, id, root) {
			id = w.leave(tree, id, root)
			continue
		} else {
			w.enter(tree, id)
		}
		if n.First != dom.None {
			id = n.First
			continue
		}
		id = w.leave(tree, id, root)
	}
	w.flush()
	return w.blocks
}

// leavesNothing holds for elements whose content is not the text of an article.
func leavesNothing(tree *dom.Tree, id, root dom.ID) bool {
	switch tree.Nodes[id].Tag {
	case atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Math, atom.Form,
		atom.Button, atom.Select, atom.Textarea, atom.Nav, atom.Footer, atom.Aside, atom.Audio, atom.Video, atom.Canvas, atom.Title:
		return id != root
	}
	_, hidden := tree.Nodes[id].Lookup("hidden")
	return hidden
}

// blockWriter gathers text into blocks.
type blockWriter struct {
	blocks []prose.Block
	line   strings.Builder
	space  bool // white space is due before the next text
	broken bool // and it held a line break of the source
	pre    int  // open elements by what they are
	quote  int
	kind   prose.Kind
	marker string // of the item that has begun
	tight  bool   // the next block follows an item or a row
	lists  []int  // the number of the next item of each open list; -1 for bullets
}

func (w *blockWriter) text(s string) {
	if w.pre > 0 {
		w.line.WriteString(s)
		return
	}
	for _, r := range cleanText(s) {
		if unicode.IsSpace(r) {
			w.space, w.broken = true, w.broken || r == '\n'
			continue
		}
		if w.space && w.line.Len() > 0 {
			before, _ := utf8.DecodeLastRuneInString(w.line.String())
			if before != '\n' && !(w.broken && isWide(before) && isWide(r)) {
				w.line.WriteByte(' ')
			}
		}
		w.space, w.broken = false, false
		w.line.WriteRune(r)
	}
}

// flush ends the block in hand.
func (w *blockWriter) flush() {
	text := w.line.String()
	w.line.Reset()
	w.space, w.broken = false, false
	kind := w.kind
	switch {
	case w.pre > 0:
		kind = prose.Code
		text = strings.Trim(text, "\n")
	case kind == prose.Paragraph && w.quote > 0:
		kind = prose.Quote
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	text = norm.NFC.String(strings.ToValidUTF8(strings.Trim(strings.Join(lines, "\n"), "\n"), "\ufffd"))
	if strings.TrimSpace(text) == "" {
		return
	}
	b := prose.Block{Kind: kind, Text: text}
	if w.marker != "" {
		b.Kind, b.Text, w.marker = prose.Item, w.marker+text, ""
	}
	if b.Kind == prose.Item || b.Kind == prose.Row {
		b.Tight, w.tight = w.tight, true
	} else {
		w.tight = false
	}
	w.blocks = append(w.blocks, b)
}

func (w *blockWriter) enter(tree *dom.Tree, id dom.ID) {
	switch tree.Nodes[id].Tag {
	case atom.Br:
		if s := w.line.String(); strings.HasSuffix(s, "\n") && w.pre == 0 {
			w.flush()
		} else if s != "" {
			w.line.WriteByte('\n')
		}
		w.space, w.broken = false, false
	case atom.Td, atom.Th:
		if w.line.Len() > 0 {
			w.line.WriteString(" | ")
		}
		w.space = false
	case atom.Ul, atom.Ol:
		w.flush()
		next := -1
		if tree.Nodes[id].Tag == atom.Ol {
			next = 1
			fmt.Sscanf(tree.Attr(id, "start"), "%d", &next)
		}
		if len(w.lists) == 0 {
			w.tight = false
		}
		w.lists = append(w.lists, next)
	case atom.Li:
		w.flush()
		w.marker = "- "
		if n := len(w.lists); n > 0 {
			if w.lists[n-1] >= 0 {
				w.marker = fmt.Sprintf("%d. ", w.lists[n-1])
				w.lists[n-1]++
			}
			w.marker = strings.Repeat("  ", min(n-1, 8)) + w.marker
		}
	case atom.Table:
		w.flush()
		w.tight = false
	default:
		if isBlock(tree.Nodes[id].Tag) {
			w.flush()
			w.count(tree.Nodes[id].Tag, 1)
		}
	}
}

// leave ends elements until one has a sibling, which is returned.
func (w *blockWriter) leave(tree *dom.Tree, id, root dom.ID) dom.ID {
	for id != dom.None {
		n := &tree.Nodes[id]
		switch {
		case n.Text != "" || leavesNothing(tree, id, root):
		case n.Tag == atom.Ul, n.Tag == atom.Ol:
			w.flush()
			w.lists = w.lists[:len(w.lists)-1]
		case n.Tag == atom.Li, n.Tag == atom.Table:
			w.flush()
			w.marker = ""
		case isBlock(n.Tag):
			w.flush()
			w.count(n.Tag, -1)
		}
		if id == root {
			return dom.None
		}
		if n.Next != dom.None {
			return n.Next
		}
		id = n.Parent
	}
	return dom.None
}

// count notes what the text inside an open element is.
func (w *blockWriter) count(tag atom.Atom, d int) {
	switch tag {
	case atom.Pre:
		w.pre += d
		return
	case atom.Blockquote:
		w.quote += d
		return
	}
	w.kind = prose.Paragraph
	if d < 0 {
		return
	}
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.kind = prose.Heading
	case atom.Figcaption, atom.Caption:
		w.kind = prose.Caption
	case atom.Tr:
		w.kind = prose.Row
	}
}

// isBlock holds for elements that stand on lines of their own.
func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Blockquote, atom.Pre, atom.Figure, atom.Figcaption, atom.Caption, atom.Tr, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Address,
		atom.Details, atom.Summary, atom.Center, atom.Fieldset, atom.Body, atom.Html:
		return true
	}
	return false
}

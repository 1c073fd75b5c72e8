package format

import (
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/htmltext"
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
	d.takeTree(d.parse(src), 0)
}

// takePage reads a whole page: what it states about itself, and the text of its main part.
func (d *document) takePage(src []byte) {
	tree := d.parse(src)
	d.takePageFacts(tree)
	d.takeTree(tree, mainPart(tree))
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

// takeTree takes the text below root, without what never belongs to an article.
func (d *document) takeTree(tree *dom.Tree, root dom.ID) {
	r := htmltext.Fragment(tree, root, htmltext.Options{Title: d.article.Title})
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

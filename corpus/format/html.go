package format

import (
	"regexp"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/htmltext"
	"broadsheet/corpus/maincontent"
	"broadsheet/corpus/pagemeta"
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

// takePage reads a whole page: what it states about itself, and its main content.
func (d *document) takePage(src []byte) {
	d.signs.page = true
	tree := d.parse(src)
	d.takePageFacts(pagemeta.Read(tree))
	r := maincontent.Extract(tree, maincontent.Options{Title: d.article.Title})
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

func (d *document) parse(src []byte) *dom.Tree {
	tree, notes := dom.Parse(src, dom.Limits{})
	d.note(notes...)
	if !d.signs.stated {
		d.signs.lookTree(tree)
	}
	return tree
}

// takePageFacts takes what a page states about itself, where the unit has not stated it better.
func (d *document) takePageFacts(m pagemeta.Meta) {
	a := &d.article
	if hasScheme(m.CanonicalURL) {
		d.takeURL(m.CanonicalURL)
	}
	d.takeTitle(m.Title)
	if a.SiteName == "" {
		a.SiteName = cleanTitle(m.SiteName)
	}
	if len(a.Authors) == 0 {
		for _, name := range m.Authors {
			a.Authors = append(a.Authors, cleanTitle(name))
		}
	}
	for _, t := range m.Dates {
		role := Published
		if t.Kind == "modified" {
			role = Modified
		}
		d.takeDate(t.Value, From(t.From), role)
	}
	if a.Language == "" {
		a.Language = m.Language
	}
	if a.License == "" {
		a.License = m.License
	}
	if len(a.Tags) == 0 {
		a.Tags = m.Tags
	}
}

// takeTree takes the text below root, without what never belongs to an article.
func (d *document) takeTree(tree *dom.Tree, root dom.ID) {
	r := htmltext.Fragment(tree, root, htmltext.Options{Title: d.article.Title})
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

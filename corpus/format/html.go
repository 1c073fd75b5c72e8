package format

import (
	"regexp"

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
	d.takeFragment(src)
}

func (d *document) takeFragment(src []byte) {
	tree, notes := dom.Parse(src, dom.Limits{})
	d.note(notes...)
	if !d.signs.stated {
		d.signs.lookTree(tree)
	}
	r := htmltext.Fragment(tree, 0, htmltext.Options{Title: d.article.Title})
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

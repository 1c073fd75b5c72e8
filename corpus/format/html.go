package format

import (
	"regexp"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

var pageTag = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body)[\s>]`)

// isPage holds for the beginning of a whole page, as opposed to a piece of HTML that a feed gave.
func isPage(head []byte) bool { return pageTag.Match(head[:min(len(head), 4<<10)]) }

func parseHTML(d *document) { d.takeHTML(d.decode()) }

// takeHTML reads a page or a fragment into the article.
func (d *document) takeHTML(src []byte) { d.takeFragment(src) }

func (d *document) takeFragment(src []byte) {
	tree, notes := dom.Parse(src, dom.Limits{})
	d.note(notes...)
	if !d.signs.stated {
		if d.signs.template == "" {
			d.signs.template = templateSyntax(src)
		}
		d.signs.lookTree(tree)
	}
	d.takeBlocks(crudeBlocks(tree), nil, nil)
}

func crudeBlocks(tree *dom.Tree) []prose.Block {
	var blocks []prose.Block
	for _, n := range tree.Nodes {
		if n.Text != "" {
			if t := cleanTitle(n.Text); t != "" {
				blocks = append(blocks, prose.Block{Text: t})
			}
		}
	}
	return blocks
}

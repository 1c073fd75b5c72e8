package format

import (
	"bytes"
	"regexp"
	"unicode"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

var pageTag = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body)[\s>]`)

// isPage holds for the beginning of a whole page, as opposed to a piece of HTML that a feed gave.
func isPage(head []byte) bool { return pageTag.Match(head[:min(len(head), 4<<10)]) }

func parseHTML(d *document) { d.takeHTML(d.decode()) }

// takeHTML reads a page or a fragment into the article.
func (d *document) takeHTML(src []byte) {
	tree, notes := dom.Parse(src, dom.Limits{})
	d.note(notes...)
	d.signs.look(src, tree)
	d.takeBlocks(crudeBlocks(tree), nil, nil)
}

// look takes the signs of HTML.
func (s *signs) look(src []byte, tree *dom.Tree) {
	if !s.stated {
		s.template = templateSyntax(src)
	}
	_ = bytes.ToLower
	_ = unicode.IsLetter
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

package maincontent

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

// render makes the kept blocks of the page into blocks of prose. Cells of one table row become one block.
func (p *page) render(keep []bool) []prose.Block {
	var out []prose.Block
	var row, item, list, pre dom.ID // of the block before, 0 if none
	number := map[dom.ID]int{}      // items seen, by list
	for i := range p.blocks {
		b := &p.blocks[i]
		if !keep[i] {
			continue
		}
		kind, li, tr, code := p.kind(b.node)
		text := norm.NFC.String(b.text)
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		block := prose.Block{Kind: kind, Text: text}
		switch kind {
		case prose.Row:
			cell := oneLine(text)
			if tr == row && len(out) > 0 {
				out[len(out)-1].Text += " | " + cell
				continue
			}
			block.Text = cell
			block.Tight = row != 0 && p.t.Nodes[tr].Parent == p.t.Nodes[row].Parent
		case prose.Item:
			if li == item { // a further paragraph of the item
				block.Kind = prose.Paragraph
				break
			}
			in := p.t.Nodes[li].Parent
			marker := "- "
			if p.t.Nodes[in].Tag == atom.Ol {
				number[in]++
				marker = strconv.Itoa(number[in]) + ". "
			}
			block.Text = marker + oneLine(text)
			block.Tight = list == in && item != 0
			list = in
		case prose.Code:
			block.Text = p.verbatim(b)
			if code == pre && len(out) > 0 {
				out[len(out)-1].Text += "\n" + block.Text
				continue
			}
			if block.Text == "" {
				continue
			}
		case prose.Heading:
			block.Text = oneLine(text)
		}
		row, pre = 0, 0
		if kind == prose.Row {
			row = tr
		}
		if kind == prose.Code {
			pre = code
		}
		if kind == prose.Item {
			item = li
		} else {
			item = 0
		}
		out = append(out, block)
	}
	return out
}

// kind looks at the nearest elements that decide how a block is shown, and gives the list item, table row or pre element.
func (p *page) kind(id dom.ID) (kind prose.Kind, item, row, pre dom.ID) {
	cell := false
	for d := 0; id != 0 && d < maxClimb; id, d = p.t.Nodes[id].Parent, d+1 {
		switch p.t.Nodes[id].Tag {
		case atom.Pre, atom.Listing, atom.Xmp, atom.Plaintext:
			return prose.Code, 0, 0, id
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return prose.Heading, 0, 0, 0
		case atom.Figcaption, atom.Caption:
			return prose.Caption, 0, 0, 0
		case atom.Li:
			return prose.Item, id, 0, 0
		case atom.Blockquote:
			return prose.Quote, 0, 0, 0
		case atom.Td, atom.Th:
			cell = true
		case atom.Tr:
			if cell && p.dataRow(id) {
				return prose.Row, 0, id, 0
			}
		case atom.Table:
			return prose.Paragraph, 0, 0, 0
		}
	}
	return prose.Paragraph, 0, 0, 0
}

// dataRow holds for rows of several cells, none of which holds paragraphs: other tables are there for the layout.
func (p *page) dataRow(tr dom.ID) bool {
	cells := 0
	for c := p.t.Nodes[tr].First; c != dom.None && cells < 64; c = p.t.Nodes[c].Next {
		switch p.t.Nodes[c].Tag {
		case atom.Td, atom.Th:
			cells++
			boxes := 0
			for k := p.t.Nodes[c].First; k != dom.None && boxes < 2; k = p.t.Nodes[k].Next {
				if n := &p.t.Nodes[k]; n.Name != "" && !inline(n) && n.Tag != atom.Br {
					boxes++
				}
			}
			if boxes > 1 {
				return false
			}
		}
	}
	return cells > 1
}

// verbatim gives the text of a block of code as it stands, without blank lines around it and spaces at line ends.
func (p *page) verbatim(b *block) string {
	var s strings.Builder
	for _, id := range p.texts[b.first:b.last] {
		s.WriteString(p.t.Nodes[id].Text)
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s.String()), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\u00a0\f\v")
	}
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return norm.NFC.String(strings.ToValidUTF8(strings.Join(lines, "\n"), "\uFFFD"))
}

// Package prose is the shape of a document's text: a list of blocks, and the one way in which blocks become text.
//
// Every reader produces blocks, the repeated-text stage cuts blocks or parts of them, and the last step renders them.
// Nothing else joins paragraphs.
package prose

import "strings"

// Kind says what a block is. It decides how the block is rendered and which rules may cut it: a heading is never cut
// because it merely recurs.
type Kind uint8

// The kinds of block. The zero value is a paragraph.
const (
	Paragraph Kind = iota
	Heading        // rendered as a plain line
	Item           // Text carries its marker, "- " or "1. ", and its indentation
	Quote
	Caption // of a figure, table or video
	Row     // a table row, cells joined by " | "
	Code    // verbatim
)

// String is the kind's name in lower case.
func (k Kind) String() string {
	return [...]string{"paragraph", "heading", "item", "quote", "caption", "row", "code"}[k]
}

// Block is one unit of text. Text is valid UTF-8 in NFC, without trailing space on any line and without blank lines
// (but for Code); it may hold single line breaks (verse, addresses).
type Block struct {
	Kind  Kind
	Tight bool // follows the block before it on the next line, not after a blank line: items of a list, rows of a table
	Text  string
}

// Render joins blocks into the text form of the dataset: blocks separated by a blank line, tight ones by a line break.
// Blocks without text are left out; a tight block after a left-out one keeps its distance to what was really before it.
func Render(blocks []Block) string {
	n := 0
	for _, b := range blocks {
		n += len(b.Text) + 2
	}
	var s strings.Builder
	s.Grow(n)
	tight := true // whether every block since the last one written was tight
	for _, b := range blocks {
		tight = tight && b.Tight
		if b.Text == "" {
			continue
		}
		switch {
		case s.Len() == 0:
		case tight:
			s.WriteByte('\n')
		default:
			s.WriteString("\n\n")
		}
		s.WriteString(b.Text)
		tight = true
	}
	return s.String()
}

// Removal is a piece of text that a step took out of a document, and the name of the rule that did it. Rule names are
// stable snake_case words, shown by inspect.
type Removal struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

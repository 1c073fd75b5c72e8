package repeat

import (
	"strings"

	"broadsheet/corpus/prose"
)

// Names of the rules in removals.
const (
	RuleBlock    = "repeated_block"
	RuleSentence = "repeated_sentence"
	RuleURL      = "repeated_url"
	RuleHashtag  = "repeated_hashtag"
	RuleOrnament = "repeated_ornament" // without letters, around what was cut
	RuleByline   = "byline"            // the stated author as a block at the head of the text
	RuleSuffix   = "title_suffix"
)

// Hit is a rule that holds for a piece of a document.
type Hit struct {
	Number   int32 // of the piece (of the first one of a compound), of the tail of the title
	Type     uint8
	Kind     uint8
	Compound bool
	Author   bool  // the rule is of source and author
	First    bool  // no document before it has the piece: its text is the rule's
	Order    Order // for the date order
	Count    int64
}

// Cleaned is a document after its hits were cut.
type Cleaned struct {
	Blocks  []prose.Block // none without text
	Title   string
	Order   Order
	Removed []prose.Removal // in the order of the text; the title's last
	Rows    []Row           // the rules whose text this document gives, only where they were learned here
}

// Clean cuts what hits name from d. It depends on its arguments alone; d's blocks are not changed.
func Clean(d *Doc, hits []Hit) Cleaned {
	out := Cleaned{Blocks: d.Blocks, Title: d.Title}
	texts := hits[:0:0]
	var tails []string
	longest := -1
	for _, h := range hits {
		switch h.Type {
		case typeDate:
			out.Order = h.Order
			if h.First {
				text := textDayFirst
				if h.Order == MonthFirst {
					text = textMonthFirst
				}
				out.Rows = append(out.Rows, Row{Kind: KindDateOrder, Source: d.Source, Text: text, Count: h.Count})
			}
		case typeTitle:
			if tails == nil {
				tails = titleTails(d.Title)
			}
			if int(h.Number) >= len(tails) {
				continue
			}
			longest = max(longest, int(h.Number))
			if h.First {
				out.Rows = append(out.Rows, Row{Kind: KindTitleSuffix, Source: d.Source, Text: tails[h.Number], Count: h.Count})
			}
		case typeText:
			texts = append(texts, h)
		}
	}
	if by := byline(d); len(texts) > 0 || by >= 0 {
		out.cut(d, texts, by)
	}
	if longest >= 0 {
		out.Title = strings.TrimSuffix(d.Title, tails[longest])
		out.Removed = append(out.Removed, prose.Removal{Rule: RuleSuffix, Text: tails[longest]})
	} else if d.Source != "" {
		if out.Title = CutTitle(d.Title, d.Source); out.Title != d.Title {
			out.Removed = append(out.Removed, prose.Removal{Rule: RuleSuffix, Text: d.Title[len(out.Title):]})
		}
	}
	return out
}

// byline returns the place of the block that is the author's name among the first ones of a longer text, or -1.
func byline(d *Doc) int {
	key := textKey(d.Author)
	if d.Source == "" || key == 0 || len(d.Blocks) <= headZone {
		return -1
	}
	for i, b := range d.Blocks[:headZone] {
		if len(b.Text) <= 2*len(d.Author)+longPiece && b.Kind != prose.Heading && textKey(b.Text) == key {
			return i
		}
	}
	return -1
}

// cut applies the hits of the text, which are in order of their number, and the byline.
func (out *Cleaned) cut(d *Doc, hits []Hit, byline int) {
	pieces := Pieces(nil, d.Blocks)
	gone := make([]string, len(pieces)) // the rule by which a piece goes, or ""
	for i := 0; i < len(pieces); i++ {
		p := &pieces[i]
		if p.Key == 0 {
			continue
		}
		if int(p.Block) == byline {
			gone[i] = RuleByline
		}
		number := p.Number
		if p.Kind == Compound {
			number = pieces[nextLettered(pieces, i)].Number
		}
		for len(hits) > 0 && hits[0].Number < number {
			hits = hits[1:]
		}
		var bySource *Hit // hits of the source come before those of source and author
		for j, h := range hits {
			if h.Number != number {
				break
			}
			if h.Compound != (p.Kind == Compound) {
				continue
			}
			if gone[i] == "" {
				gone[i] = ruleOf(h.Kind)
			}
			if !h.Author {
				bySource = &hits[j]
			}
			// A rule of source and author that is one of the whole source says nothing more.
			if h.First && !(h.Author && bySource != nil && (bySource.Kind == h.Kind || bySource.Kind == ruleSentence)) {
				row := Row{Kind: kindOf(h.Kind), Source: d.Source, Text: d.Blocks[p.Block].Text[p.Start:p.End], Count: h.Count}
				if h.Author {
					row.Author = d.Author
				}
				out.Rows = append(out.Rows, row)
			}
		}
	}
	pieces, gone = spread(pieces, gone)
	keepWhole(d.Blocks, pieces, gone)
	keepHeadings(d.Blocks, pieces, gone)
	ornaments(d.Blocks, pieces, gone)
	out.render(d.Blocks, pieces, gone)
}

func nextLettered(pieces []Piece, i int) int {
	for i++; pieces[i].Number < 0; i++ {
	}
	return i
}

// spread gives the rule of a compound to all of its block, and leaves compounds out.
func spread(pieces []Piece, gone []string) ([]Piece, []string) {
	n := 0
	block, rule := int32(-1), ""
	for i, p := range pieces {
		if p.Kind == Compound {
			block, rule = p.Block, gone[i]
			continue
		}
		if p.Block == block && rule != "" {
			gone[i] = rule
		}
		pieces[n], gone[n] = p, gone[i]
		n++
	}
	return pieces[:n], gone[:n]
}

// keepWhole takes back cuts within code and within tables: they go as a whole or not at all.
func keepWhole(blocks []prose.Block, pieces []Piece, gone []string) {
	for first := 0; first < len(pieces); {
		kind := blocks[pieces[first].Block].Kind
		end, kept := first, false
		for end < len(pieces) && (pieces[end].Block == pieces[first].Block || kind == prose.Row && blocks[pieces[end].Block].Kind == prose.Row) {
			kept = kept || pieces[end].Key != 0 && gone[end] == ""
			end++
		}
		if kept && (kind == prose.Row || kind == prose.Code) {
			clear(gone[first:end])
		}
		first = end
	}
}

// keepHeadings takes back the cut of headings and section numbers that something kept follows, and of labels (what ends
// in a colon or a dash) right before something kept.
func keepHeadings(blocks []prose.Block, pieces []Piece, gone []string) {
	follows, next := false, false // something kept follows; it is the next piece
	for i := len(pieces) - 1; i >= 0; i-- {
		p := &pieces[i]
		if p.Key == 0 {
			continue
		}
		b := &blocks[p.Block]
		if follows && (b.Kind == prose.Heading || p.Whole && p.Weight <= shortNumber) || next && isLabel(b.Text[p.Start:p.End]) {
			gone[i] = ""
		}
		next = gone[i] == ""
		follows = follows || next
	}
}

func isLabel(s string) bool {
	switch lastRune(s) {
	case ':', '：', '—', '–', '―', '-':
		return true
	}
	return false
}

// ornaments cuts pieces without letters between cut ones (or a cut one and an end of the text), and those made of
// dashes and the like beside a cut one.
func ornaments(blocks []prose.Block, pieces []Piece, gone []string) {
	for i := 0; i < len(pieces); {
		if pieces[i].Key != 0 {
			i++
			continue
		}
		end := i
		for end < len(pieces) && pieces[end].Key == 0 {
			end++
		}
		before, after := i-1, end
		cutBefore, cutAfter := before >= 0 && gone[before] != "", after < len(pieces) && gone[after] != ""
		if cutBefore || cutAfter {
			between := (cutBefore || before < 0) && (cutAfter || after == len(pieces))
			for j := i; j < end; j++ {
				p := &pieces[j]
				if between || isLine(blocks[p.Block].Text[p.Start:p.End]) {
					gone[j] = RuleOrnament
				}
			}
		}
		i = end
	}
}

// isLine tells whether s is drawn with three or more dashes, stars or the like.
func isLine(s string) bool {
	n := 0
	for _, r := range s {
		if strings.ContainsRune("-=_*~#+.—–―─━═•·", r) {
			n++
		} else if r > ' ' {
			return false
		}
	}
	return n >= 3
}

// render makes the blocks of what is left, and the removals.
func (out *Cleaned) render(blocks []prose.Block, pieces []Piece, gone []string) {
	out.Blocks = make([]prose.Block, 0, len(blocks))
	tight := true // whether every block since the last one kept was tight
	for at := 0; at < len(blocks); at++ {
		end := 0
		for end < len(pieces) && pieces[end].Block == int32(at) {
			end++
		}
		b := blocks[at]
		b.Text = out.left(b.Text, pieces[:end], gone[:end])
		pieces, gone = pieces[end:], gone[end:]
		tight = tight && b.Tight
		if b.Text == "" {
			continue
		}
		b.Tight = tight && len(out.Blocks) > 0
		tight = true
		out.Blocks = append(out.Blocks, b)
	}
}

// left returns the text of a block without what is gone.
func (out *Cleaned) left(text string, pieces []Piece, gone []string) string {
	any := false
	for i := range pieces {
		any = any || gone[i] != ""
	}
	if !any {
		return text
	}
	var s strings.Builder
	end := -1 // of the piece kept before, where nothing was cut since
	for i := 0; i < len(pieces); i++ {
		p := &pieces[i]
		if gone[i] != "" {
			j := i // what goes together is one removal
			for j+1 < len(pieces) && gone[j+1] == gone[i] {
				j++
			}
			out.Removed = append(out.Removed, prose.Removal{Rule: gone[i], Text: text[p.Start:pieces[j].End]})
			i, end = j, -1
			continue
		}
		kept := text[p.Start:p.End]
		if end < 0 && i > 0 {
			kept = strings.TrimLeft(kept, ":：,，;；、|｜ ") // what tied it to the piece before
		}
		if kept == "" {
			continue
		}
		switch {
		case s.Len() == 0:
			s.WriteString(text[:pieces[0].Start]) // the marker of an item
		case end < 0:
			s.WriteString(joint(s.String(), kept))
		default:
			s.WriteString(text[end:p.Start])
		}
		s.WriteString(kept)
		end = int(p.End)
	}
	return s.String()
}

// joint is what stands between two pieces after what was between them is cut: nothing or a space where a sentence ended,
// by the script; else a line break.
func joint(before, after string) string {
	last := lastRune(before)
	switch {
	case !sentenceEnd(last) && last != '.' && last != '!' && last != '?':
		return "\n"
	case wide(last) || wide(firstRune(after)):
		return ""
	}
	return " "
}

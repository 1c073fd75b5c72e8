package format

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/prose"
)

func parseText(d *document) {
	text := d.decode()
	if isArchive(text) {
		d.takeArchive(text)
		return
	}
	d.takeText(text)
}

// takeText reads plain text into the article. A first line that stands alone and is no sentence is the title, where
// none is stated.
func (d *document) takeText(src []byte) {
	text := string(src)
	if !d.signs.stated {
		d.signs.template = templateSyntax(src)
		d.signs.lookText(text)
	}
	blocks := paragraphs(text)
	if d.article.Title == "" && len(blocks) > 1 && isTitleLine(blocks[0]) && !blocks[1].Tight {
		d.takeTitle(blocks[0].Text)
		d.note("title_from_text")
		blocks = blocks[1:]
	}
	d.takeBlocks(blocks, nil, nil)
}

func isTitleLine(b prose.Block) bool {
	if b.Kind != prose.Paragraph || strings.ContainsRune(b.Text, '\n') || displayWidth(b.Text) > 160 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(b.Text)
	return !strings.ContainsRune(".。,，;；:：、…．।۔", last) && strings.IndexFunc(b.Text, unicode.IsLetter) >= 0
}

var textURL = regexp.MustCompile(`https?://[!-~]+`)

// lookText takes the signs of plain text: how much of it is addresses.
func (s *signs) lookText(text string) {
	s.letters = countLetters(text)
	for _, m := range textURL.FindAllStringIndex(text, -1) {
		s.links++
		s.linked += countLetters(text[m[0]:m[1]])
	}
}

func countLetters(text string) int {
	n := 0
	for _, r := range text {
		if r >= 0x4e00 && r < 0xa000 || unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

var (
	bullet = regexp.MustCompile(`^([ \t]*)(?:[-*•‣▪·–+]|([0-9]{1,3})[.)])[ \t]+(\S.*)$`)
	tabbed = strings.NewReplacer("\t", "    ")
)

// paragraphs takes plain text apart. Blank lines part paragraphs; in a text without any, every line is one. The lines of
// a text that was wrapped at a width are joined, those of another keep their breaks where they are short (verse, an
// address) and are paragraphs of their own where they are long. Lines that begin with a bullet or a number are items.
func paragraphs(text string) []prose.Block {
	var groups [][]string
	blank := true
	for line := range strings.SplitSeq(norm.NFC.String(cleanText(text)), "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		switch {
		case line == "":
			blank = true
			continue
		case blank:
			groups = append(groups, nil)
		}
		last := &groups[len(groups)-1]
		*last, blank = append(*last, line), false
	}
	wrapped := isWrapped(groups)
	var blocks []prose.Block
	for _, lines := range groups {
		blocks = appendGroup(blocks, lines, wrapped, len(groups) == 1)
	}
	return blocks
}

// longLine is a width, in columns, above which a line is a paragraph rather than a verse.
const longLine = 80

func appendGroup(blocks []prose.Block, lines []string, wrapped, only bool) []prose.Block {
	first := len(blocks)
	width := 0
	rows := 0
	for _, line := range lines {
		width += displayWidth(line)
		if strings.Contains(line, " | ") {
			rows++
		}
	}
	apart := only && !wrapped || !wrapped && width >= longLine*len(lines)
	verse := wrapped && !slices.ContainsFunc(lines, func(l string) bool { return !isIndented(l) })
	// The text of the last block grows line by line.
	var grown strings.Builder
	end := func() {
		if grown.Len() > 0 {
			blocks[len(blocks)-1].Text = grown.String()
			grown.Reset()
		}
	}
	begin := func(b prose.Block) {
		end()
		blocks = append(blocks, b)
		grown.WriteString(b.Text)
	}
	var before rune // that the last line ended with
	for _, line := range lines {
		inGroup := len(blocks) > first
		inItem := inGroup && blocks[len(blocks)-1].Kind == prose.Item
		if m := bulletOf(line); m != nil && !(wrapped && inGroup && !inItem) {
			indent := strings.Repeat("  ", min(len(tabbed.Replace(m[1]))/2, 8))
			marker := "- "
			if m[2] != "" {
				marker = m[2] + ". "
			}
			line = collapse(m[3])
			begin(prose.Block{Kind: prose.Item, Tight: inGroup, Text: indent + marker + line})
			before, _ = utf8.DecodeLastRuneInString(line)
			continue
		}
		indented := isIndented(line)
		line = collapse(line)
		switch {
		case line == "":
			continue
		case !inGroup:
			begin(prose.Block{Text: line})
		case rows > 1 && !inItem, verse && !inItem:
			grown.WriteString("\n" + line)
		case inItem && indented, wrapped && !indented && !inItem:
			grown.WriteString(joint(before, line))
			grown.WriteString(line)
		case inItem:
			begin(prose.Block{Tight: true, Text: line})
		case apart, wrapped:
			begin(prose.Block{Text: line})
		default:
			grown.WriteString("\n" + line)
		}
		before, _ = utf8.DecodeLastRuneInString(line)
	}
	end()
	return blocks
}

// bulletOf parts an item into its indentation, its number if it has one, and its text; nil for other lines.
func bulletOf(line string) []string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, " \t"))
	if !strings.ContainsRune("-*•‣▪·–+0123456789", first) {
		return nil
	}
	return bullet.FindStringSubmatch(line)
}

func isIndented(line string) bool {
	return line[0] == ' ' || line[0] == '\t' || strings.HasPrefix(line, "\u3000")
}

// isWrapped tells whether lines were broken at a width: then the first word of a line would not have fitted on the line
// before, give or take slack columns. Five of six breaks must agree, and there must be at least three.
func isWrapped(groups [][]string) bool {
	const slack = 4
	width := 0
	for _, lines := range groups {
		if len(lines) > 1 {
			for _, line := range lines {
				width = max(width, displayWidth(line))
			}
		}
	}
	if width < 40 || width > 160 {
		return false
	}
	breaks, full := 0, 0
	for _, lines := range groups {
		for i := 1; i < len(lines); i++ {
			if strings.Contains(lines[i], " | ") || bulletOf(lines[i]) != nil || isIndented(lines[i]) {
				continue
			}
			breaks++
			if displayWidth(lines[i-1])+1+firstWordWidth(lines[i]) > width-slack {
				full++
			}
		}
	}
	return breaks >= 3 && 6*full >= 5*breaks
}

// firstWordWidth is the width of what cannot be parted at the beginning of a line: a word, or one wide character with
// the punctuation that must not begin a line.
func firstWordWidth(line string) int {
	width := 0
	for i, r := range line {
		if r == ' ' || i > 0 && isWide(r) && !unicode.IsPunct(r) {
			break
		}
		width += runeWidth(r)
	}
	return width
}

// displayWidth is the width of a line in columns of a terminal, wide characters counting two.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case isWide(r), r >= 0xac00 && r <= 0xd7a3:
		return 2
	case unicode.Is(unicode.Mn, r):
		return 0
	}
	return 1
}

// isWide holds for ideographs, kana and their punctuation: lines of these are joined without a space.
func isWide(r rune) bool {
	return r >= 0x2e80 && r < 0xa000 || r >= 0xf900 && r < 0xfb00 || r >= 0xfe30 && r < 0xfe50 || r >= 0xff00 && r < 0xff61 || r >= 0x20000 && r < 0x40000
}

// joint is what stands between two lines when the break between them is undone.
func joint(before rune, line string) string {
	first, _ := utf8.DecodeRuneInString(line)
	if isWide(before) && isWide(first) {
		return ""
	}
	return " "
}

// collapse makes one space of every run of white space, and none at the ends.
func collapse(s string) string {
	if isCleanLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// cleanText drops what is no text: controls but for tabs and line breaks, and invisible characters. Line and paragraph
// separators become line breaks.
func cleanText(s string) string {
	if strings.IndexFunc(s, isNoText) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x85, r == 0x2028, r == '\f', r == '\v':
			return '\n'
		case r == 0x2029:
			return '\n'
		case isNoText(r):
			return -1
		}
		return r
	}, s)
}

func isNoText(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || isInvisible(r)
}

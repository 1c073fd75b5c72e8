package repeat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/corpus/prose"
)

// PieceKind says what a piece of text is.
type PieceKind uint8

// The kinds of piece.
const (
	Sentence PieceKind = iota
	URL
	Hashtag
	Compound // a whole block of several pieces, which follow it
)

// Piece is a stretch of a block, without space at its ends.
type Piece struct {
	Block      int32 // place of its block
	Start, End int32 // bytes of the block's text
	Number     int32 // counted over the document, compounds and pieces without letters left out (they have -1)
	Weight     int32 // 0: no letters, digits or marks
	Kind       PieceKind
	Whole      bool   // the only piece with letters of its block
	Key        uint64 // hash of its letters; 0 without any
}

// Pieces appends the pieces of the blocks, in order, to dst. Blocks part into sentences at 。！？!?… and their
// like with the closing quotes behind them, at a full stop or several before a space, at line breaks and runs of spaces;
// and at URLs and hashtags. A URL ends at the first character that is not ASCII: text glued to it is text. Behind the
// first 65,536 pieces of a document each block is one.
func Pieces(dst []Piece, blocks []prose.Block) []Piece {
	s := splitter{out: dst, limit: len(dst) + maxPieces}
	for i := range blocks {
		s.block(int32(i), &blocks[i])
	}
	return s.out
}

// OnlyTags tells whether there is text in blocks and all of it is hashtags and URLs.
func OnlyTags(blocks []prose.Block) bool {
	tags := false
	for _, p := range Pieces(nil, blocks) {
		switch {
		case p.Kind == Hashtag:
			tags = true
		case p.Key != 0 && p.Kind == Sentence:
			return false
		}
	}
	return tags
}

type splitter struct {
	out    []Piece
	limit  int   // length of out from which on blocks do not part any more
	at     int32 // the block
	text   string
	number int32
}

// block appends the pieces of one block. The marker of a list item is in none.
func (s *splitter) block(at int32, b *prose.Block) {
	s.at, s.text = at, b.Text
	first := len(s.out)
	marker := 0
	if b.Kind == prose.Item {
		marker = markerLen(b.Text)
	}
	s.scan(marker)
	lettered, last := 0, 0
	for i := first; i < len(s.out); i++ {
		if s.out[i].Key != 0 {
			lettered++
			last = i
		}
	}
	if lettered == 1 {
		s.out[last].Whole = true
	}
	if lettered < 2 {
		return
	}
	// A block of several pieces goes before them as one: its key continues through theirs.
	whole := Piece{Block: at, Start: int32(marker), End: int32(len(b.Text)), Number: -1, Kind: Compound}
	h := uint64(hashSeed)
	for _, p := range s.out[first:] {
		if p.Key != 0 {
			h = mix(h, 0) ^ p.Key
			whole.Weight += p.Weight
		}
	}
	whole.Key = finish(h)
	s.out = append(s.out, Piece{})
	copy(s.out[first+1:], s.out[first:])
	s.out[first] = whole
}

// maxPieces bounds what a hostile document can cost; books stay below it.
const maxPieces = 1 << 16

// Classes of ASCII characters that may end a piece or begin another.
const (
	plain = iota
	space
	stop    // ! ?
	dot     // .
	newline // and other control characters
	hash    // #
	maybe   // h H w W: a URL may begin here
	line    // - = * ~ _: four of them are a line
)

var ascii = [128]uint8{
	' ': space, '\t': space, '\n': newline, '\r': newline, '!': stop, '?': stop, '.': dot, '#': hash,
	'-': line, '=': line, '*': line, '~': line, '_': line,
	'h': maybe, 'H': maybe, 'w': maybe, 'W': maybe,
}

// scan appends the pieces of s.text from start on.
func (s *splitter) scan(start int) {
	text := s.text
	h, w := uint64(hashSeed), int32(0)
	cut := func(end, next int) {
		s.add(start, end, Sentence, h, w)
		start, h, w = next, hashSeed, 0
	}
	var before rune // the character before i; 0 at the start
	for i := start; i < len(text); {
		if len(s.out) >= s.limit {
			h, w = hashText(hashSeed, text[start:])
			break
		}
		r := rune(text[i])
		if r < utf8.RuneSelf {
			switch ascii[r] {
			case plain:
				if f := folds[r]; f != 0 {
					h = mix(h, rune(f))
					w++
				}
				i++
			case space:
				n := 1
				for i+n < len(text) && ascii[text[i+n]&0x7f] == space && text[i+n] < utf8.RuneSelf {
					n++
				}
				if n > 1 {
					cut(i, i+n)
				}
				i += n
			case newline:
				cut(i, i+1)
				i++
			case stop:
				i = closing(text, i+1)
				cut(i, i)
			case dot:
				n := 1
				for i+n < len(text) && text[i+n] == '.' {
					n++
				}
				end := closing(text, i+n)
				if n > 1 || w >= minSentence && (end == len(text) || text[end] <= ' ') {
					cut(end, end)
				}
				i = end
			case hash:
				if end := hashtagEnd(text, i, before); end > i {
					cut(i, i)
					hk, hw := hashText(hashtagSeed, text[i:end])
					s.add(i, end, Hashtag, hk, hw)
					start, i = end, end
				} else {
					i++
				}
			case line:
				n := 1
				for i+n < len(text) && text[i+n] == text[i] {
					n++
				}
				if n >= minLine {
					cut(i, i)
					s.add(i, i+n, Sentence, hashSeed, 0)
					start = i + n
				}
				i += n
			case maybe:
				if end := urlEnd(text, i, before); end > i {
					if at := labelStart(text, start, i); at > start {
						h, w = hashText(hashSeed, text[start:at])
						cut(at, at)
						h, w = hashText(hashSeed, text[at:i])
					}
					cut(i, i)
					hk, hw := hashText(hashSeed, text[i:end])
					s.add(i, end, URL, hk, hw)
					start, i = end, end
				} else {
					h = mix(h, rune(folds[r]))
					w++
					i++
				}
			}
			before = r
			continue
		}
		if end := prose.HanRun(text, i); end > i {
			for ; i < end; i += 3 {
				before = rune(text[i]&0xf)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
				h = mix(h, before)
				w += 2
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if r >= 0x4e00 && r <= 0x9fff {
			h = mix(h, r)
			w += 2
		} else if f := fold(r); f != 0 {
			h = mix(h, f)
			w += weight(f)
		} else if sentenceEnd(r) || pictograph(r) {
			i = closing(text, i)
			cut(i, i)
		} else if r == 0x2028 || r == 0x2029 || r == 0x85 {
			cut(i-n, i)
		}
		before = r
	}
	cut(len(text), len(text))
}

// minLine is the least number of equal characters that part a text as a drawn line.
const minLine = 4

// minSentence is the least weight before a full stop that ends a sentence: "1." and "Dr." do not.
const minSentence = 4

// markerLen is the length of a list item's indentation and marker.
func markerLen(text string) int {
	i := 0
	for i < len(text) && text[i] == ' ' {
		i++
	}
	digits := i
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	switch {
	case strings.HasPrefix(text[i:], "- "):
		return i + 2
	case digits > i && strings.HasPrefix(text[digits:], ". "):
		return digits + 2
	}
	return 0
}

// add appends a piece without the space at its ends; nothing, where there is nothing else.
func (s *splitter) add(start, end int, kind PieceKind, h uint64, w int32) {
	for start < end && s.text[start] <= ' ' {
		start++
	}
	for end > start && s.text[end-1] <= ' ' {
		end--
	}
	if start == end {
		return
	}
	p := Piece{Block: s.at, Start: int32(start), End: int32(end), Number: -1, Kind: kind}
	if w > 0 {
		p.Number, p.Weight, p.Key = s.number, w, finish(h)
		s.number++
	}
	s.out = append(s.out, p)
}

// sentenceEnd tells whether r ends sentences in its script.
func sentenceEnd(r rune) bool {
	switch r {
	case '。', '！', '？', '…', '｡', '．', '︒', '‼', '⁇', '⁈', '⁉',
		'؟', '۔', '।', '॥', '።', '፧', '។', '။', '։', '᙮', '᠃', '꓿':
		return true
	}
	return false
}

// pictograph tells whether r is an emoji or a like sign, which part the sentences of informal text.
func pictograph(r rune) bool {
	return (r >= 0x1f000 && r < 0x1fb00 || r >= 0x2600 && r < 0x27c0 || r >= 0x2b00 && r < 0x2c00) && fold(r) == 0
}

// closing returns the end of the sentence marks, signs and closing quotes and brackets that begin at i.
func closing(text string, i int) int {
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if c != '!' && c != '?' && c != '.' && c != '"' && c != '\'' && c != ')' && c != ']' {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !sentenceEnd(r) && !pictograph(r) {
			switch r {
			case '”', '’', '」', '』', '）', '】', '》', '〉', '»', '›', '〕', '＂', '＇', '］', 0xfe0f, 0x200b, 0x200d:
			default:
				return i
			}
		}
		i += n
	}
	return i
}

// labelStart returns where the label of a URL begins, in the text from start to end before it: behind the last comma or,
// when it ends in a colon, space, as in "so it went, my other channel: ". It is start where there is none, or where the
// label would have no letters.
func labelStart(text string, start, end int) int {
	label := strings.TrimRight(text[start:end], " ")
	separators := "，,、；"
	if strings.HasSuffix(label, ":") || strings.HasSuffix(label, "：") {
		separators += " "
	}
	at := strings.LastIndexAny(label, separators)
	if at < 0 {
		return start
	}
	_, n := utf8.DecodeRuneInString(label[at:])
	if _, w := hashText(hashSeed, label[at+n:]); w == 0 {
		return start
	}
	return start + at + n
}

// hashtagEnd returns the end of the hashtag that begins at i, or i. A number alone is none, nor is # after a letter of
// ASCII, as in C#.
func hashtagEnd(text string, i int, before rune) int {
	if before < utf8.RuneSelf && folds[before] != 0 {
		return i
	}
	end, letters, n := i+1, false, 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		f := fold(r)
		if f == 0 && r != '_' {
			break
		}
		letters = letters || f != 0 && !unicode.IsDigit(f)
		if n++; n > 60 {
			return i
		}
		end += size
	}
	if !letters {
		return i
	}
	return end
}

// urlEnd returns the end of the URL that begins at i with http://, https:// or www., or i.
func urlEnd(text string, i int, before rune) int {
	rest := text[i:]
	var head int
	switch {
	case hasPrefixFold(rest, "https://"):
		head = 8
	case hasPrefixFold(rest, "http://"):
		head = 7
	case hasPrefixFold(rest, "www.") && (before >= utf8.RuneSelf || folds[before] == 0):
		head = 4
	default:
		return i
	}
	end := head
	for end < len(rest) && rest[end] > ' ' && rest[end] < 0x7f && !strings.ContainsRune("<>\"{}|\\^`", rune(rest[end])) {
		if rest[end] == 'h' && (hasPrefixFold(rest[end:], "https://") || hasPrefixFold(rest[end:], "http://")) && rest[end-1] != '=' && rest[end-1] != '/' {
			break
		}
		end++
	}
	for end > head {
		c := rest[end-1]
		n := 1
		for end-n > head && rest[end-n-1] == c {
			n++
		}
		switch c {
		case '.', ',', ';', ':', '!', '?', ']', '\'', '*':
		case ')':
			if strings.IndexByte(rest[head:end], '(') >= 0 {
				n = 0
			}
		case '-', '=', '_', '~':
			if n == 1 {
				n = 0
			}
		default:
			n = 0
		}
		if n == 0 {
			break
		}
		end -= n
	}
	if end == head {
		return i
	}
	return i + end
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// blockKey is the key that a block of this text alone has.
func blockKey(text string) uint64 {
	for _, p := range Pieces(nil, []prose.Block{{Text: text}}) {
		if p.Key != 0 {
			return p.Key
		}
	}
	return 0
}

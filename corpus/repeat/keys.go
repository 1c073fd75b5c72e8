package repeat

import (
	"encoding/binary"
	"slices"
	"strings"

	"broadsheet/corpus/prose"
)

// A key record says that a piece stands in a document. All fields are big-endian, so that records sort by scope, type,
// piece, article and place.
//
//	scope    8   hash of the source, or of source and author
//	type     1
//	piece    8   hash of the piece; 0 for typeDoc and typeDate
//	article  8   sketch of the rest of the text (4, its last bit: a long text), hash of the title (4)
//	document 6   its number; left out by Keys, put in by Learner.Add
//	number   3   of the piece; of pieces in all for typeDoc
//	flags    2
const (
	atType    = 8
	atPiece   = 9
	atArticle = 17
	atTitle   = 21
	atDoc     = 25
	atNumber  = 31
	atFlags   = 34
	recordLen = 36

	// KeyLen is the length of one key in the result of Keys, bytes.
	KeyLen = recordLen - 6
)

// Types of record.
const (
	typeDoc = iota
	typeDate
	typeTitle
	typeText
)

// Flags of a record of typeText. Those of typeDate are a Dates.
const (
	flagWhole   = 1 << iota // the only piece of its block
	flagHeading             // in a heading
	flagCredit              // a whole short caption
	flagEdge                // among the first or the last pieces
	flagLong                // weighs longPiece or more
	flagShort               // weighs shortBlock or less
	flagURL
	flagHashtag
	flagCompound
	flagAuthor // the scope is that of source and author
	flagEnds   // it ends as a sentence does
)

// Keys appends the keys of a document to dst: KeyLen bytes for each of its first 65,536 pieces in each of its two scopes.
// A document without a source has none. The result depends on d alone.
func Keys(dst []byte, d *Doc) []byte {
	if d.Source == "" {
		return dst
	}
	n := len(d.Blocks)
	for i := range d.Blocks {
		n += len(d.Blocks[i].Text) / bytesOfPiece
	}
	k := keyer{dst: dst, pieces: Pieces(make([]Piece, 0, n), d.Blocks)}
	k.dst = slices.Grow(k.dst, (2*len(k.pieces)+4)*KeyLen)
	k.sketch(d.Title)
	k.scope = sourceScope(d.Source)
	k.add(typeDoc, 0, k.least, k.total, 0)
	if d.Dates != 0 {
		k.add(typeDate, 0, k.least, 0, uint16(d.Dates))
	}
	for i, s := range titleTails(d.Title) {
		k.add(typeTitle, textKey(s), k.least, int32(i), 0)
	}
	k.texts(d.Blocks, 0)
	if d.Author != "" && d.Author != d.Source {
		k.scope = authorScope(d.Source, d.Author)
		k.add(typeDoc, 0, k.least, k.total, flagAuthor)
		k.texts(d.Blocks, flagAuthor)
	}
	return k.dst
}

// bytesOfPiece is how long a piece usually is at least, in bytes.
const bytesOfPiece = 64

func sourceScope(source string) uint64         { return exactKey(hashSeed, source) }
func authorScope(source, author string) uint64 { return exactKey(sourceScope(source), author) }

type keyer struct {
	dst           []byte
	pieces        []Piece
	scope         uint64
	least, second uint64 // the two least hashes of the text's sentences
	long          uint64 // 1: a long text
	title         uint32
	total         int32 // pieces with letters
}

// sketch takes the two least hashes of the pieces that say something; so the rest of the text has one without any of
// its pieces.
func (k *keyer) sketch(title string) {
	k.title = uint32(textKey(title))
	k.least, k.second = ^uint64(0), ^uint64(0)
	var weight int64
	for i := range k.pieces {
		p := &k.pieces[i]
		if p.Number < 0 {
			continue
		}
		k.total++
		weight += int64(p.Weight)
		switch h := p.Key * hashPrime; {
		case p.Weight < longPiece:
		case h < k.least:
			k.least, k.second = h, k.least
		case h != k.least && h < k.second:
			k.second = h
		}
	}
	if weight >= longBody {
		k.long = 1
	}
}

// texts adds the pieces of the text in one scope.
func (k *keyer) texts(blocks []prose.Block, scope uint16) {
	first := int32(0) // number of the next piece with letters
	for i := range k.pieces {
		p := &k.pieces[i]
		if p.Key == 0 || first >= maxPieces {
			continue
		}
		flags := scope
		number := first
		if p.Kind == Compound {
			flags |= flagCompound
		} else {
			first++
			if number < headZone || number >= k.total-tailZone {
				flags |= flagEdge
			}
		}
		if p.Whole {
			flags |= flagWhole
		}
		switch p.Kind {
		case URL:
			flags |= flagURL
		case Hashtag:
			flags |= flagHashtag
		}
		if p.Weight >= longPiece {
			flags |= flagLong
		}
		if p.Weight <= shortBlock {
			flags |= flagShort
		}
		if p.Whole && endsSentence(blocks[p.Block].Text[p.Start:p.End]) {
			flags |= flagEnds
		}
		switch blocks[p.Block].Kind {
		case prose.Heading:
			flags |= flagHeading
		case prose.Caption:
			if p.Whole && p.Weight <= shortCredit {
				flags |= flagCredit
			}
		}
		rest := k.least
		if p.Key*hashPrime == k.least {
			rest = k.second
		}
		k.add(typeText, p.Key, rest, number, flags)
	}
}

// endsSentence tells whether s ends with the mark of a sentence, before closing quotes.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"')]”’」』）")
	last := lastRune(s)
	return last == '.' || last == '!' || last == '?' || sentenceEnd(last)
}

func (k *keyer) add(kind byte, piece, rest uint64, number int32, flags uint16) {
	n := len(k.dst)
	k.dst = slices.Grow(k.dst, KeyLen)[:n+KeyLen]
	r := k.dst[n:]
	binary.BigEndian.PutUint64(r, k.scope)
	r[atType] = kind
	binary.BigEndian.PutUint64(r[atPiece:], piece)
	binary.BigEndian.PutUint32(r[atArticle:], uint32(rest>>32)&^1|uint32(k.long))
	binary.BigEndian.PutUint32(r[atTitle:], k.title)
	number = min(number, 1<<24-1)
	r[KeyLen-5], r[KeyLen-4], r[KeyLen-3] = byte(number>>16), byte(number>>8), byte(number)
	binary.BigEndian.PutUint16(r[KeyLen-2:], flags)
}

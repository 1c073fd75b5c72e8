package langid

import (
	_ "embed"
	"strings"
)

// The tables, made by the program in train.
var (
	//go:embed latin.bin
	latinTable string
	//go:embed cyrillic.bin
	cyrillicTable string
	//go:embed arabic.bin
	arabicTable string
	//go:embed devanagari.bin
	devanagariTable string
)

// The languages of each table, in the order of its columns: those of train.
var (
	latinTags = strings.Fields("af az-Latn bs-Latn ca cs cy da de en eo es et eu fi fr ga hr hu id is it la lg lt lv " +
		"mi ms nb nl nn pl pt ro sk sl sn so sq sr-Latn st sv sw tl tn tr ts vi xh yo zu")
	cyrillicTags   = strings.Fields("be bg kk-Cyrl mk mn-Cyrl ru sr-Cyrl uk")
	arabicTags     = strings.Fields("ar fa ur")
	devanagariTags = strings.Fields("hi mr ne")
)

const (
	maxLangs = 64
	perNat   = 16  // steps of a score in a nat
	zero     = 255 // the byte for a score of 0; smaller ones are below

	symBoundary = 1 // the start or end of a word
)

// A model scores text of one script in each of its languages. It is a view of
// an embedded table, which is used as it lies in the program file:
//
//	uint32    languages, symbols, slots, bytes of pages (little endian)
//	pages     1024 bytes, the page of each 64 runes of the basic plane, then
//	          pages of 64 symbols
//	single    the row of each symbol
//	slots     5 bytes: 2 of the window's hash, 3 of the place of its scores;
//	          all 0 where free
//	scores    a byte of flags (0x80: no longer window ends with this one, 0x40:
//	          a row) and of the number of pairs; then the row or the pairs
//
// A window is a symbol with up to four before it, back to the start of the
// word. A row is the scores of a symbol after a window's other symbols, a byte
// for each language, padded to eight. Pairs are a language and a signed number,
// a byte each, to be added to the scores of the next shorter window. A symbol's
// scores are those of the longest window in the table that ends with it.
type model struct {
	tags    []string
	floor   float64 // the lowest level of text in one of the languages
	langs   int
	words   int // of eight bytes in a row
	symbols int
	slots   uint64
	pages   string
	single  string
	table   string
	scores  string
}

// modelOf opens the table of a script that has one.
func modelOf(sc script) (m model, ok bool) {
	switch sc {
	case latin:
		return openModel(latinTable, latinTags, alphabetFloor), true
	case cyrillic:
		return openModel(cyrillicTable, cyrillicTags, alphabetFloor), true
	case arabic:
		return openModel(arabicTable, arabicTags, arabicFloor), true
	case devanagari:
		return openModel(devanagariTable, devanagariTags, devanagariFloor), true
	}
	return model{}, false
}

func openModel(data string, tags []string, floor float64) model {
	u32 := func(at int) int {
		return int(data[at]) | int(data[at+1])<<8 | int(data[at+2])<<16 | int(data[at+3])<<24
	}
	m := model{tags: tags, floor: floor, langs: u32(0), symbols: u32(4), slots: uint64(u32(8))}
	m.words = (m.langs + 7) / 8
	rest := data[16:]
	cut := func(n int) string {
		s := rest[:n]
		rest = rest[n:]
		return s
	}
	m.pages = cut(u32(12))
	m.single = cut(8 * m.words * m.symbols)
	m.table = cut(5 * int(m.slots))
	m.scores = rest
	return m
}

func (m *model) symbol(r rune) byte {
	if uint32(r) > 0xffff {
		return symBoundary
	}
	return m.pages[1024+int(m.pages[r>>6])<<6+int(r&63)]
}

// find returns the place of a window's scores.
func (m *model) find(window uint64) (int, bool) {
	h := window * 0x9e3779b97f4a7c15
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	i := int(h >> 32 * m.slots >> 32)
	low, high := byte(h)|1, byte(h>>8)
	for {
		slot := m.table[5*i : 5*i+5]
		if slot[0] == low && slot[1] == high {
			return int(slot[2]) | int(slot[3])<<8 | int(slot[4])<<16, true
		}
		if slot[0] == 0 {
			return 0, false
		}
		if i++; i == int(m.slots) {
			i = 0
		}
	}
}

// A sample gathers the scores of a stretch of text.
type sample struct {
	scores  [maxLangs]int32
	lanes   [2 * maxLangs / 8]uint64 // rows not yet in scores: four sums of 16 bits each
	rows    int                      // how many these are
	letters int32
	symbols int32 // letters and ends of words
	window  uint64
}

func (s *sample) reset() { *s = sample{window: symBoundary} }

// add scores one symbol.
func (s *sample) add(m *model, symbol byte) {
	if symbol != symBoundary {
		s.letters++
	} else if s.window == symBoundary {
		return // between words
	}
	s.symbols++
	w := (s.window<<8 | uint64(symbol)) & (1<<40 - 1)
	s.window = w
	if symbol == symBoundary {
		s.window = symBoundary
	}

	row := m.single[8*m.words*int(symbol):]
	var pairs [4]string // since the row
	n := 0
	for size := uint(16); size <= 40 && w>>(size-8) != 0; size += 8 {
		at, ok := m.find(w & (1<<size - 1))
		if !ok {
			break
		}
		head := m.scores[at]
		if head&0x40 != 0 {
			row = m.scores[at+1:]
			n = 0
		} else {
			pairs[n] = m.scores[at+1 : at+1+2*int(head&0x3f)]
			n++
		}
		if head&0x80 != 0 {
			break
		}
	}
	s.addRow(row[:8*m.words])
	for _, p := range pairs[:n] {
		for len(p) >= 2 {
			s.scores[p[0]&(maxLangs-1)] += int32(int8(p[1]))
			p = p[2:]
		}
	}
}

// addRow adds eight scores at a time.
func (s *sample) addRow(row string) {
	const every2nd = 0x00ff00ff00ff00ff
	for i := 0; len(row) >= 8 && i+1 < len(s.lanes); i += 2 {
		v := uint64(row[0]) | uint64(row[1])<<8 | uint64(row[2])<<16 | uint64(row[3])<<24 |
			uint64(row[4])<<32 | uint64(row[5])<<40 | uint64(row[6])<<48 | uint64(row[7])<<56
		s.lanes[i] += v & every2nd
		s.lanes[i+1] += v >> 8 & every2nd
		row = row[8:]
	}
	if s.rows++; s.rows == 257 { // 257 * 255 still fits in 16 bits
		s.flush()
	}
}

// flush moves the sums of rows to the scores.
func (s *sample) flush() {
	for i, v := range s.lanes {
		l := i / 2 * 8
		for k := l + i%2; k < l+8; k += 2 {
			s.scores[k] += int32(v&0xffff) - int32(zero*s.rows)
			v >>= 16
		}
		s.lanes[i] = 0
	}
	s.rows = 0
}

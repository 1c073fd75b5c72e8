package quality

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
)

// maxSegments bounds the memory of n-grams, 80 MB: of a longer text they are measured on its beginning. That is ten
// times the longest text that Gopher keeps.
const maxSegments = 1 << 20

// shortLine is the length up to which FineWeb counts a line as short, in code points.
const shortLine = 30

// c4MaxWord and c4MinWords are C4's bounds for a line: no word is longer, in code points, and there are as many.
const (
	c4MaxWord  = 1000
	c4MinWords = 3
)

// Measurer measures texts one after the other and keeps its memory between them. The zero value works. It is for one
// goroutine.
type Measurer struct {
	hash   []uint64 // prefix hashes of the segments: hash[i] is of those before i
	chars  []uint32 // code points of the segments before i
	weight []uint32 // their weight, in units of which a word has wordWeight
	keys   []uint64 // an open hash table of n-grams
	counts []uint32
	first  []uint32            // where each occurred first
	seen   map[uint64]struct{} // of lines, of paragraphs
	stops  map[string]stopList
}

// Measure gives the signals of a text in a language, a BCP 47 tag. The text is UTF-8 in which lines end with \n. Time
// is linear in it.
func (m *Measurer) Measure(text, language string) Signals {
	var s Signals
	stops := m.stopsOf(primary(language))
	m.segments(text, &s, &stops)
	m.lines(text, &s)
	m.paragraphs(text, &s)
	s[StopWords] = float32(stops.found(text))
	lower := text
	if c4Mentions(text) {
		lower = strings.ToLower(text)
	}
	if strings.Contains(lower, "lorem ipsum") {
		s[LoremIpsum] = 1
	}
	s[CurlyBrackets] = float32(strings.Count(text, "{"))
	return s
}

// share is a/b as a share, 0 where there is nothing to share.
func share(a, b int) float32 {
	if b == 0 {
		return 0
	}
	return float32(float64(a) / float64(b))
}

// wordWeight is the weight of a word; the rest are those of one code point in scripts without spaces.
const (
	wordWeight   = 240
	hanWeight    = wordWeight * 4 / 7
	kanaWeight   = wordWeight * 2 / 3
	hangulWeight = wordWeight / 2
	southWeight  = wordWeight / 4
)

// segment is what is known of one segment.
type segment struct {
	word, letter bool
	chars        int
	weight       int
}

// look classifies a segment that is no white space.
func look(s string) segment {
	if len(s) == 1 && s[0] < 0x80 {
		letter := s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z'
		return segment{word: letter || s[0] >= '0' && s[0] <= '9', letter: letter, chars: 1, weight: wordWeight}
	}
	g := segment{weight: wordWeight}
	script := rune(0) // the first letter, which says the script
	for _, r := range s {
		g.chars++
		switch {
		case r < 0x80:
			switch {
			case r|0x20 >= 'a' && r|0x20 <= 'z':
				g.word, g.letter = true, true
			case r >= '0' && r <= '9':
				g.word = true
			}
		case unicode.IsLetter(r):
			if g.word, g.letter = true, true; script == 0 {
				script = r
			}
		case unicode.IsNumber(r):
			g.word = true
		}
	}
	switch {
	case script < 0xe00:
	case unicode.Is(unicode.Han, script):
		g.weight = hanWeight
	case unicode.Is(unicode.Hiragana, script):
		g.weight = kanaWeight * g.chars
	case unicode.Is(unicode.Hangul, script):
		g.weight = hangulWeight * g.chars
	case unicode.In(script, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		g.weight = southWeight * g.chars
	}
	return g
}

// segments measures what is counted in words.
func (m *Measurer) segments(text string, s *Signals, stops *stopList) {
	m.hash, m.chars, m.weight = append(m.hash[:0], 0), append(m.chars[:0], 0), append(m.weight[:0], 0)
	var all, wordish, lettered, letters int // weights, and code points
	end, last := 0, ""                      // of the segments whose n-grams are measured; the last segment
	skip := 0                               // the end of an address
	for it := words.FromString(text); it.Next(); {
		if it.Start() < skip {
			continue
		}
		v := it.Value()
		if n := addressAt(text[it.Start():], v); n > 0 {
			v, skip = text[it.Start():it.Start()+n], it.Start()+n
		}
		if isSpace(v) {
			last = ""
			continue
		}
		g := look(v)
		if !g.word && v == last { // a run of one mark
			if n := len(m.chars); it.Start() == end {
				m.chars[n-1] += uint32(g.chars)
				end = it.Start() + len(v)
			}
			continue
		}
		if last = v; g.word {
			last = ""
			wordish += g.weight
			letters += g.chars
		}
		all += g.weight
		if g.letter {
			lettered += g.weight
		}
		h := hashOf(v)
		stops.see(v, h)
		if n := len(m.hash); n <= maxSegments {
			m.hash = append(m.hash, m.hash[n-1]*prime+h)
			m.chars = append(m.chars, m.chars[n-1]+uint32(g.chars))
			m.weight = append(m.weight, m.weight[n-1]+uint32(g.weight))
			end = it.Start() + len(v)
		}
	}
	s[Words] = share(wordish, wordWeight)
	s[MeanWordLength] = share(letters*wordWeight, wordish)
	s[LetterWords] = share(lettered, all)
	s[HashRatio] = share(strings.Count(text, "#")*wordWeight, all)
	s[EllipsisRatio] = share((strings.Count(text, "...")+strings.Count(text, "…"))*wordWeight, all)
	s[LinesPerWord] = share(breaks(text)*wordWeight, all)

	total := utf8.RuneCountInString(text[:end])
	if len(m.hash) <= maxSegments {
		total = utf8.RuneCountInString(text)
	}
	m.table()
	for n := 2; n <= 4; n++ {
		s[Top2Gram+Signal(n-2)] = share(m.top(n), total)
	}
	for n := 5; n <= 10; n++ {
		s[Duplicate5Grams+Signal(n-5)] = share(m.repeated(n), total)
	}
}

// addressAt is the length of the address or handle at the beginning of text, whose first segment is first: it is one
// word, as for the published implementations.
func addressAt(text, first string) int {
	switch first {
	case "http", "https":
		if !strings.HasPrefix(text[len(first):], "://") {
			return 0
		}
	case "www.", "www", "@":
		if next, _ := utf8.DecodeRuneInString(text[len(first):]); len(text) == len(first) || !unicode.IsLetter(next) && next != '.' {
			return 0
		}
	default:
		if !strings.HasPrefix(first, "www.") {
			return 0
		}
	}
	n := strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 || unicode.IsSpace(r) })
	if n < 0 {
		n = len(text)
	}
	return len(strings.TrimRight(text[:n], ".,:;!?)]\"'"))
}

func isSpace(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// breaks counts the line breaks between lines that are not blank.
func breaks(text string) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		if !isSpace(line) {
			n++
		}
	}
	return max(0, n-1)
}

// prime is the multiplier of the prefix hashes, 2^64 divided by the golden ratio, odd.
const prime = 0x9e3779b97f4a7c15

// hashOf is FNV-1a (Fowler, Noll, Vo), 64 bits, with its bits mixed.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finalizer of MurmurHash3 (Appleby).
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// table makes room for the n-grams of the segments at hand.
func (m *Measurer) table() {
	size := 1 << bits.Len(uint(2*len(m.hash)))
	if cap(m.keys) < size {
		m.keys, m.counts, m.first = make([]uint64, size), make([]uint32, size), make([]uint32, size)
	}
	m.keys, m.counts, m.first = m.keys[:size], m.counts[:size], m.first[:size]
}

// slot is where an n-gram is or would be in the table.
func (m *Measurer) slot(key uint64) int {
	mask := uint64(len(m.keys) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if m.keys[i] == key || m.keys[i] == 0 {
			return int(i)
		}
	}
}

// ngram is a run of segments that has the weight of n words, the shortest from its start.
type ngram struct {
	m        *Measurer
	n        int
	from, to int
}

// next moves to the n-gram that begins at i; i must not decrease.
func (g *ngram) next(i int) bool {
	for g.from = i; g.to <= i || g.m.weight[g.to]-g.m.weight[i] < uint32(g.n*wordWeight); g.to++ {
		if g.to == len(g.m.weight)-1 {
			return false
		}
	}
	return true
}

func (g *ngram) key() uint64 {
	n := g.to - g.from
	return max(1, mix(g.m.hash[g.to]-g.m.hash[g.from]*powers[n])+uint64(n))
}

// powers are those of prime. An n-gram has at most one segment for each quarter of a word, in Thai and its neighbours.
var powers = func() (p [10*wordWeight/southWeight + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * prime
	}
	return p
}()

func (g *ngram) chars() int { return int(g.m.chars[g.to] - g.m.chars[g.from]) }

// top is how many characters the most frequent n-gram takes, the first of those that are. As in the published
// implementations, overlapping ones count, and so does a space between words.
func (m *Measurer) top(n int) int {
	clear(m.keys)
	clear(m.counts)
	best, chars := -1, 0
	g := ngram{m: m, n: n}
	for i := 0; g.next(i); i++ {
		key := g.key()
		at := m.slot(key)
		if m.counts[at]++; m.counts[at] == 1 {
			m.keys[at], m.first[at] = key, uint32(i)
		}
		if best < 0 || m.counts[at] > m.counts[best] || m.counts[at] == m.counts[best] && m.first[at] < m.first[best] {
			best, chars = at, g.chars()
		}
	}
	if best < 0 {
		return 0
	}
	return (chars + n - 1) * int(m.counts[best])
}

// repeated is how many characters are in n-grams that occurred before, each character counted once.
func (m *Measurer) repeated(n int) int {
	clear(m.keys)
	sum := 0
	g := ngram{m: m, n: n}
	for i := 0; g.next(i); {
		key := g.key()
		if at := m.slot(key); m.keys[at] == key {
			sum += g.chars()
			i = g.to
		} else {
			m.keys[at] = key
			i++
		}
	}
	return sum
}

// lines measures what is counted in lines that are not blank.
func (m *Measurer) lines(text string, s *Signals) {
	m.forget()
	var n, bullets, ellipses, closed, short, again, chars, againChars, ended int
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			continue
		}
		n++
		size := utf8.RuneCountInString(line)
		chars += size
		if strings.HasPrefix(trimmed, "•") || strings.HasPrefix(trimmed, "-") {
			bullets++
		}
		if strings.HasSuffix(trimmed, "...") || strings.HasSuffix(trimmed, "…") {
			ellipses++
		}
		if last, _ := utf8.DecodeLastRuneInString(line); endsSentence(last) {
			closed++
		}
		if size <= shortLine {
			short++
		}
		if m.again(line) {
			again++
			againChars += size
		}
		if c4Keeps(trimmed) {
			ended += countSentences(trimmed)
		}
	}
	s[BulletLines], s[EllipsisLines] = share(bullets, n), share(ellipses, n)
	s[ClosedLines], s[ShortLines] = share(closed, n), share(short, n)
	s[DuplicateLines], s[DuplicateLineChars] = share(again, n), share(againChars, chars)
	s[ClosedSentences] = float32(ended)
}

// paragraphs measures what is counted in paragraphs, which are separated by a blank line.
func (m *Measurer) paragraphs(text string, s *Signals) {
	m.forget()
	var n, again, againChars int
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if p = strings.Trim(p, "\n"); p == "" {
			continue
		}
		if n++; m.again(p) {
			again++
			againChars += utf8.RuneCountInString(p)
		}
	}
	s[DuplicateParagraphs] = share(again, n)
	s[DuplicateParagraphChars] = share(againChars, utf8.RuneCountInString(text))
}

func (m *Measurer) forget() {
	if m.seen == nil {
		m.seen = map[uint64]struct{}{}
	}
	clear(m.seen)
}

// again reports whether the string was there before since forget.
func (m *Measurer) again(s string) bool {
	h := hashOf(s)
	_, ok := m.seen[h]
	m.seen[h] = struct{}{}
	return ok
}

// endsSentence holds for the characters with the property Sentence_Terminal, with the Khmer signs that it has since
// Unicode 16.
func endsSentence(r rune) bool {
	return unicode.Is(unicode.STerm, r) || r >= 0x17d4 && r <= 0x17d6 || r == 0x17d9 || r == 0x17da
}

// c4Mentions holds where the text may hold one of the words that C4 looks for in any case.
func c4Mentions(text string) bool {
	return strings.Contains(text, "psum") || strings.Contains(text, "PSUM")
}

// c4Keeps holds for the lines that C4 keeps. Line is trimmed.
func c4Keeps(line string) bool {
	switch line[len(line)-1] {
	case '.', '?', '!', '"', '\'':
	default:
		return false
	}
	if strings.HasSuffix(line, "...") {
		return false
	}
	n := 0
	for word := range strings.FieldsSeq(line) {
		if n++; len(word) > c4MaxWord && utf8.RuneCountInString(word) > c4MaxWord {
			return false
		}
	}
	if n < c4MinWords {
		return false
	}
	lower := strings.ToLower(line)
	for _, p := range [...]string{"javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"} {
		if strings.Contains(lower, p) {
			return false
		}
	}
	return true
}

func countSentences(line string) int {
	n := 0
	for it := sentences.FromString(line); it.Next(); {
		if strings.ContainsFunc(it.Value(), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			n++
		}
	}
	return n
}

// stopList are the stop words of one language and which of them were seen.
type stopList struct {
	words    []string
	hashes   []uint64
	joined   bool // the language is written without spaces, or joins them to words: they count wherever they stand
	elided   []int
	seenBits uint64
}

func (m *Measurer) stopsOf(language string) stopList {
	if l, ok := m.stops[language]; ok {
		return l
	}
	var l stopList
	l.words = stopWordLists()[language]
	l.joined = slices.Contains([]string{"zh", "yue", "ja", "ko", "th", "lo"}, language)
	for i, w := range l.words {
		l.hashes = append(l.hashes, hashOf(w))
		if strings.HasSuffix(w, "'") {
			l.elided = append(l.elided, i)
		}
	}
	if m.stops == nil {
		m.stops = map[string]stopList{}
	}
	m.stops[language] = l
	return l
}

// see looks at one segment. A stop word that ends with an apostrophe is the beginning of a word.
func (l *stopList) see(s string, h uint64) {
	if l.joined {
		return
	}
	if i := slices.Index(l.hashes, h); i >= 0 {
		l.seenBits |= 1 << i
	}
	for _, i := range l.elided {
		w := strings.TrimSuffix(l.words[i], "'")
		if rest, ok := strings.CutPrefix(s, w); ok && (strings.HasPrefix(rest, "'") || strings.HasPrefix(rest, "’")) {
			l.seenBits |= 1 << i
		}
	}
}

// found is how many different stop words there are.
func (l *stopList) found(text string) int {
	if !l.joined {
		return bits.OnesCount64(l.seenBits)
	}
	n := 0
	for _, w := range l.words {
		if strings.Contains(text, w) {
			n++
		}
	}
	return n
}

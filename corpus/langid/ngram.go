package langid

import (
	"math"
	"unicode/utf8"
)

const (
	// temperature flattens the odds between languages: the letters of a word are
	// not independent of each other as the models would have it. With 1.5 about
	// as many single words are right as their scores say.
	temperature = 1.5

	// Text in one of its languages scores about -1.5 nats a symbol in a model of
	// an alphabet, -1.9 in Arabic and -2.4 in Devanagari, and seldom under the
	// floor; text in a language without a model, or in none, mostly does. Few
	// symbols scatter more, by the slack over the root of their number.
	alphabetFloor   = -2.35
	arabicFloor     = -2.6
	devanagariFloor = -3.0
	slack           = 2.5
	softness        = 0.12

	// A result below this probability is Undetermined.
	leastScore = 1.0 / 3

	// A piece is in a second language where it has this many letters and scores
	// better there than in the main one by this many nats.
	mixedLetters = 60
	mixedMargin  = 15
)

// A piece is a stretch of text scored by itself.
type piece struct {
	scores           [maxLangs]int32
	letters, symbols int32
}

// identify scores the letters of one script in each language of its table.
func (m *model) identify(title, text string) Result {
	var s sample
	var pieces [scorePieces + 1]piece
	var all piece
	n := 0
	score := func(t string) {
		s.reset()
		s.addText(m, t)
		if s.letters == 0 {
			return
		}
		s.flush()
		p := &pieces[n]
		n++
		p.scores, p.letters, p.symbols = s.scores, s.letters, s.symbols
		all.add(p, m.langs)
	}
	score(title)
	eachPiece(text, scorePieces, scoreBytes, score)
	if n == 0 {
		return Result{Tag: Undetermined}
	}
	main := all.best(m.langs)
	r := Result{Tag: m.tags[main], Score: float32(all.confidence(m, main))}

	// In a text of two languages some pieces speak against the main one.
	if n > 1 {
		var second int32
		var rest piece // what is in the main language
		for i := range pieces[:n] {
			p := &pieces[i]
			b := p.best(m.langs)
			if b != main && p.letters >= mixedLetters && p.scores[b]-p.scores[main] >= mixedMargin*perNat &&
				p.level(b) >= m.floor {
				second += p.letters
			} else {
				rest.add(p, m.langs)
			}
		}
		if 5*second >= all.letters && rest.letters > 0 {
			r.Mixed = true
			r.Score = max(r.Score, float32(rest.confidence(m, main)))
		}
	}
	if r.Score < leastScore {
		r.Tag = Undetermined
	}
	return r
}

func (p *piece) add(q *piece, langs int) {
	for l := range langs {
		p.scores[l] += q.scores[l]
	}
	p.letters += q.letters
	p.symbols += q.symbols
}

func (p *piece) best(langs int) int {
	b := 0
	for l, s := range p.scores[:langs] {
		if s > p.scores[b] {
			b = l
		}
	}
	return b
}

// level is the score of a language in nats a symbol.
func (p *piece) level(lang int) float64 {
	return float64(p.scores[lang]) / float64(p.symbols) / perNat
}

// confidence is the probability of a language, all being equally likely
// beforehand, times that of the text being in one of them at all.
func (p *piece) confidence(m *model, lang int) float64 {
	sum := 0.0
	for _, s := range p.scores[:m.langs] {
		sum += math.Exp(float64(s-p.scores[lang]) / (perNat * temperature))
	}
	above := p.level(lang) - m.floor + slack/math.Sqrt(float64(p.symbols))
	return 1 / sum / (1 + math.Exp(-above/softness))
}

// addText scores the letters of text, but for those that census.count passes
// over.
func (s *sample) addText(m *model, text string) {
	for i := 0; i < len(text); {
		b := text[i]
		if b >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			s.add(m, m.symbol(r))
			i += size
			continue
		}
		if b <= ' ' {
			s.add(m, symBoundary)
			i++
			continue
		}
		end, _, words := token(text, i)
		if !words {
			s.add(m, symBoundary)
			i = end
			continue
		}
		for ; i < end; i++ {
			s.add(m, m.symbol(rune(text[i])))
		}
	}
	s.add(m, symBoundary)
}

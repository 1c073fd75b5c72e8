// Package langid tells which language a text is written in, and in which
// script where the language has two in use.
//
// Most scripts belong to one language, and counting letters is enough. Han is
// told apart by characters: package hanfold knows those of Simplified and of
// Traditional Chinese, and small sets show Cantonese and Japanese. Latin,
// Cyrillic, Arabic and Devanagari letters are scored by a model of each
// language: the probability of a letter after the four before it.
//
// # Sources
//
// The tables of Latin, Cyrillic and Arabic letters (latin.bin, cyrillic.bin,
// arabic.bin) are derived from the n-gram models of lingua
// (https://github.com/pemistahl/lingua-rs, crates lingua-*-language-model,
// Apache-2.0, copyright Peter M. Stahl), which were counted on the Wortschatz
// corpora of Leipzig University (https://wortschatz.uni-leipzig.de, CC BY), and
// so are the characters that only Japanese uses (han.go). The table of
// Devanagari (devanagari.bin) is derived from three profiles of langdetect 1.0.9
// (https://github.com/Mimino666/langdetect, Apache-2.0, copyright Cybozu Labs
// and Michal Danilak), which were counted on abstracts of Wikipedia. The program
// in train makes all four; its README.md says how. Simplified and Traditional
// characters: see package hanfold, which has them from OpenCC (Apache-2.0). The
// characters of Cantonese were chosen by hand.
package langid

import (
	"math"
	"unicode/utf8"
)

// A Result is what Identify finds.
type Result struct {
	// Tag is a BCP 47 tag: a language, with its script where it is written in
	// two (zh-Hans, zh-Hant, sr-Cyrl, sr-Latn), zh where the characters do not
	// decide between these, und where nothing is convincing.
	Tag string

	// Score is the probability, 0 to 1 in steps of a thousandth, that Tag is
	// right, as the models see it. For und it is that of the best guess.
	Score float32

	// Mixed says that a second language, or the other way of writing Chinese,
	// makes up at least a fifth of the text.
	Mixed bool
}

// Undetermined is the tag of a text without a convincing language.
const Undetermined = "und"

// Identify tells the language of a title and its text, taken together; either
// may be empty. Addresses, hashtags and handles, numbers and code are passed
// over. Of a long text evenly spaced pieces are read, so that the time is
// bounded; which ones depends on the text alone.
func Identify(title, text string) Result {
	var c census
	c.count(title)
	c.title = c.letters
	eachPiece(text, countPieces, countBytes, c.count)
	r := c.decide(title, text)
	r.Score = float32(math.Round(float64(r.Score)*1000) / 1000)
	return r
}

const (
	countPieces = 16 // of longer texts, this many pieces of countBytes are counted
	countBytes  = 4 << 10
	scorePieces = 8 // and this many of scoreBytes are scored by a model
	scoreBytes  = 400
)

// eachPiece calls do with at most n pieces of about size bytes: one after the
// other where s is no longer than these together, else evenly spaced. A piece
// starts and ends at a space where there is one near.
func eachPiece(s string, n, size int, do func(string)) {
	stride := max(size, len(s)/n)
	for from, i := 0, 1; from < len(s); i++ {
		next := len(s)
		if i < n {
			next = pieceStart(s, i*stride)
		}
		to := next
		if stride > size {
			to = min(next, pieceStart(s, from+size))
		}
		if from < to {
			do(s[from:to])
		}
		from = next
		if i == n {
			return
		}
	}
}

// pieceStart is the first space from at on, or the start of a character where
// there is none near.
func pieceStart(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	for i := at; i < len(s) && i < at+64; i++ {
		if s[i] <= ' ' {
			return i
		}
	}
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	return at
}

// decide takes the script with the most letters, weighted, those of the title
// twice, and the language by what was counted or by the model of the script.
func (c *census) decide(title, text string) Result {
	var weights [numScripts]int
	total := 0
	for sc := none + 1; sc < numScripts; sc++ {
		weights[sc] = (c.letters[sc] + c.title[sc]) * max(1, weight[sc])
		total += weights[sc]
	}
	weights[han] += weights[kana] // one text, whichever language it is
	weights[kana] = 0
	main := none
	for sc := none + 1; sc < numScripts; sc++ {
		if weights[sc] > weights[main] {
			main = sc
		}
	}
	var r Result
	if m, ok := modelOf(main); ok {
		r = m.identify(title, text)
	} else if main == han {
		r = c.chinese()
	} else if tag := only[main]; tag != "" {
		r = Result{Tag: tag, Score: 1}
		switch {
		case main == hebrew && 50*c.yiddish >= c.letters[hebrew]:
			r.Tag = "yi"
		case main == bengali && 100*c.assamese >= c.letters[bengali]:
			r.Tag = "as"
		case main == ethiopic && 100*c.tigrinya >= c.letters[ethiopic]:
			r.Tag = "ti"
		}
	} else {
		return Result{Tag: Undetermined}
	}
	if 5*(total-weights[main]) >= total {
		r.Mixed = true
	}
	return r
}

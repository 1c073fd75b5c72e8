package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// readCounts recovers from a model of lingua how often each n-gram of one to
// five letters occurred in its training text.
//
// A model holds for each n-gram the logarithm of its count divided by that of
// its first n-1 letters, and for a single letter of its count divided by the
// number of all letters. The rarest letter of most languages occurred once, so
// that its share gives the number of letters; where the shares do not come out
// as whole counts, small multiples are tried.
func readCounts(crate string) (map[string]int64, error) {
	data, err := os.ReadFile(filepath.Join(crate, "models", "ngrams.fst"))
	if err != nil {
		return nil, err
	}
	var letters []float64
	least := 1.0
	if err := walkFST(data, func(key []byte, value float64) {
		if utf8.RuneCount(key) == 1 {
			p := math.Exp(value)
			letters = append(letters, p)
			least = min(least, p)
		}
	}); err != nil {
		return nil, err
	}
	total := 0.0
	for k := 1.0; k < 2000 && total == 0; k++ {
		if whole(letters, k/least) {
			total = k / least
		}
	}
	if total == 0 {
		return nil, fmt.Errorf("%s: the shares of the letters are no whole counts", crate)
	}

	// Keys come in bytewise order, a prefix right before what it begins, so the
	// count of the prefix is always the latest one of its length.
	counts := make(map[string]int64)
	var exact [6]float64
	exact[0] = total
	err = walkFST(data, func(key []byte, value float64) {
		n := utf8.RuneCount(key)
		exact[n] = math.Round(exact[n-1] * math.Exp(value))
		counts[string(key)] = int64(exact[n])
	})
	return counts, err
}

func whole(shares []float64, total float64) bool {
	for _, p := range shares {
		c := p * total
		if math.Abs(c-math.Round(c)) > 0.02 {
			return false
		}
	}
	return true
}

// boundary stands before and after each word.
const boundary = '_'

// windows turns counts of n-grams into counts of windows: for every letter of
// the training text, and for the boundary after every word, the window is that
// symbol with the four before it, or fewer where the word starts later; a start
// of word counts as a symbol. The sum of all windows is thus the number of
// letters and words of the text.
//
// The models know nothing of words, but how often "abcd" starts one follows
// from the counts of "abcd" and of every "?abcd", and how often it ends one
// from those of every "abcd?".
func windows(counts map[string]int64) map[string]int64 {
	starts := make(map[string]int64) // n-grams of one to four letters at the start of a word
	ends := make(map[string]int64)   // the same at the end
	for g, c := range counts {
		if utf8.RuneCountInString(g) < 5 {
			starts[g] += c
			ends[g] += c
		}
		if n := utf8.RuneCountInString(g); n > 1 {
			_, size := utf8.DecodeRuneInString(g)
			starts[g[size:]] -= c
			_, size = utf8.DecodeLastRuneInString(g)
			ends[g[:len(g)-size]] -= c
		}
	}
	whole := make(map[string]int64) // words of one to three letters
	for g, c := range starts {
		if c <= 0 {
			continue
		}
		if utf8.RuneCountInString(g) < 4 {
			whole[g] += c
		}
		if n := utf8.RuneCountInString(g); n > 1 {
			_, size := utf8.DecodeLastRuneInString(g)
			whole[g[:len(g)-size]] -= c
		}
	}
	w := make(map[string]int64)
	add := func(g string, c int64) {
		if c > 0 {
			w[g] += c
		}
	}
	for g, c := range counts {
		if utf8.RuneCountInString(g) == 5 {
			add(g, c)
		}
	}
	for g, c := range starts {
		add(string(boundary)+g, c)
	}
	for g, c := range ends {
		if utf8.RuneCountInString(g) == 4 {
			add(g+string(boundary), c)
		}
	}
	for g, c := range whole {
		add(string(boundary)+g+string(boundary), c)
	}
	return w
}

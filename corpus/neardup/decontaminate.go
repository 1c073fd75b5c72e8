package neardup

import (
	"iter"
	"slices"
	"strings"
)

// A Decontaminator finds texts that share a long run of words with given ones: those of an evaluation set, which a model
// that is to be measured by it must not have read. It is not changed by use.
type Decontaminator struct {
	words, chars int64
	grams        []uint64 // hashes of the runs, ascending
	filter       []uint64 // a bit for the upper bits of each
	shift        uint
	skipped      int
}

// The usual lengths of a shared run: 13 words as for GPT-3 (Brown et al., 2020, appendix C), and of the scripts written
// without spaces as many characters as say about as much.
const (
	DecontaminateWords = 13
	DecontaminateChars = 40
)

// NewDecontaminator reads the texts. A run is that many words, or characters of scripts without spaces between words, or
// a mixture in proportion; case, width and Traditional characters are folded, punctuation does not count. Memory is
// about ten bytes for each word or character of the texts.
func NewDecontaminator(texts iter.Seq[string], words, chars int) *Decontaminator {
	d := &Decontaminator{words: int64(max(words, 1)), chars: int64(max(chars, 1))}
	for text := range texts {
		before := len(d.grams)
		d.runs(text, func(h uint64, from, to int32) bool {
			d.grams = append(d.grams, h)
			return true
		})
		if len(d.grams) == before {
			d.skipped++
		}
	}
	slices.Sort(d.grams)
	d.grams = slices.Clip(slices.Compact(d.grams))
	bits := 6
	for 1<<bits < 16*len(d.grams) {
		bits++
	}
	d.filter, d.shift = make([]uint64, 1<<(bits-6)), uint(64-bits)
	for _, h := range d.grams {
		b := h >> d.shift
		d.filter[b>>6] |= 1 << (b & 63)
	}
	return d
}

// Skipped is the number of texts that are shorter than a run: nothing is found by them.
func (d *Decontaminator) Skipped() int { return d.skipped }

// Match returns the first run that text shares with one of the given texts, as it stands in text.
func (d *Decontaminator) Match(text string) (run string, ok bool) {
	d.runs(text, func(h uint64, from, to int32) bool {
		b := h >> d.shift
		if d.filter[b>>6]>>(b&63)&1 == 0 {
			return true
		}
		if _, ok = slices.BinarySearch(d.grams, h); ok {
			run = strings.TrimLeftFunc(text[from:to], func(r rune) bool {
				_, c := look(r)
				return c == separator || c == ignored
			})
		}
		return !ok
	})
	return run, ok
}

// runs calls yield with the hash of each run and the bytes it takes, with what separates it from the unit before.
func (d *Decontaminator) runs(text string, yield func(h uint64, from, to int32) bool) {
	// A word weighs as much as chars/words characters; so that all is whole numbers, everything is multiplied by words.
	target := d.words * d.chars
	weigh := func(u unit) int64 {
		if u.weight == charWeight {
			return d.words
		}
		return d.chars
	}
	var window []unit
	var weight int64
	var hash, power uint64 = 0, 1 // power is rollPrime to the length of the window
	inverse := inverse64(rollPrime)
	first := int32(0) // byte after the unit before the window
	var buf [batch]unit
	sc := scanner{text: text}
	for us := sc.next(buf[:]); len(us) > 0; us = sc.next(buf[:]) {
		for _, u := range us {
			window = append(window, u)
			weight += weigh(u)
			hash = hash*rollPrime + u.hash
			power *= rollPrime
			for weight-weigh(window[0]) >= target {
				weight -= weigh(window[0])
				power *= inverse
				hash -= window[0].hash * power
				first = window[0].end
				window = window[1:]
			}
			if weight >= target && !yield(mix(hash*shinglePrime), first, u.end) {
				return
			}
		}
	}
}

// inverse64 is the inverse of an odd number modulo 2^64, by Newton's iteration.
func inverse64(a uint64) uint64 {
	x := a // right in three bits
	for range 5 {
		x *= 2 - a*x
	}
	return x
}

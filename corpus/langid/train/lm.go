package main

import "math/bits"

// A key is a window of at most five symbols of a script's alphabet, a byte
// each, the last symbol lowest. No symbol is 0.
type key uint64

const (
	symBoundary = 1 // the start or end of a word
	symOther    = 2 // a letter that is not in the alphabet
	symFirst    = 3 // the first letter of the alphabet
)

func (k key) len() int            { return (bits.Len64(uint64(k)) + 7) / 8 }
func (k key) suffix(n int) key    { return k & (1<<(8*n) - 1) }
func (k key) append(s byte) key   { return (k<<8 | key(s)).suffix(5) }
func (k key) parent() key         { return k.suffix(k.len() - 1) }
func (k key) context() (key, int) { return k >> 8, k.len() - 1 }

// An lm is a model of one language over the symbols of its script: it gives
// the probability of a symbol after the up to four before it, by interpolation
// as Witten and Bell (The zero-frequency problem, IEEE Transactions on
// Information Theory 37(4), 1991) propose: the more different symbols have
// followed a context, the more is left to the next shorter one.
type lm struct {
	count    map[key]float64     // of every window and every suffix of one
	contexts [5]map[key]followed // by length
	total    float64
}

type followed struct{ count, kinds float64 }

func newLM(windows map[key]float64) *lm {
	m := &lm{count: make(map[key]float64)}
	for w, c := range windows {
		for n := 1; n <= w.len(); n++ {
			m.count[w.suffix(n)] += c
		}
	}
	for i := range m.contexts {
		m.contexts[i] = make(map[key]followed)
	}
	for w, c := range m.count {
		h, n := w.context()
		f := m.contexts[n][h]
		f.count += c
		f.kinds++
		m.contexts[n][h] = f
	}
	m.total = m.contexts[0][0].count
	return m
}

// alphabetSize spreads what is left of the shortest context.
const alphabetSize = 200

// p is the probability of the last symbol of w after those before it.
func (m *lm) p(w key) float64 {
	f := m.contexts[0][0]
	p := (m.count[w.suffix(1)] + f.kinds/alphabetSize) / (f.count + f.kinds)
	for n := 2; n <= w.len(); n++ {
		s := w.suffix(n)
		f, ok := m.contexts[n-1][s>>8]
		if !ok {
			break
		}
		p = (m.count[s] + f.kinds*p) / (f.count + f.kinds)
	}
	return p
}

// share is how often w, as the end of a window, occurs per symbol of text.
func (m *lm) share(w key) float64 { return m.count[w] / m.total }

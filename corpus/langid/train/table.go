package main

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	unit = 16.0 // steps of a score per nat
	zero = 255  // the byte for a score of 0; smaller ones are below
	clip = 7.0  // no window speaks against a language by more nats than this
)

// An entry is the scores of a window: a row, the score in every language, or
// pairs, what is added to the scores of the next shorter window in the table.
type entry struct {
	key   key
	row   []byte
	pairs []pair
	leaf  bool    // no longer window ends with this one
	share float64 // how often it occurs per symbol, in the language that has it most
}

type pair struct {
	lang  byte
	delta int8
}

// buildTable chooses the windows worth their bytes. It returns the rows of
// single symbols and the entries of longer windows.
//
// A text's score in a language is the sum of log-probabilities of its symbols
// after the four before them. What a window says about language m is left out,
// and its parent's score used instead, where that changes too little: the
// difference, times how often the window is met, over the divergence of the two
// languages it would help to tell apart, is below cut. So Danish is told from
// Norwegian by many more windows than from Zulu.
func buildTable(lms []*lm, symbols int, cut float64) ([][]byte, []entry) {
	langs := len(lms)
	weight := divergence(lms)
	for l := range weight {
		for m := range weight[l] {
			weight[l][m] = 1 / weight[l][m]
		}
		weight[l][l] = 0
	}

	single := make([][]byte, symbols)
	base := make([][]float64, symbols)
	scores := func(w key) []float64 {
		v := make([]float64, langs)
		top := math.Inf(-1)
		for l, m := range lms {
			v[l] = math.Log(m.p(w))
			top = max(top, v[l])
		}
		for l := range v {
			v[l] = max(v[l], top-clip)
		}
		return v
	}
	for s := range single {
		single[s] = make([]byte, langs)
		base[s] = make([]float64, langs)
		if s > 0 {
			single[s], base[s] = quantize(scores(key(s)))
		}
	}

	// Every window of n symbols that some language has often enough.
	byLength := make([][]key, 6)
	seen := make(map[key]bool)
	for _, m := range lms {
		for w := range m.count {
			if n := w.len(); n > 1 && m.share(w) > cut/1000 && !seen[w] {
				seen[w] = true
				byLength[n] = append(byLength[n], w)
			}
		}
	}

	made := make(map[key][]float64) // scores as the table will give them
	kept := make(map[key]entry)
	lookup := func(w key) []float64 {
		for n := w.len(); n > 1; n-- {
			if v, ok := made[w.suffix(n)]; ok {
				return v
			}
		}
		return base[w&0xff]
	}
	share := make([]float64, langs)
	for n := 2; n <= 5; n++ {
		slices.Sort(byLength[n])
		for _, w := range byLength[n] {
			have := lookup(w)
			most := 0.0
			for l, m := range lms {
				share[l] = m.share(w)
				most = max(most, share[l])
			}
			if most < cut/100 {
				continue
			}
			want := scores(w)
			// Only differences between languages matter, but the level is kept
			// too, for it tells text from noise.
			var pairs []pair
			var got []float64
			for m := range lms {
				delta := math.Round((want[m] - have[m]) * unit)
				if delta == 0 {
					continue
				}
				use := 0.0
				for l := range lms {
					if l != m {
						use += share[l]*weight[l][m] + share[m]*weight[m][l]
					}
				}
				if math.Abs(delta)/unit*use < cut {
					continue
				}
				delta = min(max(delta, -127), 127)
				pairs = append(pairs, pair{byte(m), int8(delta)})
				if got == nil {
					got = slices.Clone(have)
				}
				got[m] += delta / unit
			}
			if pairs == nil {
				continue
			}
			if 2*len(pairs) >= langs*4/5 { // a row is hardly longer, and faster
				row, got := quantize(want)
				made[w] = got
				kept[w] = entry{key: w, row: row}
				continue
			}
			made[w] = got
			kept[w] = entry{key: w, pairs: pairs}
		}
	}

	// A window is found through its suffixes, so these must be there too.
	inner := make(map[key]bool)
	for w := range made {
		for p := w.parent(); p.len() > 1; p = p.parent() {
			inner[p] = true
			if _, ok := kept[p]; !ok {
				kept[p] = entry{key: p}
			}
		}
	}
	entries := make([]entry, 0, len(kept))
	for w, e := range kept {
		e.leaf = !inner[w]
		for _, m := range lms {
			e.share = max(e.share, m.share(w))
		}
		entries = append(entries, e)
	}
	// The frequent ones together, for the processor's caches.
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.key, b.key))
	})
	return single, entries
}

// quantize rounds scores to bytes and returns these and what they stand for.
func quantize(scores []float64) ([]byte, []float64) {
	row := make([]byte, len(scores))
	got := make([]float64, len(scores))
	for l, v := range scores {
		q := min(max(math.Round(v*unit)+zero, 0), zero)
		row[l] = byte(q)
		got[l] = (q - zero) / unit
	}
	return row, got
}

// divergence estimates for each two languages by how many nats a symbol of
// text in the first is less probable in the second.
func divergence(lms []*lm) [][]float64 {
	const samples = 4000
	d := make([][]float64, len(lms))
	for l, m := range lms {
		d[l] = make([]float64, len(lms))
		longest := 0
		for w := range m.count {
			longest = max(longest, w.len())
		}
		var all []key
		for w := range m.count {
			if w.len() == longest {
				all = append(all, w)
			}
		}
		slices.Sort(all)
		random := rand.New(rand.NewPCG(1, uint64(l)))
		sum := 0.0
		for range samples {
			w := all[random.IntN(len(all))]
			c := m.count[w]
			sum += c
			p := math.Log(m.p(w))
			for k, other := range lms {
				d[l][k] += c * min(p-math.Log(other.p(w)), clip)
			}
		}
		for k := range d[l] {
			d[l][k] = max(d[l][k]/sum, 0.02)
		}
	}
	return d
}

// encode lays a table out for lookup without decoding; package langid's
// model.go describes the layout.
func encode(pages []byte, single [][]byte, entries []entry, langs int) []byte {
	stride := (langs + 7) / 8 * 8
	padded := func(out, row []byte) []byte {
		out = append(out, row...)
		return append(out, make([]byte, stride-len(row))...)
	}
	slots := len(entries)*100/85 + 1
	table := make([]uint64, slots)
	var scores []byte
	known := make(map[string]int)
	for _, e := range entries {
		head := byte(len(e.pairs))
		if e.leaf {
			head |= 0x80
		}
		var s []byte
		if e.row != nil {
			s = padded([]byte{head | 0x40}, e.row)
		} else {
			s = []byte{head}
			for _, x := range e.pairs {
				s = append(s, x.lang, byte(x.delta))
			}
		}
		at, ok := known[string(s)]
		if !ok {
			at = len(scores)
			known[string(s)] = at
			scores = append(scores, s...)
		}
		h := hash(e.key)
		i := int(h >> 32 * uint64(slots) >> 32)
		for table[i] != 0 {
			if i++; i == slots {
				i = 0
			}
		}
		table[i] = (h&0xffff | 1) | uint64(at)<<16
	}
	if len(scores) > 1<<24 {
		panic("places of scores do not fit in 24 bits")
	}

	var out []byte
	u32 := func(v int) { out = binary.LittleEndian.AppendUint32(out, uint32(v)) }
	u32(langs)
	u32(len(single))
	u32(slots)
	u32(len(pages))
	out = append(out, pages...)
	for _, row := range single {
		out = padded(out, row)
	}
	for _, t := range table {
		out = append(out, byte(t), byte(t>>8), byte(t>>16), byte(t>>24), byte(t>>32))
	}
	return append(out, scores...)
}

// hash spreads a window over 64 bits: the upper half places it, the lowest 16
// bits tell it from others in the same place.
func hash(k key) uint64 {
	h := uint64(k) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	return h * 0xbf58476d1ce4e5b9
}

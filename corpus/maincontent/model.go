package maincontent

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// lexicon is what training learned about tokens of attributes and words of short texts: the weight of one is the
// logarithm of the odds that text which carries it belongs to the main content.
type lexicon struct {
	tokens, words map[string]float32
	kinds         map[string][2]float32 // of the page: forum, documentation
}

// split is an inner node of a regression tree: rows whose feature is at most the threshold go left. A branch that is not
// negative is the place of a split in the same tree, a negative one is ^place of a leaf.
type split struct {
	feature     int16
	left, right int16
	threshold   float32
}

// model is a boosted sum of small trees; the sum is the logarithm of the odds that a block is main content.
type model struct {
	lexicon
	trees  [][]split
	leaves []float32
}

//go:embed model.txt
var modelText string

var theModel = sync.OnceValue(func() *model {
	m, err := readModel(modelText)
	if err != nil {
		panic("maincontent: " + err.Error()) // the file is part of the program, and a test reads it
	}
	return m
})

// readModel reads a line for each weight ("token sidebar -2.3", "word share -1.9", "kind phpbb 1.5 0") and for each tree
// "tree N" with N lines "split FEATURE THRESHOLD LEFT RIGHT", where a branch is "@place" or a leaf's value.
func readModel(text string) (*model, error) {
	m := &model{lexicon: lexicon{tokens: map[string]float32{}, words: map[string]float32{}, kinds: map[string][2]float32{}}}
	column := map[string]int16{}
	for i, name := range featureNames() {
		column[name] = int16(i)
	}
	number := func(s string) (float32, error) {
		v, err := strconv.ParseFloat(s, 32)
		return float32(v), err
	}
	line := 0
	for l := range strings.Lines(text) {
		line++
		f := strings.Fields(l)
		var err error
		switch {
		case len(f) == 3 && f[0] == "token":
			m.tokens[f[1]], err = number(f[2])
		case len(f) == 3 && f[0] == "word":
			m.words[f[1]], err = number(f[2])
		case len(f) == 4 && f[0] == "kind":
			var w [2]float32
			if w[0], err = number(f[2]); err == nil {
				w[1], err = number(f[3])
			}
			m.kinds[f[1]] = w
		case len(f) == 2 && f[0] == "tree":
			m.trees = append(m.trees, nil)
		case len(f) == 5 && f[0] == "split" && len(m.trees) > 0:
			t := &m.trees[len(m.trees)-1]
			c, ok := column[f[1]]
			if !ok {
				return nil, fmt.Errorf("line %d: no feature %q", line, f[1])
			}
			s := split{feature: c}
			if s.threshold, err = number(f[2]); err != nil {
				break
			}
			for i, to := range []*int16{&s.left, &s.right} {
				b := f[3+i]
				if place, ok := strings.CutPrefix(b, "@"); ok {
					n, e := strconv.Atoi(place)
					if e != nil || n <= len(*t) || n > math.MaxInt16 {
						return nil, fmt.Errorf("line %d: branch %q", line, b)
					}
					*to = int16(n)
					continue
				}
				v, e := number(b)
				if e != nil {
					err = e
				}
				*to = int16(^len(m.leaves))
				m.leaves = append(m.leaves, v)
			}
			*t = append(*t, s)
		default:
			return nil, fmt.Errorf("line %d: %q", line, strings.TrimSpace(l))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	return m, nil
}

// probability is that of a block with this row being main content.
func (m *model) probability(row []float32) float64 {
	var sum float32
	for _, t := range m.trees {
		if len(t) == 0 {
			continue
		}
		i := int16(0)
		for i >= 0 {
			s := &t[i]
			if row[s.feature] <= s.threshold {
				i = s.left
			} else {
				i = s.right
			}
		}
		sum += m.leaves[^i]
	}
	return 1 / (1 + math.Exp(-float64(sum)))
}

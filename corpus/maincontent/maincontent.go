// Package maincontent finds the main content of a whole page: the article, the documentation, the posts of a thread.
//
// A page is cut into blocks (runs of inline text between box boundaries). Each block is described by some 120 numbers:
// its own text, the element and the containers it is in, what the class and id tokens on the way to the body say, the
// heading above it, where it stands to the first h1 and to the container with the most running text, groups of like
// siblings, what the page says twice, and what kind of page it is. A small boosted set of regression trees turns them
// into a probability, and the blocks are kept that together have the highest expected F1.
//
// The ideas are those of Kohlschütter et al., "Boilerplate Detection using Shallow Text Features" (2010), Arc90's
// Readability (the top container), and Vogels et al., "Web2Text" (2018, learned blocks); the cut is the plug-in rule for F1 of Lipton
// et al., "Optimal Thresholding of Classifiers to Maximize F1 Measure" (2014).
//
// The weights in model.txt were trained by train/train.py, on rows that TestDump writes, with LightGBM: objective
// cross_entropy, 160 trees of 15 leaves, learning rate 0.08, at least 150 blocks a leaf, a third of the features and 70 %
// of the blocks for a tree, L2 5; and as many again with half of the features, split at random thresholds (Geurts et al.,
// "Extremely randomized trees", 2006), the mean of both taken. A block's label is the share of its words that are found,
// as 4-grams and in order, in the page's labelled text; its weight is its share of the page's words. Token and word
// weights are log-odds with a vote for each registrable domain, at least 8 domains for a token and 15 for a word, and
// were made out of fold for training.
// The labelled pages are the development part of the Web Content Extraction Benchmark (CC BY 4.0, Murrough Foley), the
// article-extraction benchmark (MIT, Zyte) and the test pages of Mozilla's Readability (Apache-2.0): 1,305 pages, about
// 1,000 domains. Figures for these pages are thus in sample; five-fold cross-validation by domain stands beside them in
// the project's quality notes. Weights are of tokens and words that many domains share; there is no rule for one host.
package maincontent

import (
	"sort"
	"strings"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

// Options of Extract.
type Options struct {
	Title string // of the page, where known: a block before the text that repeats it is left out
}

// Result is the main content of a page and what was left out.
type Result struct {
	Blocks  []prose.Block
	Removed []prose.Removal
	Notes   []string
}

// Names of notes and rules.
const (
	NoteFallback = "main_content_fallback" // too little was found: all of the body but its chrome was kept
	RuleAround   = "around_main_content"   // text outside the main content
	RuleTitle    = "title_repeated"
)

// minShare is the share of the page's paragraph text below which the finding is not trusted.
const minShare = 0.25

// Extract gives the main content of the page in reading order, in time linear in the tree but for sorting its blocks. It
// opens noscript elements with much text in t, which must not be used by others meanwhile.
func Extract(t *dom.Tree, opts Options) Result {
	var r Result
	p := segment(t)
	if len(p.blocks) == 0 {
		return r
	}
	ev := gather(t)
	m := theModel()
	a := analyse(p, &m.lexicon, ev)
	keep := m.choose(a, a.rows(ev))
	if a.tooLittle(keep) {
		r.Notes = append(r.Notes, NoteFallback)
		a.fallback(keep)
	}
	title := fold(opts.Title)
	body := false
	for i := range keep {
		if !keep[i] {
			r.Removed = append(r.Removed, prose.Removal{Rule: RuleAround, Text: p.blocks[i].text})
			continue
		}
		if !body && title != "" && fold(p.blocks[i].text) == title {
			keep[i] = false
			r.Removed = append(r.Removed, prose.Removal{Rule: RuleTitle, Text: p.blocks[i].text})
			continue
		}
		body = body || a.good[i]
	}
	r.Blocks = p.render(keep)
	return r
}

// choose keeps the blocks that are likelier than half the F1 that can be expected of the best choice: the threshold that
// is optimal for it. It follows the page, so that a page about which the model is unsure does not come out empty.
func (m *model) choose(a *analysis, rows []float32) []bool {
	const (
		strict  = 1.15 // factor that favours precision
		manual  = 2    // from this evidence on a page is documentation, which has little around it
		lenient = 0.9  // factor that favours recall there
		lowest  = 0.12
		highest = 0.6
		// On a page that is no thread by its kind, comments are not the main content, however many there are.
		thread   = 2
		comments = 0.4
	)
	n := len(a.blocks)
	width := len(rows) / n
	prob := make([]float64, n)
	byProb := make([]int, n)
	total := 0.0
	weight := func(i int) float64 { return float64(a.blocks[i].words) + 0.3 }
	for i := range prob {
		prob[i] = m.probability(rows[i*width : (i+1)*width])
		if a.forum < thread && a.talk[a.blocks[i].node] {
			prob[i] *= comments
		}
		byProb[i] = i
		total += float64(prob[i] * weight(i))
	}
	sort.SliceStable(byProb, func(x, y int) bool { return prob[byProb[x]] > prob[byProb[y]] })
	best, hits, size := 0.0, 0.0, 0.0
	for _, i := range byProb {
		hits += float64(prob[i] * weight(i))
		size += weight(i)
		best = max(best, 2*hits/(size+total))
	}
	factor := strict
	if a.doc > manual {
		factor = lenient
	}
	threshold := min(highest, max(lowest, factor*best/2))
	keep := make([]bool, n)
	for i, q := range prob {
		keep[i] = q > threshold
	}
	return keep
}

// chrome tells whether the markup says that a block is around the content.
func (a *analysis) chrome(i int) bool {
	id := a.blocks[i].node
	return a.flags[id]&(inNav|inAside|inFooter|inForm|inDialog|inHidden) != 0 || a.talk[id]
}

// tooLittle compares with the running text that no markup puts outside the content.
func (a *analysis) tooLittle(keep []bool) bool {
	var all, kept float64
	for i := range a.blocks {
		if keep[i] {
			kept += float64(a.blocks[i].chars)
		} else if a.good[i] && !a.chrome(i) {
			all += float64(a.blocks[i].chars)
		}
	}
	return kept < minShare*(all+kept)
}

// fallback keeps everything but chrome and lists of links.
func (a *analysis) fallback(keep []bool) {
	for i := range a.blocks {
		b := &a.blocks[i]
		keep[i] = keep[i] || !a.chrome(i) && a.flags[b.node]&inHeader == 0 && b.linkChars*2 <= b.chars
	}
}

// oneLine folds a block's line breaks.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

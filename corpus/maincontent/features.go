package maincontent

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
)

// shape is what a block's own text looks like.
type shape struct {
	upper, digit, letter, punct int32 // code points
	commas, stops               int32
	ends                        bool // with the mark of a sentence
	colon                       bool // with a colon
	cats                        cats
	wordScore                   [3]float32 // min, max, sum over words of a short text
}

// stats are sums over everything below an element.
type stats struct {
	chars, linkChars, blocks, good, heads, items, links, code int32
	dates                                                     int32
}

// rate is a ratio that is 0 where there is nothing.
func rate(a, b int32) float32 {
	if b <= 0 {
		return 0
	}
	return float32(a) / float32(b)
}

func logn(n int32) float32 { return float32(math.Log1p(float64(max(n, 0)))) }

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// look reads a block's text once.
func (l *lexicon) look(b *block) (s shape) {
	var last rune
	wordStart := -1
	short := b.chars <= 120
	text := b.text
	n := 0
	var lower [24]byte
	ln := 0
	flushWord := func(end int) {
		if wordStart < 0 {
			return
		}
		b.words++
		if n < 24 && ln > 0 && ln < len(lower) {
			s.cats |= wordCats[string(lower[:ln])]
			if short {
				if v, ok := l.words[string(lower[:ln])]; ok {
					s.wordScore[0] = min(s.wordScore[0], v)
					s.wordScore[1] = max(s.wordScore[1], v)
					s.wordScore[2] += v
				}
			}
		}
		n++
		wordStart, ln = -1, 0
	}
	for i, r := range text {
		switch {
		case r < utf8.RuneSelf:
			c := byte(r)
			switch {
			case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
				s.letter++
				if c <= 'Z' {
					s.upper++
					c |= 0x20
				}
				if wordStart < 0 {
					wordStart = i
				}
				if ln < len(lower) {
					lower[ln] = c
					ln++
				}
			case '0' <= c && c <= '9':
				s.digit++
				if wordStart < 0 {
					wordStart = i
				}
				ln = len(lower)
			case c == '\'' && wordStart >= 0:
			default:
				flushWord(i)
				switch c {
				case ' ', '\n':
					continue
				case ',', ';':
					s.commas++
				case '.', '!', '?':
					s.stops++
				}
				s.punct++
			}
		case unicode.IsLetter(r), unicode.IsMark(r):
			s.letter++
			if cjk(r) {
				flushWord(i)
				b.words++
				n++
				break
			}
			if unicode.IsUpper(r) {
				s.upper++
				r = unicode.ToLower(r)
			}
			if wordStart < 0 {
				wordStart = i
			}
			if ln+4 <= len(lower) {
				ln += utf8.EncodeRune(lower[ln:ln+4], r)
			} else {
				ln = len(lower)
			}
		case unicode.IsDigit(r):
			s.digit++
		case r == '’':
		default:
			flushWord(i)
			switch r {
			case '，', '、', '；', '،':
				s.commas++
			case '。', '！', '？', '।', '؟', '…':
				s.stops++
			}
			s.punct++
		}
		last = r
	}
	flushWord(len(text))
	if b.chars <= 80 {
		for _, c := range phraseCats {
			if strings.Contains(text, c.phrase) {
				s.cats |= c.cats
			}
		}
	}
	switch last {
	case '.', '!', '?', '。', '！', '？', '"', '”', '…', '’', ')', '」', '』', '»', '）', '।', '؟':
		s.ends = true
	case ':', '：':
		s.colon = true
	}
	return s
}

// wide holds for characters between which a line end of the source is no space.
func wide(r rune) bool {
	return cjk(r) && !(0xAC00 <= r && r <= 0xD7AF) || 0x3000 <= r && r <= 0x303F || 0xFF00 <= r && r <= 0xFFEF
}

func cjk(r rune) bool {
	return 0x3040 <= r && r <= 0x30FF || 0x3400 <= r && r <= 0x9FFF || 0xAC00 <= r && r <= 0xD7AF || 0xF900 <= r && r <= 0xFAFF || 0x20000 <= r && r <= 0x3FFFF
}

// good tells whether a block reads like running text.
func good(b *block, s *shape) bool {
	return b.chars >= 60 && b.linkChars*3 < b.chars && (s.stops > 0 || s.commas > 1) || b.chars >= 200 && b.linkChars*2 < b.chars ||
		b.chars >= 25 && b.words >= 25 && b.linkChars*3 < b.chars && s.stops > 0
}

// tokenPath is the evidence of class and id tokens on the way from an element to the body.
type tokenPath struct{ near, low, high, sum, decay float32 }

const levels = 5 // how many widening containers of a block are described

// featureNames gives the columns of a feature row. The model refers to them by name.
func featureNames() []string {
	names := []string{
		"chars", "words", "linkRate", "upper", "digit", "punct", "commas", "stopRate", "ends", "colon",
		"wordMin", "wordMax", "wordSum", "emphRate", "texts", "tag", "depth",
		"inArticle", "inMain", "inNav", "inAside", "inFooter", "inHeader", "inForm", "inTable", "inList", "inFigure", "inBody", "inHidden", "inComment", "inDialog", "inPre", "inNoscript",
		"tokNear", "tokLow", "tokHigh", "tokSum", "tokDecay",
		"pos", "charPos", "fromH1", "fromH1Chars", "isTitle", "titleShare", "descShare", "repeats",
		"sinceHead", "headCats", "headTok", "headLen", "sinceGood", "untilGood", "goodBefore", "goodAfter",
		"spineShare", "spineGap", "spineMass", "topIn", "topGap", "topShare",
		"pageBlocks", "pageChars", "pageLinkRate", "pageGood", "pagePre", "pageBody",
		"repCount", "repAvgChars", "repLinkRate", "repIndex", "repGood", "repLinks", "repHeads",
		"saidBefore", "saidAfter", "groupCount", "groupShare", "groupChars", "groupGood", "groupLinks",
		"mainArticle", "articleCount", "forumTok", "docTok", "inTalk", "talkShare", "talkGood", "talkFirst",
	}
	for i := range levels {
		for _, n := range []string{"Chars", "LinkRate", "GoodShare", "GoodRate", "Blocks", "Items", "Tok"} {
			names = append(names, "L"+strconv.Itoa(i)+n)
		}
	}
	return append(names, "prevTag", "prevTok", "nextTag", "nextTok", "nextNear")
}

// tagClass folds the elements that hold blocks into a few ordered classes.
func tagClass(n *dom.Node) float32 {
	switch n.Tag {
	case atom.P:
		return 1
	case atom.H1:
		return 2
	case atom.H2:
		return 3
	case atom.H3:
		return 4
	case atom.H4, atom.H5, atom.H6:
		return 5
	case atom.Blockquote:
		return 6
	case atom.Pre:
		return 7
	case atom.Dd:
		return 8
	case atom.Dt:
		return 9
	case atom.Td:
		return 10
	case atom.Th:
		return 11
	case atom.Figcaption, atom.Caption:
		return 12
	case atom.Li:
		return 13
	case atom.Section, atom.Article, atom.Main, atom.Body:
		return 14
	case atom.Div:
		return 15
	case atom.Header, atom.Footer, atom.Nav, atom.Aside, atom.Form, atom.Summary:
		return 16
	}
	return 17
}

// analysis holds what the features are made of.
type analysis struct {
	*page
	shapes  []shape
	stats   []stats // by node
	first   []int32 // first block at or below a node
	tok     []tokenPath
	own     []float32
	parent  []dom.ID // nearest ancestor that holds more text
	good    []bool
	total   stats
	top     dom.ID
	rep     []repeat
	artOf   []dom.ID
	mainArt dom.ID
	arts    int32
	place   []int32  // of an element in the walk, the root's is 0
	last    []int32  // the greatest place at or below an element
	branch  []dom.ID // the last element of the spine at or above an element
	gap     []int32  // levels below it
	talk    []bool   // below an element that holds comments, by its tokens
	forum   float32
	doc     float32
}

// repeat describes the group of like siblings that an element belongs to.
type repeat struct {
	count, index int32
	chars        int32
	linkChars    int32
	good, dates  int32
	links, heads int32
}

func analyse(p *page, l *lexicon, ev *evidence) *analysis {
	n := len(p.t.Nodes)
	a := &analysis{
		page: p, shapes: make([]shape, len(p.blocks)), stats: make([]stats, n), first: make([]int32, n),
		tok: make([]tokenPath, n), own: make([]float32, n), parent: make([]dom.ID, n), good: make([]bool, len(p.blocks)),
		rep: make([]repeat, n), artOf: make([]dom.ID, n), talk: make([]bool, n), place: make([]int32, n), last: make([]int32, n), branch: make([]dom.ID, n), gap: make([]int32, n),
	}
	nodes := p.t.Nodes
	kinds := map[string]bool{}
	for i := range a.first {
		a.first[i] = -1
	}
	for _, id := range p.order {
		node := &nodes[id]
		v, talk := l.element(node, kinds)
		a.talk[id] = talk || a.talk[node.Parent]
		a.own[id] = v
		up := a.tok[node.Parent]
		if v != 0 {
			up.near = v
		}
		up.low, up.high = min(up.low, v), max(up.high, v)
		up.sum += v
		up.decay = float32(up.decay*0.8) + v
		a.tok[id] = up
		a.artOf[id] = a.artOf[node.Parent]
		if node.Tag == atom.Article {
			a.artOf[id] = id
			a.arts++
		}
	}
	for _, k := range ev.kinds {
		if _, ok := l.kinds[k]; ok {
			kinds[k] = true
		}
	}
	var forum, doc int // in tenths, as weights are stated: the order of the sum must not matter
	for k := range kinds {
		w := l.kinds[k]
		forum += int(math.Round(float64(w[0]) * 10))
		doc += int(math.Round(float64(w[1]) * 10))
	}
	a.forum, a.doc = float32(forum)/10, float32(doc)/10
	for i := range p.blocks {
		b := &p.blocks[i]
		s := &a.shapes[i]
		*s = l.look(b)
		a.good[i] = good(b, s)
		st := &a.stats[b.node]
		st.chars += b.chars
		st.linkChars += b.linkChars
		st.blocks++
		st.links += b.links
		st.code += b.codeChars
		if p.flags[b.node]&inPre != 0 {
			st.code += b.chars - b.codeChars
		}
		if a.good[i] {
			st.good += b.chars
		}
		switch nodes[b.node].Tag {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			st.heads++
		case atom.Li:
			st.items++
		}
		if a.first[b.node] < 0 {
			a.first[b.node] = int32(i)
		}
		if p.h1 < 0 && p.flags[b.node]&inHeading != 0 && p.h1Like(b.node) {
			p.h1 = int32(i)
		}
	}
	for i, id := range p.order {
		a.place[id], a.last[id] = int32(i+1), int32(i+1)
	}
	for i := len(p.order) - 1; i >= 0; i-- {
		id := p.order[i]
		node := &nodes[id]
		a.last[node.Parent] = max(a.last[node.Parent], a.last[id])
		if node.Tag == atom.Time || strings.Contains(attrOf(node, "class"), "date") {
			a.stats[id].dates++
		}
		st, up := &a.stats[id], &a.stats[node.Parent]
		up.chars += st.chars
		up.linkChars += st.linkChars
		up.blocks += st.blocks
		up.good += st.good
		up.heads += st.heads
		up.items += st.items
		up.links += st.links
		up.code += st.code
		up.dates += st.dates
		if f := a.first[id]; f >= 0 && (a.first[node.Parent] < 0 || f < a.first[node.Parent]) {
			a.first[node.Parent] = f
		}
	}
	a.total = a.stats[0]
	for _, id := range p.order {
		node := &nodes[id]
		if a.stats[node.Parent].chars > a.stats[id].chars || node.Parent == 0 {
			a.parent[id] = node.Parent
		} else {
			a.parent[id] = a.parent[node.Parent]
		}
	}
	a.findSpine()
	a.findTop()
	a.findRepeats()
	var best int32
	for _, id := range p.order {
		if nodes[id].Tag == atom.Article && a.stats[id].good > best {
			best, a.mainArt = a.stats[id].good, id
		}
	}
	return a
}

func attrOf(n *dom.Node, key string) string { v, _ := n.Lookup(key); return v }

func (p *page) h1Like(id dom.ID) bool {
	for id != 0 && inline(&p.t.Nodes[id]) {
		id = p.t.Nodes[id].Parent
	}
	for ; id != 0 && p.flags[id]&inHeading != 0; id = p.t.Nodes[id].Parent {
		if p.t.Nodes[id].Tag == atom.H1 {
			return true
		}
	}
	return false
}

// findSpine follows from the root, at each step, the child with the most running text.
func (a *analysis) findSpine() {
	on := make([]bool, len(a.t.Nodes))
	for id := dom.ID(0); id != dom.None; {
		on[id] = true
		best, child := int32(0), dom.None
		for c := a.t.Nodes[id].First; c != dom.None; c = a.t.Nodes[c].Next {
			if g := a.stats[c].good; g > best {
				best, child = g, c
			}
		}
		id = child
	}
	for _, id := range a.order {
		if on[id] {
			a.branch[id] = id
			continue
		}
		up := a.t.Nodes[id].Parent
		a.branch[id], a.gap[id] = a.branch[up], a.gap[up]+1
	}
}

// findTop scores containers by the running text right below them, half for the next level up, the way reader views do
// (Arc90's Readability), and picks the best.
func (a *analysis) findTop() {
	score := make([]float32, len(a.t.Nodes))
	for i := range a.blocks {
		b := &a.blocks[i]
		if b.chars < 25 || b.linkChars*2 > b.chars {
			continue
		}
		v := 1 + float32(a.shapes[i].commas) + min(float32(b.chars)/100, 3)
		id := a.t.Nodes[b.node].Parent
		if id > 0 {
			score[id] += v
			if id = a.t.Nodes[id].Parent; id > 0 {
				score[id] += v / 2
				if id = a.t.Nodes[id].Parent; id > 0 {
					score[id] += v / 6
				}
			}
		}
	}
	var best float32
	for _, id := range a.order {
		if s := score[id] * (1 - rate(a.stats[id].linkChars, a.stats[id].chars)); s > best {
			best, a.top = s, id
		}
	}
}

// findRepeats groups siblings of the same tag and first class.
func (a *analysis) findRepeats() {
	type key struct {
		tag   atom.Atom
		class string
	}
	group := map[key]repeat{}
	nodes := a.t.Nodes
	sign := func(n *dom.Node) key {
		c := attrOf(n, "class")
		if i := strings.IndexByte(c, ' '); i > 0 {
			c = c[:i]
		}
		return key{n.Tag, c}
	}
	visit := func(id dom.ID) {
		first := nodes[id].First
		if first == dom.None || nodes[first].Next == dom.None {
			return
		}
		clear(group)
		n := 0
		for c := first; c != dom.None; c = nodes[c].Next {
			if nodes[c].Name == "" || a.stats[c].chars == 0 || a.depth[c] == 0 {
				continue
			}
			n++
			k := sign(&nodes[c])
			g := group[k]
			g.count++
			a.rep[c].index = g.count
			st := &a.stats[c]
			g.chars += st.chars
			g.linkChars += st.linkChars
			g.good += st.good
			g.dates += st.dates
			g.links += st.links
			g.heads += st.heads
			group[k] = g
		}
		if n < 2 {
			return
		}
		for c := first; c != dom.None; c = nodes[c].Next {
			if a.rep[c].index > 0 {
				g := group[sign(&nodes[c])]
				g.index = a.rep[c].index
				a.rep[c] = g
			}
		}
	}
	for _, id := range a.order {
		if a.stats[id].blocks > 1 {
			visit(id)
		}
	}
}

// rows computes one feature row per block, laid out end to end, in the order of featureNames.
func (a *analysis) rows(ev *evidence) []float32 {
	nb := len(a.blocks)
	var out []float32
	nodes := a.t.Nodes

	seen := make(map[string]int32, nb)
	untilGood := make([]int32, nb)
	goodAfter := make([]int32, nb)
	const far = 1000 // blocks: no such block at all
	dist, sum := int32(far), int32(0)
	for i := nb - 1; i >= 0; i-- {
		seen[a.blocks[i].text]++
		untilGood[i], goodAfter[i] = dist, sum
		if dist < far {
			dist++
		}
		if a.good[i] {
			dist = 1
			sum += a.blocks[i].chars
		}
	}
	echoes := a.echoes()
	var body, pre, talkChars, talkGood int32
	firstTalk := int32(nb)
	for i := range a.blocks {
		b := &a.blocks[i]
		f := a.flags[b.node]
		if f&inBody != 0 {
			body += b.chars
		}
		if f&inPre != 0 {
			pre += b.chars
		}
		if a.talk[b.node] {
			talkChars += b.chars
			if a.good[i] {
				talkGood += b.chars
				firstTalk = min(firstTalk, int32(i))
			}
		}
	}
	charsBefore, goodBefore, h1Chars := int32(0), int32(0), int32(0)
	sinceGood, sinceHead, head := int32(far), int32(far), -1
	for i := range a.blocks {
		b, s := &a.blocks[i], &a.shapes[i]
		f := a.flags[b.node]
		tp := a.tok[b.node]
		out = append(out,
			logn(b.chars), logn(b.words), rate(b.linkChars, b.chars), rate(s.upper, s.letter), rate(s.digit, b.chars), rate(s.punct, b.chars),
			rate(s.commas, b.words), rate(s.stops, b.words), flag(s.ends), flag(s.colon),
			s.wordScore[0], s.wordScore[1], s.wordScore[2], rate(b.emphChars, b.chars), float32(min(b.last-b.first, 20)),
			tagClass(&nodes[b.node]), float32(a.depth[b.node]))
		for _, bit := range [...]flags{inArticle, inMain, inNav, inAside, inFooter, inHeader, inForm, inTable, inList, inFigure, inBody, inHidden, inComment, inDialog, inPre, inNoscript} {
			out = append(out, flag(f&bit != 0))
		}
		out = append(out, tp.near, tp.low, tp.high, tp.sum, tp.decay)

		fromH1, fromH1Chars := float32(-far), float32(0)
		if a.h1 >= 0 {
			fromH1 = float32(int32(i) - a.h1)
			if int32(i) > a.h1 {
				fromH1Chars = logn(charsBefore - h1Chars)
			}
		}
		out = append(out,
			float32(i)/float32(nb), rate(charsBefore, a.total.chars), fromH1, fromH1Chars,
			flag(ev.title != "" && ev.isTitle(b.text)), share(b, ev.words), share(b, ev.desc), float32(min(seen[b.text], 10)))

		headCats, headTok, headLen := float32(0), float32(0), float32(0)
		if head >= 0 {
			headCats, headTok, headLen = float32(a.shapes[head].cats), a.shapes[head].wordScore[2], logn(a.blocks[head].chars)
		}
		out = append(out, float32(sinceHead), headCats, headTok, headLen, float32(sinceGood), float32(untilGood[i]), rate(goodBefore, a.total.good), rate(goodAfter[i], a.total.good))

		// The last element of the spine above the block, and how far below it the block is.
		sp, gap := a.branch[b.node], float32(a.gap[b.node])
		inTop, topGap, topShare := a.besideTop(b.node)
		out = append(out, rate(a.stats[sp].good, a.total.good), gap, rate(a.stats[sp].good, a.stats[sp].chars), inTop, topGap, topShare)

		out = append(out, logn(int32(nb)), logn(a.total.chars), rate(a.total.linkChars, a.total.chars), logn(a.total.good), rate(pre, a.total.chars), rate(body, a.total.good))

		// The closest group of three or more like siblings that hold several blocks each.
		r := repeat{}
		for up, d := b.node, 0; up != 0 && d < maxClimb; up, d = nodes[up].Parent, d+1 {
			if g := a.rep[up]; g.count >= 3 && a.stats[up].blocks > 1 {
				r = g
				break
			}
		}
		out = append(out, float32(min(r.count, 50)), logn(r.chars/max(r.count, 1)), rate(r.linkChars, r.chars), float32(min(r.index, 50)), rate(r.good, r.chars), rate(r.links, r.count), rate(r.heads, r.count))
		g := a.largestGroup(b.node)
		out = append(out, echoes[i].before, echoes[i].after, float32(min(g.count, 50)), rate(g.good, a.total.good), logn(g.chars/max(g.count, 1)), rate(g.good, g.chars), rate(g.links, g.count))
		art := a.artOf[b.node]
		out = append(out, flag(art != 0 && art == a.mainArt), float32(min(a.arts, 30)), a.forum, a.doc, flag(a.talk[b.node]), rate(talkChars, a.total.chars), rate(talkGood, a.total.good), rate(firstTalk, int32(nb)))

		up := b.node
		for range levels {
			st := &a.stats[up]
			out = append(out, logn(st.chars), rate(st.linkChars, st.chars), rate(st.good, a.total.good), rate(st.good, st.chars), logn(st.blocks), rate(st.items, st.blocks), a.own[up])
			up = a.parent[up]
		}
		var prevTag, prevTok, nextTag, nextTok, nextNear float32
		if i > 0 {
			o := &a.blocks[i-1]
			prevTag, prevTok = tagClass(&nodes[o.node]), a.tok[o.node].near
		}
		if i+1 < nb {
			o := &a.blocks[i+1]
			nextTag, nextTok, nextNear = tagClass(&nodes[o.node]), a.tok[o.node].near, flag(nodes[o.node].Parent == nodes[b.node].Parent)
		}
		out = append(out, prevTag, prevTok, nextTag, nextTok, nextNear)
		if i == 0 { // the row's width is known now
			out = append(make([]float32, 0, len(out)*nb), out...)
		}

		charsBefore += b.chars
		if int32(i) == a.h1 {
			h1Chars = charsBefore
		}
		if sinceGood < far {
			sinceGood++
		}
		if a.good[i] {
			sinceGood = 1
			goodBefore += b.chars
		}
		if sinceHead < far {
			sinceHead++
		}
		if f&inHeading != 0 {
			sinceHead, head = 1, i
		}
	}
	return out
}

// maxClimb bounds the levels that are looked at above one block, so that deep nesting costs no more than linear time.
const maxClimb = 64

// besideTop tells whether a node is in the top container, else how many containers up from there both are together, and
// how much of the running text is in that one.
func (a *analysis) besideTop(id dom.ID) (in, gap, share float32) {
	up := a.top
	for d := range 20 {
		if a.above(up, id) {
			return flag(d == 0), float32(d), rate(a.stats[up].good, a.total.good)
		}
		if up == 0 {
			break
		}
		up = a.parent[up]
	}
	return 0, 20, 0
}

// above tells whether x is y or above it.
func (a *analysis) above(x, y dom.ID) bool {
	return a.place[x] <= a.place[y] && a.place[y] <= a.last[x]
}

// largestGroup is the group of three or more like siblings with the most running text that a node is in: the posts of a
// thread, the entries of a list.
func (a *analysis) largestGroup(id dom.ID) (r repeat) {
	for d := 0; id != 0 && d < maxClimb; id, d = a.t.Nodes[id].Parent, d+1 {
		if g := a.rep[id]; g.count >= 3 && a.stats[id].blocks > 1 && g.good > r.good {
			r = g
		}
	}
	return r
}

// echo is how much of a block the page says elsewhere too.
type echo struct{ before, after float32 }

// echoes looks for runs of words that come again: quotations, copies for other screens, teasers.
func (a *analysis) echoes() []echo {
	out := make([]echo, len(a.blocks))
	marks := make([][]uint64, len(a.blocks))
	all, past := map[uint64]int32{}, map[uint64]int32{}
	for i := range a.blocks {
		marks[i] = runs(a.blocks[i].text)
		for _, h := range marks[i] {
			all[h]++
		}
	}
	for i, list := range marks {
		var before, after int32
		for _, h := range list {
			past[h]++
		}
		for _, h := range list {
			if past[h] > 1 {
				before++
			}
			if all[h] > past[h] {
				after++
			}
		}
		out[i] = echo{rate(before, int32(len(list))), rate(after, int32(len(list)))}
	}
	return out
}

// runs hashes the runs of six words of a text, without regard to capitals, and gives a quarter of them, chosen by hash.
func runs(text string) (out []uint64) {
	const (
		size  = 6
		basis = 0xcbf29ce484222325 // FNV-1a
		prime = 0x100000001b3
	)
	var ring [size]uint64
	k, h := 0, uint64(basis)
	for i := 0; i <= len(text); i++ {
		if i < len(text) {
			c := text[i]
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= utf8.RuneSelf {
				h = (h ^ uint64(c)) * prime
				continue
			}
		}
		if h == basis {
			continue
		}
		ring[k%size] = h
		k++
		h = basis
		if k < size {
			continue
		}
		run := uint64(basis)
		for j := range size {
			run = (run ^ ring[(k+j)%size]) * prime
		}
		if run>>62 == 0 {
			out = append(out, run)
		}
	}
	return out
}

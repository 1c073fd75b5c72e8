package repeat

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"

	"broadsheet/corpus/extsort"
)

// Options of a Learner. They never change what is learned.
type Options struct {
	Dir    string // for runs on disk; empty is the system's folder for temporary files
	Memory int64  // bytes for all sorting together; 0 is 64 MiB

	Stop func() error // as in extsort.Options
}

// Learner takes the keys of all documents, then finds what is to be cut from each. It is used by one goroutine. Its
// memory does not depend on how many sources, rules or documents there are, but for the recurring pieces of the longest
// document.
type Learner struct {
	opts Options
	keys *extsort.Sorter
	rec  [recordLen]byte
}

// NewLearner returns a Learner without documents.
func NewLearner(opts Options) *Learner {
	if opts.Memory == 0 {
		opts.Memory = 64 << 20
	}
	l := &Learner{opts: opts}
	l.keys = l.sorter(recordLen, 2)
	return l
}

// sorter returns a sorter with a share of the memory: one part of this many.
func (l *Learner) sorter(size int, part int64) *extsort.Sorter {
	return extsort.New(size, extsort.Options{Dir: l.opts.Dir, Memory: l.opts.Memory / part, Stop: l.opts.Stop})
}

// Add takes the keys that Keys made of the document with this number. Documents may come in any order; their numbers
// are 0 or more, below 2^48, and order the hits.
func (l *Learner) Add(doc int64, keys []byte) error {
	for ; len(keys) >= KeyLen; keys = keys[KeyLen:] {
		copy(l.rec[:atDoc], keys)
		put48(l.rec[atDoc:], doc)
		copy(l.rec[atNumber:], keys[atDoc:KeyLen])
		if err := l.keys.Add(l.rec[:]); err != nil {
			return err
		}
	}
	return nil
}

// Close removes what is on disk.
func (l *Learner) Close() error { return l.keys.Close() }

// Learn decides what recurs and returns the hits of all documents. Each rule's text is given by one of the hits (First).
func (l *Learner) Learn() (*Cuts, error) {
	candidates := l.sorter(ruleLen, 8)
	defer candidates.Close()
	if err := l.count(candidates); err != nil {
		return nil, err
	}
	votes, err := l.vote(candidates)
	if err != nil {
		return nil, err
	}
	defer votes.Close()
	rules := l.sorter(ruleLen, 8)
	defer rules.Close()
	if err := elect(candidates, votes, rules); err != nil {
		return nil, err
	}
	return l.match(rules)
}

// Use returns the hits of all documents by saved rules. A rule whose text has no letters, or whose kind is unknown, is
// passed over.
func (l *Learner) Use(saved iter.Seq2[Row, error]) (*Cuts, error) {
	rules := l.sorter(ruleLen, 8)
	defer rules.Close()
	var rec [ruleLen]byte
	for row, err := range saved {
		if err != nil {
			return nil, err
		}
		if ruleOfRow(&row, rec[:]) {
			if err := rules.Add(rec[:]); err != nil {
				return nil, err
			}
		}
	}
	return l.match(rules)
}

// A rule record: a candidate or a rule, with the place where it is first found.
//
//	scope 8, type 1, piece 8   as in a key
//	kind     1   of the rule; for typeDate the Order
//	class    1   what was counted: class* bits
//	count    6
//	document 6   the first
//	number   3   there
const (
	ruleKind   = atArticle
	ruleClass  = ruleKind + 1
	ruleCount  = ruleClass + 1
	ruleDoc    = ruleCount + 6
	ruleNumber = ruleDoc + 6
	ruleLen    = ruleNumber + 3
)

// Kinds of rule in records. A rule for sentences holds for blocks too, so it sorts first.
const (
	ruleSentence = iota
	ruleBlock
	ruleURL
	ruleHashtag
)

const (
	classRule    = 1 << iota // cut wherever it stands
	classPercent             // c ≥ n/100
	classTwenty              // c ≥ n/20
	classTail                // c ≥ 10, and c ≥ n/200: enough where nothing follows
)

func kindOf(kind uint8) string {
	return [...]string{KindSentence, KindBlock, KindURL, KindHashtag}[kind]
}

func ruleOf(kind uint8) string {
	return [...]string{RuleSentence, RuleBlock, RuleURL, RuleHashtag}[kind]
}

// tally counts one group of keys: those of one piece in one scope, sorted by article.
type tally struct {
	key               [atArticle]byte
	started           bool
	article           [8]byte
	flags             uint16 // of the article, all its documents together
	titles            int64  // of the present sketch
	count             int64  // articles that teach
	articles          int64  // all articles
	whole, heading    int64
	credit, edge      int64
	compound          int64
	dayFirst          int64
	monthFirst        int64
	first, firstWhole [9]byte // document and number
}

func (t *tally) start(rec []byte) {
	*t = tally{started: true}
	copy(t.key[:], rec)
	copy(t.article[:], rec[atArticle:])
	t.titles = 1
	for i := range t.first {
		t.first[i], t.firstWhole[i] = 0xff, 0xff
	}
}

func (t *tally) add(rec []byte) {
	if article := rec[atArticle:atDoc]; !bytes.Equal(article, t.article[:]) {
		t.endArticle()
		if bytes.Equal(article[:4], t.article[:4]) {
			t.titles++
		} else {
			t.endSketch()
			t.titles = 1
		}
		copy(t.article[:], article)
	}
	flags := binary.BigEndian.Uint16(rec[atFlags:])
	t.flags |= flags
	place := rec[atDoc:atFlags]
	if bytes.Compare(place, t.first[:]) < 0 {
		copy(t.first[:], place)
	}
	if flags&(flagWhole|flagCompound) != 0 && bytes.Compare(place, t.firstWhole[:]) < 0 {
		copy(t.firstWhole[:], place)
	}
}

func (t *tally) endArticle() {
	t.articles++
	has := func(n *int64, flag uint16) {
		if t.flags&flag != 0 {
			*n++
		}
	}
	if t.key[atType] == typeDate {
		has(&t.dayFirst, uint16(SaysDayFirst))
		has(&t.monthFirst, uint16(SaysMonthFirst))
	} else {
		has(&t.whole, flagWhole|flagCompound)
		has(&t.heading, flagHeading)
		has(&t.credit, flagCredit)
		has(&t.edge, flagEdge)
		has(&t.compound, flagCompound)
	}
	t.flags = 0
}

func (t *tally) endSketch() {
	if long := t.article[3]&1 != 0; long && t.titles < manyTitles {
		t.titles = 1
	}
	t.count += t.titles
}

// count goes through the keys and writes the candidates, in their order.
func (l *Learner) count(candidates *extsort.Sorter) error {
	keys, err := l.keys.Sort()
	if err != nil {
		return err
	}
	var (
		t    tally
		kind uint16 // flags of the piece itself, alike in all its keys
		n    int64  // articles of the scope; its own key sorts before those of its pieces
		rec  [ruleLen]byte
	)
	end := func() error {
		if !t.started {
			return nil
		}
		t.endArticle()
		t.endSketch()
		if t.key[atType] == typeDoc {
			n = t.count
			return nil
		}
		if !t.candidate(rec[:], kind, n) {
			return nil
		}
		return candidates.Add(rec[:])
	}
	for r, err := range keys.All() {
		if err != nil {
			return err
		}
		if !t.started || !bytes.Equal(r[:atArticle], t.key[:]) {
			if err := end(); err != nil {
				return err
			}
			t.start(r)
			kind = 0
		}
		kind |= binary.BigEndian.Uint16(r[atFlags:])
		t.add(r)
	}
	return end()
}

// candidate fills rec with what may be a rule and tells whether it may. The flags are those of the piece, n is the number
// of articles of the scope.
func (t *tally) candidate(rec []byte, flags uint16, n int64) bool {
	var kind, class uint8
	first, c := &t.first, t.count
	switch t.key[atType] {
	case typeDate:
		class = classRule
		switch {
		case t.dayFirst > 0 && t.monthFirst == 0:
			kind, c = uint8(DayFirst), t.dayFirst
		case t.monthFirst > 0 && t.dayFirst == 0:
			kind, c = uint8(MonthFirst), t.monthFirst
		default:
			return false
		}
	case typeTitle:
		class = classRule
		if c < minCount || 5*c < n {
			return false
		}
	default:
		var ok bool
		if kind, class, ok = t.classify(flags, n); !ok {
			return false
		}
		if kind == ruleBlock {
			first = &t.firstWhole
		}
	}
	copy(rec, t.key[:])
	rec[ruleKind], rec[ruleClass] = kind, class
	put48(rec[ruleCount:], c)
	copy(rec[ruleDoc:], first[:])
	return true
}

// classify applies the rules of the package comment that need no look at other pieces.
func (t *tally) classify(flags uint16, n int64) (kind, class uint8, ok bool) {
	c := t.count
	if c < minCount || 1000*c < n {
		return 0, 0, false
	}
	if 100*c >= n {
		class |= classPercent
	}
	if 20*c >= n {
		class |= classTwenty
	}
	if c >= minSure && 200*c >= n {
		class |= classTail
	}
	whole := 5*t.whole >= 4*t.articles
	switch {
	case flags&flagURL != 0:
		kind = ruleURL
	case flags&flagHashtag != 0:
		kind = ruleHashtag
	case whole:
		kind = ruleBlock
	default:
		kind = ruleSentence
	}
	edge := 5*t.edge >= 4*t.articles && (whole || 2*c >= n)
	telling := flags&(flagURL|flagHashtag) != 0 || flags&flagLong != 0 && (whole || 2*c >= n) ||
		whole && (2*c >= n || 4*c >= n && flags&flagEnds == 0) || edge
	switch {
	case 2*t.heading > t.articles:
		return kind, class, 10*c >= n || c >= minSure && 100*c >= n
	case n >= minArticles && 5*c >= n && telling && (c >= minSure || whole && edge),
		5*t.credit >= 4*t.articles && 100*c >= n:
		return kind, class | classRule, true
	}
	return kind, class, 2*t.compound <= t.articles
}

// join goes through the keys and the rule records, both sorted, and calls each for the keys that have a record. The
// first of several records of one piece counts.
func (l *Learner) join(rules *extsort.Sorter, other, each func(key, rule []byte) error) error {
	keys, err := l.keys.Sort()
	if err != nil {
		return err
	}
	sorted, err := rules.Sort()
	if err != nil {
		return err
	}
	rule := sorted.Next()
	for key := keys.Next(); key != nil; key = keys.Next() {
		if other != nil {
			if err := other(key, nil); err != nil {
				return err
			}
		}
		for rule != nil && bytes.Compare(rule[:atArticle], key[:atArticle]) < 0 {
			rule = sorted.Next()
		}
		if rule != nil && bytes.Equal(rule[:atArticle], key[:atArticle]) {
			if err := each(key, rule); err != nil {
				return err
			}
		}
	}
	return errors.Join(keys.Err(), sorted.Err())
}

// A place record says that a candidate stands in a document.
//
//	document 6
//	mark     1   0: the number is that of all pieces of the document, and nothing follows it
//	number   3
//	scope 8, piece 8, article 8
//	flags    2
//	class    1
const (
	placeMark    = 6
	placeNumber  = 7
	placeScope   = 10
	placePiece   = 18
	placeArticle = 26
	placeFlags   = 34
	placeClass   = 36
	placeLen     = 37
)

// A vote record says whether an article supports a candidate.
//
//	scope 8, piece 8, article 8
//	support 1
const (
	voteSupport = 24
	voteLen     = 25
)

// vote asks each document, where a candidate stands in it, whether it supports it.
func (l *Learner) vote(candidates *extsort.Sorter) (*extsort.Sorter, error) {
	places := l.sorter(placeLen, 4)
	defer places.Close()
	var rec [placeLen]byte
	headers := func(key, _ []byte) error {
		if key[atType] != typeDoc || binary.BigEndian.Uint16(key[atFlags:])&flagAuthor != 0 {
			return nil
		}
		clear(rec[:])
		copy(rec[:placeMark], key[atDoc:])
		copy(rec[placeNumber:], key[atNumber:atFlags])
		return places.Add(rec[:])
	}
	err := l.join(candidates, headers, func(key, rule []byte) error {
		flags := binary.BigEndian.Uint16(key[atFlags:])
		if key[atType] != typeText || flags&flagCompound != 0 {
			return nil
		}
		copy(rec[:placeMark], key[atDoc:])
		rec[placeMark] = 1
		copy(rec[placeNumber:], key[atNumber:atFlags])
		copy(rec[placeScope:], key[:8])
		copy(rec[placePiece:], key[atPiece:atDoc]) // piece and article
		binary.BigEndian.PutUint16(rec[placeFlags:], flags)
		rec[placeClass] = rule[ruleClass]
		return places.Add(rec[:])
	})
	if err != nil {
		return nil, err
	}
	sorted, err := places.Sort()
	if err != nil {
		return nil, err
	}
	votes := extsort.New(voteLen, extsort.Options{
		Dir: l.opts.Dir, Memory: l.opts.Memory / 8, Stop: l.opts.Stop, Key: voteSupport,
		Fold: func(into, rec []byte) { into[voteSupport] |= rec[voteSupport] },
	})
	b := ballot{votes: votes}
	for place, err := range sorted.All() {
		if err == nil && place[placeMark] == 0 {
			err = b.end()
			b.total = get24(place[placeNumber:])
		} else if err == nil {
			b.places = append(b.places, place...)
		}
		if err != nil {
			return nil, errors.Join(err, votes.Close())
		}
	}
	if err := b.end(); err != nil {
		return nil, errors.Join(err, votes.Close())
	}
	return votes, nil
}

// ballot holds the candidates that stand in one document, by number.
type ballot struct {
	votes  *extsort.Sorter
	total  int32 // pieces of the document
	places []byte
}

// end adds the votes of the document and forgets it.
func (b *ballot) end() error {
	for rest := b.places; len(rest) > 0; {
		n := runLen(rest)
		if err := b.run(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	b.places = b.places[:0]
	return nil
}

// runLen is the length of the places at the start whose numbers follow each other.
func runLen(places []byte) int {
	at := get24(places[placeNumber:])
	n := placeLen
	for ; n < len(places); n += placeLen {
		next := get24(places[n+placeNumber:])
		if next > at+1 {
			break
		}
		at = next
	}
	return n
}

// run adds the votes of one run of recurring pieces.
func (b *ballot) run(places []byte) error {
	head := get24(places[placeNumber:]) == 0
	tail := get24(places[len(places)-placeLen+placeNumber:]) == b.total-1
	var pieces, long, sure, anchors int
	text := false // something that says more than a tag
	for rest := places; len(rest) > 0; {
		p := pieceAt(rest)
		pieces++
		text = text || p.flags&flagHashtag == 0 && p.flags&(flagLong|flagURL) != 0
		if p.flags&flagLong != 0 {
			long++
		}
		if p.sure {
			sure++
		}
		if p.anchor {
			anchors++
		}
		rest = rest[p.len:]
	}
	// A passage makes up a good part of a short text, such as a channel's description amid what is said of a video.
	passage := text && (pieces >= 3 || long >= 2) && 4*pieces >= int(b.total)
	var vote [voteLen]byte
	var p placed
	for rest, left := places, 0; len(rest) > 0; rest, left = rest[placeLen:], left-placeLen {
		if left == 0 {
			p = pieceAt(rest)
			left = p.len
		}
		class := rest[placeClass]
		if class&classRule != 0 {
			continue
		}
		others := sure // pieces that are cut wherever they stand, without this one
		if p.sure {
			others--
		}
		edge := head || tail
		var support bool
		switch {
		case p.flags&flagHashtag != 0 && !text:
		case head && tail && class&classPercent != 0:
			support = true
		case p.flags&flagHeading != 0:
			support = tail
		case passage, tail && long >= 2 && class&classTail != 0 && p.flags&flagLong != 0:
			support = true
		case p.flags&flagHashtag != 0 && class&classTwenty == 0 && others == 0:
		case others > 0 && 2*sure >= pieces, edge && (others > 0 || anchors > 0):
			support = true
		default:
			const short = flagWhole | flagShort
			support = tail && pieces <= longestShort && class&classTwenty != 0 && p.flags&short == short
		}
		copy(vote[:], rest[placeScope:placeFlags])
		vote[voteSupport] = 0
		if support {
			vote[voteSupport] = 1
		}
		if err := b.votes.Add(vote[:]); err != nil {
			return err
		}
	}
	return nil
}

// placed is a piece in a run.
type placed struct {
	len    int    // of its place records: one a scope
	flags  uint16 // but for flagAuthor
	sure   bool   // it is cut wherever it stands
	anchor bool   // it makes the pieces beside it suspect at an end of the text
}

// pieceAt reads the piece at the start of places.
func pieceAt(places []byte) placed {
	p := placed{flags: binary.BigEndian.Uint16(places[placeFlags:]) &^ flagAuthor}
	number := get24(places[placeNumber:])
	for ; p.len < len(places) && get24(places[p.len+placeNumber:]) == number; p.len += placeLen {
		class := places[p.len+placeClass]
		p.sure = p.sure || class&classRule != 0
		p.anchor = p.anchor || class&classRule == 0 && class&classPercent != 0 && p.flags&flagURL != 0
	}
	return p
}

// elect writes the rules: the candidates that need no votes and those with enough of them.
func elect(candidates, votes, rules *extsort.Sorter) error {
	sorted, err := candidates.Sort()
	if err != nil {
		return err
	}
	ballots, err := votes.Sort()
	if err != nil {
		return err
	}
	vote := ballots.Next()
	for rule := sorted.Next(); rule != nil; rule = sorted.Next() {
		if rule[ruleClass]&classRule == 0 {
			var articles, support int64
			for vote != nil && bytes.Equal(vote[:8], rule[:8]) && bytes.Equal(vote[8:16], rule[atPiece:atArticle]) {
				articles++
				support += int64(vote[voteSupport])
				vote = ballots.Next()
			}
			if articles == 0 || 5*support < 4*articles {
				continue
			}
		}
		if err := rules.Add(rule); err != nil {
			return err
		}
	}
	return errors.Join(sorted.Err(), ballots.Err())
}

// ruleOfRow fills rec with a saved rule and tells whether it is one.
func ruleOfRow(row *Row, rec []byte) bool {
	clear(rec)
	if row.Source == "" {
		return false
	}
	scope := sourceScope(row.Source)
	if row.Author != "" {
		scope = authorScope(row.Source, row.Author)
	}
	binary.BigEndian.PutUint64(rec, scope)
	put48(rec[ruleCount:], row.Count)
	for i := ruleDoc; i < ruleLen; i++ {
		rec[i] = 0xff // no document gives its text
	}
	rec[atType] = typeText
	var key uint64
	switch row.Kind {
	case KindSentence:
		key, rec[ruleKind] = textKey(row.Text), ruleSentence
	case KindURL:
		key, rec[ruleKind] = textKey(row.Text), ruleURL
	case KindHashtag:
		key, rec[ruleKind] = hashtagKey(row.Text), ruleHashtag
	case KindBlock:
		key = blockKey(row.Text)
		rec[ruleKind] = ruleBlock
	case KindTitleSuffix:
		key = textKey(row.Text)
		rec[atType] = typeTitle
	case KindDateOrder:
		rec[atType] = typeDate
		switch row.Text {
		case textDayFirst:
			rec[ruleKind] = byte(DayFirst)
		case textMonthFirst:
			rec[ruleKind] = byte(MonthFirst)
		default:
			return false
		}
		return true
	default:
		return false
	}
	binary.BigEndian.PutUint64(rec[atPiece:], key)
	return key != 0
}

func put48(b []byte, v int64) {
	_ = b[5]
	b[0], b[1], b[2], b[3], b[4], b[5] = byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

func get48(b []byte) int64 {
	_ = b[5]
	return int64(b[0])<<40 | int64(b[1])<<32 | int64(b[2])<<24 | int64(b[3])<<16 | int64(b[4])<<8 | int64(b[5])
}

func get24(b []byte) int32 { return int32(b[0])<<16 | int32(b[1])<<8 | int32(b[2]) }

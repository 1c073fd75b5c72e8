// Package repeat finds and cuts text that belongs to a source and not to its articles: follow-us lines, bylines, channel
// descriptions, "continue reading", the site's name behind a title. It is learned from the collection itself and needs
// no list of sites or phrases.
//
// # How it is done
//
// Keys is a pure function of one document: it names each piece of the text (a block, a sentence, a URL, a hashtag) by a
// hash and says where it stands. A Learner sorts the keys of all documents outside memory, counts in how many articles
// each piece is found and decides which pieces are rules. The result is a list of hits by document. Clean, a pure
// function again, cuts the hits of one document. The rules can be saved as Rows and used for another collection: there
// the same function makes the same hits of them, so that a text is cut alike in both.
//
// # What is counted
//
// A scope is a source, or a source and an author: the channels of a platform differ. Each piece is counted in both.
// What counts is distinct articles, not documents: two documents with the same title are one article when their rest
// (the text without the piece in question) has the same sketch, the least hash of its longer pieces. Nor does a long
// text (weight 800) under several titles teach much: fewer than twenty titles over one sketch are one article, for that
// is a story whose headline was edited; from twenty on they count, for that is a channel with one description. A story
// that was saved ten times thus teaches nothing, in whatever order it comes.
//
// Pieces are compared by their letters, digits and marks only, in lower case and with full-width forms folded. A piece
// weighs two for each ideograph, kana or Hangul syllable and one for each other letter or digit; it is long from 24 on.
//
// # The rules
//
// Let n be the articles of the scope and c those with the piece. A piece recurs when c ≥ max(5, n/1000); the rest stays.
//
// Sure pieces are cut wherever they stand. In a scope of n ≥ 20 articles, a piece with c ≥ n/5 is sure
//
//   - when c ≥ 10, and it is a URL or a hashtag, or a long whole block, or in half of the articles long or a whole
//     block, or in a quarter of them a whole block that is no sentence;
//   - when at least 4/5 of its articles have it among their first three or last five pieces, it is a whole block or in
//     half of the articles, and either c ≥ 10 or it is a whole block in 4/5 of them.
//
// A sentence amid others that is in a third of a daily report is one of the few that its matter allows, and one that
// stands alone in a quarter of a diary is the author's.
//
// Sure is, too, a whole caption of weight up to 40 with c ≥ n/100: a picture credit.
//
// Any other piece that recurs is a rule when at least 4/5 of its articles support it. What supports it is the run of
// recurring pieces in which it stands there:
//
//   - the run is the whole text, and c ≥ n/100;
//   - the run is a passage: at least a quarter of the text's pieces, among them three pieces or two long ones;
//   - the run touches the head or the tail of the text and holds another piece that is sure, or a URL with c ≥ n/100;
//   - sure pieces, others among them, are half of the run;
//   - the run touches the tail and has at most four pieces, and the piece is a whole block of weight up to 80 with
//     c ≥ n/20;
//   - the run touches the tail and holds two long pieces, the piece is one of them, and c ≥ max(10, n/200).
//
// A hashtag is supported only in a run with a long piece or a URL, and beside other sure pieces or with c ≥ n/20, unless
// in a passage or a whole text: tags chosen for an article say something about it. A heading needs c ≥ n/10, or c ≥
// max(10, n/100), and a run that touches the tail. A block of several pieces is counted as a whole, too, and can only be sure.
//
// Where rules are applied, the document has the last word:
//
//   - a piece whose rule was learned from whole blocks (4/5 of its articles) is cut as a whole block only;
//   - a heading is cut only when nothing that is kept follows it: headings that merely recur stay. So do blocks
//     of weight up to 2, which number sections;
//   - a piece that ends in a colon or a dash stays right before a piece that is kept: it is a label or a dateline;
//   - code and tables are cut as a whole or not at all;
//   - what has no letters goes when all around it goes, and drawn lines (---, ===, ———) beside a cut.
//
// Documents without a source neither teach nor lose anything.
//
// The tail of a title from a dash, bar or underscore on is cut when c ≥ max(5, n/5), or when it is the name of the
// source. A block that is the stated author's name, among the first three of a longer text, is cut as a byline. The
// order of day and month in numeric dates is that of all dates of the source that decide it; none, where they conflict.
//
// The thresholds follow what was measured on channel descriptions and site exports: pieces in a fifth of a source are
// nearly all boilerplate; those in one to five percent are credits and bylines, but also headings and turns of speech.
package repeat

import "broadsheet/corpus/prose"

// Doc is what is read of a document. Blocks are as the reader made them, before anything is cut.
type Doc struct {
	Source string // the publisher, feed or channel; without it nothing is learned or cut
	Author string // as stated, all authors in one string; may be empty
	Title  string
	Blocks []prose.Block
	Dates  Dates
}

// Dates says what the numeric dates of a document show.
type Dates uint8

// What numeric dates show; several may hold.
const (
	SaysDayFirst   Dates = 1 << iota // such as 25/12/2024
	SaysMonthFirst                   // such as 12/25/2024
	NeedsOrder                       // such as 05/01/2024: undecided by itself
)

// Order is the order of day and month in a source's numeric dates.
type Order uint8

// The orders. Zero is undecided.
const (
	OrderUnknown Order = iota
	DayFirst
	MonthFirst
)

// The kinds of a Row.
const (
	KindBlock       = "block"
	KindSentence    = "sentence"
	KindURL         = "url"
	KindHashtag     = "hashtag"
	KindTitleSuffix = "title_suffix"
	KindDateOrder   = "date_order"
)

// Row is a rule as it is saved. Text is the piece as it was first seen; for KindDateOrder it is "day_first" or
// "month_first".
type Row struct {
	Kind   string
	Source string
	Author string // empty: the rule holds for the whole source
	Text   string
	Count  int64 // distinct articles that taught it
}

const (
	textDayFirst   = "day_first"
	textMonthFirst = "month_first"
)

// The figures of the rules, as the package comment states them.
const (
	minCount      = 5
	minArticles   = 20
	minSure       = 10
	longPiece     = 24  // weight
	shortBlock    = 80  // weight
	shortCredit   = 40  // weight
	shortNumber   = 2   // weight
	longBody      = 800 // weight of a text that is a story, or a channel's description
	manyTitles    = 20  // from here on titles over one long text count
	headZone      = 3
	tailZone      = 5
	longestShort  = 4 // pieces in an edge run without a piece of the first kind
	longestSuffix = 80
)

package htmltext

import (
	"bytes"
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dates"
	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

// Options of Fragment.
type Options struct {
	Title string // of the article, as stated: it is not repeated in the text
}

// Result is the text of a fragment.
type Result struct {
	Blocks  []prose.Block
	Removed []prose.Removal // in the order of the text, by rule
	Notes   []string
}

// NoteRulesOff says that the rules would have taken most of the text, so that only the plainest were applied.
const NoteRulesOff = "html_rules_held"

// The names of the rules, in removals.
const (
	RuleTitle    = "repeated_title"
	RuleBox      = "box"       // a part of the page by its class: related articles, comments, sign-up
	RuleShare    = "share"     // links that pass the article on
	RuleDate     = "date_line" // a date, a byline with a date
	RuleByline   = "byline"
	RuleLabel    = "label" // a label of links, and the links
	RulePhrase   = "phrase"
	RuleCredit   = "picture_credit"
	RuleFile     = "file_name"
	RuleLinks    = "links" // the end of the text: nothing but links
	RuleOrnament = "ornament"
)

// Fragment gives the text of a piece of HTML that is an article, as a feed or an archiver gives it, without what never
// belongs to one. What goes is decided by structure (where links lead, how a block is placed, the names of classes) and
// by the phrases of phrases.go, never by the site. Running text never goes: a block that is a sentence is kept unless it
// begins like a line of the page's own.
func Fragment(t *dom.Tree, root dom.ID, o Options) Result {
	f := fragment{t: t, title: fold(nil, o.Title)}
	var boxed map[dom.ID]bool
	boxed, f.removed = boxes(t, root)
	f.spans = partAtRules(Render(t, root, func(id dom.ID) bool { return boxed[id] }))
	f.cut = make([]string, len(f.spans))
	f.rules()
	return f.result()
}

type fragment struct {
	t       *dom.Tree
	title   []byte // folded
	key     []byte // of the block in hand: its text folded
	spans   []Span
	cut     []string // the rule that takes a span
	played  []int    // spans that are lines of a player
	removed []prose.Removal
}

func (f *fragment) result() Result {
	r := Result{Removed: f.removed}
	whole, gone := 0, 0
	for i, s := range f.spans {
		n := prose.Chars(s.Text)
		whole += n
		if f.cut[i] != "" {
			gone += n
		}
	}
	if gone*10 > whole*9 && whole > 400 { // a page of links, or text that the rules do not understand
		r.Notes = append(r.Notes, NoteRulesOff)
		for i := range f.cut {
			if f.cut[i] != RuleShare && f.cut[i] != RuleTitle {
				f.cut[i] = ""
			}
		}
	}
	for i, s := range f.spans {
		if f.cut[i] != "" {
			r.Removed = append(r.Removed, prose.Removal{Rule: f.cut[i], Text: s.Text})
			continue
		}
		s.Tight = s.Tight && len(r.Blocks) > 0 && i > 0 && f.cut[i-1] == ""
		r.Blocks = append(r.Blocks, s.Block)
	}
	return r
}

// boxTokens name, in class or id, parts of a page that are not of the article.
var boxTokens = map[string]bool{
	"share": true, "sharing": true, "shares": true, "sharedaddy": true, "sharethis": true, "addtoany": true, "addthis": true, "socialshare": true, "sharebar": true, "sharebuttons": true, "socialmedia": true,
	"related": true, "relatedposts": true, "relatedarticles": true, "relatednews": true, "recommend": true, "recommended": true, "recommendation": true, "recommendations": true, "morearticle": true, "morearticles": true, "morenews": true, "readmore": true, "interested": true,
	"comments": true, "comment": true, "commentlist": true, "respond": true, "disqus": true,
	"breadcrumb": true, "breadcrumbs": true, "pagination": true, "pager": true, "navlinks": true, "postnavigation": true,
	"newsletter": true, "subscribe": true, "subscription": true, "signup": true, "advert": true, "advertisement": true, "adsbygoogle": true, "promo": true,
	"entrymeta": true, "postmeta": true, "entryfooter": true, "postfooter": true, "posttags": true, "taglist": true, "taglinks": true, "tagslinks": true, "catlinks": true, "entrytags": true, "keywordtag": true, "keyword": true, "submitted": true,
	"gallerythumbs": true, "copyright": true, "likes": true, "likesblock": true,
}

// wallTokens name what stands in the way of a reader: a box only where it holds no running text, for the text behind a
// wall may be in an element named for it.
var wallTokens = map[string]bool{"paywall": true, "regwall": true, "barrier": true, "subscribewall": true, "registerwall": true}

// timeTokens name the line that says when the article appeared, before its text.
var timeTokens = map[string]bool{"time": true, "date": true, "datetime": true, "timestamp": true, "pubdate": true, "publishdate": true, "postdate": true, "entrydate": true}

// sieve has a bit for the first letter of each of some words, by their length: most others need no further look.
type sieve [32]uint32

// boxSieve is of the tokens that name a part of the page.
var boxSieve = func() (v sieve) {
	for _, tokens := range []map[string]bool{boxTokens, wallTokens, timeTokens} {
		for t := range tokens {
			v[len(t)] |= 1 << (t[0] & 31)
		}
	}
	return v
}()

func (v *sieve) may(word []byte) bool {
	return len(word) > 0 && len(word) < len(v) && v[len(word)]>>(word[0]&31)&1 != 0
}

// partAtRules parts blocks whose lines were set apart by a rule of dashes: what is before and behind it is not one block.
func partAtRules(spans []Span) []Span {
	for i := 0; i < len(spans); i++ {
		s := spans[i]
		if s.Kind != prose.Paragraph || s.Links > 0 || !strings.Contains(s.Text, "\n") {
			continue
		}
		var parts []Span
		var held []string
		flush := func() {
			if len(held) > 0 {
				part := s
				part.Text = strings.Join(held, "\n")
				parts = append(parts, part)
				held = nil
			}
		}
		ruled := false
		for line := range strings.SplitSeq(s.Text, "\n") {
			if letters(line) > 0 {
				held = append(held, line)
				continue
			}
			ruled = true
			flush()
			held = append(held, line)
			flush()
		}
		flush()
		if ruled {
			spans = append(spans[:i], append(parts, spans[i+1:]...)...)
			i += len(parts) - 1
		}
	}
	return spans
}

// pictureBox gives the element that holds the caption of an image which stands outside a figure: small print right
// behind it, or a table of the image and a few words. An image in a figure has a figcaption, which stays.
func pictureBox(t *dom.Tree, img dom.ID) dom.ID {
	at := img
	for p := t.Nodes[at].Parent; p != dom.None; p = t.Nodes[p].Parent {
		n := &t.Nodes[p]
		if n.Tag == atom.Figure || n.Tag == atom.P {
			return dom.None
		}
		if n.Tag == atom.Table {
			if text := t.TextContent(p); len(text) < 2000 && letters(text) <= 60 && !sentence(text) {
				return p
			}
			return dom.None
		}
		if n.First != at || n.Last != at {
			if n.Tag == atom.Tbody || n.Tag == atom.Thead { // the other rows may hold the caption
				continue
			}
			break
		}
		at = p
	}
	for next := t.Nodes[at].Next; next != dom.None; next = t.Nodes[next].Next {
		n := &t.Nodes[next]
		if n.Name == "" {
			if strings.TrimSpace(n.Text) != "" {
				return dom.None
			}
			continue
		}
		for only := next; ; only = t.Nodes[only].First {
			n := &t.Nodes[only]
			if n.Tag == atom.Small {
				return next
			}
			if n.Tag != atom.Div && n.Tag != atom.P && n.Tag != atom.Span || n.First == dom.None || n.First != n.Last {
				return dom.None
			}
		}
	}
	return dom.None
}

// boxes finds the parts of the page by their class or id, and the captions that stand outside figures. A part that holds
// more than half of the text and some running text is the article, whatever it is called.
func boxes(t *dom.Tree, root dom.ID) (map[dom.ID]bool, []prose.Removal) {
	type part struct {
		id   dom.ID
		kind boxKind
	}
	var found []part
	head, early := true, 0 // no running text came, and so many letters
	for id := root; id != dom.None; {
		n := &t.Nodes[id]
		if id != root && Hidden(n) {
			id = t.Skip(id, root)
			continue
		}
		switch {
		case n.Name == "":
			if head {
				k := letters(n.Text)
				early += k
				head = early <= headLetters && (k < 40 || !sentence(n.Text))
			}
		case n.Tag == atom.Img:
			if box := pictureBox(t, id); box != dom.None {
				found = append(found, part{box, pageBox})
			}
		default:
			if kind := boxed(n); kind != noBox && (kind != timeBox || head) {
				found = append(found, part{id, kind})
			}
		}
		id = t.Descend(id, root)
	}
	if len(found) == 0 {
		return nil, nil
	}
	shown := letterCount{t: t, root: root, next: root}
	out := map[dom.ID]bool{}
	var removed []prose.Removal
	for _, f := range found {
		id := f.id
		inside := false
		for p := t.Nodes[id].Parent; p != dom.None && !inside; p = t.Nodes[p].Parent {
			inside = out[p]
		}
		if inside {
			continue
		}
		spans := Render(t, id, nil)
		n, running := 0, 0
		var text []string
		for _, s := range spans {
			k := letters(s.Text)
			n += k
			if k >= 40 && sentence(s.Text) && s.Links*2 < k {
				running += k
			}
			text = append(text, s.Text)
		}
		total := shown.upTo(2 * n)
		if n*2 > total && (running*3 > n || total-n < 40) || f.kind == wallBox && (running > 0 || n > 2*headLetters) ||
			f.kind == timeBox && (n > 30 || !holdsDigit(strings.Join(text, ""))) {
			continue
		}
		out[id] = true
		if n > 0 {
			rule := RuleBox
			if f.kind == timeBox {
				rule = RuleDate
			}
			removed = append(removed, prose.Removal{Rule: rule, Text: strings.Join(text, "\n")})
		}
	}
	return out, removed
}

// letterCount counts the letters and digits of all text below root that is not hidden, as far as it is asked for.
type letterCount struct {
	t     *dom.Tree
	root  dom.ID
	next  dom.ID // not counted yet
	total int    // before it
}

// upTo is their number; where there are as many as enough, some number from there on.
func (c *letterCount) upTo(enough int) int {
	for c.next != dom.None && c.total < enough {
		n := &c.t.Nodes[c.next]
		if c.next != c.root && Hidden(n) {
			c.next = c.t.Skip(c.next, c.root)
			continue
		}
		c.total += letters(n.Text)
		c.next = c.t.Descend(c.next, c.root)
	}
	return c.total
}

// headLetters is how much may stand before the line that says when an article appeared: its title, section and author.
const headLetters = 200

// boxKind says what a part of the page is by its name.
type boxKind uint8

const (
	noBox boxKind = iota
	pageBox
	wallBox
	timeBox
)

func boxed(n *dom.Node) boxKind {
	switch n.Tag {
	case atom.Nav, atom.Form:
		return pageBox
	case atom.Body, atom.Article, atom.Main, atom.B, atom.Strong, atom.Em, atom.I, atom.H1, atom.H2, atom.H3:
		return noBox
	}
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			kind := kindOf(name)
			if kind == timeBox && n.Tag != atom.Div && n.Tag != atom.P && n.Tag != atom.Time {
				continue
			}
			if kind != noBox {
				return kind
			}
		}
	}
	return noBox
}

// kindOf tells the kind by one class name: by a word of it or two neighbouring ones.
func kindOf(name string) boxKind {
	var small [64]byte
	pair := small[:0] // the word before, and this one
	last := 0         // where this one begins in pair
	kind, n := noBox, 0
	for word := range words(name) {
		pair = append(pair[:0], pair[last:]...)
		last = len(pair)
		for i := range len(word) {
			c := word[i]
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			pair = append(pair, c)
		}
		this := pair[last:]
		if boxSieve.may(this) && boxTokens[string(this)] || n > 0 && boxSieve.may(pair) && boxTokens[string(pair)] {
			return pageBox
		}
		if boxSieve.may(this) && wallTokens[string(this)] {
			kind = wallBox
		}
		n++
	}
	if kind == noBox && n == 1 && boxSieve.may(pair) && timeTokens[string(pair)] {
		kind = timeBox
	}
	return kind
}

// words parts a class name at hyphens, underscores and capitals.
func words(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(s); i++ {
			switch {
			case i == len(s) || s[i] == '-' || s[i] == '_' || s[i] == ':' || s[i] == '/':
				if start < i && !yield(s[start:i]) {
					return
				}
				start = i + 1
			case i > start && s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' && s[i-1] <= 'z':
				if !yield(s[start:i]) {
					return
				}
				start = i
			}
		}
	}
}

// shareWords are in every address that shareLink knows: a look at them is cheaper than the expression.
var shareWords = []string{
	"share", "Share", "intent", "send", "submit", "pin/create", "hatena", "pocket", "javascript:", "mailto:", "wa.me", "line", "qq.com",
	"addtoany", "whatsapp:", "tg:", "fb-messenger:", "viber:", "sharing", "dialog", "kakao", "widgets",
}

var (
	shareLink  = regexp.MustCompile(`(?i)^(?:https?:)?//[^/]*(?:facebook\.com/(?:sharer|dialog|share)|(?:twitter|x)\.com/(?:intent|share)|linkedin\.com/(?:share|sharing)|pinterest\.[a-z.]+/pin/create|reddit\.com/submit|plus\.google\.com/share|t\.me/share|telegram\.me/share|api\.whatsapp\.com/send|web\.whatsapp\.com/send|wa\.me/|service\.weibo\.com/share|connect\.qq\.com|sns\.qzone\.qq\.com|social-plugins\.line\.me|line\.me/r/msg|lineit\.line\.me|b\.hatena\.ne\.jp/|getpocket\.com/|share\.naver|story\.kakao|vk\.com/share|addtoany\.com|tumblr\.com/(?:share|widgets))|^(?:whatsapp|tg|fb-messenger|line|viber|kakaolink):|^mailto:\?|[?&]share=|^javascript:`)
	fileName   = regexp.MustCompile(`(?i)^[\p{L}\p{N}_.%()+~ -]{1,80}\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|mp4|mp3|pdf)$`)
	photoTail  = regexp.MustCompile(`[（(][^（）()。拍]{2,20}(?:图片|圖片|照片|资料照|資料照|檔案照|档案照|AP Photo|[Ff]ile photo)[)）]\s*$`)
	relative   = regexp.MustCompile(`(?i)^\s*(?:约|約|大约)?\s*\d+\s*(?:秒|分钟|分鐘|小时|小時|天|日|周|週|个月|個月|月|年|分|時間|초|분|시간|일|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s*(?:前|ago|전)\s*$`)
	creditTail = regexp.MustCompile(`(?i)[（(][^（）()]{0,40}(?:摄|攝|图片|圖片|照片|资料照|資料照|档案照|檔案照|photo|getty|afp|法新社|reuters|路透|associated press|美联社|美聯社|中央社|写真|사진)[^（）()]{0,12}[)）]\s*$`)
	bareURL    = regexp.MustCompile(`(?i)^(?:https?://|www\.)\S+$`)
	monthDay   = regexp.MustCompile(`^(?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12][0-9]|3[01])$`)
)

func (f *fragment) rules() {
	n := len(f.spans)
	first, last := f.body()
	for i := range f.spans {
		s := &f.spans[i]
		if len(s.Text) > 4*longestLine { // running text: only an ornament of that length could go
			continue
		}
		text := strings.TrimSpace(s.Text)
		if s.Kind == prose.Item {
			text = strings.TrimLeft(strings.TrimLeft(text, "- 0123456789."), " ")
		}
		count := prose.Chars(text)
		if count > longestLine {
			continue
		}
		if s.Kind == prose.Caption {
			if n := captionMark(text); n == len(text) {
				f.cut[i] = RulePhrase
				continue
			} else if n > 0 {
				f.removed = append(f.removed, prose.Removal{Rule: RulePhrase, Text: text[:n]})
				text = strings.TrimSpace(text[n:])
				s.Text = text
			}
		}
		f.cut[i] = f.rule(s, text, place{i: i, n: n, head: i < first, tail: i > last, count: count})
	}
	f.players()
	f.afterLabels(last)
	f.tail(last)
	f.orphans()
	if n == 1 && f.cut[0] == "" && len(f.spans[0].Text) < 64 && placeholders[string(fold(nil, f.spans[0].Text))] {
		f.cut[0] = RulePhrase
	}
}

// bylineZone is in how many blocks at the start a byline may stand behind a summary of the article.
const bylineZone = 8

// captionMark is the length of the words before a caption that only say what it is.
func captionMark(text string) int {
	for _, mark := range captionMarks {
		if len(text) >= len(mark) && strings.EqualFold(text[:len(mark)], mark) {
			return len(mark)
		}
	}
	return 0
}

// longestPlea is the width, in columns, of what may follow the words of edgeLines: an ideograph takes two.
const longestPlea = 120

// noticeZone is where the words of a notice begin at the latest, in bytes.
const noticeZone = 100

// longestLine is the length, in code points, beyond which a block is running text whatever it looks like.
const longestLine = 200

// place is where a block stands: before, in or behind the running text.
type place struct {
	i, n       int
	head, tail bool
	count      int // code points of the block
}

// rule gives the rule that takes a short block, or "". The first that applies counts.
func (f *fragment) rule(s *Span, text string, p place) string {
	f.key = fold(f.key[:0], text)
	key := f.key
	switch {
	case len(key) == 0 && s.Kind != prose.Code:
		return RuleOrnament
	case f.titled(key) && (p.i < 6 || s.Kind == prose.Heading && bytes.Equal(key, f.title)):
		return RuleTitle
	case f.sharing(s, p.count):
		return RuleShare
	case s.Kind == prose.Code || s.Kind == prose.Row:
		return ""
	}
	lower := lowered(text)
	edge := p.head || p.tail
	switch {
	case hasExtension(text) && fileName.MatchString(text):
		return RuleFile
	case p.count <= 60 && (edge || p.i < 3 || p.i >= p.n-3) && (isRelative(lower) || wholeDate(text)):
		return RuleDate
	case p.count <= 140 && edge && !sentence(text) && dateLine(text, lower, p.head):
		return RuleDate
	case p.head && p.count <= 5 && monthDay.MatchString(text):
		return RuleDate
	case playerBeginnings.match(lower):
		f.played = append(f.played, p.i)
		return RulePhrase
	case labels[string(key)] || labels[string(bytes.TrimRight(key, "0123456789"))]:
		return RuleLabel
	case p.count <= 160 && (lineBeginnings.match(lower) || (p.i < 4 || p.i >= p.n-8) && (len(text)+p.count <= 2*longestPlea && edgeBeginnings.match(lower) || notice(lower))):
		return RulePhrase
	case p.count <= 200 && p.i >= p.n-6 && len(s.Anchors) > 0 && holdsAll(lower, syndicated):
		return RulePhrase
	case p.count <= 40 && holdsDigit(text) && (readingTime.MatchString(lower) || p.i < bylineZone && bareMinutes.MatchString(lower)):
		return RulePhrase
	case p.count <= 160 && p.tail && labelOfLinks(s, text):
		return RuleLabel
	case p.count <= 160 && len(s.Anchors) > 0 && relatedLink(s, text):
		return RuleLinks
	case (p.count <= 90 || s.Kind == prose.Caption) && credit(s.Kind, text, lower):
		return RuleCredit
	case p.head && p.count <= 40 && !sentence(text) && signed(text, lower), p.i < bylineZone && p.count <= 48 && isByline(text):
		return RuleByline
	case p.head && p.count <= 40 && s.Links*10 >= unspaced(text, p.count)*9 && s.Kind != prose.Heading:
		return RuleLinks
	}
	return ""
}

// titled holds where a folded line is the title, or the title without what stands before or behind it: a section, the
// name of the site.
func (f *fragment) titled(key []byte) bool {
	if len(f.title) == 0 || len(key) == 0 {
		return false
	}
	if bytes.Equal(key, f.title) {
		return true
	}
	return len(key)*3 >= len(f.title)*2 && len(key) >= 12 && (bytes.HasPrefix(f.title, key) || bytes.HasSuffix(f.title, key)) ||
		len(key)*2 >= len(f.title) && len(key) >= 6 && bytes.HasPrefix(f.title, key) && len(f.title)-len(key) <= 16
}

// relatedLink holds where a block is the label of a related article, as in "Read more:", and a link to it; or where the
// label is the link.
func relatedLink(s *Span, text string) bool {
	for _, l := range relatedStarts {
		if rest, ok := strings.CutPrefix(text, l); ok {
			n := unspaced(rest, prose.Chars(rest))
			return !sentence(text) && (s.Links <= prose.Chars(l)+2 || s.Links*10 >= n*8)
		}
	}
	return false
}

// unspaced is how many of the n code points of a text are no spaces, which Span.Links does not count.
func unspaced(text string, n int) int { return n - strings.Count(text, " ") }

// labelOfLinks holds where a block is a short label that ends in a colon, and links.
func labelOfLinks(s *Span, text string) bool {
	at := strings.IndexAny(text, ":：")
	if at < 0 || s.Links == 0 {
		return false
	}
	n := unspaced(text, prose.Chars(text))
	label := unspaced(text[:at], prose.Chars(text[:at])) + 1
	return label <= 20 && s.Links >= n-label-6
}

// dateLine holds where a line with a date says when the article appeared and little else: any such line before the
// running text; behind it, one that is hardly more than the date, or that says of what the date is.
func dateLine(text, lower string, head bool) bool {
	if !holdsDigit(text) {
		return false
	}
	_, from, to, ok := dates.Find(text)
	if !ok || head || dateBeginnings.match(lower) {
		return ok
	}
	return letters(text[:from])+letters(text[to:]) <= 12
}

// notice holds where a block has the words of one of the notices, the first of them near its start: that is what it is
// about.
func notice(lower string) bool {
	for i := 0; i <= noticeZone && i+3 <= len(lower); i++ {
		for _, g := range noticeWords.at(lower[i:]) {
			if strings.HasPrefix(lower[i:], g[0]) && holdsEach(lower, g[1:]) {
				return true
			}
		}
	}
	return false
}

// groups finds groups of words, the first of three bytes at least, by the first three bytes of the first.
type groups struct {
	sieve [1 << 6]uint64 // a bit for a hash of the bytes: most places of a text need no further look
	words map[[3]byte][][]string
}

func groupsOf(list [][]string) *groups {
	gs := &groups{words: map[[3]byte][][]string{}}
	for _, g := range list {
		k := [3]byte([]byte(g[0][:3]))
		gs.words[k] = append(gs.words[k], g)
		h := sieveHash(k)
		gs.sieve[h>>6] |= 1 << (h & 63)
	}
	return gs
}

// sieveHash keeps twelve bits of three bytes.
func sieveHash(k [3]byte) uint32 {
	return (uint32(k[0]) | uint32(k[1])<<8 | uint32(k[2])<<16) * 0x9e3779b1 >> 20
}

// at gives the groups whose first word may be what s, of three bytes at least, begins with.
func (gs *groups) at(s string) [][]string {
	k := [3]byte{s[0], s[1], s[2]}
	if h := sieveHash(k); gs.sieve[h>>6]>>(h&63)&1 == 0 {
		return nil
	}
	return gs.words[k]
}

// holdsAll holds where all words of one of the groups are in a text.
func holdsAll(lower string, groups [][]string) bool {
	for _, g := range groups {
		if holdsEach(lower, g) {
			return true
		}
	}
	return false
}

func holdsEach(lower string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(lower, w) {
			return false
		}
	}
	return true
}

func holds(lower string, list []string) bool {
	for _, p := range list {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return false
}

// body finds the first and the last span of running text: what lies before and behind is head and tail.
func (f *fragment) body() (first, last int) {
	first, last = len(f.spans), -1
	for i := range f.spans {
		s := &f.spans[i]
		if len(s.Text) < 40 {
			continue
		}
		n := prose.Chars(s.Text)
		if s.Kind == prose.Code || n >= 40 && sentence(s.Text) && s.Links*2 < n || n >= 120 && s.Links*2 < n {
			first = min(first, i)
			last = i
		}
	}
	if last < 0 {
		return 0, len(f.spans) - 1
	}
	return first, last
}

// sharing holds where the links of a block pass the article on and there is little text besides.
func (f *fragment) sharing(s *Span, count int) bool {
	if len(s.Anchors) == 0 || s.Links*2 < count && count > 24 {
		return false
	}
	for _, a := range s.Anchors {
		if href := f.t.Attr(a, "href"); !holds(href, shareWords) || !shareLink.MatchString(href) {
			return false
		}
	}
	return true
}

func endsInBracket(s string) bool {
	s = strings.TrimRight(s, " ")
	return strings.HasSuffix(s, ")") || strings.HasSuffix(s, "）")
}

// signed holds where a line names the author: a word of bylineStarts, or a preposition and a name, whose words are
// capitalised but for particles.
func signed(text, lower string) bool {
	if bylineBeginnings.match(lower) {
		return true
	}
	if !nameBeginnings.match(lower) {
		return false
	}
	_, names, _ := strings.Cut(text, " ")
	n := 0
	for word := range strings.FieldsSeq(names) {
		first, _ := utf8.DecodeRuneInString(word)
		switch {
		case unicode.IsUpper(first) || unicode.IsTitle(first):
			n++
		case unicode.IsLower(first) && len(word) > 4: // "de", "van", "and"
			return false
		}
	}
	return n > 0
}

// credit holds where a line only says whose picture is above it.
func credit(kind prose.Kind, text, lower string) bool {
	if kind == prose.Caption && endsInBracket(text) && creditTail.MatchString(text) {
		return true
	}
	if endsInBracket(text) && prose.Chars(text) <= 60 && photoTail.MatchString(text) {
		return true
	}
	if sentence(text) && kind != prose.Caption {
		return false
	}
	if creditBeginnings.match(lower) {
		return true
	}
	if prose.Chars(text) > 48 {
		return false
	}
	end := strings.TrimRight(lower, ") ）")
	for _, c := range creditEnds {
		if strings.HasSuffix(end, c) {
			return true
		}
	}
	return (strings.HasSuffix(end, "摄") || strings.HasSuffix(end, "攝")) && takenBy.MatchString(end)
}

// players takes what a player of sound or video leaves of itself: a line that only it says, and the short lines of its
// controls around it.
func (f *fragment) players() {
	for _, i := range f.played {
		for _, step := range []int{-1, 1} {
			for j := i + step; j >= 0 && j < len(f.spans); j += step {
				if s := &f.spans[j]; s.Kind == prose.Heading || prose.Chars(s.Text) > controlChars || sentence(s.Text) && f.cut[j] == "" {
					break
				}
				if f.cut[j] == "" {
					f.cut[j] = RulePhrase
				}
			}
		}
	}
}

// controlChars is the length of the longest control of a player.
const controlChars = 20

// orphans takes headings at the end all of whose section went.
func (f *fragment) orphans() {
	gone := false
	for i := len(f.spans) - 1; i >= 0; i-- {
		switch {
		case f.cut[i] != "":
			gone = gone || f.cut[i] == RuleLinks || f.cut[i] == RuleLabel || f.cut[i] == RulePhrase
		case gone && f.spans[i].Kind == prose.Heading && len(f.spans[i].Text) <= longestLine:
			f.cut[i] = RuleLabel
		default:
			return
		}
	}
}

// afterLabels takes the links that a label stands for: the blocks behind it that are nothing but links, or short.
func (f *fragment) afterLabels(last int) {
	for i := 0; i < len(f.spans); i++ {
		if f.cut[i] != RuleLabel {
			continue
		}
		for i+1 < len(f.spans) {
			s := &f.spans[i+1]
			n := prose.Chars(s.Text)
			linked := s.Links > 0 && s.Links*10 >= (unspaced(s.Text, n)-4)*8
			if f.cut[i+1] == "" && !linked && !(i+1 > last && n <= 30 && !sentence(s.Text)) {
				break
			}
			i++
			if f.cut[i] == "" {
				f.cut[i] = RuleLabel
			}
		}
	}
}

// tail takes what is behind the running text and is nothing but links or labels of links, headings too; lists of
// resources, which are items with words beside their links, stay.
func (f *fragment) tail(last int) {
	for i := len(f.spans) - 1; i > last; i-- {
		if f.cut[i] != "" {
			continue
		}
		s := &f.spans[i]
		text := strings.TrimSpace(s.Text)
		n := prose.Chars(text)
		switch {
		case s.Kind == prose.Code || s.Kind == prose.Row || s.Kind == prose.Heading && s.Links*10 < unspaced(text, n)*9:
			return
		case s.Links > 0 && s.Links*10 >= unspaced(text, n)*9 && n <= 60, len(s.Anchors) > 2 && n <= longestLine && strings.ContainsAny(text, "|｜·•") && !strings.Contains(text, "\n") && s.Links*10 >= (unspaced(text, n)-2*len(s.Anchors))*9, bareURL.MatchString(text):
			f.cut[i] = RuleLinks
		case i+1 < len(f.spans) && f.cut[i+1] == RuleLinks && n <= 30 && endsWithColon(text):
			f.cut[i] = RuleLabel
		case n <= 12 && s.Links == 0 && i+1 < len(f.spans) && (f.cut[i+1] == RuleShare) && endsWithColon(text):
			f.cut[i] = RuleLabel
		default:
			return
		}
	}
}

func endsWithColon(s string) bool { return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：") }

// isByline holds for a line in Chinese that gives a role and names. A look at its first character and for what parts the two
// is cheaper than the expression.
func isByline(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(bylineHeads, first) && strings.ContainsAny(s, "丨|｜︱∣/／:：,，") && byline.MatchString(s)
}

// hasExtension holds where a line ends as the name of a file does.
func hasExtension(s string) bool {
	at := strings.LastIndexByte(s, '.')
	return at > 0 && len(s)-at >= 4 && len(s)-at <= 5
}

// isRelative holds for a time that is told from the reader's now: "11 minutes ago".
func isRelative(lower string) bool {
	lower = strings.TrimSpace(lower)
	for _, end := range []string{"前", "ago", "전"} {
		if strings.HasSuffix(lower, end) {
			return relative.MatchString(lower)
		}
	}
	return false
}

// wholeDate holds where a line is a date and nothing else.
func wholeDate(s string) bool {
	if !holdsDigit(s) {
		return false
	}
	_, from, to, ok := dates.Find(s)
	return ok && letters(s[:from])+letters(s[to:]) <= 8
}

// holdsDigit holds where there is a digit of any script, or a Chinese numeral.
func holdsDigit(s string) bool {
	for _, r := range s {
		switch {
		case r < 0x660:
			if r >= '0' && r <= '9' {
				return true
			}
		case r >= 0x3007 && r <= 0x9fff: // no digits but the numerals
			switch r {
			case '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十':
				return true
			}
		case unicode.IsDigit(r):
			return true
		}
	}
	return false
}

// sentence holds where a text ends as sentences do, or has such an end in it.
func sentence(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		switch r {
		case '”', '’', '"', '\'', ')', '）', '」', '』', '】':
			return true
		}
		return unicode.IsSpace(r)
	})
	switch last, _ := utf8.DecodeLastRuneInString(s); last {
	case '.', '!', '?', '。', '！', '？', '…', '．', '؟', '।':
		return true
	}
	return strings.Contains(s, "。") || strings.Contains(s, "！") || strings.Contains(s, "？")
}

// starts finds whether a text begins with one of many phrases, of three bytes at least, by their first three.
type starts map[[3]byte][]string

func startsOf(list []string) starts {
	m := starts{}
	for _, p := range list {
		k := [3]byte([]byte(p[:3]))
		m[k] = append(m[k], p)
	}
	return m
}

func (m starts) match(s string) bool {
	if len(s) < 3 {
		return false
	}
	for _, p := range m[[3]byte{s[0], s[1], s[2]}] {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// lowered is strings.ToLower, with a short way for text whose characters beyond ASCII are ideographs and the punctuation
// that goes with them, which have no case.
func lowered(s string) string {
	capitals := false
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			capitals = capitals || 'A' <= c && c <= 'Z'
			i++
		case caseless(s[i:]):
			i += 3
		default:
			end := prose.HanRun(s, i)
			if end == i {
				return strings.ToLower(s)
			}
			i = end
		}
	}
	if !capitals {
		return s
	}
	out := []byte(s)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c | 0x20
		}
	}
	return string(out)
}

// caseless holds for text that begins with punctuation (U+2000 to U+207F), CJK signs, kana (U+3000 to U+30FF) or
// full-width punctuation (U+FF00 to U+FF20) in well-formed UTF-8.
func caseless(s string) bool {
	if len(s) < 3 || s[1]>>6 != 2 || s[2]>>6 != 2 {
		return false
	}
	switch s[0] {
	case 0xe2:
		return s[1] <= 0x81
	case 0xe3:
		return s[1] <= 0x83
	case 0xef:
		return s[1] == 0xbc && s[2] <= 0xa0
	}
	return false
}

// fold appends the letters and digits of s to out, in lower case.
func fold(out []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			out = append(out, c)
			i++
			continue
		case c >= 'A' && c <= 'Z':
			out = append(out, c|0x20)
			i++
			continue
		case c < utf8.RuneSelf:
			i++
			continue
		}
		if end := prose.HanRun(s, i); end > i {
			out = append(out, s[i:end]...)
			i = end
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if !punctuation(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
	}
	return out
}

// letters counts letters and digits.
func letters(s string) int {
	n := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' {
				n++
			}
			i++
			continue
		}
		if end := prose.HanRun(s, i); end > i {
			n += (end - i) / 3
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if !punctuation(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			n++
		}
	}
	return n
}

// punctuation holds for the usual marks of text beyond ASCII, which are neither letters nor digits nor marks on letters, and saves a
// look into the tables.
func punctuation(r rune) bool {
	return r >= 0x2000 && r <= 0x206f || r >= 0x3000 && r <= 0x3004 || r >= 0x3008 && r <= 0x3020 || r >= 0xff01 && r <= 0xff0f || r >= 0xff1a && r <= 0xff20
}

package pagemeta

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dates"
	"broadsheet/corpus/dom"
)

// The byline: what a page shows its readers beside the headline, names after "by", links to pages of authors, and dates
// that stand alone or after a word like "published". All lengths are bytes of text.
const (
	maxByline   = 200  // longer texts are sentences
	afterHead   = 1500 // how far below the headline a byline may stand: a summary and a picture's caption lie between
	beforeHead  = 500  // and above it
	maxShown    = 512  // dates and names that are looked at
	maxHeadings = 64
	maxNear     = 200 // between the names of one byline
)

// label says what the words before a date make of it.
type label uint8

const (
	unlabelled label = iota
	published
	updated
	other // the day of something else
)

// labels are words in lower case that stand before dates, and as parts of class names. Longer words stand before those
// that they contain.
var labels = []struct {
	word string
	label
}{
	{"republished", updated}, {"last published", updated}, {"publish", published}, {"posted", published}, {"pubdate", published}, {"issued", published}, {"first appeared", published}, {"date created", published}, {"released", published},
	{"updated", updated}, {"update", updated}, {"modified", updated}, {"reviewed", updated}, {"revised", updated}, {"edited", updated}, {"last changed", updated}, {"last checked", updated},
	{"publié", published}, {"mis à jour", updated}, {"mise à jour", updated}, {"modifié", updated},
	{"publicado", published}, {"publicada", published}, {"actualizado", updated}, {"atualizado", updated},
	{"veröffentlicht", published}, {"aktualisiert", updated}, {"geändert", updated},
	{"pubblicato", published}, {"aggiornato", updated}, {"gepubliceerd", published}, {"geplaatst", published}, {"bijgewerkt", updated},
	{"опубликован", published}, {"обновлен", updated}, {"изменен", updated}, {"опубліковано", published}, {"оновлено", updated},
	{"opublikowano", published}, {"zaktualizowano", updated}, {"publicerad", published}, {"uppdaterad", updated}, {"julkaistu", published}, {"päivitetty", updated},
	{"udgivet", published}, {"publisert", published}, {"opdateret", updated}, {"oppdatert", updated}, {"yayın", published}, {"güncelle", updated},
	{"发布", published}, {"發布", published}, {"發佈", published}, {"刊登", published}, {"发表", published}, {"發表", published}, {"公開", published}, {"投稿", published}, {"配信", published}, {"掲載", published}, {"更新", updated}, {"修改", updated},
	{"게시", published}, {"등록", published}, {"입력", published}, {"수정", updated}, {"نشر", published}, {"تحديث", updated},
	{"©", other}, {"copyright", other}, {"accessed", other}, {"retrieved", other}, {"expires", other}, {"deadline", other}, {"valid ", other}, {"as of", other}, {"joined", other}, {"member since", other}, {"comment", other},
}

// original holds for a text that says before its date that the page was first published on it, in however long a sentence.
func original(before string) bool {
	w := strings.Fields(strings.ToLower(before))
	if n := len(w); n > 0 && w[n-1] == "on" {
		w = w[:n-1]
	}
	n := len(w)
	return n >= 2 && (w[n-1] == "published" || w[n-1] == "posted") && (w[n-2] == "originally" || w[n-2] == "first")
}

// labelOf gives the label that stands last in a text, that is, closest to the date after it.
func labelOf(s string) label {
	s = strings.ToLower(s)
	best, at, size := unlabelled, -1, 0
	for _, l := range labels {
		if i := strings.LastIndex(s, l.word); i > at || i == at && i >= 0 && len(l.word) > size {
			// "republished" ends where its "published" does.
			if at >= 0 && i < at+size && i+len(l.word) <= at+size {
				continue
			}
			best, at, size = l.label, i, len(l.word)
		}
	}
	return best
}

// bys are the words before names in bylines.
var bys = []string{"written by", "posted by", "published by", "words by", "story by", "article by", "text by", "report by", "authored by", "author", "authors", "by", "written and edited by", "contributed by",
	"von", "par", "por", "door", "av", "af", "autor", "auteur", "autore", "автор", "作者", "撰文", "文", "執筆", "글"}

// byOf cuts the words that introduce a name from a text. It tells whether there were any.
func byOf(s string) (name string, by bool) {
	lower := strings.ToLower(s)
	size := 0
	for _, w := range bys {
		if len(w) <= size || !strings.HasPrefix(lower, w) || len(lower) != len(s) {
			continue
		}
		rest := s[len(w):]
		c, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || c == ':' || c == '：' || c == '/' || c == '／' || c == ' ' && w[0] < utf8.RuneSelf {
			size = len(w)
		}
	}
	if size == 0 {
		return s, false
	}
	return strings.TrimLeft(s[size:], " :：/／"), true
}

// shown is a date or a name that stands in the text.
type shown struct {
	pos   int // bytes of text before it
	date  Date
	label label
	name  string
	by    bool // a word like "by" is before the name
	side  bool // in navigation, beside or below the content, in a comment
	first bool // said to be the day of the first publication
}

// byline gathers what the text shows while the page is walked.
type byline struct {
	pos      int
	before   string // the text before, if it is short
	expects  bool   // the text before ends with "by"
	joins    bool   // the text before was a name, and names may follow
	headings []heading
	dates    []shown
	names    []shown
}

// anyText is the level of a text that states the title and is in no heading.
const anyText = 7

type heading struct {
	pos, end int
	level    int
	text     string
}

// shownTime takes a time element.
func (r *reader) shownTime(id dom.ID, value string) {
	b := &r.byline
	if len(b.dates) < maxShown {
		b.dates = append(b.dates, shown{pos: b.pos, date: Date{Value: value, From: "body"}, label: r.labelAt(id, ""), side: r.aside(id)})
	}
}

// labelAt reads the label of a date from the text before it in its own text, else from the classes of the elements around
// it, else from the text before those, if that is short and holds no date of its own.
func (r *reader) labelAt(id dom.ID, before string) label {
	if l := labelOf(before); l != unlabelled {
		return l
	}
	for up, d := id, 0; up != 0 && d < 3; up, d = r.t.Nodes[up].Parent, d+1 {
		n := &r.t.Nodes[up]
		if n.Name == "" || n.Tag == atom.Body || n.Tag == atom.Article || n.Tag == atom.Main {
			continue
		}
		class := r.t.Attr(up, "class")
		if class == "" {
			continue
		}
		class = strings.ToLower(class)
		switch isUp, isPub := strings.Contains(class, "update") || strings.Contains(class, "modified") || strings.Contains(class, "changed"), strings.Contains(class, "publish") || strings.Contains(class, "posted") || strings.Contains(class, "pubdate"); {
		case isUp && !isPub:
			return updated
		case isPub && !isUp:
			return published
		case strings.Contains(class, "comment"):
			return other
		}
		if d > 0 && n.First != n.Last {
			break // several children: its class is not about the date alone
		}
	}
	if strings.TrimFunc(before, func(c rune) bool { return !unicode.IsLetter(c) }) == "" {
		return labelOf(r.byline.before)
	}
	return unlabelled
}

// aside tells whether the markup puts a node outside the content. The footer of an article is a part of it.
func (r *reader) aside(id dom.ID) bool {
	footer := false
	for up, d := id, 0; up != 0 && d < 32; up, d = r.t.Nodes[up].Parent, d+1 {
		switch r.t.Nodes[up].Tag {
		case atom.Nav, atom.Form:
			return true
		case atom.Footer:
			footer = true
		case atom.Article:
			footer = false
		}
		if strings.Contains(strings.ToLower(r.t.Attr(up, "class")+r.t.Attr(up, "id")), "comment") {
			return true
		}
	}
	return footer
}

// authorPath holds for addresses of pages about people who write.
func authorPath(href string) bool {
	if i := strings.IndexAny(href, "?#"); i >= 0 {
		href = href[:i]
	}
	parts := strings.Split(strings.ToLower(strings.TrimSuffix(href, "/")), "/")
	for i, p := range parts {
		if i+1 == len(parts) {
			return false
		}
		switch p {
		case "author", "authors", "contributor", "contributors", "writer", "writers", "staff", "people", "profile", "profiles", "journalist", "journalists", "reporter", "reporters", "byline", "by", "autor", "autores", "auteur", "auteurs", "autoren", "users", "user":
			return true
		}
	}
	return false
}

// showText takes a text of the body.
func (r *reader) showText(id dom.ID) {
	t, b := r.t, &r.byline
	text := t.Nodes[id].Text
	parent := t.Nodes[id].Parent
	switch t.Nodes[parent].Tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Textarea, atom.Title, atom.Option, atom.Svg, atom.Iframe:
		return
	}
	if len(text) > 4*maxByline {
		b.pos += len(text)
		b.before, b.expects, b.joins = "", false, false
		return
	}
	s := fold(text)
	if s == "" {
		return
	}
	pos := b.pos
	b.pos += len(s) + 1
	if title := first(r.ogTitle, r.docTitle); len(s)*2 > len(title) && len(s) <= len(title) && len(b.headings) < maxHeadings && strings.EqualFold(title[:len(s)], s) {
		b.headings = append(b.headings, heading{pos, b.pos, anyText, s})
	}
	defer func() {
		if b.before = s; len(s) > 60 {
			b.before = ""
		}
	}()
	inLink, timed := false, false
	for up, d := parent, 0; up != 0 && d < 4; up, d = t.Nodes[up].Parent, d+1 {
		switch t.Nodes[up].Tag {
		case atom.A:
			inLink = authorPath(t.Attr(up, "href"))
		case atom.Time:
			timed = t.Attr(up, "datetime") != ""
		}
	}
	if len(s) > maxByline {
		b.expects, b.joins = false, false
		return
	}
	if !timed && len(b.dates) < maxShown {
		if _, from, to, ok := dates.Find(s); ok {
			l, isFirst := r.labelAt(parent, s[:from]), original(s[:from])
			around := len(strings.Fields(s[:from])) + len(strings.Fields(s[to:]))
			if isFirst || around <= 8 || l != unlabelled && len(strings.Fields(s)) <= 16 {
				b.dates = append(b.dates, shown{pos: pos, date: Date{Value: s[from:to], From: "body"}, label: l, side: r.aside(parent), first: isFirst})
			}
		}
	}
	// Names.
	name, by := byOf(s)
	if by && name == "" {
		b.expects, b.joins = true, false
		return
	}
	switch {
	case b.joins && (s == "," || s == "&" || strings.EqualFold(s, "and")):
		b.expects, b.joins = true, false
		return
	case by, b.expects:
		name = beforeDate(name)
		if len(b.names) < maxShown && nameLike(name, inLink || b.expects && !by) {
			b.names = append(b.names, shown{pos: pos, name: name, by: true, side: r.aside(parent)})
			b.joins = true
		}
	case inLink:
		if len(b.names) < maxShown && nameLike(name, false) {
			b.names = append(b.names, shown{pos: pos, name: name, side: r.aside(parent)})
		}
		b.joins = false
	default:
		b.joins = false
	}
	b.expects = false
}

// nameLike tells whether a text after "by" or in a link to an author's page can be a name: one to five words that do not
// begin with small letters, but for particles; one alone only where the place is sure of it.
func nameLike(s string, sure bool) bool {
	if len(s) < 2 || len(s) > 60 || strings.ContainsAny(s, "0123456789<>{}|@?!:") {
		return false
	}
	if words := strings.Fields(s); len(words) == 1 {
		c, _ := utf8.DecodeRuneInString(s)
		return sure && (unicode.IsUpper(c) || !unicode.IsLower(c) && unicode.IsLetter(c))
	}
	return properName(s)
}

// headline finds the heading that states the title: the first h1 that shares most of its words with what the page
// states, else the first other heading that does, else the only h1.
func (r *reader) headline() (heading, bool) {
	stated := strings.ToLower(first(r.ldTitle, r.ogTitle, r.docTitle))
	best, found := heading{}, false
	for _, h := range r.byline.headings {
		n, same := 0, 0
		for _, w := range strings.Fields(strings.ToLower(h.text)) {
			n++
			if strings.Contains(stated, w) {
				same++
			}
		}
		if n > 0 && same*2 > n && n > 1 && (!found || h.level < best.level) {
			best, found = h, true
		}
	}
	if found {
		return best, true
	}
	if r.h1s == 1 {
		for _, h := range r.byline.headings {
			if h.level == 1 {
				return h, true
			}
		}
	}
	return heading{}, false
}

// read gives the dates and the names of the byline, best first.
func (r *reader) readByline() (days []Date, names []string) {
	b := &r.byline
	head, ok := r.headline()
	near := func(s *shown) bool { return ok && s.pos > head.pos-beforeHead && s.pos < head.end+afterHead }
	// Where all the dates that stand alone are one, it is the page's, wherever it stands.
	alone, one := true, ""
	for i := range b.dates {
		if s := &b.dates[i]; s.label == unlabelled && !s.side {
			d, err := dates.Parse(s.date.Value)
			day := fmt.Sprint(d.Year, d.Month, d.Day)
			alone = alone && err == nil && (one == "" || one == day)
			one = day
		}
	}
	rank := func(s *shown) int {
		switch {
		case s.label == other:
			return 9
		case near(s) && s.label == published, s.first && !s.side:
			return 0
		case near(s) && s.label == unlabelled && s.pos >= head.pos && !s.side:
			return 1
		case near(s) && s.label == unlabelled && !s.side:
			return 2
		case s.label == published && !s.side:
			return 3
		case near(s) && s.label == unlabelled && s.pos >= head.pos:
			return 4
		case s.label == unlabelled && !s.side && (!ok || alone):
			return 5
		case s.label == updated && near(s):
			return 6
		case s.label == updated && !s.side:
			return 7
		}
		return 9
	}
	order := make([]int, len(b.dates))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(x, y int) bool { return rank(&b.dates[order[x]]) < rank(&b.dates[order[y]]) })
	for _, i := range order {
		s := &b.dates[i]
		k := rank(s)
		if k == 9 || len(days) == 3 {
			break
		}
		s.date.Kind = Published
		if k >= 6 {
			s.date.Kind = Modified
		}
		days = append(days, s.date)
	}
	for _, by := range []bool{true, false} {
		last := 0
		for i := range b.names {
			s := &b.names[i]
			if s.by != by || !near(s) || s.side && s.pos < head.pos {
				continue
			}
			if len(names) > 0 && s.pos > last+maxNear {
				break
			}
			names = append(names, s.name)
			last = s.pos
		}
		if len(names) > 0 {
			return days, names
		}
	}
	return days, nil
}

// Package pagemeta reads what a page states about itself: JSON-LD, meta tags (OpenGraph, Dublin Core, article:), microdata
// and RDFa, link relations, time elements and bylines. Nothing is resolved or guessed: dates are the stated strings.
package pagemeta

import (
	"encoding/json"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
)

// Meta is what a page states. Texts are trimmed, with white space folded; "" and nil mean not stated.
type Meta struct {
	Title        string
	CanonicalURL string // link rel=canonical, else og:url, else JSON-LD; as stated, perhaps relative
	Authors      []string
	Dates        []Date // strongest evidence first
	SiteName     string
	Language     string // as stated, "en-US" or "en_US"
	License      string
	Tags         []string
	Description  string
	Body         string // articleBody of JSON-LD, with its line breaks: text, or HTML
}

// Date is a stated date, verbatim.
type Date struct {
	Value string
	From  string // json_ld, meta, body
	Kind  string // published, modified
}

// Kinds of Date.
const (
	Published = "published"
	Modified  = "modified"
)

// maxJSON is the size in bytes from which a JSON-LD script is not read.
const maxJSON = 1 << 20

type reader struct {
	t                                                *dom.Tree
	canonical, ogURL, ldURL                          string
	h1s                                              int
	ogTitle, docTitle, h1, ldTitle, twTitle          string
	ogSite, ldSite, appName                          string
	htmlLang, metaLang, ogLocale, ldLang             string
	relLicense, metaLicense, ldLicense               string
	ogDesc, metaDesc, ldDesc                         string
	ldAuthors, metaAuthors, itemAuthors, bodyAuthors []string
	looseAuthors, ldHouses                           []string // elements named for authors; organisations
	ldTags, metaTags, keywords                       []string
	ldDates, metaDates, itemDates                    []Date
	ldBody                                           string
	ldVideo                                          []Date            // of videos: the page may be older or newer
	names                                            map[string]string // JSON-LD @id to name
	byline                                           byline
}

// Read gathers the metadata of a page in one walk over its tree.
func Read(t *dom.Tree) Meta {
	r := &reader{t: t, names: map[string]string{}}
	r.walk()
	m := Meta{
		Title:        first(r.heading(), r.ogTitle, r.ldTitle, r.twTitle, r.docTitle, r.h1),
		CanonicalURL: first(r.canonical, r.ogURL, r.ldURL),
		SiteName:     first(r.ogSite, r.ldSite, r.appName),
		Language:     first(r.htmlLang, r.ldLang, r.metaLang, r.ogLocale),
		License:      first(r.relLicense, r.ldLicense, r.metaLicense),
		Description:  first(r.ogDesc, r.metaDesc, r.ldDesc),
		Body:         r.ldBody,
	}
	m.Title = r.withoutSite(m.Title, first(m.SiteName, r.h1))
	shownDates, shownNames := r.readByline()
	for _, list := range [][]string{r.ldAuthors, r.metaAuthors, r.itemAuthors, shownNames, r.bodyAuthors, r.looseAuthors, r.ldHouses} {
		if names := people(list); len(names) > 0 {
			m.Authors = names
			break
		}
	}
	m.Tags = unique(append(append(r.ldTags, r.metaTags...), r.keywords...))
	seen := map[Date]bool{}
	for _, list := range [][]Date{r.ldDates, r.metaDates, r.itemDates, shownDates, r.ldVideo} {
		for _, d := range list {
			if !seen[d] {
				seen[d] = true
				m.Dates = append(m.Dates, d)
			}
		}
	}
	return m
}

// heading is the only h1 of the page, where it shares words with the stated title: that one is written for search results
// and previews, the heading for readers.
func (r *reader) heading() string {
	stated := strings.ToLower(first(r.ldTitle, r.ogTitle, r.docTitle))
	if r.h1s != 1 || len(r.h1) > 300 || strings.EqualFold(r.h1, first(r.ogSite, r.ldSite)) {
		return ""
	}
	if h := strings.ToLower(r.h1); strings.HasPrefix(stated, h) || len(h)*3 > len(stated) && strings.Contains(stated, h) {
		return r.h1
	} else if strings.HasSuffix(stated, h) { // the site's name
		return ""
	}
	n, same := 0, 0
	for _, w := range strings.Fields(strings.ToLower(r.h1)) {
		if len(w) > 3 {
			n++
			if strings.Contains(stated, w) {
				same++
			}
		}
	}
	if same*3 >= n && same > 0 {
		return r.h1
	}
	return ""
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if s = fold(s); s != "" && !seen[strings.ToLower(s)] {
			seen[strings.ToLower(s)] = true
			out = append(out, s)
		}
	}
	return out
}

// withoutSite cuts the stated site's name, and nothing else, from the end of a title.
func (r *reader) withoutSite(title, site string) string {
	if site == "" || len(title) <= len(site) || !strings.EqualFold(title[len(title)-len(site):], site) {
		return title
	}
	head := strings.TrimRight(title[:len(title)-len(site)], " ")
	for _, sep := range []string{"|", "-", "–", "—", "·", "•", "::", "_", "»"} {
		if rest, ok := strings.CutSuffix(head, sep); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest)
		}
	}
	return title
}

func (r *reader) set(to *string, s string) {
	if *to == "" {
		*to = fold(s)
	}
}

func (r *reader) walk() {
	t := r.t
	for id := dom.ID(0); id != dom.None; id = t.Descend(id, 0) {
		n := &t.Nodes[id]
		if n.Name == "" && id != 0 {
			r.showText(id)
			continue
		}
		switch n.Tag {
		case atom.Html:
			r.set(&r.htmlLang, first(t.Attr(id, "lang"), t.Attr(id, "xml:lang")))
		case atom.Title:
			r.set(&r.docTitle, t.TextContent(id))
		case atom.H1, atom.H2, atom.H3:
			s := fold(t.TextContent(id))
			if s == "" {
				break
			}
			if n.Tag == atom.H1 {
				r.h1s++
				r.set(&r.h1, s)
			}
			if b := &r.byline; len(b.headings) < maxHeadings {
				b.headings = append(b.headings, heading{b.pos, b.pos + len(s), int(n.Name[1] - '0'), s})
			}
		case atom.Meta:
			r.meta(id)
		case atom.Link, atom.A:
			r.relation(id)
		case atom.Script:
			if strings.Contains(strings.ToLower(t.Attr(id, "type")), "ld+json") && n.First != dom.None {
				r.jsonLD(t.Nodes[n.First].Text)
			}
			continue
		}
		if len(n.Attr) > 0 && n.Tag != atom.Meta {
			r.element(id)
		}
	}
}

func (r *reader) meta(id dom.ID) {
	t := r.t
	content := fold(t.Attr(id, "content"))
	if content == "" {
		return
	}
	if strings.Contains(strings.ToLower(t.Attr(id, "name")), "ld+json") { // left for a script to put where it belongs
		r.jsonLD(t.Attr(id, "content"))
		return
	}
	for _, key := range strings.Fields(strings.ToLower(t.Attr(id, "property") + " " + t.Attr(id, "name") + " " + t.Attr(id, "itemprop") + " " + t.Attr(id, "http-equiv"))) {
		switch key {
		case "og:title", "dc.title", "dcterms.title", "citation_title":
			r.set(&r.ogTitle, content)
		case "twitter:title":
			r.set(&r.twTitle, content)
		case "og:url":
			r.set(&r.ogURL, content)
		case "og:site_name":
			r.set(&r.ogSite, content)
		case "application-name":
			r.set(&r.appName, content)
		case "og:locale":
			r.set(&r.ogLocale, content)
		case "content-language", "inlanguage", "dc.language", "language":
			r.set(&r.metaLang, content)
		case "og:description":
			r.set(&r.ogDesc, content)
		case "description", "dc.description", "twitter:description":
			r.set(&r.metaDesc, content)
		case "license", "licence", "dc.rights", "dcterms.license", "dcterms.rights", "dc:rights", "dc.license", "dcterms:license", "dcterms:rights", "dc.rights.license", "cc:license":
			r.set(&r.metaLicense, content)
		case "author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "citation_author", "parsely-author", "sailthru.author", "byl", "article:author_name", "og:author", "twitter:data1":
			if key == "twitter:data1" && !r.labelled("twitter:label1", id) {
				continue
			}
			r.metaAuthors = append(r.metaAuthors, content)
		case "article:tag", "parsely-tags", "sailthru.tags", "og:article:tag", "video:tag":
			r.metaTags = append(r.metaTags, split(content)...)
		case "keywords", "news_keywords":
			r.keywords = append(r.keywords, split(content)...)
		case "article:published_time", "og:published_time", "datepublished", "citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date", "publication_date", "article.published", "dc.date.issued", "dcterms.created", "dc:created", "dcterms.date", "dc.date", "dc:date", "date", "originalpublicationdate", "article:published", "article_date_original", "cxenseparse:recs:publishtime", "published_time", "og:article:published_time", "datecreated", "created", "bt:pubdate":
			r.metaDates = append(r.metaDates, Date{content, "meta", Published})
		case "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod", "dc:modified", "article:modified", "modified_time":
			r.metaDates = append(r.metaDates, Date{content, "meta", Modified})
		default:
			if kind := dateKey(key); kind != "" && len(content) <= 64 {
				r.metaDates = append(r.metaDates, Date{content, "meta", kind})
			}
		}
	}
}

// dateKey tells from the letters of a meta element's name, in lower case, whether it states a date, and of which kind:
// publishers prefix the usual names in many ways ("w-published-date", "content_published").
func dateKey(key string) string {
	key = strings.Map(func(c rune) rune {
		if c < 'a' || c > 'z' {
			return -1
		}
		return c
	}, key)
	for _, end := range []string{"publisheddate", "publishdate", "publicationdate", "publishingdate", "pubdate", "datepublished", "publishedtime", "publishtime", "publisheddatetime", "publishedon", "published", "dateissued", "dateposted", "posteddate", "firstpublished", "originalpublicationdate", "articledate", "firstpublicationdate"} {
		if strings.HasSuffix(key, end) {
			return Published
		}
	}
	for _, end := range []string{"modifieddate", "datemodified", "modifiedtime", "updateddate", "updatedtime", "lastupdated", "lastmodified", "updatedat"} {
		if strings.HasSuffix(key, end) {
			return Modified
		}
	}
	return ""
}

// labelled tells whether a Twitter card's label, the meta element before, says that its datum is the author.
func (r *reader) labelled(name string, id dom.ID) bool {
	for p, d := r.t.Nodes[id].Prev, 0; p != dom.None && d < 4; p, d = r.t.Nodes[p].Prev, d+1 {
		if r.t.Attr(p, "name") == name {
			v := strings.ToLower(r.t.Attr(p, "content"))
			return strings.Contains(v, "written by") || strings.Contains(v, "author")
		}
	}
	return false
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' || c == '，' || c == '、' || c == '|' })
}

func (r *reader) relation(id dom.ID) {
	href := strings.TrimSpace(r.t.Attr(id, "href"))
	for _, rel := range strings.Fields(strings.ToLower(r.t.Attr(id, "rel"))) {
		switch {
		case rel == "canonical" && r.t.Nodes[id].Tag == atom.Link:
			r.set(&r.canonical, href)
		case rel == "license" && strings.Contains(href, "://") && !r.pictured(id): // others lead to a page that may say anything
			r.set(&r.relLicense, href)
		case rel == "author" && r.t.Nodes[id].Tag == atom.A:
			r.bodyAuthors = append(r.bodyAuthors, fold(r.t.TextContent(id)))
		}
	}
}

// pictured tells whether a node belongs to a picture, which may have a licence of its own.
func (r *reader) pictured(id dom.ID) bool {
	for up, d := id, 0; up != 0 && d < 8; up, d = r.t.Nodes[up].Parent, d+1 {
		if tag := r.t.Nodes[up].Tag; tag == atom.Figure || tag == atom.Figcaption {
			return true
		}
	}
	return false
}

// element reads microdata, RDFa, time elements and bylines of the body.
func (r *reader) element(id dom.ID) {
	t := r.t
	value := func() string {
		v := first(t.Attr(id, "content"), t.Attr(id, "datetime"))
		if v == "" && t.Nodes[id].Tag == atom.Abbr { // the value-title of microformats
			v = t.Attr(id, "title")
		}
		if v == "" {
			v = t.TextContent(id)
		}
		if len(v) > 400 {
			return ""
		}
		return fold(v)
	}
	for _, p := range strings.Fields(strings.ToLower(t.Attr(id, "itemprop") + " " + t.Attr(id, "property"))) {
		switch p {
		case "datepublished", "datecreated", "dc:created", "dc:date", "schema:datepublished", "dcterms:created":
			if v := value(); v != "" {
				r.itemDates = append(r.itemDates, Date{v, "body", Published})
			}
		case "datemodified", "dc:modified", "schema:datemodified":
			if v := value(); v != "" {
				r.itemDates = append(r.itemDates, Date{v, "body", Modified})
			}
		case "author", "schema:author", "dc:creator", "creator", "sioc:has_creator":
			if r.named(id) == dom.None {
				r.itemAuthors = append(r.itemAuthors, value())
			} else {
				r.itemAuthors = append(r.itemAuthors, fold(t.TextContent(r.named(id))))
			}
		}
	}
	if t.Nodes[id].Tag == atom.Time {
		if v := fold(t.Attr(id, "datetime")); v != "" && len(v) <= 64 {
			r.shownTime(id, v)
		}
	}
	class := strings.ToLower(t.Attr(id, "class"))
	if class == "" {
		return
	}
	isAuthor := false
	for _, c := range strings.FieldsFunc(class, func(c rune) bool { return c < 'a' || c > 'z' }) {
		switch c {
		case "author", "byline", "authors", "authorname", "writer", "contributor", "vcard":
			isAuthor = true
		}
	}
	if !isAuthor {
		return
	}
	v := fold(t.TextContent(id))
	if v == "" || len(v) > 160 {
		return
	}
	if name := beforeDate(v); isAuthor && len(r.looseAuthors) < 2 && properName(name) {
		r.looseAuthors = append(r.looseAuthors, name)
	}
}

// beforeDate cuts a byline at a bar, a dot in the middle of the line, a bracket or a number, and a month's name before it.
func beforeDate(s string) string {
	if i := strings.IndexAny(s, "|•·–—(0123456789,"); i > 0 {
		cut := s[i] >= '0' && s[i] <= '9'
		s = strings.TrimSpace(s[:i])
		if w := strings.Fields(s); cut && len(w) > 1 {
			last := strings.ToLower(w[len(w)-1])
			for _, m := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "on"} {
				if strings.HasPrefix(last, m) {
					s = strings.Join(w[:len(w)-1], " ")
					break
				}
			}
		}
	}
	for _, end := range []string{" Published", " Updated", " Posted", " Last"} {
		if i := strings.Index(s, end); i > 0 {
			s = s[:i]
		}
	}
	lower := strings.ToLower(s)
	for _, by := range []string{"written by", "posted by", "by:", "by", "author:", "authored by", "words by", "story by"} {
		if strings.HasPrefix(lower, by+" ") {
			return strings.TrimSpace(s[len(by):])
		}
	}
	return strings.TrimSpace(s)
}

// properName tells whether a text, once what follows a date, a bar or a dot in the middle of the line is cut, reads like a
// name: two to five words that begin with capitals, or it says "by".
func properName(s string) bool {
	lower := strings.ToLower(s)
	if strings.HasPrefix(lower, "by ") {
		s = s[3:]
	}
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	for _, w := range words {
		if c := []rune(w)[0]; c == unicode.ToLower(c) && len(w) > 3 {
			return false
		}
		switch strings.ToLower(w) {
		case "about", "author", "more", "by", "share", "follow", "all", "view", "posts", "the", "articles", "contact", "read", "written":
			return false
		}
	}
	return true
}

// named finds the itemprop=name right below a microdata item, at most a few dozen nodes away.
func (r *reader) named(id dom.ID) dom.ID {
	for n, k := r.t.Descend(id, id), 0; n != dom.None && k < 40; n, k = r.t.Descend(n, id), k+1 {
		if strings.Contains(r.t.Attr(n, "itemprop"), "name") {
			if r.t.Nodes[n].First != dom.None {
				return n
			}
		}
	}
	return dom.None
}

// people cleans stated names: a leading "by", addresses of pages, split lists; nothing that is no name.
func people(list []string) []string {
	var out []string
	for _, s := range list {
		s = fold(s)
		lower := strings.ToLower(s)
		for _, by := range []string{"written by ", "posted by ", "by: ", "by ", "author: ", "von ", "par ", "por ", "作者：", "文／", "文/"} {
			if strings.HasPrefix(lower, by) {
				s = strings.TrimSpace(s[len(by):])
				break
			}
		}
		if strings.Contains(s, "://") || strings.HasPrefix(s, "@") || strings.HasPrefix(s, "www.") {
			continue
		}
		s = strings.NewReplacer(" and ", ",", " & ", ",", "、", ",", ";", ",", " | ", ",").Replace(s)
		for _, name := range strings.Split(s, ",") {
			name = strings.Trim(name, " .:-–—•|·")
			if l := len([]rune(name)); l < 2 || l > 60 || len(strings.Fields(name)) > 6 || strings.ContainsAny(name, "0123456789{}<>") {
				continue
			}
			switch strings.ToLower(name) {
			case "admin", "administrator", "author", "null", "undefined", "none", "unknown", "by", "staff", "home", "editor", "md", "phd", "jr", "more", "follow":
				continue
			}
			out = append(out, name)
		}
	}
	return unique(out)
}

// jsonLD reads one script. Damaged JSON is tried again without control characters, comment marks and trailing commas.
func (r *reader) jsonLD(s string) {
	if len(s) > maxJSON {
		return
	}
	s = strings.TrimSpace(s)
	var v any
	if json.Unmarshal([]byte(s), &v) != nil && json.Unmarshal(repair(s), &v) != nil &&
		(!strings.Contains(s, "&quot;") || json.Unmarshal([]byte(html.UnescapeString(s)), &v) != nil) {
		return
	}
	// Items in document order, without recursion; the standard library bounds the nesting.
	var items []map[string]any
	todo := []any{v}
	for k := 0; k < len(todo); k++ {
		switch x := todo[k].(type) {
		case []any:
			todo = append(todo, x...)
		case map[string]any:
			items = append(items, x)
			if id, name := text(x["@id"]), text(x["name"]); id != "" && name != "" {
				r.names[id] = name
			}
			for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
				if x[key] != nil {
					todo = append(todo, x[key])
				}
			}
		}
	}
	sort.SliceStable(items, func(a, b int) bool { return article(items[a]) > article(items[b]) })
	for _, x := range items {
		rank := article(x)
		if rank == 0 {
			if strings.Contains(types(x), "WebSite") {
				r.set(&r.ldSite, text(x["name"]))
			}
			continue
		}
		add := func(key, kind string) {
			d := text(x[key])
			switch {
			case d == "":
			case strings.Contains(types(x), "VideoObject"):
				r.ldVideo = append(r.ldVideo, Date{d, "json_ld", kind})
			default:
				r.ldDates = append(r.ldDates, Date{d, "json_ld", kind})
			}
		}
		add("datePublished", Published)
		add("uploadDate", Published)
		add("dateCreated", Published)
		add("dateModified", Modified)
		if rank > 1 {
			r.set(&r.ldTitle, first(text(x["headline"]), text(x["name"])))
			if len(r.ldAuthors) == 0 {
				r.ldAuthors = append(r.ldAuthors, r.nameList(x["author"])...)
				if len(r.ldAuthors) == 0 {
					r.ldAuthors = append(r.ldAuthors, r.nameList(x["creator"])...)
				}
			}
			r.set(&r.ldDesc, text(x["description"]))
			for _, key := range []string{"articleBody", "text"} {
				if body, ok := x[key].(string); ok && len(body) > len(r.ldBody) {
					r.ldBody = body
				}
			}
			if kw, ok := x["keywords"].([]any); ok {
				for _, k := range kw {
					r.ldTags = append(r.ldTags, first(text(k), r.nameOf(k)))
				}
			} else {
				r.ldTags = append(r.ldTags, split(text(x["keywords"]))...)
			}
			if p, ok := x["publisher"].(map[string]any); ok {
				r.set(&r.ldSite, text(p["name"]))
			}
		}
		r.set(&r.ldURL, text(x["url"]))
		r.set(&r.ldLang, text(x["inLanguage"]))
		r.set(&r.ldLicense, text(x["license"]))
		if l, ok := x["license"].(map[string]any); ok {
			r.set(&r.ldLicense, first(text(l["url"]), text(l["@id"]), text(l["name"])))
		}
	}
}

func text(v any) string {
	switch x := v.(type) {
	case string:
		return fold(x)
	case []any:
		if len(x) > 0 {
			s, _ := x[0].(string)
			return fold(s)
		}
	}
	return ""
}

func types(x map[string]any) string {
	if s, ok := x["@type"].(string); ok {
		return s
	}
	var all []string
	if list, ok := x["@type"].([]any); ok {
		for _, t := range list {
			if s, ok := t.(string); ok {
				all = append(all, s)
			}
		}
	}
	return strings.Join(all, " ")
}

// article ranks items: 2 for articles and the like, 1 for pages and videos, 0 for the rest.
func article(x map[string]any) int {
	t := types(x)
	switch {
	case strings.Contains(t, "Article"), strings.Contains(t, "BlogPosting"), strings.Contains(t, "Report"), strings.Contains(t, "DiscussionForumPosting"), strings.Contains(t, "Question"), strings.Contains(t, "Review"), strings.Contains(t, "Recipe"), strings.Contains(t, "HowTo"):
		return 2
	case strings.Contains(t, "WebPage"), strings.Contains(t, "VideoObject"):
		return 1
	}
	return 0
}

func (r *reader) nameOf(v any) string {
	switch x := v.(type) {
	case string:
		return fold(x)
	case map[string]any:
		if strings.Contains(types(x), "Organization") {
			if name := text(x["name"]); name != "" {
				r.ldHouses = append(r.ldHouses, name)
			}
			return ""
		}
		return first(text(x["name"]), r.names[text(x["@id"])])
	}
	return ""
}

func (r *reader) nameList(v any) (out []string) {
	if list, ok := v.([]any); ok {
		for _, x := range list {
			if s := r.nameOf(x); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	if s := r.nameOf(v); s != "" {
		out = append(out, s)
	}
	return out
}

// repair makes the usual kinds of damaged JSON readable: raw control characters, CDATA and comment marks around, commas
// before a closing bracket, a semicolon at the end.
func repair(s string) []byte {
	for _, mark := range []string{"<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, mark))
	}
	for _, mark := range []string{";", "-->", "//]]>", "]]>", "/*]]>*/", "//"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, mark))
	}
	out := make([]byte, 0, len(s))
	in, esc := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case in && esc:
			esc = false
		case in && c == '\\':
			esc = true
		case c == '"':
			in = !in
		case in && c < ' ':
			c = ' '
		case !in && (c == ']' || c == '}'):
			for len(out) > 0 && (out[len(out)-1] <= ' ' || out[len(out)-1] == ',') {
				out = out[:len(out)-1]
			}
		}
		out = append(out, c)
	}
	return out
}

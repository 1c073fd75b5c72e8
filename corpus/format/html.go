package format

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/htmltext"
	"broadsheet/corpus/maincontent"
	"broadsheet/corpus/pagemeta"
	"broadsheet/corpus/prose"
)

// NoteUpdated is the note on a page that states when it was updated and not when it was published: that day is taken, the
// one on which the text as it is here was published.
const NoteUpdated = "date_of_update"

// pageTags begin what only a whole page has.
var pageTags = []string{"!doctype", "html", "head", "body"}

// isPage holds for the beginning of a whole page, as opposed to a piece of HTML that a feed gave.
func isPage(head []byte) bool {
	head = head[:min(len(head), 4<<10)]
	for {
		at := bytes.IndexByte(head, '<')
		if at < 0 {
			return false
		}
		if head = head[at+1:]; len(head) == 0 || strings.IndexByte("!hHbB", head[0]) < 0 {
			continue
		}
		for _, tag := range pageTags {
			if n := len(tag); n < len(head) && strings.EqualFold(string(head[:n]), tag) && strings.IndexByte("\t\n\f\r >", head[n]) >= 0 {
				return true
			}
		}
	}
}

func parseHTML(d *document) {
	text := d.decode()
	if isArchive(text) { // as could not be seen before: it is in UTF-16
		d.takeArchive(text)
		return
	}
	d.takeHTML(text)
}

// takeHTML reads a page or a fragment into the article.
func (d *document) takeHTML(src []byte) {
	if !d.signs.stated {
		d.signs.template = templateSyntax(src)
	}
	if isPage(src) {
		d.takePage(src)
		return
	}
	d.takeFragment(src)
}

// takeFragment reads the HTML of an article and of nothing else.
func (d *document) takeFragment(src []byte) {
	d.takeTree(d.parse(src), 0)
}

// takePage reads a whole page: what it states about itself, and its main content.
func (d *document) takePage(src []byte) {
	d.signs.page = true
	tree := d.parse(src)
	meta := pagemeta.Read(tree)
	d.takePageFacts(meta)
	r := maincontent.Extract(tree, maincontent.Options{Title: d.article.Title})
	if shown := prose.RenderedChars(r.Blocks); shown < minShown && prose.Chars(meta.Body) > bodyFactor*max(shown, minBody/bodyFactor) {
		d.note(NoteBody)
		body := meta.Body
		if !htmlElement.MatchString(body) {
			body = asHTML(body)
		}
		d.takeFragment([]byte(body))
		return
	}
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

// A page that shows hardly any text may have it in JSON-LD alone, for its scripts to show. That is taken where it is long
// and the page's own text is short (code points).
const (
	minShown   = 400 // pages that show less
	minBody    = 400 // the least that the JSON must have
	bodyFactor = 4   // and how many times what the page shows
)

// NoteBody is the note on such a page.
const NoteBody = "text_from_embedded_json"

var htmlElement = regexp.MustCompile(`</(?:p|div|li|h[1-6]|blockquote)>`)

// asHTML makes paragraphs of the lines of a text.
func asHTML(text string) string {
	var s strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			s.WriteString("<p>" + html.EscapeString(html.UnescapeString(line)) + "</p>")
		}
	}
	return s.String()
}

func (d *document) parse(src []byte) *dom.Tree {
	parser := d.trees
	if parser == nil || len(src) > 1<<20 { // what one large unit takes is not kept for the next ones
		parser = new(dom.Parser)
	}
	tree, notes := parser.Parse(src, d.html)
	d.note(notes...)
	if !d.signs.stated {
		d.signs.lookTree(tree)
	}
	return tree
}

// takePageFacts takes what a page states about itself, where the unit has not stated it better.
func (d *document) takePageFacts(m pagemeta.Meta) {
	a := &d.article
	if hasScheme(m.CanonicalURL) {
		d.takeURL(m.CanonicalURL)
	}
	d.takeTitle(m.Title)
	if a.SiteName == "" {
		a.SiteName = cleanTitle(m.SiteName)
	}
	if len(a.Authors) == 0 {
		for _, name := range m.Authors {
			a.Authors = append(a.Authors, cleanTitle(name))
		}
	}
	isPublished := func(t pagemeta.Date) bool { return t.Kind == pagemeta.Published }
	onlyUpdates := len(m.Dates) > 0 && !slices.ContainsFunc(m.Dates, isPublished)
	if onlyUpdates {
		d.note(NoteUpdated)
	}
	for _, t := range m.Dates {
		role := Modified
		if isPublished(t) || onlyUpdates {
			role = Published
		}
		d.takeDate(t.Value, From(t.From), role)
	}
	if a.Language == "" {
		a.Language = m.Language
	}
	if a.License == "" {
		a.License = license(m.License)
	}
	if len(a.Tags) == 0 {
		a.Tags = m.Tags
	}
}

// takeTree takes the text below root, without what never belongs to an article.
func (d *document) takeTree(tree *dom.Tree, root dom.ID) {
	r := htmltext.Fragment(tree, root, htmltext.Options{Title: d.article.Title})
	d.takeBlocks(r.Blocks, r.Removed, r.Notes)
}

package format

import (
	"bytes"
	"slices"
	"strings"

	"broadsheet/corpus/charset"
	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
	"broadsheet/schema"
)

// document is one unit while it is read: what a reader fills in.
type document struct {
	path  string
	named bool // always read, never judged
	form  string
	src   []byte // of the unit, decompressed
	limit int64  // bytes
	html  dom.Limits
	trees *dom.Parser

	article Article
	signs   signs

	reason schema.Reason // set where there is no article
	detail string
}

// reject ends the reading of the unit without an article.
func (d *document) reject(reason schema.Reason, detail string) { d.reason, d.detail = reason, detail }

// note adds words on how the unit was read.
func (d *document) note(words ...string) { d.article.Notes = append(d.article.Notes, words...) }

// unit is the outcome of reading; n is the unit's size in bytes.
func (d *document) unit(n int64) Unit {
	a := &d.article
	slices.Sort(a.Notes)
	a.Notes = slices.Compact(a.Notes)
	if d.reason == "" && !d.named {
		if detail := d.signs.against(d); detail != "" {
			d.reject(schema.NotAnArticle, detail)
		}
	}
	if d.reason != "" {
		return Unit{Bytes: n, Reason: d.reason, Detail: d.detail, Notes: a.Notes}
	}
	if !d.signs.page { // a page's own reader looks at the byline
		d.takeBodyDates()
	}
	a.Form = d.form
	return Unit{Bytes: n, Article: a}
}

// decode gives the unit's bytes as UTF-8 without a byte order mark and with line breaks written \n.
func (d *document) decode() []byte {
	text, info := charset.Decode(d.src, charset.Hint{HTML: true})
	d.note(info.Notes...)
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(withoutCR(text), []byte("\r"), []byte("\n"))
	}
	return text
}

// takeBlocks appends text to the article.
func (d *document) takeBlocks(blocks []prose.Block, removed []prose.Removal, notes []string) {
	a := &d.article
	a.Blocks = append(a.Blocks, blocks...)
	a.Removed = append(a.Removed, removed...)
	d.note(notes...)
	a.CharsRead = prose.RenderedChars(a.Blocks)
	for _, r := range a.Removed {
		a.CharsRead += prose.Chars(r.Text)
	}
}

// takeTitle sets the title unless a stronger place has stated one.
func (d *document) takeTitle(title string) {
	if d.article.Title == "" {
		d.article.Title = cleanTitle(title)
	}
}

// takeURL sets the address unless a stronger place has stated one.
func (d *document) takeURL(url string) {
	if d.article.URL == "" {
		d.article.URL = strings.TrimSpace(url)
	}
}

// takeDate adds evidence. Callers go from the strongest place to the weakest.
func (d *document) takeDate(value string, from From, role Role) {
	if value = strings.TrimSpace(value); value != "" {
		d.article.Dates = append(d.article.Dates, Evidence{Value: value, From: from, Role: role})
	}
}

// Package format reads files of collected articles: from the bytes of one file to what each article in it states.
//
// A reader is one file of this package and one row of the table in readers.go. Readers only say what is stated, where
// and how; which date wins, which URL is canonical and what repeats within a source is decided by later stages, which
// see the whole collection.
package format

import (
	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
	"broadsheet/schema"
)

// Article is what one unit of input states, in Unicode NFC. Strings are empty and lists nil where nothing is stated.
type Article struct {
	Form     string // the reader that read it, by its name in Readers
	Title    string // entities resolved, white space collapsed
	URL      string // as stated, neither checked nor canonical
	Source   string // publisher, feed or channel; never derived from the URL
	SiteName string // as a page states it: what may follow the title as a suffix
	Authors  []string
	Dates    []Evidence // in the order of their strength: the first of a role wins
	Language string     // as stated
	License  string     // as stated
	Tags     []string

	// Extra is a JSON object with its keys sorted, or empty: the stated fields that have no column, verbatim, and the
	// stated `id` and `date`. Scalars of front matter are strings, as they are written; those of JSON keep their type.
	Extra string

	Blocks    []prose.Block
	Removed   []prose.Removal // text that never belongs to an article, and by which rule it went
	Notes     []string        // how it was read: snake_case words, sorted, each once
	CharsRead int             // Unicode code points of the text before anything was removed
}

// Evidence is one statement of a time.
type Evidence struct {
	Value string // verbatim
	From  From
	Role  Role
}

// From says where a date is stated.
type From string

// The places of a date, strongest first.
const (
	FromEpoch       From = "epoch"        // the epoch line of the archive form
	FromFrontMatter From = "front_matter" // YAML in front of the text
	FromFields      From = "fields"       // a field of a JSONL line
	FromFeed        From = "feed"         // a feed's markup
	FromJSONLD      From = "json_ld"      // JSON-LD in a page
	FromMeta        From = "meta"         // meta and time elements of a page
	FromURL         From = "url"          // the address
	FromBody        From = "body"         // the text itself
)

// Role says of what a date is.
type Role uint8

// The roles of a date.
const (
	Published Role = iota
	Collected      // when the article was fetched
	Modified
)

// Unit is one input unit: an article, or why there is none.
type Unit struct {
	Line    int           // physical line from 1 of a line format; 0 is the file itself
	Bytes   int64         // of the unit, decompressed
	Article *Article      // nil where Reason is set
	Reason  schema.Reason // empty for an article
	Detail  string        // for a person: what is wrong, and what to do where something can be done
	Notes   []string      // as Article.Notes, where there is no article
}

// Options bound the work of a Reader.
type Options struct {
	// MaxUnit is the largest unit in bytes, decompressed; 0 means 64 MiB. A line of a line format counts for itself.
	MaxUnit int64

	// HTML bounds the tree of a page or fragment; zero fields mean the defaults of package dom.
	HTML dom.Limits
}

func (o Options) maxUnit() int64 {
	if o.MaxUnit > 0 {
		return o.MaxUnit
	}
	return 64 << 20
}

// failed is the unit that stands for what could not be read.
func failed(reason schema.Reason, detail string, notes ...string) Unit {
	return Unit{Reason: reason, Detail: detail, Notes: notes}
}

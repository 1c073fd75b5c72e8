package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The names of stated fields, by what they state, best first. A name is compared without case and without "_", "-", "."
// and spaces, so "date_publish", "datePublish" and "Date-Publish" are one. They come from the output of dolma
// (`added`, `created`, `metadata`), datatrove (`metadata`), news-please (`maintext`, `date_publish`, `date_download`,
// `source_domain`), trafilatura (`hostname`, `source-hostname`, `raw_text`, `filedate`; its `source` is a URL), cc_net
// (`raw_content`), C4 (`timestamp`, which is when it was crawled), OSCAR (`warc_headers`), schema.org, and from the front
// matter of Jekyll and Hugo.
var (
	titleNames     = []string{"title", "headline", "titlepage", "titlerss", "ogtitle"}
	urlNames       = []string{"from", "url", "link", "permalink", "canonical", "canonicalurl", "originalurl", "sourceurl", "articleurl", "uri", "href", "warctargeturi", "source"}
	sourceNames    = []string{"source", "sourcename", "publisher", "publication", "feed", "channel", "site", "sitename", "sourcehostname", "hostname", "sourcedomain", "domain", "categories"}
	siteNames      = []string{"sitename", "site"}
	authorNames    = []string{"authors", "author", "byline", "creator", "writer"}
	publishedNames = []string{"created", "date", "datepublish", "datepublished", "published", "publishedat", "publisheddate", "publishdate", "publicationdate", "publishedtime", "publishtime", "pubdate", "createdat", "datecreated", "posted", "postedat", "issued"}
	collectedNames = []string{"added", "datedownload", "datecrawled", "crawldate", "crawled", "crawledat", "collected", "collectedat", "fetched", "fetchedat", "fetchtime", "retrieved", "retrievedat", "accessed", "scraped", "scrapedat", "downloaded", "downloadedat", "filedate", "warcdate", "timestamp"}
	modifiedNames  = []string{"modified", "datemodify", "datemodified", "updated", "updatedat", "modifiedat", "lastmod", "lastmodified"}
	languageNames  = []string{"language", "lang", "inlanguage", "languagecode", "locale"}
	licenseNames   = []string{"license", "licence", "licenseurl", "rights"}
	tagNames       = []string{"tags", "tag", "keywords", "topics"}
	nestedNames    = []string{"metadata", "meta", "warcheaders"} // objects whose fields count as stated, after the unit's own

	// Of a line of JSONL: the text itself, as text, HTML or Markdown.
	textNames     = []string{"text", "maintext", "articletext", "articlebody", "fulltext", "plaintext", "cleantext", "content", "body", "rawcontent", "rawtext"}
	htmlNames     = []string{"contenthtml", "bodyhtml", "html", "rawhtml", "contentencoded"}
	markdownNames = []string{"markdown", "contentmarkdown", "bodymarkdown"}
)

// stated is a set of fields, with those of nested objects behind its own. What is taken into a column is gone; the rest
// is extra.
type stated struct {
	levels []level
}

type level struct {
	name   string            // of the nested object; "" for the unit's own fields
	values map[string]any    // what is left, by the name as stated
	names  map[string]string // the name as stated, by the name compared
}

func newStated(fields map[string]any) *stated {
	s := &stated{levels: []level{newLevel("", fields)}}
	own := s.levels[0]
	for _, n := range nestedNames {
		if name, ok := own.names[n]; ok {
			if nested, ok := own.values[name].(map[string]any); ok {
				delete(own.values, name)
				s.levels = append(s.levels, newLevel(name, nested))
			}
		}
	}
	return s
}

func newLevel(name string, values map[string]any) level {
	l := level{name: name, values: values, names: make(map[string]string, len(values))}
	for k := range values {
		c := comparedName(k)
		if have, ok := l.names[c]; !ok || k < have {
			l.names[c] = k
		}
	}
	return l
}

// comparedName is a field's name without case and separators.
func comparedName(name string) string {
	plain := true
	for i := 0; i < len(name); i++ {
		if c := name[i]; c < 'a' || c > 'z' {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', '.', ' ', ':':
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// each calls use with the values under any of the names, best first, until it takes one. What was taken is gone unless
// it is to be kept for extra.
func (s *stated) each(names []string, keep bool, use func(v any) bool) {
	for _, l := range s.levels {
		for _, n := range names {
			name, ok := l.names[n]
			if !ok {
				continue
			}
			v, ok := l.values[name]
			if !ok || v == nil {
				continue
			}
			if use(v) {
				if !keep {
					delete(l.values, name)
				}
				return
			}
		}
	}
}

// extra is what was not taken, as a JSON object with sorted keys; empty when nothing is left.
func (s *stated) extra() string {
	own := s.levels[0].values
	for _, l := range s.levels[1:] {
		if len(l.values) > 0 {
			own[l.name] = l.values
		}
	}
	maps.DeleteFunc(own, func(_ string, v any) bool { return v == nil })
	if len(own) == 0 {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(own); err != nil {
		return "" // cannot be: it came from JSON or is made of strings
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// takeFields fills the article's columns from stated fields, unless stronger places have, and keeps the rest as extra.
// dates is what a date without further name is of.
func (d *document) takeFields(fields map[string]any, from From, dates Role) {
	if len(fields) == 0 {
		return
	}
	s := newStated(fields)
	d.takeStated(s, from, dates)
	d.article.Extra = s.extra()
}

func (d *document) takeStated(s *stated, from From, dates Role) {
	a := &d.article
	s.each(titleNames, false, func(v any) bool {
		d.takeTitle(scalar(v))
		return a.Title != ""
	})
	s.each(urlNames, false, func(v any) bool {
		u := strings.TrimSpace(scalar(v))
		if a.URL == "" && hasScheme(u) && (strings.Contains(u, "://") || strings.HasPrefix(u, "mailto:")) {
			a.URL = u
			return true
		}
		return u == a.URL
	})
	s.each(siteNames, true, func(v any) bool {
		a.SiteName = cleanTitle(scalar(v))
		return a.SiteName != ""
	})
	s.each(sourceNames, false, func(v any) bool {
		list, isList := v.([]any)
		name := cleanTitle(scalar(v))
		if isList && len(list) > 0 {
			name = cleanTitle(scalar(list[0]))
		}
		if name == "" || hasScheme(name) && strings.Contains(name, "://") {
			return false
		}
		if strings.Contains(name, ".") && !strings.Contains(name, " ") {
			name = strings.TrimPrefix(name, "www.")
		}
		a.Source = name
		return len(list) < 2 // further categories have no column
	})
	s.each(authorNames, false, func(v any) bool {
		a.Authors = authorsOf(v)
		return len(a.Authors) > 0
	})
	for _, place := range []struct {
		names []string
		role  Role
	}{{publishedNames, dates}, {collectedNames, Collected}, {modifiedNames, Modified}} {
		s.each(place.names, true, func(v any) bool {
			d.takeDate(scalar(v), from, place.role)
			return false // each is evidence
		})
	}
	s.each(languageNames, false, func(v any) bool {
		list, isList := v.([]any)
		if isList && len(list) == 1 {
			v = list[0]
		}
		a.Language = strings.TrimSpace(scalar(v))
		return a.Language != ""
	})
	s.each(licenseNames, false, func(v any) bool {
		a.License = license(scalar(v))
		return a.License != ""
	})
	s.each(tagNames, false, func(v any) bool {
		a.Tags = tagsOf(v)
		return true
	})
}

// scalar is a scalar as a string; lists, objects and nulls have none.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// tagsOf reads a list of tags, or one string of tags parted by commas or semicolons.
func tagsOf(v any) []string {
	var raw []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				e = m["name"]
			}
			raw = append(raw, scalar(e))
		}
	default:
		raw = strings.FieldsFunc(scalar(v), func(r rune) bool { return strings.ContainsRune(",;，；、", r) })
	}
	var tags []string
	for _, t := range raw {
		if t = cleanTitle(t); t != "" && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}

package format

import (
	"bytes"
	"regexp"
)

// The archive form, in the order in which its parts come. Each of the first three may be missing, but not all:
//
//	---                       front matter
//	title: "…"
//	---
//	<!--1704465902000-->      when the feed says it was published, in milliseconds since 1970; NaN where unknown
//	[title](url)
//	------
//
//	<div>…                    the article as HTML or, rarely, Markdown
//
// The title may hold brackets and parentheses: the link is parted at its last "](", and its address ends at the last
// ")" of the line.

// head is the archive form taken apart.
type head struct {
	front    frontMatter
	epoch    string // digits, or "NaN"; empty without an epoch line
	title    string // of the link line
	url      string // of the link line
	hasFront bool
	body     []byte
}

var (
	epochLine = regexp.MustCompile(`^<!-- ?(-?[0-9]{9,16}|NaN) ?-->[ \t]*(?:\n|$)`)
	ruleLine  = regexp.MustCompile(`^[ \t]*(?:\n[ \t]*)?-{3,}[ \t]*(?:\n|$)`)
)

// splitHead takes the parts in front of the body off.
func splitHead(text []byte) head {
	h := head{body: text}
	if f, rest, ok := splitFrontMatter(text); ok {
		h.front, h.body, h.hasFront = f, rest, true
	}
	rest := bytes.TrimLeft(h.body, " \t\n")
	if m := epochLine.FindSubmatchIndex(rest); m != nil {
		h.epoch = string(rest[m[2]:m[3]])
		rest = bytes.TrimLeft(rest[m[1]:], " \t\n")
		h.body = rest
	}
	if title, url, after, ok := splitLinkLine(rest, h.epoch != ""); ok {
		h.title, h.url, h.body = title, url, after
	}
	return h
}

// splitLinkLine takes the link line and the rule below it. Without an epoch line in front, the rule is required: many a
// Markdown text begins with a link.
func splitLinkLine(text []byte, marked bool) (title, url string, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '[' {
		return
	}
	line, rest := text, []byte(nil)
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		line, rest = text[:i], text[i:]
	}
	mid := bytes.LastIndex(line, []byte("]("))
	end := bytes.LastIndexByte(line, ')')
	if mid < 0 || end < mid || len(bytes.TrimSpace(line[end+1:])) > 0 {
		return
	}
	url = string(bytes.TrimSpace(line[mid+2 : end]))
	if !hasScheme(url) {
		return "", "", nil, false
	}
	if m := ruleLine.FindIndex(bytes.TrimPrefix(rest, []byte("\n"))); m != nil {
		rest = bytes.TrimPrefix(rest, []byte("\n"))[m[1]:]
	} else if !marked {
		return "", "", nil, false
	}
	return string(line[1:mid]), url, rest, true
}

// hasScheme holds for what claims to be an absolute URL (RFC 3986, 3.1).
func hasScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 1 && c == ':':
			return i+1 < len(s)
		default:
			return false
		}
	}
	return false
}

// isArchive holds for files that begin with front matter, an epoch line or a link line with its rule.
func isArchive(start []byte) bool {
	start = bytes.TrimPrefix(start, []byte("\ufeff"))
	start = bytes.TrimLeft(start, " \t\r\n")
	switch {
	case bytes.HasPrefix(start, []byte("---")):
		_, _, _, ok := findFrontMatter(withoutCR(start))
		return ok
	case bytes.HasPrefix(start, []byte("<!--")), bytes.HasPrefix(start, []byte("[")):
		h := splitHead(withoutCR(start))
		return h.epoch != "" || h.url != ""
	}
	return false
}

// withoutCR is text with line breaks of two characters written as one; text itself where there are none.
func withoutCR(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}

func parseArchive(d *document) { d.takeArchive(d.decode()) }

func (d *document) takeArchive(text []byte) {
	d.form = "archive"
	h := splitHead(text)
	if layout, ok := h.front.fields["layout"]; ok {
		d.signs.layout = scalar(layout)
		if layout == nil {
			d.signs.layout = "null"
		}
	}
	role := Published
	switch h.epoch {
	case "":
	case "NaN": // the collector did not know the time and stated its own clock
		role = Collected
	default:
		d.takeDate(h.epoch, FromEpoch, Published)
	}
	d.takeFields(h.front.fields, FromFrontMatter, role)
	d.note(h.front.notes...)
	d.takeURL(h.url)
	d.takeTitle(h.title)
	d.signs.stated = d.article.URL != "" || h.epoch != ""
	d.takeBody(h.body)
}

// blockTag finds a tag that only HTML text holds between its paragraphs.
var blockTag = regexp.MustCompile(`(?i)<(?:p|div|br|table|ul|ol|h[1-6]|section|article|blockquote|figure|html|body)[\s/>]`)

// takeBody reads what follows the head: HTML where it begins with a tag or holds block tags, else Markdown, or text in
// a file that says it is text.
func (d *document) takeBody(body []byte) {
	trimmed := bytes.TrimSpace(body)
	isTag := len(trimmed) > 1 && trimmed[0] == '<' && (trimmed[1]|0x20 >= 'a' && trimmed[1]|0x20 <= 'z' || trimmed[1] == '!')
	switch {
	case isTag && (d.signs.stated || trimmed[len(trimmed)-1] == '>'), d.signs.stated && blockTag.Match(trimmed):
		d.takeHTML(body)
	case extension(d.path) == ".txt":
		d.takeText(body)
	case extension(d.path) == ".md", extension(d.path) == ".markdown":
		d.takeMarkdown(body)
	default:
		d.takeHTML(body)
	}
}

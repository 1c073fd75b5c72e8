package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"broadsheet/schema"
)

// parseJSON reads one line of JSONL. The text is in one of the fields that hold it by custom; where several do, the best
// of them is read and the others are left out.
func parseJSON(d *document) {
	src := d.src
	if !utf8.Valid(src) || loneSurrogate(src) {
		d.note("utf8_repaired") // the decoder puts U+FFFD in their places
	}
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var fields map[string]any
	if err := dec.Decode(&fields); err != nil {
		d.reject(schema.Malformed, jsonDetail(err))
		return
	}
	if _, err := dec.Token(); err != io.EOF {
		d.reject(schema.Malformed, "more than one JSON value on the line")
		return
	}
	if fields == nil {
		d.reject(schema.Malformed, "null, not a JSON object")
		return
	}
	s := newStated(fields)
	var body, markup, markdown string
	has := false
	for _, kind := range []struct {
		names []string
		body  *string
	}{{textNames, &body}, {htmlNames, &markup}, {markdownNames, &markdown}} {
		s.each(kind.names, false, func(v any) bool {
			t, ok := v.(string)
			has = has || ok
			if strings.TrimSpace(t) != "" {
				*kind.body = t
			}
			return *kind.body != ""
		})
		s.dropStrings(kind.names, func() { d.note("other_body_left_out") })
	}
	has = has || s.has(textNames)
	if !has {
		detail := "no field holds a text; the text belongs in \"text\""
		if d.named {
			d.reject(schema.Malformed, detail)
		} else {
			d.reject(schema.NotAnArticle, detail)
		}
		return
	}
	d.takeStated(s, FromFields, Published)
	d.article.Extra = s.extra()
	d.signs.stated = true
	switch {
	case body != "" && isMarkup(body), body == "" && markup != "":
		if body != "" {
			markup = body
		}
		d.takeHTML([]byte(markup))
	case body == "" && markdown != "":
		d.takeMarkdown([]byte(markdown))
	default:
		d.takeBlocks(paragraphs(strings.ReplaceAll(body, "\r\n", "\n")), nil, nil)
	}
}

// has holds where a field of one of the names is stated, be it null.
func (s *stated) has(names []string) bool {
	for _, l := range s.levels {
		for _, n := range names {
			if _, ok := l.names[n]; ok {
				return true
			}
		}
	}
	return false
}

// dropStrings removes the strings under any of the names: further copies of what was taken.
func (s *stated) dropStrings(names []string, dropped func()) {
	for _, l := range s.levels {
		for _, n := range names {
			name := l.names[n]
			if t, ok := l.values[name].(string); ok {
				delete(l.values, name)
				if strings.TrimSpace(t) != "" {
					dropped()
				}
			}
		}
	}
}

var markupStart = regexp.MustCompile(`(?i)^\s*<(?:!doctype|html|body|head|div|p|article|section|h[1-6]|ul|ol|table|figure|blockquote)[\s>]`)

// isMarkup holds for a text field that is HTML from end to end.
func isMarkup(s string) bool {
	return markupStart.MatchString(s) && strings.HasSuffix(strings.TrimSpace(s), ">")
}

// jsonDetail says what is wrong with a line in words that do not depend on the version of the decoder.
func jsonDetail(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Sprintf("a JSON %s, not an object", kind.Value)
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON, at byte %d of the line: %v", syntax.Offset, syntax)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "not JSON: the line ends in the middle"
	}
	return "not JSON: " + err.Error()
}

// loneSurrogate holds where an escape \uD800 to \uDFFF has no partner.
func loneSurrogate(line []byte) bool {
	if !bytes.Contains(line, []byte(`\ud`)) && !bytes.Contains(line, []byte(`\uD`)) {
		return false
	}
	high := -1 // where the low half of a pair must begin
	for i := 0; i+1 < len(line); i++ {
		if line[i] != '\\' {
			continue
		}
		if line[i+1] != 'u' || i+5 >= len(line) {
			i++
			continue
		}
		isD := line[i+2]|0x20 == 'd'
		c := line[i+3] | 0x20
		switch {
		case isD && (c == '8' || c == '9' || c == 'a' || c == 'b'):
			if high >= 0 {
				return true
			}
			high = i + 6
		case isD && c >= 'c' && c <= 'f':
			if high != i {
				return true
			}
			high = -1
		}
		if high >= 0 && high != i+6 {
			return true
		}
		i += 5
	}
	return high >= 0
}

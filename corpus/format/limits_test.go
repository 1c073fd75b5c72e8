package format

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
	"broadsheet/schema"
)

// TestNothingIsTooMuch reads units that are built to cost more than they weigh. Each has a sentence that must be in the
// text, and what is allocated on the way is bounded by a multiple of the unit's size: the work of each reader is counted
// in bytes, tokens, nodes and attributes, never in time.
func TestNothingIsTooMuch(t *testing.T) {
	const said = "This sentence was written by a person and must be read whatever stands around it."
	n := 1_000_000
	if testing.Short() {
		n = 50_000
	}
	many := func(s string) string { return strings.Repeat(s, n) }
	megabytes := func(s string, k int) string { return strings.Repeat(s, k*n/len(s)) }
	counted := func(format string, n int) string {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, format, i)
		}
		return s.String()
	}
	front := func(yaml string) string {
		return "---\ntitle: t\nfrom: https://example.org/a\ndate: 2024-01-05\n" + yaml + "\n---\n<p>" + said
	}
	bomb := "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i, i, i, i, i, i)
	}
	for _, c := range []struct {
		name, path, unit string
		note             string  // that says what was done
		most             float64 // bytes allocated for each byte of the unit, beyond 32 MB
	}{
		{"nested elements", "a.html", strings.Repeat("<div>", n/10) + said, dom.NoteDeep, 300},
		{"nested formatting", "a.html", strings.Repeat("<b><i>", n/10) + said, dom.NoteDeep, 300},
		{"nested tables", "a.html", strings.Repeat("<table><tr><td>", n/20) + said, dom.NoteDeep, 300},
		{"nested lists", "a.html", strings.Repeat("<ul><li>", n/20) + said, dom.NoteDeep, 300},
		{"bodies with new attributes", "a.html", counted("<body a%d=1>", n/10) + said, "", 300},
		{"elements with new attributes", "a.html", "<p " + counted("a%d=1 ", n/2) + ">" + said, dom.NoteAttrs, 60},
		{"less-than signs", "a.html", megabytes("<", 50) + "<p>" + said, "", 60},
		{"half end tags", "a.html", megabytes("</", 20) + "<p>" + said, "", 60},
		{"half tags", "a.html", "<p>" + said + megabytes("<a ", 20), "", 60},
		{"links", "a.html", many("<a href=x>y</a>") + "<p>" + said, "", 300},
		{"paragraphs", "a.html", many("<p>x") + "<p>" + said, "", 500},
		{"more nodes than permitted", "a.html", many("<p>x<br>") + "<p>" + said, "", 400},
		{"entities", "a.html", many("&amp;") + "<p>" + said, "", 60},
		{"broken entities", "a.html", many("&#x") + many("&nosuch") + "<p>" + said, "", 60},
		{"an unclosed comment", "a.html", "<p>" + said + "</p><!--" + megabytes("x -", 20), "", 60},
		{"an unclosed script", "a.html", "<p>" + said + "</p><script>" + megabytes("x <!--", 20), "", 60},
		{"a long attribute", "a.html", "<p title='" + megabytes("x", 30) + "'>" + said, "", 60},
		{"one long line", "a.html", megabytes("word ", 30) + "<p>" + said, "", 60},
		{"one long line of text", "a.txt", said + " " + megabytes("word ", 40), "", 60},
		{"many short lines", "a.txt", said + "\n" + megabytes("w\n", 2), "", 300},
		{"nested quotations of Markdown", "a.md", front("") + "\n\n" + strings.Repeat(">", n/5) + " x", "", 300},
		{"nested brackets of Markdown", "a.md", front("") + "\n\n" + strings.Repeat("[", n/5) + "x" + strings.Repeat("](y)", n/5), "", 300},
		{"stars of Markdown", "a.md", front("") + "\n\n" + strings.Repeat("*a _b ", n/10), "", 300},
		{"deep YAML", "a.md", front("x: " + strings.Repeat("[", n/20) + strings.Repeat("]", n/20)), "", 100},
		{"aliases of YAML", "a.md", front(bomb), "", 1000},
		{"many keys of YAML", "a.md", front(counted("k%d: v\n", n/10)), "", 300},
		{"deep JSON", "a.jsonl", `{"text":"` + said + `","url":"https://example.org/a","x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}", "", 3000},
		{"many fields of JSON", "a.jsonl", `{"text":"` + said + `","url":"https://example.org/a"` + counted(`,"k%d":1`, n/10) + "}", "", 300},
		{"escapes of JSON", "a.jsonl", `{"text":"` + said + megabytes(`\u0041`, 6) + `","url":"https://example.org/a"}`, "", 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			in := []byte(c.unit)
			runtime.ReadMemStats(&before)
			var units []Unit
			for u := range NewReader(Options{MaxUnit: 128 << 20}).Read(c.path, true, bytes.NewReader(in)) {
				units = append(units, u)
			}
			runtime.ReadMemStats(&after)
			per := (float64(after.TotalAlloc-before.TotalAlloc) - 32e6) / float64(len(in))
			t.Logf("%d bytes, %.0f allocated for each", len(in), per)
			if per > c.most {
				t.Errorf("%.0f bytes allocated for each of %d, more than %.0f", per, len(in), c.most)
			}
			if len(units) != 1 || units[0].Article == nil {
				t.Fatalf("no article: %.300v", units)
			}
			a := units[0].Article
			if !strings.Contains(prose.Render(a.Blocks), said) {
				t.Errorf("the sentence is lost; notes %v", a.Notes)
			}
			if c.note != "" && !strings.Contains(strings.Join(a.Notes, " "), c.note) {
				t.Errorf("notes %v, without %s", a.Notes, c.note)
			}
		})
	}
}

// TestDeepJSON: a line that nests deeper than encoding/json permits (10,000) is malformed, and says so.
func TestDeepJSON(t *testing.T) {
	line := `{"text":"Some text.","x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"
	for u := range NewReader(Options{}).Read("a.jsonl", true, strings.NewReader(line)) {
		if u.Article != nil || u.Reason != schema.Malformed || !strings.Contains(u.Detail, "depth") {
			t.Errorf("%+v", u)
		}
	}
}

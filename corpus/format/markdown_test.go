package format

import (
	"strings"
	"testing"
)

func markdownHTML(src string) (html, title string) {
	m := markdown{refs: references([]byte(src)), budget: 64*len(src) + 1<<20, wantTitle: true}
	m.read([]byte(src))
	return m.out.String(), m.title
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "One\ntwo.\n\nThree.\n", "<p>One\ntwo.</p>\n<p>Three.</p>\n"},
		{"title", "# A *title*\n\nText.\n", "<p>Text.</p>\n"},
		{"headings", "Text\n\n## Two ##\n\nThree\n---\n\nx\n", "<p>Text</p>\n<h2>Two</h2>\n<h2>Three</h2>\n<p>x</p>\n"},
		{"hash without space", "#tag is no heading", "<p>#tag is no heading</p>\n"},
		{"emphasis", "a *b* **c** ***d*** __e__ _f_ ~~g~~", "<p>a b c d e f g</p>\n"},
		{"emphasis in Chinese", "这是**“重要”**的", "<p>这是“重要”的</p>\n"},
		{"no emphasis", "5 * 3 * 2, snake_case_name, ~5~, 2*3, __init__.py _", "<p>5 * 3 * 2, snake_case_name, ~5~, 2*3, init.py _</p>\n"},
		{"escapes", `\*a\* \_ \# 1\. \q`, `<p>*a* _ # 1. \q</p>` + "\n"},
		{"code span", "use `a*b*` and ``x`y``", "<p>use <code>a*b*</code> and <code>x`y</code></p>\n"},
		{"link", `[a *b*](https://example.org/a_b_c "t") [x] (y)`, `<p><a href="https://example.org/a_b_c">a b</a> [x] (y)</p>` + "\n"},
		{"link with brackets", `[[a] b](https://example.org/(x))`, `<p><a href="https://example.org/(x)">[a] b</a></p>` + "\n"},
		{"references", "[a][r], [r] and [s]\n\n[r]: https://example.org/ 'x'\n", `<p><a href="https://example.org/">a</a>, <a href="https://example.org/">r</a> and [s]</p>` + "\n"},
		{"image", `![an image](x.png) text`, `<p><img src="x.png" alt="an image"> text</p>` + "\n"},
		{"linked image", `[![i](x.png)](https://example.org)`, `<p><a href="https://example.org"><img src="x.png" alt="i"></a></p>` + "\n"},
		{"autolink", "<https://example.org/?a=1&b=2> a < b", `<p><a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a> a &lt; b</p>` + "\n"},
		{"entities", "AT&T &amp; &copy; &nosuch", "<p>AT&amp;T &amp; &copy; &amp;nosuch</p>\n"},
		{"breaks", "a  \nb\\\nc\nd", "<p>a  <br>\nb<br>c\nd</p>\n"},
		{"list", "- a\n- b\n  c\n\n  d\n- e\n", "<ul>\n<li>a\n</li>\n<li>b\nc\n<p>d</p>\n</li>\n<li>e\n</li>\n</ul>\n"},
		{"nested list", "1. a\n   - b\n   - c\n2. d\n\ne", "<ol start=\"1\">\n<li>a\n<ul>\n<li>b\n</li>\n<li>c\n</li>\n</ul>\n</li>\n<li>d\n</li>\n</ol>\n<p>e</p>\n"},
		{"list in quotation", "> - a\n> - b\n\nc", "<blockquote>\n<ul>\n<li>a\n</li>\n<li>b\n</li>\n</ul>\n</blockquote>\n<p>c</p>\n"},
		{"other marks", "- a\n* b\n", "<ul>\n<li>a\n</li>\n</ul>\n<ul>\n<li>b\n</li>\n</ul>\n"},
		{"quotation", "> a\nb\n>\n> c\n\nd", "<blockquote>\n<p>a\nb</p>\n<p>c</p>\n</blockquote>\n<p>d</p>\n"},
		{"fence", "```go\na < b\n\n# c\n```\nd", "<pre><code>a &lt; b\n\n# c\n</code></pre>\n<p>d</p>\n"},
		{"indented code", "a\n\n    b\n    c\n\nd", "<p>a</p>\n<pre><code>b\nc\n\n</code></pre>\n<p>d</p>\n"},
		{"table", "| a | b |\n|---|:-:|\n| c | d\\|e |\n\nf", "<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td><td>d|e</td></tr>\n</table>\n<p>f</p>\n"},
		{"html", "a <b>b</b>\n\n<div class=\"x\">\n*c*\n</div>\n\nd", "<p>a <b>b</b></p>\n<div class=\"x\">\n*c*\n</div>\n\n<p>d</p>\n"},
		{"comment", "a\n\n<!-- b\n\nc -->\n\nd", "<p>a</p>\n<!-- b\n\nc -->\n<p>d</p>\n"},
		{"kramdown", "a{: .b}\n{: #c}\n", "<p>a\n</p>\n"},
		{"footnote", "a[^1]\n\n[^1]: note\n", "<p>a</p>\n<p>note</p>\n"},
		{"rule", "a\n\n***\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},
		{"a number is no list in a paragraph", "born in\n1978. It was", "<p>born in\n1978. It was</p>\n"},
	} {
		if got, _ := markdownHTML(c.in); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
	if _, title := markdownHTML("# A *title* &amp; more\n\nText.\n"); title != "A title & more" {
		t.Errorf("title %q", title)
	}
}

// Marks that begin something and never end it must not cost the square of their number.
func TestMarkdownOfMarks(t *testing.T) {
	for _, s := range []string{"[", "](", "*a_", "`", "<!-- ", "> ", "- ", "<a ", "![](", "a`b``", "**a_b~~", "\\", "1. ", "|a\n|-\n"} {
		html, _ := markdownHTML(strings.Repeat(s, 100_000))
		if len(html) > 100*100_000 {
			t.Errorf("%q: %d bytes of HTML", s, len(html))
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("# a\n\n> - b *c*\n>   1. `d` [e](f)\n\n```\ng\n")
	f.Fuzz(func(t *testing.T, s string) { markdownHTML(s) })
}

package dom

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/corpus/material"
)

// dump writes a tree as nested parentheses: p(text b(text)).
func dump(t *Tree) string {
	var s strings.Builder
	depth := 0
	for id := ID(0); id != None; {
		n := &t.Nodes[id]
		if s.Len() > 0 && !strings.HasSuffix(s.String(), "(") {
			s.WriteByte(' ')
		}
		switch {
		case id == 0:
		case n.Name == "":
			fmt.Fprintf(&s, "%q", n.Text)
		default:
			s.WriteString(n.Name)
			for _, a := range n.Attr {
				fmt.Fprintf(&s, "[%s=%s]", a.Key, a.Val)
			}
		}
		if n.First != None {
			if id != 0 {
				s.WriteByte('(')
				depth++
			}
			id = n.First
			continue
		}
		for id != None {
			n := &t.Nodes[id]
			if n.Next != None {
				id = n.Next
				break
			}
			if id = n.Parent; id > 0 {
				s.WriteByte(')')
			}
		}
	}
	return s.String()
}

func TestTree(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"a", `"a"`},
		{"a<b>c</b>d", `"a" b("c") "d"`},
		{"<p>a<p>b", `p("a") p("b")`},
		{"<p>a<div>b</div>c</p>d", `p("a") div("b") "c" p "d"`},
		{"<p><span>a<p>b", `p(span("a")) p("b")`},
		{"<p><button><p>a</button>b", `p(button(p("a")) "b")`},
		{"<ul><li>a<li>b<ul><li>c</ul>d</ul>e", `ul(li("a") li("b" ul(li("c")) "d")) "e"`},
		{"<dl><dt>a<dd>b<dt>c</dl>", `dl(dt("a") dd("b") dt("c"))`},
		{"<table> <tr> <td>a<td>b<tr><th>c</table>d", `table(tr(td("a") td("b")) tr(th("c"))) "d"`},
		{"<table><tr><td><table><tr><td>a</table>b</table>", `table(tr(td(table(tr(td("a"))) "b")))`},
		{"<table><thead><tr><td>a<tbody><tr><td>b", `table(thead(tr(td("a"))) tbody(tr(td("b"))))`},
		{"<table><caption>a<tr><td>b", `table(caption("a") tr(td("b")))`},
		{"<div><table><tr><td></div>a</table>b", `div(table(tr(td("a"))) "b")`},
		{"<select><option>a<option>b<optgroup><option>c</select>", `select(option("a") option("b") optgroup(option("c")))`},
		{"<h1>a<h2>b</h1>c", `h1("a") h2("b") "c"`},
		{"<h1>a</h3>b", `h1("a") "b"`},
		{"<b>a<p>b</b>c</p>d", `b("a" p("b" "c")) "d"`},
		{"<b><i>a</b>b</i>c", `b(i("a")) "b" "c"`},
		{"<a href=x>a<a href=y>b", `a[href=x]("a") a[href=y]("b")`},
		{"<a href=x><div>a</a>b</div>c", `a[href=x](div("a" "b")) "c"`},
		{"a</p>b", `"a" p "b"`},
		{"a</br>b</x></b>", `"a" br "b"`},
		{"<br/><hr><img src=a><input>x", `br hr img[src=a] input "x"`},
		{"<form>a<form>b</form>c", `form("a" "b") "c"`},
		{"<pre>\n\na</pre>", `pre("\na")`},
		{"<textarea>\n<b></textarea>a", `textarea("<b>") "a"`},
		{"<title>a&amp;<b></title>", `title("a&<b>")`},
		{"<title>a<p>b", `title "a" p("b")`},
		{"<script>if(a<b)</scripty></script >c", `script("if(a<b)</scripty>") "c"`},
		{"<script><!--<script>a</script>b--></script>c", `script("<!--<script>a</script>b-->") "c"`},
		{"<script><!-->a</script>c", `script("<!-->a") "c"`},
		{"<style>a</STYLE/>b", `style("a") "b"`},
		{"<noscript><img></noscript>a", `noscript("<img>") "a"`},
		{"<plaintext><b>", `plaintext("<b>")`},
		{"a<!-- b -->c<!-->d<!--->e<!--f--!>g<!--h--->i", `"a" "c" "d" "e" "g" "i"`},
		{"a<?php b?>c<!x>d</>e</ f>g", `"a" "c" "d" "e" "g"`},
		{"1 < 2 <3 <", `"1 < 2 <3 <"`},
		{"a<b", `"a"`},
		{"a&lt;&nbsp;&#x4e00;&notit;", "\"a<\\u00a0一¬it;\""},
		{`<a href="?a=1&copy=2&amp;b&lt;&copy" x=&#65 y=&ampz>`, `a[href=?a=1&copy=2&b<©][x=A][y=&ampz]`},
		{`<a B=1 b=2 c d='"' e=f/>g`, `a[b=1][c=][d="][e=f/]("g")`},
		{"<a\r\nb='\r\n'>\r\n", "a[b=\n](\"\\n\")"},
		{"<svg><a/><p>b</svg>c", `svg(a) p("b" "c")`},
		{"<svg><title>a<b>c</b></title><path d=m /></svg>d", `svg(title("a" b("c")) path[d=m]) "d"`},
		{"<svg><![CDATA[a<b]]></svg><![CDATA[c]]>", `svg("a<b")`},
		{"<math><mi>a</mi><mo/></math>b", `math(mi("a") mo) "b"`},
		{"<svg><foreignObject><p>a</foreignObject></svg>b", `svg(foreignobject(p("a" "b")))`},
		{"<template><tr><td>a</template>b", `template(tr(td("a"))) "b"`},
		{"<ruby>a<rp>(<rt>b<rp>)</ruby>c", `ruby("a" rp("(") rt("b") rp(")")) "c"`},
		{"<x-y><Z1>a</z1></x-y>b", `x-y(z1("a")) "b"`},
		{"<!doctype html><html><head><title>a</title><body>b", `html(head(title("a")) body("b"))`},
		{"<html lang=x> <meta><p>a</html> b", `html[lang=x](meta body(p("a" " b")))`},
		{"<head><link></head><div>a", `head(link) body(div("a"))`},
		{"<head><p>a</p>", `head body(p("a"))`},
		{"<body a=1><body b=2>c</body>d", `body[a=1]("c" "d")`},
	} {
		tree, _ := Parse([]byte(c.in), Limits{})
		if got := dump(tree); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, got, c.want)
		}
		check(t, tree)
	}
}

// check verifies that the links of a tree agree with each other.
func check(t *testing.T, tree *Tree) {
	t.Helper()
	seen := 0
	for id := ID(0); id != None; id = tree.Descend(id, 0) {
		n := &tree.Nodes[id]
		if int(id) != seen {
			t.Fatalf("node %d comes in place %d", id, seen)
		}
		seen++
		if n.First != None && (tree.Nodes[n.First].Parent != id || tree.Nodes[n.First].Prev != None) ||
			n.Last != None && (tree.Nodes[n.Last].Parent != id || tree.Nodes[n.Last].Next != None) ||
			n.Next != None && tree.Nodes[n.Next].Prev != id {
			t.Fatalf("node %d is not linked well", id)
		}
	}
	if seen != len(tree.Nodes) {
		t.Fatalf("%d of %d nodes are in the tree", seen, len(tree.Nodes))
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		in, want string
		limits   Limits
		notes    []string
	}{
		{"<p>a</p><p>b</p> c<b>d</b> <br>e<script>f</script>", `p("a") p plaintext("b\n\ncd \n\ne")`, Limits{MaxNodes: 4}, []string{NoteFlattened}},
		{"<p>a<p>b<p>c<p>d<p>e<p>f\n\ng\n<p>h<p>i", `p("a") plaintext("b\n\nc\n\nd\ne\nf\ng\nh\ni")`, Limits{MaxNodes: 3}, []string{NoteFlattened}},
		{"<i><i><i><i>a</i></i></i></i>b", `i(i(i i "a")) "b"`, Limits{MaxDepth: 2}, []string{NoteDeep}},
		{"<i a b c>", "i[a=][b=]", Limits{MaxAttrs: 2}, []string{NoteAttrs}},
	} {
		tree, notes := Parse([]byte(c.in), c.limits)
		if got := dump(tree); got != c.want || !slices.Equal(notes, c.notes) {
			t.Errorf("%q:\n got %s %q\nwant %s %q", c.in, got, notes, c.want, c.notes)
		}
		check(t, tree)
	}
}

// TestHostile parses inputs on which a straightforward parser takes quadratic time, overflows its stack or multiplies
// memory. It fails by the test binary's own time limit, or by lost text.
func TestHostile(t *testing.T) {
	n := 200_000
	if testing.Short() {
		n = 20_000
	}
	many := func(f string) string {
		var s strings.Builder
		for i := range n {
			if strings.Contains(f, "%") {
				fmt.Fprintf(&s, f, i)
			} else {
				s.WriteString(f)
			}
		}
		return s.String()
	}
	for name, in := range map[string]string{
		"body with new attributes": many("<body a%d=1>"),
		"html with new attributes": many("<html a%d=1>"),
		"nested div":               many("<div>"),
		"nested b":                 many("<b>"),
		"nested a":                 many("<a href=x>"),
		"nested table":             many("<table>"),
		"nested cells":             many("<table><tr><td>"),
		"nested svg":               many("<svg>"),
		"nested template":          many("<template>"),
		"font and p":               many("<font><p>"),
		"b and p, closed":          many("<b><p></b></p>"),
		"unmatched end tags":       strings.Repeat("<span>", 500) + many("</div></b></x></p>"),
		"p under many spans":       "<p><button>" + strings.Repeat("<span>", 500) + many("<div></div>"),
		"attributes":               "<a " + many(" a%d=1") + ">",
		"tags with attributes":     many("<a a b c d e f g h i j k l m n o p q r s t u v w x y z>"),
		"one attribute":            `<a href="` + many("x&") + `">`,
		"less than":                many("<"),
		"end of nothing":           many("</"),
		"ampersands":               many("&"),
		"ampersand names":          "&" + many("a"),
		"unfinished tags":          many("<a "),
		"comments":                 many("<!-- - --"),
		"comment ends":             "<!--" + many("--"),
		"scripts":                  many("<script><!--<script>"),
		"titles without end":       many("<title></x>"),
		"text areas without end":   many("<textarea></textareb>"),
		"cdata":                    many("<svg><![CDATA["),
		"links":                    many("<a href=x>y</a>"),
		"text and comments":        many("a<!---->"),
	} {
		tree, _ := Parse([]byte(in+"</a>-->END"), Limits{MaxNodes: 100_000})
		check(t, tree)
		if len(tree.Nodes) > 100_000+4 {
			t.Errorf("%s: %d nodes", name, len(tree.Nodes))
		}
		switch name {
		case "scripts", "unfinished tags", "attributes", "cdata":
		default:
			if !strings.HasSuffix(tree.TextContent(0), "END") {
				t.Errorf("%s: the end is lost", name)
			}
		}
	}
}

// reference is the text of html.Parse's tree, without what holds no text of the document.
func reference(src []byte) (string, error) {
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		return "", err
	}
	var s strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style) {
			s.WriteString(n.Data)
		}
	}
	return s.String(), nil
}

// squeeze removes white space and NUL, which html.Parse drops or keeps by place.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

func TestSamePages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(material.Path(t, "samples"), "seed*", "*"))
	pages, _ := filepath.Glob(filepath.Join(material.Path(t, "eval/pages"), "*"))
	if testing.Short() {
		pages = pages[:min(len(pages), 20)]
	}
	compared := 0
	for _, f := range append(files, pages...) {
		src, err := os.ReadFile(f)
		if err != nil || !utf8.Valid(src) || bytes.HasPrefix(src, []byte{0x1f, 0x8b}) {
			continue
		}
		want, err := reference(src)
		if err != nil {
			continue
		}
		compared++
		tree, notes := Parse(src, Limits{})
		check(t, tree)
		if got, want := squeeze(tree.TextContent(0)), squeeze(want); got != want && sorted(got) != sorted(want) {
			i := 0
			for i < min(len(got), len(want)) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: %v\n got …%.100q\nwant …%.100q", f, notes, got[i:], want[i:])
		}
	}
	t.Logf("%d files compared", compared)
}

// sorted gives the bytes of s in order: html.Parse moves text that strays into a table in front of it.
func sorted(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "<p>a<b>b</p>c", "a<!--b-->c", "<a href='&amp;x'>&lt;", "<ul><li>a<li>b</ul>", "<svg><p>x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, _ := Parse(src, Limits{})
		check(t, tree)
		small, _ := Parse(src, Limits{MaxNodes: 8, MaxDepth: 3, MaxAttrs: 1})
		check(t, small)
		// What html.Parse moves, leaves out or reads to the end of the source is not compared.
		for id := range tree.Nodes {
			switch n := &tree.Nodes[id]; n.Tag {
			case atom.Table, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Thead, atom.Tfoot,
				atom.Select, atom.Option, atom.Optgroup, atom.Template, atom.Frameset, atom.Frame, atom.Svg, atom.Math,
				atom.Title, atom.Textarea, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext,
				atom.Input, atom.Script, atom.Style:
				return
			}
		}
		if !utf8.Valid(src) || bytes.ContainsRune(src, 0) {
			return
		}
		for _, s := range []string{"<table", "<select", "<frame", "<col", "<t", "<o"} {
			if bytes.Contains(bytes.ToLower(src), []byte(s)) {
				return
			}
		}
		want, err := reference(src)
		if err != nil {
			return
		}
		if got, want := squeeze(tree.TextContent(0)), squeeze(want); got != want {
			t.Errorf("%q:\n got %q\nwant %q", src, got, want)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	src := sample(b)
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			Parse(src, Limits{})
		}
	})
	b.Run("x/net", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			html.Parse(bytes.NewReader(src))
		}
	})
}

func sample(b *testing.B) []byte {
	var src []byte
	files, _ := filepath.Glob(filepath.Join(material.Path(b, "samples"), "seed-form", "*"))
	for _, f := range files {
		s, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		src = append(src, s...)
	}
	return src
}

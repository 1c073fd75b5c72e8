package htmltext

import (
	"html"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

// lettersOf are the letters and marks of s, taken apart: what no rendering may change. Marks that stand together only
// once what was between them is gone are put in order last.
func lettersOf(s string) string {
	return norm.NFD.String(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, norm.NFD.String(s)))
}

// seen is the text of a tree by the plainest walk: all of it that is not within something hidden.
func seen(t *dom.Tree) string {
	var s strings.Builder
	for id := dom.ID(0); id != dom.None; {
		n := &t.Nodes[id]
		if id != 0 && n.Name != "" && Hidden(n) {
			id = t.Skip(id, 0)
			continue
		}
		s.WriteString(n.Text)
		id = t.Descend(id, 0)
	}
	return s.String()
}

// FuzzRender compares with a plain walk over the tree, and renders what it got once more.
func FuzzRender(f *testing.F) {
	for _, s := range []string{
		"<p>a<br><br>b", "<ul><li>a<ol><li>b<p>c</ul>d", "<table><tr><td>a<td>b<tr><td>c</table>", "<pre>\n a\n\nb</pre>", "<h1>t</h1>\u200be\u0301",
		"<ruby>漢<rt>かん</rt></ruby>字<span hidden>x</span>", "中文\n  换行<b>\n粗体</b>", "<blockquote>q<figure><figcaption>c", "<div><table><tr><td><ul><li>a</table>b", "0&#x2000;0", "\u0329\x05\u0328",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		tree, _ := dom.Parse([]byte(strings.ToValidUTF8(src, "\ufffd")), dom.Limits{})
		var all strings.Builder
		for _, s := range Render(tree, 0, nil) {
			all.WriteString(s.Text)
			if strings.Contains(s.Text, "\n\n") && s.Kind != prose.Code || strings.HasSuffix(s.Text, " ") || s.Text == "" {
				t.Errorf("%q: a block %q", src, s.Text)
			}
			if s.Kind == prose.Item || s.Kind == prose.Code || s.Kind == prose.Row {
				continue
			}
			again, _ := dom.Parse([]byte("<p>"+strings.ReplaceAll(html.EscapeString(s.Text), "\n", "<br>")), dom.Limits{})
			if got := Render(again, 0, nil); len(got) != 1 || got[0].Text != s.Text {
				t.Errorf("%q rendered again is %v", s.Text, got)
			}
		}
		if got, want := lettersOf(all.String()), lettersOf(seen(tree)); got != want {
			t.Errorf("%q:\n got %q\nwant %q", src, got, want)
		}
	})
}

// Runs are taken whole; the text must be as if each character had come alone.
func TestRunsAreCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("abAZ09.,-   \n\t\u00a0é中文字。，「」“”…—‐‧\u2028\u2029\u200b\u3000〩〪！ＡＺａカ\u3099한"))).Draw(t, "text")
		whole, apart := "<p>x<a href=y>"+html.EscapeString(s)+"</a>z", "<p>x<a href=y>"
		for _, r := range s {
			apart += "<span>" + html.EscapeString(string(r)) + "</span>"
		}
		apart += "</a>z"
		render := func(src string) []Span {
			tree, _ := dom.Parse([]byte(src), dom.Limits{})
			spans := Render(tree, 0, nil)
			for i := range spans {
				spans[i].Node, spans[i].Anchors = 0, nil
			}
			return spans
		}
		if got, want := render(whole), render(apart); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is rendered as %+v, character by character as %+v", s, got, want)
		}
	})
}

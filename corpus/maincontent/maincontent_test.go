package maincontent

import (
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/prose"
)

const sentence = "The harbour was quiet that morning, and the boats, which had come in late, lay close to the quay until noon. "

func smallPage() string {
	return `<!doctype html><html><head><title>The harbour</title></head><body><nav class="menu"><ul><li><a href="/">Home</a></li>
<li><a href="/news">News</a></li><li><a href="/contact">Contact</a></li></ul></nav><main><article class="post"><h1>The harbour</h1>
<div class="entry-content"><p>` + strings.Repeat(sentence, 3) + `</p><p>` + strings.Repeat(sentence, 2) + `</p><h2>The afternoon</h2><p>` +
		strings.Repeat(sentence, 3) + `</p></div></article></main><aside class="sidebar related"><h3>Related</h3><ul><li><a href="/1">Another story</a></li>
<li><a href="/2">A third story</a></li></ul></aside><footer class="footer"><p>© 2024 All rights reserved. <a href="/privacy">Privacy policy</a></p></footer></body></html>`
}

func extract(s string) Result {
	t, _ := dom.Parse([]byte(s), dom.Limits{})
	return Extract(t, Options{Title: "The harbour"})
}

func TestSmallPage(t *testing.T) {
	r := extract(smallPage())
	text := prose.Render(r.Blocks)
	if n := strings.Count(text, "The harbour was quiet"); n != 8 {
		t.Errorf("%d of 8 sentences in %q", n, text)
	}
	for _, bad := range []string{"Contact", "Another story", "Privacy", "reserved"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is left in %q", bad, text)
		}
	}
	if strings.HasPrefix(text, "The harbour\n") {
		t.Error("the title is repeated")
	}
	if len(r.Removed) == 0 {
		t.Error("nothing is said to be removed")
	}
}

// Text that scripts are to replace stands in noscript on some forums.
func TestNoscript(t *testing.T) {
	body := strings.Repeat("<p>"+strings.Repeat(sentence, 2)+"</p>\n", 5)
	text := prose.Render(extract("<html><body><noscript>\n<div class=post>" + body + "</div></noscript></body></html>").Blocks)
	if n := strings.Count(text, "quay"); n != 10 {
		t.Errorf("%d of 10 sentences", n)
	}
}

func TestRender(t *testing.T) {
	tree, _ := dom.Parse([]byte("<ol><li>a</li><li>b<p>c</p></li></ol><pre>x\n  y </pre><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table><p>汉\n字<br>e"), dom.Limits{})
	p := segment(tree)
	keep := make([]bool, len(p.blocks))
	for i := range keep {
		keep[i] = true
	}
	want := "1. a\n2. b\n\nc\n\nx\n  y\n\n1 | 2\n3 | 4\n\n汉字\ne"
	if got := prose.Render(p.render(keep)); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestModel(t *testing.T) {
	m, err := readModel(modelText)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.trees) == 0 || len(m.tokens) == 0 || len(m.words) == 0 {
		t.Error("the model is empty")
	}
}

func TestEchoes(t *testing.T) {
	tree, _ := dom.Parse([]byte("<p>"+sentence+"<p>"+strings.ToUpper(sentence)+"<p>Nothing of the kind is said in this paragraph, which stands by itself and is as long as the others are."), dom.Limits{})
	a := analyse(segment(tree), &lexicon{}, gather(tree))
	for i, want := range []echo{{0, 1}, {1, 0}, {0, 0}} {
		if got := a.echoes()[i]; got != want {
			t.Errorf("block %d: %v, want %v", i, got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	tree, _ := dom.Parse([]byte(`<link rel="canonical" href="https://x.example/forum/topic-12"><meta name="generator" content="Board 4.2 by us">
<script type="application/ld+json">{"@type": ["QAPage"], "author": {"@type":"Person"}, "@type": 1, "@type":"</script>`), dom.Limits{})
	want := "by:board item:person item:qapage url:example url:forum url:https url:topic url:x"
	if got := strings.Join(gather(tree).kinds, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What a page's kind is must not hang on the order in which its words are met.
func TestKindIsExact(t *testing.T) {
	l := &lexicon{kinds: map[string][2]float32{}}
	var classes string
	for i, w := range []float32{1.5, -0.7, 0.1, -1, 0.3, 0.9, -0.2, 1.1, 0.6, -0.4, 0.8, 1.3} {
		name := strings.Repeat(string(rune('a'+i)), 3)
		l.kinds[name] = [2]float32{w, -w}
		classes += name + " "
	}
	tree, _ := dom.Parse([]byte(`<body class="`+classes+`"><p>x`), dom.Limits{})
	for range 50 {
		if a := analyse(segment(tree), l, gather(tree)); a.forum != 4.3 || a.doc != -4.3 {
			t.Fatalf("forum %v, documentation %v", a.forum, a.doc)
		}
	}
}

// Comments are left out below an article and kept where the page is a thread.
func TestComments(t *testing.T) {
	post := "<li class=comment><b>Ann</b><p>" + strings.Repeat("I saw the boats come in as well, and I can say that nobody on the quay had expected them. ", 3) + "</p></li>"
	article := strings.Replace(smallPage(), "</article>", "</article><section class=comments><h3>Comments</h3><ol>"+strings.Repeat(post, 12)+"</ol></section>", 1)
	if text := prose.Render(extract(article).Blocks); strings.Contains(text, "I saw the boats") || !strings.Contains(text, "The harbour was quiet") {
		t.Errorf("article: %q", text)
	}
	thread := `<html><head><link rel=canonical href="https://x.example/forum/threads/boats"><title>Boats</title></head><body class=forum><h1>Boats</h1><ol class=posts>` +
		strings.Repeat(strings.ReplaceAll(post, "class=comment", `class="post comment"`), 5) + "</ol></body></html>"
	if n := strings.Count(prose.Render(extract(thread).Blocks), "I saw the boats"); n != 15 {
		t.Errorf("thread: %d of 15 sentences", n)
	}
}

func TestEmpty(t *testing.T) {
	for _, s := range []string{"", "<html>", "<body><script>x</script>", "<nav><a href=/>x</a></nav>", strings.Repeat("<div>", 5000), strings.Repeat("<li><a>x", 2000)} {
		extract(s)
	}
}

func FuzzExtract(f *testing.F) {
	f.Add(smallPage())
	f.Add("<table><tr><td>a<td><p>b<p>c</table><noscript><p>x</noscript><pre>\n\n</pre>")
	f.Fuzz(func(t *testing.T, s string) {
		for _, b := range extract(s).Blocks {
			if !utf8.ValidString(b.Text) {
				t.Errorf("%q is not UTF-8", b.Text)
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	src := []byte(smallPage())
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		t, _ := dom.Parse(src, dom.Limits{})
		Extract(t, Options{})
	}
}

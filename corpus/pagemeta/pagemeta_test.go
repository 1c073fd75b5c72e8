package pagemeta

import (
	"reflect"
	"testing"
	"unicode/utf8"

	"broadsheet/corpus/dom"
)

func read(s string) Meta {
	t, _ := dom.Parse([]byte(s), dom.Limits{})
	return Read(t)
}

func TestRead(t *testing.T) {
	m := read(`<!doctype html><html lang="en-GB"><head><title>A day at sea | The Gull</title>
<link rel="canonical" href="https://gull.example/sea"><meta property="og:site_name" content="The Gull">
<meta property="og:title" content="A day at sea | The Gull"><meta name="keywords" content="sea, boats">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#ann","name":"Ann Lee"},
{"@type":"NewsArticle","datePublished":"2024-05-01T10:00:00+02:00","author":[{"@id":"#ann"},{"name":"Bo Ek"}],},]}</script>
</head><body><time datetime="2024-05-02">yesterday</time></body></html>`)
	want := Meta{
		Title: "A day at sea", CanonicalURL: "https://gull.example/sea", Authors: []string{"Ann Lee", "Bo Ek"}, SiteName: "The Gull",
		Dates:    []Date{{"2024-05-01T10:00:00+02:00", "json_ld", Published}, {"2024-05-02", "body", Published}},
		Language: "en-GB", License: "https://creativecommons.org/licenses/by/4.0/", Tags: []string{"sea", "boats"},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
}

func TestAuthors(t *testing.T) {
	for _, c := range []struct {
		html string
		want []string
	}{
		{`<meta name="author" content="By Ann Lee and Bo Ek">`, []string{"Ann Lee", "Bo Ek"}},
		{`<meta property="article:author" content="https://social.example/ann"><a rel="author" href="/a">Ann Lee</a>`, []string{"Ann Lee"}},
		{`<span itemprop="author" itemscope><b itemprop="name">Ann Lee</b>, reporter</span>`, []string{"Ann Lee"}},
		{`<p class="byline">By Ann Lee</p>`, []string{"Ann Lee"}},
		{`<meta name="author" content="admin">`, nil},
	} {
		if got := read(c.html).Authors; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.html, got, c.want)
		}
	}
}

func TestRDFaDate(t *testing.T) {
	got := read(`<span property="dc:date dc:created" content="2014-11-18T11:34:00+08:00">18</span>`).Dates
	if len(got) == 0 || got[0] != (Date{"2014-11-18T11:34:00+08:00", "body", Published}) {
		t.Errorf("got %v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`<script type="application/ld+json">{"a":[1,{"@graph":[]},]}</script><meta name=author content=x>`)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		if m := read(s); !utf8.ValidString(m.Title) {
			t.Errorf("%q", m.Title)
		}
	})
}

func TestByline(t *testing.T) {
	const head = `<title>Herons return to the lake | The Gull</title>`
	for _, c := range []struct {
		name, html string
		authors    []string
		dates      []Date
	}{
		{"by and date under the headline",
			`<p>12 May 2021</p><p>` + filler + `</p><h1>Herons return to the lake</h1><p>By <a href="/x">Ann Lee</a> and <a href="/y">Bo Ek</a></p><p>3 June 2024</p>`,
			[]string{"Ann Lee", "Bo Ek"}, []Date{{"3 June 2024", "body", Published}}},
		{"published before updated",
			`<h1>Herons return to the lake</h1><div>Updated: <span>4 July 2024</span></div><div>Published: <span>3 June 2024</span></div>`,
			nil, []Date{{"3 June 2024", "body", Published}, {"4 July 2024", "body", Modified}}},
		{"only an update", `<h1>Herons return to the lake</h1><p>Zuletzt aktualisiert am 4. Juli 2024</p>`, nil, []Date{{"4. Juli 2024", "body", Modified}}},
		{"a date inside a sentence is no date of the page",
			`<h1>Herons return to the lake</h1><p>The first of them was seen by the keeper of the old lighthouse on 3 June 2019, long before the ice was gone.</p>`, nil, nil},
		{"a link to the author's page", `<h1>Herons return to the lake</h1><a href="/authors/ann-lee/">Ann Lee</a>`, []string{"Ann Lee"}, nil},
		{"times of other articles", `<nav><time datetime="2020-01-01">1 January 2020</time></nav><h1>Herons return to the lake</h1><time datetime="2024-06-03">3 June</time>`,
			nil, []Date{{"2024-06-03", "body", Published}}},
		{"a prefixed meta name", `<meta name="w-published-date" content="2024-06-03"><h1>Herons return to the lake</h1>`, nil, []Date{{"2024-06-03", "meta", Published}}},
		{"the first publication, said below the text",
			`<h1>Herons return to the lake</h1><p>30 September 2022</p><p>` + filler + `</p><p>This article was originally published on 26 September 2019 at noon, but has been updated again and again to keep what it says current.</p>`,
			nil, []Date{{"26 September 2019", "body", Published}, {"30 September 2022", "body", Published}}},
		{"the first publication of something else", `<h1>Herons return to the lake</h1><p>30 September 2022</p><p>The book that all of this is taken from was first published by a small house on 26 September 2019 and is out of print.</p>`,
			nil, []Date{{"30 September 2022", "body", Published}}},
		{"the footer of an article", `<article><p>` + filler + `</p><footer><time datetime="2024-06-03">3 June</time></footer></article><footer><time datetime="2026-01-01">today</time></footer>`,
			nil, []Date{{"2024-06-03", "body", Published}}},
		{"JSON-LD in a meta element", `<meta name="script:ld+json" content="{&quot;@type&quot;:&quot;Article&quot;,&quot;datePublished&quot;:&quot;2024-06-03&quot;}"><h1>Herons return to the lake</h1><p>4 July 2024</p>`,
			nil, []Date{{"2024-06-03", "json_ld", Published}, {"4 July 2024", "body", Published}}},
		{"a video's day", `<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2025-01-01"}</script><h1>Herons return to the lake</h1><p>3 June 2024</p>`,
			nil, []Date{{"3 June 2024", "body", Published}, {"2025-01-01", "json_ld", Published}}},
	} {
		m := read(head + c.html)
		if !reflect.DeepEqual(m.Authors, c.authors) || !reflect.DeepEqual(m.Dates, c.dates) {
			t.Errorf("%s: %q %v, want %q %v", c.name, m.Authors, m.Dates, c.authors, c.dates)
		}
	}
}

const filler = `Nothing of note happened on the shore that week, and the keepers wrote as much in their books. Nothing of note happened on the shore that week, and the keepers wrote as much in their books. Nothing of note happened on the shore that week, and the keepers wrote as much in their books. Nothing of note happened on the shore that week, and the keepers wrote as much in their books. Nothing of note happened on the shore that week, and the keepers wrote as much in their books. Nothing of note happened on the shore that week, and the keepers wrote as much in their books.`

func TestTitle(t *testing.T) {
	for html, want := range map[string]string{
		`<title>Herons return | The Gull</title><h1>The Gull</h1><h2>Herons return</h2>`:                "Herons return",
		`<title>Herons return to the lake - The Gull</title><h1>Herons return to the lake at last</h1>`: "Herons return to the lake at last",
	} {
		if got := read(html).Title; got != want {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}

func TestLicense(t *testing.T) {
	for html, want := range map[string]string{
		`<figure><a rel="license" href="https://creativecommons.org/licenses/by/2.0/">photo</a></figure>`:                                                         "",
		`<a rel="license" href="/licensing">licensing</a>`:                                                                                                        "",
		`<script type="application/ld+json">{"@type":"Article","license":{"@type":"CreativeWork","url":"https://creativecommons.org/licenses/by/4.0/"}}</script>`: "https://creativecommons.org/licenses/by/4.0/",
		`<meta name="dcterms.rights" content="CC BY 4.0">`:                                                                                                        "CC BY 4.0",
	} {
		if got := read(html).License; got != want {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}

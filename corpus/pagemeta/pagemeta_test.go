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

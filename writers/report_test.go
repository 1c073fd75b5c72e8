package writers

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet/schema"
)

// hostile texts must stay texts, wherever they stand.
var hostile = []string{
	`<script>alert(1)</script>`, `</title><script src=//evil.example/x.js></script>`, `"><img src=x onerror=alert(1)>`,
	`javascript:alert(1)`, `</style><style>body{display:none}</style>`, `<svg onload=alert(1)>`, "\u202e\u2066evil", `{{.M}}`, `<!--`,
	`=HYPERLINK("http://evil.example")`, `<iframe src="http://evil.example">`, `<a href="javascript:alert(1)">x</a>`,
}

func TestReportKeepsTextsTexts(t *testing.T) {
	for _, h := range hostile {
		sample := schema.Sample{Source: h, Text: h + " " + h, Outcome: schema.Outcome{Path: h, Title: h, URL: h, ID: h, Detail: h, Reason: schema.NearDuplicate, DuplicateOf: h}}
		m := &schema.Manifest{Name: h, License: h, Warnings: []string{h}, Tool: schema.Tool{Name: h, Version: h}}
		m.Outcomes.Reasons = map[schema.Reason]int64{schema.Reason(h): 1}
		m.Totals.Documents = 1
		for _, list := range []*[]schema.Count{&m.Totals.Language, &m.Totals.Source.Values, &m.Totals.Domain.Values, &m.Totals.Missing} {
			*list = []schema.Count{{Value: h, Documents: 1}}
		}
		m.Totals.Month = []schema.Count{{Value: "2023-12", Documents: 1}, {Value: "2024-01", Documents: 1}, {Value: h, Documents: 1}}
		m.Totals.SourceMonth = []schema.SourceMonths{{Value: h, Month: m.Totals.Month}}
		page, err := Report(m, &schema.Samples{
			Clusters: []schema.Cluster{{Kept: sample, Duplicates: 1, Some: []schema.Sample{sample}}},
			Kept:     []schema.Sample{sample}, Dropped: []schema.Sample{sample},
			Rules: []schema.Boilerplate{{Kind: schema.Block, Source: h, Author: h, Text: h, Count: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		styles := 0
		for z := html.NewTokenizer(strings.NewReader(string(page))); ; {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			tag := z.Token()
			switch tag.Data {
			case "script", "iframe", "img", "object", "embed", "link", "form", "base", "a":
				t.Errorf("%q: the page has a <%s>", h, tag.Data)
			case "style":
				styles++
			}
			for _, a := range tag.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || strings.Contains(a.Val, "javascript:") {
					t.Errorf("%q: <%s %s=%q>", h, tag.Data, a.Key, a.Val)
				}
			}
		}
		if styles != 1 {
			t.Errorf("%q: %d style elements", h, styles)
		}
	}
}

func TestReportMarksWhatDiffers(t *testing.T) {
	join := func(spans []reportSpan) string {
		var b strings.Builder
		for _, s := range spans {
			if s.Only {
				b.WriteString("[" + s.Text + "]")
			} else {
				b.WriteString(s.Text)
			}
		}
		return b.String()
	}
	for _, c := range [][4]string{
		{"one two three", "one 2 three", "one [two] three", "one [2] three"},
		{"新台幣午盤貶", "新台幣貶", "新台幣[午盤]貶", "新台幣貶"},
		{"", "text", "", "text"},
		{"same", "same", "same", "same"},
	} {
		left, right := marked(c[0], c[1])
		if join(left) != c[2] || join(right) != c[3] {
			t.Errorf("%q and %q: %q and %q, want %q and %q", c[0], c[1], join(left), join(right), c[2], c[3])
		}
	}
}

func TestReportSizes(t *testing.T) {
	for n, want := range map[int64]string{0: "0.0 kB", 41_264: "41.3 kB", 2_500_000: "2.5 MB", 7_140_000_000: "7.1 GB"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
}

// Where the texts are cut, an end that only one of them shows is no difference; one in the middle is.
func TestOpenEnd(t *testing.T) {
	left, right := marked("one two three four fiv", "one 2 three four")
	if got := openEnd(right, true); got[1] != (reportSpan{"2", true}) {
		t.Errorf("%v", got)
	}
	if got := openEnd(left, false); !got[len(got)-1].Only {
		t.Errorf("%v", got)
	}
	if got := openEnd(left, true); got[len(got)-1].Only || !got[1].Only {
		t.Errorf("%v", got)
	}
	if got := openEnd([]reportSpan{{"all of it", true}}, true); !got[0].Only {
		t.Errorf("%v", got)
	}
}

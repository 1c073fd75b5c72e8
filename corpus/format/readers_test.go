package format

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/prose"
	"broadsheet/schema"
)

func readAll(path, data string, named bool) []Unit {
	var units []Unit
	for u := range NewReader(Options{MaxUnit: 1 << 20}).Read(path, named, strings.NewReader(data)) {
		units = append(units, u)
	}
	return units
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zst(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

// The heads of files, and what they state.
func TestArchiveForm(t *testing.T) {
	const epoch = "<!--1704465902000-->\n"
	for _, c := range []struct {
		name, in          string
		title, url, first string // of the text
		dates             string
	}{
		{"all parts", "---\ntitle: \"A\"\ndate: 2024-01-05T14:45:02.000Z\nfrom: https://a.example/1\n---\n" + epoch + "[A b](https://a.example/2)\n------\n\n<div><p>Text.</p></div>",
			"A", "https://a.example/1", "Text.", "epoch 0 1704465902000, front_matter 0 2024-01-05T14:45:02.000Z"},
		{"no front matter", epoch + "[A](https://a.example/1)\n------\n\n<p>Text.</p>", "A", "https://a.example/1", "Text.", "epoch 0 1704465902000"},
		{"no epoch", "[A](https://a.example/1)\n------\n\n<p>Text.</p>", "A", "https://a.example/1", "Text.", ""},
		{"epoch not known", "---\ntitle: A\ndate: 2024-01-05T14:45:02.123Z\n---\n<!--NaN-->\n[A](https://a.example/1)\n------\n<p>Text.</p>",
			"A", "https://a.example/1", "Text.", "front_matter 1 2024-01-05T14:45:02.123Z"},
		{"brackets in the title", epoch + "[[World] 新加坡 (更新) | x](https://a.example/1?a=(b))\n------\n<p>Text.</p>", "[World] 新加坡 (更新) | x", "https://a.example/1?a=(b)", "Text.", "epoch 0 1704465902000"},
		{"entities and escaped quotes", epoch + `[&quot;A&quot; \"b\" &#38; c](https://a.example/1)` + "\n------\n<p>Text.</p>", `"A" "b" & c`, "https://a.example/1", "Text.", "epoch 0 1704465902000"},
		{"no rule", epoch + "[A](https://a.example/1)\n<p>Text.</p>", "A", "https://a.example/1", "Text.", "epoch 0 1704465902000"},
		{"a Markdown body", epoch + "[A](https://a.example/1)\n------\n\nA text *in* Markdown.", "A", "https://a.example/1", "A text in Markdown.", "epoch 0 1704465902000"},
		{"a title of another name", "---\nheadline: A\nlink: https://a.example/1\npermalink: /x/\n---\nText.", "A", "https://a.example/1", "Text.", ""},
		{"Windows line ends", "\ufeff---\r\ntitle: A\r\nfrom: https://a.example/1\r\n---\r\n<p>Text.</p>\r\n", "A", "https://a.example/1", "Text.", ""},
	} {
		units := readAll("a/x.md", c.in, false)
		if len(units) != 1 || units[0].Article == nil {
			t.Errorf("%s: %+v", c.name, units)
			continue
		}
		a := units[0].Article
		var dates []string
		for _, e := range a.Dates {
			dates = append(dates, fmt.Sprintf("%s %d %s", e.From, e.Role, e.Value))
		}
		if got := strings.Join(dates, ", "); got != c.dates {
			t.Errorf("%s: dates %s", c.name, got)
		}
		if a.Title != c.title || a.URL != c.url || len(a.Blocks) == 0 || a.Blocks[0].Text != c.first {
			t.Errorf("%s: title %q, url %q, text %q", c.name, a.Title, a.URL, prose.Render(a.Blocks))
		}
	}
	for _, in := range []string{
		"[A](https://a.example/1)\n\nA text that begins with a link, and then goes on for a while without any.",
		"[A](/relative)\n------\n\nA text under a heading that is a link within the site, as lists of a site have it.",
		"Title\n------\n\nA text under a heading.",
	} {
		if isArchive([]byte(in)) {
			t.Errorf("%q is no archive form", in)
		}
	}
}

func TestRead(t *testing.T) {
	page := "<!DOCTYPE html><html><body><p>A page of some words, which are enough to be read.</p></body></html>"
	line := `{"text":"words","title":"t"}` + "\n"
	for _, c := range []struct {
		name, path, in string
		named          bool
		want           string // line:reason of each unit; a is an article
	}{
		{"page", "a.html", page, false, "0:a"},
		{"no extension", "a/b", page, false, "0:a"},
		{"a point in the title", "a/Version 2.1 ist da", page, false, "0:a"},
		{"unknown form", "a.xyz", "some words", false, "0:unsupported"},
		{"unknown form, named", "a.xyz", "some words", true, "0:a"},
		{"image", "a.png", "\x89PNG", false, "0:not_an_article"},
		{"image, named", "a.png", "\x89PNG\x00\x00\x00", true, "0:malformed"},
		{"binary", "a.md", "\x00\x01\x02\xff\x00\x00\x00\x00", false, "0:malformed"},
		{"a NUL in text", "a.md", "Some words and\x00 more. " + strings.Repeat("more words ", 20), false, "0:a"},
		{"empty", "a.md", "", false, "0:a"},
		{"gzip", "a.html.gz", gz(page), false, "0:a"},
		{"zstd", "a.html.zst", zst(page), false, "0:a"},
		{"gzip without a suffix", "a.html", gz(page), false, "0:a"},
		{"a suffix without gzip", "a.html.gz", page, false, "0:a"},
		{"cut gzip", "a.html.gz", gz(page)[:40], false, "0:truncated"},
		{"empty gzip", "a.html.gz", "", false, "0:truncated"},
		{"damaged zstd", "a.html.zst", flipped(zst(string(noise(9000))), 4000), false, "0:malformed"},
		{"cut zstd", "a.html.zst", zst(strings.Repeat(page, 9))[:60], false, "0:truncated"},
		{"too large", "a.txt", strings.Repeat("x", 1<<20+1), false, "0:too_large"},
		{"as large as may be", "a.txt", strings.Repeat("x", 1<<20), false, "0:a"},
		{"gzip bomb", "a.html.gz", gz(strings.Repeat("0", 40<<20)), false, "0:too_large"},
		{"zstd bomb", "a.jsonl.zst", zst(line + strings.Repeat("0", 40<<20)), false, "1:a 0:too_large"},
		{"lines", "a.jsonl", line + "\n  \n" + line + line, false, "1:a 4:a 5:a"},
		{"no line break at the end", "a.jsonl", line + strings.TrimSpace(line), false, "1:a 2:a"},
		{"byte order mark", "a.jsonl", "\ufeff" + line, false, "1:a"},
		{"bad lines", "a.jsonl", "{\n[]\n7\nnull\n{} {}\n" + line, false, "1:malformed 2:malformed 3:malformed 4:malformed 5:malformed 6:a"},
		{"lines without text", "a.jsonl", `{"title":"x"}`, false, "1:not_an_article"},
		{"lines without text, named", "a.jsonl", `{"title":"x"}`, true, "1:malformed"},
		{"null text", "a.jsonl", `{"text":null}`, false, "1:a"},
		{"a long line", "a.jsonl", line + `{"text":"` + strings.Repeat("x", 1<<20) + `"}` + "\n" + line, false, "1:a 2:too_large 3:a"},
		{"deep nesting", "a.jsonl", `{"text":"a","x":` + strings.Repeat("[", 100_000) + "\n" + line, false, "1:malformed 2:a"},
		{"empty lines", "a.ndjson", "\n\n", false, ""},
		{"cut lines", "a.jsonl.gz", gz(line + line + strings.Repeat("x", 9) + string(noise(4096)))[:400], false, "1:a 2:a 0:truncated"},
		{"read me", "README.md", "# A\n\nAbout this repository and how it is used.", false, "0:not_an_article"},
		{"read me, named", "README.md", "# A\n\nAbout this repository and how it is used.", true, "0:a"},
		{"read me with an address", "README.md", "---\nfrom: https://a.example/1\n---\nSome text.", false, "0:a"},
		{"site page", "tools.md", "---\nlayout: page\ntitle: a\n---\nSome text of the site.", false, "0:not_an_article"},
		{"dated post", "post.md", "---\nlayout: post\ndate: 2020-01-01\n---\nSome text of a post.", false, "0:a"},
		{"front matter without layout", "post.md", "---\ntitle: a\n---\nSome text of a post.", false, "0:a"},
		{"template", "list.html", "---\n---\n<ul>{% for p in site.posts %}<li>{{ p.title }}</li>{% endfor %}</ul>", false, "0:not_an_article"},
		{"about templates", "post.md", "How to loop:\n\n```\n{% for p in site.posts %}\n```\n\nThat is all there is to it.", false, "0:a"},
		{"links", "links.md", "Links\n---\n\n- [One place](https://a.example/)\n- [Another](https://b.example/)\n", false, "0:not_an_article"},
		{"addresses", "urls.txt", "https://a.example/1\nhttps://a.example/2\n", false, "0:not_an_article"},
		{"text with addresses", "a.txt", "We read https://a.example/1 and then went on to talk about other things.", false, "0:a"},
		{"frames", "index.html", "<html><frameset><frame src=a></frameset></html>", false, "0:not_an_article"},
		{"redirect", "a.html", `<html><head><meta http-equiv="Refresh" content="0;url=/b"></head><body><p>It moved.</p></body></html>`, false, "0:not_an_article"},
		{"index page", "2024/slug/index.html", page, false, "0:a"},
		{"includes", "_includes/a.html", page, false, "0:not_an_article"},
	} {
		var got []string
		for _, u := range readAll(c.path, c.in, c.named) {
			s := "a"
			if u.Article == nil {
				s = string(u.Reason)
				if u.Detail == "" {
					t.Errorf("%s: %s without a detail", c.name, s)
				}
			}
			got = append(got, fmt.Sprint(u.Line)+":"+s)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.name, strings.Join(got, " "), c.want)
		}
	}
}

func flipped(s string, at int) string { return s[:at] + string(s[at]^1) + s[at+1:] }

// noise is the same on every machine and hard to compress.
func noise(n int) []byte {
	b, x := make([]byte, n), uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x>>24)%94 + 33
	}
	return b
}

func TestReadError(t *testing.T) {
	failing := func(data string) io.Reader {
		return io.MultiReader(strings.NewReader(data), iotest.ErrReader(&fs.PathError{Op: "read", Path: "/secret", Err: errors.New("input/output error")}))
	}
	for _, path := range []string{"a.md", "a.jsonl", "a.html.gz"} {
		data := ""
		if path == "a.html.gz" {
			data = gz("<p>" + string(noise(9000)))[:4000]
		}
		var units []Unit
		for u := range NewReader(Options{}).Read(path, false, failing(data)) {
			units = append(units, u)
		}
		if len(units) != 1 || units[0].Reason != schema.Unreadable || !strings.HasSuffix(units[0].Detail, "input/output error") {
			t.Errorf("%s: %+v", path, units)
		}
	}
}

// A reader keeps buffers; nothing it yielded may change with the next file.
func TestReaderIsReused(t *testing.T) {
	r := NewReader(Options{})
	read := func(path, data string) (a *Article) {
		for u := range r.Read(path, false, strings.NewReader(data)) {
			a = u.Article
		}
		return a
	}
	first := read("a.md", "---\ntitle: first\nfrom: https://a.example/\nx: y\n---\n<p>first text</p>")
	copied := *first
	copied.Title = strings.Clone(first.Title)
	text := strings.Clone(prose.Render(first.Blocks))
	read("b.jsonl", `{"text":"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}`)
	read("c.md", strings.Repeat("zzzz ", 100))
	if first.Title != "first" || prose.Render(first.Blocks) != text || first.Extra != `{"x":"y"}` || !reflect.DeepEqual(*first, copied) {
		t.Errorf("%+v", first)
	}
}

func TestAuthors(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"Jane Doe":                        "Jane Doe",
		"By Jane Doe":                     "Jane Doe",
		"Jane Doe and John Roe":           "Jane Doe|John Roe",
		"Jane Doe, John Roe and Ann Poe":  "Jane Doe|John Roe|Ann Poe",
		"Doe, Jane":                       "Doe, Jane",
		"Doe, Jane; Roe, John":            "Doe, Jane|Roe, John",
		"Martin King, Jr., Jane Doe":      "Martin King, Jr.|Jane Doe",
		"张三、李四，王五":                        "张三|李四|王五",
		"张三 & 李四":                         "张三|李四",
		"AFP/Getty Images":                "AFP|Getty Images",
		"Marks & Spencer":                 "Marks & Spencer",
		"Health and Science Desk":         "Health and Science Desk",
		"R&#38;D Team":                    "R&D Team",
		"文/张三":                            "文/张三",
		"Jane Doe;Jane Doe":               "Jane Doe",
		" ; , ":                           "",
		"Guns and Roses":                  "Guns and Roses",
		"廠妹 ChinaMaid":                    "廠妹 ChinaMaid",
		"Jean-Luc Martin & Zoë Le Goff":   "Jean-Luc Martin|Zoë Le Goff",
		"The Editors, Lake Post Magazine": "The Editors|Lake Post Magazine",
	} {
		if got := strings.Join(splitAuthors(in), "|"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestText(t *testing.T) {
	wrapped := "The lighthouse on the rock has been automatic since then, but it still\nhas a keeper. Her name is not known, and nobody has ever paid her for what\nshe does. Twice a week she rows out with a bag of tools and a flask of her\nown tea, and checks that everything turns which should turn."
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "a\n\n\nb\n", "a\n\nb"},
		{"lines", "One sentence.\nAnother sentence.\n", "One sentence.\n\nAnother sentence."},
		{"wrapped", wrapped, strings.ReplaceAll(wrapped, "\n", " ")},
		{"wrapped, indented", wrapped + "\n  " + wrapped, strings.ReplaceAll(wrapped, "\n", " ") + "\n\n" + strings.ReplaceAll(wrapped, "\n", " ")},
		{"verse", "Title\n\na line\nanother line\n\na third line\nthe end", "Title\n\na line\nanother line\n\na third line\nthe end"},
		{"items", "Things:\n\n* one\n* two\n   more\n\n1) first\n2) second", "Things:\n\n- one\n- two more\n\n1. first\n2. second"},
		{"rows", "a | b\nc | d", "a | b\nc | d"},
		{"rows after text", "x\n\na | b\nc | d", "x\n\na | b\nc | d"},
		{"long lines", "x\n\n" + strings.Repeat("word ", 30) + "\n" + strings.Repeat("term ", 40), "x\n\n" + strings.TrimSpace(strings.Repeat("word ", 30)) + "\n\n" + strings.TrimSpace(strings.Repeat("term ", 40))},
		{"invisible", "a\u200bb\u00a0c\x07\u2028d", "ab c\n\nd"},
		{"not composed", "e\u0301", "é"},
	} {
		got := prose.Render(paragraphs(c.in))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if again := prose.Render(paragraphs(got)); again != got {
			t.Errorf("%s: read again: %q", c.name, again)
		}
	}
}

func TestLoneSurrogate(t *testing.T) {
	for in, want := range map[string]bool{
		`"\ud83d\ude00"`: false, `"\ud83d"`: true, `"\ude00"`: true, `"\ud83dx\ude00"`: true, `"\\ud83d"`: false, `"\ud83d\ud83d\ude00"`: true,
		`"\u0041"`: false, `"\udbff\udfff\n"`: false, `"\ud83d\n\ude00"`: true,
	} {
		if got := loneSurrogate([]byte(in)); got != want {
			t.Errorf("%s: %v", in, got)
		}
	}
}

// Whatever a file holds: units with what they must have, in valid UTF-8 and NFC.
func FuzzRead(f *testing.F) {
	f.Add(uint8(0), []byte("---\ntitle: a\n---\n<!--NaN-->\n[a](b://c)\n------\n<p>d"))
	f.Add(uint8(1), []byte("{\"text\":\"a\\ud800\",\"metadata\":{\"url\":\"http://a.example/b\"}}\n{}\n[]"))
	f.Add(uint8(2), []byte("<html><head><title>a</title><body><p>b<table><tr><td>c"))
	f.Add(uint8(3), []byte("a\n b\n\n- c\n"))
	f.Add(uint8(4), []byte(gz("<p>a")))
	f.Add(uint8(5), []byte(zst("{\"text\":\"a\"}")))
	paths := []string{"a.md", "a.jsonl", "a.html", "a.txt", "a.html.gz", "a.jsonl.zst", "a"}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		path := paths[int(kind)%len(paths)]
		for u := range NewReader(Options{MaxUnit: 1 << 16}).Read(path, kind&0x80 != 0, bytes.NewReader(data)) {
			if (u.Article == nil) != (u.Reason != "") || u.Article == nil && u.Detail == "" || !utf8.ValidString(u.Detail) {
				t.Fatalf("%+v", u)
			}
			if u.Article == nil {
				continue
			}
			a := u.Article
			for _, s := range append([]string{a.Title, a.Source, a.SiteName, a.License, prose.Render(a.Blocks)}, append(a.Authors, a.Tags...)...) {
				if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
					t.Fatalf("not NFC: %q", s)
				}
			}
			if !utf8.ValidString(a.URL) || !utf8.ValidString(a.Extra) || !utf8.ValidString(a.Language) {
				t.Fatalf("not UTF-8: %+v", a)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body := strings.Repeat("<p>韩国国防部就此再次敦促朝鲜和俄罗斯停止武器贸易，英国政府亦发表声明。</p><p>The quick brown fox.</p>\n", 40)
	text := strings.Repeat("The quick brown fox jumps over the lazy dog.\\n韩国国防部就此再次敦促朝鲜和俄罗斯停止武器贸易。\\n", 40)
	for _, c := range []struct{ name, path, data string }{
		{"archive", "a.md", "---\nlayout: post\ntitle: \"韩国敦促\"\ndate: 2024-01-05T14:45:02.000Z\nauthor: 法广\nfrom: https://a.example/1\ntags: [ 法广 ]\ncategories: [ 法广 ]\n---\n<!--1704465902000-->\n[韩国敦促](https://a.example/1)\n------\n\n<div>\n" + body + "</div>"},
		{"jsonl", "a.jsonl", `{"id":"1","text":"` + text + `","metadata":{"url":"https://a.example/1","title":"t"}}`},
		{"markdown", "b.md", strings.Repeat("A *paragraph* with a [link](https://a.example/1) and some more words in it.\n\n- item\n- item\n\n", 60)},
		{"text", "a.txt", strings.ReplaceAll(text, "\\n", "\n\n")},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := NewReader(Options{})
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				for u := range r.Read(c.path, false, strings.NewReader(c.data)) {
					if u.Article == nil {
						b.Fatal(u.Detail)
					}
				}
			}
		})
	}
}

func BenchmarkFrontMatter(b *testing.B) {
	src := []byte("layout: post\ntitle: \"韩国敦促朝俄停止武器贸易 英国：这是俄罗斯被孤立的征兆\"\ndate: 2024-01-05T14:45:02.000Z\nauthor: 法广\nfrom: https://a.example/1\ntags: [ 法广 ]\ncategories: [ 法广 ]\n")
	b.Run("flat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			flatFrontMatter(src)
		}
	})
	b.Run("yaml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			yamlFrontMatter(src)
		}
	})
}

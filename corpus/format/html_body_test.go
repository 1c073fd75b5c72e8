package format

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"broadsheet/corpus/prose"
)

// A page whose text is in JSON-LD alone gives it, with a note; one that shows its text does not.
func TestEmbeddedBody(t *testing.T) {
	line := strings.Repeat("The heron stood in the shallow water and did not move for an hour. ", 8)
	page := func(shown string) string {
		return `<!doctype html><html><head><title>Herons</title><script type="application/ld+json">{"@type":"Article","articleBody":"` +
			line + `\n\n` + line + `"}</script></head><body><h1>Herons</h1>` + shown + `</body></html>`
	}
	for _, c := range []struct {
		name, shown string
		blocks      int
		note        bool
	}{
		{"shell", `<div id="root"><p>Loading the page.</p></div>`, 2, true},
		{"text", "<p>" + strings.Repeat("A gull is no heron, and the lake is no sea, as everybody knows. ", 20) + "</p>", 1, false},
	} {
		d := &document{}
		d.takePage([]byte(page(c.shown)))
		if got := slices.Contains(d.article.Notes, NoteBody); got != c.note || len(d.article.Blocks) != c.blocks {
			t.Errorf("%s: note %v, %d blocks: %s", c.name, got, len(d.article.Blocks), prose.Render(d.article.Blocks))
		}
	}
}

func TestIsPage(t *testing.T) {
	want := regexp.MustCompile(`(?i)<(?:!doctype|html|head|body)[\s>]`)
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"<", "</", "!doctype", "!DOCTYPE", "html", "Html", "head", "header", "body", ">", " ", "\n", "\v", "a"})).Draw(t, "parts"), "")
		if got := isPage([]byte(s)); got != want.MatchString(s) {
			t.Fatalf("isPage(%q) is %t", s, got)
		}
	})
}

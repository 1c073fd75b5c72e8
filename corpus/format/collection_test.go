package format

import (
	"bytes"
	"strings"
	"testing"

	"broadsheet/corpus/material"
	"broadsheet/schema"
)

// eachSample calls use with the files of a sample archive, hidden folders left out as a walk does.
func eachSample(t testing.TB, name string, use func(path string, data []byte)) {
	for path, data := range material.Files(t, "samples/"+name) {
		if !strings.Contains(strings.TrimPrefix(path, "."), "/.") {
			use(strings.TrimPrefix(path, "./"), data)
		}
	}
}

// The counts are those of people who looked at every file that is no article.
func TestCollection(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100 MB")
	}
	for _, c := range []struct {
		name                   string
		articles, front        int
		epochs, nans, repaired int
	}{
		{name: "society.tar.zst", articles: 15271, front: 15271, epochs: 15271},
		{name: "oped2.tar.zst", articles: 5685, front: 5685, epochs: 580, nans: 157},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewReader(Options{})
			var articles, front, epochs, nans, repaired int
			eachSample(t, c.name, func(path string, data []byte) {
				isPost := strings.HasPrefix(path, "_posts/") || strings.HasPrefix(path, "archived/")
				for u := range r.Read(path, false, bytes.NewReader(data)) {
					if (u.Article != nil) != isPost {
						t.Errorf("%s: %s %s", path, u.Reason, u.Detail)
					}
					if u.Article == nil {
						if u.Reason != schema.NotAnArticle && u.Reason != schema.Unsupported {
							t.Errorf("%s: %s %s", path, u.Reason, u.Detail)
						}
						continue
					}
					articles++
					a := u.Article
					if a.URL == "" || a.Source == "" || len(a.Authors) == 0 || a.Title == "" && !strings.HasSuffix(path, "2019-10-14-.md") {
						t.Errorf("%s: url %q source %q authors %q title %q", path, a.URL, a.Source, a.Authors, a.Title)
					}
					for _, e := range a.Dates {
						switch {
						case e.From == FromEpoch:
							epochs++
						case e.From == FromFrontMatter:
							front++
							if e.Role == Collected {
								nans++
							}
						}
					}
					for _, n := range a.Notes {
						if n == "front_matter_repaired" {
							repaired++
						}
					}
				}
			})
			if articles != c.articles || front != c.front || epochs != c.epochs || nans != c.nans || repaired != c.repaired {
				t.Errorf("articles %d, front matter dates %d, epochs %d, NaN %d, repaired %d; want %+v", articles, front, epochs, nans, repaired, c)
			}
		})
	}
}

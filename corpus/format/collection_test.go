package format

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"broadsheet/schema"
)

// sample finds a file of the reference material that may lie beside the repository.
func sample(t testing.TB, name string) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(dir, "..", "shared", "samples", filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		t.Skipf("the real collection is not here (%v)", err)
	}
	return file
}

// eachSample calls use with the files of a sample archive, hidden folders left out as a walk does.
func eachSample(t testing.TB, name string, use func(path string, data []byte)) {
	f, err := os.Open(sample(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg || strings.Contains(strings.TrimPrefix(h.Name, "."), "/.") {
			continue
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		use(strings.TrimPrefix(h.Name, "./"), data)
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

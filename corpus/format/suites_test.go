package format

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/material"
	"broadsheet/corpus/prose"
	"broadsheet/schema"
)

// readOne reads a unit and holds it to what any article promises.
func readOne(t *testing.T, path string, src []byte) Unit {
	t.Helper()
	var units []Unit
	for u := range NewReader(Options{}).Read(path, true, bytes.NewReader(src)) {
		units = append(units, u)
	}
	if len(units) != 1 {
		t.Fatalf("%q: %d units", src, len(units))
	}
	u := units[0]
	if (u.Article == nil) == (u.Reason == "") {
		t.Fatalf("%q: %+v", src, u)
	}
	if a := u.Article; a != nil {
		for _, s := range []string{a.Title, a.Extra, prose.Render(a.Blocks)} {
			if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) && s != a.Extra {
				t.Errorf("%q: not UTF-8 in NFC: %q", src, s)
			}
		}
	}
	return u
}

// TestYAMLSuite puts every document of the YAML suite into front matter: whatever it is, the text behind it is read.
func TestYAMLSuite(t *testing.T) {
	for name, src := range material.Files(t, "suites/yaml-test-suite.tar.zst") {
		const text = "The text behind the front matter."
		u := readOne(t, "a.md", []byte("---\ntitle: t\n"+string(src)+"\n---\n<p>"+text+"</p>\n"))
		if u.Article == nil || !strings.Contains(prose.Render(u.Article.Blocks), text) {
			t.Errorf("%s: the text is lost: %s %s", name, u.Reason, u.Detail)
		}
	}
}

// TestJSONSuite puts every value of the JSON suite into a line: what must be read is, and what must not is malformed.
func TestJSONSuite(t *testing.T) {
	valid := 0
	for name, src := range material.Files(t, "suites/json-test-suite.tar.zst") {
		if bytes.ContainsAny(src, "\n\r") || len(src) == 0 {
			continue
		}
		line := append(append([]byte(`{"text":"Some text.","v":`), src...), '}')
		u := readOne(t, "a.jsonl", line)
		switch base := filepath.Base(name); {
		case strings.HasPrefix(base, "y_"):
			valid++
			if u.Article == nil {
				t.Errorf("%s: %s %s", base, u.Reason, u.Detail)
			}
		case strings.HasPrefix(base, "n_") && !json.Valid(line) && utf8.Valid(line):
			if u.Reason != schema.Malformed {
				t.Errorf("%s: read as %+v", base, u)
			}
		}
	}
	if valid < 50 {
		t.Errorf("%d valid values", valid)
	}
}

// TestNaughtyStrings gives strings that break programs as titles and texts, in every form a unit can have.
func TestNaughtyStrings(t *testing.T) {
	src, err := os.ReadFile(material.Path(t, "suites/naughty-strings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(src, &list); err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		readOne(t, "a.jsonl", []byte(`{"title":`+string(quoted)+`,"author":`+string(quoted)+`,"url":`+string(quoted)+`,"date":`+string(quoted)+`,"text":`+string(quoted)+`}`))
		readOne(t, "a.html", []byte(s))
		readOne(t, "a.html", []byte("<html><head><title>"+s+"</title><body><p title='"+s+"'>"+s))
		readOne(t, "a.txt", []byte(s))
		readOne(t, "a.md", []byte(s))
		readOne(t, "a.md", []byte("---\ntitle: "+string(quoted)+"\nfrom: "+s+"\n---\n<!--1704465902000-->\n["+s+"](https://example.org/)\n------\n\n<div>"+s+"</div>"))
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/corpus"
)

// TestHostileTextIsNotPrinted gives every command articles, names and arguments that hold secrets and what a terminal
// would obey.
func TestHostileTextIsNotPrinted(t *testing.T) {
	const (
		secret = "hunter2"
		evil   = "\x1b[31m\u202e\u009b2J\r\x07"
		url    = "https://u:" + secret + "@paper.example/a?token=" + secret
	)
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	line := func(n, text string) string {
		b, err := json.Marshal(map[string]string{
			"title": "Title " + n + evil + url, "url": url + "&n=" + n, "source": "Paper" + evil + url, "author": evil + url, "date": evil + url,
			"text": strings.Repeat("The harbour was dredged in spring, "+text+" says. ", 8) + evil + url,
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	put(t, filepath.Join(in, "a.jsonl"), []byte(line("1", "one")+line("1", "one")+line("2", "the second")+"{"+evil+url+"\n"))
	list, empty := filepath.Join(dir, "list"), filepath.Join(dir, "bad")
	put(t, list, []byte("paper.example\n"+url+"&n=9\n"))
	put(t, empty, []byte(evil+" "+url+"\n"))
	article := filepath.Join(in, "a.jsonl")
	for _, args := range [][]string{
		{"build", in, "--out", out, "--release", "url=" + url, "--release", "prose=See " + url},
		{"build", in, "--out", out + "2", "--dry-run", "--release", "url=" + url},
		{"build", in, "--out", out + "2", "--name", "x" + evil},
		{"build", in, "--out", out + "2", "--release", evil + url},
		{"build", in, "--out", out + "2", "--check-release", "--release", "url=ftp" + url},
		{"build", url + evil, "--out", out + "2"},
		{"build", in, "--out", out + "3", "--exclude", empty},
		{"stats", out}, {"stats", out + evil + url}, {"diff", out, out + "2"}, {"diff", out, out + "2", "--json"},
		{"inspect", article}, {"inspect", article + ":1"}, {"inspect", url + evil},
		{"explain", out, "a.jsonl:1"}, {"explain", out, "a.jsonl:2", "--input", in}, {"explain", out, "a.jsonl:4"}, {"explain", out, evil + url},
		{"takedown", out, "--list", list, "--dry-run"}, {"takedown", out, "--list", empty}, {"takedown", out, "--list", url + evil},
		{"verify", out}, {"verify", url + evil}, {"nothing" + evil + url},
	} {
		var printed bytes.Buffer
		code := run(append([]string{"broadsheet"}, args...), strings.NewReader(""), &printed, &printed)
		if printed.Len() == 0 {
			t.Errorf("%q printed nothing (code %d)", args, code)
		}
		s := printed.String()
		if strings.Contains(s, secret) {
			t.Errorf("%q printed the secret:\n%q", args, s)
		}
		if i := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && corpus.Unprintable(r) }); i >= 0 {
			t.Errorf("%q printed %q", args, s[max(0, i-40):min(len(s), i+40)])
		}
		if code == 0 && args[0] == "inspect" && !json.Valid(printed.Bytes()) {
			t.Errorf("%q: no JSON", args)
		}
	}
	for _, name := range []string{"report.html", "README.md"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.Index(b, []byte(secret)); i >= 0 {
			t.Errorf("%s: %q", name, b[max(0, i-80):i+20])
		}
	}
}

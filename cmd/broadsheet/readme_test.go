package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme runs the builds of the README's first screen and looks up each command and flag that it names.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	articles, err := filepath.Abs(filepath.Join("..", "..", "testdata", "articles"))
	if err != nil {
		t.Fatal(err)
	}
	app := newApp(nil, nil, nil)
	flags := []string{"version", "help"}
	for _, c := range app.Commands {
		for _, f := range c.Flags {
			flags = append(flags, f.Names()...)
		}
	}
	for _, m := range regexp.MustCompile("`--([a-z-]+)").FindAllSubmatch(text, -1) {
		if !slices.Contains(flags, string(m[1])) {
			t.Errorf("README names the flag --%s, which no command has", m[1])
		}
	}
	ran := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimPrefix(line, "go run ./cmd/")
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "broadsheet" || !regexp.MustCompile(`^[a-z]+$`).MatchString(words[1]) {
			continue
		}
		if !slices.Contains(commandNames(app), words[1]) {
			t.Errorf("README names the command %s, which there is not", words[1])
		}
		if !strings.Contains(line, "testdata/articles") {
			continue
		}
		t.Chdir(t.TempDir())
		for i, w := range words {
			if w == "testdata/articles" {
				words[i] = articles
			}
		}
		var out, errs bytes.Buffer
		if code := run(words, strings.NewReader(""), &out, &errs); code != exitDone {
			t.Errorf("%s: exit code %d: %s", line, code, errs.String())
		}
		ran++
	}
	if ran == 0 {
		t.Error("README runs no build of testdata/articles")
	}
}

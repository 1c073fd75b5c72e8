package main

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/material"
)

// TestReadme runs every command line of the README in the order of the page, in a folder with what they name, and looks up
// each command and flag that the page mentions. What Python and DuckDB run is run by TestConsumers.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
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
	config := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if config == nil {
		t.Fatal("README has no configuration")
	}
	dir := t.TempDir()
	for _, name := range []string{"articles", "testdata/articles"} {
		if err := os.CopyFS(filepath.Join(dir, filepath.FromSlash(name)), os.DirFS(filepath.Join("..", "..", "testdata", "articles"))); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	put(t, "broadsheet.yaml", config[1])
	put(t, "card.md", []byte("Our words.\n"))

	ends := map[string]int{"--check-release": exitUsage} // the page says so below that line
	says := map[string]string{"--dry-run": "would go: 1 of 46 documents, other inputs: 1", "list.txt": "45 documents remain"}
	ran := map[string]int{}
	for i, block := range strings.Split(string(text), "```") {
		language, code, _ := strings.Cut(block, "\n")
		if i%2 == 0 || language != "" {
			continue
		}
		for line := range strings.Lines(code) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
			line = strings.TrimSpace(strings.TrimPrefix(line, "go run ./cmd/"))
			if m := regexp.MustCompile(`^echo '([^']*)' > (\S+)$`).FindStringSubmatch(line); m != nil {
				put(t, m[2], []byte(m[1]+"\n"))
				continue
			}
			words := strings.Fields(line)
			if len(words) < 2 || words[0] != "broadsheet" {
				continue
			}
			if !slices.Contains(commandNames(app), words[1]) {
				t.Errorf("README names the command %s, which there is not", words[1])
			}
			if regexp.MustCompile(`\b[A-Z]{2,}\b|\|`).MatchString(line) {
				continue // what is typed there is left to the reader
			}
			var out, errs bytes.Buffer
			last := words[len(words)-1]
			if code := run(words, strings.NewReader(""), &out, &errs); code != ends[last] {
				t.Errorf("%s: exit code %d, not %d: %s", line, code, ends[last], errs.String())
			}
			if said := out.String() + errs.String(); !strings.Contains(said, says[last]) {
				t.Errorf("%s does not say %q but %s", line, says[last], said)
			}
			ran[words[1]]++
		}
	}
	if ran["build"] < 2 || ran["takedown"] < 2 {
		t.Errorf("README runs %v", ran)
	}
}

// The configuration in the README is one: a build takes it, and the check names each fact that is still to be written.
func TestReadmeConfiguration(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	articles, err := filepath.Abs(filepath.Join("..", "..", "testdata", "articles"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("README has no configuration")
	}
	t.Chdir(t.TempDir())
	for name, content := range map[string][]byte{"broadsheet.yaml": block[1], "card.md": []byte("Our words.\n")} {
		if err := os.WriteFile(name, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"broadsheet", "build", articles, "--out", "dataset", "--config", "broadsheet.yaml"}
	var out, errs bytes.Buffer
	if code := run(append(slices.Clone(args), "--dry-run"), strings.NewReader(""), &out, &errs); code != exitDone || !strings.Contains(out.String(), "broadsheet.yaml:1") {
		t.Errorf("exit code %d: %s%s", code, out.String(), errs.String())
	}
	if code := run(append(slices.Clone(args), "--check-release"), strings.NewReader(""), &out, &errs); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	for _, key := range []string{"description", "creator", "date-published", "url", "citation", "collection", "uses", "limitations", "biases", "sensitive", "social-impact", "maintenance"} {
		if !strings.Contains(errs.String(), "\n  release."+key+" is a placeholder") {
			t.Errorf("%s is not asked for in %s", key, errs.String())
		}
	}
	if strings.Contains(errs.String(), " is missing: ") || strings.Contains(errs.String(), "synthetic") {
		t.Errorf("%s", errs.String())
	}
}

// The sample configuration passes the check, with some articles and with the whole real collection, and its facts are those
// of the files that are published.
func TestSampleConfiguration(t *testing.T) {
	t.Run("some", func(t *testing.T) {
		in := filepath.Join(t.TempDir(), "articles")
		sampleFolder(t, in, 100)
		sampleRelease(t, in)
	})
	t.Run("whole", func(t *testing.T) {
		if testing.Short() {
			t.Skip("a build of the whole collection")
		}
		in := filepath.Join(t.TempDir(), "articles")
		for _, name := range []string{"society", "oped2"} {
			for member, b := range material.Files(t, "samples/"+name+".tar.zst") {
				put(t, filepath.Join(in, name, filepath.FromSlash(path.Clean("/"+member))), b)
			}
		}
		sampleRelease(t, in, material.Path(t, "samples/seed"))
	})
}

// sampleRelease builds the inputs with the sample configuration and looks at what is published.
func sampleRelease(t *testing.T, inputs ...string) {
	t.Helper()
	config, err := filepath.Abs(filepath.Join("..", "..", "testdata", "release", "broadsheet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "dataset")
	args := append(append([]string{"broadsheet", "build"}, inputs...), "--out", out, "--config", config, "--check-release", "--quiet")
	var said bytes.Buffer
	if code := run(args, strings.NewReader(""), &said, &said); code != exitDone {
		t.Fatalf("exit code %d: %s", code, said.String())
	}
	for _, name := range []string{"README.md", "croissant.json", "manifest.json"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte("The broadsheet sample project")) || bytes.Contains(b, []byte("Not stated")) {
			t.Errorf("%s does not say who made the dataset", name)
		}
	}
	said.Reset()
	if code := run([]string{"broadsheet", "verify", out}, strings.NewReader(""), &said, &said); code != exitDone {
		t.Errorf("verify ends with %d: %s", code, said.String())
	}
}

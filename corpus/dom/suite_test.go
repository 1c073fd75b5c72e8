package dom

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/material"
)

// TestSuite parses what html5lib tests tokenizers and tree builders with: the tree is sound, and it has the characters
// that html.Parse finds, but where the two are meant to differ (the package comment; raw elements without an end).
func TestSuite(t *testing.T) {
	compared := 0
	try := func(name, src string) {
		tree, _ := Parse([]byte(src), Limits{})
		check(t, tree)
		if !utf8.ValidString(src) || strings.ContainsRune(src, 0) {
			return
		}
		for id := range tree.Nodes {
			switch tree.Nodes[id].Tag {
			case atom.Table, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Thead, atom.Tfoot,
				atom.Select, atom.Option, atom.Optgroup, atom.Template, atom.Frameset, atom.Frame, atom.Svg, atom.Math,
				atom.Title, atom.Textarea, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext,
				atom.Script, atom.Style:
				return
			}
		}
		for _, s := range []string{"<table", "<select", "<frame", "<col", "<t", "<o", "<cap"} {
			if strings.Contains(strings.ToLower(src), s) {
				return
			}
		}
		want, err := reference([]byte(src))
		if err != nil {
			return
		}
		compared++
		if got, want := squeeze(tree.TextContent(0)), squeeze(want); got != want {
			t.Errorf("%s: %q:\n got %q\nwant %q", name, src, got, want)
		}
	}
	for name, src := range material.Files(t, "suites/html5lib-tokenizer.tar.zst") {
		if !strings.HasSuffix(name, ".test") {
			continue
		}
		var file struct{ Tests []struct{ Input string } }
		if err := json.Unmarshal(src, &file); err != nil {
			t.Fatal(name, err)
		}
		for _, c := range file.Tests {
			try(name, c.Input)
		}
	}
	for name, src := range material.Files(t, "suites/html5lib-tree.tar.zst") {
		for part := range bytes.SplitSeq(src, []byte("#data\n")) {
			if in, _, ok := bytes.Cut(part, []byte("\n#errors")); ok {
				try(name, string(in))
			}
		}
	}
	t.Logf("%d inputs compared", compared)
	if compared < 1000 {
		t.Errorf("only %d inputs compared", compared)
	}
}

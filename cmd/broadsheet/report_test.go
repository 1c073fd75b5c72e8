package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet/schema"
)

// Every number of the report is in the manifest or in the audit: those in the tables and facts as they stand there, the
// shares as quotients of two of them. What is text of documents is not looked at.
func TestReportNumbers(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dataset")
	var said strings.Builder
	args := []string{"broadsheet", "build", filepath.Join("..", "..", "testdata", "articles"), "--out", out, "--quiet", "--split", "train=0.7,test=0.3"}
	if code := run(args, strings.NewReader(""), &said, &said); code != exitDone {
		t.Fatalf("exit code %d: %s", code, said.String())
	}
	known := map[string]bool{}
	raw, err := os.ReadFile(filepath.Join(out, schema.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	for todo := []any{tree}; len(todo) > 0; {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				todo = append(todo, x)
			}
		case []any:
			todo = append(todo, v...)
		case float64:
			known[strconv.FormatFloat(v, 'f', -1, 64)] = true
			if v < 1e6 {
				known[strconv.FormatFloat(v/1e3, 'f', 1, 64)+" kB"] = true
			} else {
				known[strconv.FormatFloat(v/1e6, 'f', 1, 64)+" MB"] = true
			}
			known[strconv.FormatFloat(v-1, 'f', -1, 64)] = true // an upper edge of lengths
		}
	}
	d, closeDataset, err := openDataset(out)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDataset()
	for b, err := range d.Boilerplate() {
		if err != nil {
			t.Fatal(err)
		}
		known[strconv.FormatInt(b.Count, 10)] = true
	}
	stands := map[string]int{}
	for o, err := range d.Outcomes() {
		if err != nil {
			t.Fatal(err)
		}
		if o.DuplicateOf != "" {
			stands[o.DuplicateOf]++
		}
		if s := o.Similarity; s != nil {
			known["similarity "+strconv.FormatFloat(float64(*s), 'f', 3, 32)] = true
		}
	}
	for _, n := range stands {
		known[strconv.Itoa(n)] = true
	}
	m := d.Manifest()
	for _, total := range []int64{m.Outcomes.Units, m.Totals.Documents} {
		for n := range max(total, 0) + 1 {
			if known[strconv.FormatInt(n, 10)] {
				known[strconv.FormatFloat(100*float64(n)/float64(total), 'f', 1, 64)+" %"] = true
			}
		}
	}
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if len(page) > 2_000_000 {
		t.Errorf("the report has %d bytes", len(page))
	}
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`(?:similarity )?\d(?:[\d\x{202f}.]*\d)?(?: (?:%|[kM]B))?`)
	notCounts := regexp.MustCompile(`\d{4}-\d\d(-\d\d)?|[0-9a-f]{32}`) // days, months, ids
	seen := 0
	for todo := []*html.Node{doc}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n.Type == html.ElementNode && (n.Data == "bdi" || n.Data == "style" || n.Data == "title" || hasClass(n, "text") || hasClass(n, "years")) {
			continue
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			todo = append(todo, c)
		}
		if n.Type != html.TextNode || strings.Contains(n.Data, version) || hasClass(n.Parent, "meta") && !strings.Contains(n.Data, "similarity") {
			continue
		}
		for _, found := range number.FindAllString(notCounts.ReplaceAllString(n.Data, ""), -1) {
			found = strings.ReplaceAll(found, "\u202f", "")
			seen++
			if !known[found] {
				t.Errorf("%q in %q is neither in the manifest nor in the audit", found, strings.TrimSpace(n.Data))
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d numbers were looked at", seen)
	}
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" && a.Val == class {
			return true
		}
	}
	return false
}

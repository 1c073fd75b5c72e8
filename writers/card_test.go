package writers

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"broadsheet/schema"
)

func sampleManifest(t testing.TB) *schema.Manifest {
	t.Helper()
	r, err := Open(sampleDataset(t))
	if err != nil {
		t.Fatal(err)
	}
	return r.Manifest()
}

// The head of a card is YAML with the keys that loaders check, whatever the names in the dataset are.
func TestCardYAML(t *testing.T) {
	for _, name := range append(slices.Clone(naughty), "---\nlicense: mit", "a: b", "# x", "{{", "- x") {
		m := sampleManifest(t)
		m.Name, m.License = name, name
		m.Language = []string{"no", "zh-Hans", "zh-Hant", "und"}
		for _, card := range [][]byte{Card(m, Release{}), JSONLCard(m, Release{})} {
			head, rest, ok := strings.Cut(strings.TrimPrefix(string(card), "---\n"), "\n---\n")
			if !ok {
				t.Fatalf("%q: no head in\n%s", name, card)
			}
			var y struct {
				PrettyName string `yaml:"pretty_name"`
				License    string
				Language   []string
				Size       []string `yaml:"size_categories"`
				Configs    []struct {
					DataFiles []struct{ Split, Path string } `yaml:"data_files"`
				}
				Info struct {
					Features []map[string]string
					Splits   []struct {
						Name     string
						Examples int64 `yaml:"num_examples"`
					}
					DatasetSize int64 `yaml:"dataset_size"`
				} `yaml:"dataset_info"`
			}
			if err := yaml.Unmarshal([]byte(head), &y); err != nil {
				t.Fatalf("%q: %v in\n%s", name, err, head)
			}
			if name != "" && y.PrettyName != name || !slices.Equal(y.Language, []string{"no", "zh"}) || !slices.Equal(y.Size, []string{"n<1K"}) ||
				len(y.Info.Features) != len(schema.DocumentColumns()) || y.Info.Splits[0].Examples != 40 || y.Info.DatasetSize != m.DatasetSize ||
				!strings.HasSuffix(y.Configs[0].DataFiles[0].Path, "train-*.parquet") && !strings.HasPrefix(y.Configs[0].DataFiles[0].Path, "train-*") {
				t.Errorf("%q: %+v", name, y)
			}
			if strings.Contains(rest, "<script>") || strings.Contains(rest, "</script>") {
				t.Errorf("%q: markup got into the card", name)
			}
		}
	}
}

func TestCardLicense(t *testing.T) {
	for in, want := range map[string]string{
		"": "license: unknown\n", "CC-BY-4.0": "license: cc-by-4.0\n", "ODC-By-1.0": "license: odc-by\n", "GPL-3.0-or-later": "license: gpl-3.0\n",
		"all rights reserved": "license: other\nlicense_name: \"all-rights-reserved\"\nlicense_link: \"https://a.org\"\n",
		"版权所有":                "license: other\nlicense_name: \"stated-in-the-card\"\nlicense_link: \"https://a.org\"\n",
	} {
		var b bytes.Buffer
		licenseYAML(&b, in, "https://a.org")
		if b.String() != want {
			t.Errorf("%q gives %q", in, b.String())
		}
	}
}

func TestSizeCategory(t *testing.T) {
	for n, want := range map[int64]string{0: "n<1K", 999: "n<1K", 1000: "1K<n<10K", 5_000_000: "1M<n<10M", 1e15: "n>1T"} {
		if got := sizeCategory(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestCroissant(t *testing.T) {
	for _, name := range naughty {
		m := sampleManifest(t)
		m.Name, m.License = name, name
		b, err := Croissant(m, Release{Citation: name, Biases: name})
		if err != nil {
			t.Fatal(err)
		}
		var x struct {
			RecordSet []struct {
				Field []struct {
					Name string
				}
			}
			Name string
		}
		if err := json.Unmarshal(b, &x); err != nil {
			t.Fatal(err)
		}
		if name != "" && x.Name != name || len(x.RecordSet[0].Field) != len(schema.DocumentColumns()) {
			t.Errorf("%q: %+v", name, x)
		}
	}
}

// With BROADSHEET_SAMPLE a small dataset is written to that folder, for the tests with consumers in other languages.
func TestWriteSample(t *testing.T) {
	dir := os.Getenv("BROADSHEET_SAMPLE")
	if dir == "" {
		t.Skip("BROADSHEET_SAMPLE names no folder to write a dataset to")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := writeSample(NewDir(Root(root), Options{Version: "0"}), " x", 40, 12); err != nil {
		t.Fatal(err)
	}
}

// The card and the Croissant file say what was done, and nothing that the settings left out.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		set       map[string]any
		says, not []string
	}{
		{nil, []string{"learned from the whole collection", "nearly the same were reduced to one", "as it was published"}, []string{"masked", "left out"}},
		{map[string]any{"boilerplate": "off", "dedupe": "none"}, []string{"were all kept"}, []string{"repeats", "reduced"}},
		{map[string]any{"boilerplate": "base", "dedupe": "mark", "base": "0f"}, []string{"rules of an earlier build", "marked in the audit", "earlier dataset has"}, []string{"reduced"}},
		{
			map[string]any{"filter": []string{"c4", "fineweb2"}, "min_chars": 2000, "exclude": "0f", "decontaminate": "0f", "dedupe": "exact"},
			[]string{"a rule of c4, fineweb2", "less than 2,000", "to be excluded", "evaluation text", "one address or one text"}, []string{"nearly"},
		},
		{map[string]any{"pii": "mask"}, []string{"telephone numbers and keys were masked", "7 e-mail addresses"}, []string{"as it was published"}},
	} {
		m := sampleManifest(t)
		m.Config.Effective = nil
		for name, v := range c.set {
			m.Config.Effective.Set(name, v)
			if name == "pii" {
				m.Stages = append(m.Stages, schema.Stage{Name: "read"})
				m.Stages[len(m.Stages)-1].Stats.Set("masked_email", 7)
			}
		}
		_, card, _ := strings.Cut(string(Card(m, Release{})), "\n## How it was processed")
		croissant, err := Croissant(m, Release{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.says {
			inCard := strings.Contains(card, strings.ReplaceAll(s, "_", "\\_"))
			if !inCard || !strings.Contains(string(croissant), s) && !strings.Contains(s, "published") && !strings.HasPrefix(s, "7") {
				t.Errorf("%v: %q is not said", c.set, s)
			}
		}
		for _, s := range c.not {
			if strings.Contains(card, s) || strings.Contains(string(croissant), s) {
				t.Errorf("%v: %q is said", c.set, s)
			}
		}
	}
}

// A column of very many values is not told apart in the card, which says how to count it.
func TestCardOfManySources(t *testing.T) {
	m := sampleManifest(t)
	m.Totals.Source = schema.Top{Distinct: schema.MaxDistinct + 1, Other: schema.Count{Value: "other", Documents: 40}}
	if card := string(Card(m, Release{})); !strings.Contains(card, "More than 131,072;") || !strings.Contains(card, "SELECT source, count(*), sum(chars) FROM 'DIR/data/*.parquet'") {
		t.Error(card)
	}
}

package quality

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"broadsheet/corpus/langid"
	"broadsheet/corpus/material"
)

var peerFile = flag.String("texts", "", "write the texts of TestPeer there as JSON lines, for bench/peers/quality/run.sh, and end")

// peerText is a real document that both are given.
type peerText struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

// udhrLanguages are the texts of the Universal Declaration for whose languages the peer has a tokenizer that can be
// installed without a model, by the names of their files.
var udhrLanguages = map[string]string{
	"eng": "en", "cmn_hans": "zh-Hans", "cmn_hant": "zh-Hant", "jpn": "ja", "deu_1996": "de", "fra": "fr", "spa": "es", "por_PT": "pt",
	"por_BR": "pt", "ita": "it", "nld": "nl", "swe": "sv", "pol": "pl", "rus": "ru", "ukr": "uk", "ell_monotonic": "el", "arb": "ar",
	"pes_1": "fa", "hin": "hi", "ind": "id", "ces": "cs", "slk": "sk", "hrv": "hr", "hun": "hu", "ron_2006": "ro", "cat": "ca", "dan": "da",
	"nob": "nb", "fin": "fi", "bul": "bg", "heb": "he",
}

// peerTexts are the main texts of every third page of a benchmark, the articles of the labelled pairs, and the Universal
// Declaration in many languages, whole and in quarters.
func peerTexts(t *testing.T) []peerText {
	t.Helper()
	var out []peerText
	n := 0
	eachLine(t, "eval/wcxb.jsonl", func(line []byte) error {
		var d struct{ File, Text string }
		err := json.Unmarshal(line, &d)
		if n++; n%3 == 0 {
			out = append(out, peerText{Name: "wcxb/" + d.File, Text: d.Text})
		}
		return err
	})
	eachLine(t, "eval/pairs.jsonl", func(line []byte) error {
		var d struct {
			N     int
			AText string `json:"a_text"`
		}
		err := json.Unmarshal(line, &d)
		out = append(out, peerText{Name: fmt.Sprintf("pairs/%d", d.N), Text: d.AText})
		return err
	})
	for i, d := range out {
		out[i].Language = langid.Identify("", d.Text).Tag
	}
	for name, b := range material.Files(t, "suites/udhr.tar.zst") {
		code, ok := strings.CutPrefix(path.Base(name), "udhr_")
		language := udhrLanguages[strings.TrimSuffix(code, ".xml")]
		if !ok || language == "" || path.Base(path.Dir(name)) != "udhr" {
			continue
		}
		lines := xmlLines(t, b)
		add := func(part string, lines []string) {
			out = append(out, peerText{"udhr/" + strings.TrimSuffix(code, ".xml") + part, language, strings.Join(lines, "\n\n")})
		}
		add("", lines)
		for q := range 4 {
			add(fmt.Sprintf("/%d", q+1), lines[len(lines)*q/4:len(lines)*(q+1)/4])
		}
	}
	return out
}

func eachLine(t *testing.T, name string, f func([]byte) error) {
	t.Helper()
	b, err := os.ReadFile(material.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		if err := f(line); err != nil {
			t.Fatal(err)
		}
	}
}

// xmlLines are the titles and paragraphs.
func xmlLines(t *testing.T, b []byte) []string {
	t.Helper()
	var out []string
	var text strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			text.Reset()
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			if s := strings.Join(strings.Fields(text.String()), " "); s != "" && (token.Name.Local == "title" || token.Name.Local == "para") {
				out = append(out, s)
			}
			text.Reset()
		}
	}
}

// TestPeer compares decisions on real documents with those that datatrove 0.10.1 took on the same texts, with its own
// tokenizers and our thresholds. testdata/datatrove.tsv has them; bench/peers/quality makes it. The texts themselves are
// not part of this repository. A difference must have one of the reasons that docs/quality.md gives.
func TestPeer(t *testing.T) {
	texts := peerTexts(t)
	if *peerFile != "" {
		var b bytes.Buffer
		for _, d := range texts {
			if err := json.NewEncoder(&b).Encode(d); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(*peerFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	table, err := os.ReadFile("testdata/datatrove.tsv")
	if err != nil {
		t.Fatal(err)
	}
	decided := map[string][]string{}
	var head []string
	for line := range strings.Lines(string(table)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if head == nil {
			head = fields
			continue
		}
		decided[fields[0]] = fields
	}
	var m Measurer
	var agree, differ int
	for _, d := range texts {
		row := decided[d.Name]
		if row == nil {
			continue
		}
		s := m.Measure(d.Text, row[1])
		for i, name := range head {
			if i < 2 || row[i] == "" {
				continue
			}
			p, ok := PresetNamed(name)
			if !ok {
				t.Fatalf("there is no preset %s", name)
			}
			v, drop := p.Judge(&s, row[1])
			if drop == (row[i] != "kept") {
				agree++
				continue
			}
			differ++
			if !explained(d, &s, p.Rules(row[1]), v, row[i]) {
				t.Errorf("%s (%s), %s: ours is %+v, the peer's is %s", d.Name, row[1], name, v, row[i])
			}
		}
	}
	t.Logf("%d decisions agree, %d differ", agree, differ)
	if agree+differ < 2400 || float64(agree) < 0.975*float64(agree+differ) {
		t.Errorf("%d decisions agree, %d differ", agree, differ)
	}
}

// explained reports whether two decisions may differ: where the paper and the peer have different rules, where the peer
// makes many words of what is one here, and where a value is near its threshold. Theirs is the peer's reason, v our
// verdict.
func explained(d peerText, s *Signals, rules []Rule, v Verdict, theirs string) bool {
	if v.Rule == "c4_curly_brackets" {
		return true // anywhere in the page; the peer looks at the lines that its other rules leave
	}
	signal := v.Signal
	if v.Rule == "" {
		var ok bool
		if signal, ok = map[string]Signal{
			"gopher_below_alpha_threshold": LetterWords, "top_3_gram": Top3Gram, "top_4_gram": Top4Gram, "duplicated_5_n_grams": Duplicate5Grams,
		}[theirs]; !ok {
			return false
		}
	}
	near := 0.06
	if signal >= Top2Gram && signal <= Duplicate10Grams {
		if markRun.MatchString(d.Text) {
			return true // a word for each mark
		}
		if d.Language == "en" && hanRun.MatchString(d.Text) {
			return true // spaCy's English has one word for a paragraph of Chinese
		}
		near = 0.3 // windows of characters, and clitics
	}
	if strings.HasPrefix(d.Language, "zh") && v.Rule == "" && strings.Contains(d.Text, "://") {
		return true // jieba parts addresses
	}
	for _, r := range rules {
		if r.Signal != signal {
			continue
		}
		bound := float64(r.Max)
		if math.IsInf(bound, 0) {
			bound = float64(r.Min)
		}
		if math.Abs(float64(s[signal])-bound) <= near*bound {
			return true
		}
	}
	return false
}

var (
	markRun = regexp.MustCompile(`-{20}|={20}`)
	hanRun  = regexp.MustCompile(`\p{Han}{10}`)
)

package langid

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"broadsheet/corpus/material"
)

// TestLanguageSet measures Identify on a set that is kept beside the
// repository, in 75 languages. As its scorer does, it compares primary subtags
// and takes the two Norwegian ones for one, and Cantonese for Chinese.
func TestLanguageSet(t *testing.T) {
	f, err := os.Open(material.Path(t, "eval/language.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	same := map[string]string{"nn": "no", "nb": "no", "yue": "zh"}
	primary := func(tag string) string {
		tag, _, _ = strings.Cut(tag, "-")
		if s, ok := same[tag]; ok {
			return s
		}
		return tag
	}
	asked, right, silent := make(map[string]int), make(map[string]int), make(map[string]int)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct{ Kind, Label, Text string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		tag := Identify("", row.Text).Tag
		asked[row.Kind]++
		if primary(tag) == primary(row.Label) {
			right[row.Kind]++
		}
		if tag == Undetermined {
			silent[row.Kind]++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for kind, least := range map[string]float64{"sentences": 0.95, "word-pairs": 0.88, "single-words": 0.70} {
		n := float64(asked[kind])
		share := float64(right[kind]) / n
		t.Logf("%-12s %.4f right, %.4f undetermined of %.0f", kind, share, float64(silent[kind])/n, n)
		if !(share >= least) {
			t.Errorf("%s: %.4f right, want %.2f", kind, share, least)
		}
	}
}

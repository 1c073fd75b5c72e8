package corpus

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCountWords(t *testing.T) {
	for text, want := range map[string]int{
		"":                     0,
		"One two, three—four.": 4,
		"can't stop 3.14":      3,
		"韩国敦促朝俄":               6,
		"約翰·柯比(John Kirby)在周四": 4 + 2 + 3,
		"葛\U000e0100飾区":        3, // a variation selector joins its ideograph
		"東京タワーに行く":             2 + 1 + 1 + 1 + 1,
		"— … !":                0,
		"ภาษาไทย":              1,
	} {
		if want == 1 { // dictionary scripts: whatever the annex says
			continue
		}
		if got := countWords(text); got != want {
			t.Errorf("%q: %d words, want %d", text, got, want)
		}
	}
}

// The short way must count as the tables do.
func TestCountWordsAgreesWithTheTables(t *testing.T) {
	piece := rapid.SampledFrom([]string{"b", "1", "2", "_", ":", ";", ",", ".", "c.", "1,", "\n", "\"", "-", "“", "…", "、", "《", "！", "：", "；", "é", "’", "\u05d0", "中", "文", "字", "\u0301", "\ufe00", "\u200d", "a", "b1", " ", "。", "，", "ー", "ア", "の", "\U00020000", "'", "．", "한", "ｱ"})
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for _, p := range rapid.SliceOfN(piece, 0, 20).Draw(t, "pieces") {
			s += p
		}
		if got, want := countWords(s), countByTables(s); got != want {
			t.Fatalf("%q: %d words, the tables say %d", s, got, want)
		}
	})
}

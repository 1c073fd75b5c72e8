package neardup

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecontaminate(t *testing.T) {
	question := "A train leaves the station at nine and covers sixty miles in an hour; when does it arrive in the city three hundred miles away?"
	han := "某工廠計劃在三十天內生產一批零件，前十二天完成了百分之四十五，如果按照這個速度繼續生產，那麼還需要多少天才能完成剩下的全部任務？"
	d := NewDecontaminator(slices.Values([]string{question, han, "too short"}), DecontaminateWords, DecontaminateChars)
	if d.Skipped() != 1 {
		t.Errorf("%d texts were skipped", d.Skipped())
	}
	for _, c := range []struct{ text, run string }{
		{"Before it. A TRAIN leaves the station, at nine, and covers sixty miles in an hour. After it.", "A TRAIN leaves the station, at nine, and covers sixty miles in an"},
		{"某工厂计划在三十天内生产一批零件，前十二天完成了百分之四十五，如果按照这个速度继续生产，那么还需要多少天。", "某工厂计划在三十天内生产一批零件，前十二天完成了百分之四十五，如果按照这个速度继续生"},
		{"A train leaves the station at nine and covers sixty miles in hours", ""},
		{"", ""},
	} {
		if run, ok := d.Match(c.text); run != c.run || ok != (c.run != "") {
			t.Errorf("Match(%q) = %q, %t", c.text, run, ok)
		}
	}
	if _, ok := NewDecontaminator(slices.Values([]string(nil)), 13, 40).Match(question); ok {
		t.Error("a match without texts")
	}
}

func TestDecontaminateProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-h]`)
		n := rapid.IntRange(1, 6).Draw(t, "run")
		given := rapid.SliceOfN(word, 0, 30).Draw(t, "given")
		text := rapid.SliceOfN(word, 0, 30).Draw(t, "text")
		want := ""
		for i := 0; i+n <= len(text) && want == ""; i++ {
			for k := 0; k+n <= len(given); k++ {
				if slices.Equal(text[i:i+n], given[k:k+n]) {
					want = strings.Join(text[i:i+n], " ")
					break
				}
			}
		}
		d := NewDecontaminator(slices.Values([]string{strings.Join(given, ", ")}), n, 40)
		if run, ok := d.Match(strings.Join(text, " ")); run != want || ok != (want != "") {
			t.Fatalf("got %q, want %q", run, want)
		}
	})
}

package quality

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The values of these texts were worked out by hand.
func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		name, language, text string
		want                 map[Signal]float64
	}{
		{"a sentence", "en", "the cat sat on the mat.", map[Signal]float64{
			Words: 6, MeanWordLength: 17. / 6, LetterWords: 6. / 7, StopWords: 1, ClosedLines: 1, ShortLines: 1,
			LinesPerWord: 0, ClosedSentences: 1, Top2Gram: 7. / 23, Duplicate5Grams: 0, HashRatio: 0,
		}},
		{"frequent pairs overlap", "en", "a b a b a b", map[Signal]float64{
			// a b three times, each with its space; the five-grams a b a b a and b a b a b differ.
			Words: 6, MeanWordLength: 1, Top2Gram: 9. / 11, Top3Gram: 10. / 11, Top4Gram: 14. / 11, Duplicate5Grams: 0,
		}},
		{"runs that occurred before", "en", "one two six ten red one two six ten red", map[Signal]float64{
			// The second five words, 15 of 39 characters; no run of six occurs twice.
			Duplicate5Grams: 15. / 39, Duplicate6Grams: 0,
		}},
		{"lines", "en", "line one here.\nline one here.\nend", map[Signal]float64{
			DuplicateLines: 1. / 3, DuplicateLineChars: 14. / 31, ClosedLines: 2. / 3, ShortLines: 1, LinesPerWord: 2. / 9,
			DuplicateParagraphs: 0, ClosedSentences: 2,
		}},
		{"blank lines are none", "en", "ab cd.\n\nab cd.", map[Signal]float64{
			LinesPerWord: 1. / 6, DuplicateLines: 1. / 2, DuplicateParagraphs: 1. / 2, DuplicateParagraphChars: 6. / 14,
			ClosedSentences: 0, // two words are too few for C4
		}},
		{"bullets and ellipses", "en", "- one…\n- two...\nthree", map[Signal]float64{
			BulletLines: 2. / 3, EllipsisLines: 2. / 3, EllipsisRatio: 2. / 7, // - one … - two ... three
		}},
		{"marks", "en", "#a ## b {c} lorem ipsum", map[Signal]float64{
			HashRatio: 3. / 9, CurlyBrackets: 1, LoremIpsum: 1, // # a ## b { c } lorem ipsum
		}},
		{"C4 passes over lines", "en", "We use cookies on all pages here.\nEnable JavaScript to see this page.\nA good line ends so.\nNo mark here at all\nAnd so on...", map[Signal]float64{
			ClosedSentences: 1,
		}},
		{"an address is a word", "en", "see https://example.org/a/b?c=d now", map[Signal]float64{
			Words: 3, LetterWords: 1, MeanWordLength: (3. + 27 + 3) / 3,
		}},
		{"Chinese", "zh-Hans", "春天的风在年初很轻。", map[Signal]float64{
			// Nine characters of 137/240 of a word each, and a mark.
			Words: 9 * 137. / 240, MeanWordLength: 240. / 137, StopWords: 3, ClosedLines: 1,
			LetterWords: 9 * 137. / (9*137 + 240),
		}},
		{"Katakana is written in words", "ja", "コンピュータ", map[Signal]float64{Words: 1, MeanWordLength: 6}},
		{"Hiragana", "ja", "これは", map[Signal]float64{Words: 2, StopWords: 2}}, // は and れ
		{"Korean", "ko", "나는 학교에", map[Signal]float64{Words: 2.5, StopWords: 2}},
		{"Thai", "th", "และการ", map[Signal]float64{Words: 1.5, StopWords: 2}},
		{"French elides", "fr", "l'homme d’État", map[Signal]float64{Words: 2, StopWords: 2}},
		{"no list", "eo", "la domo de la viro", map[Signal]float64{Words: 5, StopWords: 0}},
		{"nothing", "und", "", map[Signal]float64{Words: 0, LetterWords: 0, ClosedLines: 0}},
	} {
		var m Measurer
		got := m.Measure(c.text, c.language)
		for s, want := range c.want {
			if math.Abs(float64(got[s])-want) > 1e-6 {
				t.Errorf("%s: %s is %v, want %v", c.name, s, got[s], want)
			}
		}
	}
}

func prose(sentences int) string {
	words := strings.Fields("the harbour master counted boats and wrote a number of them on slate with care that morning to have order")
	var b strings.Builder
	n := uint32(1)
	for range sentences {
		for range 11 {
			n = n*1664525 + 1013904223
			b.WriteString(words[n>>16%uint32(len(words))] + " ")
		}
		b.WriteString("today.\n\n")
	}
	return strings.TrimSpace(b.String())
}

func TestJudge(t *testing.T) {
	for _, c := range []struct{ preset, language, text, rule string }{
		{"gopher-quality", "en", prose(10), ""},
		{"gopher-quality", "en", "Too short to say.", "gopher_few_words"},
		{"gopher-quality", "de", "Zu kurz.", "gopher_few_words"},
		{"gopher-quality", "en", strings.Repeat("12 45 ", 60), "gopher_letter_words"},
		{"gopher-quality", "en", strings.Repeat("zug mit halt ", 20), "gopher_stop_words"},
		{"gopher-quality", "de", strings.Repeat("zug mit halt ", 20), ""},
		{"gopher-repetition", "zh-Hant", strings.Repeat("每天都一樣。\n\n", 10), "gopher_duplicate_paragraphs"},
		{"gopher-repetition", "en", strings.Repeat("zug mit halt ", 20), "gopher_top_2_gram"},
		{"gopher-repetition", "en", prose(12), ""},
		{"c4", "en", prose(5), ""},
		{"c4", "en", prose(4), "c4_sentences"},
		{"c4", "en", prose(5) + " {", "c4_curly_brackets"},
		{"c4", "en", prose(5) + " Lorem Ipsum", "c4_lorem_ipsum"},
		{"c4", "fr", "{", ""},
		{"fineweb", "en", prose(5), ""},
		{"fineweb", "en", strings.Repeat("Menu\n", 9), "fineweb_closed_lines"},
		{"fineweb", "en", strings.Repeat("Go.\n", 9), "fineweb_short_lines"},
		{"fineweb2", "en", "no", ""},
		{"fineweb2", "zh-Hans", "太短了。", "fineweb2_top_2_gram"},
	} {
		p, ok := PresetNamed(c.preset)
		if !ok {
			t.Fatal(c.preset)
		}
		var m Measurer
		s := m.Measure(c.text, c.language)
		v, drop := p.Judge(&s, c.language)
		if v.Rule != c.rule || drop != (c.rule != "") {
			t.Errorf("%s, %s, %.20q: %+v, want %q", c.preset, c.language, c.text, v, c.rule)
		}
	}
}

// A value that is the threshold stays, whatever its rounding: bounds are published as what is dropped beyond.
func TestThresholdIsKept(t *testing.T) {
	p := gopherQuality()
	var m Measurer
	s := m.Measure(prose(10), "en")
	s[HashRatio] = share(1, 10)
	if v, drop := p.Judge(&s, "en"); drop {
		t.Errorf("%+v", v)
	}
	s[HashRatio] = share(101, 1000)
	if v, drop := p.Judge(&s, "en"); !drop || v.Rule != "gopher_hashes" || v.Threshold != 0.1 {
		t.Errorf("%+v", v)
	}
}

func TestPresets(t *testing.T) {
	word := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`)
	signals := map[string]Signal{}
	names := map[string]bool{}
	for _, p := range Presets() {
		if names[p.Name] || p.Doc == "" || p.Source == "" {
			t.Errorf("preset %q", p.Name)
		}
		names[p.Name] = true
		sets := [][]Rule{p.Every}
		for _, rules := range p.Languages {
			sets = append(sets, rules)
		}
		for _, rules := range sets {
			for _, r := range rules {
				if s, ok := signals[r.Name]; ok && s != r.Signal || !word.MatchString(r.Name) || r.Min > r.Max {
					t.Errorf("%s: rule %+v", p.Name, r)
				}
				signals[r.Name] = r.Signal
			}
		}
	}
	two := fineweb2()
	for _, tag := range []string{"zh-Hans", "zh-Hant", "zh"} {
		rules := two.Rules(tag)
		if len(rules) != 23 || rules[0].Max != 0.287 || rules[9].Max != 0.127 || rules[10].Min != 0.106 {
			t.Errorf("%s: %v", tag, rules)
		}
	}
}

// A measurer that has seen other texts measures as a new one does.
func TestMeasurerKeepsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var used Measurer
		for range 3 {
			text := rapid.StringOfN(rapid.RuneFrom([]rune("ab .\n#-…春的かカ한ก")), 0, 200, -1).Draw(t, "text")
			language := rapid.SampledFrom([]string{"en", "zh", "fr", "und"}).Draw(t, "language")
			var fresh Measurer
			if got, want := used.Measure(text, language), fresh.Measure(text, language); got != want {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}

func FuzzMeasure(f *testing.F) {
	for _, s := range []string{"", "a", "…\n\n- x", "www.", "@", "@a", "http://", "春", "ก\u0e48", "a\u0301", "\xff", "#\u200b#"} {
		f.Add(s, "en")
		f.Add(s, "zh-Hant")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		var m Measurer
		for i, v := range m.Measure(text, language) {
			if v < 0 || math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("%s is %v", Signal(i), v)
			}
		}
	})
}

func BenchmarkMeasure(b *testing.B) {
	text := prose(100)
	chinese := strings.Repeat("港口的管理員每天傍晚都數兩遍船，把數目寫在門邊的石板上。", 100)
	for _, c := range []struct{ name, language, text string }{{"en", "en", text}, {"zh", "zh-Hant", chinese}} {
		b.Run(c.name, func(b *testing.B) {
			var m Measurer
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				m.Measure(c.text, c.language)
			}
		})
	}
}

// The page that explains the rules names each, or the first and the last of a row of n-grams.
func TestRulesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/filters.md")
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(`duplicate_[6-9]_grams$`)
	for _, p := range Presets() {
		if !strings.Contains(string(page), "`"+p.Name+"`") {
			t.Errorf("%s is not there", p.Name)
		}
		for _, r := range append(p.Rules("en"), p.Every...) {
			if !between.MatchString(r.Name) && !strings.Contains(string(page), "`"+r.Name+"`") {
				t.Errorf("%s is not there", r.Name)
			}
		}
		for tag := range p.Languages {
			if p.Name == "fineweb2" && !regexp.MustCompile(`[ |]`+tag+`[ |]`).Match(page) {
				t.Errorf("%s of %s is not there", tag, p.Name)
			}
		}
	}
}

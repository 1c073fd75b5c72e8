package repeat

import (
	"slices"
	"strings"
	"testing"
)

func TestTitleTails(t *testing.T) {
	for title, want := range map[string][]string{
		"":                        nil,
		"Headline":                nil,
		"Headline - Site":         {" - Site"},
		"Well-known words":        nil,
		"Headline | World | Site": {" | Site", " | World | Site"},
		"標題_頻道_新浪":                {"_新浪", "_頻道_新浪"},
		"標題——某報":                  {"——某報"},
		"A :: B":                  {" :: B"},
		"Time 12:30 is up":        nil,
		" - Site":                 nil,
		"Headline -":              nil,
		"Headline · Site »":       {" · Site »"},
		"a | b | c | d | e":       {" | e", " | d | e", " | c | d | e"},
		"標題 - " + "長" + strings.Repeat("很", 50): nil,
	} {
		if got := titleTails(title); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestCutTitle(t *testing.T) {
	for _, test := range []struct{ title, name, want string }{
		{"Headline - The Site", "The Site", "Headline"},
		{"Headline | THE SITE", "the site", "Headline"},
		{"Headline | World | The Site", "The Site", "Headline | World"},
		{"Headline - Other", "The Site", "Headline - Other"},
		{"The Site", "The Site", "The Site"},
		{"Headline - ", "", "Headline - "},
	} {
		if got := CutTitle(test.title, test.name); got != test.want {
			t.Errorf("%q without %q: %q, want %q", test.title, test.name, got, test.want)
		}
	}
}

func FuzzTitleTails(f *testing.F) {
	for _, s := range []string{"a - b", "標題_新浪｜x", " | | ", "a :: b", "—\xff—", "«»"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, title string) {
		last := 0
		for _, tail := range titleTails(title) {
			if len(tail) <= last || len(tail) >= len(title) || !strings.HasSuffix(title, tail) || textKey(tail) == 0 {
				t.Fatalf("%q: %q", title, titleTails(title))
			}
			last = len(tail)
		}
	})
}

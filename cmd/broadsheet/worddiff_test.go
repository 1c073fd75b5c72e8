package main

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCompareTexts(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"one two three", "one two three", ""},
		{"the ferry left at nine", "the ferry left at ten", "the ferry left at [-nine-]{+ten+}"},
		{"第三码头提前完工", "第四码头提前完工", "第[-三-]{+四+}码头提前完工"},
		{"first\n\nsecond", "first\n\nsecond\n\nthird", "first ¶ second{+ ¶ third+}"},
		{"a b c", "x y c", "[-a b-]{+x y+} c"},
	} {
		if got := strings.Join(inContext(compareTexts(c.a, c.b)), "|"); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// What a comparison shows makes both texts whole again.
func TestCompareTextsIsWhole(t *testing.T) {
	text := rapid.StringMatching(`([ab語\n ,]{0,3}){0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var old, now strings.Builder
		for _, c := range compareTexts(a, b) {
			old.WriteString(c.old)
			now.WriteString(c.new)
		}
		if a != b && (old.String() != a || now.String() != b) {
			t.Fatalf("%q and %q are given as %q and %q", a, b, old.String(), now.String())
		}
	})
}

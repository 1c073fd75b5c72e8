package htmltext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLowered(t *testing.T) {
	for r := rune(0); r <= 0x11000; r++ {
		if s := "A" + string(r) + "中Z"; lowered(s) != strings.ToLower(s) {
			t.Errorf("%U: %q", r, lowered(s))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("aZ中文，「」“”—ＡéÉΣİ。 \n")))).Draw(t, "text")
		if got, want := lowered(s), strings.ToLower(s); got != want {
			t.Fatalf("lowered(%q) is %q, want %q", s, got, want)
		}
	})
}

package htmltext

import (
	"regexp/syntax"
	"strings"
	"testing"
	"unicode"

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

func TestPunctuation(t *testing.T) {
	for r := rune(0x80); r <= 0x11000; r++ {
		if punctuation(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
			t.Errorf("%U", r)
		}
	}
}

// The characters that isByline looks for are those that the expression may begin with.
func TestBylineHeads(t *testing.T) {
	re, err := syntax.Parse(byline.String(), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		t.Fatal(err)
	}
	heads, seen := "", map[uint32]bool{}
	var follow func(pc uint32)
	follow = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			follow(in.Out)
			follow(in.Arg)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			follow(in.Out)
		case syntax.InstRune1:
			heads += string(in.Rune[0])
		case syntax.InstRune:
			for i := 0; i+1 < len(in.Rune); i += 2 {
				for r := in.Rune[i]; r <= in.Rune[i+1]; r++ {
					heads += string(r)
				}
			}
		default:
			t.Fatalf("it may begin with anything: %v", in)
		}
	}
	follow(uint32(prog.Start))
	for _, r := range heads {
		if !strings.ContainsRune(bylineHeads, r) {
			t.Errorf("%c is missing", r)
		}
	}
	for _, r := range bylineHeads {
		if !strings.ContainsRune(heads, r) {
			t.Errorf("%c begins none", r)
		}
	}
}

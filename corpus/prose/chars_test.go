package prose

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestChars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a中é丟鿿ａ😀\u0301 \n")))).Draw(t, "text")
		if got, want := Chars(s), utf8.RuneCountInString(s); got != want {
			t.Fatalf("Chars(%q) is %d, want %d", s, got, want)
		}
	})
}

func TestRenderedChars(t *testing.T) {
	block := rapid.Custom(func(t *rapid.T) Block {
		return Block{Tight: rapid.Bool().Draw(t, "tight"), Text: rapid.SampledFrom([]string{"", "a", "中文", "two\nlines"}).Draw(t, "text")}
	})
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.SliceOfN(block, 0, 8).Draw(t, "blocks")
		if got, want := RenderedChars(blocks), utf8.RuneCountInString(Render(blocks)); got != want {
			t.Fatalf("%d, want %d for %v", got, want, blocks)
		}
	})
}

func TestHanAt(t *testing.T) {
	for r := rune(0); r <= 0x11000; r++ {
		if got, want := HanAt(string(r), 0), r >= 0x4e00 && r <= 0x9fff; got != want {
			t.Errorf("%U: %v", r, got)
		}
	}
	for _, s := range []string{"", "\xe5", "\xe5\x80", "\xe5\x80a", "\xe5\xff\x80", "a\xe5\x80\x80"} {
		if HanAt(s, 0) {
			t.Errorf("%q", s)
		}
	}
}

func TestHanRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.StringOf(rapid.RuneFrom([]rune("中丟丰鿿一䷿ꀀa。é"))),
			rapid.Map(rapid.SliceOf(rapid.SampledFrom([]byte{0xe4, 0xb8, 0x80, 0xe9, 0xbf, 0xbf, 0xc0, 'a'})), func(b []byte) string { return string(b) }),
		).Draw(t, "text")
		i := rapid.IntRange(0, len(s)).Draw(t, "from")
		want := i
		for HanAt(s, want) {
			want += 3
		}
		if got := HanRun(s, i); got != want {
			t.Fatalf("HanRun(%q, %d) is %d, want %d", s, i, got, want)
		}
	})
}

func TestValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.StringOf(rapid.RuneFrom([]rune("中丟丰鿿一䷿ꀀa。é😀\u0800\ud7ff\ue000\ufffd"))),
			rapid.Map(rapid.SliceOf(rapid.SampledFrom([]string{"a", "plain text ", "中", "中文", "é", "😀", "\xe4", "\xb8", "\x80", "\xe0\x80\x80", "\xe0\xa0\x80", "\xed\xa0\x80", "\xed\x9f\xbf", "\xf4\x90\x80\x80", "\xc0\x80", "\xff"})), func(l []string) string { return strings.Join(l, "") }),
		).Draw(t, "text")
		if got, want := ValidBytes([]byte(s)), utf8.ValidString(s); got != want {
			t.Fatalf("Valid(%q) is %t", s, got)
		}
	})
}

func BenchmarkValid(b *testing.B) {
	s := strings.Repeat("<p>新华社北京电 记者从会议上获悉，今年前三季度经济运行平稳。</p>\n<p>A line of English text.</p>\n", 20)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Valid(s)
	}
}

func BenchmarkChars(b *testing.B) {
	s := Render([]Block{{Text: "新华社北京电 记者从会议上获悉，今年前三季度经济运行平稳。"}, {Text: "A line of English text that is a little longer."}})
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Chars(s)
	}
}

package hanfold

import (
	"strings"
	"testing"
	"unicode"
)

func TestTableSize(t *testing.T) {
	if want := rareAt + 8*numRare; len(table) != want {
		t.Fatalf("table has %d bytes, want %d: numTargets and numRare are not those of han.bin", len(table), want)
	}
}

func TestSimplify(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain ASCII, 123", "plain ASCII, 123"},
		{"國家圖書館開放時間", "国家图书馆开放时间"},
		{"國家安全與言論自由", "国家安全与言论自由"},
		{"我們在廣州喝茶，聽音樂。", "我们在广州喝茶，听音乐。"},
		{"乾杯於此", "干杯于此"},
		{"后来", "后来"},
		{"かな交じりの文", "かな交じりの文"},
		{"한국어", "한국어"},
		{"㑮", "𫝈"},
	} {
		if got := strings.Map(Simplify, c.in); got != c.want {
			t.Errorf("Simplify(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSimplifyTwice(t *testing.T) {
	folded := 0
	for r := rune(-1); r <= unicode.MaxRune; r++ {
		once := Simplify(r)
		if once != r {
			folded++
		}
		if twice := Simplify(once); twice != once {
			t.Errorf("%q folds to %q and then to %q", r, once, twice)
		}
	}
	if folded < 4000 {
		t.Errorf("only %d runes fold", folded)
	}
}

func TestSideOf(t *testing.T) {
	for side, runes := range map[Side]string{
		Simplified:  "国们这书与么为义乌乐习乡𫝈",
		Traditional: "國們這書萬與廣東華龍",
		Either:      "后干里万人中的我是一aЖ。あ한",
	} {
		for _, r := range runes {
			if got := SideOf(r); got != side {
				t.Errorf("SideOf(%q) = %d, want %d", r, got, side)
			}
		}
	}
}

func BenchmarkSimplify(b *testing.B) {
	text := strings.Repeat("國家安全與言論自由，我们在广州喝茶。", 200)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var sum rune
	for b.Loop() {
		for _, r := range text {
			sum += Simplify(r)
		}
	}
	_ = sum
}

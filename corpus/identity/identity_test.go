package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"broadsheet/corpus/weburl"
)

// reference is Fold as its comment states it.
func reference(s string) string {
	return strings.Map(func(r rune) rune {
		if r = foldRune(r); r == 0 {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" — !? ", ""},
		{"The “New” Deal, 1.5 %", "thenewdeal15"},
		{"ＡＢＣ１２３　ｶﾞｷﾞ", "abc123ガギ"},
		{"Straße ſtar ΣΊΣΥΦΟΣ σίσυφος", "straßestarσίσυφοσσίσυφοσ"},
		{"e\u0301té É", "étéé"},
		{"한국어 \u1112\u1161\u11ab", "한국어한"},
		{"韓國 韩国", "韓國韩国"},
		{"हिन्दी की", "हिन्दीकी"},
		{"ﬁne ½ ℃", "fine12c"},
		{"☺\ufe0f a\ufe0f", "a"},
		{"か\u3099", "が"},
		{"İstanbul ISTANBUL", "istanbulistanbul"},
		{"bad \xff utf-8", "badutf8"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFoldIsItsReference(t *testing.T) {
	runes := rapid.OneOf(
		rapid.Rune(),
		rapid.SampledFrom([]rune("aZé-\u0301\u0308か\u3099ｶﾞ한\u1112\u1161\u11ab가\u11a8人１ﬁ½\u00a0\u0130ß\u0915\u094d\u093f\u0b47\u0b3e\ufe0f\u0f71\u0f72")),
		rapid.RuneFrom(nil, unicode.M, unicode.L),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(runes, 0, 60, -1).Draw(t, "s")
		if rapid.Bool().Draw(t, "long") {
			s = strings.Repeat(s, 1+flushAt/(len(s)+1))
		}
		want := reference(s)
		if got := Fold(s); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
		if !utf8.ValidString(want) || Fold(want) != reference(want) {
			t.Fatalf("Fold(%q) does not hold", s)
		}
		sum := sha256.Sum256([]byte("text 1\n" + want))
		key := Key(sum[:16])
		if want == "" {
			key = Key{}
		}
		if got := foldedKey("text 1\n", s); got != key {
			t.Fatalf("key of %q is not that of its folded form", s)
		}
	})
}

// The identity is frozen. If this test fails, change the code.
func TestFrozen(t *testing.T) {
	parse := func(s string) weburl.URL {
		u, err := weburl.Parse(s, "")
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for _, c := range []struct {
		url, title, text, want string
	}{
		{"https://www.example.org/a/1?utm_source=x", "A Title!", "Some text.", "d60bfa2f86254ab582a23880b49bdf75"},
		{"http://example.org/a/1", "“A title”", "Other text", "d60bfa2f86254ab582a23880b49bdf75"},
		{"https://example.org/a/1", "", "Some text.", "646fed5c5e500b5410ebd96efabe9047"},
		{"https://example.org/", "A title", "Some text.", "fd7de5a87555cd9ae046e55b9e917b52"},
		{"", "A title", "some TEXT", "fd7de5a87555cd9ae046e55b9e917b52"},
		{"", "", "韩国敦促朝俄停止武器贸易", "cacfa4d3af82e2166859bad5e02c010a"},
		{"https://example.org/v?id=7", "韩国敦促朝俄", "", "9cd1ec413b2152cab7e6681f88de10d5"},
		{"", "", "", "e53bb9025b041f2f4ac4489b772bc7a6"},
	} {
		var u weburl.URL
		if c.url != "" {
			u = parse(c.url)
		}
		if got := Of(u, c.title, c.text).ID(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	all := sha256.New()
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if r < 0xd800 || r > 0xdfff {
			all.Write([]byte(Fold(string(r)) + "\n"))
		}
	}
	if got, want := hex.EncodeToString(all.Sum(nil)), "57a5fbd68dea1017a7072cfd1f4de2bb4c8d9ed4d553624228a8d424a06520e3"; got != want {
		t.Errorf("the folding of some code point has changed: %s", got)
	}
}

func TestSame(t *testing.T) {
	k := func(b byte) (k Key) { k[0] = b; return }
	for _, c := range []struct {
		name      string
		a, b      Keys
		url, text bool
	}{
		{"address and title", Keys{k(1), k(2), k(3)}, Keys{k(1), k(2), k(4)}, true, false},
		{"address and text", Keys{k(1), k(2), k(3)}, Keys{k(1), k(5), k(3)}, true, false},
		{"address alone", Keys{k(1), k(2), k(3)}, Keys{k(1), k(5), k(4)}, false, false},
		{"empty keys agree with nothing", Keys{k(1), Key{}, Key{}}, Keys{k(1), Key{}, Key{}}, false, false},
		{"no address", Keys{Key{}, k(2), k(3)}, Keys{k(1), k(2), k(3)}, false, true},
		{"no address, no titles", Keys{Key{}, Key{}, k(3)}, Keys{Key{}, Key{}, k(3)}, false, true},
		{"no address, one title", Keys{Key{}, Key{}, k(3)}, Keys{Key{}, k(2), k(3)}, false, false},
		{"two addresses", Keys{k(1), k(2), k(3)}, Keys{k(9), k(2), k(3)}, false, false},
	} {
		if got := SameURL(c.a, c.b); got != c.url || got != SameURL(c.b, c.a) {
			t.Errorf("%s: SameURL is %v", c.name, got)
		}
		if got := SameText(c.a, c.b); got != c.text || got != SameText(c.b, c.a) {
			t.Errorf("%s: SameText is %v", c.name, got)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"latin", "The quick brown fox jumps over the lazy dog, twice. "},
		{"french", "Des élèves déçus, l’été passé, à l’école où naît la fête. "},
		{"han", "韩国国防部就此再次敦促朝鲜和俄罗斯停止武器贸易，英国政府亦发表声明。"},
		{"cyrillic", "Съешь же ещё этих мягких французских булок, да выпей чаю. "},
		{"hindi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। "},
	} {
		text := strings.Repeat(c.text, 200)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				foldedKey("text 1\n", text)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	f.Add("A\u030a ｶﾞ한\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) && Fold(s) != reference(s) {
			t.Errorf("Fold(%q) = %q, want %q", s, Fold(s), reference(s))
		}
	})
}

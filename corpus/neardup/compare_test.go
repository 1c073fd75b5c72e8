package neardup

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	storyA = "The river rose overnight and by dawn the lower town stood in water up to the sills of its windows. Boats brought bread. "
	storyB = "The council met at noon and voted to open the school as a shelter for everyone who had lost a roof or a bed to the flood. "
	storyC = "Engineers said the dam upstream would hold, though they lowered the sluices twice and asked farmers below to move their cattle. "
)

// essay is a long text that nothing else resembles.
func essay(seed uint64, n int) string {
	return strings.Join(words(rand.New(rand.NewPCG(seed, 7)), n), " ")
}

func TestCompareRules(t *testing.T) {
	url := func(s string) (k [16]byte) { copy(k[:], s); return k }
	set := func(title, text, u, host string) *Set { return NewSet(title, text, url(u), host) }
	story := storyA + storyB + storyC
	long := story + essay(1, 400)
	report := func(day, a, b, c, d int) string {
		return fmt.Sprintf("The currency opened on day %d at %d and fell to %d by noon before it closed at %d, dealers in the capital said; turnover was %d million. "+
			"The bank did not comment on the movement, which dealers put down to exporters and to the end of the month, as on most days of the season.", day, a, b, c, d)
	}
	for _, c := range []struct {
		name string
		a, b *Set
		same bool
		rule string
	}{
		{"one address, edited", set("Flood", story, "u1", "a.org"), set("Flood in town", storyA+storyB, "u1", "a.org"), true, "revision"},
		{"one address on every article", set("Flood", long, "u1", "a.org"), set("Harvest", essay(2, 500), "u1", "a.org"), false, "different"},
		{"reprint elsewhere", set("The flood in the lower town", long, "u1", "a.org"), set("Flood in the lower town", long+essay(3, 60), "u2", "b.org"), true, "copy"},
		{"shortened elsewhere", set("The flood in the lower town", long, "u1", "a.org"), set("The lower town: flood", story+essay(1, 120), "u2", "b.org"), true, "shortened"},
		{"two short texts of one host", set("Notes", storyA, "u1", "a.org"), set("Notes", storyA, "u2", "a.org"), false, "short"},
		{"two videos with one blurb", set("Cooking rice", long, "u1", "v.org"), set("Walking in Rome", long, "u2", "v.org"), false, "blurb"},
		{"two reports", set("Currency falls", report(3, 311, 309, 308, 715), "u1", "n.org"), set("Currency falls", report(4, 402, 401, 399, 820), "u2", "n.org"), false, "numbers"},
		{"two parts", set("On dams, part 1", essay(4, 200)+storyA, "", ""), set("On dams, part 2", essay(4, 200)+storyB, "", ""), false, "series"},
		{"nothing at all", set("", "", "", ""), set("", "", "", ""), false, "different"},
		{"only signs", set("", "🙏💥👣", "", ""), set("", "🎉🎉", "", ""), false, "different"},
		{"another script", set("國家圖書館", strings.Repeat("國家圖書館週一閉館。讀者請於週二再來。", 1)+han(5, 200), "", ""),
			set("国家图书馆", strings.Repeat("国家图书馆周一闭馆。读者请于周二再来。", 1)+han(5, 200), "", ""), true, "copy"},
	} {
		for range 2 {
			if o := Compare(c.a, c.b); o.Same != c.same || o.Rule != c.rule {
				t.Errorf("%s: %+v, want %t by %s", c.name, o, c.same, c.rule)
			}
			c.a, c.b = c.b, c.a
		}
	}
}

// han is a text of n characters.
func han(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 9))
	var s strings.Builder
	for range n {
		s.WriteRune(rune(0x4e00 + rng.IntN(3000)))
	}
	return s.String()
}

func TestFolding(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"Ｔｈｅ ２０２４ ｒｅｐｏｒｔ", "the 2024 report"},
		{"國家圖書館開放時間", "国家图书馆开放时间"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος"},
		{"٢٠٢٤ سنة", "2024 سنة"},
		{"مُحَمَّد", "محمد"},
		{"soft\u00adhyphen", "softhyphen"},
		{"ﾊﾝｶｸ", "ハンカク"},
	} {
		if Print("", c.a).Text != Print("", c.b).Text {
			t.Errorf("%q and %q are told apart", c.a, c.b)
		}
	}
	for _, c := range []struct{ a, b string }{
		{"closed at 3025", "closed at 2954"},
		{"上", "下"},
		{"🙏", "💥"},
		{"ab c", "a bc"},
	} {
		if Print("", c.a).Text == Print("", c.b).Text {
			t.Errorf("%q and %q are taken for one", c.a, c.b)
		}
	}
}

func TestNothingIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringN(0, 20, -1).Draw(t, "title")
		text := rapid.StringN(0, 200, -1).Draw(t, "text")
		p, s := Print(title, text), NewSet(title, text, [16]byte{}, "")
		blank := p.Text == [2]uint64{}
		if blank != (len(s.Shingles) == 0) || blank != (p.Bands == [Bands]uint64{}) {
			t.Fatalf("bands and shingles disagree on whether there is a text: %v, %d shingles", p.Text, len(s.Shingles))
		}
		if blank && strings.TrimFunc(title+text, func(r rune) bool { _, c := look(r); return r <= ' ' || r == 0xa0 || r == 0x3000 || c == ignored }) != "" {
			t.Fatal("a text was not seen")
		}
		enc := s.append([]byte("x"))[1:]
		back, err := decodeSet(enc)
		if err != nil || setSize(enc) != int64(len(enc)) || fmt.Sprint(back) != fmt.Sprint(s) {
			t.Fatalf("set does not survive encoding: %v", err)
		}
		if o := Compare(s, back); !blank && o.Jaccard != 1 {
			t.Fatalf("a text is unlike itself: %+v", o)
		}
	})
}

func FuzzPrint(f *testing.F) {
	f.Add("題", "國家圖書館 2024")
	f.Add("", "\xff\xe4\xb8")
	f.Fuzz(func(t *testing.T, title, text string) {
		if first, again := Print(title, text), Print(title, text); first != again {
			t.Fatal("not a function")
		}
		a := NewSet(title, text, [16]byte{}, "")
		if o := Compare(a, a); len(a.Shingles) > 0 && o.Jaccard != 1 {
			t.Fatalf("%+v", o)
		}
	})
}

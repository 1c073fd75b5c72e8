package repeat

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/corpus/prose"
)

func para(texts ...string) []prose.Block {
	var blocks []prose.Block
	for _, t := range texts {
		blocks = append(blocks, prose.Block{Text: t})
	}
	return blocks
}

// show writes the pieces of one block, compounds left out: s, u or # for the kind, o for one without letters.
func show(text string, kind prose.Kind) []string {
	var out []string
	for _, p := range Pieces(nil, []prose.Block{{Kind: kind, Text: text}}) {
		sign := [...]string{"s", "u", "#", ""}[p.Kind]
		if p.Kind == Compound {
			continue
		}
		if p.Key == 0 {
			sign = "o"
		}
		out = append(out, sign+" "+text[p.Start:p.End])
	}
	return out
}

func TestPieces(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"一句話", []string{"s 一句話"}},
		{"第一句。第二句！”第三句？", []string{"s 第一句。", "s 第二句！”", "s 第三句？"}},
		{"真的？！！ 是…… 好", []string{"s 真的？！！", "s 是……", "s 好"}},
		{"One sentence. Another one! A third", []string{"s One sentence.", "s Another one!", "s A third"}},
		{"Version 1.2 of example.org is out", []string{"s Version 1.2 of example.org is out"}},
		{"1. first", []string{"s 1. first"}},
		{"等等...喜歡請訂閱", []string{"s 等等...", "s 喜歡請訂閱"}},
		{"一行\n二行", []string{"s 一行", "s 二行"}},
		{"SONY FX3   Canon C70", []string{"s SONY FX3", "s Canon C70"}},
		{"https://bit.ly/2YsRD8D哈嘍，大家好！", []string{"u https://bit.ly/2YsRD8D", "s 哈嘍，大家好！"}},
		{"見：http://a.example/b?c=d#e，謝謝", []string{"s 見：", "u http://a.example/b?c=d#e", "s ，謝謝"}},
		{"了解一座城市，新頻道：https://a.example/x", []string{"s 了解一座城市，", "s 新頻道：", "u https://a.example/x"}},
		{"my channel : http://a.example/x", []string{"s my channel :", "u http://a.example/x"}},
		{"(see www.example.org).", []string{"s (see", "u www.example.org", "o )."}},
		{"https://en.wikipedia.org/wiki/Go_(game)", []string{"u https://en.wikipedia.org/wiki/Go_(game)"}},
		{"https://a.example/xhttps://b.example/y", []string{"u https://a.example/x", "u https://b.example/y"}},
		{"https://web.example/save/https://b.example/", []string{"u https://web.example/save/https://b.example/"}},
		{"https://a.example/x=====字", []string{"u https://a.example/x", "o =====", "s 字"}},
		{"#三農#攝影 期待", []string{"# #三農", "# #攝影", "s 期待"}},
		{"C# and #1 and # alone", []string{"s C# and #1 and # alone"}},
		{"謝謝🙏！新頻道：", []string{"s 謝謝🙏！", "s 新頻道："}},
		{"上----------下", []string{"s 上", "o ----------", "s 下"}},
		{"———", []string{"o ———"}},
		{"यह एक वाक्य है। दूसरा", []string{"s यह एक वाक्य है।", "s दूसरा"}},
		{"\xff\xfe字", []string{"s \xff\xfe字"}},
	} {
		if got := show(test.text, prose.Paragraph); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
	for text, want := range map[string][]string{
		"- 一。二。":       {"s 一。", "s 二。"},
		"  12. second": {"s second"},
		"12.5 percent": {"s 12.5 percent"},
	} {
		if got := show(text, prose.Item); !slices.Equal(got, want) {
			t.Errorf("item %q: %q, want %q", text, got, want)
		}
	}
}

func TestPieceKeys(t *testing.T) {
	key := func(text string) uint64 { return Pieces(nil, para(text))[0].Key }
	for _, same := range [][2]string{
		{"燕京书评", "“ 燕京 书评 ”"},
		{"Follow us", "FOLLOW US:"},
		{"ＡＢＣ１２３", "abc123"},
		{"甲。乙。", "甲！ 乙"}, // the compounds
	} {
		if key(same[0]) != key(same[1]) {
			t.Errorf("%q and %q have two keys", same[0], same[1])
		}
	}
	for _, differ := range [][2]string{{"甲", "乙"}, {"#tag", "tag"}, {"1", "2"}, {"甲。乙。", "甲乙"}} {
		if key(differ[0]) == key(differ[1]) {
			t.Errorf("%q and %q have one key", differ[0], differ[1])
		}
	}
	if whole := Pieces(nil, para("甲。乙。")); whole[0].Kind != Compound || whole[0].Key != blockKey("甲。乙。") || len(whole) != 3 {
		t.Errorf("a block of two pieces: %+v", whole)
	}
	if one := Pieces(nil, para("甲。……")); len(one) != 1 || !one[0].Whole || one[0].Key != textKey("甲。") {
		t.Errorf("a block of one piece: %+v", one)
	}
}

func TestManyPieces(t *testing.T) {
	long := strings.Repeat("字。", 3*maxPieces)
	d := Doc{Source: "s", Author: "a", Blocks: para(long, long, "尾")}
	pieces := Pieces(nil, d.Blocks)
	if len(pieces) != maxPieces+4 || pieces[len(pieces)-1].Weight != 2 || pieces[len(pieces)-2].Weight != 6*maxPieces {
		t.Errorf("%d pieces", len(pieces))
	}
	if n := len(Keys(nil, &d)) / KeyLen; n > 2*maxPieces+10 {
		t.Errorf("%d keys", n)
	}
}

func FuzzPieces(f *testing.F) {
	for _, s := range []string{"", "一。二！", "#a#b https://x.example/ y", "1. 2. 3.", "www.www.http://", "a\n\n----b", "…”』\u200d🙏🙏", "謝❤️謝1️⃣", "\xf0\x90"} {
		f.Add(s, uint8(0))
		f.Add("- "+s, uint8(prose.Item))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		block := prose.Block{Kind: prose.Kind(kind % 7), Text: text}
		pieces := Pieces(nil, []prose.Block{block})
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if fold(r) == 0 {
					return -1
				}
				return r
			}, s)
		}
		end, number := 0, int32(0)
		var all strings.Builder
		for i, p := range pieces {
			if own := text[p.Start:p.End]; (p.Whole || p.Kind == Compound) && blockKey(own) != p.Key {
				t.Fatalf("block %q has another key by itself", own)
			}
			if p.Kind == Compound {
				if i != 0 {
					t.Fatalf("a compound in the middle: %+v", pieces)
				}
				continue
			}
			if int(p.Start) < end || p.End <= p.Start || int(p.End) > len(text) {
				t.Fatalf("piece %+v after byte %d of %q", p, end, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[p.Start:p.End]) {
				t.Fatalf("piece %q is no text", text[p.Start:p.End])
			}
			end = int(p.End)
			if p.Key != 0 {
				if p.Number != number {
					t.Fatalf("piece %+v, want number %d", p, number)
				}
				number++
			}
			want := textKey(text[p.Start:p.End]) // what a saved rule of this text looks for
			if p.Kind == Hashtag {
				want = hashtagKey(text[p.Start:p.End])
			}
			if p.Key != want {
				t.Fatalf("key %x of %q, want %x", p.Key, text[p.Start:p.End], want)
			}
			if (p.Key != 0) != (letters(text[p.Start:p.End]) != "") {
				t.Fatalf("key %x of %q", p.Key, text[p.Start:p.End])
			}
			all.WriteString(letters(text[p.Start:p.End]))
		}
		marker := 0
		if block.Kind == prose.Item {
			marker = markerLen(text)
		}
		if got, want := all.String(), letters(text[marker:]); got != want {
			t.Fatalf("letters %q of %q", got, want)
		}
		blocks := []prose.Block{block}
		if c := Clean(&Doc{Source: "s", Blocks: blocks}, nil); !slices.Equal(c.Blocks, blocks) || c.Removed != nil {
			t.Fatalf("cleaned without a hit: %+v", c)
		}
	})
}

// benchText is Chinese prose of about 100 kB with some Latin words and URLs.
func benchText() []prose.Block {
	const one = "期待影像能為將來保留文獻，給人們帶來更多的意義與思考。2019年7月，Twitter 對其界面和整體用戶體驗進行了一些更新，" +
		"詳見 https://example.org/news/2019?id=12 。他們在後臺更改了許多內容，這使得調查人員的體驗變得很糟糕！"
	var blocks []prose.Block
	for range 400 {
		blocks = append(blocks, prose.Block{Text: one})
	}
	return blocks
}

func BenchmarkPieces(b *testing.B) {
	blocks := benchText()
	b.SetBytes(int64(len(prose.Render(blocks))))
	b.ReportAllocs()
	var pieces []Piece
	for b.Loop() {
		pieces = Pieces(pieces[:0], blocks)
	}
}

func BenchmarkPiecesLatin(b *testing.B) {
	blocks := para(strings.Repeat("The build reads a folder of articles, and writes a data set which people can load. ", 1000))
	b.SetBytes(int64(len(blocks[0].Text)))
	b.ReportAllocs()
	var pieces []Piece
	for b.Loop() {
		pieces = Pieces(pieces[:0], blocks)
	}
}

func BenchmarkKeys(b *testing.B) {
	d := Doc{Source: "source", Author: "author", Title: "title", Blocks: benchText()}
	b.SetBytes(int64(len(prose.Render(d.Blocks))))
	b.ReportAllocs()
	var keys []byte
	for b.Loop() {
		keys = Keys(keys[:0], &d)
	}
}

func TestOnlyTags(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "♥": false, "#河岸 #橋 https://example.org/a": true, "#河岸#橋 ♥": true, "#river": true,
		"https://example.org": false, "#river it rose": false, "#5 of the list": false,
	} {
		if got := OnlyTags([]prose.Block{{Text: text}}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

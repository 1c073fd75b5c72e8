package repeat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/prose"
)

// The collections of this file are of kinds that the thresholds were not measured on. Each block says what is to become
// of it: kept, cut, or either, where an editor could do both.
type fate uint8

const (
	kept fate = iota
	cut
	either
)

type piece struct {
	fate fate
	prose.Block
}

func stays(b prose.Block) piece { return piece{kept, b} }
func goes(b prose.Block) piece  { return piece{cut, b} }
func may(b prose.Block) piece   { return piece{either, b} }

// writer makes sentences that nobody else has written.
type writer struct {
	r     *rand.Rand
	words []string
	join  string // between words
	end   string // of a sentence
}

func newWriter(seed int, words, join, end string) *writer {
	return &writer{rand.New(rand.NewPCG(uint64(seed), 11)), strings.Fields(words), join, end}
}

func (w *writer) sentence() string {
	var s []string
	for range 9 + w.r.IntN(9) {
		s = append(s, w.words[w.r.IntN(len(w.words))])
	}
	return strings.Join(s, w.join) + w.end
}

func (w *writer) paragraph() piece {
	s := []string{w.sentence(), w.sentence(), w.sentence()}
	gap := " "
	if w.join == "" {
		gap = ""
	}
	return stays(prose.Block{Text: strings.Join(s, gap)})
}

const (
	english  = "river bridge council water north paper engineer morning price school letter winter road mayor plan number field harbour train tower market garden window answer question summer report stone village captain under over after before with without heard found built sold asked said wrote left"
	japanese = "川 橋が 市長は 水を 朝から 冬の 町で 話を 聞いた あとで 古い 道に 沿って 歩き 駅前の 店で 新しい 本を 読み 夏の 港へ 出かけ 静かな 庭を 眺めながら 考えて いた 友人と 写真を 撮り 夕方の 風が 吹くと 帰り道を 急いだ"
	korean   = "강이 다리를 시장은 물을 아침부터 겨울의 마을에서 이야기를 들은 뒤 오래된 길을 따라 걸으며 역 앞 가게에서 새로운 책을 읽고 여름의 항구로 나가 조용한 정원을 바라보며 생각하고 있었다 친구와 사진을 찍고 저녁 바람이 불자 서둘러 돌아왔다"
)

func item(text string) prose.Block {
	return prose.Block{Kind: prose.Item, Tight: true, Text: "- " + text}
}
func row(text string) prose.Block { return prose.Block{Kind: prose.Row, Tight: true, Text: text} }

// kinds are the collections: of each, the article with number i.
var kinds = []struct {
	name     string
	articles int
	source   string
	author   func(i int) string
	body     func(i int) []piece
}{
	{"a letter by mail", 60, "The River Letter", func(int) string { return "Jane Roe" }, func(i int) []piece {
		w := newWriter(i, english, " ", ".")
		return []piece{
			goes(p("You are reading the River Letter, which goes out to members every Friday morning.")),
			w.paragraph(), w.paragraph(),
			stays(h("What to read")),
			stays(item(w.sentence())), stays(item(w.sentence())),
			stays(h("One number")),
			stays(p(fmt.Sprintf("%d: %s", 1000+37*i, w.sentence()))),
			goes(p("You receive this because you signed up at our site. Unsubscribe or change what you get at any time.")),
			goes(p("River Letter, 1 Bridge Street, Exampletown")),
		}
	}},
	{"a diary of a blog", 80, "川辺の日記", func(int) string { return "川辺" }, func(i int) []piece {
		w := newWriter(1000+i, japanese, "", "。")
		out := []piece{may(p("こんにちは、川辺です。")), w.paragraph(), w.paragraph()}
		if i%3 == 0 {
			out = append(out, stays(h("今日のひとこと")), w.paragraph())
		}
		if i%4 == 0 {
			out = append(out, stays(p("楽しい一日でした。")), w.paragraph())
		}
		return append(out, goes(p("ランキングに参加しています。応援クリックをお願いします。")), goes(p("https://ranking.example/click?id=77")))
	}},
	{"a newspaper with many reporters", 120, "강변일보", func(i int) string { return fmt.Sprintf("기자%d", i%40) }, func(i int) []piece {
		w := newWriter(2000+i, korean, " ", ".")
		out := []piece{w.paragraph()}
		if i%5 == 0 {
			out = append(out, stays(h("주요 내용")))
		}
		out = append(out, w.paragraph(), w.paragraph())
		if i%6 == 0 {
			out = append(out, stays(p(w.sentence()+" 경찰은 정확한 사고 원인을 조사하고 있다. "+w.sentence())))
		}
		return append(out, goes(p("강변일보의 모든 기사는 저작권의 보호를 받으며 무단으로 옮겨 실을 수 없습니다")))
	}},
	{"a forum", 300, "forum.example", func(i int) string { return fmt.Sprintf("user%d", i%12) }, func(i int) []piece {
		w := newWriter(3000+i, english, " ", ".")
		out := []piece{}
		if i%4 == 0 {
			out = append(out, stays(p(fmt.Sprintf("user%d wrote:", (i+5)%12))), stays(prose.Block{Kind: prose.Quote, Text: w.sentence()}))
		}
		if i%7 == 0 {
			out = append(out, stays(p("I have the same problem here. "+w.sentence())))
		}
		if i%9 == 0 {
			out = append(out, stays(p(w.sentence()+" Thanks in advance for any help.")))
		}
		out = append(out, w.paragraph())
		if i%12 == 3 {
			out = append(out, goes(p("Sent from my telephone, please excuse the brevity of what I write")))
		}
		return out
	}},
	{"a daily brief by a template", 90, "Example Markets", func(int) string { return "" }, func(i int) []piece {
		w := newWriter(4000+i, english, " ", ".")
		move := []string{"The dollar rose against most of the major currencies.", "The dollar fell against most of the major currencies.", "The dollar hardly moved against the major currencies."}[w.r.IntN(3)]
		return []piece{
			stays(p(fmt.Sprintf("The dollar closed at %d.%03d on Tuesday, %d points from the day before. %s The turnover was %d million.", 30+w.r.IntN(3), w.r.IntN(1000), w.r.IntN(90), move, 100+w.r.IntN(900)))),
			stays(h("Currencies")),
			stays(row("Currency | Buying | Selling")),
			stays(row(fmt.Sprintf("Yen | %d | %d", w.r.IntN(100000), w.r.IntN(100000)))),
			stays(row(fmt.Sprintf("Euro | %d | %d", w.r.IntN(100000), w.r.IntN(100000)))),
			stays(h("Comment")),
			w.paragraph(),
			goes(p("Prices are delayed by fifteen minutes and are given without any warranty.")),
		}
	}},
	{"a column in parts", 40, "河岸周刊", func(int) string { return "" }, func(i int) []piece {
		zh := story(5000+i, 5)
		out := []piece{stays(zh[0]), stays(h("本周语录")), stays(zh[1]), stays(h("读者来信")), stays(zh[2]), stays(zh[3]), stays(h("编后")), stays(zh[4])}
		return append(out, goes(p("本刊每周五出版，欢迎来信：letters@example.org")))
	}},
	{"a source of few articles", 4, "small.example", func(int) string { return "" }, func(i int) []piece {
		return []piece{newWriter(6000+i, english, " ", ".").paragraph(), stays(p("All of our four articles end with this line, and nobody can know why."))}
	}},
}

func TestOtherKinds(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			var docs []Doc
			var parts [][]piece
			for i := range k.articles {
				body := k.body(i)
				d := Doc{Source: k.source, Author: k.author(i), Title: fmt.Sprintf("%s %d", k.name, i)}
				for _, b := range body {
					d.Blocks = append(d.Blocks, b.Block)
				}
				docs, parts = append(docs, d), append(parts, body)
			}
			got := run(t, docs, nil, nil, 0)
			wrong := map[string]int{}
			for i, c := range got.docs {
				left := texts(c.Blocks)
				for _, b := range parts[i] {
					here := slices.Contains(left, b.Text)
					switch {
					case b.fate == kept && !here:
						wrong["lost: "+b.Text]++
					case b.fate == cut && here:
						wrong["left: "+b.Text]++
					}
				}
			}
			for what, n := range wrong {
				t.Errorf("%d times: %s", n, what)
			}

			// Whatever the order, and with each article saved ten times over.
			order := rand.New(rand.NewPCG(1, 2)).Perm(len(docs))
			if again := run(t, docs, order, nil, 0); !slices.EqualFunc(again.docs, got.docs, equalCleaned) {
				t.Error("another order of the documents changed what is cut")
			}
			var many []Doc
			for range 10 {
				many = append(many, docs...)
			}
			if again := run(t, many, nil, nil, 0); !slices.EqualFunc(again.docs[:len(docs)], got.docs, func(a, b Cleaned) bool { return text(a) == text(b) }) {
				t.Error("articles that were saved ten times changed what is cut")
			}
		})
	}
}

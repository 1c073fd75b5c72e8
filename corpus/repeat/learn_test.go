package repeat

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/prose"
	"pgregory.net/rapid"
)

// learned is what a collection comes to.
type learned struct {
	docs []Cleaned
	rows []Row
}

// run cleans docs by what they teach or, where saved is given, by saved rules. The documents are added in this order,
// which must not matter, and have the numbers of their places in docs.
func run(t testing.TB, docs []Doc, order []int, saved []Row, memory int64) learned {
	t.Helper()
	dir := t.TempDir()
	l := NewLearner(Options{Dir: dir, Memory: memory})
	defer l.Close()
	for i := range docs {
		if order != nil {
			i = order[i]
		}
		if err := l.Add(int64(i), Keys(nil, &docs[i])); err != nil {
			t.Fatal(err)
		}
	}
	var cuts *Cuts
	var err error
	if saved == nil {
		cuts, err = l.Learn()
	} else {
		cuts, err = l.Use(rowsOf(saved))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cuts.Close()
	var out learned
	for i := range docs {
		hits, err := cuts.Of(int64(i))
		if err != nil {
			t.Fatal(err)
		}
		c := Clean(&docs[i], hits)
		out.rows = append(out.rows, c.Rows...)
		out.docs = append(out.docs, c)
	}
	slices.SortFunc(out.rows, compareRows)
	return out
}

func rowsOf(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func compareRows(a, b Row) int {
	return strings.Compare(fmt.Sprintf("%#v", a), fmt.Sprintf("%#v", b))
}

func text(c Cleaned) string { return prose.Render(c.Blocks) }

// story returns n paragraphs that no other story has.
func story(seed, n int) []prose.Block {
	r := rand.New(rand.NewPCG(uint64(seed), 7))
	var blocks []prose.Block
	for range n {
		var s strings.Builder
		for range 3 {
			for range 15 + r.IntN(20) {
				s.WriteRune(0x4e00 + rune(r.IntN(3000)))
			}
			s.WriteString("。")
		}
		blocks = append(blocks, prose.Block{Text: s.String()})
	}
	return blocks
}

func with(blocks []prose.Block, more ...prose.Block) []prose.Block {
	return append(slices.Clip(blocks), more...)
}

// stories are n documents of one source, each with the blocks that add returns behind its story.
func stories(source string, n int, add func(i int) []prose.Block) []Doc {
	var docs []Doc
	for i := range n {
		docs = append(docs, Doc{Source: source, Title: fmt.Sprintf("第%d篇", i), Blocks: with(story(len(source)*1000+i, 6), add(i)...)})
	}
	return docs
}

func p(text string) prose.Block { return prose.Block{Text: text} }
func h(text string) prose.Block { return prose.Block{Kind: prose.Heading, Text: text} }

func TestLearn(t *testing.T) {
	every := func(k int, blocks ...prose.Block) func(int) []prose.Block {
		return func(i int) []prose.Block {
			if i%k == 0 {
				return blocks
			}
			return nil
		}
	}
	const follow = "請關注我們的微信公眾號，每天收到最新的消息"
	for _, test := range []struct {
		name string
		docs []Doc
		want []string // of the text of the first document: what follows its story
		rows int
	}{
		{"a footer in every article", stories("s", 30, every(1, p(follow))), nil, 1},
		{"in a third", stories("s", 30, every(3, p(follow))), nil, 1},
		{"in a tenth, at the tail and short", stories("s", 60, every(10, p("未完待續"))), nil, 1},
		{"in a tenth, before more text", stories("s", 60, func(i int) []prose.Block {
			if i%10 == 0 {
				return with([]prose.Block{p("最後")}, story(9000+i, 1)...)
			}
			return nil
		}), []string{"最後", story(9000, 1)[0].Text}, 0},
		{"too few articles", stories("s", 4, every(1, p(follow))), []string{follow}, 0},
		{"a heading with text behind it", stories("s", 30, func(i int) []prose.Block { return with([]prose.Block{h("總結")}, story(9000+i, 1)...) }), []string{"總結", story(9000, 1)[0].Text}, 0},
		{"a heading with nothing behind it but a footer", stories("s", 30, every(1, h("關注"), p(follow))), nil, 2},
		{"a label with something behind it", stories("s", 30, func(i int) []prose.Block { return with([]prose.Block{p("參見：")}, story(9000+i, 1)...) }), []string{"參見：", story(9000, 1)[0].Text}, -1},
		{"a sentence that merely recurs", stories("s", 40, func(i int) []prose.Block {
			if i%4 == 0 {
				return []prose.Block{p(story(7000+i, 1)[0].Text + "為什麼？" + story(8000+i, 1)[0].Text), story(6000+i, 1)[0]}
			}
			return nil
		}), []string{story(7000, 1)[0].Text + "為什麼？" + story(8000, 1)[0].Text, story(6000, 1)[0].Text}, 0},
		{"a section's number", stories("s", 30, func(i int) []prose.Block { return with([]prose.Block{p("2")}, story(9000+i, 4)...) }), append([]string{"2"}, texts(story(9000, 4))...), -1},
		{"a notice amid a quarter", stories("s", 48, func(i int) []prose.Block {
			if i%4 == 0 {
				return with([]prose.Block{p("廣告")}, story(9000+i, 4)...)
			}
			return nil
		}), texts(story(9000, 4)), 1},
		{"a dateline", stories("s", 30, func(i int) []prose.Block { return with([]prose.Block{p("華盛頓 —")}, story(9000+i, 1)...) }), []string{"華盛頓 —", story(9000, 1)[0].Text}, -1},
		{"a dashed line before a footer", stories("s", 30, every(1, p("———"), p(follow))), nil, 1},
		{"a credit below pictures", stories("s", 200, func(i int) []prose.Block {
			if i%30 == 0 {
				return []prose.Block{{Kind: prose.Caption, Text: "圖：某某／某社"}, story(7000+i, 1)[0], story(8000+i, 1)[0]}
			}
			return nil
		}), []string{story(7000, 1)[0].Text, story(8000, 1)[0].Text}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, test.docs, nil, nil, 0)
			want := prose.Render(with(story(1000, 6), para(test.want...)...))
			if have := text(got.docs[0]); have != want {
				t.Errorf("text ends in %q\nwant %q", tailOf(have), tailOf(want))
			}
			if test.rows >= 0 && len(got.rows) != test.rows {
				t.Errorf("rules %v, want %d", got.rows, test.rows)
			}
			for i, c := range got.docs {
				if !strings.HasPrefix(text(c), prose.Render(story(1000+i, 6))) {
					t.Errorf("document %d lost some of its story", i)
				}
			}
		})
	}
}

func texts(blocks []prose.Block) []string {
	var out []string
	for _, b := range blocks {
		out = append(out, b.Text)
	}
	return out
}

func tailOf(s string) string { return s[max(0, len(s)-150):] }

func TestOneStoryTeachesNothing(t *testing.T) {
	docs := stories("s", 25, func(int) []prose.Block { return nil })
	for i := range 12 { // one story, saved again and again: other addresses, now and then another headline, a correction
		blocks := story(500, 12)
		if i%3 == 1 {
			blocks[5] = p("更正。" + blocks[5].Text)
		}
		title := "那個故事"
		if i >= 8 {
			title = fmt.Sprintf("那個故事，更新%d", i)
		}
		docs = append(docs, Doc{Source: "s", Title: title, Blocks: blocks})
	}
	got := run(t, docs, nil, nil, 0)
	if len(got.rows) > 0 {
		t.Errorf("rules %v", got.rows)
	}
}

func TestChannel(t *testing.T) {
	const blurb = "https://bit.ly/2Ys哈嘍，大家好！我是某某！我拍攝的視頻希望能給大家帶來貢獻，成為後人的歷史參考。喜歡我的視頻記得評論哦！#某某#攝影"
	var docs []Doc
	for i := range 60 {
		d := Doc{Source: "平臺", Author: "某某", Title: fmt.Sprintf("視頻%d", i), Blocks: para(blurb)}
		if i%4 == 0 {
			d.Blocks = para(fmt.Sprintf("今天第%d次去海邊看日出。", i) + blurb)
		}
		docs = append(docs, d)
	}
	for i := range 400 { // others on the platform
		docs = append(docs, Doc{Source: "平臺", Author: fmt.Sprint("某人", i), Title: fmt.Sprint("別的", i), Blocks: story(i, 2)})
	}
	got := run(t, docs, nil, nil, 0)
	for i, c := range got.docs[:60] {
		want := ""
		if i%4 == 0 {
			want = fmt.Sprintf("今天第%d次去海邊看日出。", i)
		}
		if text(c) != want {
			t.Errorf("video %d: %q, want %q", i, text(c), want)
		}
	}
	for i, c := range got.docs[60:] {
		if text(c) != prose.Render(docs[60+i].Blocks) {
			t.Errorf("document %d lost %v", 60+i, c.Removed)
		}
	}
}

func TestNoSource(t *testing.T) {
	docs := stories("", 30, func(int) []prose.Block { return para("請關注我們的微信公眾號") })
	for i := range docs {
		docs[i].Title += " - 某報"
		docs[i].Dates = SaysDayFirst | NeedsOrder
	}
	got := run(t, docs, nil, nil, 0)
	for i, c := range got.docs {
		if text(c) != prose.Render(docs[i].Blocks) || c.Title != docs[i].Title || c.Order != OrderUnknown || got.rows != nil {
			t.Fatalf("%+v", c)
		}
	}
}

func TestTitles(t *testing.T) {
	tails := func(format string, n int) []Doc {
		var docs []Doc
		for i := range n {
			docs = append(docs, Doc{Source: "某源", Title: fmt.Sprintf(format, i), Blocks: story(i, 2)})
		}
		return docs
	}
	for _, test := range []struct {
		docs       []Doc
		title, row string
	}{
		{tails("新聞%d - iYouPort", 20), "新聞0", " - iYouPort"},
		{tails("新聞%d_國際_新浪", 20), "新聞0", "_國際_新浪"},
		{tails("新聞%d｜某報", 20), "新聞0", "｜某報"},
		{tails("新聞%d——某報", 20), "新聞0", "——某報"},
		{tails("新聞%d | 某報", 4), "新聞0 | 某報", ""},
		{tails("新聞%d | 某源", 2), "新聞0", ""},
		{tails("新聞-某報%d", 20), "新聞-某報0", ""},
		{append(tails("新聞%d - 專題", 6), tails("別的%d", 40)...), "新聞0 - 專題", ""},
		{tails("%d", 20), "0", ""},
	} {
		got := run(t, test.docs, nil, nil, 0)
		if c := got.docs[0]; c.Title != test.title {
			t.Errorf("%q: title %q, want %q", test.docs[0].Title, c.Title, test.title)
		}
		found := slices.ContainsFunc(got.rows, func(r Row) bool { return r.Kind == KindTitleSuffix && r.Text == test.row })
		if found != (test.row != "") {
			t.Errorf("%q: rules %v", test.docs[0].Title, got.rows)
		}
	}
}

func TestDateOrder(t *testing.T) {
	dates := func(ds ...Dates) []Doc {
		var docs []Doc
		for i, d := range ds {
			docs = append(docs, Doc{Source: "s", Title: fmt.Sprint(i), Blocks: story(i, 1), Dates: d})
		}
		return docs
	}
	for _, test := range []struct {
		docs []Doc
		want Order
	}{
		{dates(NeedsOrder, SaysDayFirst), DayFirst},
		{dates(NeedsOrder, SaysMonthFirst, SaysMonthFirst), MonthFirst},
		{dates(NeedsOrder, SaysMonthFirst, SaysDayFirst), OrderUnknown},
		{dates(NeedsOrder, SaysMonthFirst|SaysDayFirst), OrderUnknown},
		{dates(NeedsOrder, NeedsOrder), OrderUnknown},
	} {
		got := run(t, test.docs, nil, nil, 0)
		again := run(t, test.docs[:1], nil, slices.Concat(got.rows, []Row{{Kind: "other"}}), 0)
		if got.docs[0].Order != test.want || again.docs[0].Order != test.want {
			t.Errorf("%v: %v and %v, want %v", test.docs, got.docs[0].Order, again.docs[0].Order, test.want)
		}
	}
}

// collections draws collections that hold what the rules are about: few sentences that recur in all kinds of place.
func collections(rt *rapid.T) []Doc {
	common := []string{"請關注我們的微信公眾號，收到消息。", "為什麼？", "未完待續", "https://t.example/x", "#標籤", "最後", "The Associated Press contributed to this report.",
		"參見：", "———", "我是某某！", "攝影記者某某。", "1", "喜歡我的視頻記得評論哦！"}
	var docs []Doc
	for i := range rapid.IntRange(1, 60).Draw(rt, "documents") {
		d := Doc{Source: rapid.SampledFrom([]string{"a", "a", "a", "b", ""}).Draw(rt, "source"), Author: rapid.SampledFrom([]string{"", "x", "y", "a"}).Draw(rt, "author")}
		d.Title = fmt.Sprint("題", i) + rapid.SampledFrom([]string{"", " - 某報", "_某報", " | 某台 | 某報"}).Draw(rt, "suffix")
		d.Dates = Dates(rapid.IntRange(0, 7).Draw(rt, "dates"))
		for range rapid.IntRange(0, 6).Draw(rt, "blocks") {
			var s strings.Builder
			for range rapid.IntRange(1, 3).Draw(rt, "pieces") {
				if rapid.IntRange(0, 2).Draw(rt, "own") == 0 {
					s.WriteString(story(i, 1)[0].Text[:rapid.IntRange(1, 30).Draw(rt, "long")*3] + "。")
				} else {
					s.WriteString(rapid.SampledFrom(common).Draw(rt, "common"))
				}
			}
			d.Blocks = append(d.Blocks, prose.Block{Kind: prose.Kind(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 4}).Draw(rt, "kind")), Text: s.String()})
		}
		docs = append(docs, d)
	}
	return docs
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := collections(rt)
		got := run(t, docs, nil, nil, 0)

		order := rapid.Permutation(indexes(len(docs))).Draw(rt, "order")
		if other := run(t, docs, order, nil, 1); !slices.EqualFunc(got.docs, other.docs, equalCleaned) {
			rt.Fatal("the order in which documents come, or the memory, changes the cuts")
		}

		// The saved rules, in any order, make the same cuts of the whole and of a part.
		saved := append([]Row{{Kind: KindSentence, Source: "a", Text: "!"}}, got.rows...)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(saved), func(i, j int) { saved[i], saved[j] = saved[j], saved[i] })
		again := run(t, docs, nil, saved, 0)
		part := rapid.IntRange(0, len(docs)-1).Draw(rt, "part")
		small := run(t, docs[part:], nil, saved, 0)
		for i := range docs {
			a, b := got.docs[i], again.docs[i]
			a.Rows = nil
			if a.Order != b.Order && docs[i].Dates&NeedsOrder == 0 {
				a.Order = b.Order // the document that shows the rule has it too
			}
			if !equalCleaned(a, b) {
				rt.Fatalf("document %d %v\nlearned: %v\nsaved:   %v\nrules %v", i, docs[i].Blocks, a, b, got.rows)
			}
			if i >= part && !equalCleaned(b, small.docs[i-part]) {
				rt.Fatalf("document %d is cut otherwise in a small collection", i)
			}
		}

		// A copy of a document teaches nothing.
		copies := slices.Clone(docs)
		which := rapid.IntRange(0, len(docs)-1).Draw(rt, "copied")
		for range 10 {
			copies = append(copies, docs[which])
		}
		if more := run(t, copies, nil, nil, 0); !slices.Equal(got.rows, more.rows) {
			rt.Fatalf("copies of %v teach: %v\nwithout: %v", docs[which].Blocks, more.rows, got.rows)
		}

		// What is left and what was removed are the letters that were there.
		for i, c := range got.docs {
			var removed strings.Builder
			for _, r := range c.Removed {
				if r.Rule != RuleSuffix {
					removed.WriteString(r.Text)
				}
			}
			if a, b := sortedLetters(prose.Render(docs[i].Blocks)), sortedLetters(text(c)+removed.String()); a != b {
				rt.Fatalf("document %d: %v became %v and %v", i, docs[i].Blocks, c.Blocks, c.Removed)
			}
			for _, b := range c.Blocks {
				if b.Text == "" || strings.TrimSpace(b.Text) != b.Text && b.Kind != prose.Item {
					rt.Fatalf("document %d: block %q", i, b.Text)
				}
			}
		}
	})
}

func indexes(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func equalCleaned(a, b Cleaned) bool { return reflect.DeepEqual(a, b) }

// sortedLetters leaves out the marker of items, which goes with the last of their text.
func sortedLetters(s string) string {
	var l []rune
	for _, r := range s {
		if fold(r) != 0 {
			l = append(l, r)
		}
	}
	slices.Sort(l)
	return string(l)
}

func TestTableAndCode(t *testing.T) {
	docs := stories("s", 30, func(i int) []prose.Block {
		return []prose.Block{
			{Kind: prose.Row, Text: "貨幣 | 買入價 | 賣出價，以新臺幣計"}, {Kind: prose.Row, Tight: true, Text: fmt.Sprintf("美元 | %d | %d", i, i+1)},
			{Kind: prose.Code, Text: fmt.Sprintf("import everything from somewhere\n\nrun(%d)", i)},
			{Kind: prose.Row, Text: "本站 | 請關注我們的微信公眾號"}, {Kind: prose.Row, Tight: true, Text: "每天 | 收到最新的消息和最好的文章"},
		}
	})
	for i, c := range run(t, docs, nil, nil, 0).docs {
		if want := docs[i].Blocks[:len(docs[i].Blocks)-2]; !reflect.DeepEqual(c.Blocks, want) {
			t.Fatalf("%v\nwant %v", c.Blocks, want)
		}
	}
}

func TestByline(t *testing.T) {
	body := story(1, 4)
	doc := func(blocks ...prose.Block) Doc { return Doc{Source: "s", Author: "余某某", Blocks: blocks} }
	for _, test := range []struct {
		doc  Doc
		want int // block that is cut, or -1
	}{
		{doc(with([]prose.Block{p("余某某")}, body...)...), 0},
		{doc(with([]prose.Block{p("文/"), p("余某某")}, body...)...), 1},
		{doc(with([]prose.Block{h("余某某")}, body...)...), -1},
		{doc(p("余某某"), p("一句話")), -1},
		{doc(with(body, p("余某某"))...), -1},
	} {
		want := slices.Clone(test.doc.Blocks)
		if test.want >= 0 {
			want = slices.Delete(want, test.want, test.want+1)
		}
		if c := Clean(&test.doc, nil); !slices.Equal(c.Blocks, want) {
			t.Errorf("%v became %v", test.doc.Blocks, c.Blocks)
		}
	}
}

func TestOf(t *testing.T) {
	l := NewLearner(Options{Dir: t.TempDir()})
	defer l.Close()
	docs := stories("s", 30, func(int) []prose.Block {
		return para("請關注我們的微信公眾號，每天收到最新的消息")
	})
	for i := range docs {
		if err := l.Add(int64(2*i), Keys(nil, &docs[i])); err != nil {
			t.Fatal(err)
		}
	}
	cuts, err := l.Learn()
	if err != nil {
		t.Fatal(err)
	}
	defer cuts.Close()
	for _, ask := range []struct {
		doc  int64
		hits int
	}{{0, 1}, {1, 0}, {8, 1}, {9, 0}, {58, 1}, {1000, 0}} {
		if hits, err := cuts.Of(ask.doc); err != nil || len(hits) != ask.hits {
			t.Errorf("document %d: %v %v", ask.doc, hits, err)
		}
	}
	if _, err := cuts.Of(5); err == nil {
		t.Error("asked for twice without an error")
	}
}

// BenchmarkLearn learns from 2,000 documents of 20 sources; bytes are those of their text.
func BenchmarkLearn(b *testing.B) {
	var docs []Doc
	var size int64
	for s := range 20 {
		for _, d := range stories(strings.Repeat("s", s+1), 100, func(int) []prose.Block {
			return para("請關注我們的微信公眾號，每天收到最新的消息")
		}) {
			docs = append(docs, d)
			size += int64(len(prose.Render(d.Blocks)))
		}
	}
	var keys [][]byte
	for i := range docs {
		keys = append(keys, Keys(nil, &docs[i]))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		l := NewLearner(Options{Dir: b.TempDir()})
		for i, k := range keys {
			if err := l.Add(int64(i), k); err != nil {
				b.Fatal(err)
			}
		}
		cuts, err := l.Learn()
		if err != nil {
			b.Fatal(err)
		}
		cuts.Close()
		l.Close()
	}
}

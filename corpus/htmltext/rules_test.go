package htmltext

import (
	"strings"
	"testing"

	"broadsheet/corpus/prose"
)

// The running text around the blocks of the tables: long enough to be seen as such.
const (
	runningA = "The council met on Tuesday and heard for three hours what the engineers had found under the old bridge, which was worse than feared."
	runningB = "Nobody in the hall asked what the repairs would cost, and the mayor, who had brought the figures with her, did not say."
)

// cutOf gives the rule that took a block between, before or behind the running text, or "" where it stays.
func cutOf(t *testing.T, html, text string) string {
	t.Helper()
	r := parse(html, Options{Title: "Under the bridge"})
	got := prose.Render(r.Blocks)
	for _, running := range []string{runningA, runningB} {
		if strings.Contains(html, running) && !strings.Contains(got, running) {
			t.Fatalf("%s: running text is gone: %q", html, got)
		}
	}
	for _, x := range r.Removed {
		if strings.Contains(x.Text, text) {
			return x.Rule
		}
	}
	if !strings.Contains(got, text) {
		t.Fatalf("%s: %q is neither kept nor removed: %q, %v", html, text, got, r.Removed)
	}
	return ""
}

// TestWhatGoes has lines of pages and feeds, in the languages of the tables, each where it stands in an article.
func TestWhatGoes(t *testing.T) {
	for _, c := range []struct{ text, rule, where string }{
		{"Subscribe to continue reading this story.", RulePhrase, "tail"},
		{"Already a subscriber? Log in", RulePhrase, "tail"},
		{"You have used all of your free articles this month.", RulePhrase, "tail"},
		{"订阅后可阅读全文", RulePhrase, "tail"},
		{"登入會員，繼續閱讀", RulePhrase, "tail"},
		{"この記事は会員限定です。登録すると続きをお読みいただけます。", RulePhrase, "tail"},
		{"이 기사는 유료회원 전용입니다", RulePhrase, "tail"},
		{"Il vous reste 70 % de cet article à lire.", RulePhrase, "tail"},
		{"Dieser Text ist nur für Abonnenten lesbar", RulePhrase, "tail"},
		{"未经书面授权，不得转载或复制本站内容。", RulePhrase, "tail"},
		{"© 2024 Example News. All rights reserved.", RulePhrase, "tail"},
		{"本サイトの記事・写真の無断転載を禁じます。", RulePhrase, "tail"},
		{"무단 전재 및 재배포 금지", RulePhrase, "tail"},
		{"Thanks for reading! Subscribe for free to receive new posts.", RulePhrase, "tail"},
		{"欢迎关注我们的公众号：河岸观察", RulePhrase, "tail"},
		{"Our work is free: please support our journalism.", RulePhrase, "tail"},
		{"6 min read", RulePhrase, "head"},
		{"阅读时间：约 6 分钟", RulePhrase, "head"},
		{"この記事は6分で読めます", "", "head"}, // a sentence about it stays
		{"Lesezeit: 6 Minuten", RulePhrase, "head"},
		{"Время чтения: 6 минут", RulePhrase, "head"},
		{"By Jane van der Meer and JOHN ROE", RuleByline, "head"},
		{"特约撰稿丨李河", RuleByline, "head"},
		{"5-26", RuleDate, "head"},
		{"Posted 5 January 2024", RuleDate, "tail"},
		{"2024-01-05", RuleDate, "tail"},
		{"新华社记者 李河 摄", RuleCredit, "middle"},
	} {
		block := "<p>" + c.text + "</p>"
		var html string
		switch c.where {
		case "head":
			html = block + "<p>" + runningA + "<p>" + runningB
		case "middle":
			html = "<p>" + runningA + block + "<p>" + runningB
		default:
			html = "<p>" + runningA + "<p>" + runningB + block
		}
		if got := cutOf(t, html, c.text); got != c.rule {
			t.Errorf("%s: %q went by %q, not %q", c.where, c.text, got, c.rule)
		}
	}
}

// TestWhatStays has lines that begin, end or are dated like those of a page and belong to the article.
func TestWhatStays(t *testing.T) {
	for _, text := range []string{
		"The inspectors reached the pumps without permission, and the pumps had been sold years before.",
		"他们抱怨有人未经授权进入了控制室。",
		"有专家认为，未经授权的个人声明不能代表公司。",
		"她在著作权一案中败诉，赔了三万元。",
		"本文经作者授权转载，原载于《河岸》2015年5月1日",
		"By the time the water rose",
		"— Jane Roe, 1 May 2016, on the river",
		"1. See John Roe, “Water and Stone,” The Example Review, April 1991.",
		"Using maps for small rivers, 30th October 2019",
		"6、用手机拍摄",
		"订阅制服务的收入去年翻了一番。",
		"记者：您好",
		"Subscribe rates fell by half in the year.",
		"Published works were burnt in the square.",
	} {
		for where, html := range map[string]string{
			"behind": "<p>" + runningA + "<p>" + runningB + "<p>" + text,
			"amid":   "<p>" + runningA + "<p>" + text + "<p>" + runningB,
		} {
			if got := cutOf(t, html, text); got != "" {
				t.Errorf("%s: %q went by %q", where, text, got)
			}
		}
	}
}

// TestParts has what is known by how it is built.
func TestParts(t *testing.T) {
	for _, c := range []struct{ name, html, text, rule string }{
		{"a wall", "<p>" + runningA + "<div class=PaywallBarrier__body_x1><h1>Members only</h1><div>Choose a plan</div></div><p>" + runningB, "Choose a plan", RuleBox},
		{"text behind a wall", "<p>" + runningA + "<p class=paywall>" + runningB, runningB, ""},
		{"a caption in the second row of a layout table", "<p>" + runningA + "<table><tbody><tr><td><img src=a></td></tr><tr><td><b>The bridge in spring</b></td></tr></tbody></table><p>" + runningB, "The bridge in spring", RuleBox},
		{"a table of data with a flag", "<p>" + runningA + "<table><tr><td><img src=a></td><td>North</td><td>3</td></tr><tr><td><img src=b></td><td>South</td><td>4</td></tr></table><p>" + runningB, "South | 4", ""},
		{"a caption", "<p>" + runningA + "<figure><img src=a><figcaption>The bridge in spring</figcaption></figure><p>" + runningB, "The bridge in spring", ""},
		{"what says that it is a caption", "<p>" + runningA + "<figure><img src=a><figcaption><span>Image caption, </span>The bridge in spring</figcaption></figure><p>" + runningB, "Image caption,", RulePhrase},
		{"an element for the time", "<div class=time>昨 16:20</div><p>" + runningA + "<p>" + runningB, "16:20", RuleDate},
		{"a column of dates", "<p>" + runningA + "<p>" + runningB + "<div class=date>6 May</div><p>Concert", "6 May", ""},
		{"a linked heading at the end", "<p>" + runningA + "<p>" + runningB + "<h2><a href=/x>The Example Paper</a></h2>", "The Example Paper", RuleLinks},
		{"a heading at the end", "<p>" + runningA + "<p>" + runningB + "<h2>And so to bed</h2>", "And so to bed", ""},
		{"where a feed is from", "<p>" + runningA + "<p>" + runningB + "<p>The post <a href=/a>Under the bridge</a> appeared first on <a href=/>River News</a>.", "appeared first on", RulePhrase},
		{"the same in Chinese", "<p>" + runningA + "<p>" + runningB + "<p><a href=/a>桥下</a>最先出现在<a href=/>河岸新闻</a>。", "最先出现在", RulePhrase},
		{"a related article amid the text", "<p>" + runningA + "<p><b>READ MORE:</b> <a href=/x>New bridge opens after ten years</a></p><p>" + runningB, "New bridge opens", RuleLinks},
		{"what the author recommends", "<p>" + runningA + "<p>延伸阅读：<a href=/x>《新桥开通的那一天》</a></p><p>" + runningB, "新桥开通", ""},
		{"a player", "<p>" + runningA + "<div><div>Embed<div>Auto<p>The code has been copied to your clipboard.</p><div>width</div><div>px</div></div><p>" + runningB, "px", RulePhrase},
		{"the clipboard in a text", "<p>" + runningA + "<p>Copy the address, and once it is copied to your clipboard, paste it.<p>" + runningB, "paste it", ""},
		{"a heading all of whose section went", "<p>" + runningA + "<p>" + runningB + "<h2>By mail</h2><p>Get our newsletter in your inbox.", "By mail", RuleLabel},
		{"a row of links", "<p>" + runningA + "<p>" + runningB + "<p><a href=/1>Support River News</a> | <a href=/2>Code of ethics</a> | <a href=/3>Errors and corrections</a> | <a href=/4>Contact</a>", "Contact", RuleLinks},
		{"whose picture it is, in brackets", "<p>" + runningA + "<div class=caption><span>春天的旧桥。 (法新社图片)</span></div><p>" + runningB, "春天的旧桥", RuleCredit},
		{"when it was filmed, in brackets", "<p>" + runningA + "<p>城里冷清了许多。（2022年12月拍摄）<p>" + runningB, "冷清", ""},
		{"nothing but a placeholder", "<div>Content here</div>", "Content here", RulePhrase},
		{"a placeholder's words in a text", "<div>Content here</div><p>" + runningA, "Content here", ""},
		{"who submitted it", "<p>" + runningA + "<p>" + runningB + "<p>submitted by <a href=/u>/u/x</a> <a href=/l>[link]</a> <a href=/c>[comments]</a>", "submitted by", RulePhrase},
	} {
		if got := cutOf(t, c.html, c.text); got != c.rule {
			t.Errorf("%s: went by %q, not %q", c.name, got, c.rule)
		}
	}
}

// TestNotices takes every notice by its words, at the last place where they may begin and not behind it.
func TestNotices(t *testing.T) {
	for _, g := range notices {
		words := strings.Join(g, " ")
		for _, c := range []struct {
			text string
			want bool
		}{
			{words, true},
			{strings.Repeat("x", noticeZone) + words, true},
			{strings.Repeat("x", noticeZone+1) + words, false},
			{g[0][:len(g[0])-1], false},
			{strings.Join(g[:len(g)-1], " "), false},
		} {
			if got := notice(c.text); got != c.want {
				t.Errorf("notice(%q) is %t", c.text, got)
			}
		}
	}
}

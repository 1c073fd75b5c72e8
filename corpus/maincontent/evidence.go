package maincontent

import (
	"sort"
	"strings"

	"golang.org/x/net/html/atom"

	"broadsheet/corpus/dom"
)

// cats are kinds of phrases that short texts around an article are made of.
type cats uint16

const (
	catRelated cats = 1 << iota
	catComment
	catShare
	catSubscribe
	catLegal
	catByline
	catAd
	catTags
	catPhoto
	catNav
)

// wordCats are single words, in lower case.
var wordCats = map[string]cats{
	"related": catRelated, "recommended": catRelated, "trending": catRelated, "popular": catRelated, "latest": catRelated, "more": catRelated, "also": catRelated, "similar": catRelated, "read": catRelated, "previous": catRelated, "next": catRelated, "recent": catRelated, "stories": catRelated,
	"comment": catComment, "comments": catComment, "reply": catComment, "replies": catComment, "respond": catComment, "discussion": catComment, "responses": catComment,
	"share": catShare, "tweet": catShare, "facebook": catShare, "twitter": catShare, "pinterest": catShare, "whatsapp": catShare, "linkedin": catShare, "email": catShare, "print": catShare, "telegram": catShare, "instagram": catShare, "youtube": catShare, "reddit": catShare, "follow": catShare,
	"newsletter": catSubscribe, "newsletters": catSubscribe, "subscribe": catSubscribe, "subscriber": catSubscribe, "sign": catSubscribe, "login": catSubscribe, "signup": catSubscribe, "register": catSubscribe, "subscription": catSubscribe, "inbox": catSubscribe, "account": catSubscribe,
	"copyright": catLegal, "rights": catLegal, "reserved": catLegal, "privacy": catLegal, "cookie": catLegal, "cookies": catLegal, "terms": catLegal, "disclaimer": catLegal, "policy": catLegal,
	"by": catByline, "published": catByline, "updated": catByline, "posted": catByline, "author": catByline, "written": catByline, "editor": catByline, "ago": catByline, "min": catByline,
	"advertisement": catAd, "sponsored": catAd, "ad": catAd, "ads": catAd, "promoted": catAd, "affiliate": catAd, "advertising": catAd,
	"tags": catTags, "categories": catTags, "category": catTags, "filed": catTags, "topics": catTags, "tagged": catTags,
	"photo": catPhoto, "photos": catPhoto, "image": catPhoto, "getty": catPhoto, "images": catPhoto, "credit": catPhoto, "caption": catPhoto, "photograph": catPhoto, "video": catPhoto,
	"home": catNav, "menu": catNav, "search": catNav, "contact": catNav, "about": catNav, "skip": catNav, "navigation": catNav, "toggle": catNav, "close": catNav, "back": catNav, "top": catNav,
}

// phraseCats are for languages without spaces and for phrases of several words, looked for in short texts.
var phraseCats = []struct {
	phrase string
	cats   cats
}{
	{"相关", catRelated}, {"相關", catRelated}, {"推荐", catRelated}, {"推薦", catRelated}, {"延伸阅读", catRelated}, {"延伸閱讀", catRelated}, {"关联", catRelated}, {"関連", catRelated},
	{"评论", catComment}, {"評論", catComment}, {"留言", catComment}, {"コメント", catComment}, {"댓글", catComment},
	{"分享", catShare}, {"シェア", catShare}, {"共有", catShare}, {"공유", catShare},
	{"订阅", catSubscribe}, {"訂閱", catSubscribe}, {"登录", catSubscribe}, {"登入", catSubscribe}, {"ログイン", catSubscribe},
	{"版权", catLegal}, {"版權", catLegal}, {"All rights", catLegal},
	{"作者", catByline}, {"来源", catByline}, {"來源", catByline}, {"编辑", catByline}, {"編輯", catByline},
	{"广告", catAd}, {"廣告", catAd}, {"标签", catTags}, {"標籤", catTags},
}

// evidence is what the page says about its article outside the running text.
type evidence struct {
	title string // folded
	words map[string]bool
	desc  map[string]bool
	kinds []string // what the head says of the kind of page: words of its address, its generator, types of its items
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		m[w] = true
	}
	return m
}

// gather reads the head of the page.
func gather(t *dom.Tree) *evidence {
	ev := &evidence{}
	var title, og, desc string
	kinds := map[string]bool{}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		switch n.Tag {
		case atom.Title:
			if title == "" && n.First != dom.None {
				title = t.Nodes[n.First].Text
			}
		case atom.Link:
			if strings.EqualFold(attrOf(n, "rel"), "canonical") {
				kindWords(kinds, "url:", attrOf(n, "href"))
			}
		case atom.Script:
			if n.First != dom.None && strings.Contains(attrOf(n, "type"), "ld+json") {
				itemTypes(kinds, t.Nodes[n.First].Text)
			}
		case atom.Meta:
			name := attrOf(n, "property")
			if name == "" {
				name = attrOf(n, "name")
			}
			switch strings.ToLower(name) {
			case "og:url":
				kindWords(kinds, "url:", attrOf(n, "content"))
			case "og:type":
				kindWords(kinds, "og:", attrOf(n, "content"))
			case "generator":
				name, _, _ := strings.Cut(attrOf(n, "content"), " ")
				kindWords(kinds, "by:", name)
			case "og:title":
				og = attrOf(n, "content")
			case "og:description", "description":
				if desc == "" {
					desc = attrOf(n, "content")
				}
			}
		}
	}
	if og != "" {
		title = og
	}
	for k := range kinds {
		ev.kinds = append(ev.kinds, k)
	}
	sort.Strings(ev.kinds)
	ev.title = fold(title)
	ev.words = wordSet(title)
	if len(desc) > 40 {
		ev.desc = wordSet(desc)
	}
	return ev
}

func (ev *evidence) isTitle(s string) bool {
	if len(s) > 2*len(ev.title)+16 || len(s) < 6 {
		return false
	}
	s = fold(s)
	return s == ev.title || strings.HasPrefix(ev.title, s) && len(s)*2 > len(ev.title)
}

func share(b *block, m map[string]bool) float32 {
	if len(m) == 0 || b.chars > 1200 {
		return 0
	}
	n, k := 0, 0
	for _, w := range strings.Fields(strings.ToLower(b.text)) {
		n++
		if m[w] {
			k++
		}
	}
	if n == 0 {
		return 0
	}
	return float32(k) / float32(n)
}

// kindWords adds the words of a value, of at most 20 letters, in lower case and with a prefix that says where they are from.
func kindWords(to map[string]bool, prefix, s string) {
	words := strings.FieldsFunc(strings.ToLower(s[:min(len(s), 400)]), func(c rune) bool { return c < 'a' || c > 'z' })
	for _, w := range words {
		if len(w) <= 20 {
			to[prefix+w] = true
		}
	}
}

// itemTypes adds the types that a JSON-LD script names.
func itemTypes(to map[string]bool, s string) {
	const key = `"@type"`
	for range 64 {
		i := strings.Index(s, key)
		if i < 0 {
			return
		}
		s = s[i+len(key):]
		rest := strings.TrimLeft(s[:min(len(s), 80)], " \t\r\n:[")
		if name, ok := strings.CutPrefix(rest, `"`); ok {
			if end := strings.IndexByte(name, '"'); end > 0 {
				kindWords(to, "item:", name[:end])
			}
		}
	}
}

package langid

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestIdentify(t *testing.T) {
	for _, c := range []struct{ tag, text string }{
		{"af", "Die kinders speel elke middag in die tuin agter ons huis en wil nooit inkom nie."},
		{"ar", "كان الأطفال يلعبون كل مساء في الحديقة خلف بيتنا ولا يريدون الدخول."},
		{"az-Latn", "Uşaqlar hər axşam evimizin arxasındakı bağda oynayır və içəri girmək istəmirlər."},
		{"be", "Дзеці штодня гуляюць у садзе за нашым домам і ніколі не хочуць ісці дадому."},
		{"bg", "Децата играят всяка вечер в градината зад къщата ни и никога не искат да влязат."},
		{"bn", "শিশুরা প্রতিদিন বিকেলে আমাদের বাড়ির পিছনের বাগানে খেলে।"},
		{"ca", "Els nens juguen cada tarda al jardí de darrere de casa nostra i no volen entrar mai."},
		{"cs", "Děti si každé odpoledne hrají na zahradě za naším domem a nikdy nechtějí jít dovnitř."},
		{"cy", "Mae'r plant yn chwarae bob prynhawn yn yr ardd y tu ôl i'n tŷ ni a byth eisiau dod i mewn."},
		{"da", "Børnene leger hver eftermiddag i haven bag vores hus og vil aldrig gå ind igen."},
		{"de", "Die Kinder spielen jeden Nachmittag im Garten hinter unserem Haus und wollen nie hereinkommen."},
		{"el", "Τα παιδιά παίζουν κάθε απόγευμα στον κήπο πίσω από το σπίτι μας."},
		{"en", "The children play in the garden behind our house every afternoon and never want to come in."},
		{"eo", "La infanoj ludas ĉiun posttagmezon en la ĝardeno malantaŭ nia domo kaj neniam volas eniri."},
		{"es", "Los niños juegan todas las tardes en el jardín que hay detrás de casa y nunca quieren entrar."},
		{"et", "Lapsed mängivad igal pärastlõunal meie maja taga aias ega taha kunagi sisse tulla."},
		{"eu", "Umeek arratsaldero jolasten dute gure etxearen atzeko lorategian eta ez dute inoiz sartu nahi."},
		{"fa", "بچه‌ها هر روز عصر در باغ پشت خانهٔ ما بازی می‌کنند و نمی‌خواهند داخل بیایند."},
		{"fi", "Lapset leikkivät joka iltapäivä talomme takana olevassa puutarhassa eivätkä halua tulla sisään."},
		{"fr", "Les enfants jouent chaque après-midi dans le jardin derrière notre maison et ne veulent jamais rentrer."},
		{"ga", "Bíonn na páistí ag súgradh gach tráthnóna sa ghairdín taobh thiar dár dteach."},
		{"gu", "બાળકો દરરોજ સાંજે અમારા ઘરની પાછળના બગીચામાં રમે છે."},
		{"he", "הילדים משחקים כל אחר הצהריים בגינה שמאחורי הבית שלנו ולא רוצים להיכנס."},
		{"hi", "बच्चे हर शाम हमारे घर के पीछे वाले बगीचे में खेलते हैं और अंदर नहीं आना चाहते।"},
		{"hu", "A gyerekek minden délután a házunk mögötti kertben játszanak, és sosem akarnak bejönni."},
		{"hy", "Երեխաները ամեն երեկո խաղում են մեր տան հետևի պարտեզում։"},
		{"is", "Börnin leika sér á hverjum degi í garðinum bak við húsið okkar og vilja aldrei koma inn."},
		{"it", "I bambini giocano ogni pomeriggio nel giardino dietro casa nostra e non vogliono mai rientrare."},
		{"ja", "子供たちは毎日午後になると家の裏の庭で遊び、なかなか中に入ろうとしない。"},
		{"ja", "首相、訪米し日米首脳会談へ　対中抑止の強化を確認、防衛協力の拡大も議題"},
		{"ja", "県議会本会議一般質問　財政再建と観光振興　知事答弁「実現可能」と強調、対策本部を設置"},
		{"zh-Hant", "這次申請工作簽證的心得：先到窗口領號碼，再把文件交給承辦人，上面寫著「お願いします」，等了三個星期就拿到了結果，比想像中簡單許多。"},
		{"zh-Hans", "武汉,武汉暴雨,武汉地铁,武汉现状,武汉解封,武汉大学,武汉商场,武汉消费,お久しぶり,武汉水位,武汉医院"},
		{"ja", "東京都、駅前広場の再開発計画を発表"},
		{"ka", "ბავშვები ყოველ საღამოს ჩვენი სახლის უკან ბაღში თამაშობენ."},
		{"kk-Cyrl", "Балалар күн сайын кешке біздің үйдің артындағы бақта ойнайды және үйге кіргісі келмейді."},
		{"ko", "아이들은 매일 오후 집 뒤 정원에서 놀고 들어오려 하지 않는다."},
		{"lt", "Vaikai kiekvieną popietę žaidžia sode už mūsų namo ir niekada nenori eiti į vidų."},
		{"lv", "Bērni katru pēcpusdienu rotaļājas dārzā aiz mūsu mājas un nekad negrib nākt iekšā."},
		{"mk", "Децата секое попладне си играат во градината зад нашата куќа и никогаш не сакаат да влезат."},
		{"mn-Cyrl", "Хүүхдүүд өдөр бүр манай байшингийн ард цэцэрлэгт тоглодог бөгөөд гэртээ орохыг хүсдэггүй."},
		{"mr", "मुले दररोज संध्याकाळी आमच्या घरामागील बागेत खेळतात आणि त्यांना आत यायचे नसते."},
		{"ne", "केटाकेटीहरू हरेक साँझ हाम्रो घर पछाडिको बगैंचामा खेल्छन् र भित्र आउन चाहँदैनन्।"},
		{"nb", "Barna leker hver ettermiddag i hagen bak huset vårt og vil aldri komme inn."},
		{"nl", "De kinderen spelen elke middag in de tuin achter ons huis en willen nooit naar binnen komen."},
		{"nn", "Borna leikar kvar ettermiddag i hagen bak huset vårt og vil aldri kome inn att, seier ho."},
		{"pa-Guru", "ਬੱਚੇ ਹਰ ਸ਼ਾਮ ਸਾਡੇ ਘਰ ਦੇ ਪਿੱਛੇ ਬਾਗ ਵਿੱਚ ਖੇਡਦੇ ਹਨ।"},
		{"pl", "Dzieci bawią się każdego popołudnia w ogrodzie za naszym domem i nigdy nie chcą wracać."},
		{"pt", "As crianças brincam todas as tardes no jardim atrás da nossa casa e nunca querem entrar."},
		{"ro", "Copiii se joacă în fiecare după-amiază în grădina din spatele casei noastre și nu vor să intre."},
		{"ru", "Дети каждый вечер играют в саду за нашим домом и никогда не хотят заходить внутрь."},
		{"sk", "Deti sa každé popoludnie hrajú v záhrade za naším domom a nikdy nechcú ísť dnu."},
		{"sl", "Otroci se vsako popoldne igrajo na vrtu za našo hišo in nikoli nočejo priti noter."},
		{"sq", "Fëmijët luajnë çdo pasdite në kopshtin pas shtëpisë sonë dhe nuk duan kurrë të hyjnë brenda."},
		{"sr-Cyrl", "Деца се свако поподне играју у башти иза наше куће и никада не желе да уђу."},
		{"sr-Latn", "Deca se svako popodne igraju u bašti iza naše kuće i uvek neće da uđu, kaže vlasnica ovde u Beogradu."},
		{"sv", "Barnen leker varje eftermiddag i trädgården bakom vårt hus och vill aldrig komma in."},
		{"sw", "Watoto hucheza kila alasiri katika bustani nyuma ya nyumba yetu na hawataki kuingia ndani."},
		{"ta", "குழந்தைகள் ஒவ்வொரு மாலையும் எங்கள் வீட்டின் பின்னால் உள்ள தோட்டத்தில் விளையாடுகிறார்கள்."},
		{"te", "పిల్లలు ప్రతి సాయంత్రం మా ఇంటి వెనుక తోటలో ఆడుకుంటారు."},
		{"th", "เด็กๆ เล่นในสวนหลังบ้านของเราทุกบ่าย"},
		{"tl", "Naglalaro ang mga bata tuwing hapon sa hardin sa likod ng aming bahay at ayaw pumasok."},
		{"tr", "Çocuklar her öğleden sonra evimizin arkasındaki bahçede oynuyor ve hiç içeri girmek istemiyor."},
		{"uk", "Діти щодня граються в саду за нашим будинком і ніколи не хочуть заходити всередину."},
		{"ur", "بچے ہر شام ہمارے گھر کے پیچھے باغ میں کھیلتے ہیں اور اندر نہیں آنا چاہتے۔"},
		{"vi", "Mỗi buổi chiều bọn trẻ chơi trong khu vườn sau nhà chúng tôi và không bao giờ muốn vào."},
		{"zh-Hans", "孩子们每天下午都在我们家后面的花园里玩，总是不愿意进屋。"},
		{"zh-Hant", "孩子們每天下午都在我們家後面的花園裡玩，總是不願意進屋。"},
		{"zh", "天下大同"},
		{"yue-Hant", "啲細路仔日日下晝都喺我哋屋企後面嘅花園玩，成日唔肯入嚟。"},
		{"yi", "די קינדער שפּילן זיך יעדן נאָכמיטאָג אין גאָרטן הינטער אונדזער הויז און װילן נישט אַרײַנקומען."},
		{"am", "ልጆቹ ከሰዓት በኋላ ሁልጊዜ ከቤታችን ጀርባ ባለው የአትክልት ቦታ ይጫወታሉ።"},
	} {
		if got := Identify("", c.text); got.Tag != c.tag {
			t.Errorf("%q: %+v, want %s", c.text, got, c.tag)
		}
	}
}

func TestIdentifyTogether(t *testing.T) {
	english := "The harbour has been closed since Monday, and nobody in the town hall would say when the boats may go out again. "
	french := "Le port est fermé depuis lundi, et personne à la mairie n'a voulu dire quand les bateaux pourront ressortir. "
	hans := "港口从星期一起关闭，市政府没有人愿意说明船只何时可以再次出海。"
	hant := "港口從星期一起關閉，市政府沒有人願意說明船隻何時可以再次出海。"
	for _, c := range []struct {
		name, title, text, tag string
		mixed                  bool
	}{
		{"nothing", "", "", "und", false},
		{"digits", "2024", "12:30 — 99.5 %, +1 (555) 0100", "und", false},
		{"emoji", "🤭", "🎉🎉🎉 👍", "und", false},
		{"only an address", "", "https://www.example.com/the/children/play/in/the/garden", "und", false},
		{"address before Chinese", "", "https://www.example.com/garden大家好我们开始吧", "zh-Hans", false},
		{"hashtags in Latin", "", hans + "#guangzhou #travel #vlog #streetfood #nightmarket #delicious #shopping #holiday", "zh-Hans", false},
		{"e-mail and handle", "", hant + " someone.with.a.long.name@example.com @another_long_handle", "zh-Hant", false},
		{"a name in Latin letters", "", hans + "John Smith 说。", "zh-Hans", false},
		{"title alone", "國際新聞與評論", "", "zh-Hant", false},
		{"title decides", "这里是国内新闻", "天下大同", "zh-Hans", false},
		{"both ways of writing", "", hans + hant, "zh", true},
		{"two languages", "", strings.Repeat(english, 12) + strings.Repeat(french, 7), "en", true},
		{"one language", "", strings.Repeat(english, 20), "en", false},
		{"two scripts", "", strings.Repeat(hans, 3) + english, "zh-Hans", true},
		{"one Japanese word in Chinese", "", hans + hans + "の", "zh-Hans", false},
		{"gibberish", "", "xqzkw vbnmp qqrtz wxkjh ppqzx zzkqv mnbxw qwkzj hgfxq", "und", false},
		{"ISO date and file names", "", "index.html main.go 2024-01-05T14:45:02Z foo_bar=baz", "und", false},
	} {
		got := Identify(c.title, c.text)
		if got.Tag != c.tag || got.Mixed != c.mixed {
			t.Errorf("%s: %+v, want %s, mixed %t", c.name, got, c.tag, c.mixed)
		}
	}
}

// Text in languages without a model is not given to a neighbour.
func TestIdentifyAbstains(t *testing.T) {
	for name, text := range map[string]string{
		"Kalaallisut": "Meeqqat ullut tamaasa illutta tunuani naatsiivimmi pinnguartarput isernissartillu kissaatigineq ajorlugu.",
		"Breton":      "C'hoari a ra ar vugale bep endervezh el liorzh a-dreñv d'hon ti ha ne fell ket dezho dont tre.",
		"Ossetic":     "Сывæллæттæ алы изæр дæр нæ хæдзары фæстæ цæхæрадоны хъазынц.",
		"Tatar":       "Балалар көн саен кич белән безнең өй артындагы бакчада уйныйлар һәм керергә теләмиләр.",
		"Hausa":       "Ƙananan yara suna wasa kowace rana da yamma a lambun da ke bayan gidanmu, ba sa son shigowa.",
	} {
		if got := Identify("", text); got.Tag != Undetermined {
			t.Errorf("%s: %+v, want und", name, got)
		}
	}
}

func TestLongTextIsSampled(t *testing.T) {
	text := strings.Repeat("The committee will meet again in the spring, when the report is due. ", 20_000)
	if got := Identify("", text); got.Tag != "en" || got.Score < 0.99 || got.Mixed {
		t.Errorf("%+v", got)
	}
	text = strings.Repeat("委員會將在春天再次開會，屆時報告將會發表。", 20_000)
	if got := Identify("", text); got.Tag != "zh-Hant" || got.Score < 0.99 || got.Mixed {
		t.Errorf("%+v", got)
	}
}

func TestEachPiece(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("ab é漢 \n"))).Draw(t, "s")
		n := rapid.IntRange(1, 5).Draw(t, "n")
		size := rapid.IntRange(1, 12).Draw(t, "size")
		calls, rest := 0, s
		eachPiece(s, n, size, func(p string) {
			calls++
			if !utf8.ValidString(p) {
				t.Fatalf("%q cuts a character", p)
			}
			at := strings.Index(rest, p)
			if at < 0 {
				t.Fatalf("%q is not in what is left, %q", p, rest)
			}
			if len(s) <= n*size && at > 0 {
				t.Fatalf("%q left out", rest[:at])
			}
			rest = rest[at+len(p):]
		})
		if calls > n || len(s) > 0 && calls == 0 || len(s) <= n*size && rest != "" {
			t.Fatalf("%d calls of at most %d, %q left", calls, n, rest)
		}
	})
}

func TestBlocksAscend(t *testing.T) {
	for i := 1; i < len(blocks); i++ {
		if blocks[i].last <= blocks[i-1].last {
			t.Errorf("block %d ends at %U, after %U", i, blocks[i].last, blocks[i-1].last)
		}
	}
	for r, want := range map[rune]script{
		'a': latin, 'Z': latin, 'ß': latin, '×': none, '1': none, 'ə': latin, 'ạ': latin, 'ж': cyrillic, 'ұ': cyrillic,
		'ب': arabic, '٣': none, 'ﻼ': arabic, 'अ': devanagari, '।': none, '漢': han, '々': han, '〇': han, '𠮷': han, 'あ': kana,
		'ー': kana, '・': none, 'ｱ': kana, '한': hangul, 'ᄒ': hangul, '，': none, 'Ａ': latin, '🎉': none, 'ა': georgian,
		'א': hebrew, 'ก': thai, '฿': none, 'ສ': lao, 'ម': khmer, 'မ': burmese, 'Ꭰ': cherokee, 'ሀ': ethiopic, 'ⴰ': other,
		0xfffd: none, 0x10ffff: none, -1: none,
	} {
		if got := scriptOf(r); got != want {
			t.Errorf("scriptOf(%U) = %d, want %d", r, got, want)
		}
	}
}

func TestToken(t *testing.T) {
	for _, c := range []struct {
		in   string
		skip int // bytes that are no text
	}{
		{"word", 0}, {"word,", 0}, {"don't", 0}, {"and/or", 0}, {"said:", 0}, {"end.Next", 0}, {"(aside)", 0}, {"U.S.A.", 0},
		{"https://example.com/a", 21}, {"www.example.com", 15}, {"example.com", 11}, {"me@example.com", 14}, {"#tag", 4},
		{"@handle", 7}, {"foo_bar", 7}, {"a/b/c", 5}, {"4K", 2}, {"12:30", 5}, {"...", 3},
		{"https://example.org/статья", len("https://example.org/статья")}, {"http://example.org/a你好", 20},
		{strings.Repeat("a", 70), 70},
	} {
		end, _, text := token(c.in, 0)
		skip := 0
		if !text {
			skip = end
		}
		if skip != c.skip {
			t.Errorf("%q: %d bytes skipped, want %d", c.in, skip, c.skip)
		}
	}
}

// tags are all that Identify may return.
func tags() []string {
	all := slices.Concat(latinTags, cyrillicTags, arabicTags, devanagariTags, only[:],
		[]string{"ja", "zh", "zh-Hans", "zh-Hant", "yue-Hans", "yue-Hant", "yi", "as", "ti", Undetermined})
	slices.Sort(all)
	return slices.Compact(all)[1:] // the empty entries of only
}

func TestTags(t *testing.T) {
	for _, tag := range tags() {
		lang, script, _ := strings.Cut(tag, "-")
		if len(lang) < 2 || len(lang) > 3 || strings.ToLower(lang) != lang || script != "" && len(script) != 4 {
			t.Errorf("%q is no language tag", tag)
		}
	}
	for sc := none; sc < numScripts; sc++ {
		if m, ok := modelOf(sc); ok && (m.langs != len(m.tags) || m.langs > maxLangs) {
			t.Errorf("script %d: %d tags for %d languages", sc, len(m.tags), m.langs)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("A title", "and its text")
	f.Add("標題", "和它的內容 https://example.com/ #tag")
	f.Add("", "\xff\xfe broken \xe4\xb8")
	f.Add("Заголовок", strings.Repeat("и текст ", 2000))
	known := tags()
	f.Fuzz(func(t *testing.T, title, text string) {
		r := Identify(title, text)
		if _, ok := slices.BinarySearch(known, r.Tag); !ok {
			t.Errorf("unknown tag %q", r.Tag)
		}
		if !(r.Score >= 0 && r.Score <= 1) {
			t.Errorf("score %v", r.Score)
		}
		if again := Identify(title, text); again != r {
			t.Errorf("%+v, then %+v", r, again)
		}
	})
}

func TestIdentifyDoesNotAllocate(t *testing.T) {
	text := strings.Repeat("The committee will meet again in the spring. ", 50)
	if n := testing.AllocsPerRun(20, func() { Identify("Minutes", text) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkIdentify(b *testing.B) {
	for name, text := range map[string]string{
		"Word":          "entschuldigung",
		"Latin100":      "The children play in the garden behind our house every afternoon, and never want to come in again.",
		"Latin2K":       strings.Repeat("Die Ausschüsse treten im Frühjahr wieder zusammen, wenn der Bericht über die Häfen vorliegt. ", 22),
		"Latin1M":       strings.Repeat("Les comités se réuniront de nouveau au printemps, lorsque le rapport sera publié. ", 12_000),
		"Cyrillic2K":    strings.Repeat("Комитет соберётся снова весной, когда будет готов доклад о состоянии портов. ", 15),
		"Han2K":         strings.Repeat("委員會將在春天再次開會，屆時報告將會發表。", 32),
		"HanWithASCII":  strings.Repeat("委員會將在 2024 年春天再次開會 https://example.com/report，屆時報告將會發表。", 20),
		"Han1M":         strings.Repeat("委員會將在春天再次開會，屆時報告將會發表。", 16_000),
		"Punctuation1M": strings.Repeat("<<<<< ===== 12345 ", 56_000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Identify("", text)
			}
		})
	}
}

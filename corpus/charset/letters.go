package charset

import (
	"math"
	"unicode"
)

// alphabet is how often the characters of one writing system occur, in the roughest of measures.
//
// Of an alphabet the letters stand in decreasing frequency, and the k-th has the probability 1/(k+c) up to a factor
// (Zipf-Mandelbrot), with a small c where only the few letters outside ASCII are listed and a large one for whole
// alphabets, which are more even. Of Han and Hangul (flat) the frequent characters are listed in no order: to be among
// them is what tells.
type alphabet struct {
	name  string
	chars string
	kind  alphabetKind
}

type alphabetKind uint8

const (
	accents alphabetKind = iota // Latin, only what is outside ASCII
	whole                       // all letters of the alphabet
	flat                        // frequent characters of a large set
)

// alphabets are the letters by which decodings are judged. Of Latin alphabets only the letters outside ASCII are listed:
// the others are the same in all encodings. The orders are common knowledge of letter frequencies, written by hand.
var alphabets = [...]alphabet{
	{"french", "éèàêçôâîûùëïœ", accents},
	{"german", "üäöß", accents},
	{"spanish", "óíáéñúü", accents},
	{"catalan", "àéèíóòúçïü", accents},
	{"portuguese", "ãçáéíóâêõúàôü", accents},
	{"italian", "àèìòùéí", accents},
	{"dutch", "ëéïèöüóá", accents},
	{"afrikaans", "êëéôïáóûè", accents},
	{"swedish, finnish", "äöåé", accents},
	{"danish, norwegian", "øåæéòô", accents},
	{"icelandic", "áðíþéöúæóý", accents},
	{"estonian", "äõöüšž", accents},
	{"polish", "ąęłóżśćńź", accents},
	{"czech", "íáéěřšýčžůúťďňó", accents},
	{"slovak", "íáéýžčšľúťôňäďóŕĺ", accents},
	{"hungarian", "éáöőóüíúű", accents},
	{"romanian", "ăîâşţșț", accents},
	{"croatian, slovene", "čšžćđ", accents},
	{"turkish", "ıüşçğöâîû", accents},
	{"lithuanian", "ėšųįąūžčę", accents},
	{"latvian", "āīšēņļūžčģķ", accents},
	{"vietnamese", "́̀đ̣̉ăâơêôữáàéèíóúùâêìòõã", accents},
	{"albanian", "ëç", accents},
	{"russian", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", whole},
	{"ukrainian", "оаніиертвслкудмпязьгбчйхжцюїшщєфґ", whole},
	{"bulgarian", "аоеинтрсвлкдпмуягбзъчщйжцхшюфь", whole},
	{"serbian", "аоиенртсвјкудлмпзгчбцшжћљђхњфџ", whole},
	{"greek", "αοιετσνηυρπκλμωςδγθχάίόέφξβήύώψζϊ", whole},
	{"hebrew", "יוהלאםמתרבשנעקחדפסטגכזןךצףץ", whole},
	{"arabic", "اليمونرتبةعدسفهكقأحجشطصىخإذضزثءئغظآؤ،", whole},
	{"persian", "اینردهوتمبلسشکزفگعخقجآپحطصچژضظغثذئءيىك", whole},
	{"hindi", "ारकेी्नसंतमहलियपदोैबुवजशगटआचअइथणधउखभफऔएषघठछड़ओझढईऊँ", whole},
	{"thai", "านรอกเงม่ย้ลวดทีัสติะปบคหุแ์จพชขไใูโ็ำณธถึืผซภศ๊ๆฉษฟญฐฎฝ๋ฬฮฆ", whole},
	{"japanese", hiragana + katakana + frequentKanji, flat},
	{"chinese", frequentHans, flat},
	{"chinese, traditional", frequentHant, flat},
	{"korean", frequentHangul, flat},
}

const (
	hiragana = "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろわをん"
	katakana = "ァアィイウェエオカガキギクグケゲコゴサザシジスズセゼソゾタダチッツテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワンー"

	frequentKanji = "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木車何南万毎白天母火右左友休父雨" +
		"会社政府者的同事自発新部地方業民法権利義務全体文化教育保護由有平等世界国際連合基本認尊重宣言条件対意思思想信仰社集団家族労働経済必要能力問題関係市議政治戦争国民代表" +
		"動物産目主理性数和不公通取得定加最初安開始現実成度手用当多少立回元正表記明言作使所持場強化第次相内面点次報道番目機"

	frequentHans = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所" +
		"本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世" +
		"气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物" +
		"台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联权往展该领传近留红治决周保达办运武半候七必城父强步完深区" +
		"即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造" +
		"落视济喜离虽坐集编宝谈府拉黑且随格尽剑讲布杀微怕母调局根曾准团段终乐切级克精哪官示冲竟乎男举客证苦照注费足尔招群热推晚响称兴待约阳哥惊吗整支古汉突号绝选吧参刊亚复伤类备欢另港势刻星断陈" +
		"掌农夜般念价脑规底故省妈刚句显消衣陆器确破具居批怀希除尊严宗教"

	frequentHant = "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所" +
		"本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世" +
		"氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物" +
		"台臺灣港象記邊共風戰干接它許八特覺望直服毛林題建南度統色字請交愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯權往展該領傳近留紅治決周週保達辦運武半候七必城父強步" +
		"完深區即求品士轉量空甚眾技輕程告江語英基派滿式李息寫呢識極令黃德收臉錢黨倒未持取設始版雙歷越史商千片容研像找友孩站廣改議形委早房音火際則首單據導影失拿網香似斯專石若兵弟誰校讀志飛觀爭究包" +
		"組造落視濟喜離雖坐集編寶談府拉黑且隨格盡講布殺微怕母調局根曾準團段終樂切級克精哪官示竟乎男舉客證苦照注費足爾招群熱推晚響稱興待約陽哥驚嗎整支古漢突號絕選吧參刊亞復傷類備歡另勢刻星斷陳農夜般" +
		"念價腦規底故省媽剛句顯消衣陸器確破具居批懷希除尊嚴宗"

	frequentHangul = "이다는의에을가고한지하기로사자도리인대어를은아스나서시정과수라부일그제전해들있보장국주원구비동상여으연만성무오조용유신공우적화경선관모마안방실당교" +
		"했된될할함합니까된게면되것거체생통내간재산위계권민치회분개발미반명문법력업세양각더터금소속때불와진결현학식심물남물번년월등요였러바음두드차며중말입점까지평단초행의존" +
		"및노직육족호른본건급태타란후근종론령모든누강북표필립외독임질환특최"
)

// weights maps a character to its weight in each alphabet: how much more likely it is there than by chance, as a
// logarithm, scaled so that ordinary text has a mean of 1; zero if it is not there. It is only read.
var weights = func() (table weightTable) {
	const (
		chance      = 0.01 // the probability of one letter by chance
		flatShare   = 0.7  // how much of a text the frequent characters make up
		accentsEven = 1
		wholeEven   = 6
	)
	table.rows = make([][len(alphabets)]float32, 1)
	for a, alphabet := range alphabets {
		chars := []rune(alphabet.chars)
		c := float64(accentsEven)
		if alphabet.kind == whole {
			c = wholeEven
		}
		sum, mean := 0.0, 0.0
		for k := range chars {
			sum += 1 / (float64(k) + c)
		}
		for k := range chars {
			p := 1 / (float64(k) + c) / sum
			mean += p * math.Log(p/chance)
		}
		for k, r := range chars {
			if table.row[r] == 0 {
				table.row[r] = uint16(len(table.rows))
				table.rows = append(table.rows, [len(alphabets)]float32{})
			}
			w := &table.rows[table.row[r]]
			if w[a] != 0 {
				continue
			}
			if alphabet.kind == flat {
				w[a] = rounded(1 / flatShare)
			} else {
				p := 1 / (float64(k) + c) / sum
				w[a] = rounded(max(math.Log(p/chance), 0.05) / mean)
			}
		}
	}
	return table
}()

// rounded makes a weight a multiple of 1/256, so that sums are exact and the same on every machine.
func rounded(x float64) float32 { return float32(math.Round(x*256) / 256) }

// weightTable holds the weights of the characters of the basic plane: row[r] is the index in rows, 0 where there are none.
type weightTable struct {
	row  [0x10000]uint16
	rows [][len(alphabets)]float32
}

// of returns the weights of a character, or nil.
func (t *weightTable) of(r rune) *[len(alphabets)]float32 {
	if r >= 0x10000 || t.row[r] == 0 {
		return nil
	}
	return &t.rows[t.row[r]]
}

// typographic are signs that stand in texts of any language; they say nothing about it.
func typographic(r rune) bool {
	switch {
	case r == 0xa0, r == '«', r == '»', r == '·', r == '°', r == '©', r == '®', r == '™', r == '§', r == '№', r == '€', r == '£', r == '¿', r == '¡', r == '˚':
		return true
	case 0x2010 <= r && r <= 0x203a, 0x3000 <= r && r <= 0x301f, 0xff01 <= r && r <= 0xff5e:
		return true
	}
	return false
}

const (
	foreign   = 1   // what a letter of other alphabets takes from the sum of one
	signsOnly = 0.9 // the score of text with no character outside ASCII but quotation marks, dashes and the like
)

// score judges a decoding: the mean weight of its characters outside ASCII in the alphabet that fits best, relative to
// ordinary text of that alphabet, so that 1 is ordinary and 0 is chance. Characters that belong to no alphabet, capitals
// within words, letters of two scripts in one word, controls and replacements weigh against it. n is the number of
// characters that took part.
func score(text []byte) (best float32, n int) {
	var sums [len(alphabets)]float32
	penalty := float32(0)
	last, before := ' ', ' ' // the two characters before r
	for _, r := range string(text) {
		beforeThat := before
		before, last = last, r
		if before >= 0x80 && unicode.IsLetter(r) && unicode.IsLetter(beforeThat) && typographic(before) && !joins(before) {
			penalty += 1
		}
		if r < 0x80 {
			if isASCIILetter(r) && before >= 0x80 && otherScript(before) {
				penalty += mixed(before)
			}
			continue
		}
		if typographic(r) {
			continue
		}
		n++
		lower := unicode.ToLower(r)
		w := weights.of(lower)
		if w == nil {
			switch {
			case r == 0xfffd:
				penalty += 4
			case r < 0xa0, unicode.Is(unicode.Co, r):
				penalty += 2
			case wide(r):
			default:
				penalty += 1
			}
			continue
		}
		share := float32(1)
		if lower != r && unicode.IsLetter(before) { // a capital within a word
			if unicode.IsLower(before) {
				penalty += 1
				continue
			}
			share = 0.5
		}
		if isASCIILetter(before) && otherScript(r) {
			penalty += mixed(r)
		}
		for a := range sums {
			if w[a] == 0 && !wide(r) {
				sums[a] -= foreign
			} else {
				sums[a] += w[a] * share
			}
		}
	}
	if n == 0 {
		return signsOnly - penalty, 0
	}
	best = -10
	for _, sum := range sums {
		best = max(best, (sum-penalty)/float32(n))
	}
	return best, n
}

// joins reports the typographic signs that may stand between two letters.
func joins(r rune) bool {
	switch r {
	case 0xa0, '·', '«', '»', '‐', '‑', '–', '—', '‘', '’', '“', '”', '…':
		return true
	}
	return 0x3000 <= r && r <= 0x301f || r >= 0xff00
}

// otherScript reports letters and marks that are never in one word with Latin letters.
func otherScript(r rune) bool {
	return (unicode.IsLetter(r) || unicode.Is(unicode.M, r)) && !unicode.In(r, unicode.Latin, unicode.Inherited)
}

// mixed is what a letter counts against a decoding that stands beside a Latin one in a word.
func mixed(r rune) float32 {
	if wide(r) { // "A股" is usual, "fr黨" is not, but both are few in Chinese
		return 0.5
	}
	return 1
}

func isASCIILetter(r rune) bool { r |= 0x20; return 'a' <= r && r <= 'z' }

// wide reports whether r is of East Asian writing, whose rare characters are many and no fault.
func wide(r rune) bool {
	return 0x3040 <= r && r <= 0x30ff || 0x3400 <= r && r <= 0x9fff || 0xac00 <= r && r <= 0xd7a3
}

package langid

import "broadsheet/corpus/hanfold"

// A mark is what a single Han character tells about the language.
type mark uint8

const (
	noMark           mark = iota
	cantonese             // written in Cantonese, not in Mandarin or Hakka
	cantoneseOrHakka      // written in both of these, not in Mandarin
	japanese              // a form that only Japan uses
)

const (
	cantoneseChars        = "嘅咗啲喺冇嚟哋嗰咁嘢攞乜噉嘞噃啱咩嘥揾搵瞓嗱嚿"
	cantoneseOrHakkaChars = "唔佢睇"

	// Characters of the Japanese model of lingua (train/README.md) that are at
	// least 200 times rarer in its Chinese one and are in neither of OpenCC's
	// dictionaries STCharacters and TSCharacters, so that they are forms of
	// neither way of writing Chinese; 〇 is left out.
	japaneseChars = "発県対戦実気関経続円々広楽込済権増応売団総観変転伝験様営徳両検働挙歳価収効労縄戸乗満児浜歩毎撃帰読駅辺歴専沢覧帯図値悪塁" +
		"抜豊継齢鉄処掲拡覚庁囲黒険単弁厳覇焼頼圧軽聴闘廃戻恵弾拠薬従巻栄絵瀬脳蔵壊払郷徴賛仮舗択遅舎駆雑捜渉桜塩竜悩稲歓隣圏扱咲訳汚隠畑枠涙窓" +
		"歯揺雰犠氷剣騒渋縁仏剤菓姉姫奨脇勧斉拝縦亜亀糸譲釈髪陥霊滝懐穂臓斎荘銭壌巣黙鶏晩駄尻浄獣顕呉醸疎揃穏鉱聡繊摂曽繋剰粛畳砕酔暦拶冨粋渕勲" +
		"暁渓塀堺醤薫凧噂梶峠娯倶猟髄酎匂袴噛騨宍挿嬢髙﨑隷頬枡蛍捗讐桟靱呪惣壱辿痩喰邉覗穣膵罠"
)

const (
	firstMarked = 0x4e00
	lastMarked  = 0x9fff
)

// signs has the mark of each character of the main block, and its side in the two bits below.
var signs = func() (table [lastMarked - firstMarked + 1]uint8) {
	for i := range table {
		table[i] = uint8(hanfold.SideOf(rune(i + firstMarked)))
	}
	for m, chars := range [...]string{cantonese: cantoneseChars, cantoneseOrHakka: cantoneseOrHakkaChars, japanese: japaneseChars} {
		for _, r := range chars {
			if firstMarked <= r && r <= lastMarked {
				table[r-firstMarked] |= uint8(m) << 2
			}
		}
	}
	return table
}()

// A run of characters is counted in one number: signBits bits for each side and then for each mark.
const (
	signBits = 12
	signMost = 1<<signBits - 1 // the longest run
)

// signSteps is what a character of these signs adds to it.
var signSteps = func() (table [16]uint64) {
	for i := range table {
		if side := i & 3; side != int(hanfold.Either) {
			table[i] += 1 << (signBits * (side - 1))
		}
		if mark := i >> 2; mark != int(noMark) {
			table[i] += 1 << (signBits * (mark + 1))
		}
	}
	return table
}()

// countHan adds a run of signMost characters of the main block at the most.
func (c *census) countHan(run string) {
	sum := uint64(0)
	for i := 0; i+2 < len(run); i += 3 {
		r := rune(run[i]&0xf)<<12 | rune(run[i+1]&0x3f)<<6 | rune(run[i+2]&0x3f)
		sum += signSteps[signs[r-firstMarked]&15]
	}
	c.letters[han] += len(run) / 3
	for _, n := range [...]*int{&c.sides[hanfold.Simplified], &c.sides[hanfold.Traditional], &c.cantonese, &c.cantoneseOrHakka, &c.japanese} {
		*n += int(sum & signMost)
		sum >>= signBits
	}
}

// quotable is from how many letters on a few kana may be a quotation or a tag in a Chinese text: a fifth of Japanese prose
// and of its headlines is kana, or else there are forms of characters that only Japan uses.
const quotable = 24

// chinese decides between Chinese, Cantonese and Japanese, and on the way of
// writing, for a text whose letters are mostly Han and kana.
func (c *census) chinese() Result {
	all := c.letters[han] + c.letters[kana]
	if k := c.letters[kana]; c.letters[han] == 0 || k == 1 && all <= 4 ||
		k >= 2 && (5*k >= all || 20*k >= all && (all < quotable || 40*c.japanese >= c.letters[han])) {
		return Result{Tag: "ja", Score: ratio(k+all, 2*all)}
	}
	if c.japanese >= 2 && 30*c.japanese >= all || c.japanese == 1 && all <= 12 {
		return Result{Tag: "ja", Score: 0.8}
	}
	s, t := c.sides[hanfold.Simplified], c.sides[hanfold.Traditional]
	decided := s + t
	if m := c.cantonese + c.cantoneseOrHakka; m >= 2 && 50*m >= all && 3*c.cantonese >= m {
		if s >= 4*t && s > 0 {
			return Result{Tag: "yue-Hans", Score: ratio(s+1, decided+2)}
		}
		return Result{Tag: "yue-Hant", Score: ratio(t+m+1, decided+m+2), Mixed: 4*s > t && s > 4}
	}
	switch {
	case decided == 0:
		return Result{Tag: "zh", Score: 0.9}
	case s >= 4*t:
		return Result{Tag: "zh-Hans", Score: ratio(s+1, decided+1)}
	case t >= 4*s:
		return Result{Tag: "zh-Hant", Score: ratio(t+1, decided+1)}
	}
	return Result{Tag: "zh", Score: 0.9, Mixed: true}
}

func ratio(a, b int) float32 { return float32(a) / float32(b) }

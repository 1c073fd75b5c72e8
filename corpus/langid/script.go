package langid

// A script is a way of writing, as far as it tells languages apart.
type script uint8

const (
	none script = iota // digits, punctuation, symbols, marks, and what is not listed
	latin
	cyrillic
	arabic
	devanagari
	han
	kana
	hangul
	greek
	armenian
	hebrew
	bengali
	gurmukhi
	gujarati
	odia
	tamil
	telugu
	kannada
	malayalam
	sinhala
	thai
	lao
	tibetan
	burmese
	georgian
	ethiopic
	cherokee
	khmer
	mongolian
	thaana
	other // letters of a script that says nothing here
	numScripts
)

// only is the language of a script that is written in a single one of the
// languages told apart here.
var only = [numScripts]string{
	hangul: "ko", greek: "el", armenian: "hy", hebrew: "he", bengali: "bn", gurmukhi: "pa-Guru", gujarati: "gu",
	odia: "or", tamil: "ta", telugu: "te", kannada: "kn", malayalam: "ml", sinhala: "si", thai: "th", lao: "lo",
	tibetan: "bo", burmese: "my", georgian: "ka", ethiopic: "am", cherokee: "chr", khmer: "km",
	mongolian: "mn-Mong", thaana: "dv",
}

// weight is how many letters of an alphabet say as much as one character of
// the script, so that the shares of a mixed document are those of its content.
var weight = [numScripts]int{han: 3, kana: 2, hangul: 2, ethiopic: 2, cherokee: 2}

// blocks are the ranges of runes above Latin Extended-B that hold letters,
// after the blocks of Unicode 15. Marks inside a word of an Indic script count
// as letters; digits are left out where they stand apart.
var blocks = []struct {
	last rune
	is   script
}{
	{0x02af, latin}, {0x036f, none},
	{0x03ff, greek}, {0x0482, cyrillic}, {0x0489, none}, {0x052f, cyrillic},
	{0x0530, none}, {0x0588, armenian}, {0x05cf, none}, {0x05f2, hebrew}, {0x061f, none},
	{0x064a, arabic}, {0x066d, none}, {0x066f, arabic}, {0x0670, none}, {0x06d3, arabic},
	{0x06d4, none}, {0x06d5, arabic}, {0x06ed, none}, {0x06ef, arabic}, {0x06f9, none},
	{0x06fc, arabic}, {0x074f, other}, {0x077f, arabic}, {0x07bf, thaana}, {0x089f, other}, {0x08c7, arabic},
	{0x08ff, none}, {0x0963, devanagari}, {0x0970, none}, {0x097f, devanagari},
	{0x09e3, bengali}, {0x09ef, none}, {0x09ff, bengali}, {0x0a65, gurmukhi}, {0x0a6f, none},
	{0x0a7f, gurmukhi}, {0x0ae3, gujarati}, {0x0af0, none}, {0x0aff, gujarati}, {0x0b63, odia}, {0x0b70, none},
	{0x0b7f, odia}, {0x0be5, tamil}, {0x0bff, none}, {0x0c63, telugu}, {0x0c6f, none}, {0x0c7f, telugu},
	{0x0ce3, kannada}, {0x0cef, none}, {0x0cff, kannada}, {0x0d63, malayalam}, {0x0d78, none},
	{0x0d7f, malayalam}, {0x0de5, sinhala}, {0x0def, none}, {0x0dff, sinhala}, {0x0e3e, thai}, {0x0e3f, none},
	{0x0e4e, thai}, {0x0e7f, none}, {0x0ecf, lao}, {0x0ed9, none}, {0x0eff, lao}, {0x0f3f, none},
	{0x0fff, tibetan}, {0x103f, burmese}, {0x104f, none}, {0x109f, burmese}, {0x10ff, georgian},
	{0x11ff, hangul}, {0x139f, ethiopic}, {0x13ff, cherokee}, {0x177f, other}, {0x17d3, khmer}, {0x17ff, none},
	{0x1819, none}, {0x18af, mongolian}, {0x1c7f, other}, {0x1c8f, cyrillic}, {0x1cbf, georgian},
	{0x1cff, none}, {0x1d7f, none}, {0x1dbf, none}, {0x1dff, none}, {0x1eff, latin}, {0x1fff, greek},
	{0x2bff, none}, {0x2c5f, other}, {0x2c7f, latin}, {0x2cff, other}, {0x2d2f, georgian}, {0x2d7f, other},
	{0x2ddf, ethiopic}, {0x2dff, cyrillic}, {0x3004, none}, {0x3007, han}, {0x3040, none}, {0x309f, kana},
	{0x30a0, none}, {0x30fa, kana}, {0x30fb, none}, {0x30ff, kana}, {0x312f, other}, {0x318f, hangul},
	{0x31ef, none}, {0x31ff, kana}, {0x33ff, none}, {0x4dbf, han}, {0x4dff, none}, {0x9fff, han},
	{0xa63f, other}, {0xa69f, cyrillic}, {0xa71f, none}, {0xa7ff, latin}, {0xa8df, other}, {0xa8ff, devanagari},
	{0xa95f, other}, {0xa97f, hangul}, {0xa9df, other}, {0xa9ff, burmese}, {0xaa5f, other}, {0xaa7f, burmese},
	{0xab2f, other}, {0xab6f, latin}, {0xabbf, cherokee}, {0xabff, other}, {0xd7ff, hangul}, {0xf8ff, none},
	{0xfaff, han}, {0xfb06, latin}, {0xfb17, armenian}, {0xfb4f, hebrew}, {0xfdfb, arabic}, {0xfe6f, none},
	{0xfefc, arabic}, {0xff20, none}, {0xff3a, latin}, {0xff40, none}, {0xff5a, latin}, {0xff65, none},
	{0xff9f, kana}, {0xffdc, hangul}, {0x1ffff, none}, {0x323af, han},
}

func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if c := r | 0x20; 'a' <= c && c <= 'z' {
			return latin
		}
		return none
	case r < 0x250:
		if r >= 0xc0 && r != '×' && r != '÷' || r == 'ª' || r == 'º' {
			return latin
		}
		return none
	case 0x4e00 <= r && r <= 0x9fff:
		return han
	}
	low, high := 0, len(blocks)
	for low < high {
		mid := (low + high) / 2
		if blocks[mid].last < r {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(blocks) {
		return none
	}
	return blocks[low].is
}

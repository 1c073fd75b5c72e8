package quality

import "strings"

// FineWeb-2's rules: Penedo et al., FineWeb2: One Pipeline to Scale Them All, arXiv:2506.20920, section 3.4: for each
// language its own thresholds and stop words. The values are those of configs/LANG.yml in huggingface/fineweb-2 since
// June 2025: each line was compared with the file, Chinese, Japanese and Korean also at commit d0defb2. Older copies
// hold other numbers. The rules are those of its pipeline: Gopher's and FineWeb's, without C4's, without those on
// paragraphs and short lines, and with a tenth for the characters of repeated lines. Its threshold for the score of a
// language model is that model's and has no counterpart here. Stop words that are no word by UAX 29 are left out: a
// zero-width space (Lao), a letter with its full stop (Bulgarian, Finnish).
//
// A language without a line here has no rules of this preset, English among them: that is what fineweb is for.
func fineweb2() Preset {
	p := Preset{
		Name: "fineweb2", Doc: "FineWeb-2's rules with the thresholds of each language, where it is one of those listed",
		Source: "arXiv:2506.20920, section 3.4; configs of huggingface/fineweb-2 since June 2025", Languages: map[string][]Rule{},
	}
	for _, l := range fineweb2Languages() {
		p.Languages[l.tag] = l.rules()
	}
	return p
}

// fineweb2Language is a file of configs/, without what is the same in all.
type fineweb2Language struct {
	tag            string
	config         string // the name of the file
	duplicateLines float32
	top            [3]float32 // 2- to 4-grams
	duplicate      [6]float32 // 5- to 10-grams
	closedLines    float32
	shortest       float32 // mean word length; 0 for no bound
	longest        float32
	letterWords    float32
	linesPerWord   float32
	stopWords      string // two different ones must occur
}

func (l *fineweb2Language) rules() []Rule {
	rules := []Rule{
		atMost("fineweb2_duplicate_lines", DuplicateLines, l.duplicateLines),
		atMost("fineweb2_top_2_gram", Top2Gram, l.top[0]),
		atMost("fineweb2_top_3_gram", Top3Gram, l.top[1]),
		atMost("fineweb2_top_4_gram", Top4Gram, l.top[2]),
		atMost("fineweb2_duplicate_5_grams", Duplicate5Grams, l.duplicate[0]),
		atMost("fineweb2_duplicate_6_grams", Duplicate6Grams, l.duplicate[1]),
		atMost("fineweb2_duplicate_7_grams", Duplicate7Grams, l.duplicate[2]),
		atMost("fineweb2_duplicate_8_grams", Duplicate8Grams, l.duplicate[3]),
		atMost("fineweb2_duplicate_9_grams", Duplicate9Grams, l.duplicate[4]),
		atMost("fineweb2_duplicate_10_grams", Duplicate10Grams, l.duplicate[5]),
		atLeast("fineweb2_closed_lines", ClosedLines, l.closedLines),
		atMost("fineweb2_duplicate_line_chars", DuplicateLineChars, 0.1),
		atMost("fineweb2_lines_per_word", LinesPerWord, l.linesPerWord),
		atLeast("fineweb2_few_words", Words, 50),
		atMost("fineweb2_many_words", Words, 100_000),
		atLeast("fineweb2_short_words", MeanWordLength, l.shortest),
		atMost("fineweb2_long_words", MeanWordLength, l.longest),
		atMost("fineweb2_hashes", HashRatio, 0.1),
		atMost("fineweb2_ellipses", EllipsisRatio, 0.1),
		atMost("fineweb2_bullet_lines", BulletLines, 0.9),
		atMost("fineweb2_ellipsis_lines", EllipsisLines, 0.3),
		atLeast("fineweb2_letter_words", LetterWords, l.letterWords),
		atLeast("fineweb2_stop_words", StopWords, 2),
	}
	return rules
}

// fineweb2Languages is the table, the languages of the largest parts of the web first by script. One set serves
// Simplified and Traditional Chinese, as it does there.
func fineweb2Languages() []fineweb2Language {
	return []fineweb2Language{
		{"zh", "cmn_Hani", 0.287, [3]float32{0.256, 0.201, 0.171}, [6]float32{0.198, 0.182, 0.167, 0.154, 0.14, 0.127}, 0.106, 1, 5, 0.735, 0.178, "的 年 在 月 是 和 日 了 於 · 為 有 被 人 中 为 他 與 後 也 而 由"},
		{"ja", "jpn_Jpan", 0.328, [3]float32{0.239, 0.196, 0.172}, [6]float32{0.243, 0.225, 0.207, 0.19, 0.175, 0.159}, 0.096, 1, 6, 0.759, 0.13, "の に を は た て が と で 年 し ・ 月 れ さ"},
		{"ko", "kor_Hang", 0.374, [3]float32{0.282, 0.228, 0.185}, [6]float32{0.201, 0.184, 0.168, 0.154, 0.14, 0.127}, 0.062, 1, 6, 0.791, 0.196, "의 다 이 는 에 을 한 년 하 은 를 했 고 에서 가 있 으로 인 월 로 되"},
		{"yue", "yue_Hani", 0.442, [3]float32{1.238, 0.854, 0.623}, [6]float32{0.241, 0.216, 0.204, 0.193, 0.182, 0.17}, 0.111, 1, 5, 0.765, 0.238, "嘅 係 年 喺 有 佢 月 個 咗 香港 一 同 呢 人 唔 都 到 號 國 啲 後 就 會 市 鎮 而 嚟 可以 由 嗰 做 為"},
		{"de", "deu_Latn", 0.263, [3]float32{0.169, 0.153, 0.137}, [6]float32{0.141, 0.134, 0.126, 0.117, 0.108, 0.098}, 0, 0, 15, 0.774, 0.152, "der und die in von im den des mit das er dem als wurde für"},
		{"fr", "fra_Latn", 0.264, [3]float32{0.161, 0.149, 0.134}, [6]float32{0.15, 0.141, 0.131, 0.121, 0.111, 0.1}, 0.1, 2, 11, 0.812, 0.185, "de la le et à en l' des du les est d' un une il dans par au"},
		{"es", "spa_Latn", 0.252, [3]float32{0.156, 0.14, 0.125}, [6]float32{0.145, 0.136, 0.127, 0.117, 0.108, 0.099}, 0.182, 3, 14, 0.825, 0.138, "de la en el y a que del los se por un con una las su"},
		{"pt", "por_Latn", 0.287, [3]float32{0.371, 0.191, 0.163}, [6]float32{0.163, 0.153, 0.141, 0.13, 0.119, 0.108}, 0.077, 3, 13, 0.814, 0.186, "de a e o em do da que um no uma com para na é foi"},
		{"it", "ita_Latn", 0.246, [3]float32{0.198, 0.156, 0.133}, [6]float32{0.144, 0.136, 0.127, 0.118, 0.109, 0.1}, 0.025, 3, 21, 0.807, 0.2, "di e il la in a del che è della un per nel l' con da i una"},
		{"nl", "nld_Latn", 0.296, [3]float32{0.213, 0.182, 0.158}, [6]float32{0.156, 0.146, 0.136, 0.126, 0.115, 0.104}, 0.102, 3, 17, 0.828, 0.154, "de van in het een en is op voor met door zijn werd hij uit"},
		{"sv", "swe_Latn", 0.292, [3]float32{0.242, 0.195, 0.174}, [6]float32{0.156, 0.147, 0.136, 0.125, 0.116, 0.105}, 0.2, 3, 12, 0.841, 0.135, "i och är av en som den med på till att för"},
		{"pl", "pol_Latn", 0.32, [3]float32{0.222, 0.198, 0.176}, [6]float32{0.172, 0.16, 0.148, 0.136, 0.123, 0.111}, 0.087, 3, 12, 0.726, 0.158, "w i na z do się roku od a jest przez po jako oraz o został był nie"},
		{"ru", "rus_Cyrl", 0.322, [3]float32{0.184, 0.164, 0.146}, [6]float32{0.168, 0.156, 0.145, 0.133, 0.121, 0.109}, 0.231, 3, 11, 0.713, 0.139, "в и на с года по году из был к не от что за для его как а он также до после"},
		{"uk", "ukr_Cyrl", 0.3, [3]float32{0.189, 0.172, 0.153}, [6]float32{0.16, 0.148, 0.136, 0.124, 0.113, 0.102}, 0.167, 3, 11, 0.694, 0.175, "у в на і з та до року за що"},
		{"el", "ell_Grek", 0.31, [3]float32{0.194, 0.175, 0.156}, [6]float32{0.174, 0.163, 0.153, 0.142, 0.13, 0.119}, 0.167, 3, 11, 0.809, 0.116, "του και το της η την από ο με τον να που των στην για στο σε είναι τη τα οι"},
		{"ar", "arb_Arab", 0.304, [3]float32{0.197, 0.172, 0.146}, [6]float32{0.165, 0.153, 0.142, 0.131, 0.12, 0.109}, 0.143, 2, 9, 0.787, 0.189, "، في من على إلى عام أن مع أو هو عن التي كان بين ما كانت هي المتحدة بعد"},
		{"fa", "fas_Arab", 0.246, [3]float32{0.189, 0.164, 0.143}, [6]float32{0.157, 0.147, 0.137, 0.127, 0.117, 0.107}, 0.2, 2, 9, 0.812, 0.15, "در و ، به از که است این را با یک"},
		{"hi", "hin_Deva", 0.206, [3]float32{0.208, 0.198, 0.161}, [6]float32{0.135, 0.125, 0.116, 0.108, 0.099, 0.09}, 0.091, 2, 21, 0.837, 0.316, "के में है की और से का को एक हैं पर"},
		{"vi", "vie_Latn", 0.293, [3]float32{0.223, 0.197, 0.171}, [6]float32{0.178, 0.163, 0.15, 0.136, 0.124, 0.111}, 0.333, 3, 11, 0.803, 0.103, "là và của một được trong năm các có loài này đã người"},
		{"id", "ind_Latn", 0.241, [3]float32{0.194, 0.166, 0.145}, [6]float32{0.166, 0.155, 0.144, 0.133, 0.122, 0.111}, 0.111, 3, 12, 0.805, 0.157, "dan yang di pada dari ini dengan adalah untuk dalam"},
		{"th", "tha_Thai", 0.349, [3]float32{0.221, 0.197, 0.162}, [6]float32{0.185, 0.168, 0.152, 0.137, 0.124, 0.111}, 0, 2, 10, 0.9, 0.153, "ใน ที่ และ ของ เป็น มี การ ได้"},
		{"cs", "ces_Latn", 0.311, [3]float32{0.206, 0.183, 0.165}, [6]float32{0.168, 0.157, 0.145, 0.133, 0.121, 0.109}, 0.06, 3, 11, 0.781, 0.182, "v a se na je z s do"},
		{"sk", "slk_Latn", 0.319, [3]float32{0.316, 0.218, 0.171}, [6]float32{0.176, 0.165, 0.152, 0.14, 0.127, 0.115}, 0, 2, 11, 0.752, 0.214, "v a na sa je z roku s"},
		{"hr", "hrv_Latn", 0.312, [3]float32{0.215, 0.19, 0.165}, [6]float32{0.173, 0.162, 0.15, 0.138, 0.126, 0.113}, 0.099, 2, 11, 0.751, 0.198, "je u i se na su za od s a"},
		{"hu", "hun_Latn", 0.322, [3]float32{0.226, 0.198, 0.172}, [6]float32{0.169, 0.159, 0.148, 0.136, 0.124, 0.112}, 0.067, 3, 15, 0.766, 0.231, "a az és is egy volt hogy nem meg de magyar első el között"},
		{"ro", "ron_Latn", 0.289, [3]float32{0.161, 0.146, 0.131}, [6]float32{0.16, 0.149, 0.138, 0.127, 0.117, 0.106}, 0.081, 1, 14, 0.779, 0.207, "de în a și din la o cu este un pe fost care al"},
		{"ca", "cat_Latn", 0.294, [3]float32{0.216, 0.189, 0.168}, [6]float32{0.159, 0.149, 0.137, 0.126, 0.116, 0.105}, 0.154, 2, 11, 0.832, 0.118, "de el la a i d l' en d' que va els per un les una amb es"},
		{"da", "dan_Latn", 0.305, [3]float32{0.367, 0.297, 0.232}, [6]float32{0.169, 0.158, 0.147, 0.134, 0.123, 0.112}, 0.1, 3, 11, 0.798, 0.182, "i og af en til er den at som på for med det blev var der fra de han et"},
		{"nb", "nob_Latn", 0.283, [3]float32{0.204, 0.175, 0.15}, [6]float32{0.146, 0.139, 0.128, 0.119, 0.11, 0.099}, 0.107, 3, 12, 0.783, 0.167, "i og av som en er til på for ble med den det var han de å fra"},
		{"fi", "fin_Latn", 0.293, [3]float32{0.253, 0.202, 0.179}, [6]float32{0.153, 0.143, 0.133, 0.122, 0.112, 0.101}, 0.114, 3, 14, 0.755, 0.161, "ja on oli hän vuonna myös joka se ei sen ovat sekä mutta että tai vuoden kanssa hänen jälkeen the"},
		{"bg", "bul_Cyrl", 0.317, [3]float32{0.173, 0.157, 0.139}, [6]float32{0.17, 0.158, 0.144, 0.131, 0.12, 0.108}, 0.154, 3, 10, 0.756, 0.142, "на и в е от за се с през да по"},
		{"he", "heb_Hebr", 0.34, [3]float32{0.239, 0.202, 0.173}, [6]float32{0.16, 0.151, 0.14, 0.129, 0.118, 0.108}, 0.2, 2, 9, 0.799, 0.126, "של את על הוא עם בשנת גם היה היא לאחר לא ידי בין או כי"},
		{"lo", "lao_Laoo", 0.327, [3]float32{0.198, 0.175, 0.143}, [6]float32{0.187, 0.175, 0.163, 0.149, 0.135, 0.123}, 0, 2, 9, 0.85, 0.2, "ແລະ ໃນ ຂອງ ເປັນ ທີ່ ໄດ້ ມີ"},
	}
}

// stopWordLists are the stop words by language: Gopher's for English (arXiv:2112.11446, appendix A1.1), else
// FineWeb-2's.
func stopWordLists() map[string][]string {
	lists := map[string][]string{"en": {"the", "be", "to", "of", "and", "that", "have", "with"}}
	for _, l := range fineweb2Languages() {
		lists[l.tag] = strings.Fields(l.stopWords)
	}
	return lists
}

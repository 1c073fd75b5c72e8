package charset

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"
)

// generated are short texts, written for this test, with the legacy encodings in use for their languages.
var generated = []struct {
	language  string
	encodings string
	texts     []string
}{
	{"zh-Hans", "gb18030 gbk hz-gb-2312", []string{
		"今天上午，市中心的图书馆重新开放，许多读者一早就在门口排队。馆长说，过去两年的修缮花了不少钱，但是新的阅览室更明亮，也更安静。",
		"这场雨下了整整三天，河水已经漫过了旧桥。村里的老人说，他们从来没有见过这样大的水，年轻人正在帮邻居搬东西。",
		"关于价格上涨的原因，专家的看法并不一致。"}},
	{"zh-Hant", "big5 gb18030", []string{
		"今天上午，市中心的圖書館重新開放，許多讀者一早就在門口排隊。館長說，過去兩年的修繕花了不少錢，但是新的閱覽室更明亮，也更安靜。",
		"這場雨下了整整三天，河水已經漫過了舊橋。村裡的老人說，他們從來沒有見過這樣大的水，年輕人正在幫鄰居搬東西。",
		"關於價格上漲的原因，專家的看法並不一致。"}},
	{"ja", "shift_jis euc-jp iso-2022-jp", []string{
		"今朝、駅前の図書館が二年ぶりに開館し、多くの利用者が入口に並びました。館長によると、新しい閲覧室は以前より明るく静かだということです。",
		"三日間続いた雨で川の水が古い橋を越えました。村のお年寄りは、こんな大水は見たことがないと話しています。",
		"値上げの理由について、専門家の意見は分かれている。"}},
	{"ko", "euc-kr", []string{
		"오늘 오전 시내 중심가의 도서관이 다시 문을 열자 많은 시민들이 입구에 줄을 섰다. 관장은 새로운 열람실이 전보다 밝고 조용하다고 말했다.",
		"사흘 동안 내린 비로 강물이 오래된 다리를 넘었다. 마을 어른들은 이렇게 큰 물은 처음 본다고 했다.",
		"가격이 오른 이유에 대해서는 전문가들의 의견이 서로 다르다."}},
	{"ru", "windows-1251 koi8-r iso-8859-5 ibm866", []string{
		"Сегодня утром в центре города снова открылась библиотека, и многие читатели стояли в очереди у входа. Директор говорит, что новый зал светлее и тише прежнего.",
		"Дождь шёл три дня, и вода в реке поднялась выше старого моста. Старики в деревне не помнят такого наводнения.",
		"О причинах роста цен эксперты спорят."}},
	{"uk", "windows-1251 koi8-u", []string{
		"Сьогодні вранці в центрі міста знову відкрилася бібліотека, і багато читачів стояли в черзі біля входу. Директорка каже, що нова зала світліша й тихіша.",
		"Дощ ішов три дні, і вода в річці піднялася вище за старий міст. Люди похилого віку не пам'ятають такої повені."}},
	{"bg", "windows-1251", []string{
		"Тази сутрин библиотеката в центъра на града отвори отново и много читатели чакаха пред входа. Директорката казва, че новата зала е по-светла и по-тиха."}},
	{"el", "windows-1253 iso-8859-7", []string{
		"Σήμερα το πρωί άνοιξε ξανά η βιβλιοθήκη στο κέντρο της πόλης και πολλοί αναγνώστες περίμεναν στην είσοδο. Η νέα αίθουσα είναι πιο φωτεινή και πιο ήσυχη.",
		"Έβρεχε τρεις μέρες και το νερό του ποταμού πέρασε πάνω από την παλιά γέφυρα."}},
	{"he", "windows-1255 iso-8859-8", []string{
		"הבוקר נפתחה מחדש הספרייה במרכז העיר וקוראים רבים עמדו בתור ליד הכניסה. המנהלת אמרה שהאולם החדש מואר ושקט יותר.",
		"הגשם ירד שלושה ימים והמים בנהר עלו מעל הגשר הישן."}},
	{"ar", "windows-1256 iso-8859-6", []string{
		"افتتحت المكتبة في وسط المدينة أبوابها من جديد صباح اليوم، ووقف كثير من القراء في صف أمام المدخل. وتقول المديرة إن القاعة الجديدة أكثر هدوءا.",
		"استمر المطر ثلاثة أيام حتى ارتفع ماء النهر فوق الجسر القديم."}},
	{"th", "windows-874", []string{
		"เช้าวันนี้ห้องสมุดกลางเมืองเปิดให้บริการอีกครั้ง มีผู้อ่านจำนวนมากมาต่อแถวหน้าประตู ผู้อำนวยการบอกว่าห้องอ่านหนังสือใหม่สว่างและเงียบกว่าเดิม",
		"ฝนตกติดต่อกันสามวันจนน้ำในแม่น้ำท่วมสะพานเก่า"}},
	{"vi", "windows-1258", []string{
		"Sáng nay thư viện ở trung tâm thành phố mở cửa trở lại và nhiều bạn đọc đã xếp hàng trước cổng. Giám đốc nói phòng đọc mới sáng hơn và yên tĩnh hơn.",
		"Mưa kéo dài ba ngày và nước sông đã tràn qua cây cầu cũ của làng."}},
	{"tr", "windows-1254", []string{
		"Bu sabah şehir merkezindeki kütüphane yeniden açıldı ve birçok okur girişte sıraya girdi. Müdür, yeni salonun eskisinden daha aydınlık olduğunu söyledi.",
		"Üç gün süren yağmurdan sonra ırmağın suyu eski köprüyü aştı."}},
	{"pl", "windows-1250 iso-8859-2", []string{
		"Dziś rano w centrum miasta znów otwarto bibliotekę, a wielu czytelników ustawiło się w kolejce przy wejściu. Dyrektorka mówi, że nowa czytelnia jest jaśniejsza i cichsza.",
		"Deszcz padał przez trzy dni i woda w rzece przelała się przez stary most."}},
	{"cs", "windows-1250 iso-8859-2", []string{
		"Dnes ráno se v centru města znovu otevřela knihovna a mnoho čtenářů stálo ve frontě u vchodu. Ředitelka říká, že nová čítárna je světlejší a tišší.",
		"Déšť trval tři dny a voda v řece přetekla přes starý most."}},
	{"hu", "windows-1250 iso-8859-2", []string{
		"Ma reggel újra megnyílt a könyvtár a város központjában, és sok olvasó állt sorban a bejáratnál. Az igazgatónő szerint az új terem világosabb és csöndesebb, mint a régi volt.",
		"Három napig esett az eső, és a folyó vize átcsapott az öreg hídon, a fűzfák között."}},
	{"ro", "windows-1250", []string{
		"Astăzi dimineaţă biblioteca din centrul oraşului s-a redeschis şi mulţi cititori au stat la rând în faţa intrării. Sala nouă este mai luminoasă şi mai liniştită."}},
	{"lt", "windows-1257", []string{
		"Šįryt miesto centre vėl atidaryta biblioteka, ir daug skaitytojų stovėjo eilėje prie įėjimo. Direktorė sako, kad nauja skaitykla šviesesnė ir tylesnė.",
		"Lietus lijo tris dienas, ir upės vanduo užliejo seną tiltą."}},
	{"lv", "windows-1257", []string{
		"Šorīt pilsētas centrā atkal atvērta bibliotēka, un daudzi lasītāji stāvēja rindā pie ieejas. Direktore saka, ka jaunā lasītava ir gaišāka un klusāka."}},
	{"fr", "windows-1252 macintosh", []string{
		"Ce matin, la bibliothèque du centre-ville a rouvert ses portes et de nombreux lecteurs ont attendu à l’entrée. La directrice affirme que la nouvelle salle est plus claire et plus calme.",
		"La pluie est tombée trois jours durant et l'eau de la rivière a débordé par-dessus le vieux pont, où les élèves étaient rassemblés.",
		"Le café du théâtre rouvre."}},
	{"de", "windows-1252", []string{
		"Heute früh öffnete die Bücherei in der Stadtmitte wieder, und viele Leser standen vor der Tür. Die Leiterin sagt, der neue Saal sei heller und größer als früher.",
		"Drei Tage lang regnete es, bis das Wasser über die alte Brücke floss: „So etwas haben wir noch nie gesehen“."}},
	{"es", "windows-1252", []string{
		"Esta mañana volvió a abrir la biblioteca del centro y muchos lectores esperaban en la entrada. La directora afirma que la nueva sala es más luminosa y está más tranquila.",
		"Llovió durante tres días y el agua del río pasó por encima del puente viejo. ¿Quién lo había visto jamás?"}},
	{"pt", "windows-1252", []string{
		"Esta manhã a biblioteca do centro da cidade voltou a abrir e muitos leitores estavam à espera. A diretora diz que a nova sala é mais clara e que não há barulho.",
		"Choveu durante três dias e a água do rio passou por cima da ponte; a população está em situação difícil."}},
	{"sv", "windows-1252", []string{
		"I morse öppnade biblioteket i stadens centrum igen och många läsare stod i kö vid ingången. Den nya salen är både ljusare och tystare, säger chefen."}},
	{"da", "windows-1252", []string{
		"I morges åbnede biblioteket i byens centrum igen, og mange læsere stod i kø ved døren. Den nye sal er både lysere og mere rolig, siger lederen."}},
	{"is", "windows-1252", []string{
		"Í morgun var bókasafnið í miðbænum opnað á ný og margir lesendur stóðu í röð við dyrnar. Það er bjartara og hljóðlátara en áður."}},
	{"en", "windows-1252", []string{
		"The library in the city centre reopened this morning – and many readers were queueing at the door. “It’s brighter and quieter than before,” the director said."}},
}

// encodeAs returns a text in an encoding; false if the encoding lacks a character.
func encodeAs(t *testing.T, label, text string) ([]byte, bool) {
	t.Helper()
	switch label {
	case "utf-8":
		return []byte(text), true
	case "utf-16le", "utf-16be":
		e := lookup(label)
		b, err := e.NewEncoder().Bytes([]byte(text))
		return b, err == nil
	case "hz-gb-2312":
		b, err := simplifiedchinese.HZGB2312.NewEncoder().Bytes([]byte(text))
		return b, err == nil
	case "windows-1258":
		text = decomposeVietnamese(text)
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		t.Fatal(label, err)
	}
	b, err := e.NewEncoder().Bytes([]byte(text))
	return b, err == nil
}

// decomposeVietnamese takes tone marks apart, as windows-1258 writes them: it has â and ă, but not ấ and ắ.
func decomposeVietnamese(s string) string {
	var out strings.Builder
	for _, r := range s {
		d := norm.NFD.String(string(r))
		marks := []rune(d)
		if len(marks) < 2 {
			out.WriteRune(r)
			continue
		}
		base := marks[:1]
		var tones []rune
		for _, m := range marks[1:] {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", m) {
				tones = append(tones, m)
			} else {
				base = append(base, m)
			}
		}
		out.WriteString(norm.NFC.String(string(base)))
		out.WriteString(string(tones))
	}
	return out.String()
}

// TestGenerated decodes each text in each of its encodings, alone and in a page, without a declaration, with the right one
// and with wrong ones, and wants at least 98 of 100 exactly right.
func TestGenerated(t *testing.T) {
	files, right := 0, 0
	byKind := map[string][2]int{}
	for _, g := range generated {
		for _, text := range g.texts {
			for _, label := range append(strings.Fields(g.encodings), "utf-8", "utf-16le", "utf-16be") {
				for _, kind := range []string{"plain", "page", "right", "meta", "wrong-utf-8", "wrong-iso-8859-1", "wrong-gb2312"} {
					if label == "hz-gb-2312" && kind != "meta" {
						continue // found only where declared
					}
					doc, hint := text, Hint{}
					switch {
					case kind == "page":
						doc, hint.HTML = fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body><p class=\"a\">%s</p></body></html>\n", text[:12], text), true
						doc = strings.ToValidUTF8(doc, "")
					case kind == "right":
						hint.Declared = label
					case kind == "meta":
						doc, hint.HTML = fmt.Sprintf("<html><head><meta http-equiv=Content-Type content='text/html; charset=%s'></head><p>%s</p>", label, text), true
					case strings.HasPrefix(kind, "wrong-"):
						hint.Declared = kind[len("wrong-"):]
					}
					b, ok := encodeAs(t, label, doc)
					if !ok {
						continue
					}
					got, info := Decode(b, hint)
					files++
					count := byKind[kind]
					count[1]++
					if norm.NFC.String(string(got)) == doc {
						right++
						count[0]++
					} else {
						t.Logf("%s in %s, %s: read as %s (%s): %.60q", g.language, label, kind, info.Charset, info.Source, got)
					}
					byKind[kind] = count
				}
			}
		}
	}
	t.Logf("%d of %d files right, by kind %v", right, files, byKind)
	if files < 200 || right*100 < files*98 {
		t.Errorf("%d of %d files right", right, files)
	}
}

package dates

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// word is what one word may mean in a date. A word can mean several things: "mar" is March and, in Spanish, Tuesday.
type word struct {
	month   int8 // 1..12, in the calendar below
	weekday int8 // 1 is Monday, 7 is Sunday
	flags   flag
	zone    int16 // minutes east of UTC, with isZone
}

type flag uint16

const (
	isFiller    flag = 1 << iota // stands before a date, between its parts, or before a time
	isOrdinal                    // follows the number of a day: 5th, 1er, 5-го
	isMonthSign                  // the word "month" before its number: tháng 1
	isZone                       // a time zone with a fixed offset
	isLocalZone                  // a time zone whose offset is not certain; it is read over
	isAM
	isPM
	isHour        // between hours and minutes, or after hours: 14h30, 14 Uhr
	isBuddhist    // a Thai month or sign: years above 2400 count from 543 BC
	isPersian     // a month of the Persian calendar
	needsOrdinal  // a month that has this meaning only after a day with a dot; see listopada
	isLevantFirst // كانون, تشرين: the second word decides
	isLevant1     // الأول
	isLevant2     // الثاني
)

// monthNames are the months of the Gregorian calendar, January first, with the forms that dates use (nominative,
// genitive, abbreviated) separated by "|", in lower case and without dots. Names follow the Unicode CLDR and common
// newspaper usage. No two languages here disagree on a word, but for listopad (below).
var monthNames = []string{
	// English
	"january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec",
	// French
	"janvier|janv février|fevrier|févr|fév|fevr mars avril|avr mai juin juillet|juil août|aout septembre octobre novembre décembre|decembre|déc",
	// German, Austrian
	"januar|jänner|jän februar|feber märz|maerz|mär|mrz april mai juni juli august september oktober|okt november dezember|dez",
	// Dutch
	"januari februari maart|mrt april mei juni juli augustus september oktober november december",
	// Spanish, Galician, Catalan
	"enero|ene|xaneiro|xan|gener febrero|febreiro|febrer marzo|març abril|abr mayo|maio|maig junio|xuño|juny julio|xullo|juliol " +
		"agosto|ago|agost septiembre|setiembre|setembro|setembre|set octubre|outubro noviembre|novembro|novembre diciembre|dic|decembro|desembre|des",
	// Portuguese
	"janeiro fevereiro|fev março|marco abril maio|mai junho julho agosto setembro outubro|out novembro dezembro|dez",
	// Italian
	"gennaio|gen febbraio|febbr marzo aprile maggio|magg|mag giugno|giu luglio|lug agosto settembre|sett ottobre|ott novembre dicembre",
	// Romanian
	"ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august septembrie octombrie noiembrie|noi decembrie",
	// Russian
	"январь|января|янв февраль|февраля|фев|февр март|марта|мар апрель|апреля|апр май|мая июнь|июня|июн июль|июля|июл август|августа|авг " +
		"сентябрь|сентября|сен|сент октябрь|октября|окт ноябрь|ноября|ноя|нояб декабрь|декабря|дек",
	// Ukrainian
	"січень|січня|січ лютий|лютого|лют березень|березня|бер квітень|квітня|квіт травень|травня|трав червень|червня|черв липень|липня|лип " +
		"серпень|серпня|серп вересень|вересня|вер жовтень|жовтня|жовт листопад|листопада|лист грудень|грудня|груд",
	// Belarusian
	"студзень|студзеня люты|лютага сакавік|сакавіка красавік|красавіка травеня|траўня чэрвень|чэрвеня ліпень|ліпеня жнівень|жніўня " +
		"верасень|верасня кастрычнік|кастрычніка лістапад|лістапада снежань|снежня",
	// Bulgarian, Macedonian, Serbian in both scripts, Slovene, Bosnian
	"януари|јануари|јануар|januar февруари|февруар|фебруар|februar|febr март|mart|marec април|april мај|maj юни|јуни|јун|junij юли|јули|јул|julij " +
		"август|avgust септември|септембар|septembar|september октомври|октобар|oktobar ноември|новембар|novembar декември|децембар|decembar",
	// Polish
	"styczeń|stycznia|sty luty|lutego|lut marzec|marca kwiecień|kwietnia|kwi maj|maja czerwiec|czerwca|cze lipiec|lipca|lip sierpień|sierpnia|sie " +
		"wrzesień|września|wrz październik|października|paź listopad|listopada|lis grudzień|grudnia|gru",
	// Czech
	"leden|ledna únor|února březen|března duben|dubna květen|května červen|června červenec|července srpen|srpna září říjen|října " +
		"listopad|listopadu prosinec|prosince",
	// Slovak
	"január|januára február|februára marec|marca apríl|apríla máj|mája jún|júna júl|júla august|augusta september|septembra október|októbra " +
		"november|novembra december|decembra",
	// Croatian, without listopad (October there, November in Polish and Czech)
	"siječanj|siječnja veljača|veljače ožujak|ožujka travanj|travnja svibanj|svibnja lipanj|lipnja srpanj|srpnja kolovoz|kolovoza rujan|rujna - " +
		"studeni|studenoga|studenog prosinac|prosinca",
	// Danish, Norwegian, Swedish
	"januar|januari februar|februari marts|mars april maj|mai juni juli august|augusti september oktober november december|desember",
	// Finnish
	"tammikuu|tammikuuta helmikuu|helmikuuta maaliskuu|maaliskuuta huhtikuu|huhtikuuta toukokuu|toukokuuta kesäkuu|kesäkuuta heinäkuu|heinäkuuta " +
		"elokuu|elokuuta syyskuu|syyskuuta lokakuu|lokakuuta marraskuu|marraskuuta joulukuu|joulukuuta",
	// Estonian
	"jaanuar|jaan veebruar|veebr märts aprill mai juuni juuli august september|sept oktoober november detsember|dets",
	// Latvian
	"janvāris|janvārī februāris|februārī marts|martā aprīlis|aprīlī maijs|maijā jūnijs|jūnijā jūlijs|jūlijā augusts|augustā septembris|septembrī " +
		"oktobris|oktobrī novembris|novembrī decembris|decembrī",
	// Lithuanian
	"sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio liepa|liepos rugpjūtis|rugpjūčio rugsėjis|rugsėjo " +
		"spalis|spalio lapkritis|lapkričio gruodis|gruodžio",
	// Hungarian
	"január|jan február|febr március|márc április|ápr május|máj június|jún július|júl augusztus szeptember|szept október november december",
	// Greek
	"ιανουάριος|ιανουαρίου|ιαν φεβρουάριος|φεβρουαρίου|φεβ μάρτιος|μαρτίου|μαρ απρίλιος|απριλίου|απρ μάιος|μαΐου|μαϊ|μαΐ ιούνιος|ιουνίου|ιουν " +
		"ιούλιος|ιουλίου|ιουλ αύγουστος|αυγούστου|αυγ σεπτέμβριος|σεπτεμβρίου|σεπ οκτώβριος|οκτωβρίου|οκτ νοέμβριος|νοεμβρίου|νοε δεκέμβριος|δεκεμβρίου|δεκ",
	// Turkish (with the dotless forms that plain lower-casing gives), Azerbaijani, Uzbek
	"ocak|oca|yanvar şubat|şub|fevral mart nisan|nis|aprel mayıs|mayis|may haziran|haz|iyun temmuz|tem|iyul ağustos|ağu|avqust|avgust " +
		"eylül|eyl|sentyabr|sentabr ekim|eki|oktyabr|oktabr kasım|kasim|kas|noyabr aralık|aralik|ara|dekabr",
	// Albanian
	"janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
	// Indonesian, Malay
	"januari februari|pebruari maret|mac april|apr mei juni|jun juli|julai agustus|agu|ags|ogos september oktober november|nopember|nop desember|disember|dis",
	// Swahili
	"januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
	// Tagalog
	"enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
	// Irish, Welsh
	"eanáir|ionawr feabhra|chwefror márta|mawrth aibreán|ebrill bealtaine|mai meitheamh|mehefin iúil|gorffennaf lúnasa|awst - - samhain|tachwedd nollaig|rhagfyr",
	// Icelandic
	"janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
	// Arabic: Egypt and the Gulf, the Maghreb, the Levant and Iraq (whose two-word months are in levant)
	"يناير|جانفي فبراير|فيفري|شباط مارس|آذار|اذار أبريل|ابريل|إبريل|أفريل|نيسان مايو|ماي|أيار|ايار يونيو|يونيه|جوان|حزيران يوليو|يوليه|جويلية|تموز " +
		"أغسطس|اغسطس|أوت|آب سبتمبر|أيلول|ايلول|شتنبر أكتوبر|اكتوبر نوفمبر|نونبر ديسمبر|دجنبر",
	// Persian and Urdu, Gregorian
	"ژانویه|جنوری فوریه|فروری مارس|مارچ آوریل|اپریل مه|مئی ژوئن|جون ژوئیه|جولائی اوت|اگست سپتامبر|ستمبر اکتبر|اکتوبر نوامبر|نومبر دسامبر|دسمبر",
	// Hebrew, also with the prefix ב
	"ינואר|בינואר פברואר|בפברואר מרץ|במרץ|מרס|במרס אפריל|באפריל מאי|במאי יוני|ביוני יולי|ביולי אוגוסט|באוגוסט ספטמבר|בספטמבר אוקטובר|באוקטובר נובמבר|בנובמבר דצמבר|בדצמבר",
	// Hindi, Marathi, Nepali
	"जनवरी|जानेवारी|जन फरवरी|फ़रवरी|फेब्रुवारी|फर मार्च अप्रैल|एप्रिल मई|मे जून जुलाई|जुलै अगस्त|ऑगस्ट सितंबर|सितम्बर|सप्टेंबर अक्टूबर|अक्तूबर|ऑक्टोबर नवंबर|नवम्बर|नोव्हेंबर दिसंबर|दिसम्बर|डिसेंबर",
	// Bengali
	"জানুয়ারি|জানুয়ারী|জানুয়ারি|জানুয়ারী ফেব্রুয়ারি|ফেব্রুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট|অগাস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
	// Tamil
	"ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
	// Georgian
	"იანვარი|იან თებერვალი|თებ მარტი|მარ აპრილი|აპრ მაისი|მაი ივნისი|ივნ ივლისი|ივლ აგვისტო|აგვ სექტემბერი|სექ ოქტომბერი|ოქტ ნოემბერი|ნოე დეკემბერი|დეკ",
	// Armenian
	"հունվար|հունվարի փետրվար|փետրվարի մարտ|մարտի ապրիլ|ապրիլի մայիս|մայիսի հունիս|հունիսի հուլիս|հուլիսի օգոստոս|օգոստոսի սեպտեմբեր|սեպտեմբերի " +
		"հոկտեմբեր|հոկտեմբերի նոյեմբեր|նոյեմբերի դեկտեմբեր|դեկտեմբերի",
	// Kazakh
	"қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
}

// thaiMonths, whose dots the scanner leaves out.
const thaiMonths = "มกราคม|มค กุมภาพันธ์|กพ มีนาคม|มีค เมษายน|เมย พฤษภาคม|พค มิถุนายน|มิย กรกฎาคม|กค สิงหาคม|สค กันยายน|กย ตุลาคม|ตค พฤศจิกายน|พย ธันวาคม|ธค"

// persianMonths begin with Farvardin (21 March).
const persianMonths = "فروردین|فروردين اردیبهشت|ارديبهشت خرداد تیر|تير مرداد|امرداد شهریور|شهريور مهر آبان آذر دی|دي بهمن اسفند"

// weekdayNames are the days of the week, Monday first, in the form of monthNames.
var weekdayNames = []string{
	"monday|mon tuesday|tue|tues wednesday|wed thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun",
	"lundi|lun mardi|mar mercredi|mer jeudi|jeu vendredi|ven samedi|sam dimanche|dim",
	"montag|mo dienstag|di mittwoch|mi donnerstag|do freitag|fr samstag|sonnabend|sa sonntag|so",
	"maandag|ma dinsdag woensdag|wo donderdag vrijdag|vr zaterdag|za zondag|zo",
	"lunes|luns|dilluns martes|dimarts miércoles|miercoles|mié|mércores|dimecres jueves|jue|xoves|dijous viernes|vie|venres|divendres sábado|sabado|sáb|dissabte domingo|dom|diumenge",
	"segunda|seg terça|terca|ter quarta|qua quinta|qui sexta|sex sábado|sáb domingo|dom",
	"lunedì|lunedi martedì|martedi mercoledì|mercoledi giovedì|giovedi|gio venerdì|venerdi sabato|sab domenica|dom",
	"luni marți|marţi miercuri joi vineri sâmbătă duminică",
	"понедельник|пн вторник|вт среда|ср четверг|чт пятница|пт суббота|сб воскресенье|вс",
	"понеділок вівторок середа четвер пʼятниця|п'ятниця субота неділя|нд",
	"понеделник вторник сряда четвъртък петък събота неделя",
	"poniedziałek|pon wtorek|wt środa|śr czwartek|czw piątek|pt sobota|sob niedziela|niedz|nd",
	"pondělí|po úterý|út středa|st čtvrtek|čt pátek|pá sobota neděle|ne",
	"pondelok utorok streda štvrtok piatok sobota nedeľa",
	"ponedjeljak|ponedeljak utorak srijeda|sreda četvrtak petak subota nedjelja|nedelja",
	"mandag|måndag|mån tirsdag|tisdag|tis onsdag|ons torsdag|tors fredag|fre lørdag|lördag|lör søndag|söndag|sön",
	"maanantai|maanantaina tiistai|tiistaina keskiviikko|keskiviikkona torstai|torstaina perjantai|perjantaina lauantai|lauantaina sunnuntai|sunnuntaina",
	"hétfő kedd szerda csütörtök péntek szombat vasárnap",
	"δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
	"pazartesi|pzt salı|sali|sal çarşamba|çar perşembe|per cuma|cum cumartesi|cmt pazar|paz",
	"senin|isnin selasa rabu kamis|khamis jumat|jum'at|jumaat sabtu minggu|ahad",
	"الاثنين|الإثنين الثلاثاء الأربعاء|الاربعاء الخميس الجمعة السبت الأحد|الاحد",
	"دوشنبه سه‌شنبه چهارشنبه پنجشنبه|پنج‌شنبه جمعه شنبه یکشنبه|یک‌شنبه",
	"सोमवार मंगलवार बुधवार गुरुवार|बृहस्पतिवार शुक्रवार शनिवार रविवार",
	"সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার",
	"วันจันทร์|จันทร์ วันอังคาร|อังคาร วันพุธ|พุธ วันพฤหัสบดี|พฤหัสบดี|พฤหัส วันศุกร์|ศุกร์ วันเสาร์|เสาร์ วันอาทิตย์|อาทิตย์",
}

// otherWords are the remaining words by what they mean.
var otherWords = []struct {
	flags flag
	words string
}{
	{isFiller, "of the on at de del d da di den der am le el il em op dia dne dnia ngày năm г года год р року рік r roku rok m met metų gada " +
		"um à a as las la los às om alle ore ora saat lúc στις στο в во о об у w o godz kl klo klokka pukul pkl jam gegen uhr t os e i v ve och og ob be ba בשעה ב الساعة في ساعت يوم م هـ वाजता को बजे " +
		"เวลา น วันที่ และ ที่ ano año anno i"},
	{isOrdinal, "st nd rd th er ere ère e è º ª o го е й ое a à st. ste de ден ος η"},
	{isMonthSign, "tháng thg"},
	{isBuddhist | isFiller, "พศ"},
	{isAM, "am sa πμ ص צ öö"},
	{isPM, "pm ch μμ م ös"},
	{isHour, "h hs hrs uhr u ч год час ч г น"},
	{isLevantFirst, "كانون تشرين"},
	{isLevant1, "الأول الاول أول"},
	{isLevant2, "الثاني ثاني"},
	{isLocalZone, "et ct mt pt ist bst local"},
}

// zones are the names of time zones that are read, with minutes east of UTC: those of RFC 822, and those in wide use
// that mean one offset only. IST (India, Ireland, Israel), BST (Britain, Bangladesh) and names like ET that do not say
// whether it is summer are read over. CST is that of RFC 822, six hours west.
var zones = map[string]int16{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "brt": -180, "art": -180,
	"wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180,
	"cat": 120, "eat": 180, "wat": 60, "sast": 120, "trt": 180, "irst": 210, "gst": 240, "pkt": 300, "npt": 345,
	"ict": 420, "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480,
	"jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}

// words is the table that all of the above makes. It is only read.
var words = func() map[string]word {
	table := make(map[string]word)
	change := func(name string, f func(w *word)) {
		name = strings.Map(foldLetter, norm.NFC.String(name))
		w := table[name]
		f(&w)
		table[name] = w
	}
	each := func(line string, f func(i int8, name string)) {
		for i, group := range strings.Fields(line) {
			for name := range strings.SplitSeq(group, "|") {
				if name != "-" {
					f(int8(i+1), name)
				}
			}
		}
	}
	months := func(line string, flags flag) {
		each(line, func(i int8, name string) { change(name, func(w *word) { w.month = i; w.flags |= flags }) })
	}
	for _, line := range monthNames {
		months(line, 0)
	}
	months(thaiMonths, isBuddhist)
	months(persianMonths, isPersian)
	for _, line := range weekdayNames {
		each(line, func(i int8, name string) {
			change(name, func(w *word) { w.weekday = i })
			if strings.HasPrefix(name, "วัน") { // "on Friday the 5th" is one word in Thai
				change(name+"ที่", func(w *word) { w.weekday = i })
			}
		})
	}
	for _, o := range otherWords {
		for name := range strings.FieldsSeq(o.words) {
			change(name, func(w *word) { w.flags |= o.flags })
		}
	}
	for name, minutes := range zones {
		change(name, func(w *word) { w.flags |= isZone; w.zone = minutes })
	}
	change("listopada", func(w *word) { w.flags |= needsOrdinal })
	return table
}()

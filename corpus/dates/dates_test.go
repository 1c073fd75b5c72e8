package dates

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// show writes a date compactly: wall clock to its precision, zone if known, "?" if ambiguous, the order it proves.
func show(d Date) string {
	if d.Precision == 0 {
		return "-"
	}
	s := fmt.Sprintf("%04d", d.Year)
	if d.Precision >= Month {
		s += fmt.Sprintf("-%02d", d.Month)
	}
	if d.Precision >= Day {
		s += fmt.Sprintf("-%02d", d.Day)
	}
	if d.Precision >= Minute {
		s += fmt.Sprintf("T%02d:%02d", d.Hour, d.Minute)
	}
	if d.Precision >= Second {
		s += fmt.Sprintf(":%02d", d.Second)
	}
	if d.Millis != 0 {
		s += fmt.Sprintf(".%03d", d.Millis)
	}
	switch {
	case d.HasZone && d.Offset == 0:
		s += "Z"
	case d.HasZone:
		offset, sign := d.Offset/60, '+'
		if offset < 0 {
			offset, sign = -offset, '-'
		}
		s += fmt.Sprintf("%c%02d:%02d", sign, offset/60, offset%60)
	}
	if d.Ambiguous {
		s += "?"
	}
	if d.proves != Undecided {
		s += " " + d.proves.String()
	}
	return s
}

// checkDate holds a date to what is promised of all of them.
func checkDate(t *testing.T, d Date) {
	t.Helper()
	if d.Precision == 0 {
		t.Fatalf("a date without precision: %+v", d)
	}
	if !valid(d.Year, max(d.Month, 1), max(d.Day, 1)) || d.Hour > 24 || d.Minute > 59 || d.Second > 60 || d.Millis > 999 ||
		d.Hour < 0 || d.Minute < 0 || d.Second < 0 || d.Millis < 0 || !d.HasZone && d.Offset != 0 || d.Offset > 54000 || d.Offset < -54000 {
		t.Fatalf("impossible: %+v", d)
	}
	if d.Precision < Second && d.Second+d.Millis != 0 || d.Precision < Minute && d.Hour+d.Minute+d.Offset != 0 ||
		d.Precision < Day && d.Day != 0 || d.Precision < Month && d.Month != 0 {
		t.Fatalf("more than the precision: %+v", d)
	}
	if d.Ambiguous && (d.Decides() != Undecided || d.Month > 12 || d.Day > 12) {
		t.Fatalf("ambiguous: %+v", d)
	}
	for _, o := range []Order{Undecided, DayFirst, MonthFirst} {
		_, p, ok := d.Time(o)
		if ok != (o != Undecided || !d.Ambiguous) || ok && p != d.Precision {
			t.Fatalf("Time(%v) of %+v: %v, %v", o, d, p, ok)
		}
	}
}

var parseTests = []struct{ in, want string }{
	// RFC 3339 and what is like it.
	{"2024-01-05T14:45:02Z", "2024-01-05T14:45:02Z"},
	{"2024-01-05T14:45:02.000Z", "2024-01-05T14:45:02Z"},
	{"2024-01-05T14:45:02.123456789+08:00", "2024-01-05T14:45:02.123+08:00"},
	{"2024-01-05T14:45:02,5Z", "2024-01-05T14:45:02.500Z"},
	{"2024-01-05t14:45:02z", "2024-01-05T14:45:02Z"},
	{"2024-01-05 14:45:02", "2024-01-05T14:45:02"},
	{"2024-01-05 14:45:02 +0800", "2024-01-05T14:45:02+08:00"},
	{"2024-01-05 14:45:02 +0000 UTC", "2024-01-05T14:45:02Z"},
	{"2024-01-05 14:45:02 UTC", "2024-01-05T14:45:02Z"},
	{"2024-01-05 14:45 UTC + 3", "2024-01-05T14:45+03:00"},
	{"2024-01-05T14:45:02+08", "2024-01-05T14:45:02+08:00"},
	{"2024-01-05T14:45+0530", "2024-01-05T14:45+05:30"},
	{"2024-01-05T14:45", "2024-01-05T14:45"},
	{"2024-01-05T14:45:02-05:00[America/New_York]", "2024-01-05T14:45:02-05:00"},
	{"2024-01-05T24:00:00Z", "2024-01-05T24:00:00Z"},
	{"2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"},
	{"2024-01-05", "2024-01-05"},
	{"2024-1-5", "2024-01-05"},
	{"2024/01/05", "2024-01-05"},
	{"2024/1/5 14:05", "2024-01-05T14:05"},
	{"2024.01.05", "2024-01-05"},
	{"2024-01", "2024-01"},
	{"2024", "2024"},
	{"20240105", "2024-01-05"},
	{"20240105T144502Z", "2024-01-05T14:45:02Z"},
	{"20240105T1445", "2024-01-05T14:45"},
	{"20240105144502", "2024-01-05T14:45:02"},
	{"202401051445", "2024-01-05T14:45"},
	{"1704465902", "2024-01-05T14:45:02Z"},
	{"1704465902000", "2024-01-05T14:45:02Z"},
	{"1704465902123", "2024-01-05T14:45:02.123Z"},
	// RFC 5322, RFC 850, the C library, JavaScript, Java, Apache.
	{"Fri, 05 Jan 2024 02:41:38 GMT", "2024-01-05T02:41:38Z"},
	{"Fri, 05 Jan 2024 02:41:38 +0100", "2024-01-05T02:41:38+01:00"},
	{"Fri, 5 Jan 2024 02:41 EST", "2024-01-05T02:41-05:00"},
	{"5 Jan 24 02:41:38 PDT", "2024-01-05T02:41:38-07:00"},
	{"Friday, 05-Jan-24 02:41:38 GMT", "2024-01-05T02:41:38Z"},
	{"05-JAN-2024", "2024-01-05"},
	{"05-JAN-99", "1999-01-05"},
	{"Fri Jan  5 14:45:02 2024", "2024-01-05T14:45:02"},
	{"Fri Jan  5 14:45:02 UTC 2024", "2024-01-05T14:45:02Z"},
	{"Fri Jan 05 2024 14:45:02 GMT+0800 (China Standard Time)", "2024-01-05T14:45:02+08:00"},
	{"Fri, 05 Jan 2024 02:41:38 -0000", "2024-01-05T02:41:38Z"},
	// Numbers in either order.
	{"05/01/2024 - 14:55", "2024-01-05T14:55?"},
	{"05/01/2024", "2024-01-05?"},
	{"5-1-2024", "2024-01-05?"},
	{"05/05/2024", "2024-05-05"},
	{"18/11/2014", "2014-11-18 day_first"},
	{"11/18/2014", "2014-11-18 month_first"},
	{"星期二, 11/18/2014 - 11:34", "2014-11-18T11:34 month_first"},
	{"星期二, 02/04/2014 - 09:36", "2014-02-04T09:36 month_first"},
	{"Wed, 02/04/2014", "2014-04-02 day_first"},
	{"Sunday 02/04/2014", "2014-04-02?"},
	{"05.01.2024", "2024-01-05"},
	{"5. 1. 2024 14:05", "2024-01-05T14:05"},
	{"05.01.2024, 14:05 Uhr", "2024-01-05T14:05"},
	{"01.25.2024", "2024-01-25 month_first"},
	{"1/5/2024 2:30 PM", "2024-05-01T14:30?"},
	{"1/25/2024 12:30 a.m.", "2024-01-25T00:30 month_first"},
	// Chinese.
	{"2024年1月5日", "2024-01-05"},
	{"2024年1月5日 14:05", "2024-01-05T14:05"},
	{"2024年01月05日14时05分", "2024-01-05T14:05"},
	{"2024年1月5日14点05分06秒", "2024-01-05T14:05:06"},
	{"2024年1月5日星期五", "2024-01-05"},
	{"2024年1月5日 星期五 下午2:30", "2024-01-05T14:30"},
	{"2024年1月5日（周五）14：05", "2024-01-05T14:05"},
	{"2024/1/5 下午 02:30", "2024-01-05T14:30"},
	{"2024/1/5 上午 12:30", "2024-01-05T00:30"},
	{"2024年1月5日 中午12:30", "2024-01-05T12:30"},
	{"2024年1月5日 晚上8点半", "2024-01-05T20:30"},
	{"2021 年 9 月 3 日", "2021-09-03"},
	{"2021 年 9 月 3 日 14:05", "2021-09-03T14:05"},
	{"２０２４年１月５日", "2024-01-05"},
	{"２０２４／０１／０５ １４：０５", "2024-01-05T14:05"},
	{"二〇二四年一月五日", "2024-01-05"},
	{"二零二四年十二月二十五日", "2024-12-25"},
	{"二〇二四年一月廿五日", "2024-01-25"},
	{"2024年1月5號", "2024-01-05"},
	{"2024年1月", "2024-01"},
	{"2024年", "2024"},
	{"2024年1月5日 北京时间14:05", "2024-01-05T14:05+08:00"},
	{"民國113年1月5日", "2024-01-05"},
	{"中華民國一一三年一月五日", "2024-01-05"},
	{"民國 113 年 1 月 5 日", "2024-01-05"},
	{"民國113/01/05", "2024-01-05"},
	{"民國1130105", "2024-01-05"},
	// Japanese, Korean.
	{"令和6年1月5日", "2024-01-05"},
	{"令和元年5月1日", "2019-05-01"},
	{"平成31年4月30日(火)", "2019-04-30"},
	{"昭和六十四年一月七日", "1989-01-07"},
	{"2024年1月5日(金) 14時05分", "2024-01-05T14:05"},
	{"2024年1月5日金曜日 午後2時30分", "2024-01-05T14:30"},
	{"2024년 1월 5일", "2024-01-05"},
	{"2024년 1월 5일 금요일 오후 2:30", "2024-01-05T14:30"},
	{"2024년 1월 5일 14시 5분", "2024-01-05T14:05"},
	{"2024. 1. 5.", "2024-01-05"},
	{"2024.01.05 (금) 14:05", "2024-01-05T14:05"},
	{"2024. 1. 5. 오후 2:30:10", "2024-01-05T14:30:10"},
	// English.
	{"January 5, 2024", "2024-01-05"},
	{"Jan. 5, 2024", "2024-01-05"},
	{"Jan 28th 2020", "2020-01-28"},
	{"5 January 2024", "2024-01-05"},
	{"5th of January, 2024", "2024-01-05"},
	{"the 5th January 2024", "2024-01-05"},
	{"Friday, January 5, 2024 at 2:30 PM EST", "2024-01-05T14:30-05:00"},
	{"2:30 PM ET, Fri January 5, 2024", "2024-01-05T14:30"},
	{"14:55, 5 January 2024", "2024-01-05T14:55"},
	{"Sept. 5, 2024 9 a.m.", "2024-09-05T09:00"},
	{"January 2024", "2024-01"},
	{"2024 Jan 5", "2024-01-05"},
	{"2024-Jan-05", "2024-01-05"},
	{"Published: January 5, 2024", "2024-01-05"},
	{"Last updated on 5 May 2024, 14:05 GMT+1", "2024-05-05T14:05+01:00"},
	{"January 5, 2024, 2:30 pm (UTC+08:00)", "2024-01-05T14:30+08:00"},
	// French, German, Dutch, Spanish, Portuguese, Italian, Catalan, Romanian.
	{"vendredi 5 janvier 2024 à 14h05", "2024-01-05T14:05"},
	{"le 1er février 2024", "2024-02-01"},
	{"5 janv. 2024", "2024-01-05"},
	{"5. Januar 2024, 14.30 Uhr", "2024-01-05T14:30"},
	{"Freitag, den 5. März 2021 um 14 Uhr", "2021-03-05T14:00"},
	{"05. Jän. 2024", "2024-01-05"},
	{"5 mei 2024 om 14:05", "2024-05-05T14:05"},
	{"viernes, 5 de enero de 2024", "2024-01-05"},
	{"mar, 5 mar 2024", "2024-03-05"},
	{"5 de janeiro de 2024 às 14h05", "2024-01-05T14:05"},
	{"5 out 2024 14h05", "2024-10-05T14:05"},
	{"1º de maio de 2024", "2024-05-01"},
	{"5 gennaio 2024 alle ore 14:05", "2024-01-05T14:05"},
	{"5 d'abril de 2024", "2024-04-05"},
	{"5 ianuarie 2024", "2024-01-05"},
	// Russian, Ukrainian, Polish, Czech, Croatian, Bulgarian, Serbian.
	{"5 января 2024 г.", "2024-01-05"},
	{"5 января 2024, 14:55", "2024-01-05T14:55"},
	{"14:55, 5 января 2024", "2024-01-05T14:55"},
	{"пятница, 5 января 2024 года в 14:55 МСК", "2024-01-05T14:55+03:00"},
	{"5 січня 2024 р. о 14:55", "2024-01-05T14:55"},
	{"5 lis 2024", "2024-11-05"},
	{"5 listopada 2024 r.", "2024-11-05"},
	{"5. listopada 2024.", "2024-10-05"},
	{"5. listopadu 2024", "2024-11-05"},
	{"piątek, 5 stycznia 2024 o godz. 14:55", "2024-01-05T14:55"},
	{"5. ledna 2024 v 14:55", "2024-01-05T14:55"},
	{"5 януари 2024", "2024-01-05"},
	{"5. јануар 2024.", "2024-01-05"},
	// Nordic, Baltic, Hungarian, Greek, Turkish.
	{"5. januar 2024 kl. 14.05", "2024-01-05T14:05"},
	{"fredag 5 januari 2024", "2024-01-05"},
	{"5. tammikuuta 2024 klo 14.05", "2024-01-05T14:05"},
	{"2024. január 5.", "2024-01-05"},
	{"2024 m. sausio 5 d.", "2024-01-05"},
	{"5 Ιανουαρίου 2024", "2024-01-05"},
	{"5 Ocak 2024 Cuma 14:05", "2024-01-05T14:05"},
	{"5 EKİM 2024", "2024-10-05"},
	{"5 KASIM 2024", "2024-11-05"},
	// Indonesian, Vietnamese, Thai.
	{"Jumat, 5 Januari 2024 14.30 WIB", "2024-01-05T14:30+07:00"},
	{"5 tháng 1, 2024", "2024-01-05"},
	{"Ngày 5 tháng 1 năm 2024", "2024-01-05"},
	{"Thứ Sáu, 05/01/2024, 14:05 (GMT+7)", "2024-01-05T14:05+07:00 day_first"},
	{"Tháng Một 5, 2024", "2024-01-05"},
	{"5 Tháng Mười Hai, 2024", "2024-12-05"},
	{"5 ม.ค. 2567", "2024-01-05"},
	{"5 มกราคม 2567", "2024-01-05"},
	{"วันศุกร์ที่ 5 มกราคม พ.ศ. 2567 เวลา 14:05 น.", "2024-01-05T14:05"},
	{"๕ มกราคม ๒๕๖๗", "2024-01-05"},
	{"5 มกราคม 2024", "2024-01-05"},
	// Arabic, Persian, Hebrew, Hindi.
	{"5 يناير 2024", "2024-01-05"},
	{"٥ يناير ٢٠٢٤", "2024-01-05"},
	{"الجمعة، 5 كانون الثاني 2024", "2024-01-05"},
	{"5 تشرين الأول 2024", "2024-10-05"},
	{"5 يناير/كانون الثاني 2024", "2024-01-05"},
	{"٢٠٢٤/٠١/٠٥", "2024-01-05"},
	{"1 فروردین 1403", "2024-03-20"},
	{"۱۵ دی ۱۴۰۲", "2024-01-05"},
	{"30 اسفند 1403", "2025-03-20"},
	{"1 فروردین 1404", "2025-03-21"},
	{"5 בינואר 2024", "2024-01-05"},
	{"5 जनवरी 2024", "2024-01-05"},
	{"५ जनवरी २०२४", "2024-01-05"},
}

func TestParse(t *testing.T) {
	for _, c := range parseTests {
		d, err := Parse(c.in)
		if err != nil || show(d) != c.want {
			t.Errorf("Parse(%q) = %s, %v; want %s", c.in, show(d), err, c.want)
			continue
		}
		checkDate(t, d)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		"", " ", "-", "NaN", "Invalid Date", "null", "0", "12", "123",
		// Days that do not exist, years of other calendars.
		"2014-02-30", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "2023-02-29", "2024-13-01", "2024-00-10",
		"31/04/2024", "30/02/2024", "13/13/2024", "00/00/0000", "2024-01-05T25:00:00Z", "2024-01-05T14:60:00Z", "20241301",
		"2024年13月1日", "2024年2月30日", "31 April 2024", "5/1/2567", "2567-01-05", "١٤٠٢/١٠/١٥", "30 اسفند 1402",
		"民國113年13月5日", "1130105", "113/01/05",
		// Nothing is resolved against the clock, and no year is guessed.
		"2小时前", "2 小時前", "昨天", "昨天 14:05", "yesterday", "2 hours ago", "3 days ago", "just now", "today", "il y a 2 heures",
		"5月5日", "１月５日", "Jan 5", "5 January", "Friday", "14:05", "下午 2:30", "5/1", "05/01/24", "24-01-05", "5.1.24", "11 分钟前",
		// Not only a date.
		"2024-01-05x", "2024-01-05 something", "version 2024.1.5.3", "2024-01-05-06", "5 January 2024 and more", "2024-01-05/2024-01-06",
		"10 9 8", "99999999", "00000000000000", strings.Repeat("9", 400), strings.Repeat("a ", 400),
	} {
		if d, err := Parse(s); err != ErrNoDate {
			t.Errorf("Parse(%q) = %s, %v; want %v", s, show(d), err, ErrNoDate)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ line, want, text string }{
		{"發表於 2024-01-05", "2024-01-05", "2024-01-05"},
		{"发布于2024年1月5日", "2024-01-05", "2024年1月5日"},
		{"发表于：2024年1月5日 14:05 来源：网络", "2024-01-05T14:05", "2024年1月5日 14:05"},
		{"（2024年1月5日讯）", "2024-01-05", "2024年1月5日"},
		{"星期二, 02/04/2014 - 09:36 提交", "2014-02-04T09:36 month_first", "星期二, 02/04/2014 - 09:36"},
		{"由 abc (未验证) 于 星期三, 01/29/2014 - 07:56 发布", "2014-01-29T07:56 month_first", "星期三, 01/29/2014 - 07:56"},
		{"05/01/2024 - 14:55", "2024-01-05T14:55?", "05/01/2024 - 14:55"},
		{"Published on Friday, January 5, 2024 by A. Writer", "2024-01-05", "Friday, January 5, 2024"},
		{"By A. Writer | 5 Jan 2024 | Politics", "2024-01-05", "5 Jan 2024"},
		{"Posted 5/1/2024.", "2024-01-05?", "5/1/2024"},
		{"le 5 janvier 2024 à 14h05, par X", "2024-01-05T14:05", "5 janvier 2024 à 14h05"},
		{"Stand: 05.01.2024 14:05 Uhr", "2024-01-05T14:05", "05.01.2024 14:05 Uhr"},
		{"기사입력 2024.01.05. 오후 2:30", "2024-01-05T14:30", "2024.01.05. 오후 2:30"},
		{"入力 2024年1月5日 5:00", "2024-01-05T05:00", "2024年1月5日 5:00"},
		{"5 Jan 2024 and 6 Jan 2025", "2024-01-05", "5 Jan 2024"},
		{"2024-01-05T14:45:02.000Z", "2024-01-05T14:45:02Z", "2024-01-05T14:45:02.000Z"},
		{"民國113年1月5日", "2024-01-05", "民國113年1月5日"},
		// Not dates, or not set off from their neighbours.
		{"version 10.1.2024.3", "-", ""},
		{"file-2024-01-05-name.txt", "-", ""},
		{"https://example.org/2024/01/05/a", "-", ""},
		{"call 05-01-2024-33", "-", ""},
		{"2024年1月", "-", ""},
		{"in January 2024", "-", ""},
		{"2024", "-", ""},
		{"order 20240105", "-", ""},
		{"$5.01.2024", "-", ""},
		{"昨天 14:05", "-", ""},
		{"1月5日 14:05", "-", ""},
		{"", "-", ""},
	} {
		d, from, to, ok := Find(c.line)
		if ok != (c.want != "-") || show(d) != c.want || c.line[from:to] != c.text {
			t.Errorf("Find(%q) = %s, %q, %v; want %s, %q", c.line, show(d), c.line[from:to], ok, c.want, c.text)
		}
	}
}

// TestParseAndFindAgree: what Parse reads to the day, Find finds as a whole line, with the same result.
func TestParseAndFindAgree(t *testing.T) {
	for _, c := range parseTests {
		p, err := Parse(c.in)
		if err != nil || p.Precision < Day {
			continue
		}
		if d, _, _, ok := Find(c.in); ok && d != p && !strings.Contains(c.in, "(China") {
			t.Errorf("%q: Parse %s, Find %s", c.in, show(p), show(d))
		}
	}
}

func TestFromURL(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"https://example.org/2024/01/05/story.html", "2024-01-05"},
		{"https://example.org/2024/1/5/story", "2024-01-05"},
		{"https://example.org/news/2024-01-05-story", "2024-01-05"},
		{"https://example.org/cn/%E5%9B%BD/20240105-%E9%9F%A9", "2024-01-05"},
		{"https://example.org/a/some-story-20240105/7427883.html", "2024-01-05"},
		{"https://example.org/news/afe/202401050063.aspx", "2024-01-05"},
		{"https://example.org/realtime/china/story20221127-1337707", "2022-11-27"},
		{"https://example.org/industry/47770-2022-03-02-05-00-00.html", "2022-03-02"},
		{"https://example.org/mandarin/Xinwen/1-06102023114237.html", "2023-06-10 "},
		{"https://example.org/mandarin/Xinwen/1-06232023114237.html", "2023-06-23 month_first"},
		{"https://example.org/20240105144502/a", "2024-01-05"},
		{"https://example.org/world/2024/jan/05/story", "2024-01-05"},
		{"https://example.org/2024/0105/c1-1.html", "2024-01-05"},
		{"https://example.org/202401/05/c1-1.html", "2024-01-05"},
		{"https://example.org/2024-01/05/c_1.htm", "2024-01-05"},
		{"https://example.org/2024/01/story", "2024-01"},
		{"https://example.org/202401/story", "2024-01"},
		{"https://example.org/2024/01/05/20240105-x", "2024-01-05"},
		{"/2024/01/05/x", "2024-01-05"},
		{"https://example.org/2024/01/05/2023/12/01", "-"},
		{"https://example.org/2024/13/05/x", "-"},
		{"https://example.org/2024/02/30/x", "-"},
		{"https://example.org/id/20241399", "-"},
		{"https://example.org/1704465902", "-"},
		{"https://example.org/story?date=2024-01-05", "-"},
		{"https://20240105.example.org/", "-"},
		{"https://example.org/2024", "-"},
		{"https://example.org/12024/01/05", "-"},
		{"https://example.org/a-2024-best-5-things", "-"},
		{"", "-"},
	} {
		d, ok := FromURL(c.url)
		want := strings.Replace(c.want, "2023-06-10 ", "2023-10-06?", 1)
		if ok != (c.want != "-") || ok && show(d) != want {
			t.Errorf("FromURL(%q) = %s, %v; want %s", c.url, show(d), ok, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, c := range []struct {
		in    string
		order Order
		want  string
	}{
		{"2024-01-05T14:45:02+08:00", Undecided, "2024-01-05T06:45:02Z second"},
		{"2024-01-05T14:45:02.5Z", Undecided, "2024-01-05T14:45:02.5Z second"},
		{"2024-01-05T24:00Z", Undecided, "2024-01-06T00:00:00Z minute"},
		{"05/01/2024 14:55", Undecided, ""},
		{"05/01/2024 14:55", DayFirst, "2024-01-05T14:55:00Z minute"},
		{"05/01/2024 14:55", MonthFirst, "2024-05-01T14:55:00Z minute"},
		{"18/11/2014", MonthFirst, "2014-11-18T00:00:00Z day"},
		{"05.01.2024", MonthFirst, "2024-01-05T00:00:00Z day"},
		{"2024-01", DayFirst, "2024-01-01T00:00:00Z month"},
		{"2024", Undecided, "2024-01-01T00:00:00Z year"},
	} {
		d, err := Parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		at, p, ok := d.Time(c.order)
		got := ""
		if ok {
			got = at.Format(time.RFC3339Nano) + " " + p.String()
		}
		if got != c.want {
			t.Errorf("%q, %v: %q, want %q", c.in, c.order, got, c.want)
		}
	}
	if d := EpochMillis(1704465902000); show(d) != "2024-01-05T14:45:02Z" {
		t.Error(show(d))
	}
	if d := EpochMillis(1 << 62); d != (Date{}) {
		t.Error(show(d))
	}
	if _, _, ok := (Date{}).Time(DayFirst); ok {
		t.Error("the zero Date has a time")
	}
}

func TestPlausible(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	added := at("2024-01-05T15:00:00Z")
	for _, c := range []struct {
		t, added time.Time
		want     bool
	}{
		{at("1989-12-31T23:59:59Z"), time.Time{}, false},
		{at("1990-01-01T00:00:00Z"), time.Time{}, true},
		{at("2100-12-31T23:59:59Z"), time.Time{}, true},
		{at("2101-01-01T00:00:00Z"), time.Time{}, false},
		{added, added, true},
		{added.Add(time.Second), added, false},
	} {
		if got := Plausible(c.t, c.added); got != c.want {
			t.Errorf("Plausible(%v, %v) = %v", c.t, c.added, got)
		}
	}
}

// TestNames checks that every name of a month is read, in its common place, and that no name means two months.
func TestNames(t *testing.T) {
	seen := make(map[string]int)
	for _, line := range append(append([]string{}, monthNames...), thaiMonths) {
		groups := strings.Fields(line)
		if len(groups) != 12 {
			t.Errorf("%d months in %q", len(groups), line)
		}
		for i, group := range groups {
			for _, name := range strings.Split(group, "|") {
				if name == "-" {
					continue
				}
				if m, ok := seen[name]; ok && m != i+1 {
					t.Errorf("%q means %d and %d", name, m, i+1)
				}
				seen[name] = i + 1
				year := "2024"
				want := fmt.Sprintf("2024-%02d-17", i+1)
				if line == thaiMonths {
					year = "2567"
				}
				for _, s := range []string{"17 " + name + " " + year, "17 " + strings.ToUpper(name) + " " + year + " 14:05"} {
					d, err := Parse(s)
					if err != nil || !strings.HasPrefix(show(d), want) {
						t.Errorf("Parse(%q) = %s, %v; want %s", s, show(d), err, want)
					}
				}
			}
		}
	}
	for _, line := range weekdayNames {
		if n := len(strings.Fields(line)); n != 7 {
			t.Errorf("%d weekdays in %q", n, line)
		}
	}
	if n := len(strings.Fields(persianMonths)); n != 12 {
		t.Errorf("%d Persian months", n)
	}
}

// TestPersian walks 400 Persian years day by day: each is the day after the one before.
func TestPersian(t *testing.T) {
	var last time.Time
	for year := 1201; year < 1600; year++ {
		for month, name := range strings.Fields(persianMonths) {
			name, _, _ = strings.Cut(name, "|")
			for day := 1; day <= 31; day++ {
				d, err := Parse(fmt.Sprintf("%d %s %d", day, name, year))
				if err != nil {
					if day < 30 {
						t.Fatalf("%d %s %d: %v", day, name, year, err)
					}
					continue
				}
				at, _, _ := d.Time(Undecided)
				if !last.IsZero() && at.Sub(last) != 24*time.Hour {
					t.Fatalf("%d-%02d-%02d: %v after %v", year, month+1, day, at, last)
				}
				last = at
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range parseTests {
		f.Add(c.in)
	}
	for _, s := range []string{"2小时前", "5月5日", "2014-02-30", "file-2024-01-05-x", "https://example.org/2024/01/05/1-06102023114237", "\xff\u0600"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err == nil {
			checkDate(t, d)
			if again, _ := Parse(s); again != d {
				t.Fatalf("%q: %s, then %s", s, show(d), show(again))
			}
		} else if d != (Date{}) {
			t.Fatalf("%q: %s with an error", s, show(d))
		}
		if iso, ok := parseISO(s); ok {
			p := parser{src: s, whole: true}
			p.tokens = scan(nil, s)
			long, next, ok := p.date(0)
			if !ok || long != iso || p.at(next).kind != end {
				t.Fatalf("%q: %s by the fast path, %s, %v by the long way", s, show(iso), show(long), ok)
			}
		}
		if d, from, to, ok := Find(s); ok {
			checkDate(t, d)
			if from < 0 || from >= to || to > len(s) || d.Precision < Day {
				t.Fatalf("%q: %s at %d:%d", s, show(d), from, to)
			}
		}
		if d, ok := FromURL(s); ok {
			checkDate(t, d)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, in string }{
		{"iso", "2024-01-05T14:45:02.000Z"},
		{"rfc5322", "Fri, 05 Jan 2024 02:41:38 GMT"},
		{"han", "2024年1月5日 星期五 下午2:30"},
		{"numeric", "05/01/2024 - 14:55"},
		{"not", "some words that are no date at all"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(c.in)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	line := strings.Repeat("布林肯预计18日访华，着眼管控风险。The talks on 5 May were about 12 things. ", 20)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		Find(line)
	}
}

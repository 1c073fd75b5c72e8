package dates

import (
	"strings"
	"time"
)

// parseISO is the fast path for the forms that machines write: 2024-01-05, and with T or a space 14:45:02, a fraction,
// and Z, ±hh:mm or nothing. It answers false for all else, including dates that do not exist.
func parseISO(s string) (Date, bool) {
	if len(s) < len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:10])
	d, ok := ymd(year, month, day)
	if !ok || !ok1 || !ok2 || !ok3 {
		return Date{}, false
	}
	s = s[10:]
	if s == "" {
		return d, true
	}
	if len(s) < len("T15:04:05") || s[0]|0x20 != 't' && s[0] != ' ' || s[3] != ':' || s[6] != ':' {
		return Date{}, false
	}
	hour, ok1 := digits(s[1:3])
	minute, ok2 := digits(s[4:6])
	second, ok3 := digits(s[7:9])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return Date{}, false
	}
	d.Hour, d.Minute, d.Second, d.Precision = hour, minute, second, Second
	s = s[9:]
	if s != "" && s[0] == '.' {
		n, scale := 1, 100
		for ; n < len(s) && '0' <= s[n] && s[n] <= '9'; n++ {
			d.Millis += int(s[n]-'0') * scale
			scale /= 10
		}
		if n == 1 || n-1 > maxDigits {
			return Date{}, false
		}
		s = s[n:]
	}
	switch {
	case s == "":
		return d, true
	case s == "Z":
		d.HasZone = true
		return d, true
	case len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':':
		return Date{}, false
	}
	h, ok1 := digits(s[1:3])
	m, ok2 := digits(s[4:6])
	if !ok1 || !ok2 || h > 14 || m > 59 {
		return Date{}, false
	}
	d.Offset, d.HasZone = h*3600+m*60, true
	if s[0] == '-' {
		d.Offset = -d.Offset
	}
	return d, true
}

// digits reads a string of nothing but ASCII digits.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// day reads a date without the time of day.
func (p *parser) day(i int) (Date, int, bool) {
	t := p.at(i)
	switch t.kind {
	case han:
		if d, next, ok := p.eraDay(i); ok {
			return d, next, true
		}
		return p.yearFirst(i)
	case letters:
		return p.monthFirst(i)
	case number:
		switch {
		case t.digits == 4:
			return p.yearFirst(i)
		case t.digits <= 2:
			return p.dayFirst(i)
		case p.whole:
			return p.compactDay(i)
		}
	}
	return Date{}, i, false
}

// eras are the eras by which years are counted in Japan and in the Republic of China, with the year before their first.
var eras = []struct {
	name   string
	before int
}{
	{"中華民國", 1911}, {"中华民国", 1911}, {"民國", 1911}, {"民国", 1911},
	{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"大正", 1911}, {"明治", 1867},
}

// eraDay reads 民國113年1月5日, 令和6年1月5日, 令和元年5月1日, and after 民國 also 113/01/05 and 1130105.
func (p *parser) eraDay(i int) (Date, int, bool) {
	for _, era := range eras {
		next, _, ok := p.hanAt(i, era.name)
		if !ok {
			continue
		}
		next = p.space(next)
		if after, _, first := p.hanAt(next, "元年"); first {
			return p.hanMonth(era.before+1, after)
		}
		n, digits, after := p.number(next)
		roc := era.before == 1911 && p.at(next).kind == number
		switch {
		case digits == 0:
		case digits <= 3:
			if mark, _, ok := p.hanAt(p.space(after), "年"); ok {
				return p.hanMonth(era.before+int(n), mark)
			}
			if roc && p.isSign(after, "/-.") {
				return p.monthAndDay(era.before+int(n), after)
			}
		case digits == 7 && roc:
			d, ok := ymd(era.before+int(n/10000), int(n/100%100), int(n%100))
			return d, after, ok
		}
		return Date{}, i, false
	}
	return Date{}, i, false
}

// yearFirst reads 2024-01-05, 2024/1/5, 2024. 1. 5., 2024年1月5日, 2024년 1월 5일, 2024 Jan 5, and, where the string is
// nothing but a date, 2024-01 and 2024.
func (p *parser) yearFirst(i int) (Date, int, bool) {
	year, next, ok := p.year(i, false)
	if !ok {
		return Date{}, i, false
	}
	if mark, _, ok := p.hanAt(p.space(next), "年", "년"); ok {
		return p.hanMonth(year, mark)
	}
	if p.at(i).kind != number {
		return Date{}, i, false
	}
	if d, next, ok := p.monthAndDay(year, next); ok {
		return d, next, true
	}
	month, after, _ := p.month(p.fillers(next, "-/.,"))
	if month.month != 0 && month.flags&(isPersian|isLevantFirst) == 0 {
		if day, after, ok := p.small(p.fillers(after, "-/.,")); ok {
			d, ok := ymd(year, int(month.month), day)
			return d, p.ordinal(after), ok
		}
		if p.whole {
			return Date{Precision: Month, Year: year, Month: int(month.month)}, after, true
		}
		return Date{}, i, false
	}
	if p.whole {
		return Date{Precision: Year, Year: year}, next, true
	}
	return Date{}, i, false
}

// monthAndDay reads a sign, a month, the same sign and a day after a year.
func (p *parser) monthAndDay(year, i int) (Date, int, bool) {
	if !p.isSign(i, "-/.") {
		return Date{}, i, false
	}
	r := p.at(i).r
	month, next, ok := p.small(p.space(i + 1))
	if !ok || p.at(next-1).kind != number || month < 1 || month > 12 {
		return Date{}, i, false
	}
	if p.at(next).r == r && p.at(next).kind == sign {
		day, after, ok := p.small(p.space(next + 1))
		if ok {
			d, ok := ymd(year, month, day)
			return d, after, ok
		}
		if r != '.' { // "2024. 1." is a month, "2024-01-" nothing
			return Date{}, i, false
		}
	}
	if !p.whole {
		return Date{}, i, false
	}
	return Date{Precision: Month, Year: year, Month: month}, next, true
}

// hanMonth reads 1月5日 after the mark of the year; without a day it is a month.
func (p *parser) hanMonth(year, i int) (Date, int, bool) {
	month, next, ok := p.small(p.space(i))
	if !ok || month < 1 || month > 12 || year < minYear || year > maxYear {
		return p.hanYear(year, i)
	}
	next, _, ok = p.hanAt(p.space(next), "月", "월")
	if !ok {
		return p.hanYear(year, i)
	}
	day, after, ok := p.small(p.space(next))
	if ok {
		if after, _, ok = p.hanAt(p.space(after), "日", "号", "號", "일"); ok {
			d, ok := ymd(year, month, day)
			return d, after, ok
		}
	}
	return Date{Precision: Month, Year: year, Month: month}, next, true
}

func (p *parser) hanYear(year, i int) (Date, int, bool) {
	return Date{Precision: Year, Year: year}, i, p.whole && minYear <= year && year <= maxYear
}

// compactDay reads 20240105, 202401051455 and 20240105145502.
func (p *parser) compactDay(i int) (Date, int, bool) {
	t := p.at(i)
	n := t.num
	var c clock
	switch t.digits {
	case 8:
	case 14:
		c.second, n = int(n%100), n/100
		c.precision = Second
		fallthrough
	case 12:
		c.minute, c.hour, n = int(n%100), int(n/100%100), n/10000
		c.precision = max(c.precision, Minute)
	default:
		return Date{}, i, false
	}
	d, ok := ymd(int(n/10000), int(n/100%100), int(n%100))
	if !ok || c.hour > 23 || c.minute > 59 || c.second > 59 {
		return Date{}, i, false
	}
	if c.precision == 0 {
		return d, i + 1, true
	}
	next := p.zone(i+1, &c)
	return c.set(d), next, true
}

// dayFirst reads dates that begin with a number of one or two digits: 5 January 2024, 5. Januar 2024, 5-Jan-24,
// 5 tháng 1, 2024, and the numeric ones, in which the first number may be the month.
func (p *parser) dayFirst(i int) (Date, int, bool) {
	a, next, _ := p.small(i)
	if d, next, ok := p.numericDay(a, next); ok {
		return d, next, true
	}
	after := p.ordinal(next)
	dotted := p.isSign(next, ".")
	month, after, _ := p.month(p.fillers(after, "-/,."))
	if month.month == 0 {
		return Date{}, i, false
	}
	if month.flags&needsOrdinal != 0 && dotted {
		month.month = 10
	}
	after = p.fillers(after, "-/,.")
	if month.flags&isPersian != 0 {
		return p.persian(after, int(month.month), a)
	}
	buddhist := month.flags&isBuddhist != 0
	year, last, ok := p.year(after, buddhist)
	if !ok {
		if t := p.at(after); p.whole && t.kind == number && t.digits == 2 && !buddhist {
			year, last = 1900+int(t.num), after+1 // RFC 5322, section 4.3
			if t.num < 50 {
				year += 100
			}
		} else {
			return Date{}, i, false
		}
	}
	d, ok := ymd(year, int(month.month), a)
	return d, last, ok
}

// numericDay reads a sign, a number, the same sign and a year after a first number.
func (p *parser) numericDay(a, i int) (Date, int, bool) {
	if !p.isSign(i, "-/.") {
		return Date{}, i, false
	}
	r := p.at(i).r
	b, next, ok := p.small(p.space(i + 1))
	if !ok || p.at(next).r != r || p.at(next-1).kind != number {
		return Date{}, i, false
	}
	year, next, ok := p.year(p.space(next+1), false)
	if !ok || p.at(next-1).kind != number {
		return Date{}, i, false
	}
	d, ok := numeric(a, b, year)
	if r == '.' && d.Ambiguous {
		d.Ambiguous = false // with dots, day first is the only order in use (CLDR)
	}
	return d, next, ok
}

// monthFirst reads dates that begin with the name of a month: January 5, 2024; Jan 28th 2020; and, where the string is
// nothing but a date, January 2024.
func (p *parser) monthFirst(i int) (Date, int, bool) {
	month, next, _ := p.month(i)
	if month.month == 0 || month.flags&isPersian != 0 {
		return Date{}, i, false
	}
	buddhist := month.flags&isBuddhist != 0
	next = p.fillers(next, "-/,.")
	if year, after, ok := p.year(next, buddhist); ok {
		return Date{Precision: Month, Year: year, Month: int(month.month)}, after, p.whole
	}
	day, next, ok := p.small(next)
	if !ok {
		return Date{}, i, false
	}
	year, next, ok := p.year(p.fillers(p.ordinal(next), "-/,."), buddhist)
	if !ok {
		return Date{}, i, false
	}
	d, ok := ymd(year, int(month.month), day)
	return d, next, ok
}

// ordinal skips what makes the number of a day an ordinal.
func (p *parser) ordinal(i int) int {
	if p.isSign(i, "-") && p.is(i+1, isOrdinal) && p.at(i+1).word.month == 0 { // 5-го
		return i + 2
	}
	if p.is(i, isOrdinal) {
		return i + 1
	}
	return i
}

// month reads the name of a month.
func (p *parser) month(i int) (month word, next int, ok bool) {
	t := p.at(i)
	if t.kind != letters {
		return word{}, i, false
	}
	w, next := t.word, i+1
	switch {
	case w.flags&isLevantFirst != 0:
		second := p.at(p.space(next))
		kanun := strings.HasPrefix(p.src[t.start:], "كانون")
		switch {
		case second.word.flags&isLevant1 != 0 && kanun:
			w.month = 12
		case second.word.flags&isLevant1 != 0:
			w.month = 10
		case second.word.flags&isLevant2 != 0 && kanun:
			w.month = 1
		case second.word.flags&isLevant2 != 0:
			w.month = 11
		default:
			return word{}, i, false
		}
		w.flags = 0
		next = p.space(next) + 1
	case w.flags&isMonthSign != 0:
		n, after, ok := p.small(p.space(next))
		if !ok {
			n, after, ok = p.vietnameseNumber(p.space(next))
		}
		if !ok || n < 1 || n > 12 {
			return word{}, i, false
		}
		return word{month: int8(n)}, after, true
	case w.month == 0:
		return word{}, i, false
	}
	if p.isSign(next, "/") { // يناير/كانون الثاني: the month in two namings
		if other, after, ok := p.month(p.space(next + 1)); ok && other.month == w.month {
			next = after
		}
	}
	return w, next, true
}

// vietnameseNumbers are the words for one to ten; eleven and twelve are mười một and mười hai.
var vietnameseNumbers = []string{"một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"}

func (p *parser) vietnameseNumber(i int) (n, next int, ok bool) {
	t := p.at(i)
	if t.kind != letters {
		return 0, i, false
	}
	for k, name := range vietnameseNumbers {
		if !strings.EqualFold(p.src[t.start:t.end], name) {
			continue
		}
		if k == 9 {
			if m, next, ok := p.vietnameseNumber(p.space(i + 1)); ok && m <= 2 {
				return 10 + m, next, true
			}
		}
		return k + 1, i + 1, true
	}
	return 0, i, false
}

// vietnameseWeekday reads Thứ Hai (Monday) to Thứ Bảy, also with digits, and Chủ Nhật.
func (p *parser) vietnameseWeekday(i int) (next int, day time.Weekday, ok bool) {
	t, second := p.at(i), p.at(p.space(i+1))
	switch name := p.src[t.start:t.end]; {
	case strings.EqualFold(name, "chủ") && second.kind == letters && strings.EqualFold(p.src[second.start:second.end], "nhật"):
		return p.space(i+1) + 1, time.Sunday, true
	case strings.EqualFold(name, "thứ"):
		n, next, ok := p.small(p.space(i + 1))
		if !ok {
			n, next, ok = p.vietnameseNumber(p.space(i + 1))
		}
		if ok && 2 <= n && n <= 7 {
			return next, time.Weekday(n - 1), true
		}
	}
	return i, 0, false
}

// persian reads the year of a date in the Persian calendar and converts the date.
//
// The leap years follow the 33-year rule, which agrees with the observed calendar from 1178 to 1633 AP (1799 to 2255).
func (p *parser) persian(i, month, day int) (Date, int, bool) {
	n, digits, next := p.number(i)
	if digits != 4 || n < 1200 || n > 1600 || month < 1 || day < 1 {
		return Date{}, i, false
	}
	length := 31
	if month > 6 {
		length = 30
	}
	if month == 12 && (25*n+11)%33 >= 8 {
		length = 29
	}
	if day > length {
		return Date{}, i, false
	}
	// Days from 1 Farvardin 1403, which was 20 March 2024.
	days := int(daysBefore(n)-daysBefore(1403)) + 31*(month-1) - max(0, month-7) + day - 1
	t := time.Date(2024, time.March, 20+days, 0, 0, 0, 0, time.UTC)
	d, ok := ymd(t.Year(), int(t.Month()), t.Day())
	return d, next, ok
}

// daysBefore counts the days of the Persian years before a year, from a fixed year on.
func daysBefore(year int64) int64 { return 365*(year-1) + (8*year+21)/33 }

package dates

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxParse is the longest string that [Parse] looks at, in bytes: no date is longer.
const maxParse = 256

// Parse reads a string that is nothing but a date, with or without a time of day, a zone and a weekday. Coarse dates
// (2024-01, Jan 2024, 2024) are read, too. The error is [ErrNoDate].
func Parse(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if d, ok := parseISO(s); ok {
		return d, nil
	}
	if s == "" || len(s) > maxParse {
		return Date{}, ErrNoDate
	}
	var room [64]token
	p := parser{src: norm.NFC.String(s), whole: true}
	p.tokens = scan(room[:0], p.src)
	if d, ok := p.unixTime(); ok {
		return d, nil
	}
	d, next, ok := p.date(p.skipLead(0))
	if !ok || p.at(p.skipTail(next)).kind != end {
		return Date{}, ErrNoDate
	}
	return d, nil
}

// Find returns the first date of at least day precision in one line of text, and where it stands. It looks for complete
// dates set off from their neighbours, not for digits inside numbers, file names or addresses, and within about the first
// thousand words and signs.
func Find(line string) (d Date, from, to int, ok bool) {
	if !mayHoldDate(line) {
		return Date{}, 0, 0, false
	}
	var room [128]token
	p := parser{src: line}
	p.tokens = scan(room[:0], line)
	for i := range p.tokens {
		if !p.mayStart(i) {
			continue
		}
		d, next, ok := p.date(i)
		if !ok || d.Precision < Day || !p.mayEnd(next) {
			continue
		}
		return d, int(p.tokens[i].start), int(p.tokens[next-1].end), true
	}
	return Date{}, 0, 0, false
}

// mayHoldDate reports whether there are four digits in a row, other digits than ASCII, or the sign of the year in Chinese
// or Korean: without them there is no year.
func mayHoldDate(line string) bool {
	run := 0
	for _, r := range line {
		switch {
		case '0' <= r && r <= '9':
			if run++; run == 4 {
				return true
			}
			continue
		case r < utf8.RuneSelf:
		case r == '年', r == '년', !isIdeograph(r) && unicode.IsDigit(r):
			return true
		}
		run = 0
	}
	return false
}

// parser reads dates from the tokens of one string. Its methods take the index of a token, and return the index after
// what they have read.
type parser struct {
	src    string
	tokens []token
	whole  bool // the string is to be nothing but a date: what would be too bold in running text is read
}

// at returns token i, or a token of kind end.
func (p *parser) at(i int) *token {
	if i < 0 || i >= len(p.tokens) {
		return &endToken
	}
	return &p.tokens[i]
}

var endToken token

// space skips white space.
func (p *parser) space(i int) int {
	if p.at(i).kind == space {
		return i + 1
	}
	return i
}

// isSign reports whether token i is one of the signs.
func (p *parser) isSign(i int, signs string) bool {
	return p.at(i).kind == sign && strings.ContainsRune(signs, p.at(i).r)
}

// is reports whether token i is a word with one of the flags.
func (p *parser) is(i int, flags flag) bool {
	return p.at(i).kind == letters && p.at(i).word.flags&flags != 0
}

// hanAt returns the index after the first of the strings that stands at token i, one token to each character.
func (p *parser) hanAt(i int, options ...string) (next, option int, ok bool) {
	for o, s := range options {
		j, match := i, true
		for _, r := range s {
			if match = p.at(j).r == r && p.at(j).kind == han; !match {
				break
			}
			j++
		}
		if match {
			return j, o, true
		}
	}
	return i, 0, false
}

// number reads a number in digits or Chinese numerals.
func (p *parser) number(i int) (num int64, digits, next int) {
	if t := p.at(i); t.kind == number {
		return t.num, t.digits, i + 1
	}
	return p.hanNumber(i)
}

// small reads a number of one or two digits.
func (p *parser) small(i int) (num, next int, ok bool) {
	n, digits, next := p.number(i)
	if digits == 0 || digits > 2 && p.at(i).kind == number || n > 99 {
		return 0, i, false
	}
	return int(n), next, true
}

// year reads a year of four digits. Buddhist years are converted.
func (p *parser) year(i int, buddhist bool) (year, next int, ok bool) {
	n, digits, next := p.number(i)
	if digits != 4 {
		return 0, i, false
	}
	if buddhist && n > maxYear {
		n -= 543
	}
	return int(n), next, minYear <= n && n <= maxYear
}

// unixTime reads a string of 10, 13 or 16 digits as seconds, milliseconds or microseconds since 1970.
func (p *parser) unixTime() (Date, bool) {
	t := p.at(0)
	if t.kind != number || len(p.tokens) != 1 {
		return Date{}, false
	}
	ms := t.num
	switch t.digits {
	case 10:
		ms *= 1000
	case 13:
	case 16:
		ms /= 1000
	default:
		return Date{}, false
	}
	d := EpochMillis(ms)
	return d, d.Precision != 0
}

// mayStart reports whether a date in running text may begin at token i.
func (p *parser) mayStart(i int) bool {
	switch t := p.at(i); t.kind {
	case number:
		if t.digits > 8 {
			return false
		}
	case letters:
		if t.word.month == 0 && t.word.flags&isMonthSign == 0 && !p.isWeekday(i) {
			return false
		}
	case han:
		if !strings.ContainsRune("星周週礼禮民中令平昭大明一二月火水木金土日월화수목금토일上下早晚午오北東京台", t.r) {
			return false
		}
	default:
		return false
	}
	before := p.at(i - 1)
	switch before.kind {
	case number, letters:
		return p.at(i).kind == han
	case sign:
		return !strings.ContainsRune("-/.,:_@#=%$€£¥&+\\'", before.r) || before.r == ':' && p.at(i-2).kind != number ||
			strings.ContainsRune(",.", before.r) && p.at(i-2).kind != number
	}
	return true
}

// mayEnd reports whether a date in running text may end before token i.
func (p *parser) mayEnd(i int) bool {
	last, t := p.at(i-1), p.at(i)
	switch t.kind {
	case number:
		return false
	case letters:
		return last.kind == han
	case sign:
		next := p.at(i + 1).kind
		return !strings.ContainsRune("-/.:_@#=%&+\\", t.r) || next != number && next != letters
	}
	return true
}

// skipLead skips words before a date that is all of the string, where a word like "le", "on" or "ngày", a comma or a
// colon leads over to it: "Published on", "Updated: ".
func (p *parser) skipLead(i int) int {
	leads := true
	for j := i; j < i+maxLead; j++ {
		t := p.at(j)
		switch {
		case t.kind == space:
		case p.isSign(j, ",:[("):
			leads = true
		case t.kind == letters && t.word.month == 0 && t.word.flags&isMonthSign == 0 && !p.isWeekday(j):
			leads = t.word.flags&isFiller != 0
		case leads:
			return j
		default:
			return i
		}
	}
	return i
}

// maxLead is the most tokens that skipLead skips.
const maxLead = 12

func (p *parser) isWeekday(i int) bool {
	_, _, ok := p.weekday(i)
	return ok
}

// skipTail skips what may follow a date that is all of the string: a weekday, closing signs, a word like "г." or
// "roku", and remarks in brackets.
func (p *parser) skipTail(i int) int {
	for {
		i = p.space(i)
		switch t := p.at(i); {
		case p.isSign(i, "([") && p.closing(i) > 0:
			i = p.closing(i)
		case t.kind == sign && strings.ContainsRune(".,;)]|'", t.r):
			i++
		case p.is(i, isFiller|isLocalZone|isZone):
			i++
		default:
			next, _, ok := p.weekday(i)
			if !ok {
				return i
			}
			i = next
		}
	}
}

// closing returns the index after the bracket that closes the one at token i, or 0.
func (p *parser) closing(i int) int {
	for j := i + 1; p.at(j).kind != end; j++ {
		if p.isSign(j, ")]") {
			return j + 1
		}
	}
	return 0
}

// date reads a whole date: a weekday, the day, and a time of day and zone on either side of it.
func (p *parser) date(i int) (Date, int, bool) {
	var clock clock
	day, hasDay := time.Weekday(0), false
	if next, w, ok := p.weekday(i); ok {
		if d, next, ok := p.afterWeekday(next); ok {
			d = d.withWeekday(w)
			d, next = p.rest(d, next)
			return d, next, true
		}
		day, hasDay = w, true
	}
	if d, next, ok := p.day(i); ok {
		d, next = p.rest(d, next)
		return d, next, true
	}
	// The time first: "14:55 05/01/2024", "2:30 PM ET, Fri January 5, 2024".
	if hasDay {
		return Date{}, i, false
	}
	next, ok := p.clock(i, &clock)
	if !ok {
		return Date{}, i, false
	}
	next = p.zone(next, &clock)
	next = p.fillers(next, ",-|.")
	if after, w, ok := p.weekday(next); ok {
		day, hasDay = w, true
		next = p.fillers(after, ",.")
	}
	d, next, ok := p.day(next)
	if !ok || d.Precision != Day || clock.precision == 0 {
		return Date{}, i, false
	}
	if hasDay {
		d = d.withWeekday(day)
	}
	return clock.set(d), next, true
}

// afterWeekday reads the day after a weekday, also in the form of the C library: "Fri Jan  5 14:45:02 UTC 2024".
func (p *parser) afterWeekday(i int) (Date, int, bool) {
	i = p.fillers(i, ",.|")
	if d, next, ok := p.day(i); ok {
		return d, next, true
	}
	month, next, _ := p.month(i)
	if month.month == 0 {
		return Date{}, i, false
	}
	day, next, ok := p.small(p.space(next))
	if !ok {
		return Date{}, i, false
	}
	var c clock
	next, ok = p.clock(p.space(next), &c)
	if !ok {
		return Date{}, i, false
	}
	next = p.zone(next, &c)
	year, next, ok := p.year(p.space(next), false)
	if !ok {
		return Date{}, i, false
	}
	d, ok := ymd(year, int(month.month), day)
	return c.set(d), next, ok
}

// rest reads a weekday, a time of day and a zone after a day.
func (p *parser) rest(d Date, i int) (Date, int) {
	if d.Precision != Day {
		return d, i
	}
	next := p.fillers(i, ",-.([")
	if after, w, ok := p.weekday(next); ok && (p.at(next).kind != letters || p.at(next).word.month == 0) {
		d = d.withWeekday(w)
		i = after
		if p.isSign(i, ")]") {
			i++
		}
	}
	next = p.fillers(i, ",-.|@")
	if p.is(next, isLocalZone|isZone) { // "北京时间 14:05" and the like
		next = p.fillers(next+1, "")
	}
	var c clock
	if after, offset, ok := p.namedHanZone(next); ok {
		c.offset, c.hasZone = offset, true
		next = p.space(after)
	}
	if next == i && p.at(i-1).kind != han && !p.isSign(i-1, ")]") {
		return d, i
	}
	next, ok := p.clock(next, &c)
	if !ok || c.precision == 0 {
		return d, i
	}
	next = p.zone(next, &c)
	return c.set(d), next
}

// fillers skips white space, filler words and the given signs.
func (p *parser) fillers(i int, signs string) int {
	for {
		switch t := p.at(i); {
		case t.kind == space, t.kind == sign && (strings.ContainsRune(signs, t.r) || t.r == '\''):
			i++
		case p.is(i, isFiller) && t.word.month == 0:
			i++
		default:
			return i
		}
	}
}

// weekday reads the name of a day of the week.
func (p *parser) weekday(i int) (next int, day time.Weekday, ok bool) {
	t := p.at(i)
	if t.kind == letters {
		if t.word.weekday != 0 {
			return i + 1, time.Weekday(t.word.weekday % 7), true
		}
		return p.vietnameseWeekday(i)
	}
	if t.kind != han {
		return i, 0, false
	}
	if next, _, ok := p.hanAt(i, "星期", "周", "週", "礼拜", "禮拜"); ok {
		if d := strings.IndexRune("日一二三四五六天", p.at(next).r); d >= 0 && p.at(next).kind == han {
			return next + 1, time.Weekday(d / len("日") % 7), true
		}
		return i, 0, false
	}
	bracketed := p.isSign(i-1, "(") && p.isSign(i+1, ")")
	for _, names := range [...]string{"日月火水木金土", "일월화수목금토", "日一二三四五六"} {
		d := strings.IndexRune(names, t.r)
		if d < 0 {
			continue
		}
		day := time.Weekday(d / len("日"))
		if next, _, ok := p.hanAt(i+1, "曜日", "曜", "요일"); ok {
			return next, day, true
		}
		if bracketed {
			return i + 1, day, true
		}
	}
	return i, 0, false
}

// clock is a time of day.
type clock struct {
	hour, minute, second, millis int
	precision                    Precision
	offset                       int
	hasZone                      bool
}

// set puts the time of day into a date.
func (c clock) set(d Date) Date {
	if c.precision < Second { // a fraction of a minute says nothing
		c.second, c.millis = 0, 0
	}
	d.Precision = c.precision
	d.Hour, d.Minute, d.Second, d.Millis = c.hour, c.minute, c.second, c.millis
	d.Offset, d.HasZone = c.offset, c.hasZone
	return d
}

// half is a part of the day named with a time.
type half uint8

const (
	noHalf half = iota
	am
	pm
	noon    // 中午: eleven and twelve are before noon and noon, one and two after
	evening // 晚上: like pm, but twelve is midnight
)

// hanHalves are the parts of the day in Chinese, Japanese and Korean, which stand before the hour.
var hanHalves = []struct {
	name string
	half half
}{
	{"上午", am}, {"早上", am}, {"早晨", am}, {"清晨", am}, {"凌晨", am}, {"午前", am}, {"오전", am},
	{"下午", pm}, {"午後", pm}, {"午后", pm}, {"오후", pm}, {"傍晚", pm},
	{"中午", noon}, {"晚上", evening}, {"晚间", evening}, {"晚間", evening}, {"夜间", evening}, {"夜間", evening},
}

// clock reads a time of day, in 12 or 24 hours.
func (p *parser) clock(i int, c *clock) (int, bool) {
	var h half
	for _, o := range hanHalves {
		if next, _, ok := p.hanAt(i, o.name); ok {
			h, i = o.half, p.space(next)
			break
		}
	}
	if h == noHalf {
		if next, before, ok := p.amPM(i); ok && p.at(p.space(next)).kind == number {
			h, i = before, p.space(next)
		}
	}
	start := p.at(i)
	if start.kind == number && start.digits >= 4 && start.digits <= 6 && p.is(i-1, isFiller) && p.isT(i-1) {
		return p.compactClock(i, c)
	}
	hour, i, ok := p.small(i)
	if !ok || start.kind != number && p.at(i).kind != han {
		return i, false
	}
	c.hour = hour
	switch {
	case p.isSign(i, ":"):
		if i, ok = p.minutes(i+1, c, ":"); !ok {
			return i, false
		}
	case p.isSign(i, ".") && p.at(i+1).kind == number && p.at(i+1).digits == 2 && p.at(i-1).digits <= 2 && h == noHalf:
		if i, ok = p.minutes(i+1, c, ".:"); !ok {
			return i, false
		}
	default:
		sp := p.space(i)
		if next, _, ok := p.hanAt(sp, "時", "时", "点", "點", "시"); ok {
			i = p.hanMinutes(next, c)
			break
		}
		if p.is(sp, isHour) {
			i = sp + 1
			c.precision = Minute
			if m, next, ok := p.small(p.space(i)); ok && p.at(p.space(i)).digits == 2 && m < 60 {
				c.minute, i = m, next
				if p.is(p.space(i), isFiller) && p.at(p.space(i)).end-p.at(p.space(i)).start <= 3 { // 14 h 30 m
					i = p.space(i)
				}
			}
			break
		}
		next, after, ok := p.amPM(sp)
		if !ok || hour == 0 || hour > 12 {
			return i, false
		}
		c.precision = Minute
		c.set12(after)
		return next, c.hour < 24
	}
	if h == noHalf {
		if next, after, ok := p.amPM(p.space(i)); ok {
			h, i = after, next
		}
	}
	if p.is(p.space(i), isHour) && p.at(p.space(i)).end-p.at(p.space(i)).start > 1 { // 14:30 Uhr
		i = p.space(i) + 1
	}
	c.set12(h)
	if c.hour == 24 && (c.minute != 0 || c.second != 0) || c.hour > 24 {
		return i, false
	}
	return i, true
}

// isT reports whether token i is the T of ISO 8601.
func (p *parser) isT(i int) bool {
	t := p.at(i)
	return t.end-t.start == 1 && p.src[t.start]|0x20 == 't'
}

// compactClock reads hhmm or hhmmss after the T of ISO 8601.
func (p *parser) compactClock(i int, c *clock) (int, bool) {
	t := p.at(i)
	n := int(t.num)
	c.precision = Minute
	switch t.digits {
	case 4:
		c.hour, c.minute = n/100, n%100
	case 6:
		c.hour, c.minute, c.second = n/10000, n/100%100, n%100
		c.precision = Second
	default:
		return i, false
	}
	i = p.fraction(i+1, c)
	return i, c.hour < 24 && c.minute < 60 && c.second < 60
}

// minutes reads minutes, and seconds after one of the signs.
func (p *parser) minutes(i int, c *clock, signs string) (int, bool) {
	t := p.at(i)
	if t.kind != number || t.digits != 2 || t.num > 59 {
		return i, false
	}
	c.minute, c.precision = int(t.num), Minute
	i++
	if t := p.at(i + 1); p.isSign(i, signs) && t.kind == number && t.digits == 2 {
		if t.num > 60 { // 60 is a leap second
			return i, false
		}
		c.second, c.precision = int(t.num), Second
		i = p.fraction(i+2, c)
	}
	return i, true
}

// fraction reads a decimal fraction of a second.
func (p *parser) fraction(i int, c *clock) int {
	t := p.at(i + 1)
	if !p.isSign(i, ".,") || t.kind != number || t.digits > maxDigits {
		return i
	}
	millis, digits := t.num, t.digits
	for ; digits > 3; digits-- {
		millis /= 10
	}
	for ; digits < 3; digits++ {
		millis *= 10
	}
	c.millis = int(millis)
	return i + 2
}

// hanMinutes reads what follows 時 or 点: nothing, minutes with 分, seconds with 秒, or 半.
func (p *parser) hanMinutes(i int, c *clock) int {
	c.precision = Minute
	if next, _, ok := p.hanAt(i, "半"); ok {
		c.minute = 30
		return next
	}
	if next, _, ok := p.hanAt(i, "整"); ok {
		return next
	}
	m, next, ok := p.small(p.space(i))
	if !ok || m > 59 {
		return i
	}
	after, _, ok := p.hanAt(p.space(next), "分", "분")
	if !ok && p.at(next).kind == han {
		return i
	}
	c.minute = m
	if !ok {
		return next
	}
	s, next, ok := p.small(p.space(after))
	if !ok || s > 59 {
		return after
	}
	next, _, ok = p.hanAt(p.space(next), "秒", "초")
	if !ok {
		return after
	}
	c.second, c.precision = s, Second
	return next
}

// amPM reads am, pm, a.m. and p.m.
func (p *parser) amPM(i int) (next int, h half, ok bool) {
	t := p.at(i)
	if t.kind != letters {
		return i, noHalf, false
	}
	switch {
	case t.word.flags&isAM != 0:
		return i + 1, am, true
	case t.word.flags&isPM != 0:
		return i + 1, pm, true
	}
	if t.end-t.start != 1 || !p.isSign(i+1, ".") {
		return i, noHalf, false
	}
	m := p.at(p.space(i + 2))
	if m.kind != letters || m.end-m.start != 1 || p.src[m.start]|0x20 != 'm' {
		return i, noHalf, false
	}
	next = p.space(i+2) + 1
	if p.isSign(next, ".") {
		next++
	}
	switch p.src[t.start] | 0x20 {
	case 'a':
		return next, am, true
	case 'p':
		return next, pm, true
	}
	return i, noHalf, false
}

// set12 applies a part of the day to the hour. Hours above twelve are of the 24-hour clock whatever stands with them.
func (c *clock) set12(h half) {
	switch {
	case h == noHalf || c.hour > 12:
	case c.hour == 12:
		switch h {
		case am:
			c.hour = 0
		case evening: // of which day is not certain
			c.precision, c.minute, c.second, c.millis, c.hour = 0, 0, 0, 0, 0
		}
	case h == pm, h == evening && c.hour >= 5, h == noon && c.hour <= 3:
		c.hour += 12
	}
}

// zone reads a time zone: Z, a name, an offset, or a name with an offset, maybe in brackets.
func (p *parser) zone(i int, c *clock) int {
	start := i
	i = p.space(i)
	bracket := p.isSign(i, "(")
	if bracket {
		i++
	}
	read := false
	if next, offset, ok := p.namedHanZone(i); ok {
		c.offset, c.hasZone = offset, true
		i, read = next, true
	} else if p.is(i, isZone|isLocalZone) {
		if w := p.at(i).word; w.flags&isZone != 0 {
			c.offset, c.hasZone = int(w.zone)*60, true
		}
		i, read = i+1, true
	}
	if next, offset, ok := p.offset(p.space(i), read); ok {
		c.offset, c.hasZone = offset, true
		i, read = next, true
	}
	if !read {
		return start
	}
	if bracket {
		if !p.isSign(i, ")") {
			return start
		}
		i++
	}
	// "+0000 UTC" and "GMT+0800 (China Standard Time)": the name after the offset adds nothing.
	if next := p.space(i); p.is(next, isZone|isLocalZone) {
		i = next + 1
	} else if p.whole && p.isSign(next, "([") && p.closing(next) > 0 {
		i = p.closing(next)
	}
	return i
}

// offset reads ±hh:mm, ±hhmm or ±hh; after the name of a zone also ±h.
func (p *parser) offset(i int, named bool) (next, seconds int, ok bool) {
	if !p.isSign(i, "+-") {
		return i, 0, false
	}
	east := 1
	if p.at(i).r == '-' {
		east = -1
	}
	next = i + 1
	if named { // UTC + 3
		next = p.space(next)
	}
	t := p.at(next)
	if t.kind != number {
		return i, 0, false
	}
	var h, m int64
	next++
	switch {
	case t.digits == 4:
		h, m = t.num/100, t.num%100
	case t.digits == 2, t.digits == 1 && (named || p.isSign(next, ":")):
		h = t.num
		if u := p.at(next + 1); p.isSign(next, ":") && u.kind == number && u.digits == 2 {
			m = u.num
			next += 2
		}
	default:
		return i, 0, false
	}
	if h > 14 || m > 59 {
		return i, 0, false
	}
	return next, east * int(h*3600+m*60), true
}

// namedHanZone reads the zones that Chinese and Japanese texts name.
func (p *parser) namedHanZone(i int) (next, seconds int, ok bool) {
	next, o, ok := p.hanAt(i, "北京时间", "北京時間", "台北時間", "台北时间", "香港時間", "香港时间", "日本時間")
	if !ok {
		return i, 0, false
	}
	if o == 6 {
		return next, 9 * 3600, true
	}
	return next, 8 * 3600, true
}

package dates

import "strings"

// FromURL returns the date that the path of an address states: /2024/01/05/, /2024-01-05-, /20240105-, /2024/jan/05/,
// /2024/01/ (a month) and the like. It is a day or a month in the publisher's own time, without a zone. A path with two
// different days has none. Numbers of 12 and 14 digits count as a day with a serial number or a time after it; 14 digits
// that begin with two numbers of two digits and a year (MMDDYYYYhhmmss) are ambiguous like other numeric dates. Query and
// fragment are not looked at: they choose, they do not state.
func FromURL(url string) (Date, bool) {
	if i := strings.Index(url, "://"); i >= 0 {
		url = url[i+len("://"):]
	}
	if i := strings.IndexByte(url, '/'); i >= 0 {
		url = url[i:]
	} else {
		return Date{}, false
	}
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	var found Date
	for i := 0; i < len(url); {
		if !isDigit(url[i]) {
			i++
			continue
		}
		n := run(url[i:])
		d, length, ok := urlDate(url, i, n)
		if !ok {
			i += n
			continue
		}
		i += length
		switch {
		case d.Precision > found.Precision:
			found = d
		case d.Precision == found.Precision && d != found:
			return Date{}, false
		}
	}
	return found, found.Precision != 0
}

// firstURLYear is the first year for which numbers in an address are taken for a date: the web is not older.
const firstURLYear = 1991

// urlDate reads a date that begins with the n digits at s[i].
func urlDate(s string, i, n int) (d Date, length int, ok bool) {
	switch n {
	case 4:
		return urlYear(s, i)
	case 8, 12, 14:
		year, _ := digits(s[i : i+4])
		month, _ := digits(s[i+4 : i+6])
		day, _ := digits(s[i+6 : i+8])
		if d, ok = ymd(year, month, day); ok && inWebYears(year) {
			return d, n, true
		}
		if n != 14 {
			return Date{}, 0, false
		}
		a, _ := digits(s[i : i+2])
		b, _ := digits(s[i+2 : i+4])
		year, _ = digits(s[i+4 : i+8])
		clock, _ := digits(s[i+8 : i+14])
		if d, ok = numeric(a, b, year); ok && inWebYears(year) && clock < 240000 && clock/100%100 < 60 && clock%100 < 60 {
			return d, n, true
		}
	case 6: // /202401/05/ or /202401/
		year, _ := digits(s[i : i+4])
		month, _ := digits(s[i+4 : i+6])
		if !inWebYears(year) || month < 1 || month > 12 || !bounded(s, i, n) {
			return Date{}, 0, false
		}
		if j := i + 6; j < len(s) && s[j] == '/' && run(s[j+1:]) == 2 {
			day, _ := digits(s[j+1 : j+3])
			if d, ok := ymd(year, month, day); ok && endsPart(s, j+3) {
				return d, 9, true
			}
		}
		return Date{Precision: Month, Year: year, Month: month}, n, true
	}
	return Date{}, 0, false
}

// urlYear reads a date whose year stands for itself.
func urlYear(s string, i int) (d Date, length int, ok bool) {
	year, _ := digits(s[i : i+4])
	j := i + 4
	if !inWebYears(year) || j+1 >= len(s) || i > 0 && strings.IndexByte("/-_.", s[i-1]) < 0 {
		return Date{}, 0, false
	}
	separator := s[j]
	if strings.IndexByte("/-_.", separator) < 0 {
		return Date{}, 0, false
	}
	j++
	month, n := 0, run(s[j:])
	switch n {
	case 1, 2:
		month, _ = digits(s[j : j+n])
	case 4: // /2024/0105/
		month, _ = digits(s[j : j+2])
		day, _ := digits(s[j+2 : j+4])
		d, ok = ymd(year, month, day)
		return d, 9, ok && separator == '/' && endsPart(s, j+4)
	case 0: // /2024/jan/05/
		for j+n < len(s) && n < 10 && s[j+n]|0x20 >= 'a' && s[j+n]|0x20 <= 'z' {
			n++
		}
		month = int(words[strings.ToLower(s[j:j+n])].month)
		if n < 3 {
			month = 0
		}
	}
	if month < 1 || month > 12 {
		return Date{}, 0, false
	}
	j += n
	if j < len(s) && (s[j] == separator || s[j] == '-' && separator == '/' || s[j] == '/' && separator == '-') {
		if k := run(s[j+1:]); k == 1 || k == 2 {
			day, _ := digits(s[j+1 : j+1+k])
			d, ok := ymd(year, month, day)
			return d, j + 1 + k - i, ok
		}
	}
	// A month alone must be a folder: /2024/01/.
	ok = separator == '/' && i > 0 && s[i-1] == '/' && n >= 2 && j < len(s) && s[j] == '/'
	return Date{Precision: Month, Year: year, Month: month}, j - i, ok
}

func inWebYears(year int) bool { return firstURLYear <= year && year <= 2100 }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// run counts the digits that s begins with.
func run(s string) (n int) {
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// bounded reports whether s[i:i+n] is a whole part of a path.
func bounded(s string, i, n int) bool { return i > 0 && s[i-1] == '/' && i+n < len(s) && s[i+n] == '/' }

// endsPart reports whether a part or a word of a path ends before s[i].
func endsPart(s string, i int) bool { return i == len(s) || strings.IndexByte("/-_.", s[i]) >= 0 }

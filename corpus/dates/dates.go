// Package dates reads the dates that articles and feeds state, and is honest about what they leave open.
//
// A [Date] holds what was written: wall-clock fields, how far they go ([Precision]), the offset from UTC if one was
// stated, and, for numeric dates like 05/01/2024, that day and month could be either way round. Nothing is resolved
// against the clock: "yesterday", "2 hours ago" and dates without a year are no dates here. Dates that do not exist
// (30 February) are refused, never shifted.
//
// Read are RFC 3339 and its relatives, RFC 5322 (mail and RSS), Unix time in digits, compact digits (20240105), year
// first, day first and month first numbers, and dates with the names of months in the languages of names.go; Chinese,
// Japanese and Korean forms, the eras of Japan and of the Republic of China, Buddhist years in Thai dates, Persian
// months; digits of any script. Two-digit years are read only after a day and the name of a month, as RFC 5322 section
// 4.3 reads them.
package dates

import (
	"errors"
	"time"
)

// ErrNoDate is what [Parse] returns for a string that is no date, or not nothing but a date.
var ErrNoDate = errors.New("no date")

// Precision says how far a date goes. Its text is that of the column created_precision.
type Precision uint8

// The precisions, from coarse to fine. The zero value is that of no date.
const (
	Year Precision = iota + 1
	Month
	Day
	Minute
	Second
)

func (p Precision) String() string {
	return [...]string{"", "year", "month", "day", "minute", "second"}[p]
}

// Order is the order of day and month in numeric dates. It is a property of a source, not of one date.
type Order uint8

// Undecided is the order that is not known.
const (
	Undecided Order = iota
	DayFirst
	MonthFirst
)

func (o Order) String() string {
	return [...]string{"undecided", "day_first", "month_first"}[o]
}

// Date is one stated date. The zero Date is none.
type Date struct {
	Precision Precision
	// The wall-clock fields; those beyond the precision are zero. With Ambiguous, Month and Day hold the day-first
	// reading.
	Year, Month, Day             int
	Hour, Minute, Second, Millis int
	// Offset is the stated distance from UTC in seconds, east positive. Without HasZone it is zero and unknown.
	Offset  int
	HasZone bool
	// Ambiguous is set when day and month may be either way round and nothing in the date decides it.
	Ambiguous bool

	proves Order // the order that this numeric date shows beyond doubt
}

// Decides returns the order of day and month that this date proves for its source: by a number above 12, or by a
// weekday that fits only one reading. It is Undecided for all dates whose form leaves no choice.
func (d Date) Decides() Order { return d.proves }

// Time returns the start of the stated period in UTC and the precision. A date without a zone is read as UTC, which is
// up to 14 hours off; HasZone tells. It is not ok for the zero Date and for an ambiguous one under [Undecided].
func (d Date) Time(order Order) (t time.Time, p Precision, ok bool) {
	if d.Precision == 0 || d.Ambiguous && order == Undecided {
		return time.Time{}, 0, false
	}
	month, day := d.Month, d.Day
	if d.Ambiguous && order == MonthFirst {
		month, day = day, month
	}
	t = time.Date(d.Year, time.Month(max(month, 1)), max(day, 1), d.Hour, d.Minute, d.Second, d.Millis*1e6, time.UTC)
	return t.Add(-time.Duration(d.Offset) * time.Second), d.Precision, true
}

// EpochMillis returns the date of a Unix time in milliseconds; the zero Date outside the years that are read.
func EpochMillis(ms int64) Date {
	t := time.UnixMilli(ms).UTC()
	if t.Year() < minYear || t.Year() > maxYear {
		return Date{}
	}
	return Date{
		Precision: Second, Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour(), Minute: t.Minute(),
		Second: t.Second(), Millis: t.Nanosecond() / 1e6, HasZone: true,
	}
}

// Years outside these are not of the Gregorian calendar, or not of a publication: they are refused.
const (
	minYear = 1600
	maxYear = 2399
)

// Plausible reports whether an article can have been published at t: not before 1990, and not after it was collected,
// or, where the time of collection is not known (zero), not after the year 2100.
func Plausible(t, added time.Time) bool {
	if t.Year() < 1990 {
		return false
	}
	if added.IsZero() {
		return t.Year() <= 2100
	}
	return !t.After(added)
}

// valid reports whether a day exists.
func valid(year, month, day int) bool {
	return minYear <= year && year <= maxYear && 1 <= month && month <= 12 && 1 <= day && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// ymd returns a date of day precision.
func ymd(year, month, day int) (Date, bool) {
	if !valid(year, month, day) {
		return Date{}, false
	}
	return Date{Precision: Day, Year: year, Month: month, Day: day}, true
}

// numeric returns the date of two numbers that are day and month in either order.
func numeric(a, b, year int) (Date, bool) {
	d, dayFirst := ymd(year, b, a)
	m, monthFirst := ymd(year, a, b)
	switch {
	case dayFirst && monthFirst:
		d.Ambiguous = a != b
	case dayFirst:
		d.proves = DayFirst
	case monthFirst:
		m.proves = MonthFirst
		return m, true
	}
	return d, dayFirst
}

// withWeekday lets a stated weekday (0 is Sunday) decide between the two readings of an ambiguous date. A weekday that
// contradicts the date is ignored: it is the less reliable part.
func (d Date) withWeekday(day time.Weekday) Date {
	if !d.Ambiguous {
		return d
	}
	asDayFirst := weekday(d.Year, d.Month, d.Day) == day
	asMonthFirst := weekday(d.Year, d.Day, d.Month) == day
	switch {
	case asDayFirst && !asMonthFirst:
		d.Ambiguous, d.proves = false, DayFirst
	case asMonthFirst && !asDayFirst:
		d.Ambiguous, d.proves = false, MonthFirst
		d.Month, d.Day = d.Day, d.Month
	}
	return d
}

func weekday(year, month, day int) time.Weekday {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Weekday()
}

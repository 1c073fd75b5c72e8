package corpus

import (
	"slices"
	"time"

	"broadsheet/corpus/dates"
	"broadsheet/corpus/format"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// stated reads one piece of evidence.
func stated(e format.Evidence) (dates.Date, bool) {
	if e.From == format.FromURL {
		return dates.FromURL(e.Value)
	}
	d, err := dates.Parse(e.Value)
	if err == nil {
		return d, true
	}
	d, _, _, ok := dates.Find(e.Value) // "Updated August 14, 2025"
	return d, ok
}

// numericDates says what the dates of a unit show about the order of day and month in its source.
func numericDates(evidence []format.Evidence) repeat.Dates {
	var out repeat.Dates
	for _, e := range evidence {
		d, ok := stated(e)
		switch {
		case !ok:
		case d.Ambiguous:
			out |= repeat.NeedsOrder
		case d.Decides() == dates.DayFirst:
			out |= repeat.SaysDayFirst
		case d.Decides() == dates.MonthFirst:
			out |= repeat.SaysMonthFirst
		}
	}
	return out
}

// times is when a document was published and when it was collected, and on what evidence.
type times struct {
	created         *schema.Time
	precision, from string
	added           *schema.Time
	notes           []string
}

// conflictSlack is how far two statements of second precision may be apart before it is worth a note: the clocks of a
// publisher and of its feed differ by minutes.
const conflictSlack = 24 * time.Hour

// times weighs the evidence of a unit, strongest first: the first date that can be read, is whole under the order that
// was learned for its source, and is plausible, is the answer. A weaker one never overrides it.
func (b *build) times(d *draft, order repeat.Order) times {
	var out times
	var added time.Time
	for _, e := range d.Dates {
		if e.Role != format.Collected {
			continue
		}
		if date, ok := stated(e); ok {
			if t, _, ok := date.Time(dates.Order(order)); ok {
				added = t
				out.added = schema.At(t)
				break
			}
		}
	}
	evidence := slices.Clone(d.Dates)
	if d.URL != "" {
		at := slices.IndexFunc(evidence, func(e format.Evidence) bool { return e.From == format.FromBody })
		if at < 0 {
			at = len(evidence)
		}
		evidence = slices.Insert(evidence, at, format.Evidence{Value: d.URL, From: format.FromURL})
	}
	var created time.Time
	var precision dates.Precision
	var written dates.Date
	for _, e := range evidence {
		if e.Role != format.Published || e.Value == "" {
			continue
		}
		date, ok := stated(e)
		if !ok {
			if e.From != format.FromURL {
				out.notes = note(out.notes, "date_unreadable")
			}
			continue
		}
		t, p, ok := date.Time(dates.Order(order))
		if !ok {
			out.notes = note(out.notes, "date_order_unknown")
			continue
		}
		if !dates.Plausible(t, endOf(added, p)) {
			if e.From != format.FromURL {
				out.notes = note(out.notes, "date_implausible")
			}
			continue
		}
		if out.created == nil {
			out.created, out.precision, out.from = schema.At(t), p.String(), string(e.From)
			created, precision, written = t, p, date
			continue
		}
		// The page's own day makes finer what its address says of the month.
		if out.from == string(format.FromURL) && precision < dates.Day && p >= dates.Day && sameStart(created, t, precision) {
			out.created, out.precision, out.from = schema.At(t), p.String(), string(e.From)
			created, precision, written = t, p, date
			continue
		}
		if otherZone(written, date) { // one of the zones is wrong; the day as it is written is what both state
			day := time.Date(date.Year, time.Month(date.Month), date.Day, 0, 0, 0, 0, time.UTC)
			out.created, out.precision = schema.At(day), dates.Day.String()
			created, precision, written = day, dates.Day, dates.Date{}
			out.notes = note(out.notes, "date_zone_conflict")
			continue
		}
		if p >= dates.Day && precision >= dates.Day && t.Sub(created).Abs() > conflictSlack {
			out.notes = note(out.notes, "date_conflict")
		}
	}
	return out
}

// sameStart tells whether t is in the year or month that begins at start.
func sameStart(start, t time.Time, p dates.Precision) bool {
	return start.Year() == t.Year() && (p == dates.Year || start.Month() == t.Month())
}

// otherZone tells whether two dates are the same minute on the clock in different zones: a publisher's systems that write
// local time and Universal Time for each other.
func otherZone(a, b dates.Date) bool {
	return a.Precision >= dates.Minute && b.Precision >= dates.Minute && a.HasZone && b.HasZone && a.Offset != b.Offset &&
		a.Year == b.Year && a.Month == b.Month && a.Day == b.Day && a.Hour == b.Hour && a.Minute == b.Minute
}

// endOf is the last moment at which something of a coarse date can have been published, when it was collected at t: the
// collection's own day may lie a zone away from the stated one.
func endOf(t time.Time, p dates.Precision) time.Time {
	if t.IsZero() || p >= dates.Minute {
		return t
	}
	return t.Add(14 * time.Hour)
}

package schema

import (
	"fmt"
	"time"
)

// Time is a moment in microseconds since 1970-01-01 00:00 UTC. Files hold whole milliseconds. A nil *Time is an unknown
// one; it is a number because a date of 1066 does not fit into the nanoseconds in which libraries like to count.
type Time int64

// timeLayout is the form of a time in JSON: fixed width, so that strings sort as the times do.
const timeLayout = "2006-01-02T15:04:05.000Z"

// The range of times that every format can hold: years 1 to 9999.
const (
	minTime = Time(-62135596800e6)
	maxTime = Time(253402300799999e3)
)

// At is t cut to its millisecond, and nil where t is zero or outside the years 1 to 9999 UTC.
func At(t time.Time) *Time {
	if t.IsZero() || t.Year() < 0 || t.Year() > 10000 {
		return nil
	}
	u := t.Truncate(time.Millisecond).UnixMicro()
	if r := Time(u); r.Valid() {
		return &r
	}
	return nil
}

// Valid reports whether t is a whole millisecond in the years 1 to 9999.
func (t Time) Valid() bool { return t >= minTime && t <= maxTime && t%1000 == 0 }

// Time is t as the standard library has it, in UTC; the zero time for nil.
func (t *Time) Time() time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.UnixMicro(int64(*t)).UTC()
}

// Append appends the fixed-width form 2024-01-05T14:45:02.000Z of a valid time.
func (t Time) Append(b []byte) []byte { return t.Time().AppendFormat(b, timeLayout) }

// String is the fixed-width form.
func (t Time) String() string { return string(t.Append(nil)) }

// MarshalText gives the fixed-width form.
func (t Time) MarshalText() ([]byte, error) {
	if !t.Valid() {
		return nil, fmt.Errorf("time %d is outside the years 1 to 9999 or not a whole millisecond", int64(t))
	}
	return t.Append(nil), nil
}

// UnmarshalText reads the fixed-width form and nothing else.
func (t *Time) UnmarshalText(b []byte) error {
	if len(b) != len(timeLayout) {
		return fmt.Errorf("time %q is not of the form %s", b, timeLayout)
	}
	p, err := time.Parse(timeLayout, string(b))
	if err != nil {
		return err
	}
	*t = Time(p.UnixMicro())
	return nil
}

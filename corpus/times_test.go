package corpus

import (
	"testing"
	"time"

	"broadsheet/corpus/format"
	"broadsheet/corpus/repeat"
)

func TestTimes(t *testing.T) {
	const url = "https://lake.example/2024/05/herons"
	meta := func(v string) format.Evidence { return format.Evidence{Value: v, From: "meta", Role: format.Published} }
	body := func(v string) format.Evidence {
		return format.Evidence{Value: v, From: format.FromBody, Role: format.Published}
	}
	for _, c := range []struct {
		name            string
		url             string
		dates           []format.Evidence
		want, precision string
		from            string
	}{
		{"the address alone", url, nil, "2024-05-01T00:00:00Z", "month", "url"},
		{"a day within the month of the address", url, []format.Evidence{body("7 May 2024")}, "2024-05-07T00:00:00Z", "day", "body"},
		{"a day of another month", url, []format.Evidence{body("7 June 2024")}, "2024-05-01T00:00:00Z", "month", "url"},
		{"stronger than the body", "", []format.Evidence{meta("2024-05-03"), body("7 May 2024")}, "2024-05-03T00:00:00Z", "day", "meta"},
		{"one instant in two zones", "", []format.Evidence{meta("2024-05-03T22:10:00-04:00"), meta("2024-05-04T02:10:00Z")}, "2024-05-04T02:10:00Z", "second", "meta"},
		{"one clock in two zones", "", []format.Evidence{meta("2024-05-03T22:10:33-04:00"), meta("2024-05-03T22:10:00Z")}, "2024-05-03T00:00:00Z", "day", "meta"},
	} {
		d := &draft{URL: c.url, Dates: c.dates}
		got := (&build{}).times(d, repeat.Order(0))
		if got.created == nil {
			t.Errorf("%s: no date", c.name)
			continue
		}
		if s := got.created.Time().Format(time.RFC3339); s != c.want || got.precision != c.precision || got.from != c.from {
			t.Errorf("%s: %s %s %s, want %s %s %s", c.name, s, got.precision, got.from, c.want, c.precision, c.from)
		}
	}
}

package format

import (
	"strings"
	"unicode/utf8"

	"broadsheet/corpus/dates"
	"broadsheet/corpus/prose"
)

// Dates of the text itself stand in short lines near its ends: under the headline, in a byline or dateline, in a
// signature. A date inside a sentence is when something happened, not when it was published.
const (
	dateLineMax  = 80 // code points of a line that may hold a date of publication
	dateLinesTop = 6  // blocks from the beginning
	dateLinesEnd = 2  // blocks from the end
)

// takeBodyDates adds the dates that the text states about itself, those of removed lines included, as they are found. They
// are the weakest evidence, but show the order of day and month that a source uses.
func (d *document) takeBodyDates() {
	a := &d.article
	had := len(a.Dates)
	take := func(text string) {
		if len(a.Dates) > had+2 || len(text) > utf8.UTFMax*dateLineMax {
			return
		}
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > dateLineMax {
				continue
			}
			if _, from, to, ok := dates.Find(line); ok {
				d.takeDate(line[from:to], FromBody, Published)
			}
		}
	}
	for _, r := range a.Removed {
		take(r.Text)
	}
	for i, b := range a.Blocks {
		if (i < dateLinesTop || i >= len(a.Blocks)-dateLinesEnd) && b.Kind != prose.Code && b.Kind != prose.Row && b.Kind != prose.Item {
			take(b.Text)
		}
	}
}

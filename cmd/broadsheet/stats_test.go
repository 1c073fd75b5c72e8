package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/schema"
)

// What the totals of many sources do not name is counted with the others, so that the rows of the table add up.
func TestStatsOfManySources(t *testing.T) {
	var a schema.Tally
	for i := range schema.TopValues + 500 {
		a.Add(&schema.Document{Source: fmt.Sprintf("%04d.org", i), Chars: 1})
	}
	a.Add(&schema.Document{Source: "0000.org", Chars: 1})
	rows := topOf(a.Totals().Source)
	if len(rows) != topRows+1 || rows[0] != (schema.Count{Value: "0000.org", Documents: 2, Chars: 2}) || rows[topRows] != (schema.Count{Value: "1,485 others", Documents: 1485}) {
		t.Errorf("%v", rows)
	}
	if few := topOf(schema.Top{Distinct: 1, Values: []schema.Count{{Value: "a", Documents: 3}}}); !slices.Equal(few, []schema.Count{{Value: "a", Documents: 3}}) {
		t.Errorf("%v", few)
	}
	many := topOf(schema.Top{Distinct: schema.MaxDistinct + 1, Other: schema.Count{Value: "other", Documents: 200_000}})
	if len(many) != 1 || many[0] != (schema.Count{Value: "more than 131,072", Documents: 200_000}) {
		t.Errorf("%v", many)
	}
	var page strings.Builder
	m := schema.Manifest{Totals: a.Totals()}
	stats(&page, &m)
	if !strings.Contains(page.String(), "1,485 others") {
		t.Error(page.String())
	}
}

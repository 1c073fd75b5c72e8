package corpus

import (
	"fmt"
	"reflect"
	"strconv"
	"sync"

	"broadsheet/corpus/quality"
	"broadsheet/schema"
)

// filters measures texts and judges them by the presets that were asked for. A nil one does nothing.
type filters struct {
	presets   []quality.Preset
	signals   bool      // they are written, too
	measurers sync.Pool // of *quality.Measurer
}

func newFilters(c Config) *filters {
	f := &filters{signals: c.Signals}
	for _, name := range c.Filter {
		if p, ok := quality.PresetNamed(name); ok {
			f.presets = append(f.presets, p)
		}
	}
	if !f.signals && len(f.presets) == 0 {
		return nil
	}
	return f
}

// judge gives the first rule that a document breaks, by presets in the order of their table, and its signals where they
// are to be written.
func (f *filters) judge(doc *schema.Document) (reason schema.Reason, detail string, signals []float32) {
	if f == nil {
		return "", "", nil
	}
	m, _ := f.measurers.Get().(*quality.Measurer)
	if m == nil {
		m = new(quality.Measurer)
	}
	s := m.Measure(doc.Text, doc.Language)
	f.measurers.Put(m)
	for i := range f.presets {
		if v, drop := f.presets[i].Judge(&s, doc.Language); drop {
			return schema.Reason(v.Rule), verdictText(f.presets[i].Name, v), nil
		}
	}
	if f.signals {
		signals = s[:]
	}
	return "", "", signals
}

func verdictText(preset string, v quality.Verdict) string {
	number := func(f float32) string { return strconv.FormatFloat(float64(f), 'g', 6, 32) }
	bound := "at most"
	if v.Least {
		bound = "at least"
	}
	return fmt.Sprintf("%s: %s is %s, %s %s is kept", preset, v.Signal, number(v.Value), bound, number(v.Threshold))
}

// signalsRow is the row of audit/signals for a document. The columns after the id are the signals in their order.
func signalsRow(id string, values []float32) *schema.Signals {
	row := &schema.Signals{ID: id}
	fields := reflect.ValueOf(row).Elem()
	for i, v := range values {
		fields.Field(i + 1).SetFloat(float64(v))
	}
	return row
}

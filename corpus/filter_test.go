package corpus

import (
	"testing"

	"broadsheet/corpus/quality"
	"broadsheet/schema"
)

// The columns of audit/signals are the signals, in their order; and no rule has the name of a reason of the pipeline.
func TestSignalsAreColumns(t *testing.T) {
	columns := schema.SignalColumns()
	if len(columns) != quality.NumSignals+1 {
		t.Fatalf("%d columns for %d signals and the id", len(columns), quality.NumSignals)
	}
	values := make([]float32, quality.NumSignals)
	for i := range values {
		values[i] = float32(i)
		if name := quality.Signal(i).String(); columns[i+1].Name != name {
			t.Errorf("column %d is %s, the signal %s", i+1, columns[i+1].Name, name)
		}
	}
	row := signalsRow("x", values)
	if row.ID != "x" || row.Words != 0 || row.MeanWordLength != 1 || row.CurlyBrackets != float32(quality.CurlyBrackets) {
		t.Errorf("%+v", row)
	}
	for _, d := range schema.Reasons() {
		for _, p := range quality.Presets() {
			for _, r := range append(p.Every, p.Rules("en")...) {
				if r.Name == string(d.Reason) {
					t.Errorf("%s is a reason of the pipeline", r.Name)
				}
			}
		}
	}
}

package corpus

import (
	"context"

	"broadsheet/corpus/repeat"
	"broadsheet/schema"
	"iter"
)

type entry struct{ unit int64 }
type judge struct {
	b *build
	n []int64
}

func newJudge(b *build) *judge                                          { return &judge{b: b} }
func (j *judge) add(e *entry) error                                     { j.n = append(j.n, e.unit); return nil }
func (j *judge) close()                                                 {}
func (b *build) entry(unit int64, d *draft, doc *schema.Document) entry { return entry{unit} }

type verdict struct {
	unit       int64
	reason     schema.Reason
	of         int64
	similarity float32
	copies     int32
}

func (v *verdict) detail() string { return "" }

type verdicts struct {
	v     []verdict
	stats schema.Settings
}

func (v *verdicts) all() iter.Seq2[verdict, error] {
	return func(yield func(verdict, error) bool) {
		for _, x := range v.v {
			if !yield(x, nil) {
				return
			}
		}
	}
}
func (v *verdicts) close() {}
func (j *judge) decide(ctx context.Context, c *candidates) (*verdicts, error) {
	v := &verdicts{}
	for _, n := range j.n {
		v.v = append(v.v, verdict{unit: n, of: -1, similarity: -1})
	}
	return v, nil
}

var _ repeat.Row

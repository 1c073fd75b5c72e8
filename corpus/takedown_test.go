package corpus

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"testing"

	"broadsheet/schema"
)

// site is a dataset of n documents of one site, each with an address and a title of its own.
type site struct {
	Finished
	n int
}

func (s site) Manifest() *schema.Manifest { return &schema.Manifest{} }

func (s site) Outcomes() iter.Seq2[*schema.Outcome, error] {
	return func(yield func(*schema.Outcome, error) bool) {
		for i := range s.n {
			if !yield(&schema.Outcome{
				Path: fmt.Sprintf("articles/%09d.html", i), Outcome: schema.Kept, ID: fmt.Sprintf("%032x", i),
				URL: fmt.Sprintf("https://papers.example/of/the/year/%d", i), Title: fmt.Sprintf("What was said on day %d", i),
			}, nil) {
				return
			}
		}
	}
}

// written is a successor that looks at the heap when the last of a takedown's memory is in use.
type written struct {
	Successor
	live func()
}

func (w written) WriteFile(_, _ string, content []byte) (schema.File, error) {
	w.live()
	runtime.KeepAlive(content)
	return schema.File{}, nil
}

// What a takedown holds besides the shards that it writes grows with what goes, by as much as is documented at most.
func TestTakedownMemory(t *testing.T) {
	const documented = 300 // bytes an input, docs/reliability.md
	const n = 120_000      // just after the maps have grown, where they hold the most for each
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	list := NewExclusions()
	if err := list.add("papers.example", 1); err != nil {
		t.Fatal(err)
	}
	before := heap()
	plan, err := PlanTakedown(context.Background(), site{n: n}, list, TakedownOptions{Memory: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Inputs() != n {
		t.Fatalf("%d of %d inputs go", plan.Inputs(), n)
	}
	planned := (heap() - before) / n
	peak := int64(0)
	w := &takedownWriter{Takedown: plan, ctx: context.Background(), out: written{live: func() { peak = (heap() - before) / n }}, next: &schema.Manifest{}}
	if err := w.writeStones(); err != nil {
		t.Fatal(err)
	}
	t.Logf("bytes an input: %d once planned, %d at the end", planned, peak)
	if peak > documented {
		t.Errorf("%d bytes an input, %d are documented", peak, documented)
	}
}

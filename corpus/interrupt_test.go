package corpus

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"broadsheet/schema"
)

// steps are those of a build, one by one, for what looks at one of them.
type steps struct {
	*build
	ctx      context.Context
	learner  *learner
	drafts   *drafts
	cuts     *cuts
	judge    *judge
	rows     *candidates
	verdicts *verdicts
	plan     *plan
}

type step struct {
	name string
	run  func() error
}

func newSteps(t testing.TB, work string, config Config, memory int64) *steps {
	t.Helper()
	w, err := OpenWork(work, "test", config)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	return &steps{ctx: ctx, build: &build{config: config, work: w, jobs: 1, memory: memory, stop: ctx.Err, filters: newFilters(config)}}
}

func (s *steps) list(inputs []Input) []step {
	return []step{
		{"read", func() (err error) {
			s.learner = newLearner(s.build)
			s.drafts, err = read(s.ctx, s.build, Walk(inputs), s.learner)
			return err
		}},
		{"learn", func() (err error) { s.cuts, err = s.learner.finish(nil); return err }},
		{"clean", func() (err error) {
			if s.judge, err = newJudge(s.ctx, s.build); err == nil {
				s.rows, err = clean(s.ctx, s.build, s.drafts, s.cuts, s.judge)
			}
			return err
		}},
		{"judge", func() (err error) { s.verdicts, err = s.judge.decide(s.rows); return err }},
		{"plan", func() (err error) { s.plan, err = planShards(s.build, s.rows, s.verdicts); return err }},
		{"write", func() error {
			_, err := write(s.ctx, s.build, schema.Tool{}, s.drafts, s.rows, s.plan, &memory{})
			return err
		}},
	}
}

// close ends what Build ends, however far it came.
func (s *steps) close() {
	if s.plan != nil {
		s.plan.close()
	}
	if s.verdicts != nil {
		s.verdicts.close()
	}
	if s.judge != nil {
		s.judge.close()
	}
	s.cuts.close()
	s.learner.close()
}

// countdown is a context that has ended once it was asked so many times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func after(asks int64) *countdown {
	c := &countdown{Context: context.Background()}
	c.left.Store(asks)
	return c
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

const never = math.MaxInt64

func (c *countdown) asked() int64 { return never - c.left.Load() }

// spread gives some numbers from 0 up to and without n, the first and the last among them.
func spread(n int64, some int64) []int64 {
	if testing.Short() {
		some = min(some, 3)
	}
	var out []int64
	for i := range min(n, some) {
		out = append(out, i*(n-1)/max(min(n, some)-1, 1))
	}
	return out
}

// series is a collection in which there is something to learn, to judge and to move: the project's articles some times
// over, and articles of three sites of which every other one is near to the one before it.
func series(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i := range 4 {
		if err := os.CopyFS(filepath.Join(dir, fmt.Sprint(i)), os.DirFS(articles)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		var words strings.Builder
		for j := range 80 {
			of := i / 2
			if j == 40 {
				of = i // one word is another
			}
			fmt.Fprintf(&words, "%x ", uint32((of*80+j)*0x9e3779b1))
		}
		text := fmt.Sprintf("---\ntitle: Part %d\nfrom: https://serial%d.example/%d\n---\n%s.\n\nSubscribe to the letter of this site, it is free.\n", i, i%3, i, &words)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("serial-%03d.md", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whenever a reduction is interrupted it ends with the interrupt and leaves nothing of its sorts; the build that goes on
// from there gives what an undisturbed one does.
func TestInterruptedSteps(t *testing.T) {
	input := series(t)
	inputs, err := NewInputs([]string{input})
	if err != nil {
		t.Fatal(err)
	}
	config := Defaults()
	config.Order, config.ShardSize = "shuffle:1", 20_000
	inOrder := func(r *Run) { r.Config = config }
	want := buildHere(t, input, t.TempDir(), inOrder).bytes(t)
	// until runs a build whose work lies in a folder up to a step that is interrupted after some asks. It gives how often
	// that step asked, and its error.
	until := func(work, name string, asks int64) (int64, error) {
		s := newSteps(t, work, config, 1<<20) // so little memory that sorts go to the disk
		at := after(never)
		s.stop = func() error { return at.Err() }
		for _, step := range s.list(inputs) {
			if step.name == name {
				at = after(asks)
			}
			err := step.run()
			if step.name != name && err == nil {
				continue
			}
			s.close()
			if left, err := os.ReadDir(s.work.Temp()); err != nil || len(left) > 0 {
				t.Errorf("%s, interrupted after %d asks, leaves %v, %v", name, asks, left, err)
			}
			if err := s.work.Release(); err != nil {
				t.Fatal(err)
			}
			return at.asked(), err
		}
		t.Fatalf("there is no step %s", name)
		return 0, nil
	}
	for _, name := range []string{"learn", "judge", "plan"} {
		t.Run(name, func(t *testing.T) {
			asked, err := until(t.TempDir(), name, never)
			if err != nil {
				t.Fatal(err)
			}
			if asked < 10 {
				t.Fatalf("it asked %d times whether to go on", asked)
			}
			t.Logf("it asks %d times", asked)
			for _, n := range spread(asked, 8) {
				work := t.TempDir()
				if _, err := until(work, name, n); !errors.Is(err, context.Canceled) {
					t.Errorf("interrupted after %d of %d asks it ends with %v", n, asked, err)
				}
				if got := buildHere(t, input, work, inOrder).bytes(t); got != want {
					t.Errorf("interrupted after %d of %d asks and resumed, the build ends otherwise", n, asked)
				}
			}
		})
	}
}

// The same for whole builds, wherever they are, with a base that is read in judge and in the plan.
func TestInterruptedBuild(t *testing.T) {
	input := series(t)
	base := buildHere(t, articles, t.TempDir()).documents()
	options := func(r *Run) {
		r.Base, r.Jobs = asBase(base, func(d schema.Document) schema.Document { return d }), 1
	}
	want := buildHere(t, input, t.TempDir(), options).bytes(t)
	interrupted := func(work string, asks int64) (int64, error) {
		inputs, err := NewInputs([]string{input})
		if err != nil {
			t.Fatal(err)
		}
		run := Run{Config: Defaults(), Files: Walk(inputs), Tool: schema.Tool{Name: "broadsheet", Version: "test"}, Memory: 1 << 30}
		options(&run)
		if run.Work, err = OpenWork(work, "test", run.Config); err != nil {
			t.Fatal(err)
		}
		ctx := after(asks)
		out := &memory{}
		_, err = run.Build(ctx, out)
		if err != nil && out.manifest != nil {
			t.Error("an interrupted build wrote its manifest")
		}
		if left, err := os.ReadDir(run.Work.Temp()); err != nil || len(left) > 0 {
			t.Errorf("interrupted after %d asks, it leaves %v, %v", asks, left, err)
		}
		if err := run.Work.Release(); err != nil {
			t.Fatal(err)
		}
		return ctx.asked(), err
	}
	asked, err := interrupted(t.TempDir(), never)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range spread(asked, 20) {
		work := t.TempDir()
		if _, err := interrupted(work, n); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted after %d of %d asks it ends with %v", n, asked, err)
		}
		if got := buildHere(t, input, work, options).bytes(t); got != want {
			t.Errorf("interrupted after %d of %d asks and resumed, the build ends otherwise", n, asked)
		}
	}
}

// Package corpus turns collected article files into the documents of a dataset.
//
// A right answer needs the whole collection at once: what repeats in a source, what is a duplicate, who stays. A usable
// tool must never hold it at once. So a build is three maps with two reductions of small sorted keys between them:
//
//	read   map    files → drafts on disk; the keys of text segments
//	learn  keys   what repeats within a source → what to cut, by document
//	clean  map    drafts and cuts → rows on disk; the keys of documents
//	judge  keys   which documents are the same, which of them stays → the plan of the shards
//	write  map    planned shards, outcomes, and the manifest last
//
// Maps are pure functions of a unit and of what was learned or judged; they run through ordered, the one place with
// goroutines. Reductions are external sorts of fixed-size records. Each step takes what only the step before it makes,
// so they cannot be misordered.
package corpus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"

	"broadsheet/corpus/neardup"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// Run is one build: what is read, how, and where it works.
type Run struct {
	Config     Config
	Files      iter.Seq2[File, error]       // in bytewise order of their paths; see Walk and List
	Rules      iter.Seq2[repeat.Row, error] // of an earlier build, where Config.Boilerplate asks for them
	Tool       schema.Tool
	Base       iter.Seq2[*schema.Document, error] // an earlier dataset, in its order; nil for none. It is read more than once.
	Exclude    *Exclusions
	Evaluation *neardup.Decontaminator // texts that must not be in; nil for none

	Work   *Work
	Jobs   int   // units worked on at once; 0 is all cores
	Memory int64 // bytes, for the whole process
	Meter  *Meter
}

// Output is where a build puts the dataset. WriteShard is called from several goroutines at once, for different shards.
type Output interface {
	WriteShard(split string, number int, rows iter.Seq2[*schema.Document, error]) ([]schema.File, error)
	Outcomes() Table[schema.Outcome]
	Boilerplate() Table[schema.Boilerplate]
	Dropped() Table[schema.Dropped]
	Signals() Table[schema.Signals]
	// Finish writes what is made of all the rest, and the manifest last.
	Finish(*schema.Manifest, *schema.Samples) error
}

// Table takes rows in order and gives the files that hold them.
type Table[T any] interface {
	Add(*T) error
	Close() ([]schema.File, error)
	Abort()
}

// build is a run with its defaults filled in.
type build struct {
	config Config
	work   *Work
	jobs   int
	memory int64
	meter  *Meter
	stop   func() error // asked by whatever takes longer than a unit; its error ends the build

	base       *base
	exclude    *Exclusions
	evaluation *neardup.Decontaminator
	filters    *filters
	rules      iter.Seq2[repeat.Row, error]
}

// LeastMemory is the memory below which a build of units of this size refuses to start: what one unit may take while it
// is parsed, and what the stages hold besides.
func LeastMemory(maxUnit int64) int64 { return readCost*maxUnit + 64<<20 }

// ErrMemory says that the memory does not hold one permitted unit.
var ErrMemory = errors.New("not enough memory")

// Build runs all five stages. Its error is one of the run: the disk, the memory, an interrupt. Whatever is wrong with an
// input is in its outcome instead.
func (r Run) Build(ctx context.Context, out Output) (*schema.Manifest, error) {
	b := &build{config: r.Config, work: r.Work, jobs: r.Jobs, memory: r.Memory, meter: r.Meter, stop: ctx.Err, exclude: r.Exclude, evaluation: r.Evaluation, filters: newFilters(r.Config), rules: r.Rules}
	if b.jobs == 0 {
		b.jobs = runtime.GOMAXPROCS(0)
	}
	if least := LeastMemory(b.config.MaxUnit); b.memory < least {
		return nil, fmt.Errorf("%w: units of %d bytes (--max-unit) need %d bytes of --memory, %d are given", ErrMemory, b.config.MaxUnit, least, b.memory)
	}
	// The collector works harder near the limit instead of passing it; what is held is bounded by the stages.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(b.memory * 9 / 10))

	learner := newLearner(b)
	defer learner.close()
	drafts, err := read(ctx, b, r.Files, learner)
	if err != nil {
		return nil, err
	}
	cuts, err := learner.finish(r.Rules)
	if err != nil {
		return nil, fmt.Errorf("learn: %w", err)
	}
	defer cuts.close()
	if r.Base != nil && b.config.Dedupe != DedupeNone {
		if err := b.openBase(ctx, while(ctx, r.Base)); err != nil {
			return nil, fmt.Errorf("base: %w", err)
		}
	}
	judge, err := newJudge(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	defer judge.close()
	candidates, err := clean(ctx, b, drafts, cuts, judge)
	if err != nil {
		return nil, err
	}
	verdicts, err := judge.decide(candidates)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	defer verdicts.close()
	plan, err := planShards(b, candidates, verdicts)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	defer plan.close()
	return write(ctx, b, r.Tool, drafts, candidates, plan, out)
}

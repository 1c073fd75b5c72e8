package corpus

import (
	"context"
	"iter"
	"sync"
)

// ordered yields f(v) for every v of in, in the order of in, with up to n calls of f running at once. It is the only
// place in the program that starts goroutines; every map of a build runs through it, so that results never depend on
// which worker was faster.
//
// weigh gives the bytes that a value will hold while it is worked on, up to budget. The sum over all values that are
// taken from in and not yet consumed stays within budget; a value that is heavier than budget runs alone. An error of
// in is yielded in its place and ends the sequence. When the consumer stops early or ctx ends, no further value is
// taken from in, running calls finish, and ordered returns after the last one has.
func ordered[T, R any](ctx context.Context, n int, budget int64, weigh func(T) int64, in iter.Seq2[T, error], f func(T) R) iter.Seq2[R, error] {
	type outcome struct {
		r      R
		err    error
		weight int64
	}
	return func(yield func(R, error) bool) {
		var zero R
		if n <= 1 { // no goroutine: a profile of one worker shows the work and nothing else
			for v, err := range in {
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					yield(zero, err)
					return
				}
				if !yield(f(v), nil) {
					return
				}
			}
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()

		hold := newHold(budget)
		// A queue of futures bounds how far the workers run ahead: n-1 wait in it, one is with the consumer.
		queue := make(chan chan outcome, n-1)
		wg.Go(func() {
			defer close(queue)
			for v, err := range in {
				future := make(chan outcome, 1)
				weight := int64(0)
				if err == nil {
					weight = weigh(v)
					err = hold.take(ctx, weight)
				}
				select {
				case queue <- future:
				case <-ctx.Done():
					return
				}
				if err != nil {
					future <- outcome{err: err}
					return
				}
				wg.Go(func() { future <- outcome{r: f(v), weight: weight} })
			}
		})
		for future := range queue {
			out := <-future
			if out.err == nil {
				out.err = ctx.Err()
			}
			if !yield(out.r, out.err) || out.err != nil {
				return
			}
			hold.give(out.weight)
		}
		if err := ctx.Err(); err != nil {
			yield(zero, err)
		}
	}
}

// hold is a budget of bytes shared by the values in flight.
type hold struct {
	mu    sync.Mutex
	free  int64
	total int64
	freed chan struct{} // holds one token after a give
}

func newHold(budget int64) *hold {
	budget = max(budget, 1)
	return &hold{free: budget, total: budget, freed: make(chan struct{}, 1)}
}

// take waits until weight bytes are free. One goroutine calls it.
func (h *hold) take(ctx context.Context, weight int64) error {
	weight = min(weight, h.total)
	for {
		h.mu.Lock()
		if h.free >= weight {
			h.free -= weight
			h.mu.Unlock()
			return nil
		}
		h.mu.Unlock()
		select {
		case <-h.freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *hold) give(weight int64) {
	h.mu.Lock()
	h.free += min(weight, h.total)
	h.mu.Unlock()
	select {
	case h.freed <- struct{}{}:
	default:
	}
}

// Async runs f on a goroutine of its own and returns a function that waits for it: for a library that compresses parts
// of one file, in whatever order, and writes them in theirs.
func Async(f func()) (wait func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	return wg.Wait
}

// parallel calls f(i) for every i in [0, n), up to jobs at once, and returns when all are done.
func parallel(jobs, n int, f func(i int)) {
	numbers := func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
	for range ordered(context.Background(), jobs, 1, func(int) int64 { return 0 }, numbers, func(i int) struct{} { f(i); return struct{}{} }) {
	}
}

package corpus

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

func count(n int, fail int, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if i == fail {
				yield(0, err)
				return
			}
			if !yield(i, nil) {
				return
			}
		}
	}
}

func TestOrderedKeepsOrderAndBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "values")
		workers := rapid.IntRange(1, 9).Draw(t, "workers")
		budget := rapid.Int64Range(1, 64).Draw(t, "budget")
		stop := rapid.IntRange(0, 250).Draw(t, "stop")
		fail := rapid.IntRange(-1, 200).Draw(t, "fail")
		boom := errors.New("boom")
		var held, calls atomic.Int64
		weigh := func(v int) int64 { return int64(v%40) + 1 }
		next := 0
		for r, err := range ordered(context.Background(), workers, budget, weigh, count(n, fail, boom), func(v int) int {
			calls.Add(1)
			if h := held.Add(min(weigh(v), budget)); workers > 1 && h > budget {
				t.Errorf("%d bytes in work, budget %d", h, budget)
			}
			defer held.Add(-min(weigh(v), budget))
			return v * v
		}) {
			if err != nil {
				if !errors.Is(err, boom) || next != fail {
					t.Fatalf("error %v at %d", err, next)
				}
				return
			}
			if r != next*next {
				t.Fatalf("value %d: got %d", next, r)
			}
			next++
			if next == stop {
				break
			}
		}
		if fail >= 0 && fail < n && (stop == 0 || stop > fail) {
			t.Fatalf("the error at %d was not reported", fail)
		}
		if stop > 0 && stop <= n {
			return
		}
		if next != n || calls.Load() != int64(n) {
			t.Fatalf("got %d of %d, %d calls", next, n, calls.Load())
		}
	})
}

func TestOrderedStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	got := 0
	var last error
	for _, err := range ordered(ctx, 4, 1<<20, func(int) int64 { return 1 }, count(1<<30, -1, nil), func(v int) int { return v }) {
		if last = err; err != nil {
			break
		}
		if got++; got == 10 {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Fatalf("got %v after %d values", last, got)
	}
}

// Goroutines live in ordered.go alone. What starts one elsewhere would make results depend on timing.
func TestGoroutinesLiveInOneFile(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		slash := filepath.ToSlash(path)
		if slash == "../corpus/ordered.go" || strings.HasPrefix(slash, "../bench/") || strings.HasPrefix(slash, "../cmd/") {
			return nil // cmd draws the progress line and waits for signals; neither reaches the output
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", slash)
			case *ast.SelectorExpr:
				if n.Sel.Name == "WaitGroup" {
					t.Errorf("%s uses a WaitGroup", slash)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

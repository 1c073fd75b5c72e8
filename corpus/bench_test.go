package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// benchCopies is how often the benchmarks of the stages have the articles: some batches for each worker.
const benchCopies = 40

// BenchmarkStage measures each stage alone, over copies of the project's articles. What comes before the stage is done anew
// for each round, outside the time, so give -benchtime as rounds: 5x. Duplicates are marked and stay, so that write has all rows; it gives them to memory, as
// what encodes them has benchmarks of its own in package writers.
func BenchmarkStage(b *testing.B) {
	input := b.TempDir()
	for i := range benchCopies {
		if err := os.CopyFS(filepath.Join(input, fmt.Sprintf("%03d", i)), os.DirFS(articles)); err != nil {
			b.Fatal(err)
		}
	}
	inputs, err := NewInputs([]string{input})
	if err != nil {
		b.Fatal(err)
	}
	for _, stage := range []string{"read", "learn", "clean", "judge", "plan", "write"} {
		b.Run(stage, func(b *testing.B) {
			b.ReportAllocs()
			var units int64
			for b.Loop() {
				b.StopTimer()
				units += benchRound(b, inputs, stage)
				b.StartTimer()
			}
			b.ReportMetric(float64(units)/b.Elapsed().Seconds(), "units/s")
		})
	}
}

// benchRound runs a build up to a stage, with the timer on for that stage alone, and gives the number of units.
func benchRound(b *testing.B, inputs []Input, timed string) int64 {
	config := Defaults()
	config.Dedupe = DedupeMark
	s := newSteps(b, filepath.Join(b.TempDir(), "work"), config, 1<<30)
	defer s.work.Remove()
	defer s.close()
	for _, stage := range s.list(inputs) {
		if stage.name == timed {
			b.StartTimer()
		}
		err := stage.run()
		b.StopTimer()
		if err != nil {
			b.Fatal(err)
		}
		if stage.name == timed {
			break
		}
	}
	return s.drafts.units
}

//go:build unix

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	kills = flag.Int("kills", 20, "how many builds TestKilledBuilds kills; with more than 20, on more of the sample")
	seed  = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices of the tests that kill")
)

// place is a folder in which builds of one input are run and killed.
type place struct {
	dir  string
	args []string
	attr *syscall.SysProcAttr // of the build's process
}

func (p place) out() string { return filepath.Join(p.dir, "out") }

// command is the build, with everything it writes in the folder.
func (p place) command(more ...string) (*exec.Cmd, *bytes.Buffer) {
	c := exec.Command("broadsheet", slices.Concat([]string{"build"}, p.args, more)...)
	c.Dir, c.SysProcAttr = p.dir, p.attr
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	return c, &said
}

// exitCode is the code of a command that ended, -1 where a signal ended it.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	var e *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.ExitCode()
	}
	t.Fatal(err)
	return 0
}

// finish runs the build to its end.
func (p place) finish(t *testing.T, more ...string) {
	t.Helper()
	c, said := p.command(more...)
	if err := c.Run(); err != nil {
		t.Fatalf("build %v: %v\n%s", more, err, said)
	}
}

// events are the names of files and folders that a build made so far.
func (p place) events() map[string]bool {
	seen := map[string]bool{}
	filepath.WalkDir(p.dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			seen[strings.TrimPrefix(name, p.dir)] = true
		}
		return nil // names come and go while this looks
	})
	return seen
}

// until runs the build until it has made so many names that were not there before, then waits for a moment and sends
// the signals. It gives the exit code, and the names that were new.
func (p place) until(t *testing.T, names int, wait time.Duration, signals []os.Signal, more ...string) (code int, new []string, said string) {
	t.Helper()
	before := p.events()
	c, out := p.command(more...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for {
		for name := range p.events() {
			if !before[name] {
				before[name] = true
				new = append(new, name)
			}
		}
		if len(new) >= names {
			time.Sleep(wait)
			for _, s := range signals {
				c.Process.Signal(s) // it may have ended by now
			}
			names = 1 << 30
		}
		select {
		case err := <-done:
			return exitCode(t, err), new, out.String()
		case <-time.After(200 * time.Microsecond):
		}
	}
}

// stageOf says, of the state that a killed build left, how far it had come.
func (p place) stageOf() string {
	is := func(pattern string) bool {
		m, _ := filepath.Glob(filepath.Join(p.dir, pattern))
		return len(m) > 0
	}
	switch {
	case is("out/manifest.json") && !is("out.partial") && !is(".out.replaced") && !is("out.work/clean-*"):
		return "done"
	case is("out.partial/manifest.json"), is(".out.replaced"):
		return "publish"
	case is("out.partial/.tmp-*"), is("out.partial/README.md"):
		return "finish"
	case is("out.partial/audit/outcomes-*"), is("out.partial/audit/.tmp-outcomes-*"):
		return "outcomes"
	case is("out.partial/data"), is("out.partial/jsonl"):
		return "shards"
	case is("*work/clean-*"):
		return "clean, judge"
	case is("*work/read-*/*.frames"):
		return "learn"
	case is("*work/read-*"):
		return "read"
	}
	return "start"
}

// A build that is killed at any moment has published everything or nothing. Run again it goes on, and the end is that of
// a build that nothing disturbed, byte for byte, with nothing left beside it. Kills are spread evenly over what a build
// makes on the disk, and then by a random moment; some come twice in a row, some meet a dataset that is to be replaced,
// some a work folder that has half of the collection.
func TestKilledBuilds(t *testing.T) {
	if testing.Short() && *kills <= 20 {
		t.Skip("20 builds are killed and resumed; not with -short")
	}
	t.Logf("-kills %d -seed %d", *kills, *seed)
	r := rand.New(rand.NewPCG(*seed, 1))
	inputs := t.TempDir()
	full, half := filepath.Join(inputs, "full", "in"), filepath.Join(inputs, "half", "in")
	step := 12
	if *kills > 20 {
		step = 3
	}
	sampleFolder(t, full, step)
	sampleFolder(t, half, 2*step)
	flags := []string{"--out", "out", "--quiet", "--max-unreadable", "100%", "--shard-size", "200KiB"}
	args := func(input string) []string { return append([]string{input}, flags...) }
	old := place{dir: t.TempDir(), args: append(args(half), "--name", "old")}
	old.finish(t)
	oldHash := treeHash(t, old.out())
	plain := place{dir: t.TempDir(), args: args(full)}
	started := time.Now()
	_, events, _ := plain.until(t, 1<<30, 0, nil)
	took := time.Since(started)
	want := treeHash(t, plain.out())
	if want == "" || want == oldHash {
		t.Fatalf("the undisturbed build gave nothing to compare with (%d events)", len(events))
	}
	stages := map[string]int{}
	for i := range *kills {
		p := place{dir: t.TempDir(), args: args(full)}
		mode := i % 4
		var more []string
		switch mode {
		case 1: // replaces a dataset
			if err := os.CopyFS(p.out(), os.DirFS(old.out())); err != nil {
				t.Fatal(err)
			}
			more = []string{"--force"}
		case 2: // goes on from the work of another dataset, with half of the collection
			more = []string{"--work", "kept.work"}
			place{dir: p.dir, args: args(half)}.finish(t, "--work", "kept.work")
			if err := os.RemoveAll(p.out()); err != nil {
				t.Fatal(err)
			}
		}
		what := ""
		for again := true; again; again = r.IntN(3) == 0 {
			signal := os.Signal(syscall.SIGKILL)
			if mode == 3 && what == "" {
				signal = syscall.SIGINT // leaves whole segments to the next one
			}
			// Strata: the i-th kill comes at the i-th part of what a build makes, or of the time that it takes.
			at := 1 + (i*len(events)/(*kills)+r.IntN(3))%(len(events)+1)
			wait := time.Duration(r.Int64N(1 + int64(took)/int64(len(events))))
			if i/4%2 == 1 {
				at, wait = 1, time.Duration((float64(i)+r.Float64())*float64(took)/float64(*kills))
			}
			code, _, said := p.until(t, at, wait, []os.Signal{signal}, more...)
			stage := p.stageOf()
			what += fmt.Sprintf(" %v at %s (code %d)", signal, stage, code)
			got := treeHash(t, p.out())
			switch {
			case code == 0 && got != want:
				t.Errorf("kill %d, mode %d,%s: it says that it is done, and it is not\n%s", i, mode, what, said)
			case code != 0 && code != -1 && code != exitInterrupted:
				t.Errorf("kill %d, mode %d,%s: %s", i, mode, what, said)
			case got != want && got != "" && (got != oldHash || mode != 1):
				t.Errorf("kill %d, mode %d,%s: something is published that is no dataset", i, mode, what)
			}
			stages[stage]++
			if got == want {
				break
			}
		}
		if treeHash(t, p.out()) != want || mode == 1 {
			p.finish(t, more...)
		} else {
			if code, said := p.resumeDone(t, more...); code != exitUsage {
				t.Errorf("kill %d,%s: over a complete dataset, without --force: code %d, %s", i, what, code, said)
			}
			// It may have been killed while it removed its work folder. A build that may replace the dataset takes that over.
			p.finish(t, append(more, "--force")...)
		}
		if got := treeHash(t, p.out()); got != want {
			t.Errorf("kill %d, mode %d,%s: resumed, the build ends otherwise than an undisturbed one", i, mode, what)
		}
		if mode != 2 {
			for name := range p.events() {
				if rel := strings.TrimPrefix(name, "/"); rel != "" && rel != "out" && !strings.HasPrefix(rel, "out/") {
					t.Errorf("kill %d, mode %d,%s: %s is left behind", i, mode, what, name)
				}
			}
		}
	}
	t.Logf("killed at: %v", stages)
	for _, stage := range []string{"read", "clean, judge", "shards"} {
		if stages[stage] == 0 && *kills >= 200 {
			t.Errorf("no build was killed at %s: the kills are not spread over the build", stage)
		}
	}
}

// resumeDone runs the build where its dataset is there already.
func (p place) resumeDone(t *testing.T, more ...string) (int, string) {
	t.Helper()
	c, said := p.command(more...)
	return exitCode(t, c.Run()), said.String()
}

// An interrupt lets the units in hand finish, says how to go on, and ends with 130; a second one ends at once. Either way
// the same command goes on.
func TestInterruptedBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("builds of a real collection are interrupted; not with -short")
	}
	inputs := t.TempDir()
	full := filepath.Join(inputs, "in")
	sampleFolder(t, full, 8)
	args := []string{full, "--out", "out", "--progress", "plain", "--max-unreadable", "100%"}
	plain := place{dir: t.TempDir(), args: args}
	_, events, _ := plain.until(t, 1<<30, 0, nil)
	want := treeHash(t, plain.out())
	for _, c := range []struct {
		name    string
		signals []os.Signal
	}{
		{"INT", []os.Signal{syscall.SIGINT}},
		{"TERM", []os.Signal{syscall.SIGTERM}},
		{"INT INT", []os.Signal{syscall.SIGINT, syscall.SIGINT}},
		{"TERM INT", []os.Signal{syscall.SIGTERM, syscall.SIGINT}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for at := len(events) / 2; at >= 0; at /= 2 { // earlier, where the build was faster than the signal
				p := place{dir: t.TempDir(), args: args}
				code, _, said := p.until(t, max(1, at), 0, c.signals)
				if code == 0 && at > 0 {
					continue
				}
				if code != exitInterrupted {
					t.Fatalf("code %d, want %d\n%s", code, exitInterrupted, said)
				}
				if len(c.signals) == 1 && !strings.Contains(said, "interrupted; the same command goes on from here") {
					t.Errorf("it does not say how to go on: %q", said)
				}
				if got := treeHash(t, p.out()); got != "" {
					t.Error("an interrupted build published something")
				}
				p.finish(t)
				if got := treeHash(t, p.out()); got != want {
					t.Error("resumed, the build ends otherwise than an undisturbed one")
				}
				return
			}
		})
	}
}

// The second build on one output, or on one work folder, is refused and names the first, which goes on undisturbed.
func TestTwoBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("a build of a real collection is held up; not with -short")
	}
	full := filepath.Join(t.TempDir(), "in")
	sampleFolder(t, full, 12)
	p := place{dir: t.TempDir(), args: []string{full, "--out", "out", "--work", "w", "--quiet", "--max-unreadable", "100%"}}
	c, said := p.command()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprintf("process %d", c.Process.Pid)
	for { // until it holds both locks
		b, err := os.ReadFile(filepath.Join(p.dir, "w", "lock"))
		if err == nil && strings.Contains(string(b), pid) {
			break
		}
		time.Sleep(100 * time.Microsecond)
	}
	if err := c.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{{"--work", "other"}, {"--out", "other"}} {
		// Of a flag that is given twice the last one counts.
		second, message := p.command(flags...)
		if code := exitCode(t, second.Run()); code != exitFailed || !strings.Contains(message.String(), pid) {
			t.Errorf("%v beside it: code %d, %s; want %d with %q", flags, code, message, exitFailed, pid)
		}
	}
	c.Process.Signal(syscall.SIGCONT)
	if err := c.Wait(); err != nil {
		t.Errorf("the first: %v: %s", err, said)
	}
	if code, _ := program(p.dir, "verify", "out"); code != 0 {
		t.Error("the first build's dataset does not verify")
	}
}

func program(dir string, args ...string) (int, string) {
	c := exec.Command("broadsheet", args...)
	c.Dir = dir
	b, _ := c.CombinedOutput()
	return c.ProcessState.ExitCode(), string(b)
}

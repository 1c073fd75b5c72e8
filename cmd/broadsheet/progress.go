package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"broadsheet/corpus"
)

// progress shows how far a build is, on standard error: one live line on a terminal, a line every ten seconds in a log,
// a JSON object a line for programs. It reads counters that the build keeps and never touches the build.
type progress struct {
	w       io.Writer
	mode    string // "bar", "plain", "json" or "none"
	meter   *corpus.Meter
	started time.Time
	done    chan struct{}
	wg      sync.WaitGroup
	drawn   bool
}

// startProgress begins to show. mode is the value of --progress.
func startProgress(w io.Writer, mode string, quiet bool, meter *corpus.Meter) *progress {
	if t, ok := w.(terminal); ok {
		w = t.w // the live line moves the cursor; nothing in it comes from an input
	}
	if quiet {
		mode = "none"
	} else if mode == "auto" {
		mode = "plain"
		if isTerminal(w) && os.Getenv("TERM") != "dumb" {
			mode = "bar"
		}
	}
	p := &progress{w: w, mode: mode, meter: meter, started: time.Now(), done: make(chan struct{})}
	every := 10 * time.Second
	switch mode {
	case "none":
		return p
	case "bar":
		every = 100 * time.Millisecond
	}
	p.wg.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.show()
			case <-p.done:
				return
			}
		}
	})
	return p
}

// stop ends the display and clears the live line.
func (p *progress) stop() {
	select {
	case <-p.done:
		return
	default:
		close(p.done)
	}
	p.wg.Wait()
	if p.drawn {
		fmt.Fprint(p.w, "\r\033[K")
	}
}

func (p *progress) show() {
	s := p.meter.Snapshot()
	elapsed := time.Since(p.started)
	rate := float64(s.Bytes) / 1e6 / max(elapsed.Seconds(), 0.001)
	switch p.mode {
	case "json":
		line, err := json.Marshal(map[string]any{
			"stage": s.Stage, "units": s.Units, "bytes": s.Bytes, "kept": s.Kept, "dropped": s.Dropped,
			"stage_done": s.Done, "stage_total": s.Total, "seconds": int(elapsed.Seconds()),
		})
		if err == nil {
			fmt.Fprintf(p.w, "%s\n", line)
		}
	case "plain":
		fmt.Fprintln(p.w, p.line(s, elapsed, rate))
	case "bar":
		line := p.line(s, elapsed, rate)
		if width := 100; len([]rune(line)) > width {
			line = string([]rune(line)[:width])
		}
		fmt.Fprint(p.w, "\r"+line+"\033[K")
		p.drawn = true
	}
}

func (p *progress) line(s corpus.Snapshot, elapsed time.Duration, rate float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-6s %s units, %.1f MB/s", s.Stage, formatCount(s.Units), rate)
	if s.Kept+s.Dropped > 0 {
		fmt.Fprintf(&b, ", %s kept, %s dropped", formatCount(s.Kept), formatCount(s.Dropped))
	}
	if s.Total > 0 && s.Done > 0 {
		share := min(1, float64(s.Done)/float64(s.Total)) // a total may be an estimate
		left := time.Duration(float64(s.StageTime) * (1 - share) / share).Round(time.Second)
		fmt.Fprintf(&b, ", %.0f %% of the stage, %s left in it", 100*share, left)
	}
	fmt.Fprintf(&b, ", %s", elapsed.Round(time.Second))
	return b.String()
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

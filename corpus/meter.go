package corpus

import (
	"sync"
	"sync/atomic"
	"time"
)

// Meter counts what a build has done, for whoever shows it. Nothing in the output depends on it. The zero value is
// ready; a nil Meter counts nothing.
type Meter struct {
	units, bytes, kept, dropped, done, total, expected, reread, recleaned atomic.Int64

	mu      sync.Mutex
	stage   string
	started time.Time
}

// Snapshot is a Meter at one moment.
type Snapshot struct {
	Stage         string
	StageTime     time.Duration
	Units, Bytes  int64 // read so far
	Kept, Dropped int64 // decided so far
	Done, Total   int64 // of the stage, in units of its own; Total is 0 where it cannot be known

	// Units that were read, and that were cleaned, by an earlier build and taken over from its work.
	ReadBefore, CleanedBefore int64
}

// Snapshot reads the counters.
func (m *Meter) Snapshot() Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Snapshot{
		Stage: m.stage, StageTime: time.Since(m.started),
		Units: m.units.Load(), Bytes: m.bytes.Load(), Kept: m.kept.Load(), Dropped: m.dropped.Load(),
		Done: m.done.Load(), Total: m.total.Load(),
		ReadBefore: m.reread.Load(), CleanedBefore: m.recleaned.Load(),
	}
}

// Expect says how many bytes there are to read, where that is known.
func (m *Meter) Expect(bytes int64) { m.expected.Store(bytes) }

func (m *Meter) begin(stage string, total int64) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stage, m.started = stage, time.Now() //nolint:forbidigo // shown to a person, never written
	m.done.Store(0)
	m.total.Store(total)
}

func (m *Meter) expects() int64 {
	if m == nil {
		return 0
	}
	return m.expected.Load()
}

func (m *Meter) read(units, bytes int64) {
	if m != nil {
		m.units.Add(units)
		m.bytes.Add(bytes)
		m.done.Add(bytes)
	}
}

// before counts units that were taken over from an earlier build.
func (m *Meter) before(read, cleaned int) {
	if m != nil {
		m.reread.Add(int64(read))
		m.recleaned.Add(int64(cleaned))
	}
}

func (m *Meter) step(n int64) {
	if m != nil {
		m.done.Add(n)
	}
}

func (m *Meter) decided(kept, dropped int64) {
	if m != nil {
		m.kept.Add(kept)
		m.dropped.Add(dropped)
	}
}

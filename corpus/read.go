package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"

	"broadsheet/corpus/format"
	"broadsheet/schema"
)

// drafts is what *read* leaves: every unit of the input, in order, as a draft.
type drafts struct {
	spill *spill
	units int64
	input schema.Input // what was read, and its fingerprint
}

// A task is what one call of the map works on: some files, together small enough to be one frame.
type task struct {
	files []taskFile
	chunk *chunk // instead of files: a part of a line file
	bytes int64
}

type taskFile struct {
	File
	earlier *earlierFile  // what an earlier build read under this path with this size, if it did
	lines   *earlierLines // the same for a line file that has frames of its own
	same    bool          // its content was found to be what it was
}

// Files are read in batches: of at most maxBatch files, ending with the one that brings them over batchBytes. A batch
// also ends where the path says so, for one file in batchEnds, so that a file that is new moves only the ends of the
// batches near it: frames beyond are what they were, and are taken over whole.
const (
	maxBatch   = 256
	batchBytes = 1 << 20
	batchEnds  = 64
)

// endsBatch is the content-defined cut of A low-bandwidth network file system (Muthitacharoen et al., SOSP 2001,
// section 3.1), over paths instead of bytes.
func endsBatch(path string) bool { return crc32.Checksum([]byte(path), castagnoli)%batchEnds == 0 }

// readFrame is the result of one task: a frame and its entry in the index.
type readFrame struct {
	indexed
	packed []byte
	before int   // units that an earlier build read
	err    error // the run's, not the input's
}

// readFile is what a file is remembered by.
type readFile struct {
	path  string
	size  int64
	sum   [sha256.Size]byte
	units int
	named bool
	how   readHow
}

// readHow says what the units of a file depend on.
type readHow string

const (
	byContent readHow = "content" // and its path; sum is that of the content
	byName    readHow = "name"    // its path alone: it was not opened
	byTrouble readHow = ""        // whatever kept it from being read
)

// read is the first map: walk → read → parse → normalize. It writes the spill, and hands the keys of text segments to
// learn. A file that an earlier build read, unchanged in path, size and content, comes from that build's spill.
func read(ctx context.Context, b *build, files iter.Seq2[File, error], segments *learner) (*drafts, error) {
	before, err := b.work.generations("read")
	if err != nil {
		return nil, err
	}
	old, err := openEarlier(before)
	if err != nil {
		return nil, err
	}
	defer old.close()
	out, err := newDraftWriter(b.work.nextGeneration("read", before))
	if err != nil {
		return nil, err
	}
	defer out.abort()

	b.meter.begin("read", b.meter.expects())
	readers := sync.Pool{New: func() any { return newUnitReader(b.config) }}
	fingerprint := sha256.New()
	d := &drafts{}
	weigh := func(t task) int64 { return 256<<10 + readCost*t.bytes }
	for r, err := range ordered(ctx, b.jobs, b.memory/2, weigh, tasks(files, old, b.config), func(t task) readFrame {
		reader := readers.Get().(*unitReader)
		defer readers.Put(reader)
		return reader.read(t)
	}) {
		if err == nil {
			err = r.err
		}
		if err != nil {
			return nil, err
		}
		first := d.units
		if err := segments.add(first, r.Keys); err != nil {
			return nil, err
		}
		if err := out.add(r, first); err != nil {
			return nil, fmt.Errorf("work folder: %w", err)
		}
		d.units += int64(r.Units)
		var bytes int64
		for _, f := range r.Files {
			bytes += f.size
			d.input.Files++
			fmt.Fprintf(fingerprint, "%s\x00%d\x00%x\n", f.path, f.size, f.sum)
		}
		d.input.Bytes += bytes
		b.meter.read(int64(r.Units), bytes)
		b.meter.before(r.before, 0)
	}
	if d.spill, err = out.close(); err != nil {
		return nil, fmt.Errorf("work folder: %w", err)
	}
	d.input.SHA256 = fmt.Sprintf("%x", fingerprint.Sum(nil))
	old.close()
	for _, dir := range before {
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// readCost is how many bytes of memory one byte of a unit may take while it is parsed: its decoded text, its tree, its
// blocks. Measured on markup that is all tags.
const readCost = 8

// tasks groups the files of a walk, cuts line files, and looks up what earlier builds made of them.
func tasks(files iter.Seq2[File, error], old *earlier, config Config) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) {
		reader := format.NewReader(config.reading())
		var t task
		send := func() bool {
			this := t
			t = task{}
			return len(this.files) == 0 || yield(this, nil)
		}
		for f, err := range files {
			if err != nil {
				yield(task{}, err)
				return
			}
			tf := taskFile{File: f}
			if f.Trouble == "" {
				if name := UnescapePath(f.Path); format.IsLines(name) && (f.Size > batchBytes || format.IsPacked(name)) {
					if tf.lines, err = old.lines(f); err != nil {
						yield(task{}, err)
						return
					}
					if !send() {
						return
					}
					ok, err := chunks(tf, reader, config.MaxUnit, func(c chunk) bool {
						return yield(task{chunk: &c, bytes: int64(len(c.data))}, nil)
					})
					if err != nil {
						yield(task{}, err)
					}
					if !ok || err != nil {
						return
					}
					continue
				}
				if tf.earlier, err = old.file(f); err != nil {
					yield(task{}, err)
					return
				}
			}
			t.files = append(t.files, tf)
			size := f.Size
			if format.IsPacked(f.Path) {
				size *= 16 // what it may unpack to
			}
			t.bytes += min(size, config.MaxUnit)
			if (len(t.files) == maxBatch || t.bytes >= batchBytes || endsBatch(f.Path)) && !send() {
				return
			}
		}
		send()
	}
}

// unitReader runs tasks. It keeps its buffers from task to task.
type unitReader struct {
	config  Config
	format  *format.Reader
	sum     hash.Hash
	buf     []byte
	out     *wire
	records []byte // what out wrote to before
	keys    segmentKeys
	units   int

	taken        *earlierFrame // the frame that units were last taken from
	takenRecords []byte
}

func newUnitReader(config Config) *unitReader {
	return &unitReader{
		config: config,
		format: format.NewReader(config.reading()),
		sum:    sha256.New(),
		buf:    make([]byte, 64<<10),
	}
}

func (r *unitReader) read(t task) readFrame {
	if t.chunk != nil && t.chunk.earlier != nil {
		frame := readFrame{indexed: t.chunk.earlier.indexed, before: t.chunk.earlier.Units}
		frame.packed, frame.err = t.chunk.earlier.packed()
		return frame
	}
	if frame, ok := r.readBefore(t); ok {
		return frame
	}
	r.out, r.units, r.keys = writing(r.records[:0]), 0, segmentKeys{off: r.config.Boilerplate == "off"}
	var frame readFrame
	if c := t.chunk; c != nil {
		frame.Path, frame.Part, frame.Last = c.path, true, c.last
		r.chunk(c)
		if c.last {
			frame.Files = []readFile{c.done}
		}
	} else {
		frame.Path, frame.Files = t.files[0].Path, make([]readFile, 0, len(t.files))
	}
	for _, f := range t.files {
		before := r.units
		got := readFile{path: f.Path, size: f.Size, named: f.Named}
		if frame.err = r.file(f, &got); frame.err != nil {
			return frame
		}
		got.units = r.units - before
		if f.same {
			frame.before += got.units
		}
		frame.Files = append(frame.Files, got)
	}
	frame.packed, frame.Units, frame.Keys = pack(r.out.buf), r.units, r.keys
	frame.Sum = sumOf(frame.packed)
	if r.records = r.out.buf; cap(r.records) > 8*batchBytes {
		r.records = nil // of one unusual unit
	}
	return frame
}

// readBefore gives the frame that an earlier build made of the very same files. Where it does not, the files of the task
// that are what they were are marked.
func (r *unitReader) readBefore(t task) (readFrame, bool) {
	var before *earlierFrame
	whole := len(t.files) > 0
	for i := range t.files {
		f := &t.files[i]
		if f.same = f.earlier != nil && r.same(f.Name, f.earlier.readFile); f.same && before == nil {
			before = f.earlier.frame
		}
		whole = whole && f.same && f.earlier.frame == before
	}
	if !whole || len(t.files) != len(before.Files) {
		return readFrame{}, false
	}
	frame := readFrame{indexed: before.indexed, before: before.Units}
	frame.Files = slices.Clone(before.Files)
	for i := range frame.Files {
		frame.Files[i].size = t.files[i].Size // of those that are skipped by their names it may be another
	}
	var err error
	frame.packed, err = before.packed()
	return frame, err == nil
}

// same reads a file to see whether it is what it was.
func (r *unitReader) same(name string, before *readFile) bool {
	if before.how == byName {
		return true
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	r.sum.Reset()
	n, err := io.CopyBuffer(r.sum, onlyReader{f}, r.buf)
	return err == nil && n == before.size && [sha256.Size]byte(r.sum.Sum(nil)) == before.sum
}

// take takes over the units of a file as they were. It is false where they cannot be read any more.
func (r *unitReader) take(e *earlierFile) bool {
	if r.taken != e.frame {
		packed, err := e.frame.packed()
		if err != nil {
			return false
		}
		if r.takenRecords, err = unpack(packed); err != nil {
			return false
		}
		r.taken = e.frame
	}
	in := reading(r.takenRecords)
	for range e.unit {
		in.take()
	}
	from := in.at
	for range e.units {
		in.take()
	}
	if in.err != nil {
		return false
	}
	r.out.buf = append(r.out.buf, r.takenRecords[from:in.at]...)
	r.keys.copy(&e.frame.Keys, e.unit, e.units, r.units)
	r.units += e.units
	return true
}

// chunk reads a part of a line file.
func (r *unitReader) chunk(c *chunk) {
	if len(c.data) > 0 {
		for u := range r.format.Read(unpackedName(c.path), c.named, bytes.NewReader(c.data)) {
			r.emit(newDraft(fmt.Sprintf("%s:%d", c.path, c.line+u.Line-1), u, r.config))
		}
	}
	if c.fail != nil {
		at := c.path
		if c.fail.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, c.fail.Line)
		}
		r.emit(newDraft(at, *c.fail, r.config))
	}
}

// unpackedName is a path whose content was decompressed already.
func unpackedName(path string) string {
	name := UnescapePath(path)
	if format.IsPacked(name) {
		name = name[:strings.LastIndexByte(name, '.')]
	}
	return name
}

func (r *unitReader) emit(d draft) {
	r.keys.add(r.units, &d)
	r.out.sized(d.wire)
	r.units++
}

// file reads one file, or takes over what an earlier build read. Its error is one of the run.
func (r *unitReader) file(tf taskFile, got *readFile) error {
	if tf.Trouble != "" {
		reason := schema.Unreadable
		if tf.Skip {
			reason = schema.Unsupported
		}
		r.emit(draft{Path: tf.Path, Reason: reason, Detail: tf.Trouble})
		return nil
	}
	if !tf.Named {
		if u, skip := format.Skip(UnescapePath(tf.Path)); skip {
			r.emit(newDraft(tf.Path, u, r.config))
			got.how = byName
			return nil
		}
	}
	if tf.same && r.take(tf.earlier) {
		got.sum, got.how = tf.earlier.sum, byContent
		return nil
	}
	f, err := os.Open(tf.Name)
	if ofTheRun(err) {
		return err
	}
	if err != nil {
		r.emit(draft{Path: tf.Path, Reason: schema.Unreadable, Detail: reasonOf(err)})
		return nil
	}
	defer f.Close()
	before, err := f.Stat()
	if err == nil && !before.Mode().IsRegular() { // it was replaced since the walk
		err = errors.New("not a regular file any more")
	}
	if err != nil {
		r.emit(draft{Path: tf.Path, Reason: schema.Unreadable, Detail: reasonOf(err)})
		return nil
	}
	r.opened(tf, f, f, before, got)
	return nil
}

// opened reads a file that is open, through in, and looks at the end whether it is still what it was before.
func (r *unitReader) opened(tf taskFile, f *os.File, in io.Reader, before os.FileInfo, got *readFile) {
	mark, units, keys := len(r.out.buf), r.units, r.keys.mark()
	r.sum.Reset()
	tee := &summing{r: in, sum: r.sum}
	// The path in the dataset may be escaped; a reader decides by the name as it is.
	for u := range r.format.Read(UnescapePath(tf.Path), tf.Named, tee) {
		at := tf.Path
		if u.Line > 0 {
			at = fmt.Sprintf("%s:%d", tf.Path, u.Line)
		}
		r.emit(newDraft(at, u, r.config))
	}
	// What a reader left is read too, so that the sum is the file's.
	if _, err := io.CopyBuffer(io.Discard, onlyReader{tee}, r.buf); err == nil {
		after, err := f.Stat()
		if err == nil && (after.Size() != before.Size() || after.Size() != tee.n || !after.ModTime().Equal(before.ModTime())) {
			r.out.buf, r.units = r.out.buf[:mark], units
			r.keys.reset(keys)
			r.emit(draft{Path: tf.Path, Reason: schema.Unreadable, Detail: "it changed while it was read; build again once it is at rest"})
			return
		}
		got.size, got.how = tee.n, byContent
		got.sum = [sha256.Size]byte(r.sum.Sum(nil))
	}
}

// onlyReader hides a file's other methods, which would bring buffers of their own.
type onlyReader struct{ io.Reader }

// summing hashes and counts what is read through it. An error stays: a disk that fails once and then goes on must not make
// what was read of the file pass for all of it.
type summing struct {
	r   io.Reader
	sum hash.Hash
	n   int64
	err error
}

func (s *summing) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	s.n += int64(n)
	s.err = err
	return n, err
}

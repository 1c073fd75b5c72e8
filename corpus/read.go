package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"os"
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
	earlier *earlierFile // what an earlier build read under this path with this size, if it did
}

// Files are read in batches: of at most maxBatch files, ending with the one that brings them over batchBytes.
const (
	maxBatch   = 256
	batchBytes = 1 << 20
)

// readFrame is the result of one task: a frame, and for each file what to remember it by.
type readFrame struct {
	packed []byte
	units  int
	files  []readFile
	keys   segmentKeys
	part   bool  // of a line file; its readFile comes with the last part
	first  bool  // its first part
	err    error // the work folder's, not the input's
}

type readFile struct {
	path  string
	size  int64
	sum   [sha256.Size]byte
	units int
	read  bool // its bytes were read, so sum is theirs
}

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
		if err := segments.add(first, r.keys); err != nil {
			return nil, err
		}
		if err := out.add(r, first); err != nil {
			return nil, fmt.Errorf("work folder: %w", err)
		}
		d.units += int64(r.units)
		var bytes int64
		for _, f := range r.files {
			bytes += f.size
			d.input.Files++
			fmt.Fprintf(fingerprint, "%s\x00%d\x00%x\n", f.path, f.size, f.sum)
		}
		d.input.Bytes += bytes
		b.meter.read(int64(r.units), bytes)
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
		reader := format.NewReader(format.Options{MaxUnit: config.MaxUnit})
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
				if tf.earlier, err = old.find(f.Path, f.Size); err != nil {
					yield(task{}, err)
					return
				}
				if name := UnescapePath(f.Path); format.IsLines(name) && (f.Size > batchBytes || format.IsPacked(name)) {
					if !send() || !chunks(tf, reader, config.MaxUnit, func(c chunk) bool {
						return yield(task{chunk: &c, bytes: int64(len(c.data))}, nil)
					}) {
						return
					}
					continue
				}
			}
			t.files = append(t.files, tf)
			size := f.Size
			if format.IsPacked(f.Path) {
				size *= 16 // what it may unpack to
			}
			t.bytes += min(size, config.MaxUnit)
			if (len(t.files) == maxBatch || t.bytes >= batchBytes) && !send() {
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
}

func newUnitReader(config Config) *unitReader {
	return &unitReader{
		config: config,
		format: format.NewReader(format.Options{MaxUnit: config.MaxUnit}),
		sum:    sha256.New(),
		buf:    make([]byte, 64<<10),
	}
}

func (r *unitReader) read(t task) readFrame {
	r.out, r.units, r.keys = writing(r.records[:0]), 0, segmentKeys{off: r.config.Boilerplate == "off"}
	frame := readFrame{files: make([]readFile, 0, len(t.files))}
	if t.chunk != nil {
		frame.part, frame.first = true, t.chunk.first
		if t.chunk.last {
			frame.files = append(frame.files, t.chunk.done)
		}
		frame.err = r.chunk(t.chunk)
	}
	for _, f := range t.files {
		before := r.units
		got := readFile{path: f.Path, size: f.Size}
		switch {
		case f.Trouble != "":
			reason := schema.Unreadable
			if f.Skip {
				reason = schema.Unsupported
			}
			r.emit(draft{Path: f.Path, Reason: reason, Detail: f.Trouble})
		default:
			if err := r.file(f, &got); err != nil {
				frame.err = err
				return frame
			}
		}
		got.units = r.units - before
		frame.files = append(frame.files, got)
	}
	frame.packed, frame.units, frame.keys = pack(r.out.buf), r.units, r.keys
	if r.records = r.out.buf; cap(r.records) > 8*batchBytes {
		r.records = nil // of one unusual unit
	}
	return frame
}

// chunk reads a part of a line file.
func (r *unitReader) chunk(c *chunk) error {
	if c.earlier != nil {
		return c.earlier.each(func(d *draft) { r.emit(*d) })
	}
	if len(c.data) > 0 {
		for u := range r.format.Read(unpackedName(c.path), c.named, bytes.NewReader(c.data)) {
			r.emit(newDraft(fmt.Sprintf("%s:%d", c.path, c.line+u.Line-1), u))
		}
	}
	if c.fail != nil {
		at := c.path
		if c.fail.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, c.fail.Line)
		}
		r.emit(newDraft(at, *c.fail))
	}
	return nil
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
	d.wire(r.out)
	r.units++
}

// file reads one file, or takes over what an earlier build read. Its error is one of the work folder.
func (r *unitReader) file(tf taskFile, got *readFile) error {
	if !tf.Named {
		if u, skip := format.Skip(UnescapePath(tf.Path)); skip {
			r.emit(newDraft(tf.Path, u))
			return nil
		}
	}
	f, err := os.Open(tf.Name)
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
	if tf.earlier != nil {
		r.sum.Reset()
		if _, err := io.CopyBuffer(r.sum, onlyReader{f}, r.buf); err == nil && [sha256.Size]byte(r.sum.Sum(nil)) == tf.earlier.sum {
			got.sum, got.read = tf.earlier.sum, true
			return tf.earlier.place().each(func(d *draft) { r.emit(*d) })
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			r.emit(draft{Path: tf.Path, Reason: schema.Unreadable, Detail: reasonOf(err)})
			return nil
		}
	}
	mark, units, keys := len(r.out.buf), r.units, r.keys.mark()
	r.sum.Reset()
	tee := &summing{r: f, sum: r.sum}
	// The path in the dataset may be escaped; a reader decides by the name as it is.
	for u := range r.format.Read(UnescapePath(tf.Path), tf.Named, tee) {
		at := tf.Path
		if u.Line > 0 {
			at = fmt.Sprintf("%s:%d", tf.Path, u.Line)
		}
		r.emit(newDraft(at, u))
	}
	// What a reader left is read too, so that the sum is the file's.
	if _, err := io.CopyBuffer(io.Discard, onlyReader{tee}, r.buf); err == nil {
		after, err := f.Stat()
		if err == nil && (after.Size() != before.Size() || after.Size() != tee.n || !after.ModTime().Equal(before.ModTime())) {
			r.out.buf, r.units = r.out.buf[:mark], units
			r.keys.reset(keys)
			r.emit(draft{Path: tf.Path, Reason: schema.Unreadable, Detail: "it changed while it was read; build again once it is at rest"})
			return nil
		}
		got.size, got.read = tee.n, true
		got.sum = [sha256.Size]byte(r.sum.Sum(nil))
	}
	return nil
}

// onlyReader hides a file's other methods, which would bring buffers of their own.
type onlyReader struct{ io.Reader }

// summing hashes and counts what is read through it.
type summing struct {
	r   io.Reader
	sum hash.Hash
	n   int64
}

func (s *summing) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	s.n += int64(n)
	return n, err
}

package corpus

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"broadsheet/corpus/format"
	"broadsheet/schema"
)

// A file of a line format may hold a whole collection. It is cut at line breaks into chunks, each a task of its own, so
// that all workers read it and none holds it.

// chunk is a part of a line file.
type chunk struct {
	path  string
	named bool
	line  int // number of its first line
	data  []byte
	// fail, where set, comes after the lines of data: what ended the file early, or stands for a line that is too large.
	fail *format.Unit

	first, last bool
	done        readFile      // the file, known with its last chunk
	earlier     *earlierFrame // instead of data: a frame of an earlier build
}

const chunkBytes = 2 << 20

// chunks cuts one file and passes each chunk on until emit says stop; then ok is false. Its error is one of the run.
func chunks(tf taskFile, reader *format.Reader, maxUnit int64, emit func(chunk) bool) (ok bool, err error) {
	c := chunker{tf: tf, max: maxUnit, emit: emit, next: chunk{path: tf.Path, named: tf.Named, line: 1, first: true}}
	f, err := os.Open(tf.Name)
	if ofTheRun(err) {
		return false, err
	}
	if err != nil {
		return c.end(&format.Unit{Reason: schema.Unreadable, Detail: reasonOf(err)}, readFile{path: tf.Path, size: tf.Size, named: tf.Named}), nil
	}
	defer f.Close()
	before, err := f.Stat()
	if err == nil && !before.Mode().IsRegular() {
		err = errors.New("not a regular file any more")
	}
	if err != nil {
		return c.end(&format.Unit{Reason: schema.Unreadable, Detail: reasonOf(err)}, readFile{path: tf.Path, size: tf.Size, named: tf.Named}), nil
	}
	if tf.lines != nil {
		sum := sha256.New()
		if n, err := io.Copy(sum, onlyReader{f}); err == nil && n == tf.lines.size && [sha256.Size]byte(sum.Sum(nil)) == tf.lines.sum && tf.lines.intact() {
			return c.reuse(tf.lines), nil
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return c.end(&format.Unit{Reason: schema.Unreadable, Detail: reasonOf(err)}, readFile{path: tf.Path, size: tf.Size, named: tf.Named}), nil
		}
	}
	tee := &summing{r: f, sum: sha256.New()}
	done := readFile{path: tf.Path, size: tf.Size, named: tf.Named}
	fail, ok := c.cut(UnescapePath(tf.Path), reader, tee)
	if !ok {
		return false, nil
	}
	if _, err := io.Copy(io.Discard, onlyReader{tee}); err == nil {
		after, err := f.Stat()
		if err == nil && after.Size() == before.Size() && after.Size() == tee.n && after.ModTime().Equal(before.ModTime()) {
			done.size, done.sum, done.how = tee.n, [sha256.Size]byte(tee.sum.Sum(nil)), byContent
		} else if fail == nil {
			fail = &format.Unit{Reason: schema.Unreadable, Detail: "it changed while it was read; build again once it is at rest"}
		}
	}
	return c.end(fail, done), nil
}

type chunker struct {
	tf   taskFile
	max  int64
	emit func(chunk) bool
	next chunk
}

// send passes the chunk in hand on and begins the next one, which starts at the given line.
func (c *chunker) send(line int) bool {
	this := c.next
	c.next = chunk{path: this.path, named: this.named, line: line}
	return c.emit(this)
}

// end passes the last chunk on.
func (c *chunker) end(fail *format.Unit, done readFile) bool {
	c.next.fail, c.next.last, c.next.done = fail, true, done
	return c.emit(c.next)
}

// cut reads the file and sends all chunks but the last. fail is what ended it early.
func (c *chunker) cut(path string, reader *format.Reader, file io.Reader) (fail *format.Unit, ok bool) {
	in, err := reader.Unpack(path, file)
	if err != nil {
		u := format.Failed(err)
		return &u, true
	}
	line := 1
	var buf []byte
	for {
		if cap(buf) < chunkBytes {
			buf = append(make([]byte, 0, chunkBytes+chunkBytes/4), buf...)
		}
		at := len(buf)
		buf = append(buf, make([]byte, max(64<<10, cap(buf)-at))...)
		n, err := io.ReadFull(in, buf[at:])
		buf = buf[:at+n]
		atEnd := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !atEnd {
			// Whole lines before the damage are kept; what was read of a line goes with it.
			whole := bytes.LastIndexByte(buf, '\n') + 1
			c.next.data = buf[:whole]
			u := format.Failed(err)
			u.Detail = fmt.Sprintf("line %d: %s", line+bytes.Count(buf[:whole], []byte("\n")), u.Detail)
			return &u, true
		}
		if atEnd {
			c.next.data = buf
			return nil, true
		}
		whole := bytes.LastIndexByte(buf, '\n') + 1
		if whole == 0 {
			if int64(len(buf)) <= c.max {
				grown := make([]byte, len(buf), 2*len(buf))
				copy(grown, buf)
				buf = grown
				continue
			}
			size, err := skipLine(in)
			c.next.fail = &format.Unit{Line: line, Bytes: int64(len(buf)) + size, Reason: schema.TooLarge,
				Detail: fmt.Sprintf("a line of more than %d bytes (--max-unit)", c.max)}
			line++
			if !c.send(line) {
				return nil, false
			}
			if err != nil && !errors.Is(err, io.EOF) {
				u := format.Failed(err)
				return &u, true
			}
			buf = nil
			continue
		}
		lines := bytes.Count(buf[:whole], []byte("\n"))
		rest := append(make([]byte, 0, chunkBytes+chunkBytes/4), buf[whole:]...)
		c.next.data = buf[:whole]
		line += lines
		if !c.send(line) {
			return nil, false
		}
		buf = rest
	}
}

// skipLine reads past the next line break.
func skipLine(in *bufio.Reader) (int64, error) {
	var size int64
	for {
		part, err := in.ReadSlice('\n')
		size += int64(len(part))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return size, err
		}
	}
}

// all yields the frames of the file. What the index does not give any more is damage.
func (e *earlierLines) all() iter.Seq2[*earlierFrame, error] {
	return func(yield func(*earlierFrame, error) bool) {
		index, err := e.of.from(e.at)
		if err != nil {
			yield(nil, err)
			return
		}
		defer index.close()
		for n := 1; n <= e.frames && err == nil; n++ {
			f := index.head
			if f == nil || f.frameName != (frameName{e.path, n - 1}) { // a segment between is gone
				err = errFrame
			}
			if !yield(f, err) {
				return
			}
			if err == nil {
				err = index.advance()
			}
		}
	}
}

// intact reports whether all frames of the file can be read: workers come to them when the file cannot be read anew.
func (e *earlierLines) intact() bool {
	for f, err := range e.all() {
		if err == nil {
			_, err = f.packed()
		}
		if err != nil {
			return false
		}
	}
	return true
}

// reuse sends the frames in which an earlier build has the file.
func (c *chunker) reuse(e *earlierLines) bool {
	for f, err := range e.all() {
		if err != nil { // it was whole a moment ago
			return c.end(&format.Unit{Reason: schema.Unreadable, Detail: errFrame.Error()}, readFile{path: e.path, size: e.size, named: e.named})
		}
		c.next.earlier = f
		if f.Last {
			return c.end(nil, e.readFile)
		}
		if !c.send(0) {
			return false
		}
	}
	return true
}

package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"

	"broadsheet/schema"
)

// IsLines reports whether a path is that of a line format: its file can be read in parts, cut at line breaks.
func IsLines(path string) bool {
	ext := extension(path)
	for _, f := range Readers() {
		if f.parseLine != nil && slices.Contains(f.Exts, ext) {
			return true
		}
	}
	return false
}

// Unpack gives the decompressed content of a file, or the file as it is. An error of the content, now or while it is
// read, is for Failed. The content is valid until the next call of a method of r.
func (r *Reader) Unpack(path string, data io.Reader) (*bufio.Reader, error) {
	counted := &counter{r: data}
	r.in.Reset(counted)
	return r.unpack.open(path, r.in, counted, r.opts.maxUnit())
}

// Failed is the unit that stands for what could not be read because of err.
func Failed(err error) Unit { return failed(failure(err)) }

// IsPacked reports whether a path is that of a compressed file.
func IsPacked(path string) bool {
	_, packed := compression(path)
	return packed
}

// lines reads a file of one unit a line. Blank lines are counted and are no units.
func (r *Reader) lines(f *Format, path string, named bool, in *bufio.Reader, yield func(Unit) bool) {
	limit := int(r.opts.maxUnit())
	for n := 1; ; n++ {
		line, size, err := r.line(in, limit)
		atEnd := err == io.EOF
		if err != nil && !atEnd {
			// What was read of this line went down with the file.
			u := Failed(err)
			u.Detail = fmt.Sprintf("line %d: %s", n, u.Detail)
			yield(u)
			return
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		line = bytes.TrimSpace(line)
		var u Unit
		switch {
		case size > int64(limit):
			u = failed(schema.TooLarge, fmt.Sprintf("a line of more than %d bytes (--max-unit)", limit))
			u.Bytes = size
		case len(line) == 0:
			if atEnd {
				return
			}
			continue
		default:
			d := &document{path: path, named: named, form: f.Name, src: line, limit: int64(limit), html: r.opts.HTML, trees: &r.trees}
			f.parseLine(d)
			u = d.unit(size)
		}
		u.Line = n
		if !yield(u) || atEnd {
			return
		}
	}
}

// line reads up to the next line break. Of a line longer than limit only the size is kept: the rest is read past.
func (r *Reader) line(in *bufio.Reader, limit int) (line []byte, size int64, err error) {
	r.buf.Reset()
	for {
		part, err := in.ReadSlice('\n')
		size += int64(len(part))
		if size <= int64(limit)+1 {
			if err == nil && r.buf.Len() == 0 {
				return part, size - 1, nil
			}
			r.buf.Write(part)
		} else if r.buf.Cap() > 8<<20 {
			r.buf = bytes.Buffer{}
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == nil {
			size-- // the line break is not of the line
		}
		return r.buf.Bytes(), size, err
	}
}

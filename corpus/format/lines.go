package format

import (
	"bufio"
	"io"
	"slices"
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
	in, _, err := r.unpack.open(path, r.in, counted, r.opts.maxUnit())
	return in, err
}

// Failed is the unit that stands for what could not be read because of err.
func Failed(err error) Unit { return failed(failure(err)) }

// IsPacked reports whether a path is that of a compressed file.
func IsPacked(path string) bool {
	_, packed := compression(path)
	return packed
}

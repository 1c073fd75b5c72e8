package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"broadsheet/schema"
)

// damage marks an error of a compressed container, as opposed to one of the disk.
type damage struct {
	reason schema.Reason
	detail string
}

func (d *damage) Error() string { return d.detail }

// failure says what an error while reading means for the unit that was being read.
func failure(err error) (schema.Reason, string) {
	var d *damage
	var pe *fs.PathError
	switch {
	case errors.As(err, &d):
		return d.reason, d.detail
	case errors.As(err, &pe): // the unit's path is known, and may be private
		return schema.Unreadable, pe.Err.Error()
	}
	return schema.Unreadable, err.Error()
}

// unpacker opens compressed streams and keeps the decoders for the next file.
type unpacker struct {
	gzip *gzip.Reader
	zstd *zstd.Decoder
	out  *bufio.Reader
}

// A stream that grows more than maxRatio times, once it has given ratioFrom bytes, is a bomb: text compresses 3 to 30
// times, its most repetitive logs some hundred times.
const (
	maxRatio  = 1000
	ratioFrom = 16 << 20
)

// open gives the decompressed content of in. Whether there is something to decompress is told by its first bytes, not
// by the name. maxUnit bounds the window of zstd, and so its memory.
func (u *unpacker) open(path string, in *bufio.Reader, raw *counter, maxUnit int64) (out *bufio.Reader, err error) {
	magic, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	_, wrapped := compression(path)
	var r io.Reader
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		if u.gzip == nil {
			u.gzip = new(gzip.Reader)
		}
		if err := u.gzip.Reset(in); err != nil {
			return nil, damaged(err, "gzip")
		}
		r = &unpacked{r: u.gzip, kind: "gzip", in: raw}
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}), isSkippable(magic):
		if u.zstd == nil {
			u.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
				zstd.WithDecoderMaxWindow(uint64(max(maxUnit, 8<<20))))
			if err != nil {
				return nil, err
			}
		}
		if err := u.zstd.Reset(in); err != nil {
			return nil, damaged(err, "zstd")
		}
		r = &unpacked{r: u.zstd, kind: "zstd", in: raw}
	case wrapped && len(magic) == 0:
		return nil, &damage{schema.Truncated, "an empty file where compressed data should be"}
	default:
		return in, nil
	}
	if u.out == nil {
		u.out = bufio.NewReaderSize(nil, headSize)
	}
	u.out.Reset(r)
	return u.out, nil
}

// isSkippable holds for the first bytes of a skippable frame (RFC 8878, 3.1.2), with which seekable zstd may begin.
func isSkippable(magic []byte) bool {
	return len(magic) == 4 && magic[0]&0xf0 == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18
}

// counter counts the bytes that were read through it and remembers an error that was not the end.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// unpacked turns errors of a decoder into damage and stops a bomb.
type unpacked struct {
	r    io.Reader
	kind string
	in   *counter
	n    int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	switch {
	case err == nil || err == io.EOF:
	case u.in.err != nil:
		err = u.in.err
	default:
		err = damaged(err, u.kind)
	}
	if u.n > ratioFrom && u.n > maxRatio*u.in.n {
		return n, &damage{schema.TooLarge, fmt.Sprintf("%s data grows to more than %d times its size: not text, or made to exhaust memory", u.kind, maxRatio)}
	}
	return n, err
}

func damaged(err error, kind string) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &damage{schema.Truncated, kind + " data ends before its end"}
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		return &damage{schema.TooLarge, "zstd window larger than --max-unit; compress again without --long"}
	}
	return &damage{schema.Malformed, fmt.Sprintf("damaged %s data: %v", kind, err)}
}

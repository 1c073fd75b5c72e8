package writers

import (
	"encoding/binary"
	"io"
	"math/bits"
	"strconv"

	"github.com/klauspost/compress/zstd"

	"broadsheet/schema"
)

// frameSize is how many bytes of lines go into one zstd frame. Frames of 4 MiB cost 0.9 % against one stream, can be
// made on several cores and read from the middle; every reader of the ecosystem takes files of many frames.
const frameSize = 4 << 20

// lineRoom is about what a line takes besides the text, bytes.
const lineRoom = 2 << 10

// framesAhead is how many frames may be under compression while lines of the next one are gathered.
const framesAhead = 4

// jsonlEncoder writes a line for each document, in independent zstd frames that end with a line.
type jsonlEncoder struct {
	w     io.Writer
	async func(func()) func()
	ahead int
	zstd  *zstd.Encoder
	lines []byte
	queue []*frame
	spare []*frame
	out   Written
}

type frame struct {
	lines, packed []byte
	wait          func()
}

func newJSONLEncoder(w io.Writer, o Options) Encoder {
	async, ahead := o.Async, framesAhead
	if async == nil {
		async, ahead = func(f func()) func() { f(); return func() {} }, 1
	}
	// The level is the library's default and so is the window: both are part of the bytes. The concurrency is not; it
	// bounds how many calls of EncodeAll can run at once, and starts no goroutine for them.
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(ahead))
	if err != nil {
		panic("writers: zstd refuses constant options: " + err.Error())
	}
	return &jsonlEncoder{w: w, async: async, ahead: ahead, zstd: z}
}

func (e *jsonlEncoder) Encode(d *schema.Document) error {
	if n := len(e.lines) + lineRoom + len(d.Text) + len(d.Text)/16; n > cap(e.lines) {
		e.lines = append(make([]byte, 0, max(n, min(4*n, frameSize+frameSize/8))), e.lines...)
	}
	e.lines = AppendJSON(e.lines, d)
	e.lines = append(e.lines, '\n')
	if len(e.lines) < frameSize {
		return nil
	}
	return e.cut()
}

// cut begins to compress the lines that were gathered, and writes the oldest frame where enough are under way.
func (e *jsonlEncoder) cut() error {
	f := new(frame)
	if n := len(e.spare); n > 0 {
		f, e.spare = e.spare[n-1], e.spare[:n-1]
	}
	e.out.RowGroups++
	e.out.UncompressedBytes += int64(len(e.lines))
	f.lines, e.lines = e.lines, f.lines[:0]
	f.wait = e.async(func() { f.packed = e.zstd.EncodeAll(f.lines, f.packed[:0]) })
	e.queue = append(e.queue, f)
	if len(e.queue) < e.ahead {
		return nil
	}
	return e.flush()
}

// flush writes the oldest frame.
func (e *jsonlEncoder) flush() error {
	f := e.queue[0]
	e.queue = e.queue[1:]
	f.wait()
	_, err := e.w.Write(f.packed)
	e.spare = append(e.spare, f)
	return err
}

func (e *jsonlEncoder) Close() (Written, error) {
	var err error
	if len(e.lines) > 0 {
		err = e.cut()
	}
	for len(e.queue) > 0 { // after an error too: no frame is under compression once Close returns
		if err2 := e.flush(); err == nil {
			err = err2
		}
	}
	return e.out, err
}

// AppendJSON appends the document as one line of JSONL, without the line break: every key of the schema in its order,
// null where the document has no value, floats always with a decimal point (readers type a column by its first
// values), times of fixed width. All strings of d must be valid UTF-8.
func AppendJSON(b []byte, d *schema.Document) []byte {
	b = appendString(append(b, `{"id":`...), d.ID)
	b = appendString(append(b, `,"text":`...), d.Text)
	b = appendNullable(append(b, `,"title":`...), d.Title)
	b = appendNullable(append(b, `,"url":`...), d.URL)
	b = appendNullable(append(b, `,"source":`...), d.Source)
	b = appendNullable(append(b, `,"domain":`...), d.Domain)
	b = appendStrings(append(b, `,"authors":`...), d.Authors)
	b = appendTime(append(b, `,"created":`...), d.Created)
	b = appendNullable(append(b, `,"created_precision":`...), d.CreatedPrecision)
	b = appendNullable(append(b, `,"created_from":`...), d.CreatedFrom)
	b = appendTime(append(b, `,"added":`...), d.Added)
	b = appendString(append(b, `,"language":`...), d.Language)
	b = appendFloat(append(b, `,"language_score":`...), d.LanguageScore)
	b = appendNullable(append(b, `,"license":`...), d.License)
	b = appendStrings(append(b, `,"tags":`...), d.Tags)
	b = strconv.AppendInt(append(b, `,"chars":`...), int64(d.Chars), 10)
	b = strconv.AppendInt(append(b, `,"words":`...), int64(d.Words), 10)
	b = strconv.AppendInt(append(b, `,"duplicates":`...), int64(d.Duplicates), 10)
	b = appendString(append(b, `,"path":`...), d.Path)
	b = appendNullable(append(b, `,"extra":`...), d.Extra)
	return append(b, '}')
}

func appendNullable(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendString(b, s)
}

func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

func appendTime(b []byte, t *schema.Time) []byte {
	if t == nil {
		return append(b, "null"...)
	}
	return append(t.Append(append(b, '"')), '"')
}

// appendFloat writes the shortest decimal that is the float32 again, with at least one digit after the point and never
// an exponent.
func appendFloat(b []byte, f float32) []byte {
	n := len(b)
	b = strconv.AppendFloat(b, float64(f), 'f', -1, 32)
	for _, c := range b[n:] {
		if c == '.' {
			return b
		}
	}
	return append(b, ".0"...)
}

// The classes of bytes in a JSON string.
const (
	jsonPlain  = iota
	jsonEscape // always escaped: quote, backslash, control characters
	jsonLead   // may begin U+0085, U+2028 or U+2029, which some readers take for line breaks
)

var jsonClass = func() (t [256]uint8) {
	for c := range 0x20 {
		t[c] = jsonEscape
	}
	t['"'], t['\\'] = jsonEscape, jsonEscape
	t[0xC2], t[0xE2] = jsonLead, jsonLead
	return t
}()

// jsonSpecial has the highest bit of the first byte set that is not plain, counted from the lowest; 0 where all are.
func jsonSpecial(v uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	is := func(c uint64) uint64 { // a byte of v that is c (Mycroft's test for a zero byte; wrong only behind a right one)
		x := v ^ c*ones
		return (x - ones) &^ x
	}
	return ((v-0x20*ones)&^v | is('"') | is('\\') | is(0xC2) | is(0xE2)) & highs
}

// appendString writes a JSON string. Only what must be escaped is, and the three characters that split lines for some
// readers: U+0085, U+2028 and U+2029.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); i++ {
		if len(s)-i >= 8 { // to the next byte that needs a look, eight at a time
			if special := jsonSpecial(binary.LittleEndian.Uint64([]byte(s[i : i+8]))); special == 0 {
				i += 7
				continue
			} else {
				i += bits.TrailingZeros64(special) / 8
			}
		}
		c := s[i]
		switch jsonClass[c] {
		case jsonEscape:
			b = append(b, s[done:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			case '\b':
				b = append(b, '\\', 'b')
			case '\f':
				b = append(b, '\\', 'f')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			done = i + 1
		case jsonLead:
			escape, n := "", 0
			switch rest := s[i+1:]; {
			case c == 0xC2 && len(rest) > 0 && rest[0] == 0x85:
				escape, n = `\u0085`, 2
			case c == 0xE2 && len(rest) > 1 && rest[0] == 0x80 && rest[1] == 0xA8:
				escape, n = `\u2028`, 3
			case c == 0xE2 && len(rest) > 1 && rest[0] == 0x80 && rest[1] == 0xA9:
				escape, n = `\u2029`, 3
			default:
				continue
			}
			b = append(append(b, s[done:i]...), escape...)
			i += n - 1
			done = i + 1
		}
	}
	return append(append(b, s[done:]...), '"')
}

package corpus

import (
	"encoding/binary"
	"errors"
	"math"
	"unsafe"
)

// wire carries records to and from the spill. One method describes a record for both directions, so that what is
// written and what is read cannot drift apart:
//
//	func (d *draft) wire(w *wire) { w.str(&d.Path); w.i64(&d.Line); … }
//
// Integers are varints (zig-zag), strings are length-prefixed and, when read, alias the frame they came from: a frame is
// not reused while its records live.
type wire struct {
	buf     []byte
	text    string // of the frame being read; strings are slices of it
	at      int
	reading bool
	err     error
}

var errFrame = errors.New("a damaged record in the work folder; delete the folder and build again")

func writing(buf []byte) *wire { return &wire{buf: buf} }

// reading takes the frame over: strings are parts of it, so nobody may write to it any more.
func reading(frame []byte) *wire {
	return &wire{text: unsafe.String(unsafe.SliceData(frame), len(frame)), buf: frame, reading: true}
}

// more holds while records are left to read.
func (w *wire) more() bool { return w.err == nil && w.at < len(w.text) }

func (w *wire) fail() { w.err, w.at = errFrame, len(w.text) }

func (w *wire) u64(v *uint64) {
	if !w.reading {
		w.buf = binary.AppendUvarint(w.buf, *v)
		return
	}
	x, n := binary.Uvarint(w.buf[w.at:])
	if n <= 0 {
		w.fail()
		*v = 0
		return
	}
	*v = x
	w.at += n
}

func (w *wire) i64(v *int64) {
	u := uint64(*v)<<1 ^ uint64(*v>>63)
	w.u64(&u)
	*v = int64(u>>1) ^ -int64(u&1)
}

func (w *wire) int(v *int) {
	x := int64(*v)
	w.i64(&x)
	*v = int(x)
}

func (w *wire) i32(v *int32) {
	x := int64(*v)
	w.i64(&x)
	*v = int32(x)
}

func (w *wire) byte(v *uint8) {
	x := uint64(*v)
	w.u64(&x)
	*v = uint8(x)
}

func (w *wire) bool(v *bool) {
	var x uint64
	if *v {
		x = 1
	}
	w.u64(&x)
	*v = x != 0
}

func (w *wire) f32(v *float32) {
	x := uint64(math.Float32bits(*v))
	w.u64(&x)
	*v = math.Float32frombits(uint32(x))
}

func (w *wire) str(v *string) { wireString(w, v) }

// sized carries a record behind its length, so that a reader who does not want it can take it whole.
func (w *wire) sized(record func(*wire)) {
	if w.reading {
		w.at = min(w.at+sizePrefix, len(w.text))
		record(w)
		return
	}
	at := len(w.buf)
	w.buf = append(w.buf, 0, 0, 0, 0)
	record(w)
	binary.LittleEndian.PutUint32(w.buf[at:], uint32(len(w.buf)-at-sizePrefix))
}

const sizePrefix = 4

// take gives the next sized record as it is, its length included.
func (w *wire) take() []byte {
	if w.err != nil || len(w.buf)-w.at < sizePrefix {
		w.fail()
		return nil
	}
	n := int(binary.LittleEndian.Uint32(w.buf[w.at:]))
	if n > len(w.buf)-w.at-sizePrefix {
		w.fail()
		return nil
	}
	from := w.at
	w.at += sizePrefix + n
	return w.buf[from:w.at:w.at]
}

// length carries how many bytes or members follow. No more are read than the frame has bytes left, so a damaged count
// cannot make a reader allocate without bound.
func (w *wire) length(n int) int {
	u := uint64(n)
	if w.u64(&u); w.reading && u > uint64(len(w.text)-w.at) {
		w.fail()
		return 0
	}
	return int(u)
}

// wireString is str for every string type.
func wireString[S ~string](w *wire, v *S) {
	n := w.length(len(*v))
	if !w.reading {
		w.buf = append(w.buf, *v...)
		return
	}
	*v = S(w.text[w.at : w.at+n])
	w.at += n
}

// bytes is str for bytes. What is read is a part of the frame.
func (w *wire) bytes(v *[]byte) {
	n := w.length(len(*v))
	if !w.reading {
		w.buf = append(w.buf, *v...)
		return
	}
	*v = w.buf[w.at : w.at+n : w.at+n]
	w.at += n
}

// wireOptional writes whether v is there and, if so, v.
func wireOptional[T any](w *wire, v **T, each func(*wire, *T)) {
	there := *v != nil
	w.bool(&there)
	if !there {
		*v = nil
		return
	}
	if w.reading {
		*v = new(T)
	}
	each(w, *v)
}

// wireList writes a list of anything.
func wireList[T any](w *wire, v *[]T, each func(*wire, *T)) {
	n := w.length(len(*v))
	if w.reading {
		*v = nil
		if n > 0 {
			*v = make([]T, n)
		}
	}
	for i := range *v {
		each(w, &(*v)[i])
	}
}

func (w *wire) strs(v *[]string) { wireList(w, v, (*wire).str) }

// fixed carries an array's bytes.
func (w *wire) fixed(v []byte) {
	if !w.reading {
		w.buf = append(w.buf, v...)
		return
	}
	if len(v) > len(w.text)-w.at {
		w.fail()
		clear(v)
		return
	}
	w.at += copy(v, w.text[w.at:])
}

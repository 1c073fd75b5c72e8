package corpus

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"
)

// A spill is a folder of segments, each a file of frames, each frame the compressed records of a few hundred units.
// Stages write frames in the order of their units and read them back in that order, or by place.
//
// A segment is written under a temporary name and renamed when it is full, so that what has a final name is whole. The
// bytes of a spill are no contract and need not be equal between runs; only the records are.
type spill struct{ dir string }

// frame says where a frame lies and what it holds.
type frame struct {
	Segment int
	Offset  int64
	Length  int   // compressed bytes, header left out
	First   int64 // number of the first unit
	Units   int
}

const (
	frameMagic  = 0x62736866 // "bshf"
	frameHeader = 4 + 4 + 8 + 4
	segmentSize = 32 << 20 // bytes; the unit of what an interruption may lose
	maxFrame    = 1 << 30  // bytes; more is damage
)

// pack compresses the records of one frame, in the block format of S2: it costs a fraction of what it saves the disk.
// The checksum before it tells damage from a fault of ours.
func pack(records []byte) []byte {
	out := make([]byte, 4, 4+s2.MaxEncodedLen(len(records)))
	binary.LittleEndian.PutUint32(out, crc32.Checksum(records, castagnoli))
	return out[:4+len(s2.Encode(out[4:cap(out)], records))]
}

func unpack(packed []byte) ([]byte, error) {
	if len(packed) < 4 {
		return nil, errFrame
	}
	n, err := s2.DecodedLen(packed[4:])
	if err != nil || n > maxFrame {
		return nil, errFrame
	}
	records, err := s2.Decode(nil, packed[4:])
	if err != nil || crc32.Checksum(records, castagnoli) != binary.LittleEndian.Uint32(packed) {
		return nil, errFrame
	}
	return records, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// spillWriter appends frames to a new spill.
type spillWriter struct {
	dir     string
	f       *os.File
	w       *bufio.Writer
	segment int
	offset  int64
	onFull  func(segment int) error
}

// newSpill begins a spill in an empty or new folder. onFull, when given, is called after each segment has its name.
func newSpill(dir string, onFull func(segment int) error) (*spillWriter, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &spillWriter{dir: dir, onFull: onFull}, nil
}

func segmentName(n int) string { return fmt.Sprintf("%06d.frames", n) }

// add writes a frame of units whose numbers begin with first.
func (s *spillWriter) add(packed []byte, first int64, units int) (frame, error) {
	if s.f == nil {
		f, err := os.Create(filepath.Join(s.dir, segmentName(s.segment)+".tmp"))
		if err != nil {
			return frame{}, err
		}
		s.f, s.offset = f, 0
		if s.w == nil {
			s.w = bufio.NewWriterSize(f, 256<<10)
		} else {
			s.w.Reset(f)
		}
	}
	at := frame{Segment: s.segment, Offset: s.offset, Length: len(packed), First: first, Units: units}
	var h [frameHeader]byte
	binary.LittleEndian.PutUint32(h[0:], frameMagic)
	binary.LittleEndian.PutUint32(h[4:], uint32(len(packed)))
	binary.LittleEndian.PutUint64(h[8:], uint64(first))
	binary.LittleEndian.PutUint32(h[16:], uint32(units))
	if _, err := s.w.Write(h[:]); err != nil {
		return at, err
	}
	if _, err := s.w.Write(packed); err != nil {
		return at, err
	}
	s.offset += int64(frameHeader + len(packed))
	if s.offset >= segmentSize {
		return at, s.finishSegment()
	}
	return at, nil
}

func (s *spillWriter) finishSegment() error {
	if s.f == nil {
		return nil
	}
	f := s.f
	s.f = nil
	err := errors.Join(s.w.Flush(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), strings.TrimSuffix(f.Name(), ".tmp")); err != nil {
		return err
	}
	s.segment++
	if s.onFull != nil {
		return s.onFull(s.segment - 1)
	}
	return nil
}

// close finishes the last segment and gives the spill back for reading.
func (s *spillWriter) close() (*spill, error) {
	if err := s.finishSegment(); err != nil {
		return nil, err
	}
	return &spill{dir: s.dir}, nil
}

// abort ends an interrupted spill: what was written so far is kept for the next build where the disk allows.
func (s *spillWriter) abort() {
	if f := s.f; f != nil && s.finishSegment() != nil {
		f.Close()
		os.Remove(f.Name())
	}
}

// segments are the whole segments of the spill, in order.
func (s *spill) segments() ([]string, error) { return filesIn(s.dir, ".frames") }

// filesIn are the names of the files in a folder that end so, in order. Unlike filepath.Glob it tells a folder that cannot
// be listed from one that is empty: the documents of a build depend on it.
func filesIn(dir, ending string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(names)
	return names, nil
}

// packedFrame is a frame as it lies on disk.
type packedFrame struct {
	frame
	packed []byte
}

// frames yields the frames of the spill that want accepts (all when nil), in order, still compressed: unpacking is the
// workers' part.
func (s *spill) frames(want func(frame) bool) iter.Seq2[packedFrame, error] {
	return func(yield func(packedFrame, error) bool) {
		names, err := s.segments()
		if err != nil {
			yield(packedFrame{}, err)
			return
		}
		for n, name := range names {
			if !readSegment(name, n, want, yield) {
				return
			}
		}
	}
}

func readSegment(name string, n int, want func(frame) bool, yield func(packedFrame, error) bool) bool {
	f, err := os.Open(name)
	if err != nil {
		return yield(packedFrame{}, err) && false
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 256<<10)
	for offset := int64(0); ; {
		at, err := readHeader(r, n, offset)
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			return yield(packedFrame{}, fmt.Errorf("%s: %w", name, err)) && false
		}
		offset += int64(frameHeader + at.Length)
		if want != nil && !want(at) {
			if _, err := r.Discard(at.Length); err != nil {
				return yield(packedFrame{}, fmt.Errorf("%s: %w", name, err)) && false
			}
			continue
		}
		packed := make([]byte, at.Length)
		if _, err := io.ReadFull(r, packed); err != nil {
			return yield(packedFrame{}, fmt.Errorf("%s: %w", name, err)) && false
		}
		if !yield(packedFrame{at, packed}, nil) {
			return false
		}
	}
}

func readHeader(r io.Reader, segment int, offset int64) (frame, error) {
	var h [frameHeader]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return frame{}, err
	}
	at := frame{
		Segment: segment, Offset: offset,
		Length: int(binary.LittleEndian.Uint32(h[4:])),
		First:  int64(binary.LittleEndian.Uint64(h[8:])),
		Units:  int(binary.LittleEndian.Uint32(h[16:])),
	}
	if binary.LittleEndian.Uint32(h[0:]) != frameMagic || at.Length > maxFrame {
		return frame{}, errFrame
	}
	return at, nil
}

// headers yields the frames without what they hold.
func (s *spill) headers() iter.Seq2[packedFrame, error] {
	return func(yield func(packedFrame, error) bool) {
		names, err := s.segments()
		if err != nil {
			yield(packedFrame{}, err)
			return
		}
		for n, name := range names {
			ok := true
			err := eachHeader(name, n, func(at frame) bool { ok = yield(packedFrame{frame: at}, nil); return ok })
			if err != nil {
				yield(packedFrame{}, err)
				return
			}
			if !ok {
				return
			}
		}
	}
}

func eachHeader(name string, segment int, f func(frame) bool) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	for offset := int64(0); ; {
		at, err := readHeader(io.NewSectionReader(file, offset, frameHeader), segment, offset)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !f(at) {
			return nil
		}
		offset += int64(frameHeader + at.Length)
	}
}

// rowsFrom yields the rows of the spill from a frame on.
func (s *spill) rowsFrom(segment int, offset int64) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		from := func(at frame) bool {
			return at.Segment > segment || at.Segment == segment && at.Offset >= offset
		}
		for f, err := range s.frames(from) {
			var recs []byte
			if err == nil {
				recs, err = unpack(f.packed)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for w := reading(recs); w.more(); {
				r := new(row)
				if w.sized(r.wire); w.err != nil {
					yield(nil, w.err)
					return
				}
				r.unit += f.First
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// pull is iter.Pull2 under the name by which merges of streams read.
func pull[V any](seq iter.Seq2[V, error]) (next func() (V, error, bool), stop func()) {
	return iter.Pull2(seq)
}

// readFrame reads one frame by its place.
func (s *spill) readFrame(segment int, offset int64) (packedFrame, error) {
	f, err := os.Open(filepath.Join(s.dir, segmentName(segment)))
	if err != nil {
		return packedFrame{}, err
	}
	defer f.Close()
	at, err := readHeader(io.NewSectionReader(f, offset, frameHeader), segment, offset)
	if err != nil {
		return packedFrame{}, fmt.Errorf("%s: %w", f.Name(), err)
	}
	packed := make([]byte, at.Length)
	if _, err := f.ReadAt(packed, offset+frameHeader); err != nil {
		return packedFrame{}, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return packedFrame{at, packed}, nil
}

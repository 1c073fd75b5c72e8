package corpus

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A path comes back from its escaped form, which is plain text on one line, and escaping twice is no loss.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"a/b.md", "new\nline", `\x41`, "turn\u202eed", "not\xffutf8", `\\x0A`, "\x80\xc2\x85"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		e := EscapePath(name)
		if back := UnescapePath(e); back != name {
			t.Fatalf("%q becomes %q and comes back as %q", name, e, back)
		}
		if !utf8.ValidString(e) || strings.ContainsFunc(e, Unprintable) {
			t.Fatalf("%q becomes %q, which is not plain text", name, e)
		}
	})
}

// Whatever lies in the work folder is read without a panic and without memory that it cannot fill; what reads well is
// written again as the same record.
func FuzzWire(f *testing.F) {
	d := draft{Path: "a.md", Title: "A", Authors: []string{"b", ""}, Notes: []string{"c"}, CharsRead: 7}
	w := writing(nil)
	d.wire(w)
	f.Add(uint8(0), w.buf)
	r := row{unit: 3}
	r.ID, r.Text, r.Tags = "i", "t", []string{"u"}
	w = writing(nil)
	r.wire(w)
	f.Add(uint8(1), w.buf)
	x := indexed{Units: 2, Files: []readFile{{path: "a.md", size: 9, units: 2, how: byContent}}}
	w = writing(nil)
	x.wire(w)
	f.Add(uint8(2), w.buf)
	w = writing(nil)
	w.sized(d.wire)
	f.Add(uint8(3), w.buf)
	f.Fuzz(func(t *testing.T, kind uint8, b []byte) {
		type record interface{ wire(*wire) }
		var one, two record
		switch kind % 4 {
		case 0:
			one, two = new(draft), new(draft)
		case 1:
			one, two = new(row), new(row)
		case 2:
			one, two = new(indexed), new(indexed)
		case 3:
			for in := reading(slices.Clone(b)); in.more(); {
				in.take()
			}
			return
		}
		in := reading(slices.Clone(b))
		one.wire(in)
		if in.err != nil {
			return
		}
		out := writing(nil)
		one.wire(out)
		again := reading(out.buf)
		two.wire(again)
		twice := writing(nil)
		two.wire(twice)
		if again.err != nil || again.more() || !bytes.Equal(out.buf, twice.buf) {
			t.Fatalf("%+v is written and read as %+v (%v)", one, two, again.err)
		}
	})
}

// What was packed comes back, and what was not is an error.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("some records"), false)
	f.Add(pack([]byte("some records, some records, some records")), true)
	f.Fuzz(func(t *testing.T, b []byte, packed bool) {
		if !packed {
			if got, err := unpack(pack(b)); err != nil || !bytes.Equal(got, b) {
				t.Fatal(err)
			}
			return
		}
		unpack(b)
	})
}

// A list of exclusions is read or refused; what it has does not change when it is read again, in another order.
func FuzzExclusionList(f *testing.F) {
	f.Add("# all of it\nexample.org\nhttps://example.com/a\nhttps://example.net/b/*\n0123456789abcdef0123456789abcdef\n")
	f.Add(tombstonesHead + "0123456789abcdef0123456789abcdef\n")
	f.Fuzz(func(t *testing.T, list string) {
		x, err := ReadExclusions(strings.NewReader(list))
		if err != nil {
			return
		}
		lines := strings.Split(strings.TrimPrefix(list, "\ufeff"), "\n")
		slices.Reverse(lines)
		y, err := ReadExclusions(strings.NewReader(strings.Join(lines, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		if x.Len() != y.Len() {
			t.Fatalf("%d entries, and %d in another order", x.Len(), y.Len())
		}
		if tomb, err := decodeTombstones([]byte(list)); err == nil {
			if again, err := decodeTombstones(tomb.encode()); err != nil || !reflect.DeepEqual(tomb, again) {
				t.Fatal("tombstones change when they are written and read", err)
			}
		}
	})
}

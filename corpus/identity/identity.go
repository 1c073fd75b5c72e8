// Package identity says which article a unit of input is, from what the unit itself states.
//
// This is version 1 and frozen: ids are in other people's files. The golden test of this package fails when anything
// moves, the Unicode tables of a newer Go included; then the old tables are to be carried here, not the test changed.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/prose"
	"broadsheet/corpus/weburl"
)

// Version is the version of the rules of this package, as the manifest states it.
const Version = 1

// Key is the first half of a SHA-256. The zero Key is empty and agrees with nothing.
type Key [16]byte

// IsZero reports whether the key is empty.
func (k Key) IsZero() bool { return k == Key{} }

// Keys are the three keys of a unit.
type Keys struct {
	URL   Key // weburl.Key; empty where there is no address or only a host
	Title Key // of the folded title; empty where it has neither letter nor digit
	Text  Key // likewise of the text
}

// Of makes the keys of a unit from what it states, before anything learned.
func Of(url weburl.URL, title, text string) Keys {
	return Keys{URL: weburl.Key(url), Title: foldedKey("title 1\n", title), Text: foldedKey("text 1\n", text)}
}

// ID is the id of a unit: 32 hexadecimal digits of a hash of its URL key and title key (text key where it has no title),
// or, without a URL key, of its title key and text key.
func (k Keys) ID() string {
	kind, a, b := "title+text\n", k.Title, k.Text
	switch {
	case k.URL.IsZero():
	case k.Title.IsZero():
		kind, a = "url+text\n", k.URL
	default:
		kind, a, b = "url+title\n", k.URL, k.Title
	}
	buf := make([]byte, 0, 64)
	buf = append(append(append(append(buf, "id 1\n"...), kind...), a[:]...), b[:]...)
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:16])
}

// SameURL reports whether two units are the same article by their address: it agrees, and so does the title or the text.
// An address alone proves nothing: there are exports with one address for all.
func SameURL(a, b Keys) bool {
	return agree(a.URL, b.URL) && (agree(a.Title, b.Title) || agree(a.Text, b.Text))
}

// SameText reports whether two units, at least one of them without an address, are the same article by title and text.
// Both titles may be empty.
func SameText(a, b Keys) bool {
	return (a.URL.IsZero() || b.URL.IsZero()) && a.Title == b.Title && agree(a.Text, b.Text)
}

func agree(a, b Key) bool { return a == b && !a.IsZero() }

// Fold is what titles and texts are compared by: NFKC, lower case (of the upper case, so that final sigma and long s fold
// too), and then only letters, digits and the marks on them, in order. Variation selectors are no such marks. Han is
// kept as it is: a conversion between Simplified and Traditional is another text.
func Fold(s string) string {
	var f folder
	f.add(s)
	return string(f.out)
}

func foldedKey(domain, s string) Key {
	h := sha256.New()
	h.Write([]byte(domain))
	f := folder{out: make([]byte, 0, min(len(s)+utf8.UTFMax, 2*flushAt+utf8.UTFMax)), flush: func(b []byte) { h.Write(b) }}
	f.add(s)
	if !f.any {
		return Key{}
	}
	h.Write(f.out)
	var sum [sha256.Size]byte
	return Key(h.Sum(sum[:0])[:16])
}

// folder folds a text into out, which is flushed as it fills.
type folder struct {
	out   []byte
	any   bool // something was written
	flush func([]byte)
}

const flushAt = 4 << 10 // bytes

// add folds most text rune by rune with a table. A rune that may compose with the one before, or whose NFKC form is
// several runes, goes through the normaliser together with the rune before it and with all like it that follow.
func (f *folder) add(s string) {
	last, lastOut := 0, 0 // where the rune before begins, in s and in out
	for i := 0; i < len(s); {
		if len(f.out) >= flushAt && f.flush != nil {
			f.flush(f.out[:lastOut])
			f.out = append(f.out[:0], f.out[lastOut:]...)
			lastOut = 0
		}
		if s[i] < utf8.RuneSelf { // and what of that follows
			out := f.out
			for end := min(len(s), i+flushAt); i < end && s[i] < utf8.RuneSelf; i++ {
				last, lastOut = i, len(out)
				if c := ascii[s[i]]; c != 0 {
					out = append(out, c)
				}
			}
			f.any = f.any || len(out) > len(f.out)
			f.out = out
			continue
		}
		if prose.HanAt(s, i) { // and what of that follows, which stands for itself
			start := i
			i = prose.HanRun(s[:min(len(s), start+flushAt)], i)
			f.out = append(f.out, s[start:i]...)
			f.any = true
			last, lastOut = i-3, len(f.out)-3
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		to, ok := foldFast(r)
		if ok {
			last, lastOut = i, len(f.out)
			switch {
			case to == r:
				f.out = append(f.out, s[i:i+n]...)
				f.any = true
			case to != 0:
				f.out = utf8.AppendRune(f.out, to)
				f.any = true
			}
			i += n
			continue
		}
		end := i + n
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if r < utf8.RuneSelf && n == 1 && r != utf8.RuneError {
				break
			}
			if _, ok := foldFast(r); ok {
				break
			}
			end += n
		}
		f.out = f.out[:lastOut]
		for _, r := range norm.NFKC.String(s[last:end]) {
			if r = foldRune(r); r != 0 {
				f.out = utf8.AppendRune(f.out, r)
				f.any = true
			}
		}
		i, last, lastOut = end, end, len(f.out)
	}
}

// foldRune folds one rune of NFKC text; 0 is nothing.
func foldRune(r rune) rune {
	switch {
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef, r >= 0x180b && r <= 0x180f: // variation selectors
		return 0
	case unicode.In(r, unicode.L, unicode.N, unicode.M):
		return unicode.ToLower(unicode.ToUpper(r))
	}
	return 0
}

// foldFast folds a rune that stands for itself whatever is before it: it begins a new sequence of the normaliser, and its
// NFKC form is one rune. ok is false for all others.
func foldFast(r rune) (to rune, ok bool) {
	switch {
	case r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3: // ideographs, Hangul syllables
		return r, true
	case r < tableEnd:
		t := table[r]
		return rune(t), t != slow
	case r >= wideStart && r < wideEnd:
		t := wide[r-wideStart]
		return rune(t), t != slow
	}
	return 0, false
}

const (
	slow      = 0xffff
	tableEnd  = 0x3400
	wideStart = 0xff00 // full-width and half-width forms
	wideEnd   = 0xfff0
)

var (
	ascii = asciiTable()
	table = foldTable(0, tableEnd)
	wide  = foldTable(wideStart, wideEnd)
)

func asciiTable() (t [utf8.RuneSelf]byte) {
	for c := range t {
		t[c] = byte(foldRune(rune(c)))
	}
	return t
}

func foldTable(from, to rune) []uint16 {
	t := make([]uint16, to-from)
	for r := from; r < to; r++ {
		s := string(r)
		n := []rune(norm.NFKC.String(s))
		p := norm.NFKC.PropertiesString(s)
		if len(n) == 1 && p.BoundaryBefore() && p.CCC() == 0 {
			t[r-from] = uint16(foldRune(n[0]))
		} else {
			t[r-from] = slow
		}
	}
	return t
}

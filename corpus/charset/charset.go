// Package charset turns the bytes of a document into UTF-8, whatever they were written in, and says how.
//
// The evidence is taken in this order: a byte order mark; UTF-8 validity of the whole document, which no other encoding
// meets by chance; what the document declares, unless the bytes speak against it; the bytes themselves (detect.go).
// Declarations are often wrong, mostly because a server or an editor converted the document and left them as they were.
//
// Nothing here is learned or random: the result is a function of the bytes and the hint.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"broadsheet/corpus/prose"
)

// Source is the evidence by which the encoding was chosen.
type Source string

// The sources, from strong to weak.
const (
	FromBOM      Source = "bom"      // a byte order mark
	FromUTF8     Source = "utf8"     // the bytes are UTF-8, all of them or all but a few
	FromDeclared Source = "declared" // a declaration that the bytes do not contradict
	FromBytes    Source = "detected" // the letters that the bytes make
	FromNothing  Source = "fallback" // none: read as the declared encoding, else as windows-1252
)

// Notes of [Info], stable words for the notes of an outcome.
const (
	NoteBOM         = "charset_bom"            // the text began with a byte order mark
	NoteDeclared    = "charset_declared"       // not UTF-8, read as declared
	NoteDetected    = "charset_detected"       // not UTF-8, read as the bytes suggest
	NoteFallback    = "charset_fallback"       // not UTF-8, and neither a declaration nor the bytes told what it is
	NoteWrong       = "charset_declared_wrong" // a declaration was not followed
	NoteInvalid     = "charset_bytes_repaired" // bytes that have no meaning in the encoding became U+FFFD
	NoteSurrogates  = "charset_cesu8"          // surrogate pairs written as UTF-8 (CESU-8) became characters
	NoteNUL         = "charset_nul_removed"    // NUL characters were taken out
	NoteMojibake    = "charset_mojibake"       // text that had been decoded wrongly before was set right
	NoteUTF16Inside = "charset_utf16"          // UTF-16 without a byte order mark
)

// Hint is what is known about the encoding from outside the bytes.
type Hint struct {
	// Declared is the label that a transport states, like "gb2312"; empty if none. Labels are those of the WHATWG
	// Encoding Standard; unknown ones are ignored.
	Declared string
	// HTML makes [Decode] look for a declaration in the document itself: <meta charset>, <meta http-equiv>, <?xml encoding?>.
	HTML bool
}

// Info says how a document was decoded.
type Info struct {
	Charset  string // the WHATWG name in lower case: "utf-8", "gbk", "windows-1252"
	Source   Source
	Repaired int      // characters that had to be replaced or taken out, and surrogate pairs that were joined
	Notes    []string // none for a plain UTF-8 document
}

// Decode returns the document as valid UTF-8 without a byte order mark and without NUL. A UTF-8 document comes back as
// it is, not copied, after a single check.
func Decode(b []byte, hint Hint) ([]byte, Info) {
	if text, info, ok := decodeBOM(b); ok {
		return finish(text, info)
	}
	if prose.ValidBytes(b) {
		return decodeValid(b, hint)
	}
	declared := declarations(b, hint)
	if text, info, ok := nearlyUTF8(b, declared); ok {
		return finish(text, info)
	}
	enc, source := choose(b, declared)
	info := Info{Charset: enc.name, Source: source}
	switch source {
	case FromDeclared:
		info.Notes = append(info.Notes, NoteDeclared)
	case FromBytes:
		info.Notes = append(info.Notes, NoteDetected)
		if strings.HasPrefix(enc.name, "utf-16") {
			info.Notes = append(info.Notes, NoteUTF16Inside)
		}
	default:
		info.Notes = append(info.Notes, NoteFallback)
	}
	if wronglyDeclared(declared, enc.name) {
		info.Notes = append(info.Notes, NoteWrong)
	}
	return finish(enc.decode(b, &info), info)
}

// decodeValid decodes bytes that are valid UTF-8: that, unless they are the seven-bit forms of other encodings, or
// UTF-16 of nothing but ASCII.
func decodeValid(b []byte, hint Hint) ([]byte, Info) {
	info := Info{Charset: "utf-8", Source: FromUTF8}
	if controlled(b) || bytes.IndexByte(b, 0) >= 0 {
		if enc, ok := utf16(b); ok {
			info = Info{Charset: enc.name, Source: FromBytes, Notes: []string{NoteDetected, NoteUTF16Inside}}
			return finish(enc.decode(b, &info), info)
		}
	}
	if enc, ok := sevenBit(b, hint); ok {
		info = Info{Charset: enc.name, Source: FromBytes, Notes: []string{NoteDetected}}
		return finish(enc.decode(b, &info), info)
	}
	return finish(b, info)
}

// finish takes NUL out, and sets right what was decoded wrongly before it came here.
func finish(text []byte, info Info) ([]byte, Info) {
	if bytes.IndexByte(text, 0) >= 0 {
		whole := len(text)
		text = bytes.ReplaceAll(text, []byte{0}, nil)
		info.Repaired += whole - len(text)
		info.Notes = append(info.Notes, NoteNUL)
	}
	if repaired, ok := undoMojibake(text); ok {
		text = repaired
		info.Notes = append(info.Notes, NoteMojibake)
	}
	return text, info
}

// decodeBOM decodes documents that begin with a byte order mark.
func decodeBOM(b []byte) ([]byte, Info, bool) {
	info := Info{Source: FromBOM, Notes: []string{NoteBOM}}
	var enc encodingOf
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		info.Charset = "utf-8"
		b = b[3:]
		if !utf8.Valid(b) {
			b = repairUTF8(b, &info)
		}
		return b, info, true
	case bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")) && len(b)%4 == 0:
		enc = encodingOf{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)}
	case bytes.HasPrefix(b, []byte("\x00\x00\xfe\xff")) && len(b)%4 == 0:
		enc = encodingOf{"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)}
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		enc, b = utf16LE, b[2:]
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		enc, b = utf16BE, b[2:]
	case bytes.HasPrefix(b, []byte("\x84\x31\x95\x33")):
		enc, b = lookup("gb18030"), b[4:]
	default:
		return nil, Info{}, false
	}
	info.Charset = enc.name
	return enc.decode(b, &info), info, true
}

// encodingOf is an encoding with its name.
type encodingOf struct {
	name string
	encoding.Encoding
}

var (
	utf16LE = encodingOf{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16BE = encodingOf{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
)

// lookup returns the encoding of a label, or none.
func lookup(label string) encodingOf {
	enc, err := htmlindex.Get(label)
	if err != nil {
		return encodingOf{}
	}
	name, err := htmlindex.Name(enc)
	if err != nil || name == "replacement" || name == "x-user-defined" {
		return encodingOf{}
	}
	switch name {
	case "gbk": // the larger set: pages labelled gb2312 and gbk use it
		enc, _ = htmlindex.Get("gb18030")
	case "utf-16le":
		return utf16LE
	case "utf-16be":
		return utf16BE
	}
	return encodingOf{name, enc}
}

// decode decodes b and counts the characters that could not be.
func (e encodingOf) decode(b []byte, info *Info) []byte {
	text, err := e.NewDecoder().Bytes(b)
	if err != nil { // the decoders replace what is invalid and do not fail; this is for one that would
		text = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	if n := bytes.Count(text, []byte("\ufffd")); n > 0 {
		info.Repaired += n
		info.Notes = append(info.Notes, NoteInvalid)
	}
	return text
}

// wronglyDeclared reports whether there are declarations and none of them is the encoding used.
func wronglyDeclared(declared []encodingOf, used string) bool {
	for _, d := range declared {
		if d.name == used || d.name == "gb18030" && used == "gbk" || d.name == "gbk" && used == "gb18030" {
			return false
		}
	}
	return len(declared) > 0
}

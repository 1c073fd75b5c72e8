package charset

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// candidate is an encoding that detection considers.
type candidate struct {
	encodingOf
	// doubt is what must speak for the encoding beyond others, as a number of characters: the rarer the more.
	doubt float32
}

// candidates are in an order by use: where two decode a document alike, as windows-1252 and windows-1250 do for German, the
// first stands.
var candidates = func() (list []candidate) {
	for _, c := range []struct {
		doubt  float32
		labels string
	}{
		{0, "windows-1252"},
		{0.8, "gbk shift_jis euc-jp euc-kr big5"},
		{0.6, "windows-1251 windows-1250 windows-1254 windows-1253 windows-1256 windows-1255 windows-1257 windows-1258 windows-874"},
		{0.7, "koi8-u iso-8859-2"},
		{1, "iso-8859-5 iso-8859-7 iso-8859-6 iso-8859-8 iso-8859-4 iso-8859-13 iso-8859-16 iso-8859-15"},
		{2, "ibm866 x-mac-cyrillic macintosh"},
	} {
		for label := range strings.FieldsSeq(c.labels) {
			list = append(list, candidate{lookup(label), c.doubt})
		}
	}
	return list
}()

const (
	sampleBytes = 4 << 10 // how much text outside ASCII is judged
	firstBytes  = 512     // how much of it by all candidates
	farBehind   = 0.5     // candidates that are behind the best by more than this there are out
	margin      = 0.05    // by how much an encoding must be better than those before it
	trust       = 0.25    // by how much an encoding must be better than a declared one
	trustLatin  = 0.1     // the same for windows-1252, which is declared where nobody has thought of it
	plausible   = 0.4     // below this nothing is taken for detected
)

// choose selects the encoding of bytes that are not UTF-8.
func choose(b []byte, declared []encodingOf) (encodingOf, Source) {
	if bytes.IndexByte(b, 0) >= 0 || controlled(b) {
		if enc, ok := utf16(b); ok {
			return enc, FromBytes
		}
	}
	text := sample(b)
	best, bestScore := bestCandidate(b, text)
	for _, d := range declared {
		if d.name == "utf-8" || strings.HasPrefix(d.name, "utf-16") && d.name != best.name {
			continue
		}
		need, letters := float32(trust), float32(1)
		if d.name == "windows-1252" {
			need, letters = trustLatin, 0.4
		}
		if s, n := d.score(text); s >= bestScore-need-letters/float32(max(n, 1)) {
			return d, FromDeclared
		}
	}
	if bestScore >= plausible {
		return best, FromBytes
	}
	for _, d := range declared {
		if d.name != "utf-8" && !strings.HasPrefix(d.name, "utf-16") {
			return d, FromNothing
		}
	}
	return candidates[0].encodingOf, FromNothing
}

// bestCandidate returns the encoding that makes the most ordinary text. All are tried on the beginning of it, and those
// that are not far behind on the rest.
func bestCandidate(b, text []byte) (best encodingOf, bestScore float32) {
	list := candidates
	if beginning := text[:bytes.LastIndexByte(text[:min(len(text), firstBytes)], ' ')+1]; len(text) > firstBytes && len(beginning) > 0 {
		scores := make([]float32, len(list))
		for i, enc := range list {
			scores[i], _ = enc.score(beginning)
		}
		limit := slices.Max(scores) - farBehind
		list = nil
		for i, enc := range candidates {
			if scores[i] >= limit {
				list = append(list, enc)
			}
		}
	}
	bestScore = hopeless
	consider := func(c candidate, text []byte) {
		s, n := c.score(text)
		if s -= c.doubt / float32(max(n, 1)); s > bestScore+margin || best.name == "" {
			best, bestScore = c.encodingOf, s
		}
	}
	for _, c := range list {
		consider(c, text)
	}
	if len(b)%2 == 0 {
		head := b[:min(len(b), sampleBytes)&^1]
		consider(candidate{utf16LE, 1}, head)
		consider(candidate{utf16BE, 1}, head)
	}
	return best, bestScore
}

// hopeless is below the score of any text.
const hopeless = -1000

// score judges what the encoding makes of b.
func (e encodingOf) score(b []byte) (s float32, n int) {
	text, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return hopeless, 0
	}
	return score(text)
}

// sample returns the words of b that hold bytes outside ASCII, up to sampleBytes, with a space between them. Words end
// at bytes that are part of no character in any of the candidates.
func sample(b []byte) []byte {
	out := make([]byte, 0, sampleBytes)
	for i := 0; i < len(b) && len(out) < sampleBytes; {
		start := i
		high := false
		for i < len(b) && (b[i] > ' ' && b[i] != '<' && b[i] != '>' && b[i] != '"') {
			high = high || b[i] >= utf8.RuneSelf
			i++
		}
		if high {
			end := min(i, start+sampleBytes-len(out))
			out = append(append(out, b[start:end]...), ' ')
		}
		for i < len(b) && !(b[i] > ' ' && b[i] != '<' && b[i] != '>' && b[i] != '"') {
			i++
		}
	}
	return out
}

// utf16 recognises UTF-16 without a byte order mark: by its high bytes, which are zero at every other place where most is
// ASCII, else by the characters that it makes.
func utf16(b []byte) (encodingOf, bool) {
	if len(b)%2 != 0 {
		return encodingOf{}, false
	}
	head := b[:min(len(b), sampleBytes)&^1]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	units := len(head) / 2
	var best encodingOf
	bestScore := float32(plausible)
	for high, enc := range [...]encodingOf{utf16BE, utf16LE} {
		if zeros[high]*5 >= units*2 && zeros[1-high]*20 <= units {
			return enc, true
		}
		if text, err := enc.NewDecoder().Bytes(head); err == nil {
			if s, n := score(text); n > 0 && s > bestScore {
				best, bestScore = enc, s
			}
		}
	}
	return best, best.name != ""
}

// controlled reports whether the beginning of b holds more control characters than text does.
func controlled(b []byte) bool {
	b = b[:min(len(b), 256)]
	n := 0
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			n++
		}
	}
	return n*10 > len(b)
}

// sevenBit recognises encodings that use ASCII bytes only: ISO-2022-JP by its escape sequences, HZ only where declared.
func sevenBit(b []byte, hint Hint) (encodingOf, bool) {
	if i := bytes.IndexByte(b, 0x1b); i >= 0 {
		for _, escape := range []string{"\x1b$B", "\x1b$@", "\x1b(J", "\x1b$(D"} {
			if bytes.Contains(b[i:], []byte(escape)) {
				return lookup("iso-2022-jp"), isASCII(b)
			}
		}
	}
	if bytes.Contains(b[:min(len(b), prescanBytes)], []byte("~{")) {
		for _, label := range append(metaCharsets(b[:min(len(b), prescanBytes)]), hint.Declared) {
			if strings.EqualFold(label, "hz-gb-2312") {
				return encodingOf{"hz-gb-2312", simplifiedchinese.HZGB2312}, isASCII(b)
			}
		}
	}
	return encodingOf{}, false
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

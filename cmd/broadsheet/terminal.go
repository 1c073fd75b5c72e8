package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"broadsheet/corpus"
	"broadsheet/corpus/weburl"
)

// terminal is what people read: all that the program prints passes it, messages and JSON alike. It hides the secrets of
// URLs, and no control or bidirectional character of an input, a path or an argument reaches the screen. Each Write is
// a text of its own, as fmt makes them.
type terminal struct{ w io.Writer }

func (t terminal) Write(p []byte) (int, error) {
	if _, err := io.WriteString(t.w, printable(weburl.Redact(string(p)))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// printable escapes what [corpus.Unprintable] names, but for line feeds and tabs, as \u202e, which leaves JSON the same
// value; bytes that are no UTF-8 become \x9b.
func printable(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		escape := ""
		switch {
		case r == utf8.RuneError && n == 1:
			escape = fmt.Sprintf(`\x%02x`, s[i])
		case r != '\n' && r != '\t' && corpus.Unprintable(r):
			escape = fmt.Sprintf(`\u%04x`, r)
		}
		if escape != "" {
			b.WriteString(s[done:i] + escape)
			done = i + n
		}
		i += n
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}

// oneLine is a text as it stands within a line: without its secrets, before a part is cut off by which they are known,
// and with its line breaks escaped.
func oneLine(s string) string { return corpus.EscapePath(weburl.Redact(s)) }

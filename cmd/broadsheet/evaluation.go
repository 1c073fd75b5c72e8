package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"broadsheet/corpus/neardup"
)

// evaluationTexts reads the file given with --decontaminate and makes its hash part of the configuration. A file that is
// JSON from end to end, however it is laid out, gives every string in it but the keys, however deep it lies; any other
// gives its lines, of which one that is JSON itself gives its strings likewise.
func (o *options) evaluationTexts() (*neardup.Decontaminator, error) {
	if o.evaluation == "" {
		return nil, nil
	}
	d, err := o.readEvaluation()
	if err != nil {
		return nil, usage("--decontaminate: %s", err)
	}
	return d, nil
}

func (o *options) readEvaluation() (*neardup.Decontaminator, error) {
	f, err := os.Open(o.evaluation)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if o.Decontaminate, err = hashOf(f); err != nil {
		return nil, err
	}
	// It is read once to see what it is, since what a run of words was taken from cannot be taken back.
	in, err := fromStart(f)
	if err != nil {
		return nil, err
	}
	texts := eachLine
	switch err := eachString(in, func(string) bool { return true }); {
	case err == nil:
		texts = eachString
	case opensJSON(f):
		return nil, fmt.Errorf("%s begins as JSON over several lines and is not: %w", o.evaluation, err)
	}
	if in, err = fromStart(f); err != nil {
		return nil, err
	}
	var failed error
	d := neardup.NewDecontaminator(func(yield func(string) bool) { failed = texts(in, yield) }, o.NgramWords, o.NgramChars)
	if failed != nil {
		return nil, failed
	}
	return d, nil
}

// fromStart reads a file from its first byte after a byte order mark.
func fromStart(f *os.File) (*bufio.Reader, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		in.Discard(3)
	}
	return in, nil
}

// opensJSON reports whether the first line that is not empty is brackets alone, which no text begins with.
func opensJSON(f *os.File) bool {
	in, err := fromStart(f)
	for err == nil {
		var line string
		line, err = in.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			return strings.Trim(line, "[{ \t") == ""
		}
	}
	return false
}

// eachLine gives the lines of a text, and the strings of those that are a JSON object or array.
func eachLine(in io.Reader, yield func(string) bool) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case isJSON(line):
			if err := eachString(strings.NewReader(line), yield); err != nil {
				return err
			}
		case !yield(line):
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func isJSON(line string) bool {
	return strings.ContainsRune("[{", rune(line[0])) && json.Valid([]byte(line))
}

// errNotJSON says that a text is not a sequence of JSON objects and arrays.
var errNotJSON = errors.New("not JSON objects or arrays")

// eachString gives the strings of JSON objects and arrays that follow one another, in their order and without the keys.
// It holds one token at a time, and a byte for each level of nesting.
func eachString(in io.Reader, yield func(string) bool) error {
	dec := json.NewDecoder(in)
	dec.UseNumber() // which no number is too large for
	const (
		array = iota
		key   // an object, of which a key comes next
		value // an object, of which a value comes next
	)
	var open []byte
	for {
		token, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF) && len(open) == 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		top := len(open) - 1
		if token == json.Delim(']') || token == json.Delim('}') {
			open = open[:top]
			continue
		}
		if top >= 0 && open[top] == key {
			open[top] = value
			continue
		}
		if top >= 0 && open[top] == value {
			open[top] = key
		}
		switch token := token.(type) {
		case json.Delim:
			open = append(open, array)
			if token == '{' {
				open[top+1] = key
			}
		case string:
			if top < 0 {
				return errNotJSON
			}
			if !yield(token) {
				return nil
			}
		default:
			if top < 0 {
				return errNotJSON
			}
		}
	}
}

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"broadsheet/corpus/neardup"
)

// evaluationTexts reads the file given with --decontaminate and makes its hash part of the configuration: JSON objects,
// one a line, of which every string counts, or plain texts, one a line.
func (o *options) evaluationTexts() (*neardup.Decontaminator, error) {
	if o.evaluation == "" {
		return nil, nil
	}
	f, err := os.Open(o.evaluation)
	if err != nil {
		return nil, usage("--decontaminate: %s", err)
	}
	defer f.Close()
	if o.Decontaminate, err = hashOf(f); err != nil {
		return nil, usage("--decontaminate: %s", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	var failed error
	texts := func(yield func(string) bool) {
		for {
			line, err := in.ReadString('\n')
			line = strings.TrimSpace(line)
			var fields map[string]any
			switch {
			case line == "":
			case strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &fields) == nil:
				for _, v := range fields {
					if s, ok := v.(string); ok && !yield(s) {
						return
					}
				}
			default:
				if !yield(line) {
					return
				}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					failed = err
				}
				return
			}
		}
	}
	d := neardup.NewDecontaminator(texts, o.NgramWords, o.NgramChars)
	if failed != nil {
		return nil, usage("--decontaminate: %s", failed)
	}
	return d, nil
}

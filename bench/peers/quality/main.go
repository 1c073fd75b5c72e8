// Quality judges JSON lines with text and language from standard input by every preset, and writes a line for each
// document and preset that judges it: what peer.py writes for datatrove's filters. Compare.py sets them side by side.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"broadsheet/corpus/quality"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

type verdict struct {
	Document int     `json:"document"`
	Preset   string  `json:"preset"`
	Rule     string  `json:"rule"` // empty where it is kept
	Value    float32 `json:"value"`
}

func run() error {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	var m quality.Measurer
	for n := 0; in.Scan(); n++ {
		var d struct{ Text, Language string }
		if err := json.Unmarshal(in.Bytes(), &d); err != nil {
			return err
		}
		s := m.Measure(d.Text, d.Language)
		for _, p := range quality.Presets() {
			if len(p.Rules(d.Language)) == 0 {
				continue
			}
			v, _ := p.Judge(&s, d.Language)
			if err := out.Encode(verdict{n, p.Name, v.Rule, v.Value}); err != nil {
				return err
			}
		}
	}
	return in.Err()
}

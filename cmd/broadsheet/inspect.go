package main

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/repeat"
)

func inspectCommand() *cli.Command {
	var settings []setting
	for _, s := range buildSettings() {
		switch s.name {
		case "boilerplate", "min-chars", "max-unit", "max-text", "config":
			settings = append(settings, s)
		}
	}
	return &cli.Command{
		Name:      "inspect",
		Usage:     "how one file is read, step by step, as JSON",
		UsageText: "broadsheet inspect INPUT [flags]",
		Description: "INPUT is one file, or one line of a JSONL file as file.jsonl:12. Shown are what it states, its text in\n" +
			"blocks, what each rule took out, and the row that a build would make of it. What repeats in its source is known\n" +
			"only to a build; give the rules of one with --boilerplate DIR/audit/boilerplate-00000.parquet.",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			o, err := resolve(c, settings)
			if err != nil {
				return err
			}
			if c.Args().Len() != 1 {
				return usage("inspect reads one file: broadsheet inspect INPUT")
			}
			rules, err := o.savedRules()
			if err != nil {
				return err
			}
			return inspect(c.App.Writer, c.Args().First(), o.Config, rules)
		},
	}
}

var lineOfFile = regexp.MustCompile(`^(.+\.(?:jsonl|ndjson)(?:\.gz|\.zst)?):([0-9]+)$`)

// inspect writes one object: the file's path and its units.
func inspect(w io.Writer, name string, config corpus.Config, rules iter.Seq2[repeat.Row, error]) error {
	line := ""
	if m := lineOfFile.FindStringSubmatch(name); m != nil {
		name, line = m[1], ":"+m[2]
	}
	found := false
	for in, err := range corpus.Inspect(name, config, rules) {
		if err != nil {
			return usage("%s", err)
		}
		if line != "" && !strings.HasSuffix(in.Path, line) {
			continue
		}
		part, err := indented(in)
		if err != nil {
			return err
		}
		opening := "{\n  \"units\": [\n    "
		if found {
			opening = ",\n    "
		}
		found = true
		if _, err := io.WriteString(w, opening+part); err != nil {
			return err
		}
	}
	if !found {
		if line != "" {
			return usage("%s has no unit in line %s", name, line[1:])
		}
		_, err := io.WriteString(w, "{\n  \"units\": []\n}\n")
		return err
	}
	_, err := io.WriteString(w, "\n  ]\n}\n")
	return err
}

func indented(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("    ", "  ")
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/repeat"
)

func inspectCommand() *cli.Command {
	var settings []setting
	for _, s := range buildSettings() {
		switch s.name {
		case "boilerplate", "min-chars", "max-unit", "max-text", "max-nodes", "max-depth", "max-attributes", "config":
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

// unitOf parts the name of a line of a line file into file and line; the line of other files is 0.
func unitOf(name string) (string, int) {
	if m := lineOfFile.FindStringSubmatch(name); m != nil {
		if n, err := strconv.Atoi(m[2]); err == nil {
			return m[1], n
		}
	}
	return name, 0
}

// inspect writes one object: the file's path and its units.
func inspect(w io.Writer, name string, config corpus.Config, rules iter.Seq2[repeat.Row, error]) error {
	name, line := unitOf(name)
	units := corpus.Inspect(name, config, rules)
	if line > 0 {
		units = corpus.InspectUnits(corpus.File{Path: corpus.EscapePath(filepath.Base(name)), Name: name, Named: true}, line, config, rules)
	}
	found := false
	for in, err := range units {
		if err != nil {
			return usage("%s", inputMessage(err))
		}
		part, err := indented(in, "    ")
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
		if line > 0 {
			return usage("%s has no unit in line %d", name, line)
		}
		_, err := io.WriteString(w, "{\n  \"units\": []\n}\n")
		return err
	}
	_, err := io.WriteString(w, "\n  ]\n}\n")
	return err
}

// indented is v as JSON, all lines but the first behind prefix, with the & of URLs as they are.
func indented(v any, prefix string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

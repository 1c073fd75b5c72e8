package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves a command's flags before its arguments, where the command-line library wants them: flags are
// accepted anywhere, and an unknown one is a usage error wherever it stands. What follows "--" is left as it is.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	cmd := app.Command(args[1])
	if (args[1] == "help" || args[1] == "h") && len(args) > 2 && app.Command(args[2]) == nil && args[2] != "help" {
		return nil, unknownCommand(app, args[2])
	}
	if cmd == nil || cmd.Name == "help" || cmd.Name == "completion" {
		return args, nil
	}
	takesValue := map[string]bool{"help": false, "h": false}
	for _, f := range cmd.Flags {
		_, isBool := f.(switchFlag)
		for _, name := range f.Names() {
			takesValue[name] = !isBool
		}
	}
	var flags, rest []string
	for i := 2; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			rest = append(rest, arg)
		default:
			name, _, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
			value, known := takesValue[name]
			if !known {
				return nil, unknownFlag(cmd, name)
			}
			flags = append(flags, arg)
			if value && !joined {
				if i+1 == len(args) {
					return nil, usage("--%s needs a value", name)
				}
				i++
				flags = append(flags, args[i])
			}
		}
	}
	out := append(append([]string{}, args[:2]...), flags...)
	return append(append(out, "--"), rest...), nil
}

func unknownCommand(app *cli.App, name string) error {
	if near := nearest(name, commandNames(app)); near != "" {
		return usage("there is no command %q; did you mean %q?", name, near)
	}
	return usage("there is no command %q; broadsheet help lists them", name)
}

func unknownFlag(cmd *cli.Command, name string) error {
	var names []string
	for _, f := range cmd.Flags {
		names = append(names, f.Names()...)
	}
	if near := nearest(name, names); near != "" {
		return usage("broadsheet %s has no flag --%s; did you mean --%s?", cmd.Name, name, near)
	}
	return usage("broadsheet %s has no flag --%s; broadsheet help %s lists them (a file whose name begins with - is given after --)",
		cmd.Name, name, cmd.Name)
}

// nearest is the one of names that is at most two edits, and less than half its length, away from name; else "".
func nearest(name string, names []string) string {
	best, at := "", 3
	for _, n := range names {
		if d := edits(name, n); d < at && 2*d < len(n) {
			best, at = n, d
		}
	}
	return best
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

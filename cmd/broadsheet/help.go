package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

// noBreak is a space at which no line ends. strings.Fields does not part words at a word joiner.
const noBreak = "\u2060"

// helpColumns is the width of a terminal that help fits into.
const helpColumns = 80

// exitMeaning is one line of what scripts rely on.
type exitMeaning struct {
	code    int
	meaning string
	of      []string // the commands that end with it; all where empty
}

func exitMeanings() []exitMeaning {
	return []exitMeaning{
		{exitDone, "done", nil},
		{exitFailed, "failed, nothing published", []string{"build", "takedown"}},
		{exitFailed, "failed", []string{"inspect", "explain", "verify", "stats", "diff", "completion"}},
		{exitUsage, "usage or configuration", nil},
		{exitUnreadable, "done, but more inputs than --max-unreadable could not be read", []string{"build"}},
		{exitDifference, "a difference was found", []string{"verify", "diff"}},
		{exitInterrupted, "interrupted; the same command goes on from there", []string{"build", "takedown"}},
		{exitInterrupted, "interrupted", []string{"inspect", "explain", "verify", "stats", "diff", "completion"}},
	}
}

// commandHelp is the help of a command, as the template that the command-line library wants.
func commandHelp(c *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "broadsheet %s: %s\n\n  %s\n", c.Name, c.Usage, c.UsageText)
	for paragraph := range strings.SplitSeq(c.Description, "\n\n") {
		if paragraph == "" {
			continue
		}
		b.WriteByte('\n')
		if strings.Contains(paragraph, "  ") { // set by hand
			b.WriteString("  " + strings.ReplaceAll(paragraph, "\n", "\n  ") + "\n")
			continue
		}
		writeWrapped(&b, "  ", 2, strings.Fields(paragraph))
	}
	var groups []string
	rows := map[string][][2]string{}
	for _, f := range c.Flags {
		group := "Flags"
		if g, ok := f.(cli.CategorizableFlag); ok && g.GetCategory() != "" {
			group = g.GetCategory()
		}
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		name, usage, _ := strings.Cut(f.String(), "\t")
		if head, tail, ok := strings.Cut(usage, "(default: "); ok { // stays on one line
			usage = head + strings.ReplaceAll("(default: "+tail, " ", noBreak)
		}
		rows[group] = append(rows[group], [2]string{name, usage})
	}
	for _, group := range groups {
		fmt.Fprintf(&b, "\n%s\n", group)
		writeRows(&b, rows[group])
	}
	b.WriteString("\nExit codes\n")
	writeExitCodes(&b, c.Name)
	return verbatim(b.String())
}

// appHelp is the help of the whole tool.
func appHelp(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, "broadsheet %s: %s\n\n  %s\n\n", app.Version, app.Usage, app.UsageText)
	writeWrapped(&b, "  ", 2, strings.Fields(app.Description))
	b.WriteString("\nCommands\n")
	var rows [][2]string
	for _, c := range app.Commands {
		rows = append(rows, [2]string{c.Name, c.Usage})
	}
	writeRows(&b, append(rows, [2]string{"help COMMAND", "what a command does, its flags and exit codes"}))
	b.WriteString("\nExit codes\n")
	writeExitCodes(&b, "")
	return verbatim(b.String())
}

// writeExitCodes writes those of a command, or the meaning of each for all commands.
func writeExitCodes(b *strings.Builder, command string) {
	last := -1
	for _, e := range exitMeanings() {
		if command != "" && e.of != nil && !slices.Contains(e.of, command) || command == "" && e.code == last {
			continue
		}
		last = e.code
		meaning := e.meaning
		if command == "" && e.of != nil && e.code != exitFailed {
			meaning += " (" + strings.Join(e.of, ", ") + ")"
		}
		writeWrapped(b, fmt.Sprintf("  %-4d ", e.code), 7, strings.Fields(meaning))
	}
}

// writeRows writes names and what they mean in two columns.
func writeRows(b *strings.Builder, rows [][2]string) {
	const widest = 24
	column := 0
	for _, r := range rows {
		if n := len(r[0]); n <= widest {
			column = max(column, n)
		}
	}
	for _, r := range rows {
		writeWrapped(b, fmt.Sprintf("  %-*s  ", column, r[0]), column+4, strings.Fields(r[1]))
	}
}

// writeWrapped writes words behind a head, in lines that fit, the later ones indented.
func writeWrapped(b *strings.Builder, head string, indent int, words []string) {
	line := head
	used := false
	for _, w := range words {
		space := 0
		if used {
			space = 1
		}
		if used && utf8.RuneCountInString(line)+space+utf8.RuneCountInString(w) > helpColumns {
			b.WriteString(strings.ReplaceAll(strings.TrimRight(line, " "), noBreak, " ") + "\n")
			line, space = strings.Repeat(" ", indent), 0
		}
		line += strings.Repeat(" ", space) + w
		used = true
	}
	b.WriteString(strings.ReplaceAll(strings.TrimRight(line, " "), noBreak, " ") + "\n")
}

// verbatim is a template that gives s.
func verbatim(s string) string { return strings.ReplaceAll(s, "{{", `{{"{{"}}`) }

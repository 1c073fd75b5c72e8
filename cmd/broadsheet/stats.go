package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/text/width"

	"broadsheet/schema"
)

func statsCommand() *cli.Command {
	return &cli.Command{
		Name:        "stats",
		Usage:       "what a dataset holds, in tables",
		UsageText:   "broadsheet stats DIR",
		Description: "All figures are those of the manifest.",
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("stats needs a dataset: broadsheet stats DIR")
			}
			d, closeDataset, err := openDataset(c.Args().First())
			if err != nil {
				return err
			}
			defer closeDataset()
			stats(c.App.Writer, d.Manifest())
			return nil
		},
	}
}

// The tables fit into 80 columns: a label, a count, a share, and a bar.
const (
	labelWidth = 34
	barWidth   = 26
	topRows    = 15
)

func stats(w io.Writer, m *schema.Manifest) {
	o, t := m.Outcomes, m.Totals
	fmt.Fprintf(w, "%s\n\n", m.Name)
	fmt.Fprintf(w, "%s documents, %s characters, %s words, %s of Parquet\n", formatCount(t.Documents), formatCount(t.Chars), formatCount(t.Words), formatSize(m.DownloadSize))
	if t.Earliest != nil {
		fmt.Fprintf(w, "published from %s to %s\n", t.Earliest.String()[:10], t.Latest.String()[:10])
	}
	var rows []schema.Count
	counts := map[schema.Verdict]int64{
		schema.Kept: o.Kept, schema.Duplicate: o.Duplicate, schema.Filtered: o.Filtered, schema.Rejected: o.Rejected, schema.Skipped: o.Skipped,
	}
	for _, v := range schema.Verdicts() {
		rows = append(rows, schema.Count{Value: string(v), Documents: counts[v]})
		for _, d := range schema.Reasons() {
			if d.Verdict == v && o.Reasons[d.Reason] > 0 {
				rows = append(rows, schema.Count{Value: "  " + string(d.Reason), Documents: o.Reasons[d.Reason]})
			}
		}
		if v == schema.Filtered {
			rows = append(rows, ruleCounts(o)...)
		}
	}
	table(w, "inputs", rows, o.Units)
	table(w, "language", top(t.Language), t.Documents)
	table(w, "source", topOf(t.Source), t.Documents)
	table(w, "year", years(t.Month), t.Documents)
	var lengths []schema.Count
	for i, n := range t.Length.Counts {
		label := formatCount(t.Length.Edges[i]) + " and more"
		if i+1 < len(t.Length.Edges) {
			label = fmt.Sprintf("%s to %s", formatCount(t.Length.Edges[i]), formatCount(t.Length.Edges[i+1]-1))
		}
		lengths = append(lengths, schema.Count{Value: label, Documents: n})
	}
	table(w, "characters", lengths, t.Documents)
	table(w, "without", t.Missing, t.Documents)
}

// ruleCounts are the losses to the rules of --filter, by rule.
func ruleCounts(o schema.Counts) []schema.Count {
	known := map[schema.Reason]bool{}
	for _, d := range schema.Reasons() {
		known[d.Reason] = true
	}
	var rows []schema.Count
	for _, reason := range slices.Sorted(maps.Keys(o.Reasons)) {
		if !known[reason] {
			rows = append(rows, schema.Count{Value: "  " + string(reason), Documents: o.Reasons[reason]})
		}
	}
	return rows
}

func top(rows []schema.Count) []schema.Count {
	if len(rows) <= topRows {
		return rows
	}
	rest := schema.Count{Value: fmt.Sprintf("%d others", len(rows)-topRows)}
	for _, c := range rows[topRows:] {
		rest.Documents += c.Documents
	}
	return append(rows[:topRows:topRows], rest)
}

// topOf is the same for a column of which the totals name the most frequent values alone.
func topOf(t schema.Top) []schema.Count {
	rows := t.Values[:min(topRows, len(t.Values))]
	rest := schema.Count{Value: fmt.Sprintf("%s others", formatCount(t.Distinct-int64(len(rows)))), Documents: t.Other.Documents}
	if t.Distinct > schema.MaxDistinct {
		rest.Value = "more than " + formatCount(schema.MaxDistinct)
	}
	for _, c := range t.Values[len(rows):] {
		rest.Documents += c.Documents
	}
	if rest.Documents == 0 {
		return rows
	}
	return append(rows[:len(rows):len(rows)], rest)
}

// years sums months, which are in order.
func years(months []schema.Count) []schema.Count {
	var out []schema.Count
	for _, m := range months {
		year, _, _ := strings.Cut(m.Value, "-")
		if n := len(out); n > 0 && out[n-1].Value == year {
			out[n-1].Documents += m.Documents
			continue
		}
		out = append(out, schema.Count{Value: year, Documents: m.Documents})
	}
	return out
}

func table(w io.Writer, name string, rows []schema.Count, total int64) {
	if total == 0 || len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", name)
	for _, r := range rows {
		bar := strings.Repeat("█", int(r.Documents*barWidth/total))
		if bar == "" && r.Documents > 0 {
			bar = "▏"
		}
		fmt.Fprintf(w, "  %s %9s %5.1f%% %s\n", fit(cmp.Or(r.Value, "(not stated)"), labelWidth), formatCount(r.Documents), 100*float64(r.Documents)/float64(total), bar)
	}
}

// fit cuts or pads a string to columns of a terminal, where wide characters take two.
func fit(s string, columns int) string {
	s = oneLine(s)
	used := 0
	for i, r := range s {
		n := 1
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n = 2
		}
		if used+n > columns || used+n == columns && i+len(string(r)) < len(s) {
			return s[:i] + "…" + strings.Repeat(" ", columns-used-1)
		}
		used += n
	}
	return s + strings.Repeat(" ", columns-used)
}

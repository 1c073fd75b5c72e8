package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/format"
)

// What a build needs on disk beside its input, as shares of the input's bytes: measured on feed archives of 240 MB,
// rounded up.
const (
	workShare   = 1.5 // drafts, rows and the runs of sorts, compressed
	outputShare = 0.6 // Parquet and JSONL
)

// dry says what a build would read and need, and the settings in effect.
func (o *options) dry(c *cli.Context, inputs []corpus.Input) error {
	files := corpus.Walk(inputs)
	if inputs == nil {
		files = corpus.List(c.App.Reader, "", o.memory/8)
	}
	var found, read, bytes int64
	for f, err := range files {
		if err != nil {
			return usage("%s", inputMessage(err))
		}
		found++
		if f.Trouble != "" {
			continue
		}
		if _, skip := format.Skip(corpus.UnescapePath(f.Path)); skip && !f.Named {
			continue
		}
		read++
		bytes += f.Size
	}
	w := c.App.Writer
	fmt.Fprintf(w, "files        %s found, %s to look into, %s\n", formatCount(found), formatCount(read), formatSize(bytes))
	fmt.Fprintf(w, "disk         about %s for the work in %s, about %s for the dataset in %s\n",
		formatSize(int64(float64(bytes)*workShare)), o.work, formatSize(int64(float64(bytes)*outputShare)), o.out)
	for _, dir := range []string{filepath.Dir(filepath.Clean(o.work)), filepath.Dir(filepath.Clean(o.out))} {
		if free, ok := freeSpace(existing(dir)); ok {
			fmt.Fprintf(w, "free         %s in %s\n", formatSize(free), dir)
		}
	}
	fmt.Fprintln(w, "\nsettings")
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	config := o.Config.Settings()
	for _, s := range config {
		from := o.origins[strings.ReplaceAll(s.Name, "_", "-")]
		fmt.Fprintf(t, "  %s\t%s\t%s\n", strings.ReplaceAll(s.Name, "_", "-"), s.Value, from)
	}
	fmt.Fprintf(t, "  memory\t%s\t%s\n", formatSize(o.memory), o.origins["memory"])
	fmt.Fprintf(t, "  work\t%s\t%s\n", o.work, o.origins["work"])
	return t.Flush()
}

// existing is the nearest folder above name that exists.
func existing(name string) string {
	for {
		if _, ok := freeSpace(name); ok {
			return name
		}
		parent := filepath.Dir(name)
		if parent == name {
			return name
		}
		name = parent
	}
}

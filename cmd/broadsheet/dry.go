package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strconv"
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

// extent is what a walk finds before anything is read.
type extent struct{ found, read, bytes int64 }

// survey walks the inputs and counts, without opening a file.
func survey(ctx context.Context, files iter.Seq2[corpus.File, error]) (extent, error) {
	var e extent
	for f, err := range files {
		if errors.Is(err, corpus.ErrInput) {
			return e, usage("%s", inputMessage(err))
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return e, err
		}
		e.found++
		if f.Trouble != "" {
			continue
		}
		if _, skip := format.Skip(corpus.UnescapePath(f.Path)); skip && !f.Named {
			continue
		}
		e.read++
		e.bytes += f.Size
	}
	return e, nil
}

// rememberedFiles is how many files of a walk are kept in memory, some 250 bytes each.
const rememberedFiles = 1 << 15

// remembered gives the files of a walk, and a second time those that were found the first time, where they are few; else they
// are looked for again.
func remembered(walk iter.Seq2[corpus.File, error]) iter.Seq2[corpus.File, error] {
	var held []corpus.File
	return func(yield func(corpus.File, error) bool) {
		if held != nil {
			files := held
			held = nil
			for _, f := range files {
				if !yield(f, nil) {
					return
				}
			}
			return
		}
		files := []corpus.File{}
		for f, err := range walk {
			if !yield(f, err) || err != nil {
				return
			}
			if files != nil {
				files = append(files, f)
			}
			if len(files) > rememberedFiles {
				files = nil
			}
		}
		held = files
	}
}

// needs is the disk that a build of this extent takes, by folder.
func (o *options) needs(e extent) map[string]int64 {
	return map[string]int64{
		o.work: int64(float64(e.bytes) * workShare),
		o.out:  int64(float64(e.bytes) * outputShare),
	}
}

// checkSpace refuses a build for which the disk is too small, before the work and not after it.
func (o *options) checkSpace(e extent) error {
	work, out := o.needs(e)[o.work], o.needs(e)[o.out]
	workDir, outDir := existing(filepath.Dir(o.work)), existing(filepath.Dir(o.out))
	if sameDisk(workDir, outDir) {
		work += out
	}
	for _, place := range []struct {
		dir  string
		need int64
		flag string
	}{{workDir, work, "--work"}, {outDir, out, "--out"}} {
		if free, ok := freeSpace(place.dir); ok && free < place.need {
			return &exitError{exitFailed, fmt.Sprintf("too little disk: the build needs about %s in %s and %s are free; make room, or name another place with %s",
				formatSize(place.need), place.dir, formatSize(free), place.flag)}
		}
	}
	return nil
}

// sameDisk holds where two folders share their free space, as far as that can be told.
func sameDisk(a, b string) bool {
	x, ok := freeSpace(a)
	y, ok2 := freeSpace(b)
	return ok && ok2 && x == y
}

// dry says what a build would read and need, and the settings in effect.
func (o *options) dry(c *cli.Context, inputs []corpus.Input) error {
	files := corpus.Walk(inputs)
	if inputs == nil {
		files = corpus.List(c.App.Reader, "", o.memory/8)
	}
	e, err := survey(c.Context, files)
	if err != nil {
		return err
	}
	w := c.App.Writer
	fmt.Fprintf(w, "files        %s found, %s to look into, %s\n", formatCount(e.found), formatCount(e.read), formatSize(e.bytes))
	fmt.Fprintf(w, "disk         about %s for the work in %s, about %s for the dataset in %s\n",
		formatSize(o.needs(e)[o.work]), o.work, formatSize(o.needs(e)[o.out]), o.out)
	for _, dir := range []string{filepath.Dir(filepath.Clean(o.work)), filepath.Dir(filepath.Clean(o.out))} {
		if free, ok := freeSpace(existing(dir)); ok {
			fmt.Fprintf(w, "free         %s in %s\n", formatSize(free), dir)
		}
	}
	if o.checkRelease && o.releaseCheck() == nil {
		fmt.Fprintln(w, "release      every fact is stated")
	}
	fmt.Fprintln(w, "\nsettings")
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	show := func(name string, value []byte) {
		name = strings.ReplaceAll(name, "_", "-")
		fmt.Fprintf(t, "  %s\t%s\t%s\n", name, strings.TrimRight(fit(string(value), 36), " "), cmp.Or(o.origins[name], "default"))
	}
	for _, s := range o.Config.Settings() {
		switch s.Name {
		case "release":
			continue
		case "max_unit", "max_text", "shard_size":
			if n, err := strconv.ParseInt(string(s.Value), 10, 64); err == nil {
				s.Value = []byte(formatSize(n))
			}
		}
		show(s.Name, s.Value)
	}
	for _, s := range o.Config.Release {
		show("release."+s.Name, s.Value)
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

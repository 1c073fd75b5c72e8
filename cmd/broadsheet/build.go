package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
	"broadsheet/writers"
)

func buildCommand() *cli.Command {
	settings := buildSettings()
	return &cli.Command{
		Name:      "build",
		Usage:     "articles in, a dataset out",
		UsageText: "broadsheet build INPUT... --out DIR [flags]",
		Description: "INPUT is a file, a folder, or - for a list of paths on standard input. Files in folders that are no\n" +
			"articles are skipped; a file that is named is always read. What became of each input is in\n" +
			"DIR/audit/outcomes-*.parquet; broadsheet explain tells it for one.\n\n" +
			"An interrupted build goes on where it was when the same command is given again.",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			o, err := resolve(c, settings)
			if err != nil {
				return err
			}
			return o.build(c)
		},
	}
}

// build runs the command.
func (o *options) build(c *cli.Context) error {
	started := time.Now()
	stderr := c.App.ErrWriter
	if o.out == "" {
		return usage("where should the dataset go? broadsheet build INPUT... --out DIR")
	}
	if !c.Args().Present() {
		return usage("nothing to read: give files, folders, or - for a list of paths on standard input")
	}
	out, err := filepath.Abs(o.out)
	if err != nil {
		return err
	}
	if o.work == "" {
		o.work = out + ".work"
	}
	work, err := filepath.Abs(o.work)
	if err != nil {
		return err
	}
	args := c.Args().Slice()
	listed := slices.Contains(args, "-")
	if listed && len(args) > 1 {
		return usage("- (a list of paths on standard input) stands alone; put the other inputs into the list")
	}
	var inputs []corpus.Input
	if !listed {
		if inputs, err = corpus.NewInputs(args); err != nil {
			return usage("%s", inputMessage(err))
		}
		for _, in := range inputs {
			for _, place := range []string{out, work} {
				if inside(place, in.Name) {
					return usage("%s lies inside the input %s, so the next build would read its own output; choose another place", place, in.Name)
				}
			}
		}
	}
	if err := o.settleRelease(); err != nil {
		return err
	}
	var notReady error
	if o.checkRelease { // before a name is made up
		notReady = o.releaseCheck()
	}
	if o.Name == "" {
		o.Name = nameOf(inputs)
	}
	if least := corpus.LeastMemory(o.MaxUnit); o.memory < least {
		return usage("--memory %s cannot hold one unit of --max-unit %s: give --memory at least %s, or --max-unit less",
			formatSize(o.memory), formatSize(o.MaxUnit), formatSize(least))
	}
	if o.dryRun {
		return errors.Join(o.dry(c, inputs), notReady)
	}
	if notReady != nil {
		return notReady
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return o.misplaced(err)
	}
	lock, err := lockDataset(out)
	if err != nil {
		return o.misplaced(err)
	}
	defer lock.Release()
	root, err := os.OpenRoot(filepath.Dir(out))
	if err != nil {
		return err
	}
	defer root.Close()
	stage, err := writers.NewStage(writers.Root(root), filepath.Base(out))
	if err != nil {
		return usage("--out: %s", err)
	}
	if err := stage.Recover(); err != nil {
		return err
	}
	if err := stage.Check(o.force); err != nil {
		return usage("%s", err)
	}
	rules, err := o.savedRules()
	if err != nil {
		return err
	}
	earlier, err := o.openBase()
	if err != nil {
		return err
	}
	defer earlier.close()
	if earlier.rules != nil {
		rules = earlier.rules
	}
	if err := o.excluded(earlier); err != nil {
		return err
	}
	evaluation, err := o.evaluationTexts()
	if err != nil {
		return err
	}
	if evaluation != nil && evaluation.Skipped() > 0 && !o.quiet {
		fmt.Fprintf(stderr, "broadsheet: %s of the texts in %s are shorter than a run (--ngram-words %d, --ngram-chars %d): nothing is found by them\n",
			formatCount(int64(evaluation.Skipped())), o.evaluation, o.NgramWords, o.NgramChars)
	}
	tool := schema.Tool{Name: "broadsheet", Version: version}
	w, err := corpus.OpenWork(work, tool.Name+" "+tool.Version, o.Config)
	switch {
	case errors.Is(err, corpus.ErrHeld):
		return &exitError{exitFailed, "another build uses this work folder: " + err.Error()}
	case errors.Is(err, corpus.ErrInput):
		return usage("%s", inputMessage(err))
	case err != nil:
		return err
	}
	keep := o.work != out+".work" // the work folder: always where it was named, else from the first unit to success
	defer func() {
		if keep {
			w.Release()
		} else if err := w.Remove(); err != nil {
			fmt.Fprintf(stderr, "broadsheet: the work folder could not be removed: %s\n", err)
		}
	}()
	if w.Restarted != "" && !o.quiet {
		fmt.Fprintf(stderr, "broadsheet: the work folder cannot be used, starting over: %s\n", w.Restarted)
	}

	meter := &corpus.Meter{}
	progress := startProgress(stderr, o.progress, o.quiet, meter)
	defer progress.stop()
	files := remembered(corpus.Walk(inputs))
	if !listed { // a list can be read but once
		found, err := survey(c.Context, files)
		if err == nil && found.found == 0 {
			err = usage("there is no file in %s", strings.Join(args, ", "))
		}
		if err == nil {
			err = o.checkSpace(found)
		}
		if err != nil {
			return err
		}
		meter.Expect(found.bytes)
	}
	if listed {
		files = corpus.List(c.App.Reader, w.Temp(), o.memory/8)
	}
	defer stage.Discard() // what is not published
	dir, err := stage.Begin(o.force, writers.Options{Version: version, Async: corpus.Async})
	if err != nil {
		return o.misplaced(err)
	}
	named := keep
	keep = true
	run := corpus.Run{
		Config: o.Config, Files: files, Rules: rules, Tool: tool,
		Base: earlier.documents, Exclude: earlier.exclude, Evaluation: evaluation,
		Work: w, Jobs: o.jobs, Memory: o.memory, Meter: meter,
	}
	m, err := run.Build(c.Context, newOutput(dir, o.Formats))
	if errors.Is(err, corpus.ErrInput) {
		return usage("%s", inputMessage(err))
	}
	if err != nil {
		return err
	}
	if m.Outcomes.Units == 0 {
		return usage("there is no file in %s", strings.Join(args, ", "))
	}
	if err := stage.Publish(o.force); err != nil {
		return err
	}
	progress.stop()
	keep = named
	if !o.quiet {
		summary(stderr, m, o.out, time.Since(started), meter.Snapshot().ReadBefore)
	}
	return o.verdictOnUnreadable(m)
}

// misplaced says of an error what it means for --out, where it is about the place.
func (o *options) misplaced(err error) error {
	if errors.Is(err, writers.ErrFixed) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		as := ""
		if _, err := os.Stat(o.out); err == nil {
			as = ", as " + filepath.Join(o.out, "dataset")
		}
		return usage("--out %s: %s; a dataset is built beside its place and then moved there, so name a place in a folder that can be written to%s",
			o.out, err, as)
	}
	return err
}

// lockDataset keeps everything else that writes the dataset at dir away from it.
func lockDataset(dir string) (*corpus.Lock, error) {
	lock, err := corpus.TakeLock(filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".lock"))
	if errors.Is(err, corpus.ErrHeld) {
		return nil, &exitError{exitFailed, "another build or takedown writes this dataset: " + err.Error()}
	}
	return lock, err
}

// nameOf names a dataset that nobody named, by its inputs and not by its folder: a copy elsewhere has the same bytes.
func nameOf(inputs []corpus.Input) string {
	if len(inputs) != 1 {
		return "articles"
	}
	name := filepath.Base(inputs[0].Name)
	return strings.ToValidUTF8(strings.TrimSuffix(name, filepath.Ext(name)), "_")
}

// verdictOnUnreadable ends a finished build with exit code 3 where too much could not be read.
func (o *options) verdictOnUnreadable(m *schema.Manifest) error {
	n := m.Outcomes.Rejected
	if !o.unreadable.exceeded(n, m.Outcomes.Units) {
		return nil
	}
	return &exitError{exitUnreadable, fmt.Sprintf(
		"the dataset is complete, but %s of %s inputs could not be read (--max-unreadable allows fewer); they are in\n  %s\nwith outcome = 'rejected'",
		formatCount(n), formatCount(m.Outcomes.Units), filepath.Join(o.out, "audit", "outcomes-*.parquet"))}
}

// savedRules opens the rules that an earlier build wrote, and makes their hash part of the configuration.
func (o *options) savedRules() (iter.Seq2[repeat.Row, error], error) {
	if o.rules == "" {
		return nil, nil
	}
	f, err := os.Open(o.rules)
	if err != nil {
		return nil, usage("--boilerplate: %s", err)
	}
	defer f.Close()
	if o.Boilerplate, err = hashOf(f); err != nil {
		return nil, usage("--boilerplate: %s", err)
	}
	name, err := filepath.Abs(o.rules)
	if err != nil {
		return nil, err
	}
	return func(yield func(repeat.Row, error) bool) {
		root, err := os.OpenRoot(filepath.Dir(name))
		if err != nil {
			yield(repeat.Row{}, err)
			return
		}
		defer root.Close()
		for r, err := range writers.ReadParquet[schema.Boilerplate](writers.Root(root), filepath.Base(name)) {
			if err != nil {
				yield(repeat.Row{}, fmt.Errorf("--boilerplate %s: %w", o.rules, err))
				return
			}
			if !yield(savedRow(r), nil) {
				return
			}
		}
	}, nil
}

// inside holds where place is root or lies below it, links followed as far as they exist.
func inside(place, root string) bool {
	rel, err := filepath.Rel(real(root), real(place))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func real(name string) string {
	for rest := ""; ; {
		if r, err := filepath.EvalSymlinks(name); err == nil {
			return filepath.Join(r, rest)
		}
		parent := filepath.Dir(name)
		if parent == name {
			return filepath.Join(name, rest)
		}
		rest = filepath.Join(filepath.Base(name), rest)
		name = parent
	}
}

func inputMessage(err error) string {
	return strings.TrimPrefix(err.Error(), corpus.ErrInput.Error()+": ")
}

// summary says where the dataset is, what became of the inputs, which flag would change the largest loss, and how to
// open it.
func summary(w io.Writer, m *schema.Manifest, out string, took time.Duration, before int64) {
	o := m.Outcomes
	fmt.Fprintf(w, "\n%s: %s documents, %s characters, from %s inputs (%s) in %s\n", out, formatCount(o.Kept),
		formatCount(m.Totals.Chars), formatCount(o.Units), formatSize(m.Input.Bytes), took.Round(time.Second/10))
	if before > 0 {
		fmt.Fprintf(w, "%s of the inputs were as an earlier build had read them\n", formatCount(before))
	}
	fmt.Fprintln(w)
	counts := map[schema.Verdict]int64{
		schema.Kept: o.Kept, schema.Duplicate: o.Duplicate, schema.Filtered: o.Filtered, schema.Rejected: o.Rejected, schema.Skipped: o.Skipped,
	}
	for _, v := range schema.Verdicts() {
		if counts[v] == 0 {
			continue
		}
		fmt.Fprintf(w, "  %-10s %10s  %s\n", v, formatCount(counts[v]), reasonsOf(o, v))
	}
	if hint := hintFor(o); hint != "" {
		fmt.Fprintf(w, "\n%s\n", hint)
	}
	for _, warning := range m.Warnings {
		fmt.Fprintf(w, "\nwarning: %s\n", warning)
	}
	if o.Kept == 0 {
		return
	}
	fmt.Fprintf(w, "\n  duckdb -c \"FROM '%s' LIMIT 5\"\n  python3 -c \"import pandas; print(pandas.read_parquet('%s'))\"\n",
		filepath.ToSlash(filepath.Join(out, "data", "*.parquet")), filepath.ToSlash(filepath.Join(out, "data")))
	fmt.Fprintf(w, "  broadsheet explain %s PATH|URL|ID\n", out)
}

// reasonsOf lists the reasons of an outcome, largest first.
func reasonsOf(o schema.Counts, v schema.Verdict) string {
	var reasons []schema.Reason
	for r := range o.Reasons {
		if r.Verdict() == v {
			reasons = append(reasons, r)
		}
	}
	slices.SortFunc(reasons, func(a, b schema.Reason) int {
		if n := o.Reasons[b] - o.Reasons[a]; n != 0 {
			return int(max(-1, min(1, n)))
		}
		return strings.Compare(string(a), string(b)) // Sort for determinism
	})
	var parts []string
	for _, r := range reasons {
		parts = append(parts, fmt.Sprintf("%s %s", r, formatCount(o.Reasons[r])))
	}
	return strings.Join(parts, ", ")
}

// hintFor names the flag that would change the largest loss.
func hintFor(o schema.Counts) string {
	hints := map[schema.Reason]string{
		schema.BoilerplateOnly: "%s units hold nothing but text that repeats within their source; --boilerplate off keeps them",
		schema.TooShort:        "%s texts are shorter than --min-chars",
		schema.TooLarge:        "%s units are larger than --max-unit or --max-text allow",
		schema.NearDuplicate:   "%s near-duplicates went; --dedupe mark keeps them and says what they duplicate, --dedupe exact keeps them",
		schema.SameURL:         "%s units are another fetch of an article that was kept; --dedupe none keeps them",
		schema.SameText:        "%s units repeat an article that was kept; --dedupe none keeps them",
	}
	var largest schema.Reason
	for _, d := range schema.Reasons() {
		if _, ok := hints[d.Reason]; ok && o.Reasons[d.Reason] > o.Reasons[largest] {
			largest = d.Reason
		}
	}
	if largest == "" {
		return ""
	}
	return fmt.Sprintf("The largest loss: "+hints[largest]+".", formatCount(o.Reasons[largest]))
}

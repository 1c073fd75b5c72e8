package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/corpus/identity"
	"broadsheet/schema"
	"broadsheet/writers"
)

func takedownCommand() *cli.Command {
	settings := []setting{
		{name: "list", value: "FILE", usage: "ids, URLs, hosts and URL prefixes (ending in /*), one a line, as for build --exclude"},
		{name: "dry-run", usage: "say what would go; change nothing"},
		{name: "jobs", value: "N", fallback: "cores", usage: "shards written at once; never changes the output", set: setJobs},
		{name: "memory", value: "SIZE", fallback: formatSize(defaultMemory), usage: "bound of what is written at once; what goes takes up to 300 bytes an input besides; never changes the output", set: setMemory},
		{name: "quiet", usage: "no summary"},
	}
	return &cli.Command{
		Name:      "takedown",
		Usage:     "take documents out of a finished dataset",
		UsageText: "broadsheet takedown DIR --list FILE [--dry-run]",
		Description: "What is on the list goes from DIR, and with it its copies: the document that stands for it and all inputs that this\n" +
			"document stands for. A new folder takes the place of DIR in one step, in which only the shards that held such a\n" +
			"document are written anew; manifest, checksums, cards, report and audit follow. What remains are counts and, in\n" +
			"DIR/" + corpus.TombstonesName + ", ids and hashes of addresses: build --base DIR leaves out what they name, and so does\n" +
			"build --exclude with that file.\n\n" +
			"An interrupted takedown leaves the old dataset or the new one; the same command goes on. A list that names nothing\n" +
			"in DIR changes nothing and is no error. Copies of DIR elsewhere are not touched, nor is a work folder that was kept.",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 || c.String("list") == "" {
				return usage("takedown needs a dataset and a list: broadsheet takedown DIR --list FILE")
			}
			list, err := readList(c.String("list"))
			if err != nil {
				return err
			}
			o := options{memory: defaultMemory}
			for _, s := range settings {
				if s.set == nil || !c.IsSet(s.name) {
					continue
				}
				if err := s.set(&o, c.String(s.name)); err != nil {
					return usage("--%s: %s", s.name, err)
				}
			}
			t := takedown{
				dir: c.Args().First(), listName: c.String("list"), list: list,
				options: corpus.TakedownOptions{Jobs: o.jobs, Memory: o.memory}, out: c.App.Writer, messages: c.App.ErrWriter,
			}
			if c.Bool("quiet") {
				t.messages = io.Discard
			}
			if c.Bool("dry-run") {
				return t.dry(c.Context)
			}
			return t.run(c.Context)
		},
	}
}

// readList reads a list of what must not be in a dataset.
func readList(name string) (*corpus.Exclusions, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, usage("--list: %s", err)
	}
	defer f.Close()
	list, err := corpus.ReadExclusions(f)
	if err != nil {
		return nil, usage("--list %s: %s", name, err)
	}
	if list.Len() == 0 {
		return nil, usage("--list %s: there is no entry in it", name)
	}
	return list, nil
}

// takedown is one run of the command.
type takedown struct {
	dir, listName string
	list          *corpus.Exclusions
	options       corpus.TakedownOptions
	out, messages io.Writer
}

// plan finds what goes and says which entries of the list name nothing.
func (t *takedown) plan(ctx context.Context, d *writers.Reader) (*corpus.Takedown, error) {
	if m := d.Manifest(); m.Identity != identity.Version {
		return nil, usage("%s was made by version %d of the identity rule, this tool has version %d", t.dir, m.Identity, identity.Version)
	}
	plan, err := corpus.PlanTakedown(ctx, d, t.list, t.options)
	if err != nil {
		return nil, err
	}
	if unmet := plan.Unmet(); len(unmet) > 0 {
		const most = 20
		var lines []string
		for i, line := range unmet {
			if i == most {
				lines = append(lines, "...")
				break
			}
			lines = append(lines, fmt.Sprint(line))
		}
		fmt.Fprintf(t.messages, "broadsheet: nothing in %s is named by %s of %s: %s\n", t.dir, many(int64(len(unmet)), "line"), t.listName, strings.Join(lines, ", "))
	}
	return plan, nil
}

// many counts things, in words.
func many(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return formatCount(n) + " " + thing + "s"
}

// dry says what would go.
func (t *takedown) dry(ctx context.Context) error {
	d, closeDataset, err := openDataset(t.dir)
	if err != nil {
		return err
	}
	defer closeDataset()
	plan, err := t.plan(ctx, d)
	if err != nil {
		return err
	}
	for o, err := range plan.Going(ctx) {
		if err != nil {
			return err
		}
		what := string(o.Outcome)
		if o.Outcome == schema.Kept {
			what = "document"
		}
		fmt.Fprintf(t.out, "%-9s %s", what, o.ID)
		for _, s := range []string{o.Path, o.URL, o.Title} {
			if s != "" {
				fmt.Fprintf(t.out, "  %s", oneLine(s))
			}
		}
		fmt.Fprintln(t.out)
	}
	fmt.Fprintf(t.out, "would go: %s of %s, other inputs: %s\n", formatCount(plan.Documents()),
		many(d.Manifest().Outcomes.Kept, "document"), formatCount(plan.Inputs()-plan.Documents()))
	return nil
}

// run takes down.
func (t *takedown) run(ctx context.Context) error {
	dir, err := filepath.Abs(t.dir)
	if err == nil {
		if target, err := filepath.EvalSymlinks(dir); err == nil { // the folder itself is swapped, not a link to it
			dir = target
		}
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(dir)); err != nil {
		return usage("%s", err)
	}
	lock, err := lockDataset(dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	root, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return err
	}
	defer root.Close()
	stage, err := writers.NewStage(writers.Root(root), filepath.Base(dir))
	if err != nil {
		return usage("%s: %s", t.dir, err)
	}
	if err := stage.Recover(); err != nil {
		return err
	}
	if state, err := stage.State(); err != nil || state != writers.Dataset {
		return errors.Join(err, usage("%s is not a dataset of this tool", t.dir))
	}
	d, err := stage.Predecessor()
	if err != nil {
		return usage("%s: %s", t.dir, err)
	}
	if err := t.refuseUnlisted(d); err != nil {
		return err
	}
	plan, err := t.plan(ctx, d)
	if err != nil {
		return err
	}
	if plan.Empty() {
		fmt.Fprintf(t.messages, "broadsheet: nothing in %s is on the list; it is as it was\n", t.dir)
		return stage.Discard() // what an interrupted run left
	}
	defer stage.Discard() // what is not published
	next, err := stage.Succeed(writers.Options{Version: version, Async: corpus.Async})
	if err != nil {
		return err
	}
	m, err := plan.Write(ctx, &successor{output{dir: next.Dir}, next})
	if err != nil {
		return err
	}
	if err := stage.Publish(true); err != nil {
		return err
	}
	if err := stage.Recover(); err != nil { // removes the old one, where Publish could not
		return fmt.Errorf("%s is as it should be, but the dataset that it replaced, with what was taken down, could not be removed: %w", t.dir, err)
	}
	went := fmt.Sprintf("%s, other inputs: %s", many(plan.Documents(), "document"), formatCount(plan.Inputs()-plan.Documents()))
	if plan.Inputs() == 0 {
		went = "what was learned of a site that has no document"
	}
	fmt.Fprintf(t.messages, "%s: taken down: %s; %s remain\n", t.dir, went, many(m.Outcomes.Kept, "document"))
	if _, err := os.Stat(dir + ".work"); err == nil {
		fmt.Fprintf(t.messages, "%s.work, the work folder of a build, holds texts of what was taken down\n", t.dir)
	}
	return nil
}

// refuseUnlisted refuses a folder with files of somebody else: they would not be in the one that takes its place, and
// nobody can say what is in them.
func (t *takedown) refuseUnlisted(d *writers.Reader) error {
	names, err := d.Unlisted()
	if err != nil || len(names) == 0 {
		return err
	}
	const most = 5
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %s more", formatCount(int64(len(names)-most)))
		names = names[:most]
	}
	for i := range names {
		names[i] = corpus.EscapePath(names[i])
	}
	return usage("%s holds files that are not in its manifest, which a takedown would lose: %s%s; move them away first", t.dir, strings.Join(names, ", "), more)
}

// successor joins what decides what goes and what writes the rest.
type successor struct {
	output
	to *writers.Successor
}

func (s *successor) Keep(f schema.File) error { return s.to.Keep(f) }

func (s *successor) KeepWithout(f schema.File, gone func(id string) bool) (schema.File, bool, error) {
	return s.to.KeepWithout(f, gone)
}

func (s *successor) WriteDocuments(shard schema.Shard, rows iter.Seq2[*schema.Document, error]) ([]schema.File, error) {
	return s.to.WriteDocuments(shard, rows)
}

func (s *successor) WriteFile(name, format string, content []byte) (schema.File, error) {
	return s.to.WriteFile(name, format, content)
}

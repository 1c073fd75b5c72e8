package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"broadsheet/corpus"
	"broadsheet/schema"
	"broadsheet/writers"
)

func verifyCommand() *cli.Command {
	settings := []setting{{name: "memory", value: "SIZE", fallback: "64 MiB", usage: "bound of the tables of ids"}}
	return &cli.Command{
		Name:      "verify",
		Usage:     "is a dataset still what its manifest says, byte by byte",
		UsageText: "broadsheet verify DIR",
		Description: "Every file is hashed and every row is read: hashes, missing and extra files, rows of both formats, unique ids,\n" +
			"the law of outcomes. The exit code is 4 where anything differs; each difference is named, and where a file can\n" +
			"be made again from the other format this is said.",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("verify needs a dataset: broadsheet verify DIR")
			}
			var o writers.VerifyOptions
			if c.IsSet("memory") {
				var err error
				if o.Memory, err = parseSize(c.String("memory")); err != nil {
					return usage("--memory: %s", err)
				}
			}
			dir := c.Args().First()
			root, err := os.OpenRoot(dir)
			if err != nil {
				return usage("%s", err)
			}
			defer root.Close()
			fsys := writers.Root(root)
			stones, err := tombstonesOf(fsys)
			if err != nil {
				fmt.Fprintln(c.App.Writer, err)
			} else if stones != nil {
				o.TakenDown = func(d *schema.Document) bool { return stones.Has(d.ID, d.URL) }
			}
			wrong := err != nil
			v, problems, err := writers.Verify(fsys, o)
			if err != nil {
				return err
			}
			for _, p := range problems {
				fmt.Fprintf(c.App.Writer, "%s: %s\n", p.Path, p.What)
				if p.From != "" {
					fmt.Fprintf(c.App.Writer, "  its rows are whole in %s\n", p.From)
				}
			}
			if n := len(problems); n > 0 || wrong {
				if wrong {
					n++
				}
				return &exitError{exitDifference, fmt.Sprintf("%s is not what its manifest says (differences: %s)", dir, formatCount(int64(n)))}
			}
			fmt.Fprintf(c.App.Writer, "%s: %s files, %s, %s documents: as the manifest says\n", dir, formatCount(v.Files), formatSize(v.Bytes), formatCount(v.Rows))
			return nil
		},
	}
}

// tombstonesOf are those of the dataset at the root of fsys; nil where there is no manifest, which is for Verify to tell.
func tombstonesOf(fsys writers.FS) (*corpus.Exclusions, error) {
	d, err := writers.Open(fsys)
	if err != nil {
		return nil, nil
	}
	return tombstonesIn(d)
}

// tombstonesIn are those of a dataset; nil where nothing was taken down.
func tombstonesIn(d *writers.Reader) (*corpus.Exclusions, error) {
	b, err := corpus.Tombstones(d)
	if err != nil || b == nil {
		return nil, err
	}
	x := corpus.NewExclusions()
	return x, x.ReadTombstones(b)
}

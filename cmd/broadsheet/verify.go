package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"broadsheet/writers"
)

func verifyCommand() *cli.Command {
	settings := []setting{{name: "memory", value: "SIZE", fallback: "64 MiB", usage: "bound of the tables of ids"}}
	return &cli.Command{
		Name:      "verify",
		Usage:     "does a dataset still match its manifest, byte by byte and row by row",
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
			v, problems, err := writers.Verify(writers.Root(root), o)
			if err != nil {
				return err
			}
			for _, p := range problems {
				fmt.Fprintf(c.App.Writer, "%s: %s\n", p.Path, p.What)
				if p.From != "" {
					fmt.Fprintf(c.App.Writer, "  its rows are whole in %s\n", p.From)
				}
			}
			if len(problems) > 0 {
				return &exitError{exitDifference, fmt.Sprintf("%s: %s differences", dir, formatCount(int64(len(problems))))}
			}
			fmt.Fprintf(c.App.Writer, "%s: %s files, %s, %s documents: as the manifest says\n", dir, formatCount(v.Files), formatSize(v.Bytes), formatCount(v.Rows))
			return nil
		},
	}
}

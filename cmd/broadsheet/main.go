// Broadsheet turns collected article files into a training-ready, releasable text dataset.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

// version of the tool; a dataset's manifest names it, and a build goes on from another one's work only where it is equal.
const version = "0.1.0"

// The exit codes are part of the contract with scripts.
const (
	exitDone        = 0
	exitFailed      = 1   // nothing was published
	exitUsage       = 2   // the command line or the configuration
	exitUnreadable  = 3   // done, but more inputs than --max-unreadable could not be read
	exitDifference  = 4   // verify or diff found a difference
	exitInterrupted = 130 // resumable
)

func main() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) }

// run is main without the process: it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible(context.Background())
	defer stop()
	app := newApp(stdin, stdout, stderr)
	args, err := flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	var e *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		if e.message != "" {
			fmt.Fprintln(stderr, "broadsheet: "+e.message)
		}
		return e.code
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "broadsheet: interrupted; the same command goes on from here")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "broadsheet: "+err.Error())
	return exitFailed
}

// exitError is an error whose exit code is decided. An empty message prints nothing: all has been said.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// interruptible gives a context that the first interrupt ends; the second one ends the process at once.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, ok := <-signals; !ok {
			return
		}
		cancel()
		if _, ok := <-signals; ok {
			os.Exit(exitInterrupted)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:      "broadsheet",
		Usage:     "collected articles in, a text dataset out",
		UsageText: "broadsheet build ARTICLES... --out DATASET",
		Description: "broadsheet reads article files, normalizes their text and metadata, finds duplicates and writes\n" +
			"sharded Parquet and JSONL with a manifest. It can say for every input what became of it, and why.",
		Version:                   version,
		HideVersion:               false,
		Reader:                    stdin,
		Writer:                    stdout,
		ErrWriter:                 stderr,
		Suggest:                   true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides
		CommandNotFound:           nil,
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			return usage("%s; broadsheet help shows the flags", strings.TrimSuffix(err.Error(), "\n"))
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				name := c.Args().First()
				if near := nearest(name, commandNames(c.App)); near != "" {
					return usage("there is no command %q; did you mean %q?", name, near)
				}
				return usage("there is no command %q; broadsheet help lists them", name)
			}
			return cli.ShowAppHelp(c)
		},
		Commands: []*cli.Command{
			buildCommand(),
			inspectCommand(),
			explainCommand(),
			verifyCommand(),
			statsCommand(),
			diffCommand(),
			completionCommand(),
		},
	}
	for _, c := range app.Commands {
		c.OnUsageError = app.OnUsageError
		c.CustomHelpTemplate = commandHelp
	}
	return app
}

func commandNames(app *cli.App) []string {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return append(names, "help")
}

const commandHelp = `NAME:
   {{.HelpName}} - {{.Usage}}

USAGE:
   {{.UsageText}}
{{if .Description}}
DESCRIPTION:
   {{wrap .Description 3}}
{{end}}{{if .VisibleFlagCategories}}
FLAGS:{{range .VisibleFlagCategories}}{{if .Name}}

   {{.Name}}{{end}}{{range .Flags}}
   {{wrap .String 6}}{{end}}{{end}}
{{else if .VisibleFlags}}
FLAGS:{{range .VisibleFlags}}
   {{wrap .String 6}}{{end}}
{{end}}
EXIT STATUS:
   0 done · 1 failed, nothing published · 2 usage or configuration · 3 done, but more inputs than --max-unreadable
   could not be read · 4 verify or diff found a difference · 130 interrupted, resumable
`

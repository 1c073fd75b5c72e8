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
	exitInterrupted = 130 // build and takedown: resumable
)

func main() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) }

// run is main without the process: it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	stdout, stderr = terminal{stdout}, terminal{stderr}
	command := ""
	if len(args) > 1 {
		command = args[1]
	}
	resumes := command == "build" || command == "takedown"
	ctx, stop := interruptible(context.Background(), resumes || command == "diff")
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
		message := "broadsheet: interrupted"
		if resumes {
			message += "; the same command goes on from here"
		}
		fmt.Fprintln(stderr, message)
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "broadsheet: "+err.Error())
	if advice := adviceFor(err); advice != "" {
		fmt.Fprintln(stderr, advice)
	}
	return exitFailed
}

// adviceFor says what a person can do about an error of the machine.
func adviceFor(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "the disk (or a quota or limit on it) is full: make room, or name another place with --work or --out; then the same command goes on from here"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "too many files are open at once: raise the limit (ulimit -n), or give fewer --jobs; then the same command goes on from here"
	}
	return ""
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

// interruptible gives a context that the first interrupt ends; the second one ends the process at once. So does the first
// one where the command has nothing on the disk to put away.
func interruptible(parent context.Context, putsAway bool) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if putsAway {
			if _, ok := <-signals; !ok {
				return
			}
			cancel()
		}
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
		Description: "broadsheet reads article files, brings their text and metadata into one form, finds repeated text and " +
			"duplicates, and writes sharded Parquet and JSONL with a manifest, a card and a report. It can say of every " +
			"input what became of it, and why.",
		Version:                   version,
		Reader:                    stdin,
		Writer:                    stdout,
		ErrWriter:                 stderr,
		Suggest:                   true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			return usage("%s; broadsheet help shows the flags", strings.TrimSuffix(err.Error(), "\n"))
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownCommand(c.App, c.Args().First())
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
			takedownCommand(),
			completionCommand(),
		},
	}
	for _, c := range app.Commands {
		c.OnUsageError = app.OnUsageError
		c.HideHelpCommand = true // an input may be a folder called help, or h
		c.CustomHelpTemplate = commandHelp(c)
	}
	app.CustomAppHelpTemplate = appHelp(app)
	return app
}

func commandNames(app *cli.App) []string {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return append(names, "help")
}

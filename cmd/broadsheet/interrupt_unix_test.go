//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What writes nothing ends at once with 130, even where it waits for a disk: here for a manifest that is a pipe.
func TestInterruptedReaders(t *testing.T) {
	for _, args := range [][]string{{"verify", "d"}, {"stats", "d"}, {"explain", "d", "an id"}} {
		for _, sent := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
			dir := t.TempDir()
			pipe := filepath.Join(dir, "d", "manifest.json")
			if err := errors.Join(os.Mkdir(filepath.Dir(pipe), 0o777), syscall.Mkfifo(pipe, 0o666)); err != nil {
				t.Skip("a pipe cannot be made here: ", err)
			}
			c := exec.Command("broadsheet", args...)
			c.Dir = dir
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			var err error
			waits := func() bool { // it has opened the pipe and reads
				w, werr := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
				if werr == nil {
					t.Cleanup(func() { w.Close() })
				}
				return werr == nil
			}
			for !waits() && err == nil {
				select {
				case err = <-ended:
					t.Fatalf("%q does not read the manifest: %v", args, err)
				case <-time.After(time.Millisecond):
				}
			}
			c.Process.Signal(sent)
			if code := exitCode(t, <-ended); code != exitInterrupted {
				t.Errorf("%q: %v ends it with %d, want %d", args, sent, code, exitInterrupted)
			}
		}
	}
}

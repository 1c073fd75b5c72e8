package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The help of every command fits a terminal, names each of its flags once, and the exit codes that it can end with.
func TestHelp(t *testing.T) {
	app := newApp(nil, nil, nil)
	help := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := run(append([]string{"broadsheet"}, args...), strings.NewReader(""), &out, &errs); code != exitDone || errs.Len() > 0 {
			t.Errorf("%q ends with %d: %s", args, code, errs.String())
		}
		for line := range strings.SplitSeq(out.String(), "\n") {
			if utf8.RuneCountInString(line) > helpColumns || strings.ContainsAny(line, "\t\u2060") || strings.HasSuffix(line, " ") {
				t.Errorf("%q: %q", args, line)
			}
		}
		return out.String()
	}
	all := help("help")
	for _, same := range [][]string{{"--help"}, {"-h"}, {}} {
		if help(same...) != all {
			t.Errorf("%q is not the help", same)
		}
	}
	codes := map[string][]string{"build": {"0", "1", "2", "3", "130"}, "verify": {"0", "1", "2", "4", "130"}, "diff": {"0", "1", "2", "4", "130"}}
	for _, c := range app.Commands {
		if !strings.Contains(all, "\n  "+c.Name+" ") {
			t.Errorf("the help does not name %s", c.Name)
		}
		text := help("help", c.Name)
		if c.Name != "completion" && help(c.Name, "--help") != text {
			t.Errorf("%s --help is not help %s", c.Name, c.Name)
		}
		for _, f := range c.Flags {
			if name := f.Names()[0]; name != "help" && strings.Count(text, "\n  --"+name+" ") != 1 {
				t.Errorf("help %s has --%s %d times", c.Name, name, strings.Count(text, "\n  --"+name+" "))
			}
		}
		var got []string
		_, exits, _ := strings.Cut(text, "Exit codes\n")
		for _, m := range regexp.MustCompile(`(?m)^  (\d+)`).FindAllStringSubmatch(exits, -1) {
			got = append(got, m[1])
		}
		if want := codes[c.Name]; want != nil && !slices.Equal(got, want) || !slices.IsSorted(got[:2]) {
			t.Errorf("%s: exit codes %q", c.Name, got)
		}
	}
	// What changes the output does not stand below the heading that says it does not.
	_, never, _ := strings.Cut(help("help", "build"), groupRun)
	if strings.Contains(never, "--config") || !strings.Contains(never, "--jobs") {
		t.Errorf("below %q:%s", groupRun, never)
	}
}

// A place that cannot be written to is said before the work, with what to do.
func TestPlaceThatCannotBeWrittenTo(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("the superuser may write everywhere, and Windows has no such folders")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	out := filepath.Join(dir, "d")
	if code := run([]string{"broadsheet", "build", "../../testdata/articles", "--out", out}, strings.NewReader(""), &errs, &errs); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(errs.String(), "name a place in a folder that can be written to") || !strings.Contains(errs.String(), "--out "+out+": ") {
		t.Errorf("%s", errs.String())
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Any configuration file is taken or refused with its name; it never ends the program.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("name: News\nmin-chars: 3\nformats: [parquet]\nsplit: [train=0.9, test=0.1]\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("shard-size: 1e400GiB\nmax-unreadable: -1%\norder: shuffle:x\n"))
	name := filepath.Join(f.TempDir(), "broadsheet.yaml")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		o := options{origins: map[string]string{}}
		if err := o.file(name); err != nil && !strings.Contains(err.Error(), name) {
			t.Fatalf("the error does not name the file: %v", err)
		}
	})
}

// A size is a number of bytes that is not negative, and reads as itself when it is written for a person.
func FuzzSize(f *testing.F) {
	for _, s := range []string{"64MiB", "1.5 GiB", "500MB", "0", "9e9", "1..2", "-1", "4611686018427387904", "0.5TB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseSize(s)
		if err != nil {
			return
		}
		if n < 0 {
			t.Fatalf("%q is %d bytes", s, n)
		}
		if _, err := parseSize(formatSize(n)); err != nil {
			t.Fatalf("%q is %d bytes, written as %q, which is none", s, n, formatSize(n))
		}
	})
}

// The difference of two texts holds both of them, word by word.
func FuzzCompareTexts(f *testing.F) {
	f.Add("a b c", "a c d")
	f.Add("", "一二")
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == b {
			return
		}
		var before, after strings.Builder
		for _, c := range compareTexts(a, b) {
			before.WriteString(c.old)
			after.WriteString(c.new)
		}
		if before.String() != strings.Join(tokens(a), "") || after.String() != strings.Join(tokens(b), "") {
			t.Fatalf("%q and %q come back as %q and %q", a, b, before.String(), after.String())
		}
	})
}

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestConsumers loads what a build writes with the libraries that people use: pandas, pyarrow, DuckDB, polars, Hugging
// Face datasets (offline), mlcroissant, datatrove and the reader of dolma, in pinned versions. It needs Python 3 and, the
// first time, the package index. Then it runs each line of the README and of docs/recipes.md that reads a dataset.
func TestConsumers(t *testing.T) {
	if testing.Short() {
		t.Skip("the consumers take a minute: not with -short")
	}
	python := environment(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	articles := filepath.Join(root, "testdata", "articles")
	for name, flags := range map[string][]string{
		"dataset": nil,
		"splits":  {"--split", "train=0.6,validation=0.2,test=0.2", "--shard-size", "4KiB", "--order", "shuffle:1"},
	} {
		args := append([]string{"broadsheet", "build", articles, "--out", filepath.Join(dir, name), "--quiet", "--max-unreadable", "100%"}, flags...)
		if code := run(args, strings.NewReader(""), os.Stderr, os.Stderr); code != exitDone {
			t.Fatalf("the build ended with %d", code)
		}
	}
	for _, name := range []string{"dataset", "splits"} {
		out, err := exec.Command(python, filepath.Join(root, "testdata", "consumers", "consumers.py"), filepath.Join(dir, name)).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		t.Logf("%s:\n%s", name, out)
	}
	for _, page := range []struct {
		name  string
		least int
	}{{"README.md", 4}, {"docs/recipes.md", 8}} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page.name)))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, block := range regexp.MustCompile("(?s)```(sql|python)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			code := block[2]
			if block[1] == "sql" {
				code = fmt.Sprintf("import duckdb\nfor q in duckdb.extract_statements(%q): print(duckdb.sql(q.query))\n", code)
			}
			cmd := exec.Command(python, "-c", code)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "HF_HUB_OFFLINE=1", "HF_DATASETS_OFFLINE=1", "HF_HOME="+filepath.Join(dir, "hf"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s\n%s", page.name, err, code, out)
			}
			seen++
		}
		if seen < page.least {
			t.Errorf("%s has %d blocks that read a dataset, not %d", page.name, seen, page.least)
		}
	}
}

// environment gives a Python with the pinned consumers. It is made once for each set of pins and kept.
func environment(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../../testdata/consumers")
	if err != nil {
		t.Fatal(err)
	}
	requirements, alone := filepath.Join(folder, "requirements.txt"), filepath.Join(folder, "requirements-alone.txt")
	var pins []byte
	for _, name := range []string{requirements, alone} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pins = append(pins, b...)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	dir := filepath.Join(cache, "broadsheet", fmt.Sprintf("consumers-%x", sha256.Sum256(pins))[:26])
	if _, err := os.Stat(dir); err == nil {
		return pythonOf(dir)
	}
	system, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3: the consumers were not run")
	}
	// It is made aside and renamed: two tests that run at once each make their own, and the first to end is kept. Python
	// itself runs from anywhere; the programs of the environment, which are not used, would not.
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), "making-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(made)
	if out, err := exec.Command(system, "-m", "venv", made).CombinedOutput(); err != nil {
		t.Skipf("python3 cannot make a virtual environment, so the consumers were not run: %v\n%s", err, out)
	}
	install := []string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}
	if out, err := exec.Command(pythonOf(made), append(install, "-r", requirements)...).CombinedOutput(); err != nil {
		t.Skipf("the consumers' packages cannot be installed, so they were not run: %v\n%s", err, out)
	}
	if out, err := exec.Command(pythonOf(made), append(install, "--no-deps", "--only-binary", ":all:", "-r", alone)...).CombinedOutput(); err != nil {
		t.Logf("these cannot be installed, so their checks are left out: %v\n%s", err, out)
	}
	if err := os.Rename(made, dir); err != nil {
		if _, other := os.Stat(dir); other != nil {
			t.Fatal(err)
		}
	}
	return pythonOf(dir)
}

// pythonOf is the interpreter of a virtual environment.
func pythonOf(dir string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", "python.exe")
	}
	return filepath.Join(dir, "bin", "python")
}

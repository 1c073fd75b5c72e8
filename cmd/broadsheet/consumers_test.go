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
// Face datasets (offline) and mlcroissant, in pinned versions. It needs Python 3 and, the first time, the package index.
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
	dataset := filepath.Join(dir, "dataset")
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
	}
	// Every line of the README that reads a dataset.
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, block := range regexp.MustCompile("(?s)```(sql|python)\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		code := block[2]
		if block[1] == "sql" {
			code = fmt.Sprintf("import duckdb\nduckdb.sql(%q)\nfor q in %q.split(';'):\n    if q.strip(): print(duckdb.sql(q))\n", "SET TimeZone='UTC'", code)
		}
		cmd := exec.Command(python, "-c", code)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("README: %v\n%s\n%s", err, code, out)
		}
		seen++
	}
	if seen < 3 || dataset == "" {
		t.Errorf("the README has %d blocks that read a dataset", seen)
	}
}

// environment gives a Python with the pinned consumers. It is made once for each set of pins and kept.
func environment(t *testing.T) string {
	t.Helper()
	requirements, err := filepath.Abs("../../testdata/consumers/requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	pins, err := os.ReadFile(requirements)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	dir := filepath.Join(cache, "broadsheet", fmt.Sprintf("consumers-%x", sha256.Sum256(pins))[:26])
	python := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(dir, "Scripts", "python.exe")
	}
	ready := filepath.Join(dir, "ready")
	if _, err := os.Stat(ready); err == nil {
		return python
	}
	os.RemoveAll(dir)
	system, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3: the consumers were not run")
	}
	if out, err := exec.Command(system, "-m", "venv", dir).CombinedOutput(); err != nil {
		t.Skipf("python3 cannot make a virtual environment, so the consumers were not run: %v\n%s", err, out)
	}
	if out, err := exec.Command(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements).CombinedOutput(); err != nil {
		t.Skipf("the consumers' packages cannot be installed, so they were not run: %v\n%s", err, out)
	}
	if err := os.WriteFile(ready, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return python
}

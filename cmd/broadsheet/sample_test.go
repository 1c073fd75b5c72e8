package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/corpus/material"
)

// sampleFolder makes dir hold articles of the real collection beside the repository: every step-th of them. Where that
// is absent it is the project's own articles, several times with other words in them.
func sampleFolder(t testing.TB, dir string, step int) {
	t.Helper()
	const archive = "samples/society.tar.zst"
	if !material.Here(t, archive) {
		t.Log("without the real collection, which is not beside the repository; the project's own articles stand in")
		copies(t, dir, max(1, 24/step))
		return
	}
	n := 0
	for name, b := range material.Files(t, archive) {
		name = path.Clean(name)
		if !strings.HasPrefix(name, "archived/") && !strings.HasPrefix(name, "_posts/") {
			continue
		}
		if n++; n%step == 0 {
			put(t, filepath.Join(dir, filepath.FromSlash(name)), b)
		}
	}
	if n == 0 {
		t.Fatal("the sample holds no article")
	}
}

// copies writes the project's articles n times: in each copy of a text the words of one letter differ.
func copies(t testing.TB, dir string, n int) {
	t.Helper()
	root := filepath.Join("..", "..", "testdata", "articles")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(name)
		for i := range n {
			text := strings.ReplaceAll(string(b), " the ", fmt.Sprintf(" the %dth ", i))
			put(t, filepath.Join(dir, fmt.Sprintf("copy%02d", i), rel), []byte(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// put writes a file and the folders it lies in.
func put(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// treeHash is one hash of all files below a folder, with their names; of nothing where there is no such folder.
func treeHash(t testing.TB, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(name)
		fmt.Fprintf(h, "%s %x\n", filepath.ToSlash(rel), sha256.Sum256(b))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

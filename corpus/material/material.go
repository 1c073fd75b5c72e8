// Package material finds the material that tests are held against where it lies beside the repository: real samples,
// labelled sets, public suites. Tests alone import it.
package material

import (
	"archive/tar"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Path gives the file or folder of the material under a name like "suites/urltestdata.json". It skips the test, and says
// why, where there is none.
func Path(t testing.TB, name string) string {
	t.Helper()
	path, err := find(t, name)
	if err != nil {
		t.Skipf("the reference material is not beside the repository: %v", err)
	}
	return path
}

// Here reports whether there is material under a name, for tests that do with less.
func Here(t testing.TB, name string) bool {
	t.Helper()
	_, err := find(t, name)
	return err == nil
}

func find(t testing.TB, name string) (string, error) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("there is no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", filepath.FromSlash(name))
	_, err = os.Stat(path)
	return path, err
}

// Files yields the names and contents of the regular files in a .tar.zst of the material, in the order of the archive. It
// skips the test as Path does.
func Files(t testing.TB, archive string) iter.Seq2[string, []byte] {
	t.Helper()
	path := Path(t, archive)
	return func(yield func(string, []byte) bool) {
		t.Helper()
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		for r := tar.NewReader(z); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if h.Typeflag != tar.TypeReg {
				continue
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(h.Name, b) {
				return
			}
		}
	}
}

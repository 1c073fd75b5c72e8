package corpus

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// One build at a time holds a lock, the second one learns who does, and a lock that lies where something else is takes
// nothing of it.
func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	first, err := TakeLock(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TakeLock(name); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "process ") || !strings.Contains(err.Error(), name) {
		t.Errorf("the second: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := TakeLock(name)
	if err != nil {
		t.Fatal(err)
	}
	again.Release()

	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("somebody's"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, name); err != nil {
		t.Skip(err)
	}
	if _, err := TakeLock(name); err == nil || !strings.Contains(err.Error(), "in the way") {
		t.Errorf("over a link: %v", err)
	}
	if b, err := os.ReadFile(other); err != nil || string(b) != "somebody's" {
		t.Errorf("what the link leads to was changed to %q, %v", b, err)
	}
}

// A build that was killed while it described its work folder leaves nothing that the next one stumbles over.
func TestWorkFolderOfAKilledBuild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	for _, left := range [][]string{{lockFile}, {lockFile, "tmp/sort-1.run"}, {lockFile, recipeFile + unfinished}, {lockFile, recipeFile, recipeFile + unfinished}} {
		for _, name := range left {
			name = filepath.Join(dir, filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte("x"), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		w, err := OpenWork(dir, "test", Defaults())
		if err != nil {
			t.Errorf("%v: %v", left, err)
			continue
		}
		if err := w.Remove(); err != nil {
			t.Errorf("%v: %v", left, err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v: the folder is left behind", left)
		}
	}
}

package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"broadsheet/schema"
)

// Work is the folder in which a build keeps what grows with its input: the spill of each stage and the runs of its
// sorts. One build holds it at a time. What an interrupted build left there is used by the next one.
type Work struct {
	dir  string
	lock *Lock
	// Restarted says, for a person, why what an earlier build left could not be used; empty where it could or where
	// there was nothing.
	Restarted string
}

// recipe is what the records of a spill depend on besides the input.
type recipe struct {
	Tool   string          `json:"tool"`
	Config schema.Settings `json:"config"`
}

const recipeFile = "build.json"

// OpenWork takes the work folder for a build by this version of the tool with this configuration. A folder that holds
// anything else than a build's work is refused.
func OpenWork(dir, tool string, config Config) (*Work, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	ours := len(entries) == 0
	for _, e := range entries {
		ours = ours || e.Name() == recipeFile || e.Name() == lockFile
	}
	if !ours {
		return nil, fmt.Errorf("%w: %s is not empty and not the work folder of a build; name another with --work", ErrInput, dir)
	}
	lock, err := TakeLock(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, err
	}
	w := &Work{dir: dir, lock: lock}
	config.Name, config.License, config.Release = "", "", nil // go into the last files alone, which are always made anew
	if err := w.settle(recipe{tool, config.Settings()}); err != nil {
		lock.leave()
		return nil, err
	}
	return w, nil
}

const lockFile = "lock"

// settle clears what cannot be used and records what the work will be made by.
func (w *Work) settle(now recipe) error {
	var before recipe
	b, err := os.ReadFile(filepath.Join(w.dir, recipeFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case json.Unmarshal(b, &before) != nil:
		w.Restarted = "the work folder's description is damaged"
	default:
		w.Restarted = before.differs(now)
	}
	if w.Restarted != "" {
		if err := w.clear(); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(w.Temp()); err != nil {
		return err
	}
	if err := os.MkdirAll(w.Temp(), 0o755); err != nil {
		return err
	}
	b, err = json.MarshalIndent(now, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(w.dir, recipeFile), append(b, '\n'))
}

func (r recipe) differs(now recipe) string {
	if r.Tool != now.Tool {
		return fmt.Sprintf("it was made by %s, this is %s", r.Tool, now.Tool)
	}
	var changed []string
	for i, now := range now.Config {
		switch {
		case i >= len(r.Config) || r.Config[i].Name != now.Name:
			return "its configuration has other keys"
		case string(r.Config[i].Value) != string(now.Value):
			changed = append(changed, fmt.Sprintf("%s was %s and is %s", now.Name, r.Config[i].Value, now.Value))
		}
	}
	return strings.Join(changed, "; ")
}

// Temp is the folder for the runs of sorts. It is emptied at the start.
func (w *Work) Temp() string { return filepath.Join(w.dir, "tmp") }

// Dir is the folder itself.
func (w *Work) Dir() string { return w.dir }

// Release gives the folder up and leaves what is in it.
func (w *Work) Release() error {
	return errors.Join(os.RemoveAll(w.Temp()), w.lock.Release())
}

// Remove gives the folder up with all that a build put there.
func (w *Work) Remove() error {
	if err := w.clear(); err != nil {
		return err
	}
	for _, name := range []string{recipeFile + unfinished, recipeFile} {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	err := w.lock.Release()
	os.Remove(w.dir) // stays where somebody put something into it
	return err
}

// clear removes the stages' folders. Nothing else is touched: the folder was named by a person.
func (w *Work) clear() error {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		stage, _, _ := strings.Cut(e.Name(), "-")
		if !e.IsDir() || !slices.Contains([]string{"tmp", "read", "base", "clean", "stage"}, stage) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(w.dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// generations lists the folders of one stage, newest first. An interrupted build leaves an unfinished one, the next
// begins another, and reads all of them.
func (w *Work) generations(stage string) ([]string, error) {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if name, n, ok := strings.Cut(e.Name(), "-"); ok && name == stage && e.IsDir() {
			if _, err := strconv.Atoi(n); err == nil {
				out = append(out, filepath.Join(w.dir, e.Name()))
			}
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// nextGeneration names a new folder for a stage.
func (w *Work) nextGeneration(stage string, before []string) string {
	n := 0
	if len(before) > 0 {
		_, s, _ := strings.Cut(filepath.Base(before[0]), "-")
		n, _ = strconv.Atoi(s)
	}
	return filepath.Join(w.dir, fmt.Sprintf("%s-%06d", stage, n+1))
}

// stage gives an empty folder for a stage whose records are made anew by each build.
func (w *Work) stage(name string) string {
	dir := filepath.Join(w.dir, name)
	os.RemoveAll(dir)
	return dir
}

// writeFile writes a small file so that it is whole or not there. What a build that was killed left under the name of the
// unfinished file is replaced, not followed.
func writeFile(name string, b []byte) error {
	temp := name + unfinished
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

// unfinished ends the name of a file that is being written.
const unfinished = ".tmp"

package writers

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"broadsheet/schema"
)

// Stage is the place where a dataset is built, and the way from there to where it belongs. The dataset is built in
// NAME.partial, beside its place, so that the last step is a rename: at every moment NAME is the dataset that was
// there before, or the new one, or (for the instant between two renames, which [Stage.Recover] repairs) nothing.
//
// What Stage removes it has made: NAME.partial carries a marker until its manifest is there, and the folder that is put
// aside has a hidden name and a manifest.
type Stage struct {
	fsys    FS // of the folder that holds NAME
	name    string
	partial string
	aside   string
}

// State is what is at the place where a dataset is to be.
type State int

// The states. Foreign is a folder with something in it that is no dataset, or a file.
const (
	Absent State = iota
	EmptyFolder
	Dataset
	Foreign
)

// marker is the file by which an unfinished folder is known as ours.
const marker = ".broadsheet-partial"

// NewStage is the stage for the dataset name, one path element, in the folder that fsys is the root of.
func NewStage(fsys FS, name string) (*Stage, error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) {
		return nil, fmt.Errorf("output %q is not the name of a folder", name)
	}
	return &Stage{fsys: fsys, name: name, partial: name + ".partial", aside: "." + name + ".replaced"}, nil
}

// Partial is the name of the folder in which the dataset is built.
func (s *Stage) Partial() string { return s.partial }

// Recover brings a replacement to its end that was interrupted between its renames. Where the new dataset was complete
// it takes the place; else the old one goes back.
func (s *Stage) Recover() error {
	aside, err := s.state(s.aside)
	if err != nil || aside == Absent {
		return err
	}
	if aside == EmptyFolder { // a removal that was all but done
		return s.remove(s.aside, "")
	}
	if aside != Dataset {
		return s.foreign(s.aside)
	}
	here, err := s.state(s.name)
	if err != nil {
		return err
	}
	switch here {
	case Dataset: // only the removal was left to do
	case Absent:
		next, err := s.state(s.partial)
		if err != nil {
			return err
		}
		from := s.aside
		if next == Dataset {
			from = s.partial
		}
		if err := s.move(from, s.name); err != nil {
			return err
		}
		if from == s.aside {
			return nil
		}
	default:
		return fmt.Errorf("%s is in the way: %s holds the dataset that was there", s.name, s.aside)
	}
	return s.remove(s.aside, schema.ManifestName)
}

// State says what is at the place of the dataset now.
func (s *Stage) State() (State, error) { return s.state(s.name) }

func (s *Stage) state(name string) (State, error) {
	info, err := s.fsys.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Absent, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", name, err)
	}
	if info.Mode()&fs.ModeSymlink != 0 || !info.IsDir() {
		return Foreign, nil
	}
	list, err := s.fsys.ReadDir(name)
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", name, err)
	}
	if len(list) == 0 {
		return EmptyFolder, nil
	}
	b, err := readFile(s.fsys, name+"/"+schema.ManifestName, schema.MaxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return Foreign, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", name, err)
	}
	if m, err := schema.ReadManifest(bytes.NewReader(b)); err != nil || m.Tool.Name != toolName {
		return Foreign, nil
	}
	return Dataset, nil
}

// toolName is the name under which a manifest knows us.
const toolName = "broadsheet"

// Check refuses where the build could not be published in the end, before any work is done: something that is not ours
// at the place or at the stage's own names, or a dataset and not force.
func (s *Stage) Check(force bool) error {
	here, err := s.state(s.name)
	if err != nil {
		return err
	}
	switch {
	case here == Foreign:
		return s.foreign(s.name)
	case here == Dataset && !force:
		return fmt.Errorf("%s is a dataset already; --force replaces it once the new one is complete", s.name)
	}
	if err := s.ours(); err != nil {
		return err
	}
	aside, err := s.state(s.aside)
	if err == nil && aside == Foreign {
		err = s.foreign(s.aside)
	}
	return err
}

func (s *Stage) foreign(name string) error {
	return fmt.Errorf("%s is neither a dataset nor an interrupted build of this tool; it is left alone", name)
}

// ours is nil where the partial folder is absent, empty, or made by a build.
func (s *Stage) ours() error {
	state, err := s.state(s.partial)
	if err != nil || state != Foreign {
		return err
	}
	for _, name := range []string{marker, tempPrefix + marker} {
		if is, err := exists(s.fsys, s.partial+"/"+name); is || err != nil {
			return err
		}
	}
	return s.foreign(s.partial)
}

// Begin recovers, checks, makes the folder in which the dataset is built, and gives it for writing. What an interrupted build left there
// is removed: it costs less to write a shard again than to trust it.
func (s *Stage) Begin(force bool, o Options) (*Dir, error) {
	if err := s.Recover(); err != nil {
		return nil, err
	}
	if err := s.Check(force); err != nil {
		return nil, err
	}
	if err := s.Discard(); err != nil {
		return nil, err
	}
	if err := s.fsys.Mkdir(s.partial); err != nil {
		return nil, fmt.Errorf("create folder %s: %w", s.partial, err)
	}
	d := NewDir(Sub(s.fsys, s.partial), o)
	if _, err := d.WriteFile(marker, "", []byte("A dataset is being built here. It is not complete.\n")); err != nil {
		return nil, err
	}
	if err := s.movable(); err != nil {
		return nil, errors.Join(err, s.Discard())
	}
	return d, nil
}

// ErrFixed says that the place of the dataset cannot be given to another folder: it is where a file system is mounted.
var ErrFixed = errors.New("a file system is mounted there, so no other folder can take its place")

// movable is ErrFixed where Publish could not move what is at the place.
func (s *Stage) movable() error {
	here, err := s.state(s.name)
	if err != nil {
		return err
	}
	switch here {
	case EmptyFolder:
		if err = s.fsys.Rename(s.name, s.aside); err == nil {
			return s.move(s.aside, s.name)
		}
	case Dataset: // has something in it, so that nothing removes it; that it is a mount point is found before that
		err = s.fsys.Remove(s.name)
	}
	if errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("%s: %w", s.name, ErrFixed)
	}
	return nil
}

// Discard removes the folder in which the dataset is built.
func (s *Stage) Discard() error {
	if err := s.ours(); err != nil {
		return err
	}
	for _, name := range []string{marker, tempPrefix + marker} {
		is, err := exists(s.fsys, s.partial+"/"+name)
		if err != nil {
			return err
		}
		if is {
			return s.remove(s.partial, name)
		}
	}
	return s.remove(s.partial, schema.ManifestName)
}

// remove removes a folder of ours. The file by which it is known as such goes last, so that what is left after a crash
// is still known.
func (s *Stage) remove(dir, last string) error {
	is, err := exists(s.fsys, dir)
	if err != nil || !is {
		return err
	}
	list, err := s.fsys.ReadDir(dir)
	for _, d := range list {
		switch name := dir + "/" + d.Name(); {
		case err != nil || d.Name() == last:
		case d.IsDir():
			err = removeAll(s.fsys, name)
		default:
			err = s.fsys.Remove(name)
		}
	}
	if err == nil {
		err = removeAll(s.fsys, dir)
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", dir, err)
	}
	return nil
}

// Publish puts the finished dataset in its place: by one rename where there was none, else by moving the old one aside,
// the new one in, and removing the old one. Its manifest must be written.
func (s *Stage) Publish(force bool) error {
	if next, err := s.state(s.partial); err != nil {
		return err
	} else if next != Dataset {
		return fmt.Errorf("publish %s: it has no manifest", s.partial)
	}
	if err := s.Check(force); err != nil {
		return err
	}
	if err := s.fsys.Remove(s.partial + "/" + marker); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("publish %s: %w", s.name, err)
	}
	if err := s.fsys.SyncDir(s.partial); err != nil {
		return fmt.Errorf("publish %s: %w", s.name, err)
	}
	here, err := s.state(s.name)
	if err != nil {
		return err
	}
	if aside, err := s.state(s.aside); err != nil || aside == Dataset && here != Dataset {
		return errors.Join(err, fmt.Errorf("publish %s: %s holds the dataset that was there", s.name, s.aside))
	}
	if err := s.remove(s.aside, schema.ManifestName); err != nil {
		return err
	}
	switch here {
	case EmptyFolder:
		if err := s.fsys.Remove(s.name); err != nil {
			return fmt.Errorf("publish %s: %w", s.name, err)
		}
	case Dataset:
		if err := s.move(s.name, s.aside); err != nil {
			return s.undo(err)
		}
	}
	if err := s.move(s.partial, s.name); err != nil {
		return s.undo(err)
	}
	// The new dataset is in its place. Where the old one cannot be removed now, Recover removes it at the next build.
	s.remove(s.aside, schema.ManifestName)
	return nil
}

// undo puts the old dataset back where the place is empty, after an error. Where that fails too, Recover does it.
func (s *Stage) undo(err error) error {
	here, err2 := s.state(s.name)
	aside, err3 := s.state(s.aside)
	if err2 == nil && err3 == nil && here == Absent && aside == Dataset {
		return errors.Join(err, s.move(s.aside, s.name))
	}
	return err
}

// move renames within the folder and makes it durable.
func (s *Stage) move(from, to string) error {
	err := s.fsys.Rename(from, to)
	if err == nil {
		err = s.fsys.SyncDir(".")
	}
	if err != nil {
		return fmt.Errorf("move %s to %s: %w", from, to, err)
	}
	return nil
}

package corpus

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// File is one file that a walk found, or what stood in its place.
type File struct {
	Path  string // of the dataset: relative to the input's parent, '/'-separated, escaped (EscapePath)
	Name  string // for the operating system
	Size  int64  // bytes, when it was found
	Named bool   // given on the command line or in a list, so always read
	// Trouble says why the file cannot be read, and Skip whether that is a matter of its kind (a pipe, a device, a link to
	// a folder: skipped) or of access (rejected). Trouble is empty for a regular file.
	Trouble string
	Skip    bool
}

// ErrInput marks an error of what was asked for: no such input, an input twice, a list that cannot be read.
var ErrInput = errors.New("input")

// Input is one root of a walk.
type Input struct {
	Name string // for the operating system
	path string // its own path in the dataset, escaped
}

// NewInputs checks the arguments of a build: each must exist, and no two may give the same paths.
func NewInputs(args []string) ([]Input, error) {
	var inputs []Input
	for _, arg := range args {
		if arg == "" {
			return nil, fmt.Errorf("%w: an empty argument is no file or folder", ErrInput)
		}
		info, err := os.Stat(arg)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w: %s: there is no such file or folder", ErrInput, arg)
		} else if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
		abs, err := filepath.Abs(arg)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrInput, arg, err)
		}
		base := filepath.Base(abs)
		if base == string(filepath.Separator) || filepath.VolumeName(abs) == abs {
			base = ""
		}
		in := Input{Name: abs, path: EscapePath(base)}
		if info.IsDir() && base == "" {
			in.path = ""
		}
		inputs = append(inputs, in)
	}
	slices.SortFunc(inputs, func(a, b Input) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.Name, b.Name)) })
	for i := 1; i < len(inputs); i++ {
		if inputs[i].path == inputs[i-1].path {
			return nil, fmt.Errorf("%w: %s and %s would both be %q in the dataset; rename one, or give their common parent",
				ErrInput, inputs[i-1].Name, inputs[i].Name, inputs[i].path)
		}
	}
	return inputs, nil
}

// Walk yields the files below the inputs in bytewise order of their path. Hidden folders are left out, links to files
// are followed, links to folders are not (they could loop): they are yielded with a Trouble. An error ends the walk.
//
// One folder's names are held at a time per level, sorted; memory does not grow with the collection, but with its
// largest folder.
func Walk(inputs []Input) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		// Inputs are in order of their path; "a.txt" sorts before "a/…", which sorts before "a0", as inside a folder.
		ordered := slices.Clone(inputs)
		isDir := func(in Input) bool {
			info, err := os.Stat(in.Name)
			return err == nil && info.IsDir()
		}
		key := func(in Input) string {
			if isDir(in) {
				return in.path + "/"
			}
			return in.path
		}
		slices.SortStableFunc(ordered, func(a, b Input) int { return cmp.Compare(key(a), key(b)) })
		for _, in := range ordered {
			info, err := os.Stat(in.Name)
			switch {
			case err != nil:
				if !yield(File{Path: in.path, Name: in.Name, Named: true, Trouble: reasonOf(err)}, nil) {
					return
				}
			case info.IsDir():
				if !walkDir(in.Name, in.path, yield) {
					return
				}
			default:
				if !yield(regular(File{Path: in.path, Name: in.Name, Named: true}, info), nil) {
					return
				}
			}
		}
	}
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// walkDir yields what lies below one folder. It keeps its own stack: the depth of folders is the input's to choose.
func walkDir(root, path string, yield func(File, error) bool) bool {
	type entry struct {
		fs.DirEntry
		sortKey string
	}
	type level struct {
		name, path string
		rest       []entry
	}
	list := func(name, path string) (level, *File, error) {
		entries, err := os.ReadDir(name)
		if ofTheRun(err) {
			return level{}, nil, err
		}
		l := level{name: name, path: path}
		for _, e := range entries {
			if e.IsDir() && strings.HasPrefix(e.Name(), ".") {
				continue
			}
			key := EscapePath(e.Name())
			if e.IsDir() {
				key += "/"
			}
			l.rest = append(l.rest, entry{e, key})
		}
		slices.SortFunc(l.rest, func(a, b entry) int { return cmp.Compare(a.sortKey, b.sortKey) })
		if err != nil {
			return l, &File{Path: path, Name: name, Trouble: "folder: " + reasonOf(err)}, nil
		}
		return l, nil, nil
	}
	first, trouble, err := list(root, path)
	if err != nil {
		return yield(File{}, err) && false
	}
	if trouble != nil && !yield(*trouble, nil) {
		return false
	}
	stack := []level{first}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.rest) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		e := top.rest[0]
		top.rest = top.rest[1:]
		name := filepath.Join(top.name, e.Name())
		at := join(top.path, strings.TrimSuffix(e.sortKey, "/"))
		if e.IsDir() {
			next, trouble, err := list(name, at)
			if err != nil {
				return yield(File{}, err) && false
			}
			if trouble != nil && !yield(*trouble, nil) {
				return false
			}
			stack = append(stack, next)
			continue
		}
		f := File{Path: at, Name: name}
		info, err := os.Stat(name) // of a link, what it leads to
		switch {
		case err != nil && e.Type()&fs.ModeSymlink != 0:
			f.Trouble = "link: " + reasonOf(err)
		case err != nil:
			f.Trouble = reasonOf(err)
		case info.IsDir():
			f.Trouble, f.Skip = "a link to a folder is not followed; name the folder as an input to read it", true
		default:
			f = regular(f, info)
		}
		if !yield(f, nil) {
			return false
		}
	}
	return true
}

func regular(f File, info fs.FileInfo) File {
	f.Size = info.Size()
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return f
	case mode&fs.ModeNamedPipe != 0:
		f.Trouble = "a named pipe, not a file"
	case mode&fs.ModeSocket != 0:
		f.Trouble = "a socket, not a file"
	case mode&fs.ModeDevice != 0:
		f.Trouble = "a device, not a file"
	default:
		f.Trouble = "not a regular file"
	}
	f.Skip = !f.Named
	return f
}

// ofTheRun holds for what stands in the way of reading any file at all: it is no matter of the one that was to be opened,
// and the documents of a whole folder must not be lost to it.
func ofTheRun(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOMEM)
}

// reasonOf says what went wrong without the name, which the outcome row has already.
func reasonOf(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// List yields the files named in r, one path a line, in bytewise order of their path. Lines are sorted within memory
// bytes and in runs in dir beyond that. A path keeps the form in which it is listed, without a leading "./" or "/"; one
// with ".." is refused, and so is one that is listed twice.
func List(r io.Reader, dir string, memory int64) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		lines := func(yield func(string, error) bool) {
			sc := bufio.NewScanner(r)
			sc.Buffer(make([]byte, 64<<10), 1<<20)
			for n := 1; sc.Scan(); n++ {
				line := strings.TrimSuffix(sc.Text(), "\r")
				if line == "" {
					continue
				}
				path := filepath.ToSlash(line)
				for strings.HasPrefix(path, "./") || strings.HasPrefix(path, "/") {
					path = strings.TrimPrefix(strings.TrimPrefix(path, "."), "/")
				}
				if slices.Contains(strings.Split(path, "/"), "..") {
					yield("", fmt.Errorf("%w: line %d of the list: %q climbs out of its folder by ..; list paths below it", ErrInput, n, line))
					return
				}
				if path == "" {
					yield("", fmt.Errorf("%w: line %d of the list: %q names no file", ErrInput, n, line))
					return
				}
				if !yield(EscapePath(path)+"\x00"+line, nil) {
					return
				}
			}
			if err := sc.Err(); err != nil {
				yield("", fmt.Errorf("%w: the list of paths: %w", ErrInput, err))
			}
		}
		last, lastLine := "", ""
		for s, err := range sortStrings(lines, dir, memory, func() error { return nil }) {
			if err != nil {
				yield(File{}, err)
				return
			}
			path, line, _ := strings.Cut(s, "\x00")
			if path == last {
				yield(File{}, fmt.Errorf("%w: the list names %q twice (as %q and %q)", ErrInput, path, lastLine, line))
				return
			}
			last, lastLine = path, line
			f := File{Path: path, Name: line, Named: true}
			info, err := os.Stat(line)
			switch {
			case err != nil:
				f.Trouble = reasonOf(err)
			case info.IsDir():
				f.Trouble = "a folder; a list names files, and a folder is given as an argument"
			default:
				f = regular(f, info)
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

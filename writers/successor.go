package writers

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strconv"
	"strings"

	"broadsheet/schema"
)

// Successor is a dataset that is written to take the place of the one that is there, and has much in common with it.
type Successor struct {
	*Dir
	stage *Stage
}

// Succeed begins a successor of the dataset at the stage's place; [Stage.Publish] with force puts it there. What was left
// of an interrupted build or successor is removed.
func (s *Stage) Succeed(o Options) (*Successor, error) {
	d, err := s.Begin(true, o)
	if err != nil {
		return nil, err
	}
	return &Successor{d, s}, nil
}

// Keep takes over a file as it is: under a second name where the file system has such, else as a copy with the hash that
// its entry states.
func (s *Successor) Keep(f schema.File) error {
	from, to := s.stage.name+"/"+f.Path, s.stage.partial+"/"+f.Path
	fsys := s.stage.fsys
	info, err := fsys.Lstat(from)
	if err != nil {
		return fmt.Errorf("keep %s: %w", f.Path, err)
	}
	if !info.Mode().IsRegular() || info.Size() != f.Bytes {
		return fmt.Errorf("keep %s: it is not the file that the manifest names; broadsheet verify tells more", f.Path)
	}
	if err := fsys.Mkdir(path.Dir(to)); err != nil {
		return fmt.Errorf("create folder %s: %w", path.Dir(f.Path), err)
	}
	if fsys.Link(from, to) == nil {
		if err := fsys.SyncDir(path.Dir(to)); err != nil {
			return fmt.Errorf("sync the folder of %s: %w", f.Path, err)
		}
		return nil
	}
	in, err := fsys.Open(from)
	if err != nil {
		return fmt.Errorf("keep %s: %w", f.Path, err)
	}
	defer in.Close()
	out, err := create(s.Dir.fsys, f.Path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, readerOnly{in}); err != nil {
		out.Abort()
		return fmt.Errorf("keep %s: %w", f.Path, err)
	}
	size, sum, err := out.Commit()
	if err == nil && (size != f.Bytes || hex.EncodeToString(sum[:]) != f.SHA256) {
		err = fmt.Errorf("keep %s: it is damaged; broadsheet verify tells more", f.Path)
	}
	return err
}

// KeepWithout takes over a file of an audit table without the rows of some ids. A file that has none of them is kept as
// it is. The first file of a table stays when it has no row left, so that queries find its columns; another one goes, and
// ok is false. A table that this version does not know is an error: nobody can say whose texts are in it.
func (s *Successor) KeepWithout(f schema.File, gone func(id string) bool) (kept schema.File, ok bool, err error) {
	base, number := f.Path, 0
	if i := strings.LastIndexByte(base, '-'); i >= 0 {
		number, err = strconv.Atoi(strings.TrimSuffix(base[i+1:], ".parquet"))
		base = base[:i]
	}
	if err != nil {
		return kept, false, fmt.Errorf("%s: not the name of a file of a table", f.Path)
	}
	switch dropped, signals := s.Dropped(), s.Signals(); base {
	case dropped.base:
		return keepRows(s, f, dropped, number, func(r *schema.Dropped) string { return r.ID }, gone)
	case signals.base:
		return keepRows(s, f, signals, number, func(r *schema.Signals) string { return r.ID }, gone)
	}
	return kept, false, fmt.Errorf("%s: a table that this version of %s does not know", f.Path, toolName)
}

// rowID is the id of a row of any table that has one.
type rowID struct {
	ID string `parquet:"id,optional,plain"`
}

func keepRows[T any](s *Successor, f schema.File, t *Table[T], number int, id func(*T) string, gone func(string) bool) (kept schema.File, ok bool, err error) {
	defer t.Abort()
	from := Sub(s.stage.fsys, s.stage.name)
	touched := false
	for r, err := range ReadParquet[rowID](from, f.Path) {
		if err != nil {
			return kept, false, err
		}
		if touched = gone(r.ID); touched {
			break
		}
	}
	if !touched {
		return f, true, s.Keep(f)
	}
	t.first = number
	rows := 0
	for r, err := range ReadParquet[T](from, f.Path) {
		if err == nil && gone(id(r)) {
			continue
		}
		if err == nil {
			rows++
			err = t.Add(r)
		}
		if err != nil {
			return kept, false, err
		}
	}
	if rows == 0 && number > 0 {
		return kept, false, nil
	}
	files, err := t.Close()
	if err != nil {
		return kept, false, err
	}
	if len(files) != 1 {
		return kept, false, errors.New("the rows of one file made several")
	}
	return files[0], true, nil
}

// Predecessor reads the dataset that is at the stage's place.
func (s *Stage) Predecessor() (*Reader, error) { return Open(Sub(s.fsys, s.name)) }

// WriteDocuments is [Dir.WriteShard] in the formats that the shard has.
func (s *Successor) WriteDocuments(shard schema.Shard, rows iter.Seq2[*schema.Document, error]) ([]schema.File, error) {
	var formats []Format
	for _, f := range Formats() {
		if _, ok := formatOf(shard, f.Name); ok {
			formats = append(formats, f)
		}
	}
	return s.WriteShard(Shard{shard.Split, shard.Number}, formats, rows)
}

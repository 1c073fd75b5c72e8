package writers

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"broadsheet/schema"
)

// Reader reads a finished dataset.
type Reader struct {
	fsys     FS
	manifest *schema.Manifest
}

// Open opens the dataset at the root of fsys. It reads the manifest and looks at nothing else: rows are read as asked
// for, and whether they are the rows that were written is for [Verify] to say.
func Open(fsys FS) (*Reader, error) {
	f, err := fsys.Open(schema.ManifestName)
	if err != nil {
		return nil, fmt.Errorf("not a dataset, it has no readable %s: %w", schema.ManifestName, err)
	}
	m, err := schema.ReadManifest(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return &Reader{fsys, m}, nil
}

// Manifest is the manifest of the dataset.
func (r *Reader) Manifest() *schema.Manifest { return r.manifest }

// Documents are the rows of data/*.parquet in the order of the manifest: by split, by shard. An error ends them.
func (r *Reader) Documents() iter.Seq2[*schema.Document, error] {
	return readAll[schema.Document](r, "data/")
}

// Outcomes are the rows of audit/outcomes-*.parquet, in the order of their paths. An error ends them.
func (r *Reader) Outcomes() iter.Seq2[*schema.Outcome, error] {
	return readAll[schema.Outcome](r, "audit/outcomes-")
}

// Boilerplate are the rows of audit/boilerplate-*.parquet. An error ends them.
func (r *Reader) Boilerplate() iter.Seq2[*schema.Boilerplate, error] {
	return readAll[schema.Boilerplate](r, "audit/boilerplate-")
}

// Dropped are the rows of audit/dropped-*.parquet, none where the dataset was built without them. An error ends them.
func (r *Reader) Dropped() iter.Seq2[*schema.Dropped, error] {
	return readAll[schema.Dropped](r, "audit/dropped-")
}

// Files are the Parquet files whose path begins so, in the order of the manifest.
func (r *Reader) Files(prefix string) []schema.File {
	var out []schema.File
	for _, f := range r.manifest.Files {
		if f.Format == "parquet" && strings.HasPrefix(f.Path, prefix) {
			out = append(out, f)
		}
	}
	return out
}

// Columns are some columns of the files whose path begins so: T is a struct with the fields and tags of those columns.
// Only these are read from disk. An error ends them.
func Columns[T any](r *Reader, prefix string) iter.Seq2[*T, error] { return readAll[T](r, prefix) }

func readAll[T any](r *Reader, prefix string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, f := range r.Files(prefix) {
			for row, err := range ReadParquet[T](r.fsys, f.Path) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// readRows is how many rows are decoded at once.
const readRows = 64

// ReadParquet reads the rows of one Parquet file into the fields of T, which may be some of its columns: each must be
// there with its type. A row may be kept; it is not used again. Damaged and hostile files give an error, whatever the
// library does with them.
func ReadParquet[T any](fsys FS, name string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		stopped := false // by the caller: what it does inside yield is not ours to catch
		err := readParquet(fsys, name, func(row *T) bool {
			stopped = !yield(row, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(nil, fmt.Errorf("read %s: %w", name, err))
		}
	}
}

func readParquet[T any](fsys FS, name string, yield func(*T) bool) (err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var rows *parquet.GenericReader[T]
	var total int64
	err = guard(func() error {
		pf, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		total = pf.NumRows()
		rows, err = newReader[T](pf)
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, guard(rows.Close)) }()
	for n := int64(0); ; {
		batch := make([]T, readRows)
		var k int
		err := guard(func() (err error) {
			k, err = rows.Read(batch)
			return err
		})
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for i := range batch[:k] {
			if !yield(&batch[i]) {
				return nil
			}
		}
		n += int64(k)
		if err != nil || k == 0 {
			if n != total {
				return fmt.Errorf("it holds %d rows, its footer says %d", n, total)
			}
			return nil
		}
	}
}

// newReader checks that every column of T is in the file as T has it.
func newReader[T any](f *parquet.File) (*parquet.GenericReader[T], error) {
	want := parquet.SchemaOf(reflect.New(reflect.TypeFor[T]()).Interface())
	for _, path := range want.Columns() {
		w, _ := want.Lookup(path...)
		h, ok := f.Schema().Lookup(path...)
		if !ok {
			return nil, fmt.Errorf("there is no column %s in it", strings.Join(path, "."))
		}
		flat := w.MaxRepetitionLevel == 0 // null where there may be none is the zero value, as in our own files
		if w.Node.Type().String() != h.Node.Type().String() || w.MaxRepetitionLevel != h.MaxRepetitionLevel ||
			!flat && w.MaxDefinitionLevel != h.MaxDefinitionLevel {
			return nil, fmt.Errorf("column %s is %v, not %v", strings.Join(path, "."), h.Node, w.Node)
		}
	}
	for _, g := range f.Metadata().RowGroups {
		for _, c := range g.Columns {
			switch c.MetaData.Codec {
			case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd:
			default: // the library's decoder of LZ4 allocates without bound on damaged pages
				return nil, fmt.Errorf("it is compressed with %v; none, snappy, gzip and zstd are read", c.MetaData.Codec)
			}
		}
	}
	return parquet.NewGenericReader[T](f, want), nil
}

// guard turns a panic of the Parquet library into an error: it has not been fuzzed as widely as its input is hostile.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the Parquet library gave up: %v", p)
		}
	}()
	return f()
}

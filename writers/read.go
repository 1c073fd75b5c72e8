package writers

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"reflect"
	"slices"
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

// Documents are the rows of all shards, by split and by number. An error ends them.
func (r *Reader) Documents() iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		for _, s := range r.manifest.Shards() {
			for d, err := range r.Shard(s) {
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
	}
}

// Shard is the rows of one shard: of its Parquet file, or of its lines where it has none. An error ends them.
func (r *Reader) Shard(s schema.Shard) iter.Seq2[*schema.Document, error] {
	if f, ok := formatOf(s, "parquet"); ok {
		return ReadParquet[schema.Document](r.fsys, f.Path)
	}
	f, _ := formatOf(s, "jsonl")
	return readLines(r.fsys, f.Path)
}

// Briefs are the rows of one shard without their texts, which most of its bytes are: a Parquet file is read without
// them. An error ends them.
func (r *Reader) Briefs(s schema.Shard) iter.Seq2[*schema.Document, error] {
	f, ok := formatOf(s, "parquet")
	return func(yield func(*schema.Document, error) bool) {
		if !ok {
			for d, err := range r.Shard(s) {
				if err == nil {
					d.Text = ""
				}
				if !yield(d, err) || err != nil {
					return
				}
			}
			return
		}
		for b, err := range ReadParquet[brief](r.fsys, f.Path) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(b.document(), nil) {
				return
			}
		}
	}
}

// At are some rows of one shard, given by their places from 0 in ascending order. An error ends them.
func (r *Reader) At(s schema.Shard, places []int64) iter.Seq2[*schema.Document, error] {
	if f, ok := formatOf(s, "parquet"); ok {
		return readParquetAt[schema.Document](r.fsys, f.Path, places)
	}
	return func(yield func(*schema.Document, error) bool) {
		n, next := int64(0), 0
		for d, err := range r.Shard(s) {
			if next == len(places) {
				return
			}
			if err != nil || places[next] == n {
				next++
				if !yield(d, err) || err != nil {
					return
				}
			}
			n++
		}
	}
}

func formatOf(s schema.Shard, format string) (schema.File, bool) {
	for _, f := range s.Files {
		if f.Format == format {
			return f, true
		}
	}
	return schema.File{}, false
}

func readLines(fsys FS, name string) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		l, err := openLines(fsys, name)
		if err != nil {
			yield(nil, fmt.Errorf("read %s: %w", name, err))
			return
		}
		defer l.close()
		for d, err := range l.documents() {
			if err != nil {
				err = fmt.Errorf("read %s: %w", name, err)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// brief is a document without its text and the columns that say how sure others are.
type brief struct {
	ID               string       `parquet:"id,plain"`
	Title            string       `parquet:"title,optional,plain"`
	URL              string       `parquet:"url,optional,plain"`
	Source           string       `parquet:"source,optional,plain"`
	Domain           string       `parquet:"domain,optional,plain"`
	Authors          []string     `parquet:"authors,list"`
	Created          *schema.Time `parquet:"created,optional,timestamp(microsecond)"`
	CreatedPrecision string       `parquet:"created_precision,optional,plain"`
	Added            *schema.Time `parquet:"added,optional,timestamp(microsecond)"`
	Language         string       `parquet:"language,plain"`
	License          string       `parquet:"license,optional,plain"`
	Tags             []string     `parquet:"tags,list"`
	Chars            int32        `parquet:"chars,plain"`
	Words            int32        `parquet:"words,plain"`
	Duplicates       int32        `parquet:"duplicates,plain"`
	Path             string       `parquet:"path,plain"`
	Extra            string       `parquet:"extra,optional,plain"`
}

func (b *brief) document() *schema.Document {
	return &schema.Document{
		ID: b.ID, Title: b.Title, URL: b.URL, Source: b.Source, Domain: b.Domain, Authors: b.Authors, Created: b.Created,
		CreatedPrecision: b.CreatedPrecision, Added: b.Added, Language: b.Language, License: b.License, Tags: b.Tags,
		Chars: b.Chars, Words: b.Words, Duplicates: b.Duplicates, Path: b.Path, Extra: b.Extra,
	}
}

// Content is the content of a single file of the dataset that holds no rows.
func (r *Reader) Content(name string) ([]byte, error) {
	return readFile(r.fsys, name, schema.MaxManifest)
}

// Unlisted are the files in the folder of the dataset that its manifest does not name, in bytewise order.
func (r *Reader) Unlisted() ([]string, error) {
	listed := map[string]bool{schema.ManifestName: true, schema.SumsName: true}
	for _, f := range r.manifest.Files {
		listed[f.Path] = true
	}
	var out []string
	err := walk(r.fsys, ".", func(name string, _ fs.DirEntry) error {
		if !listed[name] {
			out = append(out, name)
		}
		return nil
	}, nil)
	slices.Sort(out)
	return out, err
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

// Signals are the rows of audit/signals-*.parquet, none where the dataset was built without them. An error ends them.
func (r *Reader) Signals() iter.Seq2[*schema.Signals, error] {
	return readAll[schema.Signals](r, "audit/signals-")
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
	return withRows(fsys, name, func(rows *parquet.GenericReader[T], total int64) error {
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
	})
}

// readParquetAt reads the rows at some places, ascending.
func readParquetAt[T any](fsys FS, name string, places []int64) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		stopped := false
		err := withRows(fsys, name, func(rows *parquet.GenericReader[T], total int64) error {
			for _, at := range places {
				batch := make([]T, 1)
				err := guard(func() error {
					if at < 0 || at >= total {
						return fmt.Errorf("there is no row %d among %d", at, total)
					}
					if err := rows.SeekToRow(at); err != nil {
						return err
					}
					n, err := rows.Read(batch)
					if n == 1 {
						return nil
					}
					return cmp.Or(err, io.ErrUnexpectedEOF)
				})
				if err != nil {
					return err
				}
				if stopped = !yield(&batch[0], nil); stopped {
					return nil
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, fmt.Errorf("read %s: %w", name, err))
		}
	}
}

// withRows opens a file for f.
func withRows[T any](fsys FS, name string, f func(rows *parquet.GenericReader[T], total int64) error) (err error) {
	file, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	var rows *parquet.GenericReader[T]
	var total int64
	err = guard(func() error {
		if err := checkFooter(file, info.Size()); err != nil {
			return err
		}
		pf, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
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
	return f(rows, total)
}

// checkFooter compares the length of the footer, which stands before the last four bytes, with that of the file: the
// library allocates what it says (Apache Parquet, "File Format").
func checkFooter(f File, size int64) error {
	const magic = 4
	var end [4 + magic]byte
	if size < int64(len(end))+magic {
		return fmt.Errorf("%d bytes are no Parquet file", size)
	}
	if _, err := f.ReadAt(end[:], size-int64(len(end))); err != nil {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(end[:])); n > size-int64(len(end))-magic {
		return fmt.Errorf("its footer says that it is %d bytes long, and the file is %d", n, size)
	}
	return nil
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

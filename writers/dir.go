package writers

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"unicode/utf8"

	"broadsheet/schema"
)

// Dir is a dataset being written. Its methods may be called from several goroutines at once, for different files.
type Dir struct {
	fsys    FS
	options Options
}

// NewDir is a dataset to be written at the root of fsys.
func NewDir(fsys FS, o Options) *Dir { return &Dir{fsys, o} }

// Shard names one planned shard.
type Shard struct {
	Split  string // "train" where nothing else was asked for
	Number int    // counts from 0 within the split
}

// path is where the shard lies in a format: data/train-00000.parquet.
func (s Shard) path(f Format) string {
	return fmt.Sprintf("%s/%s-%05d%s", f.Folder, s.Split, s.Number, f.Ext)
}

// WriteShard writes the rows to one file in each format, in a single pass, and returns the manifest's entries in the
// order of formats. Memory is bounded by a row group and a few frames, whatever the number of rows. It is an error
// where there is no row, where a row breaks a rule of the schema, and where rows ends with an error; then no file of
// the shard is left that was not there before, unless a file of an earlier format was already published: the caller
// throws the whole folder away or writes the shard again, which gives the same bytes.
//
// Each document must stay as it is until WriteShard returns; only the one last yielded is still in the caller's hands.
func (d *Dir) WriteShard(s Shard, formats []Format, rows iter.Seq2[*schema.Document, error]) (files []schema.File, err error) {
	type output struct {
		format Format
		file   *atomicFile
		enc    Encoder
	}
	outs := make([]output, 0, len(formats))
	defer func() {
		if err == nil {
			return
		}
		for _, o := range outs {
			if o.enc != nil {
				o.enc.Close() // waits for what still runs
			}
			o.file.Abort()
		}
	}()
	for _, f := range formats {
		if err := d.fsys.Mkdir(f.Folder); err != nil {
			return nil, fmt.Errorf("create folder %s: %w", f.Folder, err)
		}
		a, err := create(d.fsys, s.path(f))
		if err != nil {
			return nil, err
		}
		outs = append(outs, output{f, a, f.New(a, d.options)})
	}
	var first, last string
	var n int64
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if err := CheckDocument(row); err != nil {
			return nil, fmt.Errorf("row %d of shard %s-%05d: %w", n, s.Split, s.Number, err)
		}
		if n == 0 {
			first = row.ID
		}
		last = row.ID
		n++
		for _, o := range outs {
			if err := o.enc.Encode(row); err != nil {
				return nil, named(err, o.file)
			}
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("shard %s-%05d: no row; empty shards break readers and are never written", s.Split, s.Number)
	}
	written := make([]Written, len(outs))
	for i := range outs {
		enc := outs[i].enc
		outs[i].enc = nil
		if written[i], err = enc.Close(); err != nil {
			return nil, named(err, outs[i].file)
		}
	}
	for i, o := range outs {
		size, sum, err := o.file.Commit()
		if err != nil {
			return nil, err
		}
		files = append(files, schema.File{
			Path: o.file.name, Split: s.Split, Format: o.format.Name, Compression: o.format.Compression,
			Rows: n, RowGroups: written[i].RowGroups, Bytes: size, UncompressedBytes: written[i].UncompressedBytes,
			SHA256: hex.EncodeToString(sum[:]), FirstID: first, LastID: last,
		})
	}
	return files, nil
}

// named is an error of an encoder with the name of its file; errors of the file itself carry it already.
func named(err error, a *atomicFile) error {
	if a.err != nil {
		return a.err
	}
	return fmt.Errorf("encode %s: %w", a.name, err)
}

// WriteFile writes a single file that holds no rows, such as the report. Format is for the manifest: markdown, json,
// html.
func (d *Dir) WriteFile(name, format string, content []byte) (schema.File, error) {
	if dir := path.Dir(name); dir != "." {
		if err := d.fsys.Mkdir(dir); err != nil {
			return schema.File{}, fmt.Errorf("create folder %s: %w", dir, err)
		}
	}
	a, err := create(d.fsys, name)
	if err != nil {
		return schema.File{}, err
	}
	if _, err := io.Copy(a, bytes.NewReader(content)); err != nil {
		a.Abort()
		return schema.File{}, err
	}
	size, sum, err := a.Commit()
	if err != nil {
		return schema.File{}, err
	}
	return schema.File{Path: name, Format: format, Bytes: size, SHA256: hex.EncodeToString(sum[:])}, nil
}

// Table writes rows of the audit to a series of Parquet files. It is for one goroutine.
type Table[T any] struct {
	dir     *Dir
	base    string // audit/outcomes
	columns []schema.Column
	size    func(*T) int64
	check   func(*T) error
	first   int // number of the first file
	files   []schema.File
	file    *atomicFile
	p       *parquetWriter[T]
	err     error
}

// tableRows is how many rows a file of a table holds at most, and tableBytes how many bytes of rows.
const (
	tableRows  = 5_000_000
	tableBytes = 1 << 30
)

// Outcomes begins audit/outcomes-*.parquet.
func (d *Dir) Outcomes() *Table[schema.Outcome] {
	return &Table[schema.Outcome]{dir: d, base: "audit/outcomes", columns: schema.OutcomeColumns(), size: outcomeBytes, check: checkOutcome}
}

// Boilerplate begins audit/boilerplate-*.parquet.
func (d *Dir) Boilerplate() *Table[schema.Boilerplate] {
	return &Table[schema.Boilerplate]{dir: d, base: "audit/boilerplate", columns: schema.BoilerplateColumns(), size: boilerplateBytes, check: checkBoilerplate}
}

// Dropped begins audit/dropped-*.parquet.
func (d *Dir) Dropped() *Table[schema.Dropped] {
	return &Table[schema.Dropped]{dir: d, base: "audit/dropped", columns: schema.DroppedColumns(), size: droppedBytes, check: checkDropped}
}

// Signals begins audit/signals-*.parquet.
func (d *Dir) Signals() *Table[schema.Signals] {
	return &Table[schema.Signals]{dir: d, base: "audit/signals", columns: schema.SignalColumns(), size: signalsBytes, check: checkSignals}
}

// Add writes a row. Row and its lists must not change before Close.
func (t *Table[T]) Add(row *T) error {
	if t.err != nil {
		return t.err
	}
	t.err = t.add(row)
	return t.err
}

func (t *Table[T]) add(row *T) error {
	if err := t.check(row); err != nil {
		return fmt.Errorf("row of %s: %w", t.base, err)
	}
	if t.p == nil {
		if err := t.open(); err != nil {
			return err
		}
	}
	if err := t.p.write(row); err != nil {
		return named(err, t.file)
	}
	if t.p.rows >= tableRows || t.p.bytes >= tableBytes {
		return t.end()
	}
	return nil
}

func (t *Table[T]) open() (err error) {
	dir := path.Dir(t.base)
	if err := t.dir.fsys.Mkdir(dir); err != nil {
		return fmt.Errorf("create folder %s: %w", dir, err)
	}
	if t.file, err = create(t.dir.fsys, fmt.Sprintf("%s-%05d.parquet", t.base, t.first+len(t.files))); err != nil {
		return err
	}
	t.p = newParquetWriter(t.file, t.dir.options, t.columns, t.size)
	return nil
}

// end publishes the file in hand.
func (t *Table[T]) end() error {
	rows := t.p.rows
	w, err := t.p.close()
	t.p = nil
	if err != nil {
		return named(err, t.file)
	}
	size, sum, err := t.file.Commit()
	if err != nil {
		return err
	}
	t.files = append(t.files, schema.File{
		Path: t.file.name, Format: "parquet", Compression: "zstd", Rows: rows, RowGroups: w.RowGroups,
		Bytes: size, UncompressedBytes: w.UncompressedBytes, SHA256: hex.EncodeToString(sum[:]),
	})
	t.file = nil
	return nil
}

// Close publishes the last file and returns the manifest's entries. A table without rows is one file without rows, so
// that queries over the audit find its columns.
func (t *Table[T]) Close() ([]schema.File, error) {
	if t.err == nil && t.p == nil && len(t.files) == 0 {
		t.err = t.open()
	}
	if t.err == nil && t.p != nil {
		t.err = t.end()
	}
	if t.err != nil {
		t.Abort()
		return nil, t.err
	}
	return t.files, nil
}

// Abort gives up the file in hand. It does nothing after Close.
func (t *Table[T]) Abort() {
	if t.file != nil {
		t.file.Abort()
		t.file = nil
	}
	if t.err == nil {
		t.err = errors.New("table was aborted")
	}
}

// CheckDocument says which rule of the schema the document breaks: every string is valid UTF-8 (DuckDB and polars refuse
// a whole file otherwise), id, text, language and path are there, numbers and times are within their range.
func CheckDocument(d *schema.Document) error {
	switch {
	case d.ID == "":
		return errors.New("id is empty")
	case d.Text == "":
		return errors.New("text is empty")
	case d.Language == "":
		return errors.New("language is empty")
	case d.Path == "":
		return errors.New("path is empty")
	case !(d.LanguageScore >= 0 && d.LanguageScore <= 1):
		return fmt.Errorf("language_score %v is not between 0 and 1", d.LanguageScore)
	case d.Chars < 0 || d.Words < 0 || d.Duplicates < 0:
		return errors.New("a count is negative")
	case d.Created != nil && !d.Created.Valid():
		return errors.New("created is outside the years 1 to 9999 or not a whole millisecond")
	case d.Added != nil && !d.Added.Valid():
		return errors.New("added is outside the years 1 to 9999 or not a whole millisecond")
	}
	if err := checkText("authors", d.Authors...); err != nil {
		return err
	}
	if err := checkText("tags", d.Tags...); err != nil {
		return err
	}
	return checkColumns("id", d.ID, "text", d.Text, "title", d.Title, "url", d.URL, "source", d.Source, "domain", d.Domain,
		"created_precision", d.CreatedPrecision, "created_from", d.CreatedFrom, "language", d.Language,
		"license", d.License, "path", d.Path, "extra", d.Extra)
}

func checkOutcome(o *schema.Outcome) error {
	if o.Path == "" {
		return errors.New("path is empty")
	}
	if o.Outcome != o.Reason.Verdict() {
		return fmt.Errorf("outcome %q with reason %q", o.Outcome, o.Reason)
	}
	if o.Reason == schema.TakenDown && (o.Detail != "" || o.DuplicateOf != "" || o.URL != "" || o.Title != "" || o.Created != nil || o.CharsRead != 0 || len(o.Notes) > 0) {
		return errors.New("more than its id remains of what was taken down")
	}
	if s := o.Similarity; s != nil && !(*s >= 0 && *s <= 1) {
		return fmt.Errorf("similarity %v is not between 0 and 1", *s)
	}
	if o.Created != nil && !o.Created.Valid() {
		return errors.New("created is outside the years 1 to 9999 or not a whole millisecond")
	}
	if err := checkText("notes", o.Notes...); err != nil {
		return err
	}
	return checkColumns("path", o.Path, "outcome", string(o.Outcome), "reason", string(o.Reason), "detail", o.Detail,
		"id", o.ID, "duplicate_of", o.DuplicateOf, "url", o.URL, "title", o.Title)
}

func checkBoilerplate(b *schema.Boilerplate) error {
	return checkColumns("kind", string(b.Kind), "source", b.Source, "author", b.Author, "text", b.Text)
}

func checkDropped(d *schema.Dropped) error {
	return checkColumns("path", d.Path, "outcome", string(d.Outcome), "reason", string(d.Reason), "id", d.ID,
		"duplicate_of", d.DuplicateOf, "source", d.Source, "url", d.URL, "title", d.Title, "text", d.Text)
}

func checkSignals(s *schema.Signals) error {
	if s.ID == "" {
		return errors.New("id is empty")
	}
	return checkColumns("id", s.ID)
}

// checkColumns looks at pairs of a column's name and its value.
func checkColumns(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if !utf8.ValidString(pairs[i+1]) {
			return fmt.Errorf("%s is not valid UTF-8", pairs[i])
		}
	}
	return nil
}

func checkText(column string, list ...string) error {
	for _, s := range list {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%s is not valid UTF-8", column)
		}
	}
	return nil
}

func outcomeBytes(o *schema.Outcome) int64 {
	n := len(o.Path) + len(o.Outcome) + len(o.Reason) + len(o.Detail) + len(o.ID) + len(o.DuplicateOf) + len(o.URL) + len(o.Title) + 20
	for _, s := range o.Notes {
		n += len(s)
	}
	return int64(n)
}

func boilerplateBytes(b *schema.Boilerplate) int64 {
	return int64(len(b.Kind) + len(b.Source) + len(b.Author) + len(b.Text) + 8)
}

func signalsBytes(*schema.Signals) int64 { return 32 + 4*27 }

func droppedBytes(d *schema.Dropped) int64 {
	return int64(len(d.Path) + len(d.Outcome) + len(d.Reason) + len(d.ID) + len(d.DuplicateOf) + len(d.Source) + len(d.URL) +
		len(d.Title) + len(d.Text))
}

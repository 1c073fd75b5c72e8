// Package writers puts a dataset on disk, shows that what is on disk is still that dataset, and reads it again.
//
//	Stage      where a dataset is built, beside its final place, and how it gets there in one step
//	Dir        a dataset being written: shards, tables of the audit, single files
//	Formats    the forms in which documents are written, one file of code each
//	Finish     card, Croissant file, manifest and checksums of what was written
//	Verify     whether a dataset still is what its manifest says, byte by byte and row by row
//	Open       the rows of a finished dataset
//
// Everything that touches a disk goes through [FS], so that a test can make each operation fail. A file has its final
// name only once it is complete, synced, and read back with the hash that was taken while it was written. The manifest
// is written last. The same rows and options give the same bytes; nothing here looks at a clock or starts a goroutine.
package writers

import (
	"io"

	"broadsheet/schema"
)

// Options are what the writers need to know beyond the rows. The zero value works.
type Options struct {
	// Version goes into created_by of the Parquet files, as the version of broadsheet. It is the tool's version, not
	// the library's.
	Version string

	// Async runs f, perhaps on another goroutine, and returns a function that waits until f is done. It lets the frames
	// of one JSONL shard be compressed on several cores; the bytes stay the same. Nil runs f at once.
	Async func(f func()) (wait func())
}

// Format is one form in which the documents of a dataset are written. To add one, write a file with its Encoder and
// add a row to [Formats].
type Format struct {
	Name        string // as in --formats and in the manifest
	Folder      string // where its shards lie in the dataset
	Ext         string // what follows the number in their names
	Compression string
	New         func(w io.Writer, o Options) Encoder
}

// Formats is the table of formats, in the order in which --formats lists them.
func Formats() []Format {
	return []Format{
		{Name: "parquet", Folder: "data", Ext: ".parquet", Compression: "zstd", New: newParquetEncoder},
		{Name: "jsonl", Folder: "jsonl", Ext: ".jsonl.zst", Compression: "zstd", New: newJSONLEncoder},
	}
}

// FormatNamed is the format of that name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Encoder writes documents to one file.
type Encoder interface {
	// Encode writes a row, or keeps it until there are enough: d and its lists must not change before Close. Rows were
	// checked before; an encoder need not look for invalid UTF-8 again.
	Encode(d *schema.Document) error
	// Close writes what is kept back and ends the file. It does not close the underlying writer.
	Close() (Written, error)
}

// Written is what an encoder knows of its file at the end.
type Written struct {
	RowGroups         int64 // or what stands for them: parts that can be read alone
	UncompressedBytes int64
}

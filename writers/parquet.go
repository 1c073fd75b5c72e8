package writers

import (
	"io"

	zstdenc "github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"broadsheet/schema"
)

// The layout of Parquet files, as measured on 82 MB of news text: 1 MiB pages are 26 % smaller than the library's
// default once no page header holds whole articles; row groups are cut by bytes because a group is held in memory, and
// by rows because readers prune by group.
const (
	pageSize      = 1 << 20
	rowGroupBytes = 64 << 20
	rowGroupRows  = 20_000
	batchRows     = 64      // the library looks at page sizes between calls of Write, so the size of a batch is part of
	batchBytes    = 1 << 20 // the bytes; it is cut by bytes too, so that 64 huge rows are never held
	bloomBits     = 10      // a value, for one false answer in a hundred
)

// parquetWriter writes rows of one type. What it writes depends on the rows alone.
type parquetWriter[T any] struct {
	w          *parquet.GenericWriter[T]
	size       func(*T) int64
	batch      []T
	batchBytes int64
	groupBytes int64
	groupRows  int64
	rows       int64 // of the file
	bytes      int64 // of the rows of the file
}

func newParquetWriter[T any](w io.Writer, o Options, columns []schema.Column, size func(*T) int64) *parquetWriter[T] {
	options := []parquet.WriterOption{
		parquet.CreatedBy("broadsheet", o.Version, ""),
		parquet.Compression(newPageCodec()),
		parquet.PageBufferSize(pageSize),
	}
	for _, c := range columns {
		path := []string{c.Name}
		if c.Type == schema.Strings {
			path = append(path, "list", "element")
		}
		if c.FreeText {
			options = append(options, parquet.SkipPageStatistics(path...), parquet.SkipPageBounds(path...))
		}
		if c.Name == "id" {
			options = append(options, parquet.BloomFilters(parquet.SplitBlockFilter(bloomBits, "id")))
		}
	}
	return &parquetWriter[T]{w: parquet.NewGenericWriter[T](w, options...), size: size}
}

func (p *parquetWriter[T]) write(row *T) error {
	n := p.size(row)
	p.batch = append(p.batch, *row)
	p.batchBytes += n
	p.groupBytes += n
	p.groupRows++
	p.rows++
	p.bytes += n
	endGroup := p.groupBytes >= rowGroupBytes || p.groupRows >= rowGroupRows
	if len(p.batch) < batchRows && p.batchBytes < batchBytes && !endGroup {
		return nil
	}
	if err := p.flush(); err != nil || !endGroup {
		return err
	}
	p.groupBytes, p.groupRows = 0, 0
	return p.w.Flush()
}

// flush hands the batch to the library.
func (p *parquetWriter[T]) flush() error {
	_, err := p.w.Write(p.batch)
	clear(p.batch)
	p.batch, p.batchBytes = p.batch[:0], 0
	return err
}

func (p *parquetWriter[T]) close() (Written, error) {
	if err := p.flush(); err != nil {
		return Written{}, err
	}
	if err := p.w.Close(); err != nil {
		return Written{}, err
	}
	var out Written
	for _, g := range p.w.File().Metadata().RowGroups {
		out.RowGroups++
		out.UncompressedBytes += g.TotalByteSize
	}
	return out, nil
}

// pageCodec is the library's zstd codec with one encoder for all pages of a file: the library's own ones are dropped by
// the collector and made anew, tables and history, in the middle of a file. The options and so the bytes are the same.
type pageCodec struct {
	zstd.Codec
	encoder *zstdenc.Encoder
}

func newPageCodec() *pageCodec {
	z, err := zstdenc.NewWriter(nil, zstdenc.WithEncoderLevel(zstd.SpeedDefault), zstdenc.WithEncoderConcurrency(1),
		zstdenc.WithZeroFrames(true), zstdenc.WithEncoderCRC(false))
	if err != nil {
		panic("writers: zstd refuses constant options: " + err.Error())
	}
	return &pageCodec{zstd.Codec{Level: zstd.SpeedDefault}, z}
}

// Encode compresses a page into dst, which has room for most pages of text at once.
func (c *pageCodec) Encode(dst, src []byte) ([]byte, error) {
	if n := len(src)/2 + 1<<10; cap(dst) < n {
		dst = make([]byte, 0, n)
	}
	return c.encoder.EncodeAll(src, dst[:0]), nil
}

// parquetEncoder is the format of data/*.parquet.
type parquetEncoder struct {
	p *parquetWriter[schema.Document]
}

func newParquetEncoder(w io.Writer, o Options) Encoder {
	return parquetEncoder{newParquetWriter(w, o, schema.DocumentColumns(), (*schema.Document).Bytes)}
}

func (e parquetEncoder) Encode(d *schema.Document) error { return e.p.write(d) }
func (e parquetEncoder) Close() (Written, error)         { return e.p.close() }

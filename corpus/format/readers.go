package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"

	"broadsheet/corpus/dom"
	"broadsheet/schema"
)

// Format is one row of the table of readers. A row either reads whole files (parse) or files of one article a line
// (parseLine).
type Format struct {
	Name string
	Doc  string   // one line for a person
	Exts []string // of its file names, without .gz and .zst

	// claims holds where the beginning of a file, at least headSize bytes of a longer one, is of this form. A file whose
	// name says nothing is read by the first row that claims it.
	claims func(head []byte) bool

	parse     func(d *document)
	parseLine func(d *document)
}

// Readers lists the formats that can be read. The first row that knows a file's extension and claims its beginning
// reads it; rows without claims take every file of their extension.
func Readers() []Format {
	return []Format{
		{Name: "jsonl", Doc: "one JSON object a line, with the field names of dolma, datatrove, news-please, trafilatura and their like",
			Exts: []string{".jsonl", ".ndjson"}, parseLine: parseJSON},
		{Name: "archive", Doc: "front matter, or a comment with a time, or both; a link to the original; then HTML or Markdown",
			Exts: []string{".md", ".markdown", ".txt", ".html", ".htm", ".xhtml"}, claims: isArchive, parse: parseArchive},
		{Name: "html", Doc: "a web page, or a piece of one", Exts: []string{".html", ".htm", ".xhtml"}, parse: parseHTML},
		{Name: "markdown", Doc: "Markdown, with HTML where it holds any", Exts: []string{".md", ".markdown"}, parse: parseMarkdown},
		{Name: "text", Doc: "plain text: paragraphs parted by blank lines", Exts: []string{".txt", ".text"}, parse: parseText},
	}
}

// headSize is how much of a file is looked at to tell its form: more than any front matter seen in practice.
const headSize = 64 << 10

// Reader reads files. It keeps its buffers from file to file and so is not for use by two goroutines at once; what it
// yields does not refer to them.
type Reader struct {
	opts    Options
	formats []Format
	in      *bufio.Reader
	buf     bytes.Buffer
	unpack  unpacker
	trees   dom.Parser
}

// NewReader makes a reader.
func NewReader(opts Options) *Reader {
	return &Reader{opts: opts, formats: Readers(), in: bufio.NewReaderSize(nil, headSize)}
}

// Read yields the units of one file, in order. path is where the file lies, '/'-separated, as far as it is known: its
// extension chooses the reader and its folders tell templates from articles. A named file, one that a person asked for,
// is always read; any other may be skipped as no article. Every file yields at least one unit, unless it is a line
// format without any line; errors of r are units too.
func (r *Reader) Read(path string, named bool, data io.Reader) iter.Seq[Unit] {
	return func(yield func(Unit) bool) {
		if !named {
			if u, skip := Skip(path); skip {
				yield(u)
				return
			}
		}
		in, err := r.Unpack(path, data)
		if err != nil {
			yield(Failed(err))
			return
		}
		head, err := in.Peek(headSize)
		if err != nil && err != io.EOF && len(head) == 0 {
			yield(Failed(err))
			return
		}
		f := r.choose(path, head)
		switch {
		case f == nil && (isBinary(head) || !named):
			yield(unknown(path, head, named))
		case f == nil:
			f = &r.formats[len(r.formats)-1] // somebody asked for it, and it is text
			fallthrough
		case f.parse != nil:
			yield(r.whole(f, path, named, in))
		default:
			r.lines(f, path, named, in, yield)
		}
	}
}

// choose finds the format of a file by its extension, else by how it begins; nil is none.
func (r *Reader) choose(path string, head []byte) *Format {
	ext := extension(path)
	known := false
	for i := range r.formats {
		f := &r.formats[i]
		if slices.Contains(f.Exts, ext) {
			known = true
			if f.claims == nil || f.claims(head) {
				return f
			}
		}
	}
	if known || plumbing(ext) != "" || unread(ext) {
		return nil
	}
	for i := range r.formats {
		if f := &r.formats[i]; f.claims != nil && f.claims(head) {
			return f
		}
	}
	if isPage(head) {
		for i := range r.formats {
			if f := &r.formats[i]; f.Name == "html" {
				return f
			}
		}
	}
	return nil
}

// whole reads a file that is one unit.
func (r *Reader) whole(f *Format, path string, named bool, in io.Reader) Unit {
	limit := r.opts.maxUnit()
	r.buf.Reset()
	n, err := r.buf.ReadFrom(io.LimitReader(in, limit+1))
	switch {
	case n > limit:
		return failed(schema.TooLarge, fmt.Sprintf("more than %d bytes (--max-unit)", limit))
	case err != nil:
		return Failed(err)
	}
	data := r.buf.Bytes()
	if isBinary(data[:min(len(data), headSize)]) {
		return failed(schema.Malformed, "binary data, not text")
	}
	d := &document{path: path, named: named, form: f.Name, src: data, limit: limit, html: r.opts.HTML, trees: &r.trees}
	if r.buf.Cap() > 8<<20 {
		r.buf = bytes.Buffer{} // one large file should not cost its size for ever
	}
	f.parse(d)
	return d.unit(int64(len(data)))
}

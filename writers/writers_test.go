package writers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"broadsheet/schema"
)

// tempFS is the file system of a new folder, and the folder.
func tempFS(t testing.TB) (FS, string) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return Root(root), dir
}

func each[T any](rows []T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range rows {
			if !yield(&rows[i], nil) {
				return
			}
		}
	}
}

func collect[T any](t testing.TB, rows iter.Seq2[*T, error]) []T {
	t.Helper()
	var out []T
	for r, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, *r)
	}
	return out
}

// naughty are strings that break writers and readers: every class of what JSON, Parquet and terminals trip over.
var naughty = []string{
	"", " ", "\x00", "a\x00b", "\"", `\`, `\\"`, "\n", "\r\n", "\t", "\b\f", "\x1b[31m", "\x7f", "\u0080", "\u0085", "\u00a0", "\u2028", "\u2029",
	"\u202e", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0001f4a9", "\U0010ffff", "null", "true", "1e5", "NaN", "-0", "=1+1", "</script>",
	"\u00e2\u0080\u00a8", "â", "\u0084\u0086", "\u2027\u202a", "é", "e\u0301", "社會", "한국어", "العربية", "{}", "[]", "2024-01-05T14:45:02.000Z",
	strings.Repeat("長", 5000), strings.Repeat("\u2028", 3), "ends with \xc2\x84", "\xe2\x80\xa7",
}

func drawText(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, name+" is naughty") {
		return rapid.SampledFrom(naughty).Draw(t, name) + rapid.SampledFrom(naughty).Draw(t, name)
	}
	return rapid.String().Draw(t, name)
}

func drawTime(t *rapid.T, name string) *schema.Time {
	if rapid.Bool().Draw(t, name+" is unknown") {
		return nil
	}
	return schema.At(time.UnixMilli(rapid.Int64Range(-62135596799999, 253402300799999).Draw(t, name)))
}

func drawDocument(t *rapid.T) schema.Document {
	list := func(name string) []string {
		out := []string{}
		for range rapid.IntRange(0, 3).Draw(t, name) {
			out = append(out, drawText(t, name))
		}
		return out
	}
	return schema.Document{
		ID: "i" + drawText(t, "id"), Text: "t" + drawText(t, "text"), Title: drawText(t, "title"), URL: drawText(t, "url"),
		Source: drawText(t, "source"), Domain: drawText(t, "domain"), Authors: list("authors"), Created: drawTime(t, "created"),
		CreatedPrecision: drawText(t, "precision"), CreatedFrom: drawText(t, "from"), Added: drawTime(t, "added"),
		Language: "l" + drawText(t, "language"), LanguageScore: float32(rapid.IntRange(0, 1000).Draw(t, "score")) / 1000,
		License: drawText(t, "license"), Tags: list("tags"), Chars: rapid.Int32Min(0).Draw(t, "chars"),
		Words: rapid.Int32Min(0).Draw(t, "words"), Duplicates: rapid.Int32Min(0).Draw(t, "duplicates"),
		Path: "p" + drawText(t, "path"), Extra: drawText(t, "extra"),
	}
}

// someDocuments are n ordinary documents, the same at every call.
func someDocuments(n int) []schema.Document {
	out := make([]schema.Document, n)
	for i := range out {
		text := strings.Repeat(fmt.Sprintf("Paragraph %d of a text, 第%d段。\n\n", i, i*7), 1+i%200)
		out[i] = schema.Document{
			ID: fmt.Sprintf("%032x", i*2654435761), Text: strings.TrimSpace(text), Title: fmt.Sprintf("Title %d", i),
			URL: fmt.Sprintf("https://example.org/a/%d", i), Source: fmt.Sprintf("source %d", i%7), Domain: "example.org",
			Authors: []string{"A. Writer", fmt.Sprint("B. ", i%3)}[:i%3], Created: schema.At(time.UnixMilli(int64(i) * 86400_000)),
			CreatedPrecision: "day", CreatedFrom: "meta", Language: []string{"en", "zh-Hans"}[i%2], LanguageScore: 0.987,
			Tags: []string{}, Chars: int32(len([]rune(text))), Words: int32(8 * (1 + i%200)), Path: fmt.Sprintf("in/%06d.md", i),
		}
	}
	return out
}

func unzstd(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out, err := z.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is written is what is read, in both formats, for any text.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		docs := make([]schema.Document, rapid.IntRange(1, 9).Draw(rt, "rows"))
		for i := range docs {
			docs[i] = drawDocument(rt)
		}
		fsys, dir := tempFS(t)
		files, err := NewDir(fsys, Options{}).WriteShard(Shard{Split: "train"}, Formats(), each(docs))
		if err != nil {
			rt.Fatal(err)
		}
		if got := collect(t, ReadParquet[schema.Document](fsys, files[0].Path)); !reflect.DeepEqual(got, docs) {
			rt.Fatalf("Parquet:\n got %+v\nwant %+v", got, docs)
		}
		packed, err := os.ReadFile(filepath.Join(dir, files[1].Path))
		if err != nil {
			rt.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSuffix(unzstd(t, packed), []byte("\n")), []byte("\n"))
		if len(lines) != len(docs) {
			rt.Fatalf("%d lines for %d documents", len(lines), len(docs))
		}
		for i, line := range lines {
			checkLine(rt, line, &docs[i])
		}
	})
}

type fataler interface{ Fatalf(string, ...any) }

// checkLine reads a line with the standard library and compares.
func checkLine(t fataler, line []byte, want *schema.Document) {
	var got schema.Document
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	if !reflect.DeepEqual(&got, want) {
		t.Fatalf("JSONL:\n got %+v\nwant %+v", &got, want)
	}
	if i := bytes.IndexFunc(line, func(r rune) bool { return r < ' ' || r == 0x85 || r == 0x2028 || r == 0x2029 }); i >= 0 {
		t.Fatalf("the line has %q, which readers take for its end", line[i:])
	}
}

// Every line has every key in the order of the schema.
func TestJSONLKeys(t *testing.T) {
	for _, d := range []schema.Document{{}, someDocuments(3)[2]} {
		dec := json.NewDecoder(bytes.NewReader(AppendJSON(nil, &d)))
		var keys []string
		depth := 0
		for key := true; ; {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch v := tok.(type) {
			case json.Delim:
				if v == '{' || v == '[' {
					depth++
				} else {
					depth--
					key = depth == 1
				}
				if v == '{' {
					key = true
				}
			default:
				if depth == 1 && key {
					keys = append(keys, tok.(string))
					key = false
				} else if depth == 1 {
					key = true
				}
			}
		}
		var want []string
		for _, c := range schema.DocumentColumns() {
			want = append(want, c.Name)
		}
		if !reflect.DeepEqual(keys, want) {
			t.Errorf("keys %v, want %v", keys, want)
		}
	}
}

func TestAppendFloat(t *testing.T) {
	for f, want := range map[float32]string{0: "0.0", 1: "1.0", 0.5: "0.5", 0.987: "0.987", 0.001: "0.001", 1e-7: "0.0000001"} {
		if got := string(appendFloat(nil, f)); got != want {
			t.Errorf("%v is written %s, want %s", f, got, want)
		}
	}
}

// spawn is an Async that really runs at the same time.
func spawn(f func()) func() {
	var wg sync.WaitGroup
	wg.Go(f)
	return wg.Wait
}

// The same rows give the same bytes, whatever GOMAXPROCS and with frames compressed at the same time or in turn.
func TestDeterministic(t *testing.T) {
	docs := someDocuments(3000) // several frames and pages
	var want []schema.File
	for _, procs := range []int{1, 2, 4} {
		for _, o := range []Options{{Version: "1"}, {Version: "1", Async: spawn}} {
			old := runtime.GOMAXPROCS(procs)
			fsys, _ := tempFS(t)
			files, err := NewDir(fsys, o).WriteShard(Shard{Split: "train"}, Formats(), each(docs))
			runtime.GOMAXPROCS(old)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = files
				t.Logf("%+v", files)
			}
			if !reflect.DeepEqual(files, want) {
				t.Errorf("GOMAXPROCS %d: %+v, before %+v", procs, files, want)
			}
		}
	}
}

// Row groups are cut by rows and by bytes, and all rows are there.
func TestRowGroups(t *testing.T) {
	docs := make([]schema.Document, rowGroupRows+10)
	for i := range docs {
		docs[i] = schema.Document{ID: fmt.Sprint(i), Text: "x", Language: "en", Path: "p", Authors: []string{}, Tags: []string{}}
	}
	docs[5].Text = strings.Repeat("long ", rowGroupBytes/5)
	fsys, _ := tempFS(t)
	files, err := NewDir(fsys, Options{}).WriteShard(Shard{Split: "train"}, Formats()[:1], each(docs))
	if err != nil {
		t.Fatal(err)
	}
	if files[0].RowGroups != 3 || files[0].Rows != int64(len(docs)) {
		t.Errorf("%+v", files[0])
	}
	if got := collect(t, ReadParquet[schema.Document](fsys, files[0].Path)); !reflect.DeepEqual(got, docs) {
		t.Error("rows differ")
	}
}

// No text of a document is in the footer or in a page header, and the metadata names us.
func TestParquetFooter(t *testing.T) {
	docs := someDocuments(500)
	mark := strings.Repeat("zzzz-highest in order ", 50) // compressed it is not there as such
	docs[77].Text, docs[77].Title, docs[77].URL, docs[77].Source, docs[77].Path = mark, mark, mark, mark, mark
	docs[77].Authors, docs[77].Extra, docs[77].License = []string{mark}, mark, mark
	fsys, dir := tempFS(t)
	files, err := NewDir(fsys, Options{Version: "1.2.3"}).WriteShard(Shard{Split: "train"}, Formats()[:1], each(docs))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, files[0].Path))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte(mark)); n > 0 { // pages are compressed: what is found is in headers or the footer
		t.Errorf("a value is in the metadata %d times", n)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Metadata().CreatedBy; got != "broadsheet version 1.2.3 (build )" && got != "broadsheet version 1.2.3(build )" {
		t.Errorf("created by %q", got)
	}
	g := f.RowGroups()[0]
	id, _ := f.Schema().Lookup("id")
	bloom := g.ColumnChunks()[id.ColumnIndex].BloomFilter()
	if bloom == nil {
		t.Fatal("there is no bloom filter on id")
	}
	if ok, err := bloom.Check(parquet.ValueOf(docs[3].ID)); !ok || err != nil {
		t.Errorf("the bloom filter denies an id: %v", err)
	}
	if _, err := g.ColumnChunks()[id.ColumnIndex].OffsetIndex(); err != nil {
		t.Errorf("no page index: %v", err)
	}
}

func TestCheckDocument(t *testing.T) {
	good := someDocuments(2)[1]
	if err := CheckDocument(&good); err != nil {
		t.Fatal(err)
	}
	odd := schema.Time(1)
	for name, edit := range map[string]func(*schema.Document){
		"id": func(d *schema.Document) { d.ID = "" }, "text": func(d *schema.Document) { d.Text = "" },
		"path": func(d *schema.Document) { d.Path = "" }, "language": func(d *schema.Document) { d.Language = "" },
		"UTF-8": func(d *schema.Document) { d.Title = "\xff" }, "surrogate": func(d *schema.Document) { d.Extra = "\xed\xa0\x80" },
		"author": func(d *schema.Document) { d.Authors = []string{"\x80"} }, "tag": func(d *schema.Document) { d.Tags = []string{"\xc0\x80"} },
		"score": func(d *schema.Document) { d.LanguageScore = float32(nan()) }, "count": func(d *schema.Document) { d.Words = -1 },
		"time": func(d *schema.Document) { d.Created = &odd },
	} {
		d := good
		edit(&d)
		if CheckDocument(&d) == nil {
			t.Errorf("%s: nothing was said", name)
		}
		fsys, dir := tempFS(t)
		_, err := NewDir(fsys, Options{}).WriteShard(Shard{Split: "train"}, Formats(), each([]schema.Document{good, d}))
		if err == nil || len(filesBelow(t, dir)) > 0 {
			t.Errorf("%s: %v, left %v", name, err, filesBelow(t, dir))
		}
	}
}

func nan() float64 { var z float64; return z / z }

func TestWriteShardRefuses(t *testing.T) {
	fsys, dir := tempFS(t)
	d := NewDir(fsys, Options{})
	if _, err := d.WriteShard(Shard{Split: "train"}, Formats(), each([]schema.Document{})); err == nil {
		t.Error("an empty shard was written")
	}
	broken := errors.New("the spill is broken")
	_, err := d.WriteShard(Shard{Split: "train"}, Formats(), func(yield func(*schema.Document, error) bool) {
		if yield(&someDocuments(1)[0], nil) {
			yield(nil, broken)
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if left := filesBelow(t, dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// filesBelow lists the files below a folder.
func filesBelow(t testing.TB, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTables(t *testing.T) {
	fsys, _ := tempFS(t)
	d := NewDir(fsys, Options{})
	half := float32(0.5)
	outcomes := []schema.Outcome{
		{Path: "a", Outcome: schema.Kept, ID: "1", Notes: []string{"charset_gb18030"}, Created: schema.At(time.UnixMilli(5)), CharsRead: 9, CharsCut: 1},
		{Path: "b", Outcome: schema.Duplicate, Reason: schema.NearDuplicate, ID: "2", DuplicateOf: "1", Similarity: &half, Notes: []string{}},
		{Path: "c", Outcome: schema.Rejected, Reason: schema.Unreadable, Detail: "permission denied", Notes: []string{}},
	}
	o, b, x := d.Outcomes(), d.Boilerplate(), d.Dropped()
	for i := range outcomes {
		if err := o.Add(&outcomes[i]); err != nil {
			t.Fatal(err)
		}
	}
	files, err := o.Close()
	if err != nil || len(files) != 1 || files[0].Path != "audit/outcomes-00000.parquet" || files[0].Rows != 3 {
		t.Fatalf("%+v, %v", files, err)
	}
	if got := collect(t, ReadParquet[schema.Outcome](fsys, files[0].Path)); !reflect.DeepEqual(got, outcomes) {
		t.Errorf("got %+v", got)
	}
	if files, err := b.Close(); err != nil || len(files) != 1 || files[0].Rows != 0 {
		t.Errorf("a table without rows: %+v, %v", files, err)
	}
	drop := schema.Dropped{Path: "c", Outcome: schema.Filtered, Reason: schema.TooShort, Text: "\xff"}
	if err := x.Add(&drop); err == nil {
		t.Error("invalid UTF-8 was written")
	}
	if _, err := x.Close(); err == nil {
		t.Error("Close forgot the error")
	}
	bad := schema.Outcome{Path: "d", Outcome: schema.Kept, Reason: schema.Empty}
	if err := d.Outcomes().Add(&bad); err == nil {
		t.Error("kept for a reason not to keep it")
	}
}

func TestSums(t *testing.T) {
	files := []schema.File{{Path: "data/a", SHA256: strings.Repeat("a", 64)}, {Path: "b\\\n\rc", SHA256: strings.Repeat("b", 64)}}
	b := encodeSums(files, strings.Repeat("c", 64))
	want := `\` + strings.Repeat("b", 64) + `  b\\\n\rc` + "\n" + strings.Repeat("a", 64) + "  data/a\n" + strings.Repeat("c", 64) + "  manifest.json\n"
	if string(b) != want {
		t.Errorf("got\n%s", b)
	}
	got, err := decodeSums(b)
	if err != nil || len(got) != 3 || got["b\\\n\rc"] != files[1].SHA256 {
		t.Errorf("%v, %v", got, err)
	}
}

// Whatever stands where in a string: only what must be is escaped, and it reads as it was.
func TestAppendString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "plain text", "中文", "é", "\u00a0", "“", "\u2027", "\u0085", "\u2028", "\u2029", "\"", "\\", "\n", "\x00", "\x1f", " ", "!", "#", "[", "]", "\x7f"})).Draw(t, "parts"), "")
		got := string(appendString(nil, s))
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != s {
			t.Fatalf("%q is written as %s, which reads as %q (%v)", s, got, back, err)
		}
		want := `"`
		for _, r := range s {
			switch {
			case r == '"' || r == '\\':
				want += `\` + string(r)
			case r == '\n':
				want += `\n`
			case r < ' ' || r == 0x85 || r == 0x2028 || r == 0x2029:
				want += fmt.Sprintf(`\u%04x`, r)
			default:
				want += string(r)
			}
		}
		if want += `"`; got != want {
			t.Fatalf("%q is written as %s, want %s", s, got, want)
		}
	})
}

func FuzzAppendJSON(f *testing.F) {
	for _, s := range naughty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		b := appendString(nil, s)
		var got string
		if err := json.Unmarshal(b, &got); err != nil || got != s {
			t.Fatalf("%q is written %s and read %q, %v", s, b, got, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	docs := someDocuments(2000)
	var size int64
	for i := range docs {
		size += docs[i].Bytes()
	}
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				e := f.New(io.Discard, Options{})
				for i := range docs {
					if err := e.Encode(&docs[i]); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("json lines", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		var line []byte
		for b.Loop() {
			for i := range docs {
				line = AppendJSON(line[:0], &docs[i])
			}
		}
	})
}

// mounted is a file system in which the folder "out" is a mount point.
type mounted struct{ FS }

func (m mounted) Rename(from, to string) error {
	if from == "out" || to == "out" {
		return &fs.PathError{Op: "rename", Path: from, Err: syscall.EBUSY}
	}
	return m.FS.Rename(from, to)
}

func (m mounted) Remove(name string) error {
	if name == "out" {
		return &fs.PathError{Op: "remove", Path: name, Err: syscall.EBUSY}
	}
	return m.FS.Remove(name)
}

// A place that nothing can be moved to is refused before the work, and left as it is.
func TestStageAtMountPoint(t *testing.T) {
	fsys := mounted{newMemFS()}
	if err := fsys.Mkdir("out"); err != nil {
		t.Fatal(err)
	}
	s, err := NewStage(fsys, "out")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(false, Options{}); !errors.Is(err, ErrFixed) {
		t.Errorf("%v", err)
	}
	if state, err := s.State(); state != EmptyFolder || err != nil {
		t.Errorf("%v, %v", state, err)
	}
	if is, err := exists(fsys, s.Partial()); is || err != nil {
		t.Errorf("what was begun is still there: %v, %v", is, err)
	}
}

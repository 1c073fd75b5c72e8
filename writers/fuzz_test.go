package writers

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/schema"
)

// A document of any text comes back from both formats as it was, or is refused before anything is written.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range naughty {
		f.Add(s, s, s, int64(1704466802000), uint16(900))
	}
	f.Fuzz(func(t *testing.T, text, title, tag string, ms int64, score uint16) {
		d := someDocuments(1)[0]
		d.Text, d.Title, d.Extra, d.Tags, d.Authors = text, title, tag, []string{tag, title}, strings.Fields(text)
		if d.Authors == nil {
			d.Authors = []string{}
		}
		d.LanguageScore = float32(score) / 1000
		if c := (schema.Time(ms)); c.Valid() {
			d.Created = &c
		}
		docs := []schema.Document{d}
		m := newMemFS()
		dir := NewDir(m, Options{Version: "0"})
		files, err := dir.WriteShard(Shard{"train", 0}, Formats(), each(docs))
		if bad := CheckDocument(&d); (err == nil) != (bad == nil) {
			t.Fatalf("the check says %v, writing it %v", bad, err)
		}
		if err != nil {
			if utf8.ValidString(text) && utf8.ValidString(title) && utf8.ValidString(tag) && text != "" && score <= 1000 {
				t.Fatal(err)
			}
			return
		}
		for _, file := range files {
			var got []schema.Document
			read := ReadParquet[schema.Document](m, file.Path)
			if file.Format == "jsonl" {
				n, _ := m.find(file.Path)
				checkLine(t, unzstd(t, n.data)[:len(unzstd(t, n.data))-1], &d)
				continue
			}
			for row, err := range read {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, *row)
			}
			if len(got) != 1 || !reflect.DeepEqual(got[0], d) {
				t.Fatalf("%+v comes back as %+v", d, got)
			}
		}
	})
}

// Names of any bytes come back from SHA256SUMS, and any other content is read or refused.
func FuzzSums(f *testing.F) {
	sum := strings.Repeat("0f", 32)
	f.Add("data/train-00000.parquet", []byte(sum+"  a\n\\"+sum+"  b\\n\n"))
	f.Add("new\nline\\", []byte(""))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		decodeSums(b)
		if name == "" || name == schema.ManifestName {
			return
		}
		got, err := decodeSums(encodeSums([]schema.File{{Path: name, SHA256: sum}}, sum))
		if err != nil || got[name] != sum || got[schema.ManifestName] != sum || len(got) != 2 {
			t.Fatalf("%q comes back as %v, %v", name, got, err)
		}
	})
}

// A footer that claims to be longer than the file is refused before that much memory is asked for. Found by fuzzing.
func TestParquetFooterLongerThanItsFile(t *testing.T) {
	m := sampleDataset(t)
	n, _ := m.find("data/train-00003.parquet")
	b := append([]byte(nil), n.data...)
	copy(b[len(b)-8:], "\xff\xff\xff\x94")
	x, _ := m.Create("x")
	x.Write(b)
	var failed error
	for _, err := range ReadParquet[schema.Document](m, "x") {
		failed = err
	}
	if failed == nil || !strings.Contains(failed.Error(), "its footer says that it is 2499805183 bytes long") {
		t.Errorf("%v", failed)
	}
}

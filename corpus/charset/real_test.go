package charset

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"broadsheet/corpus/material"
)

// legacy are the encodings in use before UTF-8 for the languages of the set, by primary subtag. UTF-16 without a byte
// order mark is tried for all.
var legacy = map[string]string{
	"ja": "shift_jis euc-jp", "ko": "euc-kr", "ru": "windows-1251 koi8-r", "uk": "windows-1251 koi8-u", "bg": "windows-1251", "be": "windows-1251",
	"mk": "windows-1251", "el": "windows-1253", "he": "windows-1255", "ar": "windows-1256", "fa": "windows-1256", "th": "windows-874", "tr": "windows-1254",
	"pl": "windows-1250 iso-8859-2", "cs": "windows-1250 iso-8859-2", "sk": "windows-1250", "hu": "windows-1250 iso-8859-2", "sl": "windows-1250", "hr": "windows-1250",
	"lt": "windows-1257", "lv": "windows-1257", "et": "windows-1257", "vi": "windows-1258", "fr": "windows-1252", "de": "windows-1252", "es": "windows-1252",
	"pt": "windows-1252", "it": "windows-1252", "sv": "windows-1252", "fi": "windows-1252", "da": "windows-1252", "nb": "windows-1252", "is": "windows-1252", "ca": "windows-1252",
}

// leastBytes is how long a text is, encoded, whose detection is counted: a title and the beginning of a text.
const leastBytes = 100

// TestDetectionOfRealTexts encodes texts of the reference sets, declares nothing, and counts how many come back exactly:
// sentences in many languages, and articles in Chinese. The figures are in docs/quality.md.
func TestDetectionOfRealTexts(t *testing.T) {
	type sample struct{ text, encodings string }
	var samples []sample
	rows := func(name string, add func(line []byte) error) {
		f, err := os.Open(material.Path(t, "eval/"+name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			if err := add(lines.Bytes()); err != nil {
				t.Fatal(name, err)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(name, err)
		}
	}
	rows("language.jsonl", func(line []byte) error {
		var row struct{ Kind, Label, Text string }
		err := json.Unmarshal(line, &row)
		if row.Kind == "sentences" && legacy[row.Label] != "" {
			samples = append(samples, sample{row.Text, legacy[row.Label]})
		}
		return err
	})
	chinese := func(title, text string) {
		if han := strings.Count(text, "的"); 200*han < len([]rune(text)) { // no running Chinese
			return
		}
		if _, body, ok := strings.Cut(text, "\n---\n"); ok { // behind front matter
			text = body
		}
		text = title + "\n" + text
		// The beginning, some hundred characters, and the whole.
		start := []rune(text)
		for _, s := range []string{string(start[:min(len(start), 60)]), string(start[:min(len(start), 400)]), text} {
			samples = append(samples, sample{s, "gb18030"}, sample{s, "big5"})
		}
	}
	rows("clean_text.jsonl", func(line []byte) error {
		var row struct{ Title, Clean string }
		err := json.Unmarshal(line, &row)
		chinese(row.Title, row.Clean)
		return err
	})
	rows("metadata.jsonl", func(line []byte) error {
		var row struct {
			Raw      string
			Expected struct{ Title string }
		}
		err := json.Unmarshal(line, &row)
		chinese(row.Expected.Title, row.Raw)
		return err
	})

	asked, right := map[string]int{}, map[string]int{}
	try := func(name string, e encoding.Encoding, text string) {
		b, err := e.NewEncoder().Bytes([]byte(text))
		if err != nil || len(b) < leastBytes || isASCII(b) && name[:3] != "utf" { // it cannot be written so
			return
		}
		got, info := Decode(b, Hint{})
		asked[name]++
		switch {
		case string(got) == text:
			right[name]++
			if len(info.Notes) == 0 {
				t.Errorf("%s: %q came back without a note", name, text)
			}
		case testing.Verbose():
			t.Logf("%s: %q read as %s", name, text[:min(len(text), 60)], info.Charset)
		}
	}
	for i, s := range samples {
		if testing.Short() && i%8 != 0 {
			continue
		}
		text := norm.NFC.String(strings.ReplaceAll(s.text, "\r", ""))
		for label := range strings.FieldsSeq(s.encodings) {
			try(label, lookup(label).Encoding, text)
		}
		if i%4 != 0 {
			continue
		}
		try("utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text)
		try("utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), text)
	}
	var names []string
	for name := range asked {
		names = append(names, name)
	}
	slices.Sort(names)
	all, ok := 0, 0
	for _, name := range names {
		all, ok = all+asked[name], ok+right[name]
		rate := float64(right[name]) / float64(asked[name])
		t.Logf("rate %-13s %.4f of %d", name, rate, asked[name])
		if asked[name] >= 20 && rate < 0.92 { // Croatian with one accent in a hundred bytes is Latin-1 as well
			t.Errorf("%s: %d of %d texts came back", name, right[name], asked[name])
		}
	}
	if 100*ok < 99*all {
		t.Errorf("%d of %d texts came back", ok, all)
	}
	t.Logf("rate all           %.4f of %d", float64(ok)/float64(all), all)
}

package charset

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// checkDecode holds Decode to what it promises for any bytes.
func checkDecode(t *testing.T, b []byte, hint Hint) ([]byte, Info) {
	t.Helper()
	text, info := Decode(b, hint)
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		t.Fatalf("Decode(%q, %v) = %q: not clean", b, hint, text)
	}
	if info.Charset == "" || info.Source == "" || info.Repaired < 0 {
		t.Fatalf("Decode(%q, %v): %+v", b, hint, info)
	}
	return text, info
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name    string
		in      string
		hint    Hint
		want    string
		charset string
		source  Source
		repairs int
		notes   string
	}{
		{"empty", "", Hint{}, "", "utf-8", FromUTF8, 0, ""},
		{"ascii", "plain", Hint{Declared: "windows-1251"}, "plain", "utf-8", FromUTF8, 0, ""},
		{"utf-8", "韩国 é", Hint{}, "韩国 é", "utf-8", FromUTF8, 0, ""},
		{"utf-8 declared otherwise", "韩国 é", Hint{Declared: "gb2312"}, "韩国 é", "utf-8", FromUTF8, 0, ""},
		{"utf-8 bom", "\xef\xbb\xbf韩国", Hint{}, "韩国", "utf-8", FromBOM, 0, NoteBOM},
		{"utf-16le bom", "\xff\xfea\x00\xe9\x00", Hint{}, "aé", "utf-16le", FromBOM, 0, NoteBOM},
		{"utf-16be bom", "\xfe\xff\x00a\x00\xe9", Hint{}, "aé", "utf-16be", FromBOM, 0, NoteBOM},
		{"utf-32le bom", "\xff\xfe\x00\x00a\x00\x00\x00", Hint{}, "a", "utf-32le", FromBOM, 0, NoteBOM},
		{"utf-32be bom", "\x00\x00\xfe\xff\x00\x00\x00a", Hint{}, "a", "utf-32be", FromBOM, 0, NoteBOM},
		{"utf-16le ascii", "h\x00e\x00l\x00l\x00o\x00", Hint{}, "hello", "utf-16le", FromBytes, 0, NoteDetected + " " + NoteUTF16Inside},
		{"utf-16be ascii", "\x00h\x00e\x00l\x00l\x00o", Hint{Declared: "utf-8"}, "hello", "utf-16be", FromBytes, 0, NoteDetected + " " + NoteUTF16Inside},
		{"utf-16 lone surrogate", "\xff\xfea\x00\x00\xd8b\x00", Hint{}, "a\ufffdb", "utf-16le", FromBOM, 1, NoteBOM + " " + NoteInvalid},
		{"nul", "a\x00b", Hint{}, "ab", "utf-8", FromUTF8, 1, NoteNUL},
		{"bad byte", "韩国和日本\xff的", Hint{}, "韩国和日本\ufffd的", "utf-8", FromUTF8, 1, NoteInvalid},
		{"truncated", "韩国和日\xe6\x9c", Hint{}, "韩国和日\ufffd", "utf-8", FromUTF8, 1, NoteInvalid},
		{"overlong", "日本\xc0\x80と\xe0\x80\xaf韓国", Hint{}, "日本\ufffdと\ufffd韓国", "utf-8", FromUTF8, 2, NoteInvalid},
		{"lone surrogate", "日本\xed\xa0\x80と韓国", Hint{}, "日本\ufffdと韓国", "utf-8", FromUTF8, 1, NoteInvalid},
		{"cesu-8", "日本\xed\xa0\xbd\xed\xb8\x80と", Hint{}, "日本😀と", "utf-8", FromUTF8, 1, NoteSurrogates},
		{"declared", "\xd6\xd0\xb9\xfa\xc8\xcb\xc3\xf1", Hint{Declared: "GB2312"}, "中国人民", "gbk", FromDeclared, 0, NoteDeclared},
		{"wrongly declared", "\xd6\xd0\xb9\xfa\xc8\xcb\xc3\xf1\xd4\xda\xd5\xe2\xc0\xef", Hint{Declared: "iso-8859-1"}, "中国人民在这里", "gbk", FromBytes, 0, NoteDetected + " " + NoteWrong},
		{"unknown label", "\xd6\xd0\xb9\xfa\xc8\xcb\xc3\xf1", Hint{Declared: "no-such"}, "中国人民", "gbk", FromBytes, 0, NoteDetected},
		{"latin-1 is windows-1252", "It\x92s a caf\xe9", Hint{Declared: "iso-8859-1"}, "It’s a café", "windows-1252", FromDeclared, 0, NoteDeclared},
		{"iso-2022-jp", "\x1b$BF|K\\\x1b(B", Hint{}, "日本", "iso-2022-jp", FromBytes, 0, NoteDetected},
		{"gb18030 four bytes", "\xd6\xd0\xb9\xfa\xc8\xcb\x81\x39\xee\x39\xb5\xc4", Hint{Declared: "gbk"}, "中国人㐀的", "gbk", FromDeclared, 0, NoteDeclared},
		{"meta", "<html><!-- <meta charset=koi8-r> --><META Charset=\"windows-1251\"><p>\xcf\xf0\xe8\xe2\xe5\xf2", Hint{HTML: true}, "<html><!-- <meta charset=koi8-r> --><META Charset=\"windows-1251\"><p>Привет", "windows-1251", FromDeclared, 0, NoteDeclared},
		{"xml", "<?xml version='1.0' encoding='windows-1251'?><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>", Hint{HTML: true}, "<?xml version='1.0' encoding='windows-1251'?><p>Привет</p>", "windows-1251", FromDeclared, 0, NoteDeclared},
		{"mojibake", "FranÃ§ois a mangÃ© Ã\u00a0la crÃ¨merie", Hint{}, "François a mangé àla crèmerie", "utf-8", FromUTF8, 0, NoteMojibake},
	} {
		text, info := checkDecode(t, []byte(c.in), c.hint)
		if string(text) != c.want || info.Charset != c.charset || info.Source != c.source || info.Repaired != c.repairs || strings.Join(info.Notes, " ") != c.notes {
			t.Errorf("%s: %q, %+v\nwant %q, %s, %s, %d, %s", c.name, text, info, c.want, c.charset, c.source, c.repairs, c.notes)
		}
	}
}

// TestDecodeDoesNotCopy: a UTF-8 document comes back as it is.
func TestDecodeDoesNotCopy(t *testing.T) {
	b := []byte("今天上午，市中心的图书馆重新开放。 Déjà vu.")
	text, info := Decode(b, Hint{HTML: true})
	if &text[0] != &b[0] || len(text) != len(b) || info.Notes != nil {
		t.Errorf("%q, %+v", text, info)
	}
}

func TestMetaCharsets(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<meta charset="gbk">`, "gbk"},
		{`<meta http-equiv="Content-Type" content="text/html; charset=gb2312">`, "gb2312"},
		{`<META CONTENT='text/html;CHARSET = "big5"' HTTP-EQUIV=content-type />`, "big5"},
		{`<meta name="charset" content="text/html; charset=big5">`, ""},
		{`<metadata charset=x><meta/charset=y>`, "y"},
		{`<!-- <meta charset=a> --><meta charset=b><meta charset=c>`, "b c"},
		{`<meta charset="open`, ""},
		{`<`, ""},
	} {
		if got := strings.Join(metaCharsets([]byte(c.in)), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

// TestUndoMojibake: texts read in the wrong encoding, once or twice, come back where nothing was lost on the way.
func TestUndoMojibake(t *testing.T) {
	misread := func(text string, e encoding.Encoding) string {
		if e == charmap.Windows1252 { // as browsers do: what it leaves out is Latin-1
			var out strings.Builder
			for _, c := range []byte(text) {
				r := charmap.Windows1252.DecodeByte(c)
				if r == utf8.RuneError {
					r = rune(c)
				}
				out.WriteRune(r)
			}
			return out.String()
		}
		s, err := e.NewDecoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	french := "Les élèves étaient là, « déjà », près de la fenêtre – où l’été s’achève."
	for _, c := range []struct {
		text     string
		encoding encoding.Encoding
		times    int
	}{
		{french, charmap.Windows1252, 1},
		{french, charmap.Windows1252, 2},
		{"“It’s here” — he said…", charmap.Windows1252, 1},
		{"今天上午，市中心的图书馆重新开放。", charmap.Windows1252, 1},
		{"Сегодня утром в центре города", charmap.Windows1252, 1},
		{"Öffnung für größere Bücher über Äpfel", charmap.ISO8859_1, 1},
		{"Мы живём тут", charmap.Windows1251, 1},
		{"今天上午，市中心的图书馆，新的，好", simplifiedchinese.GBK, 1},
		{"これはとてもよいほんです", japanese.ShiftJIS, 1},
		{"一，中，三，本", traditionalchinese.Big5, 1},
	} {
		wrong := c.text
		for range c.times {
			wrong = misread(wrong, c.encoding)
		}
		lost := strings.ContainsRune(wrong, '\ufffd')
		got, ok := undoMojibake([]byte(wrong))
		if lost {
			t.Logf("%q: lossy", wrong)
			continue
		}
		if !ok || string(got) != c.text {
			t.Errorf("%q: %q, %v; want %q", wrong, got, ok, c.text)
		}
	}
	// What is right stays.
	for _, s := range []string{
		french, "« CAFÉ» et « THÉ»", "MAÇÃ", "Ã©", "SÃO PAULO: NÃO À PRESSÃO", "Übermäßig große Äpfel", "Россия и Сербия", "РОССИЯ, СССР, РСФСР",
		"锛 is a rare character", "今天上午，市中心的图书馆重新开放。", "これは本です。縺れる糸、縺れ。", "naïve Æ × ÷ ± §", "Smörgåsbord à la carte",
		"Ελληνικά κείμενα", "عربي", "Đặng Tiểu Bình và Hồ Chí Minh", "25 °C ± 2 °C, ½ – ¾",
	} {
		if got, ok := undoMojibake([]byte(s)); ok {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// TestAlphabets checks that the tables say what they mean to.
func TestAlphabets(t *testing.T) {
	for a, alphabet := range alphabets {
		for _, r := range alphabet.chars {
			w := weights.of(r)
			if w == nil || w[a] <= 0 {
				t.Errorf("%s: %q has no weight", alphabet.name, r)
			}
			if r < utf8.RuneSelf {
				t.Errorf("%s: %q is ASCII", alphabet.name, r)
			}
		}
	}
	for _, e := range candidates {
		if e.name == "" {
			t.Error("an unknown candidate")
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("plain"), "", false)
	f.Add([]byte("<meta charset=gb2312>\xd6\xd0\xb9\xfa"), "utf-8", true)
	f.Add([]byte("\xff\xfea\x00\x00\xd8"), "big5", false)
	f.Add([]byte("FranÃ§ois a mangÃ© Ã  la crÃ¨merie"), "", true)
	f.Add([]byte("日本\xed\xa0\xbd\xed\xb8\x80\xc0\x80\x00"), "", false)
	f.Add([]byte("\x1b$BF|K\\\x1b(B"), "iso-2022-jp", true)
	f.Add([]byte("涓枃锛鐨銆縺繧嚗"), "koi8-r", false)
	f.Fuzz(func(t *testing.T, b []byte, label string, html bool) {
		before := slices.Clone(b)
		text, info := checkDecode(t, b, Hint{Declared: label, HTML: html})
		if !bytes.Equal(b, before) {
			t.Fatal("the input was changed")
		}
		again, _ := Decode(b, Hint{Declared: label, HTML: html})
		if !bytes.Equal(again, text) {
			t.Fatal("two results")
		}
		// What came out is UTF-8 and stays as it is, but where it looks misread once more.
		if twice, i := Decode(text, Hint{}); len(i.Notes) == 0 && !bytes.Equal(twice, text) {
			t.Fatalf("%q, then %q", text, twice)
		}
		if info.Notes == nil && !bytes.Equal(text, b) {
			t.Fatalf("changed without a note: %+v", info)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	chinese := strings.Repeat("今天上午，市中心的图书馆重新开放，许多读者一早就在门口排队。\n", 300)
	french := strings.Repeat("Ce matin, la bibliothèque du centre-ville a rouvert ses portes à l’entrée.\n", 300)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(chinese)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, in string }{{"chinese", chinese}, {"french", french}, {"ascii", strings.Repeat("plain text ", 2000)}, {"gbk", gbk}} {
		b.Run(c.name, func(b *testing.B) {
			in := []byte(c.in)
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				Decode(in, Hint{})
			}
		})
		if c.name != "gbk" {
			b.Run(c.name+"/valid", func(b *testing.B) {
				in := []byte(c.in)
				b.SetBytes(int64(len(in)))
				for b.Loop() {
					utf8.Valid(in)
				}
			})
		}
	}
}

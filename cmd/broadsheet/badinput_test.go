//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf16 "golang.org/x/text/encoding/unicode"
)

// badInput is one thing that stands among the articles, and what becomes of it.
type badInput struct {
	path    string // in the dataset; of several, the first
	make    func(t *testing.T, in string) error
	outcome string // "kept", or the outcome and the reason
	detail  string // a regular expression for the detail and the notes
}

// file is a file with this content.
func file(path string, content []byte, outcome, detail string) badInput {
	return badInput{path, func(t *testing.T, in string) error {
		put(t, filepath.Join(in, filepath.FromSlash(path)), content)
		return nil
	}, outcome, detail}
}

// zeros writes n megabytes of one byte.
func zeros(w interface{ Write([]byte) (int, error) }, b byte, n int) {
	block := bytes.Repeat([]byte{b}, 1<<20)
	for range n {
		w.Write(block)
	}
}

func gzipped(megabytes int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	zeros(w, 'a', megabytes)
	w.Close()
	return b.Bytes()
}

func zstandard(t *testing.T, megabytes int) []byte {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	zeros(w, 'a', megabytes)
	w.Close()
	return b.Bytes()
}

// noise is n bytes without any order.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// encoded is text in another encoding.
func encoded(t *testing.T, e encoding.Encoding, text string) []byte {
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sentence is text that is an article by itself, different for each name.
func sentence(name string) string {
	return fmt.Sprintf("The town of %s has a harbour, and the people of %s walk there when the day of %s ends.", name, name, name)
}

// Whatever stands among the articles has one outcome that says what is wrong with it; the build ends, its neighbours are
// as they would be without it, and the dataset verifies.
func TestBadInput(t *testing.T) {
	wide := strings.Repeat("d", 200)
	deepJSON := []byte(`{"text":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}\n")
	laughs := "a0: &a0 lol\n"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	cases := []badInput{
		// Kinds of files.
		{"in/pipe.md", func(t *testing.T, in string) error { return syscall.Mkfifo(filepath.Join(in, "pipe.md"), 0o644) }, "skipped unsupported", "named pipe"},
		{"in/socket.md", func(t *testing.T, in string) error {
			l, err := net.Listen("unix", filepath.Join(in, "socket.md"))
			if err == nil {
				t.Cleanup(func() { l.Close() })
			}
			return err
		}, "skipped unsupported", "socket"},
		{"in/device.md", func(t *testing.T, in string) error {
			return os.Symlink("/dev/zero", filepath.Join(in, "device.md"))
		}, "skipped unsupported", "device"},
		{"in/dangling.md", func(t *testing.T, in string) error {
			return os.Symlink("nowhere", filepath.Join(in, "dangling.md"))
		}, "rejected unreadable", "link: no such file"},
		{"in/itself.md", func(t *testing.T, in string) error {
			return os.Symlink("itself.md", filepath.Join(in, "itself.md"))
		}, "rejected unreadable", "too many levels"},
		{"in/loop", func(t *testing.T, in string) error { return os.Symlink("..", filepath.Join(in, "loop")) }, "skipped unsupported", "link to a folder"},
		file("in/folder.md/inside.md", []byte(sentence("Inside")), "kept", ""),
		// Names.
		file("in/Case.md", []byte(sentence("Upper")), "kept", ""),
		file("in/case.md", []byte(sentence("Lower")), "kept", ""),
		file("in/\u00e9.md", []byte(sentence("Composed")), "kept", ""),
		file("in/e\u0301.md", []byte(sentence("Decomposed")), "kept", ""),
		file("in/ trailing .md", []byte(sentence("Blank")), "kept", ""),
		{`in/esc\x1B[2J\x07.md`, func(t *testing.T, in string) error {
			put(t, filepath.Join(in, "in", "esc\x1b[2J\x07.md"), []byte(sentence("Escape")))
			return nil
		}, "kept", ""},
		{"in/" + wide + "/", func(t *testing.T, in string) error { return deepFolders(in, wide, 30) }, "rejected unreadable", "folder: file name too long"},
		// Compressed.
		{"in/bomb.md.gz", func(t *testing.T, in string) error {
			put(t, filepath.Join(in, "in", "bomb.md.gz"), gzipped(200))
			return nil
		}, "rejected too_large", "max-unit"},
		{"in/bomb.md.zst", func(t *testing.T, in string) error {
			put(t, filepath.Join(in, "in", "bomb.md.zst"), zstandard(t, 2000))
			return nil
		}, "rejected too_large", "max-unit"},
		{"in/bomb.jsonl.zst:1", func(t *testing.T, in string) error {
			put(t, filepath.Join(in, "in", "bomb.jsonl.zst"), zstandard(t, 2000))
			return nil
		}, "rejected too_large", "max-unit"},
		{"in/frames.md.zst", func(t *testing.T, in string) error { // 500 frames, none of them large
			put(t, filepath.Join(in, "in", "frames.md.zst"), bytes.Repeat(zstandard(t, 4), 500))
			return nil
		}, "rejected too_large", "max-unit"},
		{"in/members.jsonl.gz:1", func(t *testing.T, in string) error { // the same of gzip
			put(t, filepath.Join(in, "in", "members.jsonl.gz"), bytes.Repeat(gzipped(1), 50))
			return nil
		}, "rejected too_large", "max-unit"},
		{"in/twice.md.gz.gz", func(t *testing.T, in string) error {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(gzipped(200))
			w.Close()
			put(t, filepath.Join(in, "in", "twice.md.gz.gz"), b.Bytes())
			return nil
		}, "(rejected|skipped) ", ""},
		file("in/window.md.zst", []byte("\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00"), "rejected (malformed|truncated|too_large|unreadable)", ""),
		file("in/cut.md.gz", gzipped(1)[:100], "rejected truncated", "gzip"),
		file("in/garbage.md.gz", []byte("\x1f\x8b\x08\x00garbage"), "rejected (truncated|malformed)", "gzip"),
		// What is not unpacked is not opened, whatever its names or its size would be.
		file("in/story.md.xz", []byte("\xfd7zXZ\x00"), "skipped unsupported", "xz"),
		file("in/story.md.bz2", []byte("BZh91AY&SY"), "skipped unsupported", "bz2"),
		file("in/slip.zip", []byte("PK\x03\x04../../escaped.md"), "skipped unsupported", "zip"),
		file("in/plain.md.gz", []byte(sentence("Plain")), "kept", ""), // a name that says more than is true
		// Nesting.
		file("in/deep.html", []byte("<html><body>"+strings.Repeat("<div>", 100_000)+"<p>"+sentence("Deep")+"</p>"), "kept", "deep|nest"),
		file("in/tables.html", []byte("<html><body><article>"+strings.Repeat("<table><tr><td>", 2000)+"<p>"+sentence("Tables")+"</p>"), "kept", ""),
		file("in/brackets.html", bytes.Repeat([]byte("<"), 4<<20-1), "filtered|kept", ""),
		{"in/many-brackets.html", func(t *testing.T, in string) error {
			size := 16
			if !testing.Short() {
				size = 1024
			}
			f, err := os.Create(filepath.Join(in, "in", "many-brackets.html"))
			if err != nil {
				return err
			}
			zeros(f, '<', size)
			return f.Close()
		}, "rejected too_large", "max-unit"},
		file("in/formatting.html", []byte("<html><body><article>"+strings.Repeat("<b><p>", 20_000)+sentence("Bold")), "kept", ""),
		file("in/deep.jsonl", deepJSON, "rejected malformed", ""),
		file("in/laughs.md", []byte("---\ntitle: Laughs\n"+laughs+"---\n"+sentence("Laughs")), "kept", ""),
		file("in/brackets.md", []byte("---\ntitle: "+strings.Repeat("[", 10_000)+"\n---\n"+sentence("Brackets")), "kept", ""),
		// Characters.
		file("in/surrogate.jsonl", []byte(`{"text":"`+sentence("Surrogate")+` \ud800 and \udc00"}`+"\n"), "kept", "repair|replac|utf"),
		file("in/nul.md", []byte(sentence("Nul")+"\x00 and on it goes in that town by the sea.\n"), "kept", ""),
		file("in/overlong.md", []byte(sentence("Overlong")+" \xc0\xaf\xe0\x80\xaf and so on.\n"), "kept", "utf8|charset|repair|latin|windows|replac"),
		file("in/binary.md", append([]byte("\x7fELF\x02\x01\x01\x00"), noise(20_000)...), "rejected malformed", "binary"),
		file("in/empty.md", nil, "filtered empty", ""),
		file("in/utf16.md", append([]byte{0xff, 0xfe}, utf16le(sentence("Wide"))...), "kept", ""),
		file("in/mark.md", []byte("\ufeff"+sentence("Mark")), "kept", "charset_bom"),
		file("in/utf16be.md", encoded(t, utf16.UTF16(utf16.BigEndian, utf16.UseBOM), sentence("Big")), "kept", "charset_bom"),
		file("in/gb18030.md", encoded(t, simplifiedchinese.GB18030, strings.Repeat("港口的人们在每天傍晚都会去海边散步，看着船只慢慢地回到城里来。", 5)), "kept", "charset_detected"),
		file("in/big5.md", encoded(t, traditionalchinese.Big5, strings.Repeat("孩子們在沙灘上奔跑，老人坐在樹下說著從前的故事，直到月亮升起。", 5)), "kept", "charset_detected"),
		file("in/sjis.md", encoded(t, japanese.ShiftJIS, strings.Repeat("港町の人々は毎日の夕方に海辺を散歩し、船がゆっくりと戻ってくるのを眺めている。", 5)), "kept", "charset_detected"),
		file("in/meta.html", []byte("<html><head><meta charset=gb2312></head><body><p>"+sentence("Caf\u00e9")+"</p></body></html>"), "kept", ""),
		file("in/meta-sjis.html", encoded(t, japanese.ShiftJIS, "<html><head><meta charset=utf-8></head><body><p>"+strings.Repeat("漁師たちは夜明け前に港を出て、昼には魚を市場へ運んでいる。", 5)+"</p></body></html>"), "kept", "charset_detected"),
		// Lines.
		file("in/lines.jsonl", []byte("[1,2]\n{\"text\":null}\n\"x\"\n{\"text\":\""+sentence("Lines")+"\"}\n{broken\n"), "rejected|filtered", ""),
		{"in/line.jsonl:1", func(t *testing.T, in string) error {
			f, err := os.Create(filepath.Join(in, "in", "line.jsonl"))
			if err != nil {
				return err
			}
			size := int64(64 << 20)
			if !testing.Short() {
				size = 1 << 30
			}
			if err := f.Truncate(size); err != nil { // one line of zeros, without blocks on the disk
				return err
			}
			if _, err := f.Seek(0, 2); err != nil {
				return err
			}
			fmt.Fprintf(f, "\n{\"text\":%q}\n", sentence("After"))
			return f.Close()
		}, "rejected too_large", "max-unit"},
	}
	if _, err := os.Stat("/proc/self/mem"); err == nil {
		cases = append(cases, badInput{"in/eio.md", func(t *testing.T, in string) error {
			return os.Symlink("/proc/self/mem", filepath.Join(in, "eio.md"))
		}, "rejected unreadable", "input/output error"})
	}
	root := t.TempDir()
	in := filepath.Join(root, "in")
	neighbours := 0
	for i := range cases { // a neighbour before, between and after them
		put(t, filepath.Join(in, "in", fmt.Sprintf("good%02d.md", i)), []byte(sentence(fmt.Sprintf("Neighbour%c%c", 'A'+i/26, 'a'+i%26))))
		neighbours++
	}
	t.Cleanup(func() { exec.Command("rm", "-rf", in).Run() }) // deeper than the standard library removes
	made := map[string]bool{}
	for i := range cases {
		c := &cases[i]
		// What file makes lies in in/in; what is made by a call lies where it says.
		if err := c.make(t, in); err != nil {
			t.Logf("%s cannot be made here: %v", c.path, err)
			continue
		}
		made[c.path] = true
	}
	c := exec.Command("broadsheet", "build", "in", "--out", "out", "--quiet", "--max-unit", "4MiB", "--max-unreadable", "100%")
	c.Dir = root
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	watch := time.AfterFunc(9*time.Minute, func() { c.Process.Kill() }) // a pipe that is opened waits for ever
	if err := c.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &said)
	}
	watch.Stop()
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		t.Logf("peak resident size %d KiB", usage.Maxrss)
	}
	got, twice := outcomesOf(t, filepath.Join(root, "out"))
	for _, path := range twice {
		t.Errorf("%s has two outcomes", path)
	}
	for i := range cases {
		c := &cases[i]
		if !made[c.path] {
			continue
		}
		var rows []string
		for path, row := range got {
			if path == c.path || path == "in/"+c.path || strings.HasPrefix(path, "in/"+c.path+":") || strings.HasPrefix(path, c.path+":") ||
				strings.HasSuffix(c.path, "/") && strings.HasPrefix(path, c.path) && strings.HasPrefix(row, strings.Fields(c.outcome)[0]) {
				rows = append(rows, row)
			}
		}
		ok := len(rows) > 0
		for _, row := range rows {
			match, err := regexp.MatchString("^("+c.outcome+")", row)
			if err != nil {
				t.Fatal(err)
			}
			about, err := regexp.MatchString(c.detail, row)
			if err != nil {
				t.Fatal(err)
			}
			ok = ok && match && about || len(rows) > 1
		}
		if !ok {
			t.Errorf("%.80q is %q, want %s with %q", c.path, rows, c.outcome, c.detail)
		}
	}
	kept := 0
	for path, row := range got {
		if strings.HasPrefix(path, "in/in/good") && strings.HasPrefix(row, "kept") {
			kept++
		}
		if !utf8.ValidString(path) || !utf8.ValidString(row) || strings.ContainsAny(path, "\x00\x07\x1b\n\r") {
			t.Errorf("%q: %q is not plain text", path, row)
		}
	}
	if kept != neighbours {
		t.Errorf("%d of %d neighbours are kept", kept, neighbours)
	}
	for _, more := range []string{"in/in/lines.jsonl:4", "in/in/line.jsonl:2"} {
		if !strings.HasPrefix(got[more], "kept") {
			t.Errorf("%s is %q, want it kept", more, got[more])
		}
	}
	verify := exec.Command("broadsheet", "verify", filepath.Join(root, "out"))
	if b, err := verify.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, b)
	}
}

// TestMemoryOfAnyUnit: a unit as large as --max-unit permits is read within the memory that was given and some 100 MiB,
// whatever it is made of.
func TestMemoryOfAnyUnit(t *testing.T) {
	if testing.Short() {
		t.Skip("builds of large units; the race detector, which runs -short, takes memory of its own")
	}
	const unit, most = 16 << 20, 352 << 10 // bytes, KiB
	for _, c := range []struct{ name, begin, again string }{
		{"paragraphs.html", "<html><body>", "<p>a"},
		{"headings.html", "<html><body>", "<h1>t</h1>"},
		{"lists.html", "<html><body>", "<ul><li>a"},
		{"items.html", "<ol>", "<li>a\n"},
		{"rubies.html", "", "<ruby>漢<rt>かん</rt></ruby>"},
		{"marks.html", "<html><body>", "a" + strings.Repeat("\u0301", 50)},
		{"brackets.md", "", "["},
		{"quotes.md", "", "> "},
		{"items.md", "", "- a\n  "},
		{"numbers.md", "", "1. a\n\n"},
		{"tables.md", "", "|a|b|\n|-|-|\n"},
		{"lines.md", "", "a\n"},
		{"emphasis.md", "", "*a* "},
		{"matter.md", "---\n", "- ["},
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, c.name), []byte(c.begin+strings.Repeat(c.again, (unit-len(c.begin))/len(c.again))))
		build := exec.Command("broadsheet", "build", c.name, "--out", "out", "--quiet", "--memory", "256MiB", "--max-unit", "16MiB", "--max-unreadable", "100%")
		build.Dir = dir
		if b, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", c.name, err, b)
		}
		usage, ok := build.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			t.Skip("the peak of a process is not known here")
		}
		peak := usage.Maxrss // KiB
		if runtime.GOOS == "darwin" {
			peak >>= 10
		}
		if t.Logf("%s: %d KiB", c.name, peak); peak > most {
			t.Errorf("%s: the peak is %d KiB, want %d at the most", c.name, peak, most)
		}
	}
}

// outcomesOf gives the outcome, reason, detail and notes of each unit, and the paths that have two.
func outcomesOf(t *testing.T, dir string) (rows map[string]string, twice []string) {
	t.Helper()
	d := dataset(t, dir)
	rows = map[string]string{}
	for o, err := range d.Outcomes() {
		if err != nil {
			t.Fatal(err)
		}
		if _, is := rows[o.Path]; is {
			twice = append(twice, o.Path)
		}
		rows[o.Path] = fmt.Sprintf("%s %s | %s # %s", o.Outcome, o.Reason, o.Detail, strings.Join(o.Notes, " "))
	}
	return rows, twice
}

// deepFolders makes n folders of one name within each other: more than a path can name at once.
func deepFolders(in, name string, n int) error {
	wd, err := syscall.Open(in, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	for range n {
		if err := syscall.Mkdirat(wd, name, 0o755); err != nil {
			return err
		}
		next, err := syscall.Openat(wd, name, syscall.O_RDONLY, 0)
		syscall.Close(wd)
		if err != nil {
			return err
		}
		wd = next
	}
	return syscall.Close(wd)
}

func utf16le(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}

// A file or folder that may not be read has a row that says so. Root may read everything, so the build runs as another.
func TestUnreadableInput(t *testing.T) {
	root := t.TempDir()
	for dir := root; dir != "/" && os.Getuid() == 0; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode()&0o005 != 0o005 && strings.Contains(dir, "TestUnreadable") {
			os.Chmod(dir, 0o755)
		}
	}
	in := filepath.Join(root, "in")
	put(t, filepath.Join(in, "good.md"), []byte(sentence("Good")))
	put(t, filepath.Join(in, "secret.md"), []byte(sentence("Secret")))
	put(t, filepath.Join(in, "secret.jsonl"), []byte("{}\n"))
	put(t, filepath.Join(in, "shut", "x.md"), []byte(sentence("Shut")))
	for _, name := range []string{"secret.md", "secret.jsonl", "shut"} {
		if err := os.Chmod(filepath.Join(in, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(in, "shut"), 0o755) })
	if err := os.Chmod(root, 0o777); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("broadsheet", "build", "in", "--out", "out", "--quiet", "--max-unreadable", "100%")
	c.Dir = root
	if os.Getuid() == 0 {
		self, err := exec.LookPath("broadsheet")
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(self) // where another user can reach it
		if err != nil {
			t.Fatal(err)
		}
		c.Path = filepath.Join(root, "broadsheet")
		if err := os.WriteFile(c.Path, b, 0o755); err != nil {
			t.Fatal(err)
		}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	if b, err := c.CombinedOutput(); err != nil {
		if strings.Contains(err.Error(), "permission denied") || strings.Contains(err.Error(), "operation not permitted") {
			t.Skipf("no other user can run here: %v", err)
		}
		t.Fatalf("%v: %s", err, b)
	}
	got, _ := outcomesOf(t, filepath.Join(root, "out"))
	for path, want := range map[string]string{
		"in/good.md": "kept", "in/secret.md": "rejected unreadable | permission denied", "in/secret.jsonl": "rejected unreadable | permission denied",
		"in/shut": "rejected unreadable | folder: permission denied",
	} {
		if !strings.HasPrefix(got[path], want) {
			t.Errorf("%s is %q, want %s", path, got[path], want)
		}
	}
}

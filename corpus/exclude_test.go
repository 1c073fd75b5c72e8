package corpus

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"broadsheet/corpus/identity"
	"broadsheet/corpus/weburl"
)

func TestExclusions(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	for _, c := range []struct {
		list string
		on   []string // ids and URLs that are on it
		off  []string
	}{
		{id, []string{id, id + "-2"}, []string{"1" + id[1:], ""}},
		{strings.ToUpper(id) + "-3", []string{id}, nil},
		{"https://papers.example/a?utm_source=x", []string{"https://papers.example/a", "http://www.papers.example/a/", "https://papers.example/a?ref=y"}, []string{"https://papers.example/b", "https://papers.example/"}},
		{"papers.example/a", []string{"https://papers.example/a"}, []string{"https://papers.example/a/b"}},
		{"papers.example", []string{"https://papers.example/a", "http://papers.example:8080/a", "https://news.papers.example/a?b"}, []string{"https://otherpapers.example/a", "https://example/papers.example"}},
		{"www.papers.example", []string{"https://papers.example/a"}, nil},
		{"https://papers.example/", []string{"https://news.papers.example/a"}, nil},
		{"bücher.example", []string{"https://xn--bcher-kva.example/a"}, nil},
		{"https://papers.example/2024/*", []string{"https://papers.example/2024/a", "http://www.papers.example/2024/05/a"}, []string{"https://papers.example/2024", "https://papers.example/20245/a", "https://news.papers.example/2024/a"}},
		{"papers.example/*", []string{"https://papers.example/a"}, []string{"https://news.papers.example/a"}},
		{"\ufeff# a list\r\n\r\n  papers.example\t# since May\r\n", []string{"https://papers.example/a"}, nil},
		{"https://papers.example/a#part", []string{"https://papers.example/a"}, nil},
	} {
		x, err := ReadExclusions(strings.NewReader(c.list))
		if err != nil {
			t.Errorf("%q: %v", c.list, err)
			continue
		}
		has := func(s string) bool {
			if u, err := weburl.Parse(s, ""); err == nil {
				return x.Has("", u.String())
			}
			return x.Has(s, "")
		}
		for _, s := range c.on {
			if !has(s) {
				t.Errorf("%q: %q is not on it", c.list, s)
			}
		}
		for _, s := range c.off {
			if has(s) {
				t.Errorf("%q: %q is on it", c.list, s)
			}
		}
	}
	var none *Exclusions
	if none.Has(id, "https://papers.example/a") || none.Len() != 0 {
		t.Error("no list excludes something")
	}
}

func TestExclusionsRefuse(t *testing.T) {
	for _, c := range []struct{ list, want string }{
		{"papers.example\n\nin/one.md\n", `line 3: "in/one.md" is no id, URL or host`},
		{"some words", "line 1: "},
		{"0123", "line 1: "},
		{"https://papers.example/2024*", "line 1: \"https://papers.example/2024*\": the part before * must end with /"},
		{"*.papers.example", "the name of a host means all below it"},
		{"https://papers.example/index.html", "start page"},
		{"tombstone:0123", "line 1: \"tombstone:0123\" is no tombstone"},
		{"ftp://papers.example/a", "line 1: "},
		{"a.example\n" + strings.Repeat("x", maxEntry+1), "line 2 is longer than"},
		{"p\x00a\x00p\x00e\x00r\x00", "line 1: "},
	} {
		if _, err := ReadExclusions(strings.NewReader(c.list)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %s", c.list, err, c.want)
		}
	}
}

// A document may be on the list by several entries, and each of them is told.
func TestExclusionsTellTheirLines(t *testing.T) {
	const url = "https://news.papers.example/2024/a"
	x, err := ReadExclusions(strings.NewReader("papers.example\n" + url + "\nother.example\nnews.papers.example/2024/*\nnews.papers.example\n" + url))
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Sorted(x.all("", urlKey(url), url))
	if fmt.Sprint(lines) != "[1 2 4 5]" {
		t.Errorf("lines %v", lines)
	}
}

// A million entries take about 100 bytes each.
func TestExclusionsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a million lines")
	}
	var list bytes.Buffer
	const n = 1_000_000
	for i := range n {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&list, "%032x\n", i)
		case 1:
			fmt.Fprintf(&list, "https://papers.example/articles/of/the/year/%d\n", i)
		case 2:
			fmt.Fprintf(&list, "host%d.papers.example\n", i)
		case 3:
			fmt.Fprintf(&list, "https://papers.example/%d/*\n", i)
		}
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	x, err := ReadExclusions(&list)
	if err != nil {
		t.Fatal(err)
	}
	each := (int64(heap()) - int64(before) + int64(list.Cap())) / n
	if x.Len() != n || each > 150 {
		t.Errorf("%d entries of %d bytes", x.Len(), each)
	}
}

// FuzzExclusions: whatever a list holds, reading it ends; and what it has of ids and tombstones is read again from the
// form in which tombstones are written, which is the only form that is taken for them.
func FuzzExclusions(f *testing.F) {
	f.Add([]byte("\ufeffpapers.example\r\nhttps://papers.example/a # b\n0123456789abcdef0123456789abcdef-2\n"), "https://papers.example/a")
	f.Add([]byte("# x\ntombstone:0123456789abcdef0123456789abcdef\nhttps://papers.example/*"), "https://papers.example/b/c?d")
	f.Add([]byte("https://[::1]/a\nhttp://a.b:99/*\n*\n"), "http://[::1]/")
	f.Fuzz(func(t *testing.T, list []byte, url string) {
		x, err := ReadExclusions(bytes.NewReader(list))
		if err != nil {
			return
		}
		u, _ := weburl.Parse(url, "")
		x.Has("0123456789abcdef0123456789abcdef", u.String())
		stones := tombstones{map[identity.Key]bool{}, map[identity.Key]bool{}}
		for k := range x.ids {
			stones.ids[k] = true
		}
		for k := range x.gone {
			stones.gone[k] = true
		}
		b := stones.encode()
		again, err := decodeTombstones(b)
		if err != nil || len(again.ids) != len(stones.ids) || len(again.gone) != len(stones.gone) {
			t.Fatalf("%q is read as %d and %d: %v", b, len(again.ids), len(again.gone), err)
		}
		if _, err := decodeTombstones(list); err == nil && !bytes.Equal(list, b) {
			t.Fatalf("%q is taken for tombstones", list)
		}
		if n := bytes.Count(list, []byte{'\n'}) + 1; x.Len() > n {
			t.Fatalf("%d entries in %d lines", x.Len(), n)
		}
	})
}

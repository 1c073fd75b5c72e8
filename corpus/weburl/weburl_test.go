package weburl

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkCanonical holds Parse to its promises on one input and returns the result.
func checkCanonical(t *testing.T, raw, base string) (URL, error) {
	t.Helper()
	u, err := Parse(raw, base)
	if err != nil {
		if !u.IsZero() || !errors.As(err, new(Error)) {
			t.Fatalf("Parse(%q, %q) = %q, %v", raw, base, u, err)
		}
		return u, err
	}
	s := u.String()
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte("\"#<>\\^`{|}", s[i]) >= 0 {
			t.Fatalf("Parse(%q, %q) = %q: byte %q is not allowed in a URL", raw, base, s, s[i])
		}
	}
	again, err := Parse(s, "")
	if err != nil || again != u {
		t.Fatalf("Parse(%q, %q) = %q, and that again = %q, %v", raw, base, s, again, err)
	}
	if Key(again) != Key(u) {
		t.Fatalf("%q and %q: keys differ", raw, s)
	}
	long, err := parse(s, "")
	if err != nil || long.canonical() != u {
		t.Fatalf("Parse(%q, %q) = %q, by the long way %q, %v", raw, base, s, long.canonical(), err)
	}
	if u.IsHostOnly() && KeyText(u) != "" {
		t.Fatalf("%q has a key", s)
	}
	if (KeyText(u) == "") != (Key(u) == [16]byte{}) {
		t.Fatalf("%q: empty key text %q, key %x", s, KeyText(u), Key(u))
	}
	if h := u.Hostname(); h == "" || !strings.Contains(s, "://"+h) || !strings.HasPrefix(u.Path(), "/") {
		t.Fatalf("%q: host %q, path %q", s, h, u.Path())
	}
	if d := u.Domain(); !strings.HasSuffix(strings.TrimSuffix(u.Hostname(), "."), d) {
		t.Fatalf("%q: domain %q", s, d)
	}
	return u, nil
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ raw, base, want string }{
		// What is canonical already.
		{"https://example.org/a/b?c=d", "", "https://example.org/a/b?c=d"},
		{"https://www.youtube.com/watch?v=aB3-_x", "", "https://www.youtube.com/watch?v=aB3-_x"},
		// Case, ports, dot segments, empty paths, trailing slashes.
		{"HTTP://Example.ORG:80/a/./b/../c", "", "http://example.org/a/c"},
		{"https://example.org:443", "", "https://example.org/"},
		{"https://example.org:8443/a/", "", "https://example.org:8443/a/"},
		{"http://example.org:443/", "", "http://example.org:443/"},
		{"https://example.org/%2E%2e/a/.%2e/b/%2e", "", "https://example.org/b/"},
		{"https://example.org/A/b.HTML", "", "https://example.org/A/b.HTML"},
		{"https:example.org\\a\\b", "", "https://example.org/a/b"},
		{" \t\nhttps://example.org/\na\r\n ", "", "https://example.org/a"},
		// Percent-encoding.
		{"https://example.org/%e9%9f%a9%E5%9b%bd", "", "https://example.org/%E9%9F%A9%E5%9B%BD"},
		{"https://example.org/韩国?q=值", "", "https://example.org/%E9%9F%A9%E5%9B%BD?q=%E5%80%BC"},
		{"https://example.org/%41%7e%2Db%2fc", "", "https://example.org/A~-b%2Fc"},
		{"https://example.org/a b?c d", "", "https://example.org/a%20b?c%20d"},
		{"https://example.org/%25e6%25b8", "", "https://example.org/%25e6%25b8"},
		{"https://example.org/100%/%zz", "", "https://example.org/100%/%zz"},
		{"https://example.org/%%34%31/%4%31", "", "https://example.org/%%341/%4%31"},
		{"https://example.org/|^`{}?|^`{}\\'", "", "https://example.org/%7C%5E%60%7B%7D?%7C%5E%60%7B%7D%5C%27"},
		{"https://example.org/\xff", "", "https://example.org/%EF%BF%BD"},
		// Hosts.
		{"https://例え.jp/", "", "https://xn--r8jz45g.jp/"},
		{"https://faß.de/", "", "https://xn--fa-hia.de/"},
		{"https://EXAMPLE。org/", "", "https://example.org/"},
		{"https://XN--R8JZ45G.jp/", "", "https://xn--r8jz45g.jp/"},
		{"http://0x7f.1/", "", "http://127.0.0.1/"},
		{"http://[::FFFF:1.2.3.4]/", "", "http://[::ffff:102:304]/"},
		{"http://m.example.org./a", "", "http://m.example.org./a"},
		// Credentials and fragments.
		{"https://user:p%40ss@example.org/a", "", "https://example.org/a"},
		{"https://user@host@example.org/a#b?c", "", "https://example.org/a"},
		{"https://example.org/?#", "", "https://example.org/"},
		// Tracking.
		{"https://example.org/a?utm_source=x&b=2&a=1#f", "", "https://example.org/a?b=2&a=1"},
		{"https://example.org/a?UTM_Source=x&amp;utm_medium=y", "", "https://example.org/a"},
		{"https://example.org/a?id=1&amp;utm%5Fmedium=y", "", "https://example.org/a?id=1"},
		{"https://example.org/a?at_medium=RSS&at_campaign=K", "", "https://example.org/a"},
		{"https://example.org/@a/b-1?source=rss-f1------2", "", "https://example.org/@a/b-1"},
		{"https://example.org/a?source=archive&at=5&fbclid=1", "", "https://example.org/a?source=archive&at=5"},
		{"https://example.org/a?&&gclid=1", "", "https://example.org/a?&"},
		{"https://example.org/a?v=1&feature=youtu.be", "", "https://example.org/a?v=1"},
		{"https://example.org/a?attachment_id=7&at_home=1", "", "https://example.org/a?attachment_id=7&at_home=1"},
		// Relative.
		{"../c?d", "https://Example.org/a/b/x?y", "https://example.org/a/c?d"},
		{"//m.example.org/a", "https://example.org/", "https://m.example.org/a"},
		{"?p=2", "https://example.org/a/b?p=1", "https://example.org/a/b?p=2"},
		{"", "https://example.org/a/b?p=1", "https://example.org/a/b?p=1"},
		{"https://example.org/a", "javascript:0", "https://example.org/a"},
	} {
		u, err := checkCanonical(t, c.raw, c.base)
		if err != nil || u.String() != c.want {
			t.Errorf("Parse(%q, %q) = %q, %v; want %q", c.raw, c.base, u, err, c.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		raw, base string
		want      error
	}{
		{"", "", ErrEmpty},
		{" \n", "", ErrEmpty},
		{"javascript:alert(1)", "https://example.org/", ErrScheme},
		{"JavaScript\n:alert(1)", "", ErrScheme},
		{"data:text/html,x", "", ErrScheme},
		{"file:///etc/passwd", "", ErrScheme},
		{"mailto:a@example.org", "", ErrScheme},
		{"/a/b", "", ErrRelative},
		{"example.org/a", "", ErrRelative},
		{"a", "file:///x/", ErrScheme},
		{"a", "b", ErrRelative},
		{"https://", "", ErrHost},
		{"https://user@/a", "", ErrHost},
		{"https://a b/", "", ErrHost},
		{"https://a%00b/", "", ErrHost},
		{"https://[::1/", "", ErrHost},
		{"https://1.2.3.999/", "", ErrHost},
		{"https://xn--a/", "", ErrHost},
		{"https://example.org:99999/", "", ErrPort},
		{"https://example.org:8o/", "", ErrPort},
		{"https://example.org/" + strings.Repeat("a", MaxLength), "", ErrTooLong},
	} {
		if u, err := checkCanonical(t, c.raw, c.base); err != c.want {
			t.Errorf("Parse(%.40q, %q) = %q, %v; want %v", c.raw, c.base, u, err, c.want)
		}
	}
}

func TestHostAndDomain(t *testing.T) {
	for _, c := range []struct {
		raw, hostname, host, domain string
		hostOnly                    bool
	}{
		{"https://www.example.org/a", "www.example.org", "example.org", "example.org", false},
		{"https://news.bbc.co.uk/?", "news.bbc.co.uk", "news.bbc.co.uk", "bbc.co.uk", true},
		{"https://www.com/", "www.com", "www.com", "www.com", true},
		{"https://www.com./", "www.com.", "www.com.", "www.com", true},
		{"https://blog.github.io/?a", "blog.github.io", "blog.github.io", "blog.github.io", false},
		{"https://github.io/?utm_source=a", "github.io", "github.io", "", true},
		{"http://127.0.0.1:80/", "127.0.0.1", "127.0.0.1", "", true},
		{"http://[::1]:8080/x", "[::1]", "[::1]", "", false},
		{"http://localhost/x", "localhost", "localhost", "", false},
		{"http://a.b.例え.jp/x", "a.b.xn--r8jz45g.jp", "a.b.xn--r8jz45g.jp", "xn--r8jz45g.jp", false},
	} {
		u, err := checkCanonical(t, c.raw, "")
		if err != nil || u.Hostname() != c.hostname || u.Host() != c.host || u.Domain() != c.domain || u.IsHostOnly() != c.hostOnly {
			t.Errorf("%q: %q, %v: hostname %q, host %q, domain %q, host only %v; want %+v",
				c.raw, u, err, u.Hostname(), u.Host(), u.Domain(), u.IsHostOnly(), c)
		}
	}
	var zero URL
	if zero.Hostname()+zero.Host()+zero.Domain()+zero.Path()+zero.Query()+KeyText(zero) != "" || Key(zero) != [16]byte{} {
		t.Error("the zero URL is not empty")
	}
}

// TestKeyFrozen holds version 1 of the identity in place. A failure here is never to be answered by editing the table.
func TestKeyFrozen(t *testing.T) {
	for _, c := range []struct{ raw, text, key string }{
		{"https://example.org/a/b?c=d", "example.org/a/b?c=d", "9a3b5b8f7d6e226145d60105897355e0"},
		{"http://www.example.org/a/b/?c=d#e", "example.org/a/b?c=d", "9a3b5b8f7d6e226145d60105897355e0"},
		{"https://example.org//a/b/index.html?c=d&utm_source=x", "example.org/a/b?c=d", "9a3b5b8f7d6e226145d60105897355e0"},
		{"https://m.example.org/a/b", "m.example.org/a/b", "79b28dc96cd10fa12df12fcb03d2bc73"},
		{"https://example.org:8080/a", "example.org:8080/a", "5d83c1e06adfb2c3bc1def3eb9aa05d9"},
		{"https://example.org./A", "example.org/A", "40b908003ef113c02c356bd8a3ffc940"},
		{"https://matters.example/@a/%25E6%25B8%25af-x", "matters.example/@a/%E6%B8%AF-x", "c22b84fda9d5d1f3a496b68bb2c11481"},
		{"https://matters.example/@a/%E6%B8%AF-x", "matters.example/@a/%E6%B8%AF-x", "c22b84fda9d5d1f3a496b68bb2c11481"},
		{"https://example.org/%25%2545%2536/" + strings.Repeat("%25", 3) + strings.Repeat("25", 20_000) + "41", "example.org/%E6/%25%25A", "dc263f80c880bbc76a63c8016acd2435"},
		{"https://example.org/%252525E6%252541/%252F", "example.org/%E6A/%2F", "e51deeec2789801cb8146295fc9e7bfc"},
		{"https://example.org/?b=2&a=1&b=1&&a=0", "example.org?a=1&a=0&b=2&b=1", "ff7d2b5e93d171892aa26bd2c599909c"},
		{"https://example.org/index.php?p=7", "example.org?p=7", "c762548b5655f6efba566dff610d3284"},
		{"https://example.org/a?ref=home&si=1", "example.org/a?si=1", "0a8601ab5dde82884037ab3bf8381121"},
		{"https://example.org/a?at_medium=RSS&pk_any=1&source=rss-1", "example.org/a", "237ce8094aa4cae323f9f5d92064149c"},
		{"https://例え.jp/あ", "xn--r8jz45g.jp/%E3%81%82", "c71674b470268d6ef3d41357d06a63fb"},
		{"https://example.org/", "", "00000000000000000000000000000000"},
		{"https://example.org/index.html?utm_source=x", "", "00000000000000000000000000000000"},
	} {
		u, err := checkCanonical(t, c.raw, "")
		if err != nil {
			t.Errorf("%.80q: %v", c.raw, err)
			continue
		}
		key := Key(u)
		if got := hex.EncodeToString(key[:]); KeyText(u) != c.text || got != c.key {
			t.Errorf("%.80q:\n got %.80q, %s\nwant %q, %s", c.raw, KeyText(u), got, c.text, c.key)
		}
	}
}

// TestKeyDropsTracking keeps the maintained list inside the frozen one: otherwise a published address could have
// another key than the address that was read.
func TestKeyDropsTracking(t *testing.T) {
	var names []string
	for name, values := range trackingKeys.names {
		if values == nil {
			names = append(names, name+"=x")
		}
		for _, v := range values {
			names = append(names, name+"="+strings.ReplaceAll(v, "*", "x"))
		}
		if len(name) > maxTrackingName {
			t.Errorf("%q is longer than maxTrackingName", name)
		}
	}
	for _, prefix := range trackingKeys.prefixes {
		names = append(names, prefix+"=x", prefix+"x=x")
	}
	for _, n := range names {
		if !isTracking(trackingKeys, n) || !isTracking(frozenTrackingKeys, n) {
			t.Errorf("%q: dropped %v, from keys %v", n, isTracking(trackingKeys, n), isTracking(frozenTrackingKeys, n))
		}
		if n != strings.ToLower(n) {
			t.Errorf("%q is not in lower case", n)
		}
	}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"open https://user:pass@example.org/a: no", "open https://***@example.org/a: no"},
		{"HTTPS:\\\\u:p@@example.org", "HTTPS:\\\\***@example.org"},
		{"http:u:p@example.org", "http:***@example.org"},
		{"s3://key:secret@bucket/x and //a@b/", "s3://***@bucket/x and //***@b/"},
		{"https://example.org/?a=1&access_token=abc.def&b=2", "https://example.org/?a=1&access_token=***&b=2"},
		{"https://example.org/?X-Amz-Signature=0f&amp;sig=1#id_token=2", "https://example.org/?X-Amz-Signature=***&amp;sig=***#id_token=***"},
		{"https://example.org/;jsessionid=1?sig=", "https://example.org/;jsessionid=***?sig="},
		{`{"a": "x?sig=b\\c\\\\", "b": "y?sig=1\"2\n3"}`, `{"a": "x?sig=***", "b": "y?sig=***\"2\n3"}`},
		{"https://example.org/?key=abcdefghijklmnopqrst/+0&b=2", "https://example.org/?key=***&b=2"},
		{`{"a": "x?key=0123456789abcdefghij\"2\n3"}`, `{"a": "x?key=***\"2\n3"}`},
		{"https://catalogue.example.org/?key=10.5281/zenodo.1234567 and ?key=smith2026&b=2", "https://catalogue.example.org/?key=10.5281/zenodo.1234567 and ?key=smith2026&b=2"},
		{"mail a@example.org, 50% = 1/2, monkey=1", "mail a@example.org, 50% = 1/2, monkey=1"},
		{"https://example.org/@user/a?monkey=1&page=2", "https://example.org/@user/a?monkey=1&page=2"},
	} {
		if got := Redact(c.in); got != c.want {
			t.Errorf("Redact(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"https://example.org/a?b=c", "HTTP://u:p@Example.org:80/./%e9%9f%a9?utm_source=x&y#z", "//x/%%34%31", "http:\\\\[::1]:8080\\..",
		"https://例え.jp/?q=値&amp;fbclid=1", "http://0x7f.1/%25%32%35E6", "https://xn--r8jz45g.jp", "?#", "https://www.a.org/index.php?b&a",
	} {
		f.Add(s, "")
		f.Add(s, "https://example.org/a/b?c#d")
	}
	f.Fuzz(func(t *testing.T, raw, base string) {
		u, err := checkCanonical(t, raw, base)
		if plain, ok := parsePlain(raw); ok && (err != nil || plain != u || plain.String() != raw) {
			t.Fatalf("%q: %q by the fast path", raw, plain)
		}
		if r := Redact(raw); utf8.ValidString(raw) && !utf8.ValidString(r) {
			t.Fatalf("Redact(%q) = %q", raw, r)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, raw string }{
		{"plain", "https://www.example.org/2024/01/05/some-story-about-something.html?id=12345"},
		{"escaped", "https://www.example.org/%e9%9f%a9%e5%9b%bd%e6%95%a6%e4%bf%83/20240105-%E9%9F%A9%E5%9B%BD?at_medium=RSS&at_campaign=K"},
		{"raw", "https://www.example.org/国际/20240105-韩国敦促朝俄停止武器贸易"},
		{"idn", "https://例え.jp/a"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(c.raw, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkKey(b *testing.B) {
	u, err := Parse("https://www.example.org/2024/01/05/some-story-about-something.html?id=12345", "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Key(u)
	}
}

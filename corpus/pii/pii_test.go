package pii

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// labelled is a line of testdata/labelled.txt: what it is, and the text in which each piece of personal data stands
// between ⟦kind: and ⟧.
func labelled(t *testing.T) (texts []string, want [][]string, lines []string) {
	f, err := os.Open("testdata/labelled.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		line = strings.ReplaceAll(line, `\n`, "\n")
		var text strings.Builder
		var spans []string
		for rest := line; ; {
			before, after, ok := strings.Cut(rest, "⟦")
			text.WriteString(before)
			if !ok {
				break
			}
			kind, after, ok := strings.Cut(after, ":")
			data, after, ok2 := strings.Cut(after, "⟧")
			if !ok || !ok2 || !slices.Contains(kindNames[:], kind) {
				t.Fatalf("a bad label in %q", line)
			}
			spans = append(spans, fmt.Sprintf("%s %d %s", kind, text.Len(), data))
			text.WriteString(data)
			rest = after
		}
		texts, want, lines = append(texts, text.String()), append(want, spans), append(lines, line)
	}
	return texts, want, lines
}

func spansOf(text string) (spans []string) {
	s := scanner{text: text, keys: hasKeys(text)}
	for s.next() {
		spans = append(spans, fmt.Sprintf("%s %d %s", s.kind, s.from, text[s.from:s.to]))
	}
	return spans
}

// TestLabelled measures on the labelled set, which we wrote: precision and recall by kind, a span counting only where it
// is exactly that of the label. The bars are what docs/quality.md states, rounded down.
func TestLabelled(t *testing.T) {
	texts, want, lines := labelled(t)
	if len(lines) < 300 {
		t.Errorf("%d lines", len(lines))
	}
	var right, found, there [NumKinds]int
	for i, text := range texts {
		got := spansOf(text)
		for k, name := range kindNames {
			for _, s := range got {
				if strings.HasPrefix(s, name+" ") {
					if found[k]++; slices.Contains(want[i], s) {
						right[k]++
					}
				}
			}
			for _, s := range want[i] {
				if strings.HasPrefix(s, name+" ") {
					there[k]++
				}
			}
		}
		if !slices.Equal(got, want[i]) {
			t.Logf("%s\n\tfound %q", lines[i], got)
		}
	}
	precision := [NumKinds]float64{Email: 0.98, IP: 0.95, Phone: 0.95, Key: 0.98}
	recall := [NumKinds]float64{Email: 0.93, IP: 0.9, Phone: 0.9, Key: 0.95}
	for k, name := range kindNames {
		p, r := float64(right[k])/float64(found[k]), float64(right[k])/float64(there[k])
		t.Logf("%s: precision %d/%d = %.3f, recall %d/%d = %.3f", name, right[k], found[k], p, right[k], there[k], r)
		if p < precision[k] || r < recall[k] {
			t.Errorf("%s: precision %.3f, recall %.3f; the bars are %.2f and %.2f", name, p, r, precision[k], recall[k])
		}
	}
}

func TestMask(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"nothing here", "nothing here"},
		{"Write to anna.berg@example.org or call +44 20 7946 0958.", "Write to <EMAIL> or call <PHONE>."},
		{"from 93.184.216.34 to 192.168.0.1", "from <IP_ADDRESS> to 192.168.0.1"},
		{"电话：010-62345678、62345679", "电话：<PHONE>、<PHONE>"},
		{"-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK=\n-----END RSA PRIVATE KEY-----\nafter", "<KEY>\nafter"},
	} {
		got, _ := Mask(c.text)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	_, n := Mask("a@example.org b@example.org 93.184.216.34")
	if n != (Counts{Email: 2, IP: 1}) {
		t.Errorf("%v", n)
	}
}

func check(t interface{ Fatalf(string, ...any) }, text string) {
	once, n := Mask(text)
	if !utf8.ValidString(once) && utf8.ValidString(text) {
		t.Fatalf("%q: %q is no UTF-8", text, once)
	}
	if len(once) > 2*len(text) {
		t.Fatalf("%q grew to %q", text, once)
	}
	if again, m := Mask(once); again != once || m.Any() {
		t.Fatalf("%q\n%q\n%q", text, once, again)
	}
	if !n.Any() && once != text {
		t.Fatalf("%q changed to %q and nothing was counted", text, once)
	}
}

// Pieces put together at random find what a fuzzer takes long to.
func TestMaskIsIdempotent(t *testing.T) {
	texts, _, _ := labelled(t)
	pieces := []string{"@", "+", ".", "-", " ", "<PHONE>", "<KEY>", "call ", "a@b.cc", "+49 30 1234567", "93.184.216.34", "212-555-0123", "tel ", "\n", "(", ")", ">", "1", "2001:4860:4860::8888", "isbn ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "电话", "　", "é"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			if rapid.Bool().Draw(t, "piece") {
				b.WriteString(rapid.SampledFrom(pieces).Draw(t, "piece"))
			} else {
				text := rapid.SampledFrom(texts).Draw(t, "text")
				at := rapid.IntRange(0, len(text)).Draw(t, "at")
				b.WriteString(strings.ToValidUTF8(text[at:min(len(text), at+40)], ""))
			}
		}
		check(t, b.String())
	})
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"", "a@b.cc", "tel 212-555-0123 2125550124", "a@b.c@d.ee", "+1 212 555 0123+1 212 555 0123", "1.2.3.4", "2001:4860:4860::8888", "-----BEGIN PRIVATE KEY-----A", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { check(t, text) })
}

// Time is linear: what looks like the beginning of something a hundred thousand times over is passed in one go.
func TestMaskOfHostileText(t *testing.T) {
	for _, s := range []string{"@", "a@", "1", "1 ", "(", "+1 ", "eyJ", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "1:", "a.", "ghp_a", "tel 1-"} {
		check(t, strings.Repeat(s, 1<<18/len(s)))
	}
}

func BenchmarkMask(b *testing.B) {
	clean := strings.Repeat("Every evening the harbour master counted the boats twice, 12 in May 2024, and wrote the number on a slate.\n\n", 100)
	chinese := strings.Repeat("港口的管理員每天傍晚都數兩遍船，2024年5月有12艘，把數目寫在門邊的石板上。\n\n", 100)
	full := strings.Repeat("Write to anna.berg@example.org or call +44 20 7946 0958 from 93.184.216.34.\n\n", 100)
	for _, c := range []struct{ name, text string }{{"clean", clean}, {"zh", chinese}, {"full", full}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				Mask(c.text)
			}
		})
	}
}

package format

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFrontMatter(t *testing.T) {
	type m = map[string]any
	for _, c := range []struct {
		name, in string
		fields   m
		notes    string
		body     string
	}{
		{"flat", "---\ntitle: \"a \\\"b\\\" c\"\ndate: 2024-01-05T14:45:02.000Z\ntags: [ x, 联合早报 ]\ncomments: True\nempty:\n---\nbody\n",
			m{"title": `a "b" c`, "date": "2024-01-05T14:45:02.000Z", "tags": []any{"x", "联合早报"}, "comments": "True", "empty": nil}, "", "body\n"},
		{"full YAML", "---\ntitle: >\n  a\n  b\nauthor:\n  name: c\n  links: [d, {e: f}]\nn: 1.10\nnull: ~\n...\nbody",
			m{"title": "a b\n", "author": m{"name": "c", "links": []any{"d", m{"e": "f"}}}, "n": "1.10", "null": nil}, "", "body"},
		{"empty", "---\n---\nbody", m{}, "", "body"},
		{"a comment first", "---\n# x\na: b\n---\n", m{"a": "b"}, "", ""},
		{"blank lines before", "\n\n---\na: b\n---\nc", m{"a": "b"}, "", "c"},
		{"quotes in quotes", "---\ntitle: \"He said \"no\" twice\"\nfrom: https://example.org/\n---\n",
			m{"title": `He said "no" twice`, "from": "https://example.org/"}, "front_matter_repaired", ""},
		{"a colon in a title", "---\ntitle: War: what is it\nauthor: @someone\ntags:\n- a\n- b\n---\n",
			m{"title": "War: what is it", "author": "@someone", "tags": []any{"a", "b"}}, "front_matter_repaired", ""},
		{"a field twice", "---\na: b\na: c\n---\n", m{"a": "b"}, "front_matter_repaired", ""},
		{"aliases", "---\na: &x [1]\nb: *x\n---\n", m{"a": "&x [1]", "b": "*x"}, "front_matter_repaired", ""},
		{"deep nesting", "---\na: " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n---\nb", nil, "front_matter_repaired", "b"},
		{"no end", "---\ntitle: a\ntags:\n  - b\n\n<p>text</p>\n\nmore", m{"title": "a", "tags": []any{"b"}}, "front_matter_unterminated", "\n<p>text</p>\n\nmore"},
		{"no end at all", "---\ntitle: a", m{"title": "a"}, "front_matter_unterminated", ""},
	} {
		f, body, ok := splitFrontMatter([]byte(c.in))
		if !ok || string(body) != c.body || strings.Join(f.notes, " ") != c.notes {
			t.Errorf("%s: %v, notes %q, body %q", c.name, ok, f.notes, body)
		}
		if c.fields != nil && !(len(c.fields) == 0 && len(f.fields) == 0) && !reflect.DeepEqual(f.fields, c.fields) {
			t.Errorf("%s: %#v", c.name, f.fields)
		}
	}
	for _, in := range []string{"", "---", "---\n", "--- \n\ntext", "---\n\n- a list\n---\n", "----\na: b\n----\n", "text\n---\na: b\n---\n", "---\nA sentence. It ends: here\n---\n"} {
		if f, body, ok := splitFrontMatter([]byte(in)); ok {
			t.Errorf("%q: front matter %v, body %q", in, f.fields, body)
		}
	}
}

// The fast path must give what YAML gives, or nothing.
func TestFlatFrontMatterIsYAML(t *testing.T) {
	value := rapid.OneOf(
		rapid.StringMatching(`[ -~]{0,12}`),
		rapid.StringMatching(`"[ -~]{0,8}"`),
		rapid.StringMatching(`\[ ?([a-z:#~ -]{0,4},? ?){0,4}\]`),
		rapid.SampledFrom([]string{"", "~", "null", "true", "1.10", "0x1f", "2024-01-05", "12:30:45", "联合 早报", "a # b", "a: b", "é\u00a0ñ", "\u0085", "\u2028", "\ufeff", "=", "<<", "- a", "?", "a:", "[a, b", "[]", "[ , ]", `"\u00e9"`, `"\n"`, "|", "*a", "&a b", "!!str a", "a\t", "--- a", "…"}),
	)
	check := func(t interface {
		Fatalf(string, ...any)
	}, src string) {
		flat, ok := flatFrontMatter([]byte(src))
		if !ok {
			return
		}
		full, err := yamlFrontMatter([]byte(src))
		if err != nil || len(flat)+len(full) > 0 && !reflect.DeepEqual(flat, full) {
			t.Fatalf("%q: flat %#v, YAML %#v, %v", src, flat, full, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "lines") {
			b.WriteString(rapid.StringMatching(`[a-zA-Z_][a-z0-9_-]{0,3}:`).Draw(t, "key"))
			b.WriteString(rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "space"))
			b.WriteString(value.Draw(t, "value") + "\n")
		}
		check(t, b.String())
	})
	if testing.Short() {
		return
	}
	n := 0
	eachSample(t, "oped2.tar.zst", func(path string, data []byte) {
		if n++; n%10 != 0 || !bytes.HasPrefix(data, []byte("---\n")) {
			return
		}
		if end := bytes.Index(data, []byte("\n---\n")); end > 0 {
			check(t, string(data[4:end+1]))
		}
	})
}

func FuzzFrontMatter(f *testing.F) {
	f.Add([]byte("---\na: \"b\"\nc: [ d, e ]\n---\nf"))
	f.Add([]byte("---\na: >\n  b\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		fm, body, ok := splitFrontMatter(src)
		if !ok {
			return
		}
		if !bytes.HasSuffix(src, body) {
			t.Error("the body is no part of the text")
		}
		if flat, ok := flatFrontMatter(src); ok {
			full, err := yamlFrontMatter(src)
			if err != nil || len(flat)+len(full) > 0 && !reflect.DeepEqual(flat, full) {
				t.Errorf("flat %#v, YAML %#v, %v", flat, full, err)
			}
		}
		_ = fm
	})
}

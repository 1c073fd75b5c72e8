package corpus

import (
	"strings"
	"testing"
)

func TestMaskJSON(t *testing.T) {
	mask := func(s string) string { return strings.ReplaceAll(s, "a@b.cc", "<EMAIL>") }
	for _, c := range []struct{ in, want string }{
		{`{}`, `{}`},
		{`{"a@b.cc":"x","n":13800138000}`, `{"a@b.cc":"x","n":13800138000}`},
		{`{"by":"see\na@b.cc","list":["a@b.cc",{"deep":"<b> a@b.cc"}],"z":"\u00e9"}`, `{"by":"see\n<EMAIL>","list":["<EMAIL>",{"deep":"<b> <EMAIL>"}],"z":"\u00e9"}`},
		{`{"q":"\"a@b.cc\"","e":"\\"}`, `{"q":"\"<EMAIL>\"","e":"\\"}`},
	} {
		if got := maskJSON(c.in, mask); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

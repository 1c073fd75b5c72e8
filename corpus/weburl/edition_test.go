package weburl

import "testing"

func TestDesktop(t *testing.T) {
	for _, c := range [][2]string{
		{"https://m.example.com/a/1", "https://example.com/a/1"},
		{"https://en.m.example.org/wiki/A?x=1", "https://en.example.org/wiki/A?x=1"},
		{"http://mobile.example.co.uk:8080/a", "http://example.co.uk:8080/a"},
		{"https://www.example.com/a/amp/", "https://www.example.com/a"},
		{"https://example.com/amp/a", "https://example.com/a"},
		{"https://amp.example.com/a?amp=1&b=2", "https://example.com/a?b=2"},
		{"https://example.com/a?AMP", "https://example.com/a"},
		// What only looks like one.
		{"https://m.com/a", "https://m.com/a"},
		{"https://m.blogspot.com/a", "https://m.blogspot.com/a"},
		{"https://example.com/amp", "https://example.com/amp"},
		{"https://example.com/camp", "https://example.com/camp"},
		{"https://example.com/m/a", "https://example.com/m/a"},
		{"https://[::1]/a/amp", "https://[::1]/a/amp"},
		{"https://example.com/", "https://example.com/"},
	} {
		u, err := Parse(c[0], "")
		if err != nil {
			t.Fatal(err)
		}
		want, err := Parse(c[1], "")
		if err != nil {
			t.Fatal(err)
		}
		if got := Desktop(u); got.String() != want.String() && Key(got) != Key(want) {
			t.Errorf("Desktop(%s) = %s, want %s", c[0], got, want)
		}
		if got := Desktop(Desktop(u)); got != Desktop(u) {
			t.Errorf("Desktop(%s) twice is %s", c[0], got)
		}
	}
	if got := Desktop(URL{}); !got.IsZero() {
		t.Errorf("Desktop of no address is %s", got)
	}
}

package weburl

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"broadsheet/corpus/material"
)

type suiteCase struct {
	Input    string
	Base     string
	Href     string
	Failure  bool
	Protocol string
	Host     string
	Hostname string
	Port     string
	Pathname string
	Search   string
}

// suiteExceptions are the cases of the suite that are not met, by input, each with the reason.
var suiteExceptions = map[string]string{}

// TestSuite runs the URL tests of the web platform. Addresses of other schemes must be refused; the parts of http and
// https addresses must be those of the suite, but for user name, password and fragment, which are not kept, and a bare
// "?". What Parse makes of them must be stable and equal in all that the canonical form does not touch.
func TestSuite(t *testing.T) {
	data, err := os.ReadFile(material.Path(t, "suites/urltestdata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	web, other, failures := 0, 0, 0
	for _, r := range raw {
		var c suiteCase
		if json.Unmarshal(r, &c) != nil {
			continue // a comment
		}
		if _, ok := suiteExceptions[c.Input]; ok {
			continue
		}
		p, err := parse(c.Input, c.Base)
		switch {
		case c.Failure:
			failures++
			if err == nil {
				t.Errorf("%q on %q: got %+v, want failure", c.Input, c.Base, p)
			}
			continue
		case c.Protocol != "http:" && c.Protocol != "https:":
			other++
			if err != ErrScheme {
				t.Errorf("%q on %q: got %+v, %v; want %v", c.Input, c.Base, p, err, ErrScheme)
			}
			continue
		}
		web++
		want := parts{
			scheme: strings.TrimSuffix(c.Protocol, ":"), host: c.Hostname, port: c.Port,
			path: c.Pathname, query: strings.TrimPrefix(c.Search, "?"),
		}
		if err != nil || p != want {
			t.Errorf("%q on %q:\n got %+v, %v\nwant %+v", c.Input, c.Base, p, err, want)
		}
		checkCanonical(t, c.Input, c.Base)
	}
	t.Logf("%d web addresses, %d of other schemes, %d failures, %d exceptions", web, other, failures, len(suiteExceptions))
}

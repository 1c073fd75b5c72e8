package writers

import (
	"reflect"
	"strings"
	"testing"

	"broadsheet/schema"
)

func fullRelease() Release {
	return Release{
		Description: "News of one city.", Creator: "A. Press Archive", URL: "https://archive.city.org/news", DatePublished: "2026-11-25", Version: "1.0.0",
		Citation: "@misc{news, title = {{News}}, author = {A. Person}}", Collection: "From feeds.", Limitations: "Few sources.", Biases: "One country.",
		Sensitive: "Names of politicians.", Uses: "Research.", SocialImpact: "Small.", Maintenance: "Yearly.", Synthetic: "no",
	}
}

func TestReleaseMissing(t *testing.T) {
	if got := fullRelease().Missing("News", "CC-BY-4.0"); got != nil {
		t.Errorf("%q", got)
	}
	required := 2 // name and licence
	for _, f := range Facts() {
		if !f.optional {
			required++
		}
	}
	if got := (Release{}).Missing("", " "); len(got) != required {
		t.Errorf("%d are missing, want %d: %q", len(got), required, got)
	}
	r := fullRelease()
	r.Creator, r.Authors = "", "A. Person; B. Person"
	if got := r.Missing("News", "CC-BY-4.0"); got != nil {
		t.Errorf("authors do not stand for a creator: %q", got)
	}
	for name, bad := range map[string]string{
		"date_published": "25.11.2026", "version": "1.0", "url": "archive.city.org", "synthetic": "maybe", "license_url": "LICENSE",
	} {
		r := fullRelease()
		r.Set(name, bad)
		if got := r.Missing("News", "MIT"); len(got) != 1 || !strings.Contains(got[0], strings.ReplaceAll(name, "_", "-")+" is "+`"`+bad) {
			t.Errorf("%s %q: %q", name, bad, got)
		}
	}
	for said, want := range map[string]int{
		"see https://archive.city.org/?id=smith2026": 0, "see https://archive.city.org/?key=smith2026&a=1": 0, "**Read** a=***b***": 0,
		"see https://archive.city.org/?key=Zm9vYmFyIGJheiBxdXg4key=Zm9vYmFyIGJheiBxdXg&a=1": 1, "see https://u:p@archive.city.org/": 1,
	} {
		r := fullRelease()
		r.Citation = said
		if got := r.Public().Missing("News", "MIT"); len(got) != want || want == 1 && !strings.HasPrefix(got[0], "release.citation has an address with what may be a secret") {
			t.Errorf("%q: %q", said, got)
		}
		if p := r.Public(); want == 0 && p != r {
			t.Errorf("%q is published as %q", said, p.Citation)
		}
	}
	r = fullRelease()
	r.DatePublished = "2026-02-30"
	if got := r.Missing("News", "MIT"); len(got) != 1 {
		t.Errorf("a day that is not in the calendar: %q", got)
	}
}

func TestPlaceholders(t *testing.T) {
	for _, s := range []string{
		"TODO", "todo", "TBD", "To be determined.", "XXX", "FIXME: write this", "N/A", "none", "unknown", "-", "...", "?", "your name",
		"Your Organization", "<creator>", "by <your name here>", "[More Information Needed]", "[insert citation here]", "https://example.com/data",
		"https://data.example/x", "mail me@example.org", "Lorem ipsum dolor sit amet", "Changeme", "{{ cookiecutter.name }}", "${VERSION}",
		"Person (20XX)", "placeholder", "待补充", "See http://localhost:8000",
	} {
		if placeholder(s) == "" {
			t.Errorf("%q is taken for an answer", s)
		}
	}
	for _, s := range []string{
		"", "Noticias de todo el país.", "No.", "无", "@misc{a, title = {{Broadsheet News}}, year = {2026}}", "See [the paper](https://a.org).",
		"list<string> columns", "Ask at <https://city.org> or <desk@city.org>.", "<details><summary>More</summary>text</details>",
		"For example, names of people.", "A test of time.", "It remains to be seen.", "Text <b>bold</b> and `a<b`", "none of the texts is machine-made",
		"An archive of xxx-small fonts", "[1] A. Person, News.", "1.2.3",
	} {
		if got := placeholder(s); got != "" {
			t.Errorf("%q is taken for a placeholder, for %q", s, got)
		}
	}
}

// What is stated stands in the manifest and comes back from there.
func TestReleaseInManifest(t *testing.T) {
	want := fullRelease()
	want.Prose = "## More\n\n```\ncode \"quoted\"\n```\n\u2028<b>"
	var m schema.Manifest
	m.Config.Effective.Set("release", want.Settings())
	got, err := ReleaseOf(&m)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := ReleaseOf(&schema.Manifest{}); err != nil || got != (Release{}) {
		t.Errorf("a manifest without one: %+v, %v", got, err)
	}
	m.Config.Effective.Set("release", map[string]string{"colour": "red"})
	if _, err := ReleaseOf(&m); err == nil {
		t.Error("an unknown fact passes")
	}
	m.Config.Effective.Set("release", map[string]int{"version": 1})
	if _, err := ReleaseOf(&m); err == nil {
		t.Error("a number passes for a text")
	}
}

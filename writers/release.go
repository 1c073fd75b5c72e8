package writers

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// Release is what only a person can say of a dataset. It comes from the configuration, stands in the manifest among the
// effective settings, and goes from there into the cards and the Croissant file. It is free text but for the fields
// whose form is given. The zero value works: what was not stated is then said to be not stated.
type Release struct {
	Prose         string // the person's own part of the card, Markdown, taken over as it is
	Description   string // one paragraph
	Creator       string // organisations, parted by ;
	Authors       string // people, parted by ;
	URL           string // where the dataset lives, absolute
	DatePublished string // YYYY-MM-DD; never taken from the clock
	Version       string // MAJOR.MINOR.PATCH
	LicenseURL    string // the text of the licence, where it is not an SPDX one
	Citation      string // a reference, or BibTeX

	Collection   string // how the articles were collected
	Limitations  string
	Biases       string
	Sensitive    string // personal and sensitive information
	Uses         string // what it is for, and what it is not for
	SocialImpact string
	Maintenance  string
	Synthetic    string // "yes" or "no": whether texts were made by a machine
}

// Fact is one statement of a [Release].
type Fact struct {
	Name string // as in the manifest: date_published
	Ask  string // what is to be said, for a person who has not said it
	// List is set where several values are names, parted by ;. Several values of another fact are lines of a list.
	List bool

	optional bool
	of       func(*Release) *string
	fault    func(string) string // what is wrong with the form of a value, or nothing
}

// Facts is the table of what can be stated, in the order in which it is asked for.
func Facts() []Fact {
	return []Fact{
		{Name: "description", Ask: "what the dataset is, in a paragraph", of: func(r *Release) *string { return &r.Description }},
		{Name: "creator", Ask: "the organisation that made it (or authors: the people who did)", List: true, of: func(r *Release) *string { return &r.Creator }},
		{Name: "authors", Ask: "the people who made it", List: true, optional: true, of: func(r *Release) *string { return &r.Authors }},
		{Name: "version", Ask: "the version of the dataset, as 1.2.0", of: func(r *Release) *string { return &r.Version }, fault: versionFault},
		{Name: "date_published", Ask: "the day of publication, as 2026-11-25", of: func(r *Release) *string { return &r.DatePublished }, fault: dateFault},
		{Name: "url", Ask: "the address where it is published", of: func(r *Release) *string { return &r.URL }, fault: urlFault},
		{Name: "license_url", Ask: "the address of the licence's text", optional: true, of: func(r *Release) *string { return &r.LicenseURL }, fault: urlFault},
		{Name: "citation", Ask: "how to cite it: a reference, or BibTeX", of: func(r *Release) *string { return &r.Citation }},
		{Name: "collection", Ask: "how the articles were collected: by whom, from where, when, by what means", of: func(r *Release) *string { return &r.Collection }},
		{Name: "uses", Ask: "what it is for, and what it is not for", of: func(r *Release) *string { return &r.Uses }},
		{Name: "limitations", Ask: "what is missing from it, and what it cannot show", of: func(r *Release) *string { return &r.Limitations }},
		{Name: "biases", Ask: "whom and what it shows too much or too little", of: func(r *Release) *string { return &r.Biases }},
		{Name: "sensitive", Ask: "which personal and sensitive information it holds", of: func(r *Release) *string { return &r.Sensitive }},
		{Name: "social_impact", Ask: "whom its use may help or harm", of: func(r *Release) *string { return &r.SocialImpact }},
		{Name: "maintenance", Ask: "who looks after it, and where corrections and removals are asked for", of: func(r *Release) *string { return &r.Maintenance }},
		{Name: "synthetic", Ask: "yes or no: are texts in it that a machine wrote?", of: func(r *Release) *string { return &r.Synthetic }, fault: yesNoFault},
		{Name: "prose", Ask: "Markdown for the card, taken over as it is", optional: true, of: func(r *Release) *string { return &r.Prose }},
	}
}

// Set states a fact. It is false where there is no fact of that name.
func (r *Release) Set(name, value string) bool {
	value = strings.TrimSpace(value)
	if name == "synthetic" { // as YAML has them
		value = cmp.Or(map[string]string{"true": "yes", "false": "no"}[value], value)
	}
	for _, f := range Facts() {
		if f.Name == name {
			*f.of(r) = value
			return true
		}
	}
	return false
}

// Public is the release without the secrets of the URLs in it.
func (r Release) Public() Release {
	for _, f := range Facts() {
		*f.of(&r) = weburl.Redact(*f.of(&r))
	}
	return r
}

// Settings are the facts as they stand in the configuration, all of them and in their order.
func (r Release) Settings() schema.Settings {
	var s schema.Settings
	for _, f := range Facts() {
		s.Set(f.Name, *f.of(&r))
	}
	return s
}

// ReleaseOf is the release that a manifest states among the effective settings. A manifest without one gives the zero
// value; what this version does not know is an error.
func ReleaseOf(m *schema.Manifest) (Release, error) {
	var r Release
	var stated schema.Settings
	if _, err := m.Config.Effective.Get("release", &stated); err != nil {
		return r, fmt.Errorf("release in the configuration: %w", err)
	}
	for _, s := range stated {
		var value string
		if err := json.Unmarshal(s.Value, &value); err != nil || !r.Set(s.Name, value) {
			return r, fmt.Errorf("release in the configuration: %s is not a fact of this version", s.Name)
		}
	}
	return r, nil
}

// Missing lists what a published dataset should say and this one does not, and what is a placeholder, lost a secret to
// Public, or has not the form that readers want, by the keys of the configuration. Name and license are those of the
// dataset, outside the release.
func (r Release) Missing(name, license string) []string {
	var out []string
	look := func(key, value, ask string, optional bool, fault func(string) string) {
		switch found := placeholder(value); {
		case value == "" && !optional:
			out = append(out, key+" is missing: "+ask)
		case value == "":
		case found != "":
			out = append(out, fmt.Sprintf("%s is a placeholder (%q): %s", key, found, ask))
		case leftOut.MatchString(value):
			out = append(out, fmt.Sprintf("%s has an address with what may be a secret, left out as %q: give the address without it", key, leftOut.FindString(value)))
		case fault != nil && fault(value) != "":
			out = append(out, fmt.Sprintf("%s is %q, %s: %s", key, value, fault(value), ask))
		}
	}
	look("name", strings.TrimSpace(name), "what the dataset is called", false, nil)
	look("license", strings.TrimSpace(license), "the licence of the dataset as a whole, an SPDX id where there is one", false, nil)
	for _, f := range Facts() {
		optional := f.optional || f.Name == "creator" && r.Authors != ""
		look("release."+strings.ReplaceAll(f.Name, "_", "-"), *f.of(&r), f.Ask, optional, f.fault)
	}
	return out
}

func versionFault(s string) string {
	if semver.MatchString(s) {
		return ""
	}
	return "which is not of the form MAJOR.MINOR.PATCH"
}

func dateFault(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return ""
	}
	return "which is not a day of the form YYYY-MM-DD"
}

func urlFault(s string) string {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.ContainsAny(s, "<>\" \t\r\n") {
		return ""
	}
	return "which is not an address with http or https"
}

func yesNoFault(s string) string {
	if s == "yes" || s == "no" {
		return ""
	}
	return "which is neither yes nor no"
}

// names parts a list of names.
func names(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

var (
	// Semantic Versioning 2.0.0 without the rules for identifiers behind - and +.
	semver = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?$`)

	// What stands for something that is still to be written. The marks of programmers count in capitals alone: "todo"
	// is a word of Spanish and Portuguese. Names are those that RFC 2606 and RFC 6761 set aside for examples.
	stillToWrite = regexp.MustCompile(`\b(?:TODO|TBD|TBA|FIXME|XXX+)\b|(?i:\blorem ipsum\b|\bmore information needed\b|\bcoming soon\b|` +
		`\bchange[ _-]?me\b|\bplaceholder\b|\bfill (?:this |me )?in\b|\bto be (?:added|announced|confirmed|decided|defined|determined)\b|` +
		`\bnot stated\b|\b(?:your|my)[ _-](?:own |full )?(?:name|organi[sz]ation|institute|institution|company|dataset|e-?mail|url|title|text|description|licen[sc]e|citation)\b|` +
		`\binsert [^.\n]{0,40}\bhere\b)|\b(?:19|20)(?:XX|xx|YY|yy)\b|\bYYYY\b|待定|待补|待補|未定`)
	// What Public leaves of an address.
	leftOut     = regexp.MustCompile(`[?&;#][\w.-]+=\*\*\*|[/\\:]\*\*\*@`)
	exampleHost = regexp.MustCompile(`(?i)\b(?:example\.(?:com|org|net|edu)|[a-z0-9-]+\.(?:example|invalid|test)|localhost)\b`)
	// A word or several in angle or square brackets, or between double braces with spaces; not a tag, a link, a reference.
	bracketed = regexp.MustCompile(`(?:^|[\s"'(=:/])(<([A-Za-z][A-Za-z0-9]*)[^<>\n@:]*>)|(\[[^\]\n]*\b(?i:here|your|insert|name of)\b[^\]\n]*\])(?:[^(\[]|$)|(\{\{ [^{}\n]* \}\}|\$\{[^{}\n]*\})`)
	htmlTag   = regexp.MustCompile(`^(?i:a|abbr|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|ins|kbd|li|ol|p|picture|pre|q|s|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video)$`)
	wordless  = regexp.MustCompile(`^(?i:n/?a|none|nil|null|unknown|todo|tbd|tba|test|foo|bar|asdf|xxx*|\W*)$`)
)

// placeholder is the part of s that stands for something still to be written, or nothing.
func placeholder(s string) string {
	if s == "" {
		return ""
	}
	if wordless.MatchString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 && unicode.IsLetter(r) }) {
		return s
	}
	for _, p := range []*regexp.Regexp{stillToWrite, exampleHost} {
		if m := p.FindString(s); m != "" {
			return m
		}
	}
	for _, m := range bracketed.FindAllStringSubmatch(s, -1) {
		switch {
		case m[1] != "" && !htmlTag.MatchString(m[2]):
			return m[1]
		case m[3] != "":
			return m[3]
		case m[4] != "":
			return m[4]
		}
	}
	return ""
}

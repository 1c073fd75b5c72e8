package writers

import (
	"regexp"
	"strings"
)

// Release is what only a person can say of a dataset, from the configuration. It is free text but for the fields whose
// form is given. The zero value works: cards and the Croissant file then say that it was not stated.
type Release struct {
	Prose         string // the person's own part of the card, Markdown, taken over as it is
	Description   string // one paragraph
	Creator       string // a person or an organisation
	URL           string // where the dataset lives
	DatePublished string // YYYY-MM-DD; never taken from the clock
	Version       string // such as 1.2.0
	Citation      string // a reference, or BibTeX

	Limitations  string
	Biases       string
	Sensitive    string // personal and sensitive information
	Uses         string // what it is for, and what it is not for
	SocialImpact string
	Maintenance  string
	Synthetic    string // "yes" or "no": whether texts were made by a machine
}

// Missing lists what a published dataset should say and this one does not, and what is only a placeholder, by the
// names of the configuration.
func (r Release) Missing(license string) []string {
	var out []string
	for _, f := range []struct{ name, value string }{
		{"description", r.Description}, {"creator", r.Creator}, {"url", r.URL}, {"date_published", r.DatePublished},
		{"version", r.Version}, {"license", license}, {"citation", r.Citation}, {"limitations", r.Limitations},
		{"biases", r.Biases}, {"sensitive", r.Sensitive}, {"uses", r.Uses}, {"social_impact", r.SocialImpact},
		{"maintenance", r.Maintenance}, {"synthetic", r.Synthetic},
	} {
		switch {
		case strings.TrimSpace(f.value) == "":
			out = append(out, f.name+" is missing")
		case isPlaceholder(f.value):
			out = append(out, f.name+" is a placeholder: "+f.value)
		case f.name == "date_published" && !dateForm.MatchString(f.value):
			out = append(out, f.name+" is not of the form YYYY-MM-DD: "+f.value)
		case f.name == "synthetic" && f.value != "yes" && f.value != "no":
			out = append(out, f.name+" is neither yes nor no: "+f.value)
		}
	}
	if isPlaceholder(r.Prose) {
		out = append(out, "the text of the card is a placeholder")
	}
	return out
}

var (
	dateForm     = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	placeholders = regexp.MustCompile(`(?i)\b(todo|tbd|fixme|xxx|lorem ipsum)\b|more information needed|^\s*(n/?a|none|unknown|\.+|-+|\?+)\s*$|<[a-z _-]+>|\[[^\]]*(here|your )[^\]]*\](?:[^(]|$)`)
)

func isPlaceholder(s string) bool { return placeholders.MatchString(s) }

package format

import (
	"regexp"
	"strings"
)

var (
	ccURL  = regexp.MustCompile(`(?i)creativecommons\.org/(?:licenses/([a-z-]+)/([0-9.]+)|publicdomain/(zero|mark)/)`)
	ccName = regexp.MustCompile(`(?i)^(?:cc|creative commons)[ _-]?((?:by)(?:[ _-](?:nc|nd|sa))*)[ _-]?(?:version )?v?([1-4]\.[0-9])?(?: international| unported| generic)?$`)
)

// license is what a text states about its licence: the SPDX id of a Creative Commons licence, by its address or its usual
// name, else the statement itself.
func license(s string) string {
	s = cleanTitle(s)
	if m := ccURL.FindStringSubmatch(s); m != nil {
		switch {
		case m[3] == "zero":
			return "CC0-1.0"
		case m[3] != "":
			return s // the public domain mark is no licence
		}
		return "CC-" + strings.ToUpper(m[1]) + "-" + strings.TrimRight(m[2], ".")
	}
	if m := ccName.FindStringSubmatch(s); m != nil && m[2] != "" {
		return "CC-" + strings.ToUpper(strings.NewReplacer(" ", "-", "_", "-").Replace(m[1])) + "-" + m[2]
	}
	switch strings.ToLower(s) {
	case "cc0", "cc-0", "cc0-1.0", "cc0 1.0":
		return "CC0-1.0"
	}
	return s
}

package format

import (
	"regexp"
	"strings"
)

var (
	ccURL  = regexp.MustCompile(`(?i)creativecommons\.org/(?:licenses/([a-z-]+)/([0-9.]+)|publicdomain/(zero|mark)/)`)
	ccName = regexp.MustCompile(`(?i)^(?:cc|creative commons)[ _-]?((?:by)(?:[ _-](?:nc|nd|sa))*)[ _-]?(?:version )?v?([1-4]\.[0-9])?(?: international| unported| generic)?$`)
)

// licenseURLs are the addresses, without scheme and "www.", at which the stewards of other licences of texts and code
// publish them, with their SPDX ids (SPDX License List 3.27). The first that an address begins with counts.
var licenseURLs = []struct{ prefix, id string }{
	{"gnu.org/licenses/old-licenses/fdl-1.2", "GFDL-1.2-only"}, {"gnu.org/licenses/fdl-1.3", "GFDL-1.3-only"},
	{"gnu.org/licenses/gpl-3.0", "GPL-3.0-only"}, {"gnu.org/licenses/agpl-3.0", "AGPL-3.0-only"}, {"gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"},
	{"gnu.org/licenses/old-licenses/gpl-2.0", "GPL-2.0-only"},
	{"apache.org/licenses/license-2.0", "Apache-2.0"}, {"unlicense.org", "Unlicense"}, {"mozilla.org/mpl/2.0", "MPL-2.0"}, {"mozilla.org/en-us/mpl/2.0", "MPL-2.0"},
	{"nationalarchives.gov.uk/doc/open-government-licence/version/3", "OGL-UK-3.0"}, {"nationalarchives.gov.uk/doc/open-government-licence/version/2", "OGL-UK-2.0"},
	{"nationalarchives.gov.uk/doc/open-government-licence/version/1", "OGL-UK-1.0"}, {"etalab.gouv.fr/licence-ouverte-open-licence", "etalab-2.0"},
	{"opendatacommons.org/licenses/by/", "ODC-By-1.0"}, {"opendatacommons.org/licenses/odbl/", "ODbL-1.0"}, {"opendatacommons.org/licenses/pddl/", "PDDL-1.0"},
	{"opensource.org/license/mit", "MIT"}, {"opensource.org/licenses/mit", "MIT"}, {"opensource.org/license/apache-2-0", "Apache-2.0"}, {"opensource.org/licenses/apache-2.0", "Apache-2.0"},
	{"opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"}, {"opensource.org/license/bsd-3-clause", "BSD-3-Clause"}, {"opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"}, {"opensource.org/license/bsd-2-clause", "BSD-2-Clause"},
}

// knownURL gives the id for the address of a known licence.
func knownURL(s string) (id string, ok bool) {
	_, s, ok = strings.Cut(strings.ToLower(s), "://")
	if !ok {
		return "", false
	}
	s = strings.TrimPrefix(s, "www.")
	for _, l := range licenseURLs {
		if strings.HasPrefix(s, l.prefix) {
			return l.id, true
		}
	}
	return "", false
}

// license is what a text states about its licence: the SPDX id of a Creative Commons licence, by its address or its usual
// name, or of another one by its address, else the statement itself.
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
	if id, ok := knownURL(s); ok {
		return id
	}
	switch strings.ToLower(s) {
	case "cc0", "cc-0", "cc0-1.0", "cc0 1.0":
		return "CC0-1.0"
	}
	return s
}

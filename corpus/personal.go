package corpus

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"broadsheet/corpus/pii"
	"broadsheet/schema"
)

// mask masks personal data in what a unit states, where the configuration asks for it. It is done as soon as a unit is
// read, after its identity: the keys, and with them the id, are those of the unmasked unit, and everything later (what
// repeats, fingerprints, texts, the audit) knows the masked text alone. So a build upon a base that was masked too
// compares like with like. Addresses and paths stay as they are: they say where a text comes from.
func (d *draft) mask(c Config) {
	if c.PII != PIIMask || d.Reason != "" {
		return
	}
	mask := func(s string) string {
		s, n := pii.Mask(s)
		for k := range n {
			d.Masked[k] += n[k]
		}
		return s
	}
	d.Title, d.Source, d.SiteName = mask(d.Title), mask(d.Source), mask(d.SiteName)
	d.Authors, d.Tags = slices.Clone(d.Authors), slices.Clone(d.Tags)
	for _, list := range [][]string{d.Authors, d.Tags} {
		for i := range list {
			list[i] = mask(list[i])
		}
	}
	for i := range d.Blocks {
		d.Blocks[i].Text = mask(d.Blocks[i].Text)
	}
	d.Extra = maskJSON(d.Extra, mask)
	if d.Masked.Any() {
		d.Notes = note(d.Notes, "personal_data_masked")
	}
}

// maskJSON masks the strings of a JSON object, not its names and numbers. All else stays as it is, to the byte.
func maskJSON(s string, mask func(string) string) string {
	var out []byte
	done := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		from := i
		for i++; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' {
				i++
			}
		}
		if i >= len(s) {
			break
		}
		rest := strings.TrimLeft(s[i+1:], " \t\r\n")
		var text string
		if strings.HasPrefix(rest, ":") || json.Unmarshal([]byte(s[from:i+1]), &text) != nil {
			continue
		}
		if masked := mask(text); masked != text {
			var quoted bytes.Buffer
			to := json.NewEncoder(&quoted)
			to.SetEscapeHTML(false)
			if to.Encode(masked) != nil {
				continue
			}
			out = append(append(out, s[done:from]...), bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
			done = i + 1
		}
	}
	return string(append(out, s[done:]...))
}

// maskedStats are the counts by kind for the manifest: what was masked in the documents that were kept.
func maskedStats(to *schema.Settings, n *[pii.NumKinds]int64) {
	for k := range n {
		to.Set("masked_"+pii.Kind(k).String(), n[k])
	}
}

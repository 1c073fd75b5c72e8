package writers

import (
	"fmt"
	"strings"

	"broadsheet/schema"
)

// steps says what was done to the inputs, as the settings in effect have it: how each text was made, and which of the
// documents were left out. They are lower-case clauses. A setting that the manifest does not state counts as the default
// of a build.
func steps(m *schema.Manifest) (texts, documents []string) {
	text := func(name, unless string) string {
		v := unless
		if _, err := m.Config.Effective.Get(name, &v); err != nil {
			return unless
		}
		return v
	}
	texts = append(texts, "each input was parsed and its main text taken")
	if text("pii", "off") == "mask" {
		texts = append(texts, "e-mail and IP addresses, telephone numbers and keys were masked")
	}
	switch text("boilerplate", "learn") {
	case "off":
	case "learn":
		texts = append(texts, "text that repeats within a source was learned from the whole collection and cut")
	default:
		texts = append(texts, "text that repeats within a source was cut by the rules of an earlier build")
	}
	texts = append(texts, "dates, addresses and languages were brought into one form")

	var presets []string
	if _, err := m.Config.Effective.Get("filter", &presets); err == nil && len(presets) > 0 {
		documents = append(documents, "documents that break a rule of "+strings.Join(presets, ", ")+" were left out")
	}
	if text("decontaminate", "") != "" {
		documents = append(documents, "documents that share a long run of words with an evaluation text were left out")
	}
	var least int64
	if _, err := m.Config.Effective.Get("min_chars", &least); err == nil && least > 1 {
		documents = append(documents, fmt.Sprintf("texts of less than %s characters were left out", grouped(least)))
	}
	if text("exclude", "") != "" {
		documents = append(documents, "documents that were to be excluded were left out, with their copies")
	}
	if text("base", "") != "" {
		documents = append(documents, "documents that an earlier dataset has were left out")
	}
	switch text("dedupe", "near") {
	case "none":
		documents = append(documents, "documents that are the same were all kept")
	case "mark":
		documents = append(documents, "documents that are the same were all kept, and marked in the audit")
	case "exact":
		documents = append(documents, "documents of one address or one text were reduced to one")
	default:
		documents = append(documents, "documents that are the same or nearly the same were reduced to one")
	}
	return texts, documents
}

package writers

import "broadsheet/schema"

// Release is what only a person can say of a dataset, from the configuration. Every field may be empty.
type Release struct {
	Prose string
}

// Card is README.md.
func Card(m *schema.Manifest, r Release) []byte { return nil }

// JSONLCard is jsonl/README.md.
func JSONLCard(m *schema.Manifest, r Release) []byte { return nil }

// Croissant is croissant.json.
func Croissant(m *schema.Manifest, r Release) ([]byte, error) { return []byte("{}\n"), nil }

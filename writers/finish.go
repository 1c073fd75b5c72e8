package writers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"broadsheet/schema"
)

// Finish writes what comes last: the cards, the Croissant file, SHA256SUMS, and then the manifest, which it completes.
// The caller has filled in what the build knows, with the entries of all files written so far in m.Files; what a person
// stated is in the configuration under "release". A manifest that breaks one of its own invariants is an error and is
// not written.
func (d *Dir) Finish(m *schema.Manifest) error {
	r, err := ReleaseOf(m)
	if err != nil {
		return err
	}
	m.ManifestVersion, m.SchemaVersion = schema.ManifestVersion, schema.Version
	m.Columns, m.Version = schema.DocumentColumns(), r.Version
	m.DatasetSize, m.DownloadSize = 0, 0
	for _, s := range m.Splits {
		m.DatasetSize += s.Bytes
	}
	formats := map[string]bool{}
	for _, f := range m.Files {
		if f.Split == "" {
			continue
		}
		formats[f.Format] = true
		if f.Format == "parquet" {
			m.DownloadSize += f.Bytes
		}
	}
	m.Language = nil
	for _, c := range m.Totals.Language {
		m.Language = append(m.Language, c.Value)
	}
	write := func(name, format string, content []byte, err error) error {
		if err != nil {
			return err
		}
		f, err := d.WriteFile(name, format, content)
		if err == nil {
			m.Files = append(m.Files, f)
		}
		return err
	}
	if err := write("README.md", "markdown", Card(m, r), nil); err != nil {
		return err
	}
	if formats["jsonl"] {
		if err := write("jsonl/README.md", "markdown", JSONLCard(m, r), nil); err != nil {
			return err
		}
	}
	if formats["parquet"] {
		c, err := Croissant(m, r)
		if err := write("croissant.json", "json", c, err); err != nil {
			return err
		}
	}
	return d.seal(m)
}

// seal writes SHA256SUMS and then the manifest.
func (d *Dir) seal(m *schema.Manifest) error {
	if bad := m.Check(); bad != nil {
		return fmt.Errorf("the manifest contradicts itself: %s", strings.Join(bad, "; "))
	}
	b, err := m.Encode()
	if err != nil {
		return fmt.Errorf("encode %s: %w", schema.ManifestName, err)
	}
	sum := sha256.Sum256(b)
	if _, err := d.WriteFile(schema.SumsName, "", encodeSums(m.Files, hex.EncodeToString(sum[:]))); err != nil {
		return err
	}
	_, err = d.WriteFile(schema.ManifestName, "", b)
	return err
}

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"os"
	"unicode/utf8"

	"broadsheet/corpus"
	"broadsheet/schema"
	"broadsheet/writers"
)

// output joins what makes documents and what writes them: corpus and writers do not know each other.
type output struct {
	dir     *writers.Dir
	formats []writers.Format
	release writers.Release
}

func newOutput(dir *writers.Dir, formats []string, release writers.Release) *output {
	o := &output{dir: dir, release: release}
	for _, name := range formats {
		if f, ok := writers.FormatNamed(name); ok {
			o.formats = append(o.formats, f)
		}
	}
	return o
}

func (o *output) WriteShard(split string, number int, rows iter.Seq2[*schema.Document, error]) ([]schema.File, error) {
	return o.dir.WriteShard(writers.Shard{Split: split, Number: number}, o.formats, rows)
}

func (o *output) Outcomes() corpus.Table[schema.Outcome]        { return o.dir.Outcomes() }
func (o *output) Boilerplate() corpus.Table[schema.Boilerplate] { return o.dir.Boilerplate() }
func (o *output) Dropped() corpus.Table[schema.Dropped]         { return o.dir.Dropped() }

// Finish writes the report, the cards and the manifest.
func (o *output) Finish(m *schema.Manifest, s *schema.Samples) error {
	page, err := writers.Report(m, s)
	if err != nil {
		return err
	}
	f, err := o.dir.WriteFile("report.html", "html", page)
	if err != nil {
		return err
	}
	m.Files = append(m.Files, f)
	return o.dir.Finish(m, o.release)
}

// maxCard is the size of the longest prose of a card, bytes.
const maxCard = 1 << 20

// readCard reads what a person wrote about the dataset, and makes its hash part of the configuration.
func (o *options) readCard() (writers.Release, error) {
	if o.card == "" {
		return writers.Release{}, nil
	}
	b, err := os.ReadFile(o.card)
	if err != nil {
		return writers.Release{}, usage("--card: %s", err)
	}
	if len(b) > maxCard || !utf8.Valid(b) {
		return writers.Release{}, usage("--card %s: not a text in UTF-8 of at most %s", o.card, formatSize(maxCard))
	}
	if o.Card, err = hashOf(bytes.NewReader(b)); err != nil {
		return writers.Release{}, err
	}
	return writers.Release{Prose: string(b)}, nil
}

// hashOf is the SHA-256 of what r holds, as it stands in a configuration.
func hashOf(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)), nil
}

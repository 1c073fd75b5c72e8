package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"

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

func newOutput(dir *writers.Dir, formats []string) *output {
	o := &output{dir: dir}
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

// hashOf is the SHA-256 of what r holds, as it stands in a configuration.
func hashOf(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)), nil
}

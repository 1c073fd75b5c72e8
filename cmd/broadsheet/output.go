package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/corpus"
	"broadsheet/schema"
	"broadsheet/writers"
)

// output joins what makes documents and what writes them: corpus and writers do not know each other.
type output struct {
	dir     *writers.Dir
	formats []writers.Format
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
func (o *output) Signals() corpus.Table[schema.Signals]         { return o.dir.Signals() }
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
	return o.dir.Finish(m)
}

// maxCard is the size of the longest prose of a card, bytes.
const maxCard = 1 << 20

// settleRelease reads what a person wrote about the dataset and makes it part of the configuration.
func (o *options) settleRelease() error {
	if o.card != "" {
		if o.release.Prose != "" {
			return usage("the text of the card is given twice: with card and as release.prose")
		}
		b, err := os.ReadFile(o.card)
		if err != nil {
			return usage("--card: %s", err)
		}
		if len(b) > maxCard || !utf8.Valid(b) {
			return usage("--card %s: not a text in UTF-8 of at most %s", o.card, formatSize(maxCard))
		}
		o.release.Set("prose", string(b))
		o.origins["release.prose"] = o.origins["card"]
	}
	o.release = o.release.Public()
	o.Release = o.release.Settings()
	return nil
}

// releaseCheck is an error that lists what is missing for a release, or nil.
func (o *options) releaseCheck() error {
	missing := o.release.Missing(o.Name, o.License)
	if !slices.Contains(o.Formats, "parquet") {
		missing = append(missing, "formats is without parquet: the hub's card and the Croissant file describe Parquet files")
	}
	if len(missing) == 0 {
		return nil
	}
	return usage("this would be no release yet:\n  %s\ngive these in the file of --config, or with --release KEY=VALUE", strings.Join(missing, "\n  "))
}

// hashOf is the SHA-256 of what r holds, as it stands in a configuration.
func hashOf(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)), nil
}

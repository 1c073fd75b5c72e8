package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/corpus"
	"broadsheet/corpus/identity"
	"broadsheet/corpus/repeat"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
	"broadsheet/writers"
)

// earlier is what other files tell a build: an earlier dataset with its rules, and what must not be in.
type earlier struct {
	documents iter.Seq2[*schema.Document, error] // nil without a base
	rules     iter.Seq2[repeat.Row, error]       // of the base; nil where it has none
	exclude   *corpus.Exclusions
	stones    []byte // what the base keeps of what was taken down from it; nil where nothing was
	root      *os.Root
}

func (e *earlier) close() {
	if e.root != nil {
		e.root.Close()
	}
}

// openBase opens the dataset given with --base and makes its content part of the configuration. A folder of Parquet
// files with the columns text and url can be a base, too.
func (o *options) openBase() (*earlier, error) {
	e := &earlier{}
	if o.base == "" {
		return e, nil
	}
	var err error
	if e.root, err = os.OpenRoot(o.base); err != nil {
		return nil, usage("--base: %s", err)
	}
	fsys := writers.Root(e.root)
	if _, err := os.Stat(filepath.Join(o.base, schema.ManifestName)); errors.Is(err, os.ErrNotExist) {
		e.documents, o.Base, err = foreign(fsys)
		if err != nil {
			return nil, usage("--base %s: %s", o.base, err)
		}
		return e, nil
	}
	d, err := writers.Open(fsys)
	if err != nil {
		return nil, usage("--base %s: %s", o.base, err)
	}
	m := d.Manifest()
	if m.Identity != identity.Version {
		return nil, usage("--base %s was made by version %d of the identity rule, this tool has version %d", o.base, m.Identity, identity.Version)
	}
	if o.origins["boilerplate"] != "default" {
		return nil, usage("--boilerplate and --base exclude each other: what was cut from the base is cut from what joins it")
	}
	o.Base, o.Boilerplate = m.ContentSHA256, "base"
	if mode, err := settingOf(m, "boilerplate"); err == nil && mode == "off" {
		o.Boilerplate = "off"
	}
	if e.stones, err = corpus.Tombstones(d); err != nil {
		return nil, usage("--base %s: %s", o.base, err)
	}
	if e.stones != nil {
		o.Base += fmt.Sprintf("+%x", sha256.Sum256(e.stones))
	}
	e.documents = d.Documents()
	e.rules = func(yield func(repeat.Row, error) bool) {
		for r, err := range d.Boilerplate() {
			if err != nil {
				yield(repeat.Row{}, err)
				return
			}
			if !yield(savedRow(r), nil) {
				return
			}
		}
	}
	return e, nil
}

func settingOf(m *schema.Manifest, name string) (v string, err error) {
	_, err = m.Config.Effective.Get(name, &v)
	return v, err
}

func savedRow(r *schema.Boilerplate) repeat.Row {
	return repeat.Row{Kind: string(r.Kind), Source: r.Source, Author: r.Author, Text: r.Text, Count: r.Count}
}

// The columns of a dataset that is not ours, most first.
type (
	titled struct {
		Text  string `parquet:"text,optional"`
		URL   string `parquet:"url,optional"`
		Title string `parquet:"title,optional"`
	}
	plain struct {
		Text string `parquet:"text,optional"`
		URL  string `parquet:"url,optional"`
	}
)

// foreign reads the Parquet files of a folder, or of its data folder, as documents of which only texts, addresses and
// perhaps titles are known. Their ids are made by our rule.
func foreign(fsys writers.FS) (iter.Seq2[*schema.Document, error], string, error) {
	var names []string
	for _, folder := range []string{"data", "."} {
		found, err := fsys.ReadDir(folder)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		for _, f := range found {
			if strings.HasSuffix(f.Name(), ".parquet") {
				names = append(names, path.Join(folder, f.Name()))
			}
		}
	}
	if len(names) == 0 {
		return nil, "", fmt.Errorf("no %s and no Parquet files in it", schema.ManifestName)
	}
	slices.Sort(names)
	var content schema.Content
	documents := func(yield func(*schema.Document, error) bool) {
		for _, name := range names {
			for d, err := range foreignFile(fsys, name) {
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
	}
	for d, err := range documents {
		if err != nil {
			return nil, "", err
		}
		content.Add(d)
	}
	return documents, content.String(), nil
}

func foreignFile(fsys writers.FS, name string) iter.Seq2[*schema.Document, error] {
	document := func(text, url, title string) *schema.Document {
		u, _ := weburl.Parse(url, "")
		return &schema.Document{
			ID: identity.Of(u, title, text).ID(), Text: text, Title: title, URL: u.String(), Language: "und",
			Chars: int32(len([]rune(text))), Path: name,
		}
	}
	return func(yield func(*schema.Document, error) bool) {
		var failed error
		started := false
		for r, err := range writers.ReadParquet[titled](fsys, name) {
			if err != nil {
				failed = err
				break
			}
			started = true
			if r.Text != "" && !yield(document(r.Text, r.URL, r.Title), nil) {
				return
			}
		}
		if failed == nil || started {
			if failed != nil {
				yield(nil, failed)
			}
			return
		}
		for r, err := range writers.ReadParquet[plain](fsys, name) {
			if err != nil {
				yield(nil, err)
				return
			}
			if r.Text != "" && !yield(document(r.Text, r.URL, ""), nil) {
				return
			}
		}
	}
}

// excluded reads the list given with --exclude, makes its hash part of the configuration, and joins it to what was taken
// down from the base.
func (o *options) excluded(e *earlier) error {
	if o.exclude != "" {
		f, err := os.Open(o.exclude)
		if err != nil {
			return usage("--exclude: %s", err)
		}
		defer f.Close()
		if o.Exclude, err = hashOf(f); err != nil {
			return usage("--exclude: %s", err)
		}
		if _, err := f.Seek(0, 0); err != nil {
			return err
		}
		if e.exclude, err = corpus.ReadExclusions(f); err != nil {
			return usage("--exclude %s: %s", o.exclude, err)
		}
	}
	if e.stones == nil {
		return nil
	}
	if e.exclude == nil {
		e.exclude = corpus.NewExclusions()
	}
	return e.exclude.ReadTombstones(e.stones)
}

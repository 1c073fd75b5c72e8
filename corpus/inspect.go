package corpus

import (
	"fmt"
	"iter"
	"os"
	"runtime"

	"broadsheet/corpus/format"
	"broadsheet/corpus/prose"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// Inspection is how one unit is read, step by step, by itself: without the collection that a build learns from.
type Inspection struct {
	Path    string         `json:"path"`
	Outcome schema.Verdict `json:"outcome"`
	Reason  schema.Reason  `json:"reason,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	Notes   []string       `json:"notes"`
	Read    *InspectRead   `json:"read,omitempty"`
	Clean   *InspectClean  `json:"clean,omitempty"`
}

// InspectRead is what the unit states, and its text in blocks once what never belongs is out.
type InspectRead struct {
	Form     string            `json:"form"`
	Bytes    int64             `json:"bytes"`
	Title    string            `json:"title"`
	URL      string            `json:"url"`
	Source   string            `json:"source"`
	SiteName string            `json:"site_name"`
	Authors  []string          `json:"authors"`
	Dates    []InspectDate     `json:"dates"`
	Language string            `json:"language"`
	License  string            `json:"license"`
	Tags     []string          `json:"tags"`
	Extra    string            `json:"extra"`
	Keys     map[string]string `json:"identity_keys"`
	Blocks   []InspectBlock    `json:"blocks"`
	Removed  []prose.Removal   `json:"removed"`
	Chars    int               `json:"chars_read"`
}

// InspectDate is one statement of a time.
type InspectDate struct {
	Value string `json:"value"`
	From  string `json:"from"`
	Role  string `json:"role"`
}

// InspectBlock is one block of text.
type InspectBlock struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// InspectClean is the row that a build would make of the unit, with what the rules at hand cut from it.
type InspectClean struct {
	Row     schema.Document `json:"row"`
	Removed []prose.Removal `json:"removed"`
}

// Inspect reads one file as a build would read it if it were named. Rules, where given, are those of an earlier build.
func Inspect(name string, config Config, rules iter.Seq2[repeat.Row, error]) iter.Seq2[Inspection, error] {
	return func(yield func(Inspection, error) bool) {
		inputs, err := NewInputs([]string{name})
		if err != nil {
			yield(Inspection{}, err)
			return
		}
		InspectUnits(File{Path: inputs[0].path, Name: name, Named: true}, 0, config, rules)(yield)
	}
}

// InspectUnits reads a file that stands in a dataset under a path, or, where line is not 0, the unit in this line of it.
// Its error is one of the rules or of opening the file; what is wrong with a unit is in its Inspection.
func InspectUnits(file File, line int, config Config, rules iter.Seq2[repeat.Row, error]) iter.Seq2[Inspection, error] {
	return func(yield func(Inspection, error) bool) {
		info, err := os.Stat(file.Name)
		if err == nil {
			if file = regular(file, info); info.IsDir() {
				file.Trouble = "a folder; one file is read here"
			}
			if file.Trouble != "" { // a pipe is never opened: that could wait for ever
				err = fmt.Errorf("%s: %s", file.Name, file.Trouble)
			}
		}
		if err != nil {
			yield(Inspection{}, err)
			return
		}
		f, err := os.Open(file.Name)
		if err != nil {
			yield(Inspection{}, err)
			return
		}
		defer f.Close()
		b := &build{config: config, filters: newFilters(config), jobs: runtime.GOMAXPROCS(0)}
		for u := range format.NewReader(config.reading()).Read(UnescapePath(file.Path), file.Named, f) {
			if line > 0 && u.Line != line {
				continue
			}
			path := file.Path
			if u.Line > 0 {
				path = fmt.Sprintf("%s:%d", path, u.Line)
			}
			in, err := b.inspect(path, u, rules)
			if !yield(in, err) || err != nil || line > 0 {
				return
			}
		}
	}
}

func (b *build) inspect(path string, u format.Unit, rules iter.Seq2[repeat.Row, error]) (Inspection, error) {
	d := newDraft(path, u, b.config)
	in := Inspection{Path: path, Outcome: d.Reason.Verdict(), Reason: d.Reason, Detail: d.Detail, Notes: nonNil(d.Notes)}
	if u.Article == nil {
		return in, nil
	}
	read := &InspectRead{
		Form: u.Article.Form, Bytes: u.Bytes, Title: d.Title, URL: u.Article.URL, Source: d.Source, SiteName: d.SiteName,
		Authors: nonNil(d.Authors), Dates: []InspectDate{}, Language: d.Language, License: d.License, Tags: nonNil(d.Tags),
		Extra: d.Extra, Chars: d.CharsRead, Removed: nonNil(u.Article.Removed), Blocks: []InspectBlock{},
		Keys: map[string]string{
			"url": fmt.Sprintf("%x", d.Keys.URL), "title": fmt.Sprintf("%x", d.Keys.Title), "text": fmt.Sprintf("%x", d.Keys.Text),
		},
	}
	roles := [...]string{"published", "collected", "modified"}
	for _, e := range d.Dates {
		read.Dates = append(read.Dates, InspectDate{e.Value, string(e.From), roles[e.Role]})
	}
	for _, block := range d.Blocks {
		read.Blocks = append(read.Blocks, InspectBlock{block.Kind.String(), block.Text})
	}
	in.Read = read

	var hits []repeat.Hit
	if rules != nil {
		l := repeat.NewLearner(repeat.Options{})
		defer l.Close()
		doc := d.repeatDoc()
		if err := l.Add(0, repeat.Keys(nil, &doc)); err != nil {
			return in, err
		}
		cuts, err := l.Use(rules)
		if err != nil {
			return in, err
		}
		defer cuts.Close()
		if hits, err = cuts.Of(0); err != nil {
			return in, err
		}
	}
	c := b.cleanOne(&d, hits)
	o := c.record.Outcome
	in.Reason, in.Detail, in.Notes = o.Reason, o.Detail, nonNil(o.Notes)
	in.Outcome = o.Reason.Verdict()
	c.doc.Authors, c.doc.Tags = nonNil(c.doc.Authors), nonNil(c.doc.Tags)
	in.Clean = &InspectClean{Row: c.doc, Removed: nonNil(c.removed)}
	return in, nil
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

package corpus

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"broadsheet/corpus/langid"
	"broadsheet/corpus/neardup"
	"broadsheet/corpus/prose"
	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// candidates is what *clean* leaves: an outcome for every unit, as far as a unit alone decides it; a row for every unit
// that may be kept; and the texts that were learned from.
type candidates struct {
	units int64
	meta  *spill // outcome records, of all units
	rows  *spill // rows, of the units that judge has to decide about
	rules *spill // what was learned
	// dropped holds by reason what read and clean dropped.
	read, clean schema.Stage
}

// record is a unit on its way to the outcomes.
type record struct {
	Outcome schema.Outcome // DuplicateOf and Similarity are for judge
	Bytes   int64          // of its row; 0 where it has none
}

func (r *record) wire(w *wire) {
	o := &r.Outcome
	w.str(&o.Path)
	wireString(w, &o.Reason)
	w.str(&o.Detail)
	w.str(&o.ID)
	w.str(&o.URL)
	w.str(&o.Title)
	wireOptional(w, &o.Created, wireTime)
	w.i32(&o.CharsRead)
	w.i32(&o.CharsCut)
	w.strs(&o.Notes)
	w.i64(&r.Bytes)
	o.Outcome = o.Reason.Verdict()
}

func wireTime(w *wire, t *schema.Time) { w.i64((*int64)(t)) }

// row is a document with the number of its unit.
type row struct {
	unit int64
	schema.Document
}

func (r *row) wire(w *wire) {
	w.i64(&r.unit)
	d := &r.Document
	w.str(&d.ID)
	w.str(&d.Text)
	w.str(&d.Title)
	w.str(&d.URL)
	w.str(&d.Source)
	w.str(&d.Domain)
	w.strs(&d.Authors)
	wireOptional(w, &d.Created, wireTime)
	w.str(&d.CreatedPrecision)
	w.str(&d.CreatedFrom)
	wireOptional(w, &d.Added, wireTime)
	w.str(&d.Language)
	w.f32(&d.LanguageScore)
	w.str(&d.License)
	w.strs(&d.Tags)
	w.i32(&d.Chars)
	w.i32(&d.Words)
	w.str(&d.Path)
	w.str(&d.Extra)
}

func wireRule(w *wire, r *repeat.Row) {
	w.str(&r.Kind)
	w.str(&r.Source)
	w.str(&r.Author)
	w.str(&r.Text)
	w.i64(&r.Count)
}

// cleanTask is a frame of drafts with what is to be cut from each.
type cleanTask struct {
	packedFrame
	hits [][]repeat.Hit
}

// cleanFrame is the result: three frames, and what judge needs of each row.
type cleanFrame struct {
	first           int64
	units, rows     int
	meta, row, rule []byte
	rules           int
	entries         []neardup.Entry
	dropped         map[schema.Reason]int64 // by reason, of what this stage dropped
	unread          map[schema.Reason]int64 // of what read had dropped
	err             error
}

// clean is the second map: the spill with its cuts applied; then title, dates, language, length, filters, fingerprints.
func clean(ctx context.Context, b *build, d *drafts, c *cuts, judge *judge) (*candidates, error) {
	out := &candidates{units: d.units}
	out.read = schema.Stage{Name: "read", Dropped: map[schema.Reason]int64{}}
	out.clean = schema.Stage{Name: "clean", Dropped: map[schema.Reason]int64{}}
	var spills [3]*spillWriter
	for i, name := range []string{"meta", "rows", "rules"} {
		var err error
		if spills[i], err = newSpill(b.work.stage("clean-"+name), nil); err != nil {
			return nil, err
		}
		defer spills[i].abort()
	}
	b.meter.begin("clean", d.units)
	weigh := func(t cleanTask) int64 { return int64(len(t.packed)) * 16 }
	for f, err := range ordered(ctx, b.jobs, b.memory/2, weigh, cleanTasks(d, c), b.clean) {
		if err == nil {
			err = f.err
		}
		if err != nil {
			return nil, err
		}
		for reason, n := range f.unread {
			out.read.Dropped[reason] += n
		}
		for reason, n := range f.dropped {
			out.clean.Dropped[reason] += n
		}
		// A frame of rows says how many units it spans, whether or not each has a row.
		for i, packed := range [][]byte{f.meta, f.row, f.rule} {
			if packed != nil {
				if _, err := spills[i].add(packed, f.first, f.units); err != nil {
					return nil, err
				}
			}
		}
		for i := range f.entries {
			if err := judge.add(&f.entries[i]); err != nil {
				return nil, err
			}
		}
		b.meter.step(int64(f.units))
	}
	for i, to := range []**spill{&out.meta, &out.rows, &out.rules} {
		var err error
		if *to, err = spills[i].close(); err != nil {
			return nil, err
		}
	}
	out.read.In = out.units
	out.read.Out = out.units - sum(out.read.Dropped)
	out.clean.In = out.read.Out
	out.clean.Out = out.clean.In - sum(out.clean.Dropped)
	return out, nil
}

func sum(m map[schema.Reason]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

func cleanTasks(d *drafts, c *cuts) iter.Seq2[cleanTask, error] {
	return func(yield func(cleanTask, error) bool) {
		for f, err := range d.spill.frames(nil) {
			t := cleanTask{packedFrame: f}
			if err == nil {
				t.hits, err = c.between(f.First, f.Units)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

func (b *build) clean(t cleanTask) cleanFrame {
	f := cleanFrame{first: t.First, units: t.Units, dropped: map[schema.Reason]int64{}, unread: map[schema.Reason]int64{}}
	records, err := unpack(t.packed)
	if err != nil {
		f.err = err
		return f
	}
	in, meta, rows, rules := reading(records), writing(nil), writing(make([]byte, 0, len(records)+len(records)/8)), writing(nil)
	for i := range t.Units {
		var d draft
		if d.wire(in); in.err != nil {
			f.err = in.err
			return f
		}
		unit := t.First + int64(i)
		if d.Reason != "" {
			f.unread[d.Reason]++
			r := record{Outcome: schema.Outcome{Path: d.Path, Reason: d.Reason, Detail: d.Detail, Notes: d.Notes}}
			r.wire(meta)
			continue
		}
		c := b.cleanOne(&d, t.hits[i])
		for j := range c.rules {
			wireRule(rules, &c.rules[j])
			f.rules++
		}
		if c.record.Outcome.Reason != "" {
			f.dropped[c.record.Outcome.Reason]++
		} else {
			f.entries = append(f.entries, b.entry(unit, &d, &c.doc))
		}
		if c.record.Outcome.Reason == "" || b.config.KeepDropped && c.doc.Text != "" {
			r := row{unit, c.doc}
			r.wire(rows)
			f.rows++
			c.record.Bytes = c.doc.Bytes()
		}
		c.record.wire(meta)
	}
	f.meta = pack(meta.buf)
	if f.rows > 0 {
		f.row = pack(rows.buf)
	}
	if f.rules > 0 {
		f.rule = pack(rules.buf)
	}
	return f
}

// cleaned is one unit after clean: its row as far as a unit alone decides it, its outcome so far, and what inspect
// shows.
type cleaned struct {
	doc     schema.Document
	record  record
	rules   []repeat.Row
	removed []prose.Removal
}

// cleanOne is clean for one unit. It depends on its arguments and the configuration alone.
func (b *build) cleanOne(d *draft, hits []repeat.Hit) cleaned {
	rd := d.repeatDoc()
	cut := repeat.Clean(&rd, hits)
	title := cut.Title
	if d.SiteName != "" {
		title = repeat.CutTitle(title, d.SiteName)
	}
	text := prose.Render(cut.Blocks)
	when := b.times(d, cut.Order)
	c := cleaned{rules: cut.Rows, removed: cut.Removed}
	notes := append(slices.Clone(d.Notes), when.notes...)
	c.doc = schema.Document{
		ID: d.Keys.ID(), Text: text, Title: title, URL: d.URL, Source: d.Source, Domain: d.Domain,
		Authors: d.Authors, Created: when.created, CreatedPrecision: when.precision, CreatedFrom: when.from,
		Added: when.added, License: d.License, Tags: d.Tags, Path: d.Path, Extra: d.Extra,
		Language: "und", Chars: int32(chars(text)), Words: int32(countWords(text)),
	}
	cutChars := d.CharsCut
	for _, r := range cut.Removed {
		if r.Rule != repeat.RuleSuffix {
			cutChars += chars(r.Text)
		}
	}
	reason, detail := b.filter(d, &c.doc)
	if reason == "" && b.evaluation != nil {
		if run, ok := b.evaluation.Match(text); ok {
			detail = "shares with an evaluation text: " + strings.Join(strings.Fields(run), " ")
			if reason = schema.Contaminated; b.config.Dedupe == DedupeMark { // recorded, as all that mark would drop
				reason, notes = "", append(notes, "contaminated")
			}
		}
	}
	if text != "" {
		lang := langid.Identify(title, text)
		c.doc.Language, c.doc.LanguageScore = lang.Tag, lang.Score
		if lang.Mixed {
			notes = append(notes, "mixed_language")
		}
	}
	slices.Sort(notes)
	c.record.Outcome = schema.Outcome{
		Path: d.Path, Reason: reason, Detail: detail, ID: c.doc.ID, URL: c.doc.URL, Title: c.doc.Title,
		Created: c.doc.Created, CharsRead: int32(d.CharsRead), CharsCut: int32(cutChars), Notes: slices.Compact(notes),
	}
	return c
}

// filter decides what a unit alone decides. The order is that of the reasons.
func (b *build) filter(d *draft, doc *schema.Document) (schema.Reason, string) {
	switch {
	case int64(len(doc.Text)) > b.config.MaxText:
		return schema.TooLarge, "a text of " + strconv.Itoa(len(doc.Text)) + " bytes; --max-text " + strconv.FormatInt(b.config.MaxText, 10) + " is the limit"
	case doc.Text == "" && d.CharsRead == 0:
		return schema.Empty, "there is no text in it"
	case doc.Text == "" && prose.Render(d.Blocks) == "":
		return schema.BoilerplateOnly, "nothing but what never belongs to an article (sharing, navigation, a date line)"
	case doc.Text == "":
		return schema.BoilerplateOnly, "nothing but text that repeats within its source; --boilerplate off keeps it"
	case int(doc.Chars) < b.config.MinChars:
		return schema.TooShort, strconv.Itoa(int(doc.Chars)) + " characters; --min-chars is " + strconv.Itoa(b.config.MinChars)
	}
	return "", ""
}

// note adds a word to notes, which are few.
func note(notes []string, word string) []string {
	if slices.Contains(notes, word) {
		return notes
	}
	return append(slices.Clone(notes), word)
}

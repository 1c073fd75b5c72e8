package corpus

import (
	"context"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"broadsheet/corpus/langid"
	"broadsheet/corpus/pii"
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
	Unread  bool           // read dropped it
	Masked  pii.Counts     // what read masked
	Signals []float32      // of a document that may be kept, where they were asked for
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
	w.bool(&r.Unread)
	wireMasked(w, &r.Masked)
	wireList(w, &r.Signals, (*wire).f32)
	o.Outcome = o.Reason.Verdict()
}

func wireTime(w *wire, t *schema.Time) { w.i64((*int64)(t)) }

// row is a document with the number of its unit: on disk that within its frame, else that of the build.
type row struct {
	unit int64
	schema.Document
}

func (r *row) wire(w *wire) {
	w.i64(&r.unit)
	r.wireDocument(w)
}

func (r *row) wireDocument(w *wire) {
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
	drafts *indexed
	hits   [][]repeat.Hit
	before *cleanedBefore // what the frame became in an earlier build
}

// cleanFrame is the result: a frame for each spill, nil for none, and its entry in the index.
type cleanFrame struct {
	cleanedFrame
	first  int64
	units  int
	packed [cleanSpills][]byte
	before int // units that an earlier build cleaned
	err    error
}

// clean is the second map: the spill with its cuts applied; then title, dates, language, length, filters, fingerprints.
// What an earlier build made of the same drafts and the same cuts is taken over.
func clean(ctx context.Context, b *build, d *drafts, c *cuts, judge *judge) (*candidates, error) {
	out := &candidates{units: d.units}
	out.read = schema.Stage{Name: "read", Dropped: map[schema.Reason]int64{}}
	out.clean = schema.Stage{Name: "clean", Dropped: map[schema.Reason]int64{}}
	before, err := b.work.generations("clean")
	if err != nil {
		return nil, err
	}
	old, err := openCleaned(before)
	if err != nil {
		return nil, err
	}
	defer old.close()
	index, err := openGeneration(d.spill.dir)
	if err != nil {
		return nil, err
	}
	defer index.close()
	to, err := newCleanedWriter(b.work.nextGeneration("clean", before))
	if err != nil {
		return nil, err
	}
	defer to.abort()
	b.meter.begin("clean", d.units)
	weigh := func(t cleanTask) int64 { return int64(len(t.packed)) * 16 }
	for f, err := range ordered(ctx, b.jobs, b.memory/2, weigh, cleanTasks(d, index, old, c), b.clean) {
		if err == nil {
			err = f.err
		}
		if err != nil {
			return nil, err
		}
		for reason, n := range f.Unread {
			out.read.Dropped[reason] += n
		}
		for reason, n := range f.Dropped {
			out.clean.Dropped[reason] += n
		}
		if err := to.add(&f); err != nil {
			return nil, err
		}
		for _, e := range f.Entries {
			e.Seq += b.baseSize() + f.first
			if err := judge.add(&e); err != nil {
				return nil, err
			}
		}
		b.meter.step(int64(f.units))
		b.meter.before(0, f.before)
	}
	spills, err := to.close()
	if err != nil {
		return nil, err
	}
	out.meta, out.rows, out.rules = spills[metaSpill], spills[rowsSpill], spills[ruleSpill]
	out.read.In = out.units
	out.read.Out = out.units - sum(out.read.Dropped)
	out.clean.In = out.read.Out
	out.clean.Out = out.clean.In - sum(out.clean.Dropped)
	old.close()
	for _, dir := range before {
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sum(m map[schema.Reason]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

func cleanTasks(d *drafts, index *generation, old *earlierCleaned, c *cuts) iter.Seq2[cleanTask, error] {
	return func(yield func(cleanTask, error) bool) {
		for f, err := range d.spill.frames(nil) {
			t := cleanTask{packedFrame: f}
			if err == nil {
				if t.hits, err = c.between(f.First, f.Units); err == nil && index.head == nil {
					err = errFrame
				}
			}
			if err == nil {
				t.drafts = &index.head.indexed
				t.before = old.find(t.drafts)
				err = index.advance()
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

func (b *build) clean(t cleanTask) cleanFrame {
	f := cleanFrame{first: t.First, units: t.Units}
	f.frameName, f.Sum = t.drafts.frameName, t.drafts.Sum
	f.Cuts = make([]uint64, t.Units)
	for i, hits := range t.hits {
		f.Cuts[i] = cutKey(hits)
	}
	if t.before != nil && t.before.whole(f.Cuts, &f) {
		return f
	}
	some := t.before != nil && t.before.open()
	records, err := unpack(t.packed)
	if err != nil {
		f.err = err
		return f
	}
	f.Unread, f.Dropped = map[schema.Reason]int64{}, map[schema.Reason]int64{}
	in, meta, rows, rules := reading(records), writing(nil), writing(make([]byte, 0, len(records)+len(records)/8)), writing(nil)
	for i := range t.Units {
		unit := int64(i)
		if some {
			m, row, entry := t.before.unit(unit)
			if f.Cuts[i] == t.before.Cuts[i] && !tellsRules(t.hits[i]) {
				var r record
				from := reading(m)
				if from.sized(r.wire); from.err != nil {
					f.err = from.err
					return f
				}
				f.count(&r)
				meta.buf, rows.buf = append(meta.buf, m...), append(rows.buf, row...)
				if entry != nil {
					f.Entries = append(f.Entries, *entry)
				}
				in.take()
				f.before++
				continue
			}
		}
		var d draft
		if in.sized(d.wire); in.err != nil {
			f.err = in.err
			return f
		}
		r := record{Unread: true, Outcome: schema.Outcome{Path: d.Path, Reason: d.Reason, Detail: d.Detail, Notes: d.Notes}}
		if d.Reason == "" {
			c := b.cleanOne(&d, t.hits[i])
			for j := range c.rules {
				wireRule(rules, &c.rules[j])
			}
			if c.record.Outcome.Reason == "" {
				f.Entries = append(f.Entries, b.entry(unit, &d, &c.doc))
			}
			if c.record.Outcome.Reason == "" || b.config.KeepDropped && c.doc.Text != "" {
				row := row{unit, c.doc}
				rows.sized(row.wire)
				c.record.Bytes = c.doc.Bytes()
			}
			r = c.record
		}
		meta.sized(r.wire)
		f.count(&r)
	}
	for i, w := range [cleanSpills]*wire{metaSpill: meta, rowsSpill: rows, ruleSpill: rules} {
		if len(w.buf) > 0 {
			f.packed[i] = pack(w.buf)
		}
	}
	return f
}

// count counts the outcome of one unit.
func (f *cleanFrame) count(r *record) {
	switch reason := r.Outcome.Reason; {
	case r.Unread:
		f.Unread[reason]++
	case reason != "":
		f.Dropped[reason]++
	}
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
	if len(text) < 1<<10 && repeat.OnlyTags(cut.Blocks) {
		notes = append(notes, "hashtags_only")
	}
	if text != "" {
		lang := langid.Identify(title, text)
		c.doc.Language, c.doc.LanguageScore = lang.Tag, lang.Score
		if lang.Mixed {
			notes = append(notes, "mixed_language")
		}
	}
	if reason == "" {
		reason, detail, c.record.Signals = b.filters.judge(&c.doc)
	}
	slices.Sort(notes)
	c.record.Masked = d.Masked
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

package corpus

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"iter"
	"slices"

	"broadsheet/corpus/repeat"
	"broadsheet/schema"
)

// write is the last map: each planned shard, then the outcomes and what was learned, then the manifest.
func write(ctx context.Context, b *build, tool schema.Tool, d *drafts, c *candidates, p *plan, out Output) (*schema.Manifest, error) {
	m := &schema.Manifest{
		Name: b.config.Name, License: b.config.License, Identity: schema.IdentityVersion, Tool: tool, Input: d.input,
		PathEscape: PathEscaping, Outcomes: p.counts, Stages: []schema.Stage{c.read, c.clean, p.judged},
	}
	var err error
	if m.Config, err = schema.NewConfig(b.config.Settings()); err != nil {
		return nil, err
	}
	m.Stages[2].Stats = p.verdicts.stats
	if b.config.PII == PIIMask {
		maskedStats(&m.Stages[0].Stats, &p.masked)
	}
	if p.counts.Kept == 0 {
		m.Warnings = append(m.Warnings, "no document was kept")
	}
	b.meter.begin("write", p.kept.n)
	b.meter.decided(p.counts.Kept, p.counts.Units-p.counts.Kept)

	type written struct {
		files []schema.File
		tally schema.Tally
		err   error
	}
	shards := func(yield func(shard, error) bool) {
		for _, s := range p.shards {
			if !yield(s, nil) {
				return
			}
		}
	}
	splits := map[string]*schema.Tally{}
	var order []string
	var total schema.Tally
	// A shard in work holds a row group and its pages, whatever its size.
	for w, err := range ordered(ctx, b.jobs, b.memory/2, func(shard) int64 { return shardMemory }, shards, func(s shard) written {
		var w written
		w.files, w.err = out.WriteShard(s.split, s.number, b.shardRows(ctx, p, s, &w.tally))
		return w
	}) {
		if err == nil {
			err = w.err
		}
		if err != nil {
			return nil, err
		}
		m.Files = append(m.Files, w.files...)
		split := w.files[0].Split
		if splits[split] == nil {
			splits[split] = &schema.Tally{}
			order = append(order, split)
		}
		splits[split].Merge(&w.tally)
		total.Merge(&w.tally)
	}
	for _, name := range order {
		m.Splits = append(m.Splits, splits[name].Split(name))
	}
	m.Totals = total.Totals()
	m.ContentSHA256 = total.Content().String()

	var dropped Table[schema.Dropped]
	if b.config.KeepDropped {
		dropped = out.Dropped()
	}
	sample := &sampler{}
	var signals Table[schema.Signals]
	if b.config.Signals {
		signals = out.Signals()
	}
	outcomes, err := b.outcomes(c, p, out.Outcomes(), dropped, signals, sample)
	if err != nil {
		return nil, err
	}
	rules, top, err := b.learned(c, out.Boilerplate())
	if err != nil {
		return nil, err
	}
	samples, err := sample.finish(c, p.verdicts)
	if err != nil {
		return nil, err
	}
	samples.Rules = top
	m.Files = append(append(m.Files, outcomes...), rules...)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m, out.Finish(m, samples)
}

const shardMemory = 160 << 20 // bytes

// shardRows yields the rows of one shard, complete.
func (b *build) shardRows(ctx context.Context, p *plan, s shard, tally *schema.Tally) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		kept, stop := pull(p.kept.between(s.from, s.to))
		defer stop()
		rec, err, ok := kept()
		if err != nil {
			yield(nil, err)
			return
		}
		for r, err := range p.rows.rowsFrom(s.segment, s.offset) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if r.unit != int64(binary.BigEndian.Uint64(rec)) {
				continue
			}
			doc := &r.Document
			doc.Duplicates = int32(binary.BigEndian.Uint32(rec[8:]))
			doc.ID = suffixed(doc.ID, binary.BigEndian.Uint32(rec[12:]))
			tally.Add(doc)
			if !yield(doc, nil) {
				return
			}
			b.meter.step(1)
			if rec, err, ok = kept(); err != nil {
				yield(nil, err)
				return
			}
			if !ok {
				return
			}
		}
	}
}

// outcomes writes the outcome of every unit, in the order of their paths, and the texts of what was read and not kept
// where there is a table for them, and the signals of what was kept where there is one for those.
func (b *build) outcomes(c *candidates, p *plan, t Table[schema.Outcome], dropped Table[schema.Dropped], signals Table[schema.Signals], sample *sampler) ([]schema.File, error) {
	defer t.Abort()
	if signals != nil {
		defer signals.Abort()
	}
	rows := c.rows.rowsFrom(0, 0)
	if dropped == nil {
		rows = func(func(*row, error) bool) {}
	} else {
		defer dropped.Abort()
	}
	nextRow, stopRows := pull(rows)
	defer stopRows()
	text, rerr, more := nextRow()
	repeats, err := repeatedIDs(b, c, p.verdicts)
	if err != nil {
		return nil, err
	}
	defer repeats.Close()
	nth, err := newMerge(repeats)
	if err != nil {
		return nil, err
	}
	names := newRecordMerge(p.names)
	defer names.close()
	move := newMover(c, &p.moved)
	defer move.close()
	err = b.eachVerdict(c, p.verdicts, func(unit int64, r *record, v *verdict) error {
		o := r.Outcome
		if o.Reason == "" {
			if v.reason != "" {
				o.Reason = v.reason
				o.Outcome = v.reason.Verdict()
			}
			if n := nth.at(unit); n != nil {
				o.ID = suffixed(o.ID, binary.BigEndian.Uint32(n[8:]))
			}
			if v.similarity >= 0 {
				o.Similarity = &v.similarity
			}
			if name := names.at(unit); name != nil {
				o.DuplicateOf = suffixed(hex.EncodeToString(name[8:24]), binary.BigEndian.Uint32(name[24:]))
			}
			o.Detail = v.detail()
		}
		if o.Notes == nil {
			o.Notes = []string{}
		}
		// What must not be in the dataset is not shown by its audit, either.
		gone := b.takenDown(r, v)
		hidden := gone || o.Reason == schema.Excluded
		if gone {
			o.URL, o.Title = "", ""
			if o.Reason == schema.Excluded {
				o.Detail = "it was taken down from the base, or is a copy of what was or of something on the list"
			}
		}
		if more && rerr == nil && text.unit == unit {
			if o.Reason != "" && !hidden {
				row := schema.Dropped{
					Path: o.Path, Outcome: o.Outcome, Reason: o.Reason, ID: o.ID, DuplicateOf: o.DuplicateOf,
					Source: text.Source, URL: text.URL, Title: text.Title, Text: text.Text,
				}
				if err := dropped.Add(&row); err != nil {
					return err
				}
			}
			text, rerr, more = nextRow()
		}
		if !hidden {
			sample.add(unit, &o, v.copies)
		}
		if signals != nil && o.Outcome == schema.Kept {
			if err := signals.Add(signalsRow(o.ID, r.Signals)); err != nil {
				return err
			}
		}
		if unit == move.moved {
			return nil
		}
		if first, err := move.before(unit); err != nil {
			return err
		} else if first != nil {
			if err := t.Add(first); err != nil {
				return err
			}
		}
		return t.Add(&o)
	})
	if err = errors.Join(err, rerr, nth.err(), names.err()); err != nil {
		return nil, err
	}
	files, err := t.Close()
	if err == nil && dropped != nil {
		var texts []schema.File
		texts, err = dropped.Close()
		files = append(files, texts...)
	}
	if err == nil && signals != nil {
		var measured []schema.File
		measured, err = signals.Close()
		files = append(files, measured...)
	}
	return files, err
}

// takenDown reports whether a unit was taken down from the base, or may be a copy of what was: then its title and its
// address are not told again.
func (b *build) takenDown(r *record, v *verdict) bool {
	if b.exclude == nil || !b.exclude.stones {
		return false
	}
	return v.reason == schema.Excluded && v.rule != "" || b.exclude.isTombstone(r.Outcome.ID, urlKey(r.Outcome.URL), r.Outcome.URL)
}

// learned writes what was learned from the collection, or, with rules given back, those that were used. It also gives
// the rules that were found most often.
func (b *build) learned(c *candidates, t Table[schema.Boilerplate]) (files []schema.File, top []schema.Boilerplate, err error) {
	defer t.Abort()
	for r, err := range b.rulesInForce(c) {
		if err == nil {
			err = b.stop()
		}
		if err != nil {
			return nil, nil, err
		}
		row := schema.Boilerplate{Kind: schema.BoilerplateKind(r.Kind), Source: r.Source, Author: r.Author, Text: r.Text, Count: r.Count}
		if err := t.Add(&row); err != nil {
			return nil, nil, err
		}
		top = topRule(top, &row)
	}
	files, err = t.Close()
	return files, top, err
}

// topRule adds a rule to those that were found most often; of equals the first come first.
func topRule(top []schema.Boilerplate, row *schema.Boilerplate) []schema.Boilerplate {
	at, _ := slices.BinarySearchFunc(top, row, func(a schema.Boilerplate, b *schema.Boilerplate) int { return cmp.Compare(b.Count, a.Count) })
	for at < len(top) && top[at].Count == row.Count {
		at++
	}
	if at == sampleRules {
		return top
	}
	top = slices.Insert(top, at, *row)
	return top[:min(len(top), sampleRules)]
}

// rulesInForce are the rules by which text was cut: those that were learned here, or those that were given.
func (b *build) rulesInForce(c *candidates) iter.Seq2[repeat.Row, error] {
	switch b.config.Boilerplate {
	case "off":
		return func(func(repeat.Row, error) bool) {}
	case "learn":
	default:
		return b.rules
	}
	return func(yield func(repeat.Row, error) bool) {
		for f, err := range c.rules.frames(nil) {
			var recs []byte
			if err == nil {
				recs, err = unpack(f.packed)
			}
			if err != nil {
				yield(repeat.Row{}, err)
				return
			}
			for w := reading(recs); w.more(); {
				var r repeat.Row
				if wireRule(w, &r); w.err != nil {
					yield(r, w.err)
					return
				}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

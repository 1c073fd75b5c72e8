package corpus

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"slices"

	"broadsheet/corpus/identity"
	"broadsheet/corpus/neardup"
	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// judge is the second reduction: it takes an entry for every row and decides which documents are the same and which of
// them stays. What it needs of texts, those of candidate pairs alone, it reads from the rows that clean left.
type judge struct {
	b    *build
	near *neardup.Judge // nil where nothing is compared
	only *records       // then: the units, with what is excluded
	rows *spill
	ctx  context.Context
	err  error
}

func newJudge(ctx context.Context, b *build) (*judge, error) {
	j := &judge{b: b, ctx: ctx}
	if b.config.Dedupe == DedupeNone {
		var err error
		j.only, err = newRecords(b.work.Temp(), "units", 9)
		return j, err
	}
	j.near = neardup.NewJudge(neardup.Options{
		Dir: b.work.Temp(), Memory: b.memory / 4, Near: b.config.Dedupe != DedupeExact,
		Sets: j.sets, Parallel: func(n int, f func(int)) { parallel(b.jobs, n, f) }, Stop: b.stop,
	})
	if b.base != nil {
		if err := j.addBase(); err != nil {
			j.close()
			return nil, err
		}
	}
	return j, nil
}

// addBase adds the documents of the base. They come first, under numbers of their own: unit n of the build has the number
// len(base)+n here.
func (j *judge) addBase() error {
	seq := int64(0)
	for k, err := range j.b.base.all() {
		if err != nil {
			return err
		}
		k.entry.Seq = seq
		seq++
		if err := j.near.Add(&k.entry); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) close() {
	if j.near != nil {
		j.near.Close()
	}
	j.only.close()
}

// entry is what judge needs of a row. It is made by the workers of clean; unit counts within their frame.
func (b *build) entry(unit int64, d *draft, doc *schema.Document) neardup.Entry {
	e := neardup.Entry{Seq: unit, URL: d.Keys.URL, Title: d.Keys.Title, Text: d.Keys.Text, Host: gateHost(doc.URL), Rank: b.rank(doc), Fetched: fetched(doc)}
	if _, is := b.exclude.find(doc.ID, d.Keys.URL, doc.URL); is {
		e.Tier = neardup.Excluded
	}
	if b.base != nil {
		// A base states texts and titles as cleaned, so that is how they are compared.
		url, _ := weburl.Parse(doc.URL, "")
		keys := identity.Of(url, doc.Title, doc.Text)
		e.Title, e.Text = keys.Title, keys.Text
	}
	if b.config.Dedupe == DedupeNear || b.config.Dedupe == DedupeMark {
		e.Print = neardup.Print(doc.Title, doc.Text)
	}
	return e
}

// gateHost is the host by which short texts are told apart without a look at them; 0 where the address is an edition's, since
// its page may stand under another address of the same host.
func gateHost(canonical string) uint64 {
	url, _ := weburl.Parse(canonical, "")
	if weburl.Desktop(url) != url {
		return 0
	}
	return neardup.HostKey(url.Host())
}

// know is what is kept of a document of the base.
func (b *build) know(doc *schema.Document) known {
	url, _ := weburl.Parse(doc.URL, "")
	keys := identity.Of(url, doc.Title, doc.Text)
	e := neardup.Entry{Tier: neardup.Base, URL: keys.URL, Title: keys.Title, Text: keys.Text, Host: gateHost(doc.URL), Rank: b.rank(doc), Fetched: fetched(doc)}
	if b.config.Dedupe != DedupeExact {
		e.Print = neardup.Print(doc.Title, doc.Text)
	}
	return known{entry: e, id: doc.ID, created: doc.Created}
}

// fetched orders the fetches of one address: by the time of collection, else of publication.
func fetched(doc *schema.Document) int64 {
	switch {
	case doc.Added != nil:
		return int64(*doc.Added)
	case doc.Created != nil:
		return int64(*doc.Created)
	}
	return math.MinInt64
}

// rank is the order in which documents are preferred, from the document alone.
func (b *build) rank(doc *schema.Document) neardup.Key {
	missing := uint8(0)
	for _, lacks := range []bool{
		doc.Title == "", doc.URL == "", doc.Source == "", len(doc.Authors) == 0, doc.Created == nil, doc.Language == "und",
		doc.License == "", len(doc.Tags) == 0,
	} {
		if lacks {
			missing++
		}
	}
	created := int64(math.MaxInt64)
	if doc.Created != nil {
		created = int64(*doc.Created)
	}
	switch b.config.Keep {
	case KeepEarliest, KeepNewest:
		at := uint64(created) ^ 1<<63
		if b.config.Keep == KeepNewest && doc.Created != nil {
			at = ^at // the unknown stay last
		}
		var k neardup.Key
		binary.BigEndian.PutUint64(k[0:], at)
		k[8] = missing
		binary.BigEndian.PutUint32(k[9:], ^uint32(doc.Chars))
		return k
	}
	return neardup.RankKey(missing, uint32(doc.Chars), created)
}

// add takes the entry of the next row.
func (j *judge) add(e *neardup.Entry) error {
	if j.near != nil {
		return j.near.Add(e)
	}
	var rec [9]byte
	binary.BigEndian.PutUint64(rec[:], uint64(e.Seq))
	rec[8] = byte(e.Tier)
	return j.only.add(rec[:])
}

// verdict is what became of a candidate. With dedupe mark a kept one may have a document that would stand for it.
type verdict struct {
	unit       int64
	reason     schema.Reason
	of         int64 // the unit that stands for it; -1 for none; -2-n for document n of the base
	similarity float32
	copies     int32 // how many stand behind it
	rule       string
}

func (v *verdict) detail() string {
	switch v.reason {
	case schema.NearDuplicate:
		return "by the rule " + v.rule + " on the two texts"
	case schema.Excluded:
		if v.rule != "" {
			return "a copy of something on the list"
		}
		return "it is on the list"
	}
	return ""
}

// verdicts are those on all candidates, by unit.
type verdicts struct {
	file  *records
	rules []string
	stats schema.Settings
}

const verdictRecord = 8 + 1 + 1 + 8 + 4 + 4

var verdictReasons = [...]schema.Reason{"", schema.SameURL, schema.SameText, schema.NearDuplicate, schema.Excluded}

func (v *verdicts) add(x *verdict) error {
	rule := slices.Index(v.rules, x.rule)
	if rule < 0 {
		rule = len(v.rules)
		v.rules = append(v.rules, x.rule)
	}
	var rec [verdictRecord]byte
	binary.BigEndian.PutUint64(rec[0:], uint64(x.unit))
	rec[8] = byte(slices.Index(verdictReasons[:], x.reason))
	rec[9] = byte(rule)
	binary.BigEndian.PutUint64(rec[10:], uint64(x.of))
	binary.BigEndian.PutUint32(rec[18:], math.Float32bits(x.similarity))
	binary.BigEndian.PutUint32(rec[22:], uint32(x.copies))
	return v.file.add(rec[:])
}

func (v *verdicts) all() iter.Seq2[verdict, error] {
	return func(yield func(verdict, error) bool) {
		for rec, err := range v.file.all() {
			if err != nil {
				yield(verdict{}, err)
				return
			}
			if !yield(verdict{
				unit: int64(binary.BigEndian.Uint64(rec)), reason: verdictReasons[rec[8]], rule: v.rules[rec[9]],
				of:         int64(binary.BigEndian.Uint64(rec[10:])),
				similarity: math.Float32frombits(binary.BigEndian.Uint32(rec[18:])),
				copies:     int32(binary.BigEndian.Uint32(rec[22:])),
			}, nil) {
				return
			}
		}
	}
}

func (v *verdicts) close() { v.file.close() }

// decide judges all entries.
func (j *judge) decide(c *candidates) (*verdicts, error) {
	j.b.meter.begin("judge", 0)
	j.rows = c.rows
	v := &verdicts{}
	var err error
	if v.file, err = newRecords(j.b.work.Temp(), "verdicts", verdictRecord); err != nil {
		return nil, err
	}
	if err = j.fill(v); err == nil {
		err = v.file.flush()
	}
	if err = errors.Join(err, j.err); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func (j *judge) fill(v *verdicts) error {
	if j.near == nil {
		if err := j.only.flush(); err != nil {
			return err
		}
		for rec, err := range j.only.all() {
			if err != nil {
				return err
			}
			x := verdict{unit: int64(binary.BigEndian.Uint64(rec)), of: -1, similarity: -1}
			if neardup.Tier(rec[8]) == neardup.Excluded {
				x.reason = schema.Excluded
			}
			if err := v.add(&x); err != nil {
				return err
			}
		}
		return nil
	}
	decided, err := j.near.Decide()
	if err != nil {
		return err
	}
	for d, err := range decided.All() {
		if err != nil {
			return err
		}
		if d.Tier == neardup.Base {
			continue
		}
		x := j.verdict(d)
		if err := v.add(&x); err != nil {
			return err
		}
	}
	s := decided.Stats()
	v.stats.Set("documents", s.Documents)
	v.stats.Set("copies", s.Copies)
	v.stats.Set("candidates", s.Candidates)
	v.stats.Set("verified", s.Verified)
	v.stats.Set("shortfall", s.Shortfall)
	return nil
}

func (j *judge) verdict(d neardup.Verdict) verdict {
	base := j.b.baseSize()
	x := verdict{unit: d.Seq - base, of: -1, similarity: d.Similarity, copies: int32(min(d.Duplicates, math.MaxInt32))}
	switch {
	case d.Tier == neardup.Excluded:
		x.reason, x.similarity, x.copies = schema.Excluded, -1, 0
		return x
	case d.Reason == neardup.Kept:
		return x
	case d.OfTier == neardup.Excluded:
		x.reason, x.rule = schema.Excluded, "copy"
		return x
	}
	if x.of = d.Of - base; d.OfTier == neardup.Base {
		x.of = -2 - d.Of
	}
	if j.b.config.Dedupe == DedupeMark {
		return x
	}
	x.reason = [...]schema.Reason{neardup.SameURL: schema.SameURL, neardup.SameText: schema.SameText, neardup.NearDuplicate: schema.NearDuplicate}[d.Reason]
	x.rule = d.Rule
	return x
}

// sets gives the sets of the documents wanted, in their order: of the base first, then of the rows.
func (j *judge) sets(want iter.Seq[int64]) iter.Seq2[*neardup.Set, error] {
	return func(yield func(*neardup.Set, error) bool) {
		next, stop := iter.Pull(want)
		defer stop()
		w := &wanted{next: next}
		w.advance()
		if base := j.b.base; base != nil && !base.sets(w, yield) {
			return
		}
		first := j.b.baseSize()
		type setTask struct {
			packedFrame
			units []int64
		}
		tasks := func(yield func(setTask, error) bool) {
			for f, err := range j.rows.frames(func(f frame) bool { return w.ok && w.seq-first < f.First+int64(f.Units) }) {
				t := setTask{packedFrame: f}
				for err == nil && w.ok && w.seq-first < f.First+int64(f.Units) {
					t.units = append(t.units, w.seq-first)
					w.advance()
				}
				if !yield(t, err) || err != nil {
					return
				}
			}
		}
		type made struct {
			sets []*neardup.Set
			err  error
		}
		weigh := func(t setTask) int64 { return int64(len(t.packed)) * 16 }
		for m, err := range ordered(j.ctx, j.b.jobs, j.b.memory/8, weigh, tasks, func(t setTask) made {
			records, err := unpack(t.packed)
			if err != nil {
				return made{err: err}
			}
			var m made
			for in := reading(records); in.more() && len(m.sets) < len(t.units); {
				var r row
				if in.sized(r.wire); in.err != nil {
					return made{err: in.err}
				}
				if r.unit+t.First == t.units[len(m.sets)] {
					m.sets = append(m.sets, SetOf(&r.Document))
				}
			}
			if len(m.sets) < len(t.units) {
				m.err = errFrame
			}
			return m
		}) {
			if err == nil {
				err = m.err
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, s := range m.sets {
				if !yield(s, nil) {
					return
				}
			}
		}
	}
}

// SetOf is what a document is compared by. Its address counts as that of the desktop edition: the telephone's copy of a
// page is no second article of the site.
func SetOf(doc *schema.Document) *neardup.Set {
	url, _ := weburl.Parse(doc.URL, "")
	url = weburl.Desktop(url)
	return neardup.NewSet(doc.Title, doc.Text, weburl.Key(url), url.Host())
}

// wanted is a sequence of numbers with its head.
type wanted struct {
	next func() (int64, bool)
	seq  int64
	ok   bool
}

func (w *wanted) advance() { w.seq, w.ok = w.next() }

package corpus

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"broadsheet/schema"
)

// spot is where a document lies.
type spot struct {
	shard schema.Shard
	row   int64
}

// viewer picks what the report of a finished dataset shows. What was dropped is shown with its text where the dataset
// has it.
type viewer struct {
	sampler
	seen    map[string]*seen // by id: what is to be shown of documents
	largest []*seen
	rules   []schema.Boilerplate
}

type seen struct {
	sample schema.Sample
	copies int32
	at     spot
	some   []schema.Sample
}

func (v *viewer) outcome(unit int64, o *schema.Outcome) {
	if o.Reason != schema.TakenDown {
		v.add(unit, o, 0)
	}
}

// document takes a document; the outcomes were taken before.
func (v *viewer) document(d *schema.Document, at spot) {
	if v.seen == nil {
		v.seen = map[string]*seen{}
		for _, p := range v.kept {
			v.seen[p.outcome.ID] = &seen{sample: schema.Sample{Outcome: p.outcome}}
		}
	}
	if s := v.seen[d.ID]; s != nil {
		s.at = at
	}
	if d.Duplicates == 0 {
		return
	}
	s := &seen{copies: d.Duplicates, at: at, sample: schema.Sample{
		Outcome: schema.Outcome{Path: d.Path, Outcome: schema.Kept, ID: d.ID, Title: d.Title, URL: d.URL, Created: d.Created, Notes: []string{}},
	}}
	n, _ := slices.BinarySearchFunc(v.largest, s, func(a, b *seen) int {
		return cmp.Or(cmp.Compare(b.copies, a.copies), cmp.Compare(a.sample.Outcome.Path, b.sample.Outcome.Path))
	})
	if n < sampleClusters {
		v.largest = slices.Insert(v.largest, n, s)
		v.largest = v.largest[:min(len(v.largest), sampleClusters)]
	}
}

func (v *viewer) rule(r *schema.Boilerplate) { v.rules = topRule(v.rules, r) }

// samples gives what was picked, with texts.
func (v *viewer) samples(ctx context.Context, from Finished, goes func(*schema.Outcome) bool) (*schema.Samples, error) {
	clusters := map[string]*seen{}
	var wanted []*seen
	for _, s := range v.largest {
		clusters[s.sample.Outcome.ID] = s
		wanted = append(wanted, s)
	}
	for _, p := range v.kept {
		if s := v.seen[p.outcome.ID]; s != nil {
			wanted = append(wanted, s)
		}
	}
	for o, err := range while(ctx, from.Outcomes()) {
		if err != nil {
			return nil, err
		}
		s := clusters[o.DuplicateOf]
		if s == nil || goes(o) {
			continue
		}
		s.some = append(s.some, schema.Sample{Outcome: *o})
		slices.SortStableFunc(s.some, func(a, b schema.Sample) int { return cmp.Compare(similarityOf(a), similarityOf(b)) })
		s.some = s.some[:min(len(s.some), sampleSome)]
	}
	texts := map[string]*schema.Sample{} // of what was dropped, by path
	for _, s := range v.largest {
		for i := range s.some {
			texts[s.some[i].Outcome.Path] = &s.some[i]
		}
	}
	out := &schema.Samples{Rules: v.rules}
	for _, reason := range slices.Sorted(maps.Keys(v.dropped)) { // Sort for determinism
		for _, p := range v.dropped[reason] {
			out.Dropped = append(out.Dropped, schema.Sample{Outcome: p.outcome})
		}
	}
	also := map[string]*schema.Sample{}
	for i := range out.Dropped {
		also[out.Dropped[i].Outcome.Path] = &out.Dropped[i]
	}
	for d, err := range while(ctx, from.Dropped()) {
		if err != nil {
			return nil, err
		}
		for _, s := range []*schema.Sample{texts[d.Path], also[d.Path]} {
			if s != nil {
				s.Source = d.Source
				s.Text, s.Cut = firstChars(d.Text, schema.SampleChars)
			}
		}
	}
	if err := fetchAt(ctx, from, wanted); err != nil {
		return nil, err
	}
	for _, s := range v.largest {
		out.Clusters = append(out.Clusters, schema.Cluster{Kept: s.sample, Duplicates: int64(s.copies), Some: s.some})
	}
	for _, p := range v.kept {
		if s := v.seen[p.outcome.ID]; s != nil {
			out.Kept = append(out.Kept, s.sample)
		}
	}
	return out, nil
}

func similarityOf(s schema.Sample) float32 {
	if s.Outcome.Similarity == nil {
		return -1
	}
	return *s.Outcome.Similarity
}

// fetchAt fills in the texts of documents from where they lie.
func fetchAt(ctx context.Context, from Finished, wanted []*seen) error {
	order := func(a, b *seen) int {
		return cmp.Or(cmp.Compare(a.at.shard.Split, b.at.shard.Split), cmp.Compare(a.at.shard.Number, b.at.shard.Number), cmp.Compare(a.at.row, b.at.row))
	}
	wanted = slices.SortedStableFunc(slices.Values(wanted), order)
	for len(wanted) > 0 {
		shard := wanted[0].at.shard
		n := 1
		for n < len(wanted) && wanted[n].at.shard.Split == shard.Split && wanted[n].at.shard.Number == shard.Number {
			n++
		}
		here := wanted[:n]
		wanted = wanted[n:]
		rows := make([]int64, 0, n)
		for _, s := range here {
			if k := len(rows); k == 0 || rows[k-1] != s.at.row {
				rows = append(rows, s.at.row)
			}
		}
		i := 0
		for d, err := range while(ctx, from.At(shard, rows)) {
			if err != nil {
				return err
			}
			for row := rows[0]; i < len(here) && here[i].at.row == row; i++ {
				s := &here[i].sample
				if d.ID != s.Outcome.ID {
					return errors.New("a document is not where its shard had it")
				}
				s.Source = d.Source
				s.Text, s.Cut = firstChars(d.Text, schema.SampleChars)
			}
			rows = rows[1:]
		}
	}
	return nil
}

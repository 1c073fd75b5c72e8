package corpus

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"broadsheet/schema"
)

// How many samples a build gives to look at.
const (
	sampleClusters = 30
	sampleSome     = 2 // duplicates shown of one cluster
	sampleKept     = 20
	sampleDropped  = 8 // of one reason
	sampleRules    = 60
)

// sampler picks units to look at while the outcomes go by: at random, which is by a hash of the path, and the largest
// clusters. It holds the picked outcomes alone.
type sampler struct {
	kept     []picked
	dropped  map[schema.Reason][]picked
	clusters []picked
}

type picked struct {
	unit    int64
	key     uint64 // the least are picked
	outcome schema.Outcome
}

// pick adds p to the n least.
func pick(list []picked, p picked, n int) []picked {
	at, _ := slices.BinarySearchFunc(list, p, func(a, b picked) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.unit, b.unit))
	})
	if at == n {
		return list
	}
	list = slices.Insert(list, at, p)
	return list[:min(len(list), n)]
}

func (s *sampler) add(unit int64, o *schema.Outcome, copies int32) {
	sum := sha256.Sum256([]byte(o.Path))
	p := picked{unit, binary.BigEndian.Uint64(sum[:]), *o}
	if o.Reason != "" {
		if s.dropped == nil {
			s.dropped = map[schema.Reason][]picked{}
		}
		s.dropped[o.Reason] = pick(s.dropped[o.Reason], p, sampleDropped)
		return
	}
	s.kept = pick(s.kept, p, sampleKept)
	if copies > 0 {
		p.key = ^uint64(copies)
		s.clusters = pick(s.clusters, p, sampleClusters)
	}
}

// finish gives the samples with their texts, as far as there are rows of them.
func (s *sampler) finish(c *candidates, v *verdicts) (*schema.Samples, error) {
	out := &schema.Samples{}
	wanted := map[int64]schema.Sample{}
	want := func(list []picked) {
		for _, p := range list {
			wanted[p.unit] = schema.Sample{Outcome: p.outcome}
		}
	}
	want(s.kept)
	want(s.clusters)
	for _, list := range s.dropped {
		want(list)
	}
	// The closest of those that a large cluster has: they are where a person looks for a mistake last, so the least
	// similar are shown.
	some := map[int64][]verdict{}
	for _, p := range s.clusters {
		some[p.unit] = nil
	}
	for x, err := range v.all() {
		if err != nil {
			return nil, err
		}
		if list, ok := some[x.of]; ok {
			list = append(list, x)
			slices.SortStableFunc(list, func(a, b verdict) int { return cmp.Compare(a.similarity, b.similarity) })
			some[x.of] = list[:min(len(list), sampleSome)]
			for _, x := range some[x.of] {
				if _, ok := wanted[x.unit]; !ok {
					wanted[x.unit] = schema.Sample{}
				}
			}
		}
	}
	if err := s.fetch(c, wanted); err != nil {
		return nil, err
	}
	for _, p := range s.clusters {
		k := schema.Cluster{Kept: wanted[p.unit], Duplicates: int64(^p.key)}
		for _, x := range some[p.unit] {
			d := wanted[x.unit]
			d.Outcome.Reason, d.Outcome.Outcome = x.reason, x.reason.Verdict()
			if x.similarity >= 0 {
				d.Outcome.Similarity = &x.similarity
			}
			d.Outcome.Detail = x.detail()
			k.Some = append(k.Some, d)
		}
		out.Clusters = append(out.Clusters, k)
	}
	for _, p := range s.kept {
		out.Kept = append(out.Kept, wanted[p.unit])
	}
	for _, reason := range slices.Sorted(maps.Keys(s.dropped)) { // Sort for determinism
		for _, p := range s.dropped[reason] {
			out.Dropped = append(out.Dropped, wanted[p.unit])
		}
	}
	return out, nil
}

// fetch fills in the texts from the rows.
func (s *sampler) fetch(c *candidates, wanted map[int64]schema.Sample) error {
	units := slices.Sorted(maps.Keys(wanted))
	has := func(f frame) bool {
		at, _ := slices.BinarySearch(units, f.First)
		return at < len(units) && units[at] < f.First+int64(f.Units)
	}
	for f, err := range c.rows.frames(has) {
		if err != nil {
			return err
		}
		records, err := unpack(f.packed)
		if err != nil {
			return err
		}
		for in := reading(records); in.more(); {
			var r row
			if in.sized(r.wire); in.err != nil {
				return in.err
			}
			r.unit += f.First
			w, ok := wanted[r.unit]
			if !ok {
				continue
			}
			w.Source = r.Source
			w.Text, w.Cut = firstChars(r.Text, schema.SampleChars)
			if w.Outcome.Path == "" {
				w.Outcome = schema.Outcome{Path: r.Path, ID: r.ID, Title: r.Title, URL: r.URL, Created: r.Created}
			}
			wanted[r.unit] = w
		}
	}
	return nil
}

// firstChars cuts s to n code points.
func firstChars(s string, n int) (string, bool) {
	for i := range s {
		if n == 0 {
			return s[:i], true
		}
		n--
	}
	return s, false
}

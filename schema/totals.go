package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"slices"
)

// TopValues is how many sources and domains the totals name; the others are one sum.
const TopValues = 1000

// Totals are the sums over all documents of a dataset.
type Totals struct {
	Documents  int64     `json:"documents"`
	Chars      int64     `json:"chars"`
	Words      int64     `json:"words"`
	Duplicates int64     `json:"duplicates"`
	Earliest   *Time     `json:"earliest"` // smallest and largest created
	Latest     *Time     `json:"latest"`
	Missing    []Count   `json:"missing"` // documents without a value, by nullable or list column, in column order
	Language   []Count   `json:"language"`
	License    Top       `json:"license"`
	Source     Top       `json:"source"`
	Domain     Top       `json:"domain"`
	Month      []Count   `json:"month"` // of created, such as 2024-01; in order of time; a year alone counts as such
	Length     Histogram `json:"length"`
}

// Count is how many documents have a value, and how many characters they hold.
type Count struct {
	Value     string `json:"value"`
	Documents int64  `json:"documents"`
	Chars     int64  `json:"chars"`
}

// Top holds the most frequent values of a column, most documents first and ties in bytewise order.
type Top struct {
	Distinct int64   `json:"distinct"`
	Values   []Count `json:"values"`
	Other    Count   `json:"other"` // the sum of those that are not in Values
}

// Histogram counts documents by length: Counts[i] have at least Edges[i] and less than Edges[i+1] characters.
type Histogram struct {
	Edges  []int64 `json:"edges"`
	Counts []int64 `json:"counts"`
}

func lengthEdges() []int64 {
	return []int64{0, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000}
}

func (t Totals) canonical() Totals {
	t.Missing, t.Language, t.Month = nonNil(t.Missing), nonNil(t.Language), nonNil(t.Month)
	t.License.Values, t.Source.Values, t.Domain.Values = nonNil(t.License.Values), nonNil(t.Source.Values), nonNil(t.Domain.Values)
	t.Length.Edges, t.Length.Counts = nonNil(t.Length.Edges), nonNil(t.Length.Counts)
	return t
}

// Tally adds up the totals of documents. Tallies of parts merge to the tally of the whole, in any order. Its memory
// grows with the number of distinct sources, domains and licences, about 100 bytes each. The zero value is empty.
type Tally struct {
	t                                        Totals
	content                                  Content
	bytes                                    int64
	missing                                  map[string]int64
	language, license, source, domain, month map[string]Count
	length                                   []int64
}

// Add counts one document.
func (a *Tally) Add(d *Document) {
	if a.language == nil {
		a.init()
	}
	chars := int64(d.Chars)
	a.t.Documents++
	a.t.Chars += chars
	a.t.Words += int64(d.Words)
	a.t.Duplicates += int64(d.Duplicates)
	a.bytes += d.Bytes()
	a.content.Add(d)
	count(a.language, d.Language, 1, chars)
	lack := func(column string, is bool) {
		if is {
			a.missing[column]++
		}
	}
	lack("title", d.Title == "")
	lack("url", d.URL == "")
	lack("source", d.Source == "")
	lack("domain", d.Domain == "")
	lack("authors", len(d.Authors) == 0)
	lack("created", d.Created == nil)
	lack("added", d.Added == nil)
	lack("license", d.License == "")
	lack("tags", len(d.Tags) == 0)
	lack("extra", d.Extra == "")
	if d.Source != "" {
		count(a.source, d.Source, 1, chars)
	}
	if d.Domain != "" {
		count(a.domain, d.Domain, 1, chars)
	}
	if d.License != "" {
		count(a.license, d.License, 1, chars)
	}
	if c := d.Created; c != nil {
		a.span(c, c)
		form := "2006-01"
		if d.CreatedPrecision == "year" {
			form = "2006"
		}
		count(a.month, c.Time().Format(form), 1, chars)
	}
	i, found := slices.BinarySearch(lengthEdges(), chars)
	if !found {
		i--
	}
	a.length[max(i, 0)]++
}

func (a *Tally) init() {
	a.missing = map[string]int64{}
	a.language, a.license, a.source = map[string]Count{}, map[string]Count{}, map[string]Count{}
	a.domain, a.month = map[string]Count{}, map[string]Count{}
	a.length = make([]int64, len(lengthEdges()))
}

func (a *Tally) span(lo, hi *Time) {
	if lo != nil && (a.t.Earliest == nil || *lo < *a.t.Earliest) {
		v := *lo
		a.t.Earliest = &v
	}
	if hi != nil && (a.t.Latest == nil || *hi > *a.t.Latest) {
		v := *hi
		a.t.Latest = &v
	}
}

// Merge adds what b counted.
func (a *Tally) Merge(b *Tally) {
	if b.language == nil {
		return
	}
	if a.language == nil {
		a.init()
	}
	a.t.Documents += b.t.Documents
	a.t.Chars += b.t.Chars
	a.t.Words += b.t.Words
	a.t.Duplicates += b.t.Duplicates
	a.bytes += b.bytes
	a.span(b.t.Earliest, b.t.Latest)
	a.content.Merge(b.content)
	for k, v := range b.missing {
		a.missing[k] += v
	}
	for i, v := range b.length {
		a.length[i] += v
	}
	for _, p := range [][2]map[string]Count{{a.language, b.language}, {a.license, b.license}, {a.source, b.source},
		{a.domain, b.domain}, {a.month, b.month}} {
		for k, v := range p[1] {
			count(p[0], k, v.Documents, v.Chars)
		}
	}
}

func count(m map[string]Count, value string, documents, chars int64) {
	c := m[value]
	m[value] = Count{value, c.Documents + documents, c.Chars + chars}
}

// Totals are the sums so far.
func (a *Tally) Totals() Totals {
	t := a.t
	t.Length = Histogram{Edges: lengthEdges(), Counts: make([]int64, len(lengthEdges()))}
	copy(t.Length.Counts, a.length)
	for _, c := range []string{"title", "url", "source", "domain", "authors", "created", "added", "license", "tags", "extra"} {
		t.Missing = append(t.Missing, Count{Value: c, Documents: a.missing[c]})
	}
	t.Language = ranked(a.language)
	t.Month = ranked(a.month)
	slices.SortFunc(t.Month, func(a, b Count) int { return cmp.Compare(a.Value, b.Value) })
	t.License, t.Source, t.Domain = top(a.license), top(a.source), top(a.domain)
	return t.canonical()
}

// Split is the part of the dataset that the tally saw, under its name.
func (a *Tally) Split(name string) Split {
	return Split{Name: name, Examples: a.t.Documents, Bytes: a.bytes, Chars: a.t.Chars}
}

// Content is the hash of what the tally saw.
func (a *Tally) Content() Content { return a.content }

func ranked(m map[string]Count) []Count {
	s := make([]Count, 0, len(m))
	for _, c := range m {
		s = append(s, c)
	}
	slices.SortFunc(s, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Value, b.Value))
	})
	return s
}

func top(m map[string]Count) Top {
	s := ranked(m)
	t := Top{Distinct: int64(len(s)), Values: s, Other: Count{Value: "other"}}
	if len(s) > TopValues {
		t.Values = s[:TopValues:TopValues]
		for _, c := range s[TopValues:] {
			t.Other.Documents += c.Documents
			t.Other.Chars += c.Chars
		}
	}
	return t
}

// Content is a hash of a set of documents that does not depend on their order, nor on how they lie in files: the sum,
// modulo 2^256 and big-endian, of SHA-256(id, NUL, text) over all documents. Sums of parts merge, so the hash needs no
// sort and each shard can be hashed alone. It tells datasets apart and finds damage; it is no signature.
type Content struct {
	sum [4]uint64 // big-endian words: sum[0] is the highest
}

// Add counts one document.
func (c *Content) Add(d *Document) {
	h := sha256.New()
	h.Write([]byte(d.ID))
	h.Write([]byte{0})
	h.Write([]byte(d.Text))
	var s [sha256.Size]byte
	h.Sum(s[:0])
	var o Content
	for i := range o.sum {
		o.sum[i] = binary.BigEndian.Uint64(s[8*i:])
	}
	c.Merge(o)
}

// Merge adds the documents that o counted.
func (c *Content) Merge(o Content) {
	var carry uint64
	for i := 3; i >= 0; i-- {
		c.sum[i], carry = bits.Add64(c.sum[i], o.sum[i], carry)
	}
}

// String is the hash as 64 hexadecimal digits.
func (c Content) String() string {
	var b [32]byte
	for i, w := range c.sum {
		binary.BigEndian.PutUint64(b[8*i:], w)
	}
	return hex.EncodeToString(b[:])
}

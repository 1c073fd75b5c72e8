package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// TopValues is how many sources and domains the totals name; the others are one sum.
const TopValues = 1000

// MaxDistinct is how many distinct values of a column are told apart. It bounds memory; beyond it a column is counted as
// a whole, which does not depend on the order of documents or on how they lie in shards.
const MaxDistinct = 1 << 17

// MonthSources is how many sources the totals show by month.
const MonthSources = 12

// MaxSourceMonths is how many pairs of a source and a month are told apart: 4,000 sources over ten years.
const MaxSourceMonths = 1 << 19

// Totals are the sums over all documents of a dataset.
type Totals struct {
	Documents  int64   `json:"documents"`
	Chars      int64   `json:"chars"`
	Words      int64   `json:"words"`
	Duplicates int64   `json:"duplicates"`
	Earliest   *Time   `json:"earliest"` // smallest and largest created
	Latest     *Time   `json:"latest"`
	Missing    []Count `json:"missing"` // documents without a value, by nullable or list column, in column order
	Language   []Count `json:"language"`
	License    Top     `json:"license"`
	Source     Top     `json:"source"`
	Domain     Top     `json:"domain"`
	Month      []Count `json:"month"` // of created, such as 2024-01; in order of time; a year alone counts as such

	// SourceMonth are the months of the MonthSources sources with the most documents. It is empty where there are more
	// than MaxDistinct sources, or more than MaxSourceMonths pairs of a source and a month.
	SourceMonth []SourceMonths `json:"source_month"`

	Length Histogram `json:"length"`
}

// Count is how many documents have a value, and how many characters they hold.
type Count struct {
	Value     string `json:"value"`
	Documents int64  `json:"documents"`
	Chars     int64  `json:"chars"`
}

// SourceMonths are the documents of one source by month.
type SourceMonths struct {
	Value string  `json:"value"`
	Month []Count `json:"month"` // as in Totals
}

// Top holds the most frequent values of a column, most documents first and ties in bytewise order.
type Top struct {
	Distinct int64   `json:"distinct"` // MaxDistinct + 1 where there are more than MaxDistinct: then all are in Other
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
	t.SourceMonth = nonNil(t.SourceMonth)
	t.License.Values, t.Source.Values, t.Domain.Values = nonNil(t.License.Values), nonNil(t.Source.Values), nonNil(t.Domain.Values)
	t.Length.Edges, t.Length.Counts = nonNil(t.Length.Edges), nonNil(t.Length.Counts)
	return t
}

// Tally adds up the totals of documents. Tallies of parts merge to the tally of the whole, in any order. Its memory is
// bounded by MaxDistinct values of each column, some 150 bytes each, and MaxSourceMonths pairs of 24 bytes. The zero
// value is empty.
type Tally struct {
	t                                        Totals
	content                                  Content
	bytes                                    int64
	missing                                  map[string]int64
	language, license, source, domain, month column
	sourceMonth                              pairs
	length                                   []int64
}

// column counts the values of one column.
type column struct {
	all    Count
	counts map[string]Count
	many   bool // more than MaxDistinct: counts is nil
}

func (c *column) add(value string, documents, chars int64) {
	c.all.Documents += documents
	c.all.Chars += chars
	if c.many {
		return
	}
	v, known := c.counts[value]
	if !known {
		if len(c.counts) == MaxDistinct {
			c.many, c.counts = true, nil
			return
		}
		if c.counts == nil {
			c.counts = map[string]Count{}
		}
		v.Value = strings.Clone(value) // of the document, which is not to be held
	}
	v.Documents += documents
	v.Chars += chars
	c.counts[v.Value] = v
}

func (c *column) merge(o *column) {
	if o.many {
		c.many, c.counts = true, nil
	}
	if c.many {
		c.all.Documents += o.all.Documents
		c.all.Chars += o.all.Chars
		return
	}
	for k, v := range o.counts { // in any order: sums, and a limit that does not depend on it
		c.add(k, v.Documents, v.Chars)
	}
}

// pairs counts pairs of a source and a month.
type pairs struct {
	months map[string][]monthCount // by source, in order of time
	n      int
	many   bool // more sources than MaxDistinct or more pairs than MaxSourceMonths: months is nil
}

// monthCount counts the documents of a month.
type monthCount struct {
	month            int32 // 13 times the year, and the month; 0 for a month that is not known
	documents, chars int64
}

func (p *pairs) add(source string, month int32, documents, chars int64) {
	if p.many {
		return
	}
	list, known := p.months[source]
	i, found := slices.BinarySearchFunc(list, month, func(c monthCount, month int32) int { return cmp.Compare(c.month, month) })
	if !found {
		if p.n == MaxSourceMonths || !known && len(p.months) == MaxDistinct {
			p.many, p.months = true, nil
			return
		}
		if p.months == nil {
			p.months = map[string][]monthCount{}
		}
		if !known {
			source = strings.Clone(source) // of the document, which is not to be held
		}
		list = slices.Insert(list, i, monthCount{month: month})
		p.months[source] = list
		p.n++
	}
	list[i].documents += documents
	list[i].chars += chars
}

func (p *pairs) merge(o *pairs) {
	if o.many {
		p.many, p.months = true, nil
	}
	for source, list := range o.months { // in any order, as in column
		for _, c := range list {
			p.add(source, c.month, c.documents, c.chars)
		}
	}
}

// of are the months of one source.
func (p *pairs) of(source string) []Count {
	out := []Count{}
	for _, c := range p.months[source] {
		form := fmt.Sprintf("%04d-%02d", c.month/13, c.month%13)
		if c.month%13 == 0 {
			form = form[:len(form)-len("-00")]
		}
		out = append(out, Count{form, c.documents, c.chars})
	}
	return out
}

// Add counts one document.
func (a *Tally) Add(d *Document) {
	if a.missing == nil {
		a.init()
	}
	chars := int64(d.Chars)
	a.t.Documents++
	a.t.Chars += chars
	a.t.Words += int64(d.Words)
	a.t.Duplicates += int64(d.Duplicates)
	a.bytes += d.Bytes()
	a.content.Add(d)
	a.language.add(d.Language, 1, chars)
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
		a.source.add(d.Source, 1, chars)
	}
	if d.Domain != "" {
		a.domain.add(d.Domain, 1, chars)
	}
	if d.License != "" {
		a.license.add(d.License, 1, chars)
	}
	if c := d.Created; c != nil {
		a.span(c, c)
		at, form := c.Time(), "2006-01"
		month := int32(at.Year()*13) + int32(at.Month())
		if d.CreatedPrecision == "year" {
			form, month = "2006", int32(at.Year()*13)
		}
		a.month.add(at.Format(form), 1, chars)
		if d.Source != "" {
			a.sourceMonth.add(d.Source, month, 1, chars)
		}
	}
	i, found := slices.BinarySearch(lengthEdges(), chars)
	if !found {
		i--
	}
	a.length[max(i, 0)]++
}

func (a *Tally) init() {
	a.missing = map[string]int64{}
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
	if b.missing == nil {
		return
	}
	if a.missing == nil {
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
	a.language.merge(&b.language)
	a.license.merge(&b.license)
	a.source.merge(&b.source)
	a.domain.merge(&b.domain)
	a.month.merge(&b.month)
	a.sourceMonth.merge(&b.sourceMonth)
}

// Totals are the sums so far.
func (a *Tally) Totals() Totals {
	t := a.t
	t.Length = Histogram{Edges: lengthEdges(), Counts: make([]int64, len(lengthEdges()))}
	copy(t.Length.Counts, a.length)
	for _, c := range []string{"title", "url", "source", "domain", "authors", "created", "added", "license", "tags", "extra"} {
		t.Missing = append(t.Missing, Count{Value: c, Documents: a.missing[c]})
	}
	byTime := func(a, b Count) int { return cmp.Compare(a.Value, b.Value) }
	t.Language = ranked(a.language.counts)
	t.Month = ranked(a.month.counts)
	slices.SortFunc(t.Month, byTime)
	t.License, t.Source, t.Domain = a.license.top(), a.source.top(), a.domain.top()
	if !a.sourceMonth.many && a.sourceMonth.n > 0 {
		for _, s := range t.Source.Values[:min(MonthSources, len(t.Source.Values))] {
			t.SourceMonth = append(t.SourceMonth, SourceMonths{s.Value, a.sourceMonth.of(s.Value)})
		}
	}
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

func (c *column) top() Top {
	if c.many {
		return Top{Distinct: MaxDistinct + 1, Other: Count{"other", c.all.Documents, c.all.Chars}}
	}
	s := ranked(c.counts)
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

// Remove takes the documents that o counted out again.
func (c *Content) Remove(o Content) {
	var borrow uint64
	for i := 3; i >= 0; i-- {
		c.sum[i], borrow = bits.Sub64(c.sum[i], o.sum[i], borrow)
	}
}

// ParseContent reads the form of [Content.String].
func ParseContent(s string) (Content, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 {
		return Content{}, fmt.Errorf("content hash %q is not 64 hexadecimal digits", s)
	}
	var c Content
	for i := range c.sum {
		c.sum[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return c, nil
}

// String is the hash as 64 hexadecimal digits.
func (c Content) String() string {
	var b [32]byte
	for i, w := range c.sum {
		binary.BigEndian.PutUint64(b[8*i:], w)
	}
	return hex.EncodeToString(b[:])
}

package writers

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// reportPage is the page of [Report]. html/template escapes every value by where it stands, so that no text of a
// document can become markup, style or script.
//
//go:embed report.html
var reportPage string

// Report is report.html: one page about a dataset for a person, without script and without anything from elsewhere.
// Every number in it is in the manifest or in the audit.
func Report(m *schema.Manifest, s *schema.Samples) ([]byte, error) {
	page, err := template.New("report").Funcs(template.FuncMap{
		"count": countText, "percent": percentText, "size": sizeText, "meaning": reasonDoc, "similar": similarText,
		"redact": weburl.Redact,
	}).Parse(reportPage)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, newReport(m, s)); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// report is what the page is made from.
type report struct {
	M        *schema.Manifest
	Funnel   []reportBar
	Tables   []reportTable
	Months   *reportMonths // nil where no document has a date
	Rules    []schema.Boilerplate
	Clusters []reportCluster
	Kept     []schema.Sample
	Dropped  []reportDropped
}

type reportBar struct {
	Label   string
	Doc     string // one line, may be empty
	Count   int64
	Total   int64
	Longest int64 // what the longest bar stands for
	Indent  bool
	Verdict schema.Verdict
}

type reportTable struct {
	Title string
	Rows  []reportBar
}

// reportMonths is the time of publication: one bar a month, or one a year where there are more than 25 years of them.
type reportMonths struct {
	Step        string // month or year
	First, Last string
	Years       []reportYear
	All         reportBars
	Sources     []reportBars // those with the most documents
}

// reportYear is the label of a year at a place of the axis, in percent. A minor one is left out where there is no room.
type reportYear struct {
	Label string
	At    float64
	Minor bool
}

// reportBars are the bars of one drawing of 100 by 100 units, as the commands of one SVG path.
type reportBars struct {
	Name      string
	Path      string
	Highest   int64
	HighestAt string
}

type reportCluster struct {
	schema.Cluster
	Pairs []reportPair
}

type reportPair struct {
	Other       schema.Sample
	Left, Right []reportSpan
}

// reportSpan is a stretch of a text; Only says that the other text does not have it.
type reportSpan struct {
	Text string
	Only bool
}

type reportDropped struct {
	Reason  schema.Reason
	Count   int64
	Samples []schema.Sample
}

const reportTop = 25 // rows of a table

func newReport(m *schema.Manifest, s *schema.Samples) *report {
	r := &report{M: m, Kept: publicSamples(s.Kept)}
	for _, rule := range s.Rules {
		if rule.Kind != schema.DateOrder { // cuts nothing
			r.Rules = append(r.Rules, rule)
		}
	}
	o, t := m.Outcomes, m.Totals
	byVerdict := map[schema.Verdict]int64{
		schema.Kept: o.Kept, schema.Duplicate: o.Duplicate, schema.Filtered: o.Filtered, schema.Rejected: o.Rejected, schema.Skipped: o.Skipped,
	}
	for _, v := range schema.Verdicts() {
		r.Funnel = append(r.Funnel, reportBar{Label: string(v), Count: byVerdict[v], Total: o.Units, Longest: o.Units, Verdict: v})
		for _, reason := range sortedReasons(o.Reasons) {
			if reason.Verdict() == v {
				r.Funnel = append(r.Funnel, reportBar{Label: string(reason), Doc: reasonDoc(reason), Count: o.Reasons[reason], Total: o.Units, Longest: o.Units, Indent: true, Verdict: v})
			}
		}
	}
	bars := func(title string, rows []schema.Count, rest schema.Count) {
		table := reportTable{Title: title}
		for i, c := range rows {
			if i == reportTop {
				other := rest
				for _, c := range rows[i:] {
					other.Documents += c.Documents
				}
				rest = schema.Count{}
				table.Rows = append(table.Rows, reportBar{Label: "all others", Count: other.Documents, Total: t.Documents})
				break
			}
			label := c.Value
			if label == "" {
				label = "(not stated)"
			}
			table.Rows = append(table.Rows, reportBar{Label: label, Count: c.Documents, Total: t.Documents})
		}
		if len(rows) == 0 && rest.Documents > 0 {
			table.Rows = append(table.Rows, reportBar{Label: "too many to be told apart", Count: rest.Documents, Total: t.Documents})
		}
		longest := int64(0)
		for _, row := range table.Rows {
			longest = max(longest, row.Count)
		}
		for i := range table.Rows {
			table.Rows[i].Longest = longest
		}
		if len(table.Rows) > 0 {
			r.Tables = append(r.Tables, table)
		}
	}
	bars("Languages", t.Language, schema.Count{})
	bars("Sources", t.Source.Values, t.Source.Other)
	bars("Domains", t.Domain.Values, t.Domain.Other)
	var lengths []schema.Count
	for i, n := range t.Length.Counts {
		label := countText(t.Length.Edges[i]) + " and more"
		if i+1 < len(t.Length.Edges) {
			label = countText(t.Length.Edges[i]) + " – " + countText(t.Length.Edges[i+1]-1)
		}
		lengths = append(lengths, schema.Count{Value: label, Documents: n})
	}
	bars("Length in characters", lengths, schema.Count{})
	bars("Documents without", t.Missing, schema.Count{})
	if t.License.Distinct > 0 {
		bars("Stated licences", t.License.Values, t.License.Other)
	}
	r.Months = months(t)
	for _, c := range s.Clusters {
		c.Kept, c.Some = public(c.Kept), publicSamples(c.Some)
		k := reportCluster{Cluster: c}
		for _, other := range c.Some {
			left, right := marked(c.Kept.Text, other.Text)
			left, right = openEnd(left, other.Cut), openEnd(right, c.Kept.Cut)
			k.Pairs = append(k.Pairs, reportPair{other, left, right})
		}
		r.Clusters = append(r.Clusters, k)
	}
	for _, d := range publicSamples(s.Dropped) {
		n := len(r.Dropped)
		if n == 0 || r.Dropped[n-1].Reason != d.Outcome.Reason {
			r.Dropped = append(r.Dropped, reportDropped{Reason: d.Outcome.Reason, Count: o.Reasons[d.Outcome.Reason]})
			n++
		}
		r.Dropped[n-1].Samples = append(r.Dropped[n-1].Samples, d)
	}
	return r
}

// public is s without the secrets of the URLs in it.
func public(s schema.Sample) schema.Sample {
	for _, text := range []*string{&s.Text, &s.Source, &s.Outcome.Path, &s.Outcome.Detail, &s.Outcome.URL, &s.Outcome.Title} {
		*text = weburl.Redact(*text)
	}
	return s
}

func publicSamples(list []schema.Sample) []schema.Sample {
	var out []schema.Sample
	for _, s := range list {
		out = append(out, public(s))
	}
	return out
}

// ParquetBytes is the size of the data as people download it.
func (r *report) ParquetBytes() (n int64) {
	for _, f := range r.M.Files {
		if f.Split != "" && f.Format == "parquet" {
			n += f.Bytes
		}
	}
	return n
}

// Width is the length of the bar, in percent.
func (b reportBar) Width() float64 {
	if b.Longest == 0 {
		return 0
	}
	return 100 * float64(b.Count) / float64(b.Longest)
}

// months lays out the time of publication. A date of which only the year is known has no month; it counts where years are
// shown.
func months(t schema.Totals) *reportMonths {
	first, last := -1, -1
	for _, c := range t.Month {
		if len(c.Value) == len("2024-01") {
			n := monthNumber(c.Value)
			if first < 0 {
				first = n
			}
			last = n
		}
	}
	if first < 0 {
		return nil
	}
	r := &reportMonths{Step: "month"}
	step := 1
	if last-first > 300 {
		r.Step, step = "year", 12
		first -= first % 12
	}
	n := (last-first)/step + 1
	label := func(i int) string {
		at := first + i*step
		if step == 12 {
			return fmt.Sprintf("%04d", at/12)
		}
		return fmt.Sprintf("%04d-%02d", at/12, at%12+1)
	}
	r.First, r.Last = label(0), label(n-1)
	bars := func(name string, rows []schema.Count) reportBars {
		counts := make([]int64, n)
		b := reportBars{Name: name}
		for _, c := range rows {
			at := 0
			switch {
			case len(c.Value) == len("2024-01"):
				at = monthNumber(c.Value)
			case step == 12 && len(c.Value) == len("2024"):
				at = monthNumber(c.Value + "-01")
			default:
				continue
			}
			i := (at - first) / step
			if at < first || i >= n {
				continue
			}
			counts[i] += c.Documents
			if counts[i] > b.Highest {
				b.Highest, b.HighestAt = counts[i], label(i)
			}
		}
		width := 100 / float64(n)
		var path strings.Builder
		for i, c := range counts {
			if c > 0 {
				fmt.Fprintf(&path, "M%.2f 100V%.2fh%.2fV100z", float64(i)*width, 100-100*float64(c)/float64(b.Highest), width*0.85)
			}
		}
		b.Path = path.String()
		return b
	}
	r.All = bars("", t.Month)
	for _, s := range t.SourceMonth {
		if b := bars(s.Value, s.Month); b.Highest > 0 {
			r.Sources = append(r.Sources, b)
		}
	}
	years := n * step / 12
	every := 1
	for _, e := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if every = e; years/e <= 16 {
			break
		}
	}
	for i := range n {
		at := first + i*step
		if at%12 != 0 || at/12%every != 0 || float64(i)/float64(n) > 0.96 {
			continue
		}
		r.Years = append(r.Years, reportYear{Label: fmt.Sprintf("%04d", at/12), At: 100 * float64(i) / float64(n), Minor: at/12%(3*every) != 0 && years/every > 5})
	}
	return r
}

func monthNumber(s string) int {
	var y, m int
	fmt.Sscanf(s, "%d-%d", &y, &m)
	return y*12 + m - 1
}

func sortedReasons(counts map[schema.Reason]int64) []schema.Reason {
	var out []schema.Reason
	for _, d := range schema.Reasons() { // the pipeline's own in their order
		if counts[d.Reason] > 0 {
			out = append(out, d.Reason)
		}
	}
	var others []schema.Reason
	for reason := range counts {
		if reasonDoc(reason) == "" {
			others = append(others, reason)
		}
	}
	return append(out, sortReasons(others)...)
}

func sortReasons(s []schema.Reason) []schema.Reason {
	for i := range s { // few: the filters that were asked for
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s
}

func reasonDoc(r schema.Reason) string {
	for _, d := range schema.Reasons() {
		if d.Reason == r {
			return d.Doc
		}
	}
	return ""
}

// countText writes a number with thin spaces between thousands, which no language reads as a decimal mark.
func countText(n int64) string { return Grouped(n, "\u202f") }

func percentText(n, total int64) string {
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(total))
}

// sizeText is a number of bytes in decimal units, as the file managers of those who download show it.
func sizeText(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f kB", float64(n)/1e3)
}

func similarText(f *float32) string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf("similarity %.3f", *f)
}

// marked shows where two texts differ: by the longest common subsequence of their tokens, which are words and, in
// scripts without spaces, characters. The texts are short (schema.SampleChars), so the plain table will do.
func marked(a, b string) (left, right []reportSpan) {
	x, y := reportTokens(a), reportTokens(b)
	if len(x) == 0 || len(y) == 0 {
		return spanOf(a, false), spanOf(b, false)
	}
	// Numbers for tokens: equal for equal ones.
	numbers := map[string]uint16{}
	number := func(tokens []string) []uint16 {
		out := make([]uint16, len(tokens))
		for i, t := range tokens {
			n, ok := numbers[t]
			if !ok {
				n = uint16(len(numbers))
				numbers[t] = n
			}
			out[i] = n
		}
		return out
	}
	p, q := number(x), number(y)
	width := len(y) + 1
	lcs := make([]uint16, (len(x)+1)*width)
	for i := len(x) - 1; i >= 0; i-- {
		here, below := lcs[i*width:][:width], lcs[(i+1)*width:][:width]
		for j := len(q) - 1; j >= 0; j-- {
			if p[i] == q[j] {
				here[j] = below[j+1] + 1
			} else {
				here[j] = max(below[j], here[j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			left, right = appendSpan(left, x[i], false), appendSpan(right, y[j], false)
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && lcs[(i+1)*width+j] >= lcs[i*width+j+1]:
			left = appendSpan(left, x[i], true)
			i++
		default:
			right = appendSpan(right, y[j], true)
			j++
		}
	}
	return left, right
}

// openEnd takes the mark from the end of a text where the other one is cut: what is there may follow in it.
func openEnd(spans []reportSpan, otherCut bool) []reportSpan {
	if n := len(spans); otherCut && n > 1 {
		spans[n-1].Only = false
	}
	return spans
}

func spanOf(s string, only bool) []reportSpan {
	if s == "" {
		return nil
	}
	return []reportSpan{{s, only}}
}

func appendSpan(list []reportSpan, s string, only bool) []reportSpan {
	if n := len(list); n > 0 && list[n-1].Only == only {
		list[n-1].Text += s
		return list
	}
	return append(list, reportSpan{s, only})
}

// reportTokens parts a text into words with the space behind them, and single characters beyond the alphabetic scripts.
func reportTokens(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if r >= 0x2e80 || strings.ContainsRune(" \n", r) {
			if start < i {
				out = append(out, s[start:i])
			}
			start = i + len(string(r))
			out = append(out, s[i:start])
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

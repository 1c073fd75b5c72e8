package writers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"broadsheet/corpus/weburl"
	"broadsheet/schema"
)

// Card is README.md, the dataset card: YAML for the hub's loaders, which check it against the files, and prose for
// people. It names the Parquet files only: a loader picks one reader for a card. All of it comes from the manifest and
// from r, so that the same build writes the same card.
func Card(m *schema.Manifest, r Release) []byte {
	format, _ := FormatNamed("parquet")
	if !writes(m, format.Name) {
		format, _ = FormatNamed("jsonl")
	}
	var b bytes.Buffer
	cardYAML(&b, m, r, format, format.Folder+"/")
	cardProse(&b, m, r, format)
	return b.Bytes()
}

// JSONLCard is jsonl/README.md: the same rows as lines, with the types that lines do not have. It works where the
// folder is loaded or published alone.
func JSONLCard(m *schema.Manifest, r Release) []byte {
	format, _ := FormatNamed("jsonl")
	var b bytes.Buffer
	cardYAML(&b, m, r, format, "")
	fmt.Fprintf(&b, "\n# %s, as JSON lines\n\n", title(m))
	rows := "The rows"
	if writes(m, "parquet") {
		rows = "The same rows as in `../data`"
	}
	b.WriteString(rows + ", one JSON object a line, every key on every line, compressed with zstd.\n\n")
	columnTable(&b, m)
	b.WriteString("\n```python\nfrom datasets import load_dataset\n\nload_dataset(\"jsonl\")          # this folder; needs the package zstandard\n```\n")
	return b.Bytes()
}

func writes(m *schema.Manifest, format string) bool {
	return slices.ContainsFunc(m.Files, func(f schema.File) bool { return f.Split != "" && f.Format == format })
}

func title(m *schema.Manifest) string {
	if m.Name == "" {
		return "A collection of articles"
	}
	return markdown(m.Name)
}

// quoted is s as a YAML string: a JSON string, in which the characters that JSON has and YAML has not are escaped too.
func quoted(s string) string {
	j, err := json.Marshal(strings.ToValidUTF8(s, "\ufffd"))
	if err != nil {
		panic("writers: a string has no JSON form: " + err.Error())
	}
	var b strings.Builder
	for _, r := range string(j) {
		if r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// sizeCategory is the hub's name for the order of magnitude of n.
func sizeCategory(n int64) string {
	names := []string{"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B", "10B<n<100B", "100B<n<1T", "n>1T"}
	limit := int64(1000)
	for _, name := range names[:len(names)-1] {
		if n < limit {
			return name
		}
		limit *= 10
	}
	return names[len(names)-1]
}

// license is a licence that the hub knows.
type license struct{ hub, spdx string }

// licenses are the hub's names, as of its documentation of 2026, with the SPDX identifiers that they stand for.
func licenses() []license {
	return []license{
		{"apache-2.0", "Apache-2.0"}, {"mit", "MIT"}, {"bsd-2-clause", "BSD-2-Clause"}, {"bsd-3-clause", "BSD-3-Clause"},
		{"cc0-1.0", "CC0-1.0"}, {"cc-by-2.0", "CC-BY-2.0"}, {"cc-by-2.5", "CC-BY-2.5"}, {"cc-by-3.0", "CC-BY-3.0"},
		{"cc-by-4.0", "CC-BY-4.0"}, {"cc-by-sa-3.0", "CC-BY-SA-3.0"}, {"cc-by-sa-4.0", "CC-BY-SA-4.0"},
		{"cc-by-nc-2.0", "CC-BY-NC-2.0"}, {"cc-by-nc-3.0", "CC-BY-NC-3.0"}, {"cc-by-nc-4.0", "CC-BY-NC-4.0"},
		{"cc-by-nd-4.0", "CC-BY-ND-4.0"}, {"cc-by-nc-nd-3.0", "CC-BY-NC-ND-3.0"}, {"cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0"},
		{"cc-by-nc-sa-2.0", "CC-BY-NC-SA-2.0"}, {"cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0"}, {"cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"},
		{"cdla-sharing-1.0", "CDLA-Sharing-1.0"}, {"cdla-permissive-1.0", "CDLA-Permissive-1.0"},
		{"cdla-permissive-2.0", "CDLA-Permissive-2.0"}, {"gfdl", "GFDL-1.3-or-later"}, {"gpl-2.0", "GPL-2.0-only"},
		{"gpl-3.0", "GPL-3.0-only"}, {"agpl-3.0", "AGPL-3.0-only"}, {"lgpl-3.0", "LGPL-3.0-only"}, {"mpl-2.0", "MPL-2.0"},
		{"odbl", "ODbL-1.0"}, {"odc-by", "ODC-By-1.0"}, {"pddl", "PDDL-1.0"}, {"unlicense", "Unlicense"},
	}
}

// licenseNamed finds a licence by either of its names, in any case; the GNU ones also where later versions are allowed.
func licenseNamed(s string) (license, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, l := range licenses() {
		spdx := strings.ToLower(l.spdx)
		if s == l.hub || s == spdx {
			return l, true
		}
		if later := strings.TrimSuffix(spdx, "-only") + "-or-later"; s == later {
			return license{l.hub, strings.TrimSuffix(l.spdx, "-only") + "-or-later"}, true
		}
	}
	return license{}, false
}

// licenseYAML writes the licence as the hub wants it: one of its own names, or "other" with a name in its form (lower
// case, digits, dots and dashes) and a link.
func licenseYAML(b *bytes.Buffer, stated, link string) {
	if l, ok := licenseNamed(stated); ok {
		fmt.Fprintf(b, "license: %s\n", l.hub)
		return
	}
	if strings.TrimSpace(stated) == "" {
		b.WriteString("license: unknown\n")
		return
	}
	slug := strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(stated), "-"), "-.")
	fmt.Fprintf(b, "license: other\nlicense_name: %s\n", quoted(cmp.Or(slug, "stated-in-the-card")))
	if link != "" {
		fmt.Fprintf(b, "license_link: %s\n", quoted(link))
	}
}

var notInSlug = regexp.MustCompile(`[^a-z0-9.]+`)

// cardYAML writes the head of a card. Patterns are relative to the card, so prefix is the folder of the shards or empty.
func cardYAML(b *bytes.Buffer, m *schema.Manifest, r Release, f Format, prefix string) {
	b.WriteString("---\n")
	fmt.Fprintf(b, "pretty_name: %s\n", quoted(cmp.Or(m.Name, "A collection of articles")))
	licenseYAML(b, m.License, r.LicenseURL)
	var primary, full []string
	for _, tag := range m.Language {
		if tag == "und" || tag == "" {
			continue
		}
		full = append(full, tag)
		if p, _, _ := strings.Cut(tag, "-"); !slices.Contains(primary, p) {
			primary = append(primary, p)
		}
	}
	slices.Sort(primary)
	slices.Sort(full)
	list := func(name string, values []string) {
		if len(values) == 0 {
			return
		}
		fmt.Fprintf(b, "%s:\n", name)
		for _, v := range values {
			fmt.Fprintf(b, "- %s\n", quoted(v)) // quoted: a bare no is false, and Norwegian
		}
	}
	list("language", primary)
	list("language_bcp47", full)
	fmt.Fprintf(b, "size_categories:\n- %s\n", sizeCategory(m.Totals.Documents))
	b.WriteString("task_categories:\n- text-generation\n")
	if m.Totals.Documents > 0 {
		b.WriteString("configs:\n- config_name: default\n  data_files:\n")
		for _, s := range m.Splits {
			fmt.Fprintf(b, "  - split: %s\n    path: %s\n", s.Name, quoted(prefix+s.Name+"-*"+f.Ext))
		}
		b.WriteString("dataset_info:\n  features:\n")
		for _, c := range m.Columns {
			dtype, isList := c.Type.HuggingFace()
			key := "dtype"
			if isList {
				key = "list"
			}
			fmt.Fprintf(b, "  - name: %s\n    %s: %s\n", c.Name, key, dtype)
		}
		b.WriteString("  splits:\n")
		for _, s := range m.Splits {
			fmt.Fprintf(b, "  - name: %s\n    num_bytes: %d\n    num_examples: %d\n", s.Name, s.Bytes, s.Examples)
		}
		var download int64
		for _, x := range m.Files {
			if x.Split != "" && x.Format == f.Name {
				download += x.Bytes
			}
		}
		fmt.Fprintf(b, "  download_size: %d\n  dataset_size: %d\n", download, m.DatasetSize)
	}
	b.WriteString("---\n")
}

// markdown is s as one line of plain text in Markdown and in its tables: nothing in it is taken for markup, HTML or the
// end of a cell, and no character changes the direction of what follows. The secrets of URLs are left out.
func markdown(s string) string { return plainMarkdown(s, 100) }

// markdownText is the same for a text of any length.
func markdownText(s string) string { return plainMarkdown(s, math.MaxInt) }

// plainMarkdown is the text cut to the longest number of characters.
func plainMarkdown(s string, longest int) string {
	var b strings.Builder
	n := 0
	for _, r := range weburl.Redact(s) {
		if n++; n > longest {
			b.WriteString("…")
			break
		}
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]()#+!|~>$", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func columnTable(b *bytes.Buffer, m *schema.Manifest) {
	b.WriteString("| column | type | null | meaning |\n|---|---|---|---|\n")
	for _, c := range m.Columns {
		null := ""
		if c.Nullable {
			null = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", c.Name, strings.ReplaceAll(string(c.Type), "<", "&lt;"), null, c.Description)
	}
}

// Grouped is n with a mark between groups of three digits.
func Grouped(n int64, mark string) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

func grouped(n int64) string { return Grouped(n, ",") }

func percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// cardNames is how many languages, sources and domains the card shows; the manifest has more.
const cardNames = 20

func cardProse(b *bytes.Buffer, m *schema.Manifest, r Release, f Format) {
	t := m.Totals
	fmt.Fprintf(b, "\n# %s\n\n", title(m))
	if r.Description != "" {
		fmt.Fprintf(b, "%s\n\n", strings.TrimSpace(r.Description))
	}
	fmt.Fprintf(b, "%s articles with %s characters of clean text and their metadata", grouped(t.Documents), grouped(t.Chars))
	if t.Earliest != nil {
		fmt.Fprintf(b, ", published from %s to %s", t.Earliest.String()[:10], t.Latest.String()[:10])
	}
	fmt.Fprintf(b, ". Made by %s %s from %s input files; everything below is counted, not estimated.\n", markdown(m.Tool.Name), markdown(m.Tool.Version), grouped(m.Input.Files))
	about := func(what string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			fmt.Fprintf(b, "- %s: %s\n", what, markdownText(strings.Join(values, ", ")))
		}
	}
	b.WriteByte('\n')
	about("Made by", append(names(r.Creator), names(r.Authors)...)...)
	about("Version", r.Version)
	about("Published", r.DatePublished)
	about("Licence", m.License)
	for _, a := range []struct{ what, url string }{{"Address", r.URL}, {"The licence's text", r.LicenseURL}} {
		if a.url != "" && urlFault(a.url) == "" {
			fmt.Fprintf(b, "- %s: <%s>\n", a.what, a.url)
		}
	}
	if p := strings.TrimSpace(r.Prose); p != "" {
		fmt.Fprintf(b, "\n%s\n", p)
	}

	b.WriteString("\n## How to load it\n\n```python\nfrom datasets import load_dataset\n\nload_dataset(\"DIR\")            # DIR is this folder; streaming=True reads as it goes\n```\n\n")
	if f.Name == "parquet" {
		b.WriteString("```python\nimport pandas as pd\n\npd.read_parquet(\"DIR/data\", columns=[\"id\", \"created\", \"title\", \"text\"])\n```\n\n```sql\nSET TimeZone='UTC';  -- DuckDB shows times in the zone of the machine otherwise\nSELECT language, count(*), sum(chars) FROM 'DIR/data/*.parquet' GROUP BY ALL ORDER BY 2 DESC;\n```\n\n")
	}
	b.WriteString("`sha256sum -c SHA256SUMS` checks every file; `broadsheet verify DIR` checks every row as well.\n")

	b.WriteString("\n## Columns\n\n")
	columnTable(b, m)

	if r.Collection != "" {
		fmt.Fprintf(b, "\n## How it was collected\n\n%s\n", r.Collection)
	}

	b.WriteString("\n## What became of the input\n\n")
	o := m.Outcomes
	b.WriteString("| outcome | units | share |\n|---|--:|--:|\n")
	for _, x := range []struct {
		v schema.Verdict
		n int64
	}{{schema.Kept, o.Kept}, {schema.Duplicate, o.Duplicate}, {schema.Filtered, o.Filtered}, {schema.Rejected, o.Rejected}, {schema.Skipped, o.Skipped}} {
		fmt.Fprintf(b, "| %s | %s | %s |\n", x.v, grouped(x.n), percent(x.n, o.Units))
	}
	fmt.Fprintf(b, "| all | %s | |\n\n", grouped(o.Units))
	if len(o.Reasons) > 0 {
		docs := map[schema.Reason]string{}
		var order []schema.Reason
		for _, d := range schema.Reasons() {
			docs[d.Reason] = d.Doc
			order = append(order, d.Reason)
		}
		var extra []schema.Reason
		for reason := range o.Reasons {
			if docs[reason] == "" {
				extra = append(extra, reason)
			}
		}
		slices.Sort(extra)
		b.WriteString("| reason | units | meaning |\n|---|--:|---|\n")
		for _, reason := range append(order, extra...) {
			if n := o.Reasons[reason]; n > 0 {
				fmt.Fprintf(b, "| `%s` | %s | %s |\n", reason, grouped(n), cmp.Or(docs[reason], "a filter that was asked for"))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("`audit/outcomes-*.parquet` has a row for every input unit, with the reason and, for a duplicate, the document that stands for it.\n")
	if slices.ContainsFunc(m.Files, func(f schema.File) bool { return strings.HasPrefix(f.Path, "audit/signals-") }) {
		b.WriteString("`audit/signals-*.parquet` has the quality signals of every document, by `id`.\n")
	}

	b.WriteString("\n## How it was processed\n\n")
	texts, documents := steps(m)
	for _, step := range append(texts, documents...) {
		fmt.Fprintf(b, "- %s\n", markdownText(step))
	}
	b.WriteString("\nThe settings in effect:\n\n| setting | value |\n|---|---|\n")
	for _, s := range m.Config.Effective {
		if s.Name == "release" { // is what this card says
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", markdownCode(s.Name), markdown(string(s.Value)))
	}
	masked := maskedText(m)
	if masked != "" {
		fmt.Fprintf(b, "\nPersonal data was masked in the documents that the build kept: %s. Names and postal addresses were not looked for.\n", masked)
	}

	counts := func(heading, what, column string, values []schema.Count, distinct int64) {
		if distinct > schema.MaxDistinct {
			fmt.Fprintf(b, "\n## %s\n\nMore than %s; they are not told apart here. This counts them:\n\n```sql\nSELECT %s, count(*), sum(chars) FROM 'DIR/%s/*%s' GROUP BY ALL ORDER BY 2 DESC LIMIT 1000;\n```\n",
				heading, grouped(schema.MaxDistinct), column, f.Folder, f.Ext)
			return
		}
		if len(values) == 0 {
			return
		}
		fmt.Fprintf(b, "\n## %s\n\n| %s | documents | share | characters |\n|---|--:|--:|--:|\n", heading, what)
		for i, c := range values {
			if i == cardNames {
				break
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", markdown(c.Value), grouped(c.Documents), percent(c.Documents, t.Documents), grouped(c.Chars))
		}
		if n := distinct - cardNames; n > 0 {
			fmt.Fprintf(b, "\nAnd %s more; `manifest.json` has the first %d.\n", grouped(n), schema.TopValues)
		}
	}
	counts("Languages", "language", "language", t.Language, int64(len(t.Language)))
	counts("Sources", "source", "source", t.Source.Values, t.Source.Distinct)
	counts("Domains", "domain", "domain", t.Domain.Values, t.Domain.Distinct)
	counts("Licences of the articles", "licence", "license", t.License.Values, t.License.Distinct)

	b.WriteString("\n## Lengths\n\n| characters | documents |\n|---|--:|\n")
	for i, n := range t.Length.Counts {
		if n == 0 {
			continue
		}
		upper := "or more"
		if i+1 < len(t.Length.Edges) {
			upper = "to " + grouped(t.Length.Edges[i+1]-1)
		}
		fmt.Fprintf(b, "| %s %s | %s |\n", grouped(t.Length.Edges[i]), upper, grouped(n))
	}

	b.WriteString("\n## Known limits\n\n")
	for _, c := range t.Missing {
		if c.Documents > 0 && c.Value != "extra" {
			fmt.Fprintf(b, "- `%s` is not known for %s documents (%s).\n", c.Value, grouped(c.Documents), percent(c.Documents, t.Documents))
		}
	}
	b.WriteString("- Languages and dates are found by rules and can be wrong; `language_score`, `created_precision` and `created_from` say how sure they are.\n")
	if masked == "" {
		b.WriteString("- Personal data that the articles hold is in the text as it was published.\n")
	}
	for _, w := range m.Warnings {
		fmt.Fprintf(b, "- %s\n", markdown(w))
	}
	section := func(heading, text string) {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(b, "\n## %s\n\n%s\n", heading, text)
		}
	}
	section("Limitations", r.Limitations)
	section("Biases", r.Biases)
	section("Personal and sensitive information", r.Sensitive)
	section("Uses", r.Uses)
	section("Social impact", r.SocialImpact)
	section("Maintenance", r.Maintenance)
	if r.Synthetic == "yes" {
		section("Texts made by machines", "The dataset holds texts that a machine wrote.")
	}
	b.WriteString("\n## How to cite it\n\n")
	if c := strings.TrimSpace(r.Citation); c != "" {
		fmt.Fprintf(b, "```\n%s\n```\n\n", strings.ReplaceAll(c, "```", "'''"))
	}
	fmt.Fprintf(b, "Content hash `%s`: equal for the same documents, however they lie in files.\n", m.ContentSHA256)
}

// markdownCode is s inside backticks.
func markdownCode(s string) string {
	return strings.NewReplacer("`", "'", "|", "/", "\n", " ").Replace(s)
}

// maskedText lists what was masked, by kind; empty where nothing was looked for.
func maskedText(m *schema.Manifest) string {
	var parts []string
	for _, stage := range m.Stages {
		for _, x := range []struct{ name, what string }{
			{"masked_email", "e-mail addresses"}, {"masked_ip", "IP addresses"}, {"masked_phone", "telephone numbers"}, {"masked_key", "keys"},
		} {
			var n int64
			if ok, err := stage.Stats.Get(x.name, &n); ok && err == nil {
				parts = append(parts, grouped(n)+" "+x.what)
			}
		}
	}
	return strings.Join(parts, ", ")
}

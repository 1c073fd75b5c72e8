package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v4"

	"broadsheet/corpus"
	"broadsheet/corpus/quality"
	"broadsheet/writers"
)

// options is a build as it was asked for: what changes the output (corpus.Config) and what does not.
type options struct {
	corpus.Config

	out          string
	base         string // the folder
	exclude      string // the file
	evaluation   string // the file given with --decontaminate
	rules        string // the file given with --boilerplate
	card         string
	release      writers.Release
	unreadable   threshold
	jobs         int
	memory       int64
	work         string
	dryRun       bool
	checkRelease bool
	force        bool
	quiet        bool
	progress     string
	origins      map[string]string // where the value of each setting comes from
	configFile   string
}

// threshold is a number of units, or a share of them.
type threshold struct {
	count   int64
	percent float64 // of all units, where isShare
	isShare bool
}

func (t threshold) exceeded(n, units int64) bool {
	if t.isShare {
		return float64(n) > t.percent/100*float64(units)
	}
	return n > t.count
}

// setting is one line of the table that the flags, the keys of broadsheet.yaml and their help are made from.
type setting struct {
	name     string
	value    string // the placeholder in the help; empty for a switch
	fallback string // the default, as it would be given
	usage    string
	set      func(o *options, v string) error
	flagOnly bool // not a key of the configuration file
	group    string
}

const (
	groupOutput  = "Output"
	groupText    = "Text and duplicates"
	groupLimits  = "Units and limits"
	groupRelease = "Publishing"
	groupConfig  = "Settings"
	groupRun     = "Running (never changes the output)"
)

func buildSettings() []setting {
	d := corpus.Defaults()
	return []setting{
		{"out", "DIR", "", "the dataset to write", func(o *options, v string) error { o.out = v; return nil }, false, groupOutput},
		{"formats", "LIST", strings.Join(d.Formats, ","), "formats to write, of " + formatNames(), setFormats, false, groupOutput},
		{"shard-size", "SIZE", formatSize(d.ShardSize), "bytes of the rows of a shard, uncompressed", sizeOf(func(o *options) *int64 { return &o.ShardSize }, 1), false, groupOutput},
		{"split", "PARTS", "", "parts by hash of the document, as train=0.98,validation=0.01,test=0.01; copies never straddle parts", setSplit, false, groupOutput},
		{"split-by", "DAYS", "", "parts by time, as created:2024-01-01 (train before, test from then on) or with two days (train, validation, test)", textOf(func(o *options) *string { return &o.SplitBy }), false, groupOutput},
		{"order", "ORDER", d.Order, "path, or shuffle:SEED, which training wants", textOf(func(o *options) *string { return &o.Order }), false, groupOutput},
		{"signals", "", "", "write the quality signals of every document to audit/signals, by id", switchOf(func(o *options) *bool { return &o.Signals }), false, groupOutput},
		{"keep-dropped", "", "", "write the texts of what was not kept to audit/dropped, too", switchOf(func(o *options) *bool { return &o.KeepDropped }), false, groupOutput},
		{"force", "", "", "replace the dataset at DIR, at the end and in one step", switchOf(func(o *options) *bool { return &o.force }), true, groupOutput},

		{"dedupe", "MODE", string(d.Dedupe), "none, mark (keep all, record what near would do), exact, or near", oneOf(func(o *options, v string) { o.Dedupe = corpus.Dedupe(v) }, "none", "mark", "exact", "near"), false, groupText},
		{"keep", "WHICH", string(d.Keep), "which of several duplicates stays: best, newest or earliest", oneOf(func(o *options, v string) { o.Keep = corpus.Keep(v) }, "best", "newest", "earliest"), false, groupText},
		{"boilerplate", "WHAT", d.Boilerplate, "text that repeats within a source: learn it, leave it (off), or use the FILE that an earlier build wrote (audit/boilerplate-00000.parquet)", setBoilerplate, false, groupText},
		{"base", "DIR", "", "an earlier dataset: what it has is not written again, and its rules for repeated text apply; load both folders together", textOf(func(o *options) *string { return &o.base }), false, groupText},
		{"exclude", "FILE", "", "ids, URLs, hosts and URL prefixes (ending in /*), one a line, that must not be in; their copies go too", textOf(func(o *options) *string { return &o.exclude }), false, groupText},
		{"decontaminate", "FILE", "", "evaluation texts, one a line, or JSON or JSONL of which every string counts: documents that share a long run of words with one are dropped", textOf(func(o *options) *string { return &o.evaluation }), false, groupText},
		{"ngram-words", "N", strconv.Itoa(d.NgramWords), "words of such a run", numberOf(func(o *options) *int { return &o.NgramWords }), false, groupText},
		{"ngram-chars", "N", strconv.Itoa(d.NgramChars), "characters of such a run in scripts without spaces", numberOf(func(o *options) *int { return &o.NgramChars }), false, groupText},
		{"filter", "LIST", "", "published quality filters, of " + presetNames() + ": documents that break a rule are dropped", setFilter, false, groupText},
		{"pii", "WHAT", string(d.PII), "personal data (e-mail and public IP addresses, telephone numbers, keys): off, or mask it", oneOf(func(o *options, v string) { o.PII = corpus.PII(v) }, "off", "mask"), false, groupText},
		{"min-chars", "N", strconv.Itoa(d.MinChars), "shorter texts are too_short", numberOf(func(o *options) *int { return &o.MinChars }), false, groupText},

		{"max-unit", "SIZE", formatSize(d.MaxUnit), "larger units, decompressed, are too_large; a line of JSONL counts for itself", sizeOf(func(o *options) *int64 { return &o.MaxUnit }, 1), false, groupLimits},
		{"max-text", "SIZE", formatSize(d.MaxText), "longer texts are too_large: readers of JSONL break beyond 32 MiB", sizeOf(func(o *options) *int64 { return &o.MaxText }, 1), false, groupLimits},
		{"max-nodes", "N", strconv.Itoa(d.MaxNodes), "elements and texts of the tree of a page; the rest of the page is read as plain text", budgetOf(func(o *options) *int { return &o.MaxNodes }), false, groupLimits},
		{"max-depth", "N", strconv.Itoa(d.MaxDepth), "elements of a page that are open at once; deeper ones are read as siblings", budgetOf(func(o *options) *int { return &o.MaxDepth }), false, groupLimits},
		{"max-attributes", "N", strconv.Itoa(d.MaxAttrs), "attributes of one element of a page that are read", budgetOf(func(o *options) *int { return &o.MaxAttrs }), false, groupLimits},
		{"max-unreadable", "N|P%", "0", "more unreadable inputs than this end with exit code 3; the dataset is written all the same", setUnreadable, false, groupLimits},

		{"name", "NAME", "", "name of the dataset in its card and manifest (default: that of the input)", textOf(func(o *options) *string { return &o.Name }), false, groupRelease},
		{"license", "ID", "", "licence of the dataset as a whole, an SPDX id where there is one", textOf(func(o *options) *string { return &o.License }), false, groupRelease},
		{"card", "FILE", "", "Markdown in the dataset's own words, taken over into its card", textOf(func(o *options) *string { return &o.card }), false, groupRelease},
		{"release", "KEY=VALUE", "", "what only a person can say, as version=1.2.0, any number of times; in the file of --config the keys below release: " + factNames(), setRelease, false, groupRelease},
		{"check-release", "", "", "build only what can be published: say which of these facts are missing or placeholders and end with 2; with --dry-run nothing but the check", switchOf(func(o *options) *bool { return &o.checkRelease }), true, groupRelease},

		{"config", "FILE", "", "read settings from FILE; flags override it", textOf(func(o *options) *string { return &o.configFile }), true, groupConfig},
		{"dry-run", "", "", "say what would be read, the disk it needs, and the settings in effect; write nothing", switchOf(func(o *options) *bool { return &o.dryRun }), true, groupConfig},

		{"jobs", "N", "cores", "units worked on at once", setJobs, false, groupRun},
		{"memory", "SIZE", formatSize(defaultMemory), "bound of the whole process; what does not fit lies in the work folder", setMemory, false, groupRun},
		{"work", "DIR", "", "folder for what grows with the input, kept for the next run; without it DIR.work, which is removed at success", textOf(func(o *options) *string { return &o.work }), false, groupRun},
		{"quiet", "", "", "no progress and no summary", switchOf(func(o *options) *bool { return &o.quiet }), true, groupRun},
		{"progress", "HOW", "auto", "auto, bar, plain (a line every ten seconds), or json", oneOf(func(o *options, v string) { o.progress = v }, "auto", "bar", "plain", "json"), true, groupRun},
	}
}

func formatNames() string {
	var names []string
	for _, f := range writers.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func textOf(field func(*options) *string) func(*options, string) error {
	return func(o *options, v string) error { *field(o) = v; return nil }
}

// factKey is the name of a fact as people write it.
func factKey(f writers.Fact) string { return strings.ReplaceAll(f.Name, "_", "-") }

func factNames() string {
	var names []string
	for _, f := range writers.Facts() {
		names = append(names, factKey(f))
	}
	return strings.Join(names, ", ")
}

// setRelease takes one fact as key=value.
func setRelease(o *options, v string) error {
	key, value, ok := strings.Cut(v, "=")
	if !ok {
		return fmt.Errorf("%q is not KEY=VALUE, as version=1.2.0", v)
	}
	if !o.release.Set(strings.ReplaceAll(key, "-", "_"), value) {
		var keys []string
		for _, f := range writers.Facts() {
			keys = append(keys, factKey(f))
		}
		if near := nearest(key, keys); near != "" {
			return fmt.Errorf("there is no key %q; did you mean %q?", key, near)
		}
		return fmt.Errorf("there is no key %q; there are %s", key, factNames())
	}
	return nil
}

func switchOf(field func(*options) *bool) func(*options, string) error {
	return func(o *options, v string) (err error) {
		if *field(o), err = strconv.ParseBool(v); err != nil {
			return fmt.Errorf("%q is neither true nor false", v)
		}
		return nil
	}
}

func numberOf(field func(*options) *int) func(*options, string) error {
	return func(o *options, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return fmt.Errorf("%q is not a number of 0 or more", v)
		}
		*field(o) = n
		return nil
	}
}

// budgetOf is a number of which there must be one at least.
func budgetOf(field func(*options) *int) func(*options, string) error {
	return func(o *options, v string) error {
		n, err := strconv.ParseInt(v, 10, 32)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is not a number of 1 or more", v)
		}
		*field(o) = int(n)
		return nil
	}
}

func sizeOf(field func(*options) *int64, least int64) func(*options, string) error {
	return func(o *options, v string) error {
		n, err := parseSize(v)
		if err != nil {
			return err
		}
		if n < least {
			return fmt.Errorf("%s is less than %s", v, formatSize(least))
		}
		*field(o) = n
		return nil
	}
}

// defaultMemory is the value of --memory of the commands that bound the whole process by it, bytes.
const defaultMemory = 1 << 30

var setMemory = sizeOf(func(o *options) *int64 { return &o.memory }, 64<<20)

func oneOf(set func(*options, string), values ...string) func(*options, string) error {
	return func(o *options, v string) error {
		if !slices.Contains(values, v) {
			if near := nearest(v, values); near != "" {
				return fmt.Errorf("%q is not one of %s; did you mean %s?", v, strings.Join(values, ", "), near)
			}
			return fmt.Errorf("%q is not one of %s", v, strings.Join(values, ", "))
		}
		set(o, v)
		return nil
	}
}

func setFormats(o *options, v string) error {
	o.Formats = nil
	for name := range strings.SplitSeq(v, ",") {
		name = strings.TrimSpace(name)
		if _, ok := writers.FormatNamed(name); !ok {
			return fmt.Errorf("there is no format %q; there are %s", name, formatNames())
		}
		if !slices.Contains(o.Formats, name) {
			o.Formats = append(o.Formats, name)
		}
	}
	slices.Sort(o.Formats)
	return nil
}

func presetNames() string {
	var names []string
	for _, p := range quality.Presets() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// setFilter takes presets in the order of their table, however they were given: the first rule that is broken is the
// reason, and it is the same for the same set.
func setFilter(o *options, v string) error {
	o.Filter = nil
	asked := strings.Split(v, ",")
	for i := range asked {
		asked[i] = strings.TrimSpace(asked[i])
		if _, ok := quality.PresetNamed(asked[i]); !ok && asked[i] != "" {
			if near := nearest(asked[i], strings.Split(presetNames(), ", ")); near != "" {
				return fmt.Errorf("there is no filter %q; did you mean %s?", asked[i], near)
			}
			return fmt.Errorf("there is no filter %q; there are %s", asked[i], presetNames())
		}
	}
	for _, p := range quality.Presets() {
		if slices.Contains(asked, p.Name) {
			o.Filter = append(o.Filter, p.Name)
		}
	}
	return nil
}

func setSplit(o *options, v string) error {
	o.Split = nil
	for part := range strings.SplitSeq(v, ",") {
		name, share, ok := strings.Cut(part, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(share), 64)
		if !ok || err != nil {
			return fmt.Errorf("%q is not NAME=SHARE, as validation=0.01", part)
		}
		o.Split = append(o.Split, corpus.Share{Name: strings.TrimSpace(name), Share: n})
	}
	return nil
}

func setBoilerplate(o *options, v string) error {
	o.Boilerplate, o.rules = v, ""
	if v != "learn" && v != "off" {
		o.Boilerplate, o.rules = "rules", v
	}
	return nil
}

func setUnreadable(o *options, v string) error {
	share, isShare := strings.CutSuffix(v, "%")
	n, err := strconv.ParseFloat(share, 64)
	if err != nil || n < 0 || !isShare && n != float64(int64(n)) {
		return fmt.Errorf("%q is neither a number of units nor a share like 2%%", v)
	}
	o.unreadable = threshold{count: int64(n), percent: n, isShare: isShare}
	return nil
}

func setJobs(o *options, v string) error {
	if v == "cores" {
		o.jobs = 0
		return nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of 0 (all cores) or more", v)
	}
	o.jobs = n
	return nil
}

// flagsOf makes the flags of a command from the table.
func flagsOf(settings []setting) []cli.Flag {
	var flags []cli.Flag
	for _, s := range settings {
		if s.value == "" {
			flags = append(flags, switchFlag{&cli.BoolFlag{Name: s.name, Usage: s.usage, Category: s.group}})
			continue
		}
		if s.repeats() {
			flags = append(flags, listFlag{&cli.StringSliceFlag{Name: s.name, Usage: s.usage, Category: s.group}, s.value})
			continue
		}
		flags = append(flags, valueFlag{&cli.StringFlag{Name: s.name, Usage: s.usage, DefaultText: s.fallback, Category: s.group}, s.value})
	}
	return flags
}

// repeats is true of a setting that can be given several times, for one part of it each time.
func (s setting) repeats() bool { return s.value == "KEY=VALUE" }

// valueFlag, listFlag and switchFlag say themselves in the help as people write them.
type (
	valueFlag struct {
		*cli.StringFlag
		value string
	}
	listFlag struct {
		*cli.StringSliceFlag
		value string
	}
	switchFlag struct{ *cli.BoolFlag }
)

func (f valueFlag) String() string {
	text := "--" + f.Name + " " + f.value + "\t" + f.Usage
	if f.DefaultText != "" {
		text += " (default: " + f.DefaultText + ")"
	}
	return text
}

func (f listFlag) String() string { return "--" + f.Name + " " + f.value + "\t" + f.Usage }

func (f switchFlag) String() string { return "--" + f.Name + "\t" + f.Usage }

// resolve makes options of defaults, the configuration file and the flags, in this order.
func resolve(c *cli.Context, settings []setting) (options, error) {
	o := options{Config: corpus.Defaults(), memory: defaultMemory, progress: "auto", origins: map[string]string{}}
	for _, s := range settings {
		o.origins[s.name] = "default"
	}
	if name := c.String("config"); name != "" {
		if err := o.file(name); err != nil {
			return o, err
		}
	}
	for _, s := range settings {
		if !c.IsSet(s.name) {
			continue
		}
		if s.repeats() {
			for _, v := range c.StringSlice(s.name) {
				if err := s.set(&o, v); err != nil {
					return o, usage("--%s: %s", s.name, err)
				}
				key, _, _ := strings.Cut(v, "=")
				o.origins[s.name+"."+key] = "flag"
			}
			continue
		}
		v := c.String(s.name)
		if s.value == "" {
			v = strconv.FormatBool(c.Bool(s.name))
		}
		if v == "" {
			return o, usage("--%s is empty", s.name)
		}
		if err := s.set(&o, v); err != nil {
			return o, usage("--%s: %s", s.name, err)
		}
		o.origins[s.name] = "flag"
	}
	if err := corpus.CheckSplits(o.Config); err != nil {
		return o, usage("%s", err)
	}
	return o, nil
}

// maxConfig is the size of the largest configuration file, bytes.
const maxConfig = 1 << 20

// file reads a configuration file. Unknown keys are errors: a misspelt one would be a silent default.
func (o *options) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return usage("%s", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return usage("%s: %s", name, err)
	}
	if len(b) > maxConfig {
		return usage("%s: larger than %s", name, formatSize(maxConfig))
	}
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(b)).Decode(&doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return usage("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return usage("%s: not a map of settings to values", name)
	}
	if key := repeatedKey(doc.Content[0]); key != nil {
		return usage("%s:%d: %s is given twice", name, key.Line, key.Value)
	}
	settings := buildSettings() // one file serves all commands
	var keys []string
	for _, s := range settings {
		if !s.flagOnly {
			keys = append(keys, s.name)
		}
	}
	fields := doc.Content[0].Content
	for i := 0; i+1 < len(fields); i += 2 {
		key, value := fields[i], fields[i+1]
		at := slices.IndexFunc(settings, func(s setting) bool { return s.name == key.Value && !s.flagOnly })
		if at < 0 {
			if near := nearest(key.Value, keys); near != "" {
				return usage("%s:%d: there is no setting %q; did you mean %q?", name, key.Line, key.Value, near)
			}
			return usage("%s:%d: there is no setting %q; there are %s", name, key.Line, key.Value, strings.Join(keys, ", "))
		}
		if settings[at].repeats() {
			if err := o.fields(name, settings[at], value); err != nil {
				return err
			}
			continue
		}
		v := value.Value
		switch value.Kind {
		case yaml.ScalarNode:
		case yaml.SequenceNode:
			var parts []string
			for _, n := range value.Content {
				parts = append(parts, n.Value)
			}
			v = strings.Join(parts, ",")
		default:
			return usage("%s:%d: %s takes one value", name, value.Line, key.Value)
		}
		if err := settings[at].set(o, v); err != nil {
			return usage("%s:%d: %s: %s", name, value.Line, key.Value, err)
		}
		o.origins[key.Value] = fmt.Sprintf("%s:%d", name, key.Line)
	}
	return nil
}

// fields reads a map of the configuration file for a setting that is given part by part.
func (o *options) fields(name string, s setting, node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return usage("%s:%d: %s is a map of keys to values", name, node.Line, s.name)
	}
	if key := repeatedKey(node); key != nil {
		return usage("%s:%d: %s.%s is given twice", name, key.Line, s.name, key.Value)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		v := value.Value
		switch value.Kind {
		case yaml.ScalarNode:
			if value.Tag == "!!null" {
				continue
			}
		case yaml.SequenceNode:
			var parts []string
			for _, n := range value.Content {
				if n.Kind != yaml.ScalarNode {
					return usage("%s:%d: %s.%s takes a text or a list of texts", name, n.Line, s.name, key.Value)
				}
				parts = append(parts, n.Value)
			}
			v = listed(key.Value, parts)
		default:
			return usage("%s:%d: %s.%s takes a text or a list of texts", name, value.Line, s.name, key.Value)
		}
		if err := s.set(o, key.Value+"="+v); err != nil {
			return usage("%s:%d: %s: %s", name, key.Line, s.name, err)
		}
		o.origins[s.name+"."+key.Value] = fmt.Sprintf("%s:%d", name, key.Line)
	}
	return nil
}

// listed is a list of the configuration file as the text of a fact: names, or the lines of a Markdown list.
func listed(key string, parts []string) string {
	for _, f := range writers.Facts() {
		if factKey(f) == key && f.List {
			return strings.Join(parts, "; ")
		}
	}
	return "- " + strings.Join(parts, "\n- ")
}

// repeatedKey is the first key of a map that stands there a second time, or nil.
func repeatedKey(node *yaml.Node) *yaml.Node {
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if seen[key.Value] {
			return key
		}
		seen[key.Value] = true
	}
	return nil
}

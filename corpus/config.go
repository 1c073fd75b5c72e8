package corpus

import (
	"slices"

	"broadsheet/corpus/dom"
	"broadsheet/corpus/format"
	"broadsheet/schema"
)

// Config is what changes the output of a build. It is recorded in the manifest, defaults filled in; two builds of one
// input with one Config and one version of the tool write the same bytes.
type Config struct {
	Name    string          // of the dataset
	License string          // of the dataset as a whole: an SPDX id, or its owner's words
	Release schema.Settings // what only a person can say of it; see writers.Release

	Dedupe      Dedupe
	Keep        Keep
	Boilerplate string // "learn", "off", or "sha256:…" of the rules given

	Base          string // content hash of the earlier dataset; empty for none
	Exclude       string // hash of the list of what must not be in; empty for none
	Decontaminate string // hash of the evaluation texts; empty for none
	NgramWords    int    // words of a run that is too long to be shared with an evaluation text by chance
	NgramChars    int    // the same in characters, for scripts without spaces

	Filter  []string // names of quality.Presets, in their order: what breaks one of their rules is dropped
	PII     PII
	Signals bool // write the quality signals of every document, too

	MinChars int   // code points; shorter texts are too_short
	MaxUnit  int64 // bytes, decompressed; larger units are too_large
	MaxText  int64 // bytes of UTF-8; longer texts are too_large

	MaxNodes int // elements and texts of the tree of a page; the rest of it is read as plain text
	MaxDepth int // open elements; deeper ones become siblings
	MaxAttrs int // attributes of an element; further ones are dropped

	Split   []Share // parts of the dataset by hash; empty: all is "train"
	SplitBy string  // or by time: "created:2024-01-01", up to two days
	Order   string  // "path", or "shuffle:SEED"

	Formats     []string // names of writers.Formats, sorted
	ShardSize   int64    // bytes of the rows of a shard, uncompressed
	KeepDropped bool     // write the texts of what was not kept, too
}

// reading is what bounds the reading of a unit.
func (c Config) reading() format.Options {
	return format.Options{MaxUnit: c.MaxUnit, HTML: dom.Limits{MaxNodes: c.MaxNodes, MaxDepth: c.MaxDepth, MaxAttrs: c.MaxAttrs}}
}

// Share is one part of a dataset and how much of it.
type Share struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"` // of 1
}

// Dedupe says what is done about duplicates.
type Dedupe string

// The ways to treat duplicates.
const (
	DedupeNone  Dedupe = "none"  // nothing is compared
	DedupeMark  Dedupe = "mark"  // all are kept, and the outcomes say what near would have done
	DedupeExact Dedupe = "exact" // the same article by the identity rule
	DedupeNear  Dedupe = "near"  // and near-duplicates
)

// PII says what is done about personal data.
type PII string

// The ways to treat personal data.
const (
	PIIOff  PII = "off"  // nothing is looked for
	PIIMask PII = "mask" // package pii masks it in texts, titles, authors, tags and extra
)

// Keep says which document of a group stays.
type Keep string

// The survivors that can be asked for. Within one address the newest fetch always comes first.
const (
	KeepBest     Keep = "best"     // the most complete metadata, then the longest text, then the earliest
	KeepNewest   Keep = "newest"   // the latest created
	KeepEarliest Keep = "earliest" // the earliest created
)

// Defaults is the configuration of a build that asks for nothing.
func Defaults() Config {
	return Config{
		Dedupe: DedupeNear, Keep: KeepBest, Boilerplate: "learn", PII: PIIOff,
		NgramWords: 13, NgramChars: 40, Order: "path", MinChars: 1, MaxUnit: 64 << 20, MaxText: 16 << 20,
		MaxNodes: dom.DefaultNodes, MaxDepth: dom.DefaultDepth, MaxAttrs: dom.DefaultAttrs,
		Formats: []string{"jsonl", "parquet"}, ShardSize: 256 << 20,
	}
}

// Settings is the configuration as the manifest has it.
func (c Config) Settings() schema.Settings {
	var s schema.Settings
	s.Set("name", c.Name)
	s.Set("license", c.License)
	s.Set("dedupe", c.Dedupe)
	s.Set("keep", c.Keep)
	s.Set("boilerplate", c.Boilerplate)
	s.Set("base", c.Base)
	s.Set("exclude", c.Exclude)
	s.Set("decontaminate", c.Decontaminate)
	s.Set("ngram_words", c.NgramWords)
	s.Set("ngram_chars", c.NgramChars)
	s.Set("filter", nonNil(c.Filter))
	s.Set("pii", c.PII)
	s.Set("signals", c.Signals)
	s.Set("min_chars", c.MinChars)
	s.Set("max_unit", c.MaxUnit)
	s.Set("max_text", c.MaxText)
	s.Set("max_nodes", c.MaxNodes)
	s.Set("max_depth", c.MaxDepth)
	s.Set("max_attributes", c.MaxAttrs)
	s.Set("split", nonNil(c.Split))
	s.Set("split_by", c.SplitBy)
	s.Set("order", c.Order)
	s.Set("formats", slices.Sorted(slices.Values(c.Formats)))
	s.Set("shard_size", c.ShardSize)
	s.Set("keep_dropped", c.KeepDropped)
	s.Set("release", c.Release)
	return s
}

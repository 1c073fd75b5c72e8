// Package schema is what a dataset of broadsheet looks like to those who read it: the rows of its files, the words in
// its audit, its manifest. It imports nothing of ours, so that a reader of datasets needs this package alone.
//
// # Names
//
// A column, a reason and a manifest key keep their name and their meaning for ever. A column may be added, at the end,
// which raises [Version]; nothing is renamed. A string that a document lacks is empty here and null in every file: an
// empty title and no title are the same thing. A time or a number that is lacking is a nil pointer.
package schema

// Version is the version of the columns of all files of a dataset. It is in the manifest.
const Version = 1

// IdentityVersion is the version of the rule by which ids are made and articles are told to be the same.
const IdentityVersion = 1

// Document is a row of data/*.parquet and of jsonl/*.jsonl.zst. The fields are in the order of the columns;
// [DocumentColumns] describes them.
//
// The encodings are chosen by measurement: plain text compresses best in large pages, and everything else is left to the
// library. No column has a dictionary: it saves 0.03 % of a file after zstd, and the library's encoder of its indices
// gives other bytes on processors with AVX2 than on all others.
type Document struct {
	ID               string   `parquet:"id,plain" json:"id"`
	Text             string   `parquet:"text,plain" json:"text"`
	Title            string   `parquet:"title,optional,plain" json:"title"`
	URL              string   `parquet:"url,optional,plain" json:"url"`
	Source           string   `parquet:"source,optional,plain" json:"source"`
	Domain           string   `parquet:"domain,optional,plain" json:"domain"`
	Authors          []string `parquet:"authors,list" json:"authors"`
	Created          *Time    `parquet:"created,optional,timestamp(microsecond)" json:"created"`
	CreatedPrecision string   `parquet:"created_precision,optional,plain" json:"created_precision"`
	CreatedFrom      string   `parquet:"created_from,optional,plain" json:"created_from"`
	Added            *Time    `parquet:"added,optional,timestamp(microsecond)" json:"added"`
	Language         string   `parquet:"language,plain" json:"language"`
	LanguageScore    float32  `parquet:"language_score,plain" json:"language_score"`
	License          string   `parquet:"license,optional,plain" json:"license"`
	Tags             []string `parquet:"tags,list" json:"tags"`
	Chars            int32    `parquet:"chars,plain" json:"chars"`
	Words            int32    `parquet:"words,plain" json:"words"`
	Duplicates       int32    `parquet:"duplicates,plain" json:"duplicates"`
	Path             string   `parquet:"path,plain" json:"path"`
	Extra            string   `parquet:"extra,optional,plain" json:"extra"`
}

// Bytes is the size of the row in memory without compression: the UTF-8 bytes of its strings, an id counted as 32, and
// 4 or 8 for each number and time. Shards are planned by it, so it depends on nothing that judge decides.
func (d *Document) Bytes() int64 {
	n := 32 + len(d.Text) + len(d.Title) + len(d.URL) + len(d.Source) + len(d.Domain) + len(d.CreatedPrecision) +
		len(d.CreatedFrom) + len(d.Language) + len(d.License) + len(d.Path) + len(d.Extra) + 2*8 + 4*4
	for _, s := range d.Authors {
		n += len(s)
	}
	for _, s := range d.Tags {
		n += len(s)
	}
	return int64(n)
}

// Outcome is a row of audit/outcomes-*.parquet: what became of one input unit. [OutcomeColumns] describes the fields.
type Outcome struct {
	Path        string   `parquet:"path,plain" json:"path"`
	Outcome     Verdict  `parquet:"outcome,plain" json:"outcome"`
	Reason      Reason   `parquet:"reason,optional,plain" json:"reason"`
	Detail      string   `parquet:"detail,optional,plain" json:"detail"`
	ID          string   `parquet:"id,optional,plain" json:"id"`
	DuplicateOf string   `parquet:"duplicate_of,optional,plain" json:"duplicate_of"`
	Similarity  *float32 `parquet:"similarity,optional,plain" json:"similarity"`
	URL         string   `parquet:"url,optional,plain" json:"url"`
	Title       string   `parquet:"title,optional,plain" json:"title"`
	Created     *Time    `parquet:"created,optional,timestamp(microsecond)" json:"created"`
	CharsRead   int32    `parquet:"chars_read,plain" json:"chars_read"`
	CharsCut    int32    `parquet:"chars_cut,plain" json:"chars_cut"`
	Notes       []string `parquet:"notes,list" json:"notes"`
}

// Boilerplate is a row of audit/boilerplate-*.parquet: one thing learned from a collection. [BoilerplateColumns]
// describes the fields.
type Boilerplate struct {
	Kind   BoilerplateKind `parquet:"kind,plain" json:"kind"`
	Source string          `parquet:"source,optional,plain" json:"source"`
	Author string          `parquet:"author,optional,plain" json:"author"`
	Text   string          `parquet:"text,plain" json:"text"`
	Count  int64           `parquet:"count,plain" json:"count"`
}

// BoilerplateKind says what a [Boilerplate] row is about.
type BoilerplateKind string

// The kinds of learned things.
const (
	Block       BoilerplateKind = "block"        // a repeated paragraph
	Sentence    BoilerplateKind = "sentence"     // a repeated sentence inside a paragraph
	URL         BoilerplateKind = "url"          // a repeated bare URL
	Hashtag     BoilerplateKind = "hashtag"      // a repeated hashtag
	TitleSuffix BoilerplateKind = "title_suffix" // what a site adds to its titles
	DateOrder   BoilerplateKind = "date_order"   // whether numeric dates are day first or month first
)

// BoilerplateKinds lists every kind.
func BoilerplateKinds() []BoilerplateKind {
	return []BoilerplateKind{Block, Sentence, URL, Hashtag, TitleSuffix, DateOrder}
}

// Signals is a row of audit/signals-*.parquet: the quality signals of one document, written only where asked for.
// [SignalColumns] describes the fields.
type Signals struct {
	ID                      string  `parquet:"id,plain" json:"id"`
	Words                   float32 `parquet:"words,plain" json:"words"`
	MeanWordLength          float32 `parquet:"mean_word_length,plain" json:"mean_word_length"`
	HashRatio               float32 `parquet:"hash_ratio,plain" json:"hash_ratio"`
	EllipsisRatio           float32 `parquet:"ellipsis_ratio,plain" json:"ellipsis_ratio"`
	BulletLines             float32 `parquet:"bullet_lines,plain" json:"bullet_lines"`
	EllipsisLines           float32 `parquet:"ellipsis_lines,plain" json:"ellipsis_lines"`
	LetterWords             float32 `parquet:"letter_words,plain" json:"letter_words"`
	StopWords               float32 `parquet:"stop_words,plain" json:"stop_words"`
	DuplicateLines          float32 `parquet:"duplicate_lines,plain" json:"duplicate_lines"`
	DuplicateLineChars      float32 `parquet:"duplicate_line_chars,plain" json:"duplicate_line_chars"`
	DuplicateParagraphs     float32 `parquet:"duplicate_paragraphs,plain" json:"duplicate_paragraphs"`
	DuplicateParagraphChars float32 `parquet:"duplicate_paragraph_chars,plain" json:"duplicate_paragraph_chars"`
	Top2Gram                float32 `parquet:"top_2_gram,plain" json:"top_2_gram"`
	Top3Gram                float32 `parquet:"top_3_gram,plain" json:"top_3_gram"`
	Top4Gram                float32 `parquet:"top_4_gram,plain" json:"top_4_gram"`
	Duplicate5Grams         float32 `parquet:"duplicate_5_grams,plain" json:"duplicate_5_grams"`
	Duplicate6Grams         float32 `parquet:"duplicate_6_grams,plain" json:"duplicate_6_grams"`
	Duplicate7Grams         float32 `parquet:"duplicate_7_grams,plain" json:"duplicate_7_grams"`
	Duplicate8Grams         float32 `parquet:"duplicate_8_grams,plain" json:"duplicate_8_grams"`
	Duplicate9Grams         float32 `parquet:"duplicate_9_grams,plain" json:"duplicate_9_grams"`
	Duplicate10Grams        float32 `parquet:"duplicate_10_grams,plain" json:"duplicate_10_grams"`
	ClosedLines             float32 `parquet:"closed_lines,plain" json:"closed_lines"`
	ShortLines              float32 `parquet:"short_lines,plain" json:"short_lines"`
	LinesPerWord            float32 `parquet:"lines_per_word,plain" json:"lines_per_word"`
	ClosedSentences         float32 `parquet:"closed_sentences,plain" json:"closed_sentences"`
	LoremIpsum              float32 `parquet:"lorem_ipsum,plain" json:"lorem_ipsum"`
	CurlyBrackets           float32 `parquet:"curly_brackets,plain" json:"curly_brackets"`
}

// Dropped is a row of audit/dropped-*.parquet: the text of a unit that was read and not kept, written only where asked
// for. [DroppedColumns] describes the fields.
type Dropped struct {
	Path        string  `parquet:"path,plain" json:"path"`
	Outcome     Verdict `parquet:"outcome,plain" json:"outcome"`
	Reason      Reason  `parquet:"reason,plain" json:"reason"`
	ID          string  `parquet:"id,optional,plain" json:"id"`
	DuplicateOf string  `parquet:"duplicate_of,optional,plain" json:"duplicate_of"`
	Source      string  `parquet:"source,optional,plain" json:"source"`
	URL         string  `parquet:"url,optional,plain" json:"url"`
	Title       string  `parquet:"title,optional,plain" json:"title"`
	Text        string  `parquet:"text,plain" json:"text"`
}

package schema

// Type is the type of a column, as the manifest names it.
type Type string

// The types in use.
const (
	String    Type = "string"
	Strings   Type = "list<string>"
	Timestamp Type = "timestamp[us, UTC]"
	Float32   Type = "float32"
	Int32     Type = "int32"
	Int64     Type = "int64"
)

// Column describes one column of a file. The dataset card, the Croissant file and the manifest are made from these
// tables, and a test holds them against the struct tags.
type Column struct {
	Name        string `json:"name"`
	Type        Type   `json:"type"`
	Nullable    bool   `json:"nullable"`
	FreeText    bool   `json:"-"` // of any length: no statistics of its values in page headers and footers
	Description string `json:"description"`
}

// DocumentColumns describes the fields of [Document].
func DocumentColumns() []Column {
	return []Column{
		{"id", String, false, false, "32 hexadecimal digits made from the article alone; unique in the dataset"},
		{"text", String, false, true, "clean text: UTF-8, NFC, paragraphs separated by a blank line; never empty"},
		{"title", String, true, true, "title"},
		{"url", String, true, true, "canonical URL"},
		{"source", String, true, true, "where it was collected: the publisher, feed or channel that the input states, else the host of the URL"},
		{"domain", String, true, false, "registrable domain of the URL"},
		{"authors", Strings, false, true, "authors, in the order in which they are stated"},
		{"created", Timestamp, true, false, "when it was published; coarse dates are the start of their period in UTC"},
		{"created_precision", String, true, false, "second, minute, day, month or year"},
		{"created_from", String, true, false, "the evidence for created: epoch, front_matter, feed, json_ld, meta, url, body"},
		{"added", Timestamp, true, false, "when it was collected, where the input says so"},
		{"language", String, false, false, "BCP 47 tag, with the script where a language has two in use; und if undecided"},
		{"language_score", Float32, false, false, "0 to 1, three decimals"},
		{"license", String, true, true, "SPDX identifier or the text's own statement, where the input has one"},
		{"tags", Strings, false, true, "tags that the input states"},
		{"chars", Int32, false, false, "Unicode code points of text"},
		{"words", Int32, false, false, "words of text by UAX 29"},
		{"duplicates", Int32, false, false, "how many other inputs of the build this document stands for"},
		{"path", String, false, true, "the input unit"},
		{"extra", String, true, true, "JSON object of stated fields that have no column, keys sorted, values verbatim"},
	}
}

// OutcomeColumns describes the fields of [Outcome].
func OutcomeColumns() []Column {
	return []Column{
		{"path", String, false, true, "the input unit; the key of this table"},
		{"outcome", String, false, false, "kept, duplicate, filtered, rejected or skipped"},
		{"reason", String, true, false, "why it was not kept, one stable word; null when kept"},
		{"detail", String, true, true, "the reason in more words: the error, the rule and the value"},
		{"id", String, true, false, "the unit's own id, also for a duplicate; null where no document was read"},
		{"duplicate_of", String, true, false, "id of the kept document that stands for it"},
		{"similarity", Float32, true, false, "the similarity that was measured, 0 to 1"},
		{"url", String, true, true, "canonical URL"},
		{"title", String, true, true, "title"},
		{"created", Timestamp, true, false, "when it was published"},
		{"chars_read", Int32, false, false, "Unicode code points of the text before anything was cut"},
		{"chars_cut", Int32, false, false, "how many of them were cut"},
		{"notes", Strings, false, true, "how it was read: charset, fallbacks, repairs, conflicts of dates"},
	}
}

// BoilerplateColumns describes the fields of [Boilerplate].
func BoilerplateColumns() []Column {
	return []Column{
		{"kind", String, false, false, "block, sentence, url, hashtag, title_suffix or date_order"},
		{"source", String, true, true, "the source in which it recurs"},
		{"author", String, true, true, "the author in whose articles it recurs"},
		{"text", String, false, true, "what recurs"},
		{"count", Int64, false, false, "in how many different articles"},
	}
}

// SignalColumns describes the fields of [Signals]. Shares are of 1; words are those of package quality, which counts
// characters for a share of a word in scripts without spaces.
func SignalColumns() []Column {
	return []Column{
		{"id", String, false, false, "id of the document"},
		{"words", Float32, false, false, "words that hold a letter or a digit"},
		{"mean_word_length", Float32, false, false, "characters of a word, mean"},
		{"hash_ratio", Float32, false, false, "number signs for each word or mark"},
		{"ellipsis_ratio", Float32, false, false, "ellipses for each word or mark"},
		{"bullet_lines", Float32, false, false, "share of lines that begin with a bullet or a hyphen"},
		{"ellipsis_lines", Float32, false, false, "share of lines that end with an ellipsis"},
		{"letter_words", Float32, false, false, "share of words and marks that hold a letter"},
		{"stop_words", Float32, false, false, "how many different stop words of the language occur; 0 where there is no list"},
		{"duplicate_lines", Float32, false, false, "share of lines that repeat an earlier one"},
		{"duplicate_line_chars", Float32, false, false, "share of characters in such lines"},
		{"duplicate_paragraphs", Float32, false, false, "share of paragraphs that repeat an earlier one"},
		{"duplicate_paragraph_chars", Float32, false, false, "share of characters in such paragraphs"},
		{"top_2_gram", Float32, false, false, "share of characters in the most frequent pair of words, a space counted between words"},
		{"top_3_gram", Float32, false, false, "the same of three words"},
		{"top_4_gram", Float32, false, false, "the same of four words"},
		{"duplicate_5_grams", Float32, false, false, "share of characters in runs of five words that occurred before"},
		{"duplicate_6_grams", Float32, false, false, "the same of six words"},
		{"duplicate_7_grams", Float32, false, false, "the same of seven words"},
		{"duplicate_8_grams", Float32, false, false, "the same of eight words"},
		{"duplicate_9_grams", Float32, false, false, "the same of nine words"},
		{"duplicate_10_grams", Float32, false, false, "the same of ten words"},
		{"closed_lines", Float32, false, false, "share of lines that end with a mark that ends sentences (Unicode Sentence_Terminal)"},
		{"short_lines", Float32, false, false, "share of lines of at most 30 characters"},
		{"lines_per_word", Float32, false, false, "line breaks for each word or mark; blank lines do not count"},
		{"closed_sentences", Float32, false, false, "sentences (UAX 29) in the lines that C4 keeps"},
		{"lorem_ipsum", Float32, false, false, "1 where the placeholder text occurs"},
		{"curly_brackets", Float32, false, false, "how many opening curly brackets there are"},
	}
}

// DroppedColumns describes the fields of [Dropped].
func DroppedColumns() []Column {
	return []Column{
		{"path", String, false, true, "the input unit"},
		{"outcome", String, false, false, "duplicate or filtered"},
		{"reason", String, false, false, "why it was not kept"},
		{"id", String, true, false, "the unit's own id"},
		{"duplicate_of", String, true, false, "id of the kept document that stands for it"},
		{"source", String, true, true, "where it was collected"},
		{"url", String, true, true, "canonical URL"},
		{"title", String, true, true, "title"},
		{"text", String, false, true, "the clean text"},
	}
}

// HuggingFace is the name of the type in the features of a dataset card, and whether the feature is a list of it.
func (t Type) HuggingFace() (dtype string, list bool) {
	switch t {
	case Strings:
		return "string", true
	case Timestamp:
		return "timestamp[us, tz=UTC]", false
	}
	return string(t), false
}

// Croissant is the dataType of the column in a Croissant record set, and whether the field is repeated.
func (c Column) Croissant() (dataType string, repeated bool) {
	switch {
	case c.Name == "url":
		return "sc:URL", false
	case c.Type == Strings:
		return "sc:Text", true
	case c.Type == Timestamp:
		return "sc:Date", false
	case c.Type == Float32:
		return "sc:Float", false
	case c.Type == Int32, c.Type == Int64:
		return "sc:Integer", false
	}
	return "sc:Text", false
}

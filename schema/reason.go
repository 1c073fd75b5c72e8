package schema

// Verdict is what became of an input unit. Every unit has exactly one.
type Verdict string

// The verdicts. The law: units in = kept + duplicate + filtered + rejected + skipped.
const (
	Kept      Verdict = "kept"      // it is a row of the dataset
	Duplicate Verdict = "duplicate" // another unit stands for it
	Filtered  Verdict = "filtered"  // it was read, and a rule said no
	Rejected  Verdict = "rejected"  // it could not be read; counts toward --max-unreadable
	Skipped   Verdict = "skipped"   // it is no article
)

// Verdicts lists every verdict in the order in which tables show them.
func Verdicts() []Verdict { return []Verdict{Kept, Duplicate, Filtered, Rejected, Skipped} }

// Reason says why a unit was not kept, in one stable snake_case word. It is empty for a kept one. Filters that are
// asked for by name bring reasons of their own, so the set is open; these are the pipeline's.
type Reason string

// The reasons of the pipeline.
const (
	NotAnArticle    Reason = "not_an_article"
	Unsupported     Reason = "unsupported"
	Unreadable      Reason = "unreadable"
	Malformed       Reason = "malformed"
	Truncated       Reason = "truncated"
	TooLarge        Reason = "too_large"
	Empty           Reason = "empty"
	BoilerplateOnly Reason = "boilerplate_only"
	TooShort        Reason = "too_short"
	Contaminated    Reason = "contaminated"
	Excluded        Reason = "excluded"
	TakenDown       Reason = "taken_down"
	SameURL         Reason = "same_url"
	SameText        Reason = "same_text"
	NearDuplicate   Reason = "near_duplicate"
)

// ReasonDoc describes one reason of the pipeline.
type ReasonDoc struct {
	Reason  Reason
	Verdict Verdict
	Doc     string // one line for a person
}

// Reasons lists the reasons of the pipeline, in the order in which they can strike a unit: the first that applies wins.
func Reasons() []ReasonDoc {
	return []ReasonDoc{
		{NotAnArticle, Skipped, "the file is not an article: a template, a page about the site, a list, an image"},
		{Unsupported, Skipped, "no reader knows this form of file"},
		{Unreadable, Rejected, "the file could not be read: permission, input/output error, not a regular file"},
		{TooLarge, Rejected, "the unit is larger than --max-unit, or its text is longer than --max-text"},
		{Truncated, Rejected, "compressed data ends before its end"},
		{Malformed, Rejected, "nothing usable is in it"},
		{Empty, Filtered, "there is no text in it"},
		{BoilerplateOnly, Filtered, "no text is left once repeated text is cut"},
		{TooShort, Filtered, "the text is shorter than --min-chars"},
		{Contaminated, Filtered, "it shares a long run of words with an evaluation text (--decontaminate)"},
		{Excluded, Filtered, "it is on the --exclude list or was taken down from the base, or is a copy of such"},
		{TakenDown, Filtered, "it was taken down from the finished dataset, or was a copy of something that was; its id alone remains"},
		{SameURL, Duplicate, "same address and same title or text as the document that was kept"},
		{SameText, Duplicate, "same title and same text as the document that was kept, one of them without an address"},
		{NearDuplicate, Duplicate, "nearly the same text as the document that was kept, as measured on the texts"},
	}
}

// Verdict is the verdict that goes with the reason: kept for the empty one, filtered for those of filters asked for.
func (r Reason) Verdict() Verdict {
	switch r {
	case "":
		return Kept
	case NotAnArticle, Unsupported:
		return Skipped
	case Unreadable, Malformed, Truncated, TooLarge:
		return Rejected
	case SameURL, SameText, NearDuplicate:
		return Duplicate
	}
	return Filtered
}

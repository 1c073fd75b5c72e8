// Package quality measures texts the way the published quality filters do, and holds those filters as tables.
//
//	Measurer   a text to its signals, each document once whatever is asked of them
//	Presets    named sets of rules over signals, with their published thresholds: one file each
//	Judge      the first rule of a set that a document breaks
//
// # Words
//
// The published thresholds count what a tokenizer made of the text: words, and punctuation marks as words of their own.
// Here they are the segments between the word boundaries of Unicode Standard Annex 29 that are no white space, a run
// of one mark counted once. The annex finds no words in scripts that are written without spaces, and a dictionary for
// each would be a model to download. So the characters of these scripts count for a share of a word, which is what a
// word has on average: Han 1/1.75 (jieba on news), Hiragana 1/1.5 (Sudachi), Hangul 1/2 (the published values are
// for morphemes), Thai, Lao, Khmer and Myanmar 1/4 for each code point; a run of Katakana is a word. An address and a
// handle are one word, as there. An n-gram is the shortest run of
// segments that has the weight of n words. Only the length of words cannot be measured so: in these scripts
// mean_word_length is the constant.
package quality

import (
	"math"
	"slices"
)

// Signal is one number that is measured of a text.
type Signal int

// The signals, in the order of the columns of audit/signals after the id.
const (
	Words Signal = iota
	MeanWordLength
	HashRatio
	EllipsisRatio
	BulletLines
	EllipsisLines
	LetterWords
	StopWords
	DuplicateLines
	DuplicateLineChars
	DuplicateParagraphs
	DuplicateParagraphChars
	Top2Gram
	Top3Gram
	Top4Gram
	Duplicate5Grams
	Duplicate6Grams
	Duplicate7Grams
	Duplicate8Grams
	Duplicate9Grams
	Duplicate10Grams
	ClosedLines
	ShortLines
	LinesPerWord
	ClosedSentences
	LoremIpsum
	CurlyBrackets

	NumSignals int = iota
)

// String is the name of the signal: its column in audit/signals, whose description schema.SignalColumns has.
func (s Signal) String() string { return signalNames[s] }

var signalNames = [NumSignals]string{
	"words",
	"mean_word_length",
	"hash_ratio",
	"ellipsis_ratio",
	"bullet_lines",
	"ellipsis_lines",
	"letter_words",
	"stop_words",
	"duplicate_lines",
	"duplicate_line_chars",
	"duplicate_paragraphs",
	"duplicate_paragraph_chars",
	"top_2_gram",
	"top_3_gram",
	"top_4_gram",
	"duplicate_5_grams",
	"duplicate_6_grams",
	"duplicate_7_grams",
	"duplicate_8_grams",
	"duplicate_9_grams",
	"duplicate_10_grams",
	"closed_lines",
	"short_lines",
	"lines_per_word",
	"closed_sentences",
	"lorem_ipsum",
	"curly_brackets",
}

// Signals are the values of one text, by signal. They are finite and not negative.
type Signals [NumSignals]float32

// Rule is a bound for one signal. What is published as a share is written as one.
type Rule struct {
	Name   string // a reason in audit/outcomes: a snake_case word that begins with the name of its preset
	Signal Signal
	Min    float32 // a smaller value drops the document
	Max    float32 // a larger value drops it
}

// atLeast and atMost are the two forms of a rule.
func atLeast(name string, s Signal, v float32) Rule {
	return Rule{name, s, v, float32(math.Inf(1))}
}

func atMost(name string, s Signal, v float32) Rule {
	return Rule{name, s, float32(math.Inf(-1)), v}
}

// Preset is a set of rules as it was published.
type Preset struct {
	Name      string // as in --filter
	Doc       string // one line
	Source    string // the publication, with its section
	Every     []Rule // for languages that have no rules of their own here; may be none
	Languages map[string][]Rule
}

// Presets is the table of rule sets, in the order in which they are listed. To add one, write a file with its function
// and add a line here.
func Presets() []Preset {
	return []Preset{gopherQuality(), gopherRepetition(), c4(), fineweb(), fineweb2()}
}

// PresetNamed is the preset of that name.
func PresetNamed(name string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}

// Rules are the rules for a language, given as a BCP 47 tag; none where nothing was published for it.
func (p *Preset) Rules(language string) []Rule {
	if r, ok := p.Languages[primary(language)]; ok {
		return r
	}
	return p.Every
}

// Verdict says which rule a document breaks.
type Verdict struct {
	Rule      string
	Signal    Signal
	Value     float32
	Threshold float32
	Least     bool // the threshold is the least value that is kept; else the greatest
}

// Judge finds the first rule, in the order of the preset, that the document breaks.
func (p *Preset) Judge(s *Signals, language string) (v Verdict, drop bool) {
	for _, r := range p.Rules(language) {
		switch value := s[r.Signal]; {
		case value < r.Min:
			return Verdict{r.Name, r.Signal, value, r.Min, true}, true
		case value > r.Max:
			return Verdict{r.Name, r.Signal, value, r.Max, false}, true
		}
	}
	return Verdict{}, false
}

// primary is the language of a tag without its script.
func primary(tag string) string {
	for i := range len(tag) {
		if tag[i] == '-' {
			return tag[:i]
		}
	}
	return tag
}

package quality

// FineWeb's own rules: Penedo et al., The FineWeb Datasets: Decanting the Web for the Finest Text Data at Scale,
// arXiv:2406.17557, section 3.6, with the values of datatrove's FineWebQualityFilter, for English. The dataset was made
// with Gopher's rules, two of C4's, and these.
func fineweb() Preset {
	return Preset{
		Name: "fineweb", Doc: "the rules that FineWeb adds to Gopher's and C4's, for English",
		Source: "arXiv:2406.17557, section 3.6",
		Languages: map[string][]Rule{"en": {
			atLeast("fineweb_closed_lines", ClosedLines, 0.12),
			atMost("fineweb_short_lines", ShortLines, 0.67),
			atMost("fineweb_duplicate_line_chars", DuplicateLineChars, 0.01),
			atMost("fineweb_lines_per_word", LinesPerWord, 0.3),
		}},
	}
}

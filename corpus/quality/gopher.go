package quality

// Gopher's rules: Rae et al., Scaling Language Models: Methods, Analysis & Insights from Training Gopher,
// arXiv:2112.11446, appendix A1.1, "Quality Filtering" and "Repetition Removal" with table A1. They were published for
// English; those that know no language hold for every one.

func gopherQuality() Preset {
	every := []Rule{
		atLeast("gopher_few_words", Words, 50),
		atMost("gopher_many_words", Words, 100_000),
		atMost("gopher_hashes", HashRatio, 0.1),
		atMost("gopher_ellipses", EllipsisRatio, 0.1),
		atMost("gopher_bullet_lines", BulletLines, 0.9),
		atMost("gopher_ellipsis_lines", EllipsisLines, 0.3),
		atLeast("gopher_letter_words", LetterWords, 0.8),
	}
	return Preset{
		Name: "gopher-quality", Doc: "Gopher's rules of quality; those on stop words and the length of words for English alone",
		Source: "arXiv:2112.11446, appendix A1.1, Quality Filtering",
		Every:  every,
		Languages: map[string][]Rule{"en": append(every[:len(every):len(every)],
			atLeast("gopher_short_words", MeanWordLength, 3),
			atMost("gopher_long_words", MeanWordLength, 10),
			atLeast("gopher_stop_words", StopWords, 2),
		)},
	}
}

func gopherRepetition() Preset {
	return Preset{
		Name: "gopher-repetition", Doc: "Gopher's rules on repetition within a document, for every language",
		Source: "arXiv:2112.11446, appendix A1.1, Repetition Removal, table A1",
		Every: []Rule{
			atMost("gopher_duplicate_paragraphs", DuplicateParagraphs, 0.30),
			atMost("gopher_duplicate_paragraph_chars", DuplicateParagraphChars, 0.20),
			atMost("gopher_duplicate_lines", DuplicateLines, 0.30),
			atMost("gopher_duplicate_line_chars", DuplicateLineChars, 0.20),
			atMost("gopher_top_2_gram", Top2Gram, 0.20),
			atMost("gopher_top_3_gram", Top3Gram, 0.18),
			atMost("gopher_top_4_gram", Top4Gram, 0.16),
			atMost("gopher_duplicate_5_grams", Duplicate5Grams, 0.15),
			atMost("gopher_duplicate_6_grams", Duplicate6Grams, 0.14),
			atMost("gopher_duplicate_7_grams", Duplicate7Grams, 0.13),
			atMost("gopher_duplicate_8_grams", Duplicate8Grams, 0.12),
			atMost("gopher_duplicate_9_grams", Duplicate9Grams, 0.11),
			atMost("gopher_duplicate_10_grams", Duplicate10Grams, 0.10),
		},
	}
}

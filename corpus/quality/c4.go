package quality

// C4's rules: Raffel et al., Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer,
// JMLR 21 (2020), section 2.2, for English.
//
// C4 edits: it drops lines that do not end in a terminal mark, have fewer than three words, name JavaScript, or are of
// a policy, and then pages with fewer than five sentences. Here no text is edited. The lines that C4 would drop do not
// count toward the sentences (closed_sentences), and a document is dropped or stays as it is. The list of bad words and
// the removal of three-sentence spans that recur in the collection are not part of it.
func c4() Preset {
	return Preset{
		Name: "c4", Doc: "the page rules of C4, for English; lines are never edited",
		Source: "Raffel et al., JMLR 21 (2020), section 2.2",
		Languages: map[string][]Rule{"en": {
			atMost("c4_lorem_ipsum", LoremIpsum, 0),
			atMost("c4_curly_brackets", CurlyBrackets, 0),
			atLeast("c4_sentences", ClosedSentences, 5),
		}},
	}
}

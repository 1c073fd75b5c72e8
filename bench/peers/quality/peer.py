"""Judges JSON lines with text and language from standard input by datatrove's filters, and writes a line for each
document and filter: {"document": n, "preset": name, "rule": reason or ""}. Which filters judge which language is as in
package quality; the values of FineWeb-2 are read from its table, given as the argument."""

import json
import logging
import re
import sys

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)

logging.disable(logging.CRITICAL)

# The languages whose tokenizers are in requirements.txt, and the sets of FineWeb-2 as in corpus/quality/fineweb2.go.
CODES = {"en": "eng_Latn", "zh": "cmn_Hani", "ja": "jpn_Jpan", "de": "deu_Latn", "fr": "fra_Latn", "es": "spa_Latn",
         "pt": "por_Latn", "it": "ita_Latn", "nl": "nld_Latn", "sv": "swe_Latn", "pl": "pol_Latn", "ru": "rus_Cyrl",
         "uk": "ukr_Cyrl", "el": "ell_Grek", "ar": "arb_Arab", "fa": "fas_Arab", "hi": "hin_Deva", "id": "ind_Latn",
         "cs": "ces_Latn", "sk": "slk_Latn", "hr": "hrv_Latn", "hu": "hun_Latn", "ro": "ron_Latn", "ca": "cat_Latn",
         "da": "dan_Latn", "nb": "nob_Latn", "fi": "fin_Latn", "bg": "bul_Cyrl", "he": "heb_Hebr"}


def fineweb2(path):
    """The table of corpus/quality/fineweb2.go, so that both sides judge by one set of values."""
    table = {}
    line = re.compile(r'\{"(\w+)", "(\w+)", ([\d.]+), \[3\]float32\{(.*?)\}, \[6\]float32\{(.*?)\}, ([\d.]+), ([\d.]+), '
                      r'([\d.]+), ([\d.]+), ([\d.]+), "(.*)"\},')
    for m in line.finditer(open(path, encoding="utf-8").read()):
        tag, _, lines, top, dup, closed, low, high, letters, breaks, words = m.groups()
        numbers = lambda s: [float(x) for x in s.split(",")]
        table[tag] = (float(lines), numbers(top), numbers(dup), float(closed), float(low), float(high), float(letters),
                      float(breaks), words.split())
    return table


def filters(tag, sets):
    code = CODES[tag]
    quality = dict(language=code)
    if tag != "en":  # the rules that know English are for English
        quality.update(min_avg_word_length=None, max_avg_word_length=None, min_stop_words=None)
    yield "gopher-quality", [GopherQualityFilter(**quality)]
    yield "gopher-repetition", [GopherRepetitionFilter(language=code)]
    if tag == "en":
        yield "c4", [C4QualityFilter(remove_citations=False, language=code)]
        yield "fineweb", [FineWebQualityFilter(language=code)]
    if tag in sets:
        lines, top, dup, closed, low, high, letters, breaks, words = sets[tag]
        yield "fineweb2", [
            GopherRepetitionFilter(language=code, dup_para_frac=0, dup_line_char_frac=0, dup_para_char_frac=0,
                                   dup_line_frac=lines, top_n_grams=list(zip((2, 3, 4), top)),
                                   dup_n_grams=list(zip(range(5, 11), dup))),
            FineWebQualityFilter(language=code, short_line_thr=999, char_duplicates_ratio=0.1, line_punct_thr=closed,
                                 new_line_ratio=breaks),
            GopherQualityFilter(language=code, min_avg_word_length=low, max_avg_word_length=high, stop_words=words,
                                max_non_alpha_words_ratio=letters, min_stop_words=2),
        ]


def main():
    sets = fineweb2(sys.argv[1])
    made = {}
    for n, line in enumerate(sys.stdin):
        d = json.loads(line)
        tag = d["language"].split("-")[0]
        if tag not in CODES:
            continue
        if tag not in made:
            made[tag] = list(filters(tag, sets))
        # The peers' own extractor separates paragraphs by one line break, and they count breaks; blank lines are ours.
        single = re.sub(r"\n+", "\n", d["text"])
        for name, chain in made[tag]:
            rule = ""
            for f in chain:
                text = d["text"] if isinstance(f, GopherRepetitionFilter) else single
                got = f.filter(Document(text=text, id=str(n)))
                if isinstance(got, tuple) and not got[0]:
                    rule = got[1]
                    break
                if got is False:
                    rule = "dropped"
                    break
            print(json.dumps({"document": n, "preset": name, "rule": rule}))


main()

"""Writes the peer's verdicts as the table of TestPeer: record.py PEER TEXTS > corpus/quality/testdata/datatrove.tsv

A line for each text: its name, its language, and for each preset the rule that dropped it, kept, or nothing where the
preset has no rules for the language."""

import json
import sys

PRESETS = "gopher-quality gopher-repetition c4 fineweb fineweb2".split()

rules = {(v["document"], v["preset"]): v["rule"] or "kept" for v in map(json.loads, open(sys.argv[1], encoding="utf-8"))}
print("name", "language", *PRESETS, sep="\t")
for n, line in enumerate(open(sys.argv[2], encoding="utf-8")):
    d = json.loads(line)
    print(d["name"], d["language"], *(rules.get((n, p), "") for p in PRESETS), sep="\t")

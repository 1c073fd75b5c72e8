"""Sets two files of verdicts side by side: compare.py OURS PEER TEXTS"""

import collections
import json
import sys


def load(path):
    return {(v["document"], v["preset"]): v for v in map(json.loads, open(path, encoding="utf-8"))}


ours, peer = load(sys.argv[1]), load(sys.argv[2])
docs = [json.loads(line) for line in open(sys.argv[3], encoding="utf-8")]
total = collections.Counter()
differ = collections.Counter()
for key in sorted(ours.keys() & peer.keys()):
    n, preset = key
    a, b = ours[key]["rule"], peer[key]["rule"]
    language = docs[n]["language"].split("-")[0]
    group = language if language in ("en", "zh", "ja") else "others"
    total[preset, group, bool(a), bool(b)] += 1
    if bool(a) != bool(b):
        differ[preset, group, a or "kept", b or "kept"] += 1
print("preset             language  documents  both keep  both drop  ours only  peer only  agree")
for preset, group in sorted({k[:2] for k in total}):
    t = [total[preset, group, a, b] for a, b in ((False, False), (True, True), (True, False), (False, True))]
    print(f"{preset:18} {group:8} {sum(t):10} {t[0]:10} {t[1]:10} {t[2]:10} {t[3]:10} {(t[0] + t[1]) / sum(t):6.3f}")
print()
for (preset, group, a, b), n in differ.most_common():
    print(f"{n:4} {preset:18} {group:8} ours {a:32} peer {b}")

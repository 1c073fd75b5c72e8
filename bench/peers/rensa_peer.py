"""Near-duplicates by rensa: 128 permutations, 16 bands, character 5-grams, every candidate checked by exact Jaccard >= 0.7.

Reads JSON lines with `text` on standard input. Loading is not counted.
"""
import json, sys, time

from rensa import RMinHash, RMinHashLSH

texts = [json.loads(line)["text"].lower() for line in sys.stdin]
begin = time.process_time()
lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
kept, removed, candidates = {}, 0, 0
for i, text in enumerate(texts):
    shingles = {text[k:k + 5] for k in range(max(1, len(text) - 4))}
    m = RMinHash(num_perm=128, seed=42)
    m.update(list(shingles))
    same = False
    for j in lsh.query(m):
        candidates += 1
        other = kept[j]
        both = len(shingles & other)
        if both >= 0.7 * (len(shingles) + len(other) - both):
            same = True
            break
    if same:
        removed += 1
    else:
        lsh.insert(i, m)
        kept[i] = shingles
json.dump({"documents": len(texts), "cpu_seconds": round(time.process_time() - begin, 3), "candidates": candidates, "removed": removed}, sys.stdout)
print()

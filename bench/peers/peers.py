"""Near-duplicates by the Python peers, on JSON lines with `text` on standard input. README.md defines the settings.

    peers.py rensa|datasketch|text-dedup|simhash|datatrove own|chars|equal [OWNERS] < TEXTS
    peers.py score OWNERS < TEXTS

The first prints what it took, loading not counted. A text is dropped at the first match, which is the fastest use of these
tools. With OWNERS every match is merged instead and chains are closed, which finds the most, and that file gets, as one
JSON list, the number of each text's cluster. The second compares such a list with the field `cluster` of the texts.
"""
import collections
import json
import re
import sys
import time


class Clusters:
    """Merged pairs, closed over chains, as these tools or their users' scripts do."""

    def __init__(self, n):
        self.parent = list(range(n))

    def find(self, i):
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def merge(self, i, j):
        i, j = self.find(i), self.find(j)
        self.parent[max(i, j)] = min(i, j)


def shingles(text):
    return {text[k:k + 5] for k in range(max(1, len(text) - 4))}


def alike(a, b, least):
    both = len(a & b)
    return both >= least * (len(a) + len(b) - both)


def each_before(texts, found, make, query, insert, check):
    kept = {}
    for i, text in enumerate(texts):
        features = shingles(text)
        key = make(features)
        same = False
        for j in query(key):
            found["candidates"] += 1
            if check(features, kept[j]):
                found["clusters"].merge(i, j)
                same = True
                if not found["all"]:
                    break
        if found["all"] or not same:
            insert(i, key)
            kept[i] = features


def rensa(texts, setting, found):
    from rensa import RMinHash, RMinHashLSH

    def make(hashes):
        def of(features):
            m = RMinHash(num_perm=hashes, seed=42)
            m.update(list(features))
            return m
        return of

    if setting == "own":  # the thresholds of its README, and its estimate alone decides
        kept = {}
        lsh, of = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=8), make(128)
        for i, text in enumerate(texts):
            m = of(shingles(text))
            same = False
            for j in lsh.query(m):
                found["candidates"] += 1
                if m.jaccard(kept[j]) >= 0.8:
                    found["clusters"].merge(i, j)
                    same = True
                    if not found["all"]:
                        break
            if found["all"] or not same:
                lsh.insert(i, m)
                kept[i] = m
        return
    # characters: 16 bands of 8, as a threshold of 0.7 wants them; equal: the bands of broadsheet
    bands, hashes, least = (64, 192, 0.5) if setting == "equal" else (16, 128, 0.7)
    lsh = RMinHashLSH(threshold=least, num_perm=hashes, num_bands=bands)
    each_before(texts, found, make(hashes), lsh.query, lsh.insert, lambda a, b: alike(a, b, least))


def datasketch(texts, setting, found):
    from datasketch import MinHash, MinHashLSH
    hashes = 192 if setting == "equal" else 128
    lsh = MinHashLSH(num_perm=hashes, params=(64, 3)) if setting == "equal" else MinHashLSH(num_perm=hashes, threshold=0.9 if setting == "own" else 0.7)

    def make(features):
        m = MinHash(num_perm=hashes)
        m.update_batch([f.encode() for f in features])
        return m

    check = (lambda a, b: True) if setting == "own" else lambda a, b: alike(a, b, 0.5 if setting == "equal" else 0.7)
    each_before(texts, found, make, lsh.query, lsh.insert, check)


def text_dedup(texts, setting, found):
    """text-dedup's MinHash as its README sets it: 5-grams of what \\W parts, 24 bands of 10, no check, chains closed."""
    from datasketch import MinHash
    bands, rows = (64, 3) if setting == "equal" else (24, 10)
    first = [{} for _ in range(bands)]
    sets = []
    for i, text in enumerate(texts):
        words = [w for w in re.split(r"\W", text) if w]
        features = {" ".join(words[k:k + 5]) for k in range(max(1, len(words) - 4))}
        sets.append(features)
        m = MinHash(num_perm=bands * rows)
        m.update_batch([f.encode() for f in features])
        for b in range(bands):
            key = m.hashvalues[b * rows:b * rows + rows].tobytes()
            j = first[b].setdefault(key, i)
            if j != i:
                found["candidates"] += 1
                if setting == "own" or alike(features, sets[j], 0.5):
                    found["clusters"].merge(i, j)


def simhash(texts, setting, found):
    from simhash import Simhash, SimhashIndex
    index = SimhashIndex([], k=2 if setting == "own" else 6)  # 2 is its default; it has no Jaccard similarity to set
    for i, text in enumerate(texts):
        s = Simhash(text)
        near = index.get_near_dups(s)
        found["candidates"] += len(near)
        for j in map(int, near):
            found["clusters"].merge(i, j)
        if found["all"] or not near:
            index.add(str(i), s)


def datatrove(texts, setting, found):
    """datatrove's MinHash, its own steps in their order; a text is parted into words as its script wants."""
    import pathlib
    import struct
    import tempfile
    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashConfig, MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
    config = MinhashConfig() if setting == "own" else MinhashConfig(num_buckets=64, hashes_per_bucket=3)
    han = lambda text: 4 * len(re.findall("[\u4e00-\u9fff]", text)) > len(text)
    with tempfile.TemporaryDirectory() as work:
        of = lambda name: str(pathlib.Path(work, name))
        parts = [("zho", [i for i, text in enumerate(texts) if han(text)]), ("eng", [i for i, text in enumerate(texts) if not han(text)])]
        for rank, (language, numbers) in enumerate(parts):
            documents = (Document(text=texts[i], id=str(i)) for i in numbers)
            MinhashDedupSignature(of("signatures"), config=config, language=language).run(documents, rank=rank)
        for rank in range(config.num_buckets):
            MinhashDedupBuckets(of("signatures"), of("buckets"), config=config).run(rank=rank, world_size=config.num_buckets)
        found["candidates"] = sum(f.stat().st_size for f in pathlib.Path(of("buckets")).iterdir()) // struct.calcsize("<4I")
        MinhashDedupCluster(of("buckets"), of("clusters"), config=config, save_cluster_id=True).run()
        first = {}
        for rank, (_, numbers) in enumerate(parts):
            name = pathlib.Path(of("clusters"), f"{rank:06d}.clusters")
            for document, cluster in struct.iter_unpack("<2I", name.read_bytes() if name.exists() else b""):
                found["clusters"].merge(first.setdefault(cluster, numbers[document]), numbers[document])


def score(rows, owners):
    truth = [r["cluster"] for r in rows]
    pairs = lambda counts: sum(n * (n - 1) / 2 for n in counts.values())
    same, a, b = pairs(collections.Counter(zip(truth, owners))), pairs(collections.Counter(truth)), pairs(collections.Counter(owners))
    mean = a * b / (len(rows) * (len(rows) - 1) / 2)
    p, r = same / b if b else 1.0, same / a
    f1 = 2 * p * r / (p + r) if same else 0.0
    return {"precision": p, "recall": r, "f1": f1, "ari": (same - mean) / ((a + b) / 2 - mean)}


def main():
    rows = [json.loads(line) for line in sys.stdin]
    if sys.argv[1] == "score":
        with open(sys.argv[2]) as f:
            result = score(rows, json.load(f))
        print(json.dumps({k: round(v, 4) for k, v in result.items()}))
        return
    texts = [r["text"].lower() for r in rows]
    tool = {"rensa": rensa, "datasketch": datasketch, "text-dedup": text_dedup, "simhash": simhash, "datatrove": datatrove}[sys.argv[1]]
    found = {"candidates": 0, "clusters": Clusters(len(texts)), "all": len(sys.argv) > 3}
    begin = time.process_time()
    tool(texts, sys.argv[2], found)
    seconds = time.process_time() - begin
    owners = [found["clusters"].find(i) for i in range(len(texts))]
    removed = sum(o != i for i, o in enumerate(owners))
    print(json.dumps({"documents": len(texts), "cpu_seconds": round(seconds, 3), "candidates": found["candidates"], "removed": removed}))
    if len(sys.argv) > 3:
        with open(sys.argv[3], "w") as f:
            json.dump(owners, f)


main()

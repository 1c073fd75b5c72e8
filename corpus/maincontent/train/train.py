#!/usr/bin/env python3
"""Train the model of maincontent from labelled pages. See README.md beside this file."""
import argparse, bisect, collections, json, math, os, re, subprocess, zlib

import lightgbm
import numpy as np

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDS = 5
ROUNDS = 160
# Two sets of trees are fitted, and the mean of their log-odds counts: usual ones, and such as split at random thresholds.
RANDOM = dict(extra_trees=True, feature_fraction=0.5)
PARAMS = dict(objective="cross_entropy", learning_rate=0.08, num_leaves=15, min_data_in_leaf=150, feature_fraction=0.35,
              bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=127, seed=7, verbose=-1, num_threads=1, deterministic=True)
WORD = re.compile(r"\w+")
KINDS = ("forum", "documentation")
THREAD, COMMENTS = 2, 0.4
STRICT, MANUAL, LENIENT = 1.15, 2, 0.9


def words(s):
    return WORD.findall(s.lower())


def dump(work, name, lexicons=None):
    """Runs the package's TestDump on WORK/list.jsonl."""
    env = {**os.environ, "TRAIN_PAGES": os.path.join(work, "list.jsonl"), "TRAIN_OUT": os.path.join(work, name)}
    if lexicons:
        env["TRAIN_WEIGHTS"] = lexicons
    subprocess.run(["go", "test", "-count=1", "-run", "^TestDump$", "."], cwd=PACKAGE, env=env, check=True)


def label(blocks, text):
    """The share of each block's words that the labelled text has."""
    want, n = words(text), 0
    n = len(want)
    grams, singles = collections.defaultdict(list), collections.defaultdict(list)
    for i, w in enumerate(want):
        singles[w].append(i)
        if i + 4 <= n:
            grams[tuple(want[i:i + 4])].append(i)
    have = [words(b) for b in blocks]
    labels, anchor, same, last = [0.0] * len(have), [None] * len(have), collections.defaultdict(list), 0
    for i, b in enumerate(have):  # blocks of six words and more by their 4-grams
        if len(b) < 6:
            continue
        covered, starts = [False] * len(b), []
        for j in range(len(b) - 3):
            if hits := grams.get(tuple(b[j:j + 4])):
                covered[j:j + 4] = [True] * 4
                starts.append(hits[min(bisect.bisect_left(hits, last), len(hits) - 1)] - j)
        share = sum(covered) / len(b)
        if share > 0.3:
            start = sorted(starts)[len(starts) // 2]
            anchor[i] = (start, start + len(b))
            last = start + len(b)
        labels[i] = share if share > 0.15 else 0.0
        same[tuple(b)].append(i)
    for b, places in same.items():  # of equal blocks as many as the text has, those in labelled company first
        if len(places) < 2 or labels[places[0]] <= 0.5:
            continue
        times = max(1, sum(tuple(want[p:p + len(b)]) == b for p in grams.get(b[:4], [])))
        company = lambda i: sum(len(have[j]) for j in range(max(0, i - 4), min(len(have), i + 5)) if j != i and len(have[j]) >= 6 and labels[j] > 0.5)
        for i in sorted(places, key=lambda i: (-company(i), i))[times:]:
            labels[i], anchor[i] = 0.0, None
    after = [None] * (len(have) + 1)
    for i in range(len(have) - 1, -1, -1):
        after[i] = i if anchor[i] else after[i + 1]
    before, at = None, 0
    for i, b in enumerate(have):  # shorter ones between those that were found
        if anchor[i]:
            before, at = i, anchor[i][1]
            continue
        if not b or len(b) >= 6:
            continue
        nxt = after[i]
        low, high = at, n
        if after[0] is not None:
            if before is not None and i - before > 40 and (nxt is None or nxt - i > 40):
                continue
            low = at - 1 if before is not None else None
            high = anchor[nxt][0] + 1 if nxt is not None and nxt - i <= 60 else None
            if low is None and high is None:
                continue
            low = max(0, high - 150) if low is None else max(0, low)
            if high is None or high < low:
                high = min(n, low + 100)
        places = singles.get(b[0], [])
        for p in places[bisect.bisect_left(places, low):]:
            if p + len(b) > high:
                break
            if want[p:p + len(b)] == b:
                labels[i], at = 1.0, p + len(b)
                break
    return labels


def rates(page, labels):
    """For each token of attributes and each word of short blocks on a page: the labelled share of the text it is on."""
    tokens, short = collections.defaultdict(lambda: [0.0, 0.0]), collections.defaultdict(lambda: [0.0, 0.0])
    path = []
    for e in page["elems"] or []:  # parents come before their children
        path.append((path[e["p"]] if e["p"] >= 0 else frozenset()) | frozenset(e.get("t", ())))
    for b, l in zip(page["blocks"] or [], labels):
        weight = min(len(words(b["t"])), 60) + 1
        for t in path[b["e"]]:
            tokens[t][0] += weight * l
            tokens[t][1] += weight
        if len(b["t"]) <= 120:
            for w in {x.lower() for x in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", b["t"])[:24]}:
                r = short[w.replace("'", "").replace("’", "")]
                r[0] += l
                r[1] += 1
    share = lambda table: {k: a / b for k, (a, b) in table.items()}
    return share(tokens), share(short)


def odds(items, tables, domains, smooth, prior):
    """Logarithms of odds, each registrable domain a vote; what fewer domains have is left out."""
    votes = collections.defaultdict(lambda: collections.defaultdict(list))
    for item, table in zip(items, tables):
        for key, rate in table.items():
            votes[key][item["domain"]].append(rate)
    out = {}
    for key, by in votes.items():
        if len(by) < domains:
            continue
        yes = sum(sum(v) / len(v) for v in by.values())
        w = math.log((yes + smooth * prior) / (prior * (len(by) + smooth))) - math.log((len(by) - yes + smooth * (1 - prior)) / ((1 - prior) * (len(by) + smooth)))
        if abs(w) >= 0.25:
            out[key] = round(max(-3, min(3, w)), 1)
    return out


def kinds(items, pages):
    """What a token on a page says of the page's type."""
    of = lambda item: KINDS.index(item["type"]) if item["type"] in KINDS else 2
    by, domains = [collections.defaultdict(set) for _ in range(3)], [set() for _ in range(3)]
    for item, page in zip(items, pages):
        domains[of(item)].add(item["domain"])
        for t in {t for e in page["elems"] or [] for t in e.get("t", ())} | set(page["kinds"] or ()):
            by[of(item)][t].add(item["domain"])
    total, out = [len(d) for d in domains], {}
    for t in set(by[0]) | set(by[1]):
        n, w = [len(by[c].get(t, ())) for c in range(3)], []
        for c in (0, 1):
            others = [x for x in range(3) if x != c]
            v = math.log((n[c] + 0.5) / (total[c] + 1) / ((sum(n[x] for x in others) + 0.5) / (sum(total[x] for x in others) + 1)))
            v = max(-1, min(1.5, v / 2)) if n[c] >= 6 or n[c] == 0 and sum(n) > 60 else 0
            w.append(round(v, 1) if abs(v) >= 0.5 else 0)
        if any(w):
            out[t] = w
    return out


def lexicon(items, pages, found):
    return {"Tokens": odds(items, [t for t, _ in found], 8, 2, 0.5), "Words": odds(items, [w for _, w in found], 15, 3, 0.3),
            "Kinds": kinds(items, pages)}


class Rows:
    """The blocks of all pages, end to end."""

    def __init__(self, items, pages, labels, work):
        self.names = json.load(open(os.path.join(work, "rows.names")))
        self.x = np.fromfile(os.path.join(work, "rows.f32"), dtype="<f4").reshape(-1, len(self.names))
        self.items, self.texts = items, [[b["t"] for b in p["blocks"] or []] for p in pages]
        count = [len(t) for t in self.texts]
        self.at = np.r_[0, np.cumsum(count)]
        assert self.at[-1] == len(self.x)
        self.fold = np.repeat([i["fold"] for i in items], count)
        self.y = np.array([l for page in labels for l in page])
        self.words = np.array([len(words(t)) for page in self.texts for t in page], dtype=float)
        length = np.array([max(30, len(words(i["text"]))) for i in items], dtype=float)
        # Pages whose text is not in their HTML teach nothing.
        covered = np.array([(self.y[a:b] * self.words[a:b]).sum() for a, b in zip(self.at, self.at[1:])]) / length > 0.4
        page = np.array([i.get("weight", 1) for i in items]) * covered
        share = np.repeat(length, count)
        w = np.minimum(self.words + 0.7, 0.35 * share) / share * np.repeat(page, count)
        w /= w.mean()
        # Blocks of little weight are thinned out, and those that stay stand for them.
        p = np.minimum(1, w / 0.8 + 0.05)
        self.w = np.where(np.random.RandomState(1).rand(len(w)) < p, w / p, 0)

    def fit(self, where):
        use = where & (self.w > 0)
        data = lightgbm.Dataset(self.x[use], self.y[use], weight=self.w[use], params=dict(max_bin=PARAMS["max_bin"], verbose=-1))
        return [lightgbm.train({**PARAMS, **more}, data, ROUNDS) for more in ({}, RANDOM)]

    def probability(self, models, where):
        """That of the blocks being main content; of comments where the page is no thread, less (choose in maincontent.go)."""
        x = self.x[where]
        prob = 1 / (1 + np.exp(-sum(m.predict(x, raw_score=True) for m in models) / len(models)))
        column = lambda name: x[:, self.names.index(name)]
        return prob * np.where((column("inTalk") > 0) & (column("forumTok") < THREAD), COMMENTS, 1)

    def kept(self, prob):
        """The texts that the package's cut keeps (choose in maincontent.go)."""
        for i, texts in enumerate(self.texts):
            q, w = prob[self.at[i]:self.at[i + 1]], self.words[self.at[i]:self.at[i + 1]] + 0.3
            if len(q) == 0:
                yield ""
                continue
            o = np.argsort(-q, kind="stable")
            hits, size = np.cumsum((q * w)[o]), np.cumsum(w[o])
            factor = LENIENT if self.x[self.at[i], self.names.index("docTok")] > MANUAL else STRICT
            t = min(0.6, max(0.12, factor * (2 * hits / (size + hits[-1])).max() / 2))
            yield "\n".join(s for s, p in zip(texts, q) if p > t)


def grams(s):
    w = WORD.findall(s)
    return collections.Counter(tuple(w[i:i + 4]) for i in range(max(1, len(w) - 3)) if w)


def f1(a, b):
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def report(items, texts):
    got = collections.defaultdict(list)
    for item, text in zip(items, texts):
        got[item["type"]].append((f1(collections.Counter(words(item["text"])), collections.Counter(words(text))), f1(grams(item["text"]), grams(text))))
    for kind, v in sorted(got.items()):
        print(f"{kind}: {len(v)} pages, word F1 {sum(x for x, _ in v) / len(v):.4f}, 4-gram F1 {sum(x for _, x in v) / len(v):.4f}")


def model_text(models, names, lex):
    """The models in the form of model.txt, as one sum of trees."""
    out = [f"token {k} {v:g}" for k, v in sorted(lex["Tokens"].items())] + [f"word {k} {v:g}" for k, v in sorted(lex["Words"].items())]
    out += [f"kind {k} {a:g} {b:g}" for k, (a, b) in sorted(lex["Kinds"].items())]
    for tree in (t for m in models for t in m.dump_model()["tree_info"]):
        if "split_index" not in tree["tree_structure"]:
            continue
        splits, todo = [None], [(tree["tree_structure"], 0)]
        while todo:
            node, place = todo.pop()
            sides = []
            for child in (node["left_child"], node["right_child"]):
                if "split_index" in child:
                    sides.append(f"@{len(splits)}")
                    todo.append((child, len(splits)))
                    splits.append(None)
                else:
                    sides.append(f"{float(np.float32(child['leaf_value'] / len(models))):.6g}")
            splits[place] = f"split {names[node['split_feature']]} {float(np.float32(node['threshold'])):.8g} {sides[0]} {sides[1]}"
        out += [f"tree {len(splits)}", *splits]
    return "\n".join(out) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("pages")
    p.add_argument("work", help="folder for what is made in between")
    p.add_argument("--cv", action="store_true", help="cross-validate by domain")
    p.add_argument("--write", metavar="FILE", nargs="?", const=os.path.join(PACKAGE, "model.txt"), help="train on all pages and write the model")
    args = p.parse_args()
    work = os.path.abspath(args.work)
    os.makedirs(work, exist_ok=True)
    with open(args.pages, encoding="utf-8") as f:
        items = [json.loads(line) for line in f if line.strip()]
    for item in items:
        item["fold"] = zlib.crc32(item["domain"].encode()) % FOLDS
        item["file"] = os.path.abspath(item["file"])

    def listed(fold):
        with open(os.path.join(work, "list.jsonl"), "w", encoding="utf-8") as f:
            for item in items:
                print(json.dumps({"Key": item["key"], "File": item["file"], "Fold": fold(item)}), file=f)

    listed(lambda item: item["fold"])
    dump(work, "blocks")
    with open(os.path.join(work, "blocks.jsonl"), encoding="utf-8") as f:
        pages = [json.loads(line) for line in f]
    labels = [label([b["t"] for b in page["blocks"] or []], item["text"]) for item, page in zip(items, pages)]
    found = [rates(page, l) for page, l in zip(pages, labels)]
    pick = lambda keep: lexicon(*zip(*[(i, p, r) for i, p, r in zip(items, pages, found) if keep(i)]))
    lexicons = [pick(lambda i, k=k: i["fold"] != k) for k in range(FOLDS)] + [pick(lambda i: True)]
    with open(os.path.join(work, "lexicons.json"), "w", encoding="utf-8") as f:
        json.dump(lexicons, f)
    dump(work, "rows", os.path.join(work, "lexicons.json"))
    rows = Rows(items, pages, labels, work)
    if args.cv:
        prob = np.zeros(len(rows.y))
        for k in range(FOLDS):
            if (rows.fold == k).any():
                prob[rows.fold == k] = rows.probability(rows.fit(rows.fold != k), rows.fold == k)
        report(items, rows.kept(prob))
    if args.write:
        text = model_text(rows.fit(np.ones(len(rows.y), bool)), rows.names, lexicons[-1])
        with open(args.write, "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    main()

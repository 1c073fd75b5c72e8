#!/usr/bin/env python3
"""Measure the quality of what broadsheet writes, figure by figure, beside the bar that each figure has to reach.

    bench/eval.py [SHARED] [--collection DIR] [--only NAME;...] [--markdown] [--strict]

SHARED is the folder of reference material (default: ../shared beside the repository). Where it is absent the script
says so and ends with 0. It unpacks the two samples (or takes them unpacked from --collection), builds the tool and one
dataset for each way of judging, and runs SHARED/eval/score.py on them:

    metadata         --boilerplate off --dedupe none, on the whole collection
    text             --dedupe none, on the whole collection and the seed
    seed form        --dedupe none, on the articles in the seed's form: together, and each file built alone
    language, pages, wcxb
                     --dedupe none
    pairs, clusters, seed form pairs
                     default settings

Everything is written to a temporary folder. The scorer needs duckdb: where the running Python lacks it, the script makes
a virtual environment once, under the user's cache folder, with the version that the tests of the consumers pin.

The exit code is 0 whatever the figures are, unless --strict is given: then 1 where a bar is not reached.
"""
import argparse, collections, functools, json, os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

Set = collections.namedtuple("Set", "name command labels inputs flags bars")
COLLECTION, SEED, SEED_FORM = "collection", "samples/seed", "samples/seed-form"
NONE = ("--dedupe", "none")

# What is measured, with the bars of the project's issues on text and metadata and on near-duplicates (None: no bar).
SETS = [
    Set("metadata", "metadata", "metadata.jsonl", [COLLECTION], (*NONE, "--boilerplate", "off"),
        {"title": 0.99, "url": 0.99, "created": 0.99, "language": 0.97, "author": 0.98, "coverage": 0.90, "source": None}),
    Set("text", "text", "clean_text.jsonl", [COLLECTION, SEED], NONE,
        {"mean_f1": 0.97, "min_f1": 0.90, "clean_of_boilerplate": 0.95}),
    Set("seed form", "text", "seed_form.jsonl", [SEED, SEED_FORM], NONE,
        {"mean_f1": 0.97, "min_f1": None, "clean_of_boilerplate": 0.95, "complete": None}),
    Set("seed form, alone", "text", "seed_form.jsonl", [SEED, SEED_FORM], NONE,
        {"mean_f1": 0.95, "min_f1": None, "clean_of_boilerplate": None, "complete": None}),
    Set("language", "language", "language.jsonl", ["eval/language.jsonl"], NONE,
        {"sentences": 0.95, "word-pairs": None, "single-words": None}),
    Set("pages", "pages", "pages.json", ["eval/pages"], NONE,
        {"f1": 0.971, "precision": None, "recall": None, "missing": None}),
    Set("wcxb", "wcxb", "wcxb.jsonl", ["eval/wcxb"], NONE,
        {"article": 0.945, "documentation": 0.935, "forum": 0.80, "with": None, "without": None, "title": None,
         "author": 0.75, "day": 0.90, "missing": None}),
    Set("pairs", "pairs", "pairs.jsonl", [COLLECTION, SEED], (),
        {"judged": 195, "precision": 0.98, "recall": 0.95, "f1": None, "wrong_merges": None}),
    Set("clusters", "clusters", "synthetic.jsonl", ["eval/synthetic.jsonl"], (),
        {"precision": 0.99, "recall": None, "f1": None, "ari": 0.95, "missing": None}),
    Set("seed form pairs", "pairs", "seed_form_pairs.jsonl", [SEED, SEED_FORM], (),
        {"judged": None, "precision": 1.0, "recall": 1.0}),
]


def python_with_duckdb():
    """The running Python, or one in a virtual environment of our own that has duckdb."""
    has = lambda python: subprocess.run([python, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode == 0
    if has(sys.executable):
        return sys.executable
    with open(os.path.join(ROOT, "testdata", "consumers", "requirements.txt"), encoding="utf-8") as f:
        pin = next(line.strip() for line in f if line.startswith("duckdb=="))
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(cache, "broadsheet", "eval-" + pin.replace("==", "-"))
    python = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
    if not os.path.exists(python) or not has(python):
        print(f"eval: making {folder} with {pin}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", pin], check=True)
    return python


class Eval:
    def __init__(self, shared, collection, tmp):
        self.shared, self.collection, self.tmp = shared, collection, tmp
        self.python = python_with_duckdb()
        self.tool = os.path.join(tmp, "broadsheet")
        subprocess.run(["go", "build", "-o", self.tool, "./cmd/broadsheet"], cwd=ROOT, check=True)

    @functools.cached_property
    def samples(self):
        """The folders of the collection's samples, unpacked."""
        names = ("society", "oped2")
        if self.collection:
            return [os.path.join(self.collection, n) for n in names]
        folders = [os.path.join(self.tmp, "collection", n) for n in names]
        for name, folder in zip(names, folders):
            os.makedirs(folder)
            archive = os.path.join(self.shared, "samples", name + ".tar.zst")
            subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
        return folders

    def paths(self, inputs):
        return [p for i in inputs for p in (self.samples if i == COLLECTION else [os.path.join(self.shared, i)])]

    def score(self, command, labels, inputs, flags):
        """Builds a dataset of the inputs and gives the scorer's figures by name."""
        with tempfile.TemporaryDirectory(dir=self.tmp) as work:
            out = os.path.join(work, "dataset")
            build = [self.tool, "build", *inputs, "--out", out, "--formats", "parquet", "--quiet", *flags]
            if (code := subprocess.run(build).returncode) not in (0, 3):  # 3: some inputs could not be read
                sys.exit(f"eval: {' '.join(build[1:])}: exit code {code}")
            run = subprocess.run([self.python, os.path.join(self.shared, "eval", "score.py"), command, labels, out],
                                 check=True, stdout=subprocess.PIPE, text=True)
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in run.stdout.splitlines())}

    def alone(self, s, labels):
        """The set's files, each built as a collection of its own: the means of their figures, and the least F1."""
        files = {name: os.path.join(d, name) for d in self.paths(s.inputs) for name in os.listdir(d)}
        sums, least, n = collections.Counter(), 1.0, 0
        with open(labels, encoding="utf-8") as f:
            for line in f:
                label = os.path.join(self.tmp, "label.jsonl")
                with open(label, "w", encoding="utf-8") as one:
                    one.write(line)
                got = self.score(s.command, label, [files[json.loads(line)["file"]]], s.flags)
                sums.update(got)
                least, n = min(least, got["min_f1"]), n + 1
        return {**{name: value / n for name, value in sums.items()}, "min_f1": least}

    def figures(self, s):
        labels = os.path.join(self.shared, "eval", s.labels)
        if s.name.endswith("alone"):
            return self.alone(s, labels)
        return self.score(s.command, labels, self.paths(s.inputs), s.flags)


def number(value):
    return "" if value is None else str(int(value)) if value == int(value) and value > 1 else f"{value:.4f}".rstrip("0").rstrip(".")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("shared", nargs="?", default=os.path.join(os.path.dirname(ROOT), "shared"))
    p.add_argument("--collection", metavar="DIR", help="folder that holds the samples, society and oped2, unpacked")
    p.add_argument("--only", default="", metavar="NAME;...", help="a part of the table: " + "; ".join(s.name for s in SETS))
    p.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    p.add_argument("--strict", action="store_true", help="exit with 1 where a bar is not reached")
    args = p.parse_args()
    wanted = [name.strip() for name in args.only.split(";") if name.strip()]
    if unknown := set(wanted) - {s.name for s in SETS}:
        p.error("--only: unknown " + ", ".join(sorted(unknown)))
    if not os.path.exists(os.path.join(args.shared, "eval", "score.py")):
        print(f"eval: skipped: no labelled sets at {args.shared} (give the folder that holds eval/score.py)")
        return 0
    short = 0
    line = "| {} | {} | {} | {} | {} |" if args.markdown else "{:17} {:21} {:>8} {:>7} {}"
    print(line.format("set", "figure", "ours", "bar", "reached"))
    if args.markdown:
        print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="broadsheet-eval-") as tmp:
        run = Eval(os.path.abspath(args.shared), args.collection, tmp)
        for s in SETS:
            if wanted and s.name not in wanted:
                continue
            got = run.figures(s)
            for figure, bar in s.bars.items():
                value = got.get(figure)
                reached = "" if bar is None else "yes" if value is not None and value >= bar else "no"
                short += reached == "no"
                print(line.format(s.name, figure, number(value), number(bar), reached), flush=True)
    return 1 if short and args.strict else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Pages per CPU-second, beside Python trafilatura's fast mode on the same pages, in turns.

    bench/pages/run.py DIR [--rounds N] [--peer-python PYTHON]

DIR holds pages as .html or .html.gz. Each tool has them in memory before it begins and works on one thread. Ours takes text
and metadata; trafilatura, by bare_extraction(fast=True), the text alone, which is its faster way. What is counted is user and system time of the process
less that of one that only loads, so that imports and the reading of the model are left out on both sides. PYTHON is one that has
trafilatura (pip install trafilatura==2.3.1); the running one if absent. The machine may be busy: read the ratio of a round.
"""
import argparse, os, resource, statistics, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PEER = """
import glob, gzip, os, sys
from trafilatura import bare_extraction
names = sorted(glob.glob(os.path.join(sys.argv[1], "*.html*")))
pages = [(gzip.open if n.endswith(".gz") else open)(n, "rb").read() for n in names]
size = 0
for _ in range(int(sys.argv[2])):
    for page in pages:
        got = bare_extraction(page, fast=True)
        size += len(got.text or "") if got else 0
print(len(pages), size)
"""


def cpu(command):
    """CPU-seconds of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "GOMAXPROCS": "1"}).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out.split()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("dir")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--peer-python", default=sys.executable)
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        tool = os.path.join(tmp, "pages")
        subprocess.run(["go", "build", "-o", tool, "./bench/pages"], cwd=ROOT, check=True)
        tools = {"broadsheet": [tool, args.dir], "trafilatura": [args.peer_python, "-c", PEER, args.dir]}
        rates = {name: [] for name in tools}
        for _ in range(args.rounds):
            for name, command in tools.items():
                load, _ = cpu([*command, "0"])
                work, (pages, size) = cpu([*command, "1"])
                rates[name].append(int(pages) / max(work - load, 1e-6))
                print(f"{name}: {pages} pages, {size} bytes of text, {rates[name][-1]:.1f} pages per CPU-second", flush=True)
        ratios = [a / b for a, b in zip(rates["broadsheet"], rates["trafilatura"])]
        print(f"ratio: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()

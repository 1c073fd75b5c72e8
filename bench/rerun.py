#!/usr/bin/env python3
"""Time the daily rerun: a build over a folder that has grown, with the work of the build before it at hand.

    bench/rerun.py ARTICLES... [--share 0.01] [--rounds N]

Builds a copy of ARTICLES without some of its files, adds them, and builds again with the same --work; then compares the
CPU (user and system) with that of a full build of the same files, whose sums must be the same. The files that come later
are, in one case, those whose names are last (archives name files by their date), in the other any.
"""
import argparse, os, random, shutil, statistics, subprocess, sys, tempfile

from job import cpu


def link(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("articles", nargs="+")
    p.add_argument("--share", type=float, default=0.01)
    p.add_argument("--rounds", type=int, default=3)
    args = p.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    files = [(os.path.join(os.path.basename(os.path.abspath(a)), os.path.relpath(os.path.join(d, f), a)), os.path.join(d, f))
             for a in args.articles for d, _, fs in os.walk(a) for f in fs]
    n = max(1, round(args.share * len(files)))
    last = sorted(files, key=lambda f: (os.path.basename(f[0])[:10], f[0]), reverse=True)
    dated = [f for f in last if os.path.basename(f[0])[:4].isdigit()] or last
    with tempfile.TemporaryDirectory() as tmp:
        tool = os.path.join(tmp, "broadsheet")
        subprocess.run(["go", "build", "-o", tool, "./cmd/broadsheet"], cwd=root, check=True)
        for name, late in (("the newest", dated[:n]), ("any", random.Random(1).sample(sorted(files), n))):
            ratios = []
            for _ in range(args.rounds):
                folder, out, work = (os.path.join(tmp, d) for d in ("in", "out", "work"))
                held = {path for path, _ in late}
                for path, source in files:
                    if path not in held:
                        link(source, os.path.join(folder, path))
                build = [tool, "build", folder, "--quiet", "--force"]
                cpu(build + ["--out", out, "--work", work])
                for path, source in late:
                    link(source, os.path.join(folder, path))
                again = cpu(build + ["--out", out, "--work", work])
                full = cpu(build + ["--out", out + "-full"])
                sums = [open(os.path.join(d, "SHA256SUMS"), "rb").read() for d in (out, out + "-full")]
                if sums[0] != sums[1]:
                    sys.exit("the rerun gave another dataset than the full build")
                ratios.append(again / full)
                for d in (folder, out, out + "-full", work):
                    shutil.rmtree(d)
            print(f"{n} of {len(files)} files new, {name}: {statistics.median(ratios):.2f} of a full build "
                  f"(of {min(ratios):.2f} to {max(ratios):.2f}, {args.rounds} rounds)")


if __name__ == "__main__":
    main()

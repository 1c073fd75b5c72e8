#!/usr/bin/env python3
"""Time the whole job against its floor, in one run.

    bench/job.py ARTICLES... [--rounds N] [--jobs N] [--max-ratio X]

Builds the tool and bench/floor, then runs both in turn on ARTICLES and prints MB of input per CPU-second (user and
system) of each, and the ratio of their CPU. The floor reads every file, tokenises it once as HTML, and compresses the
written rows once for each output format. With --max-ratio the exit code is 1 where the median ratio is higher.
"""
import argparse, os, resource, shutil, statistics, subprocess, sys, tempfile


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("articles", nargs="+")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--jobs", default="0")
    p.add_argument("--max-ratio", type=float)
    args = p.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    size = sum(os.path.getsize(os.path.join(d, f)) for a in args.articles for d, _, fs in os.walk(a) for f in fs) / 1e6
    with tempfile.TemporaryDirectory() as tmp:
        tool, floor, out = (os.path.join(tmp, n) for n in ("broadsheet", "floor", "dataset"))
        for path, package in ((tool, "./cmd/broadsheet"), (floor, "./bench/floor")):
            subprocess.run(["go", "build", "-o", path, package], cwd=root, check=True)
        build = [tool, "build", *args.articles, "--out", out, "--quiet", "--force", "--jobs", args.jobs]
        cpu(build)  # warms the page cache and leaves the rows that the floor compresses
        jobs, floors = [], []
        for _ in range(args.rounds):
            floors.append(cpu([floor, out, *args.articles]))
            jobs.append(cpu(build))
        shutil.rmtree(out)
    ratio = statistics.median(j / f for j, f in zip(jobs, floors))
    for name, values in (("floor", floors), ("build", jobs)):
        mid = statistics.median(values)
        print(f"{name:6} {mid:7.2f} CPU-s (of {min(values):.2f} to {max(values):.2f})  {size / mid:7.1f} MB per CPU-second")
    print(f"ratio  {ratio:7.2f}  ({args.rounds} rounds, {size:.1f} MB)")
    if args.max_ratio and ratio > args.max_ratio:
        sys.exit(1)


if __name__ == "__main__":
    main()

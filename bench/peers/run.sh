#!/bin/sh
# Near-duplicates side by side, each on one thread, on the same texts: JSON lines with text (and title and url).
#   bench/peers/run.sh TEXTS.jsonl
# Needs cargo and python3; the peers are pinned in gaoya/Cargo.lock and requirements.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${BROADSHEET_PEERS:-$(mktemp -d)}
test -x "$work/venv/bin/python" || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install -r "$here/requirements.txt"; }
cargo build -q --release --locked --manifest-path "$here/gaoya/Cargo.toml" --target-dir "$work/target"
(cd "$here/../.." && go build -o "$work/ours" ./bench/peers/ours)
for round in 1 2 3; do
	printf 'ours, candidates  '; GOMAXPROCS=1 "$work/ours" -stage candidates < "$1"
	printf 'gaoya, candidates '; "$work/target/release/peer" < "$1"
	printf 'ours, verified    '; GOMAXPROCS=1 "$work/ours" < "$1"
	printf 'rensa, verified   '; "$work/venv/bin/python" "$here/rensa_peer.py" < "$1"
done

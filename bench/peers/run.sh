#!/bin/sh
# Near-duplicates side by side, each on one thread, on the same texts: JSON lines with text (and title and url).
#   bench/peers/run.sh quality LABELLED.jsonl    every tool, every setting: precision, recall, F1, ARI (field cluster)
#   bench/peers/run.sh speed TEXTS.jsonl...      ours, gaoya and rensa, three rounds for each file: CPU-seconds
# Needs cargo and python3; the peers are pinned in gaoya/Cargo.lock, requirements.txt and, for datatrove, quality/requirements.txt (800 MB).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${BROADSHEET_PEERS:-$(mktemp -d)}
test -x "$work/venv/bin/python" || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install -r "$here/requirements.txt"; }
cargo build -q --release --locked --manifest-path "$here/gaoya/Cargo.toml" --target-dir "$work/target"
(cd "$here/../.." && go build -o "$work/ours" ./bench/peers/ours)
export GOMAXPROCS=1
ours() { "$work/ours" "$@"; }
gaoya() { "$work/target/release/peer" "$@"; }
python() { "$work/venv/bin/python" "$here/peers.py" "$@"; }

case $1 in
quality)
	for tool in rensa datasketch text-dedup simhash; do
		for setting in own chars equal; do
			case $tool-$setting in text-dedup-chars | simhash-chars) continue ;; esac
			printf '%s %s ' "$tool" "$setting"
			python "$tool" "$setting" "$work/owners" < "$2"
			python score "$work/owners" < "$2"
		done
	done
	test -x "$work/quality/bin/python" || { python3 -m venv "$work/quality" && "$work/quality/bin/pip" -q install -r "$here/quality/requirements.txt"; }
	for setting in own equal; do
		printf 'datatrove %s ' "$setting"
		"$work/quality/bin/python" "$here/peers.py" datatrove "$setting" "$work/owners" < "$2" 2> "$work/log"
		python score "$work/owners" < "$2"
	done
	for setting in own chars equal; do
		printf 'gaoya %s ' "$setting"
		gaoya "$setting" "$work/owners" < "$2"
		python score "$work/owners" < "$2"
	done
	printf 'ours '
	ours "$work/owners" < "$2"
	python score "$work/owners" < "$2"
	;;
speed)
	shift
	for texts; do
		for round in 1 2 3; do
			printf '%s, round %s\n' "$(basename "$texts")" "$round"
			printf 'ours candidates '; ours -stage candidates < "$texts"
			for setting in own chars equal; do printf 'gaoya %s ' "$setting"; gaoya "$setting" < "$texts"; done
			printf 'ours verified '; ours < "$texts"
			for setting in own chars equal; do printf 'rensa %s ' "$setting"; python rensa "$setting" < "$texts"; done
		done
	done
	;;
*)
	echo "usage: $0 quality|speed FILE..." >&2
	exit 2
	;;
esac

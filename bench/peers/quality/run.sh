#!/bin/sh
# Decisions of the published filters side by side, ours and datatrove's, on JSON lines with text and language:
#   bench/peers/quality/run.sh TEXTS.jsonl
# Those of TestPeer are written by: go test ./corpus/quality -run TestPeer -texts TEXTS.jsonl
# Needs python3; the peers are pinned in requirements.txt and take 800 MB.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${BROADSHEET_PEERS:-$(mktemp -d)}
test -x "$work/quality/bin/python" || { python3 -m venv "$work/quality" && "$work/quality/bin/pip" -q install -r "$here/requirements.txt"; }
(cd "$here/../../.." && go run ./bench/peers/quality) < "$1" > "$work/ours.jsonl"
"$work/quality/bin/python" "$here/peer.py" "$here/../../../corpus/quality/fineweb2.go" < "$1" > "$work/peer.jsonl"
"$work/quality/bin/python" "$here/record.py" "$work/peer.jsonl" "$1" > "$work/datatrove.tsv"
"$work/quality/bin/python" "$here/compare.py" "$work/ours.jsonl" "$work/peer.jsonl" "$1"

"""Loads a dataset of broadsheet with the libraries that people use and checks that all of them see the same rows.

usage: consumers.py DATASET

No network is used. Ends with 0 where everything holds; else each fault is a line on standard error.
"""

import glob
import gzip
import importlib.util
import json
import os
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="consumers-")
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
os.environ["LOGURU_LEVEL"] = "WARNING"

import datasets
import duckdb
import mlcroissant
import msgspec
import pandas as pd
import polars as pl
import pyarrow.dataset as pads
from datatrove.pipeline.readers import JsonlReader, ParquetReader

COLUMNS = (
    "id text title url source domain authors created created_precision created_from added language language_score "
    "license tags chars words duplicates path extra"
).split()

faults = 0


def check(name, got, want):
    global faults
    if got != want:
        faults += 1
        print(f"FAULT {name}: {str(got)[:300]} instead of {str(want)[:300]}", file=sys.stderr)
    else:
        print(f"ok    {name}")


def plain(row):
    """A row as plain values: times as the text that JSONL has, floats to three decimals."""
    out = {}
    for column in COLUMNS:
        value = row[column]
        if hasattr(value, "isoformat"):
            if value.tzinfo is None or value.utcoffset().total_seconds() != 0:
                raise ValueError(f"{column} is not in UTC: {value!r}")
            value = value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        elif column == "language_score":
            value = round(float(value), 3)
        elif column in ("authors", "tags"):
            value = list(value)
        out[column] = value
    return out


def main(root):
    manifest = json.load(open(os.path.join(root, "manifest.json"), encoding="utf-8"))
    shards = sorted(glob.glob(os.path.join(root, "data", "*.parquet")))
    lines = sorted(glob.glob(os.path.join(root, "jsonl", "*.jsonl.zst")))
    rows = manifest["outcomes"]["kept"]
    splits = {s["name"]: s["num_examples"] for s in manifest["splits"]}

    # pyarrow is the reference: the rows of all shards in their order.
    table = pads.dataset(shards, format="parquet").to_table()
    check("pyarrow columns", table.column_names, COLUMNS)
    reference = [plain(r) for r in table.to_pylist()]
    check("pyarrow rows", len(reference), rows)
    check("pyarrow times", str(table.schema.field("created").type), "timestamp[us, tz=UTC]")
    check("pyarrow lists", str(table.schema.field("tags").type), "list<element: string not null>")
    by_id = {r["id"]: r for r in reference}
    check("ids are unique", len(by_id), rows)
    long = sum(r["chars"] > 100 for r in reference)
    chars = sum(len(r["text"]) for r in reference)
    check("chars are code points", sum(r["chars"] for r in reference), chars)

    # pandas
    frame = pd.read_parquet(os.path.join(root, "data"))
    check("pandas rows", sorted(frame["id"]), sorted(by_id))
    check("pandas texts", frame["text"].str.len().sum(), chars)
    check("pandas times", str(frame["created"].dtype), "datetime64[us, UTC]")
    some = pd.read_parquet(os.path.join(root, "data"), columns=["id", "chars"], filters=[("chars", ">", 100)])
    check("pandas columns and filter", (list(some.columns), len(some)), (["id", "chars"], long))

    # DuckDB, without pytz
    con = duckdb.connect()
    con.execute("SET TimeZone='UTC'")
    parquet = os.path.join(root, "data", "*.parquet")
    check("duckdb rows", con.execute("SELECT count(*), sum(length(text)) FROM read_parquet(?)", [parquet]).fetchone(), (rows, chars))
    check("duckdb filter", con.execute("SELECT count(*) FROM read_parquet(?) WHERE chars > 100", [parquet]).fetchone(), (long,))
    months = con.execute(
        "SELECT strftime(created, '%Y-%m') m FROM read_parquet(?) WHERE created IS NOT NULL ORDER BY 1", [parquet]
    ).fetchall()
    check("duckdb months", [m for (m,) in months], sorted(r["created"][:7] for r in reference if r["created"]))
    one = reference[len(reference) // 2]
    check("duckdb one id", con.execute("SELECT text FROM read_parquet(?) WHERE id = ?", [parquet, one["id"]]).fetchall(), [(one["text"],)])
    outcomes = os.path.join(root, "audit", "outcomes-*.parquet")
    counts = dict(con.execute("SELECT outcome, count(*) FROM read_parquet(?) GROUP BY 1", [outcomes]).fetchall())
    for outcome in ("kept", "duplicate", "filtered", "rejected", "skipped"):
        check(f"outcomes {outcome}", counts.get(outcome, 0), manifest["outcomes"][outcome])

    # polars
    scan = pl.scan_parquet(parquet)
    check("polars rows", [plain(r) for r in scan.collect().to_dicts()], reference)
    check("polars filter", scan.filter(pl.col("chars") > 100).select("id").collect().height, long)

    # Hugging Face datasets, by the card
    loaded = datasets.load_dataset(root)
    check("datasets splits", {k: v.num_rows for k, v in loaded.items()}, splits)
    check("datasets rows", {r["id"]: plain(r) for s in loaded.values() for r in s}, by_id)
    check("datasets feature", loaded[next(iter(splits))].features["created"].dtype, "timestamp[us, tz=UTC]")
    streamed = datasets.load_dataset(root, streaming=True)
    check("datasets streaming", {r["id"]: plain(r) for s in streamed.values() for r in s}, by_id)
    some = datasets.load_dataset(root, streaming=True, columns=["id", "chars"], filters=[("chars", ">", 100)])
    got = [r for s in some.values() for r in s]
    check("datasets columns and filter", (len(got), set(got[0]) if got else {"id", "chars"}), (long, {"id", "chars"}))

    # JSON lines hold the same rows
    if lines:
        raw = [json.loads(s) for f in lines for s in pl_lines(f)]
        check("jsonl keys", all(list(r) == COLUMNS for r in raw), True)
        check("jsonl rows", {r["id"]: plain(r) for r in raw}, by_id)
        frame = pd.concat([pd.read_json(f, lines=True, dtype=False) for f in lines])
        check("pandas jsonl", (len(frame), frame["text"].str.len().sum()), (rows, chars))
        pattern = os.path.join(root, "jsonl", "*.jsonl.zst")
        query = "SELECT count(*), sum(length(text)) FROM read_json(?, maximum_object_size=134217728)"
        check("duckdb jsonl", con.execute(query, [pattern]).fetchone(), (rows, chars))
        check("polars jsonl", pl.scan_ndjson(lines, infer_schema_length=None).select("id").collect().height, rows)
        folder = os.path.join(root, "jsonl")
        loaded = datasets.load_dataset(folder)
        check("datasets jsonl splits", {k: v.num_rows for k, v in loaded.items()}, splits)
        check("datasets jsonl rows", {r["id"]: plain(r) for s in loaded.values() for r in s}, by_id)
        streamed = datasets.load_dataset(folder, streaming=True)
        check("datasets jsonl streaming", {r["id"] for s in streamed.values() for r in s}, set(by_id))

    # datatrove: id and text are its own, all else is metadata
    def troved(reader):
        return {d.id: plain({"id": d.id, "text": d.text, **d.metadata}) for d in reader.run()}

    check("datatrove parquet", troved(ParquetReader(os.path.join(root, "data"))), by_id)
    if lines:
        check("datatrove jsonl", troved(JsonlReader(os.path.join(root, "jsonl"), glob_pattern="*.jsonl.zst")), by_id)

    # dolma takes no null: the recipe of docs/recipes.md makes its form
    form = dolma_form()
    if form is None:
        print("skip  dolma is not installed")
    else:
        target = os.path.join(tempfile.mkdtemp(prefix="consumers-"), "dolma.jsonl.gz")
        con.execute(f"""COPY (SELECT id, text, coalesce(source, '') AS source,
                    coalesce(strftime(created, '%Y-%m-%dT%H:%M:%S.%gZ'), '') AS created,
                    coalesce(strftime(added, '%Y-%m-%dT%H:%M:%S.%gZ'), '') AS added,
                    {{url: url, title: title, language: language}} AS metadata FROM read_parquet('{parquet}'))
                    TO '{target}' (FORMAT json)""")
        decoder = msgspec.json.Decoder(form)
        with gzip.open(target) as f:
            got = {d.id: (d.text, d.created, d.metadata["url"]) for d in map(decoder.decode, f)}
        check("dolma", got, {r["id"]: (r["text"], r["created"] or "", r["url"]) for r in reference})

    # Croissant: a description that validates may still give no record, so they are counted.
    croissant = mlcroissant.Dataset(os.path.join(root, "croissant.json"))
    check("croissant errors", sorted(croissant.metadata.issues.errors), [])
    records = list(croissant.records("documents"))
    ids = {r["documents/id"].decode() if isinstance(r["documents/id"], bytes) else r["documents/id"] for r in records}
    check("croissant records", (len(records), ids), (rows, set(by_id)))


def dolma_form():
    """The type that dolma's reader decodes a line into, or None. The package itself cannot be imported without all that
    its taggers need, so the one file is."""
    package = importlib.util.find_spec("dolma")
    if package is None:
        return None
    name = os.path.join(package.submodule_search_locations[0], "core", "data_types.py")
    spec = importlib.util.spec_from_file_location("data_types", name)
    module = importlib.util.module_from_spec(spec)
    sys.modules["data_types"] = module
    spec.loader.exec_module(module)
    return module.InputSpecWithMetadata


def pl_lines(name):
    import io

    import zstandard

    with open(name, "rb") as f:
        reader = zstandard.ZstdDecompressor().stream_reader(f, read_across_frames=True)
        # newline="\n": only a line feed ends a line, as in JSON lines.
        yield from io.TextIOWrapper(reader, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]))
    sys.exit(1 if faults else 0)

"""Writes rows whose columns nobody knows beforehand, while they arrive if possible."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from mixpanel_query.command.json_lines import opened
from mixpanel_query.command.output import print_table, write_parquet

__all__ = ["write_rows"]


def write_rows(
    rows: Iterable[object],
    output: Path,
    *,
    shape: str,
    columns: Sequence[str] | None = None,
) -> int:
    """Write rows to ``output`` and return how many there were.

    JSON is written while rows arrive, and CSV if its columns are given; else all rows
    are gathered first. A row that is no mapping stands in a column ``value``.

    Args:
        rows: The rows.
        output: A file, which appears when it is whole; or ``-``.
        shape: ``jsonl``, ``json``, ``csv``; ``parquet`` for a file only; ``table`` for
            ``-`` only.
        columns: The columns of CSV, Parquet and tables; found in the rows, where
            left out.
    """
    if shape in ("jsonl", "json"):
        with opened(output) as file:
            return (
                write_lines(rows, file) if shape == "jsonl" else write_list(rows, file)
            )
    records: Iterable[Mapping[str, object]] = map(record, rows)
    if columns is None:
        records = list(records)
        columns = list(dict.fromkeys(name for each in records for name in each))
    if shape == "table":
        return print_rows(records, columns)
    if shape == "parquet":
        gathered = list(records)
        write_parquet(gathered, columns, output)
        return len(gathered)
    with opened(output, encoding="utf-8") as file:
        return write_csv(records, columns, file)


def write_lines(rows: Iterable[object], file: TextIO) -> int:
    """Write a row a line, in ASCII."""
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one counts
        file.write(json.dumps(row, separators=(",", ":")) + "\n")
    return count


def write_list(rows: Iterable[object], file: TextIO) -> int:
    """Write one JSON array, a row a line."""
    count = 0
    for count, row in enumerate(rows, start=1):
        file.write(("[\n" if count == 1 else ",\n") + json.dumps(row))
    file.write("\n]\n" if count else "[]\n")
    return count


def write_csv(
    records: Iterable[Mapping[str, object]], columns: Sequence[str], file: TextIO
) -> int:
    """Write CSV; a row that lacks a column leaves it empty."""
    count = 0
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for count, each in enumerate(records, start=1):  # noqa: B007 - as above
        writer.writerow([cell(each.get(name)) for name in columns])
    return count


def print_rows(records: Iterable[Mapping[str, object]], columns: Sequence[str]) -> int:
    """Print a table."""
    lines = [[cell(each.get(name)) for name in columns] for each in records]
    if columns:
        print_table(list(columns), lines)
    return len(lines)


def record(row: object) -> dict[str, object]:
    """Return a row by columns; the components of a group's key are columns too."""
    if not isinstance(row, dict):
        return {"value": row}
    key = row.get("key")
    if row.keys() != {"key", "value"} or not isinstance(key, list):
        return row
    return dict([*keyed(key), *valued(row["value"])])


def keyed(key: Sequence[object]) -> Iterator[tuple[str, object]]:
    """Yield the components of a key by column."""
    for place, component in enumerate(key, start=1):
        yield ("key" if len(key) == 1 else f"key {place}"), component


def valued(value: object) -> Iterator[tuple[str, object]]:
    """Yield a value, or the values of several reducers, by column."""
    if not isinstance(value, list):
        yield "value", value
        return
    for place, each in enumerate(value, start=1):
        yield f"value {place}", each


def cell(value: object) -> str:
    """Return a value as text: nothing for null, JSON for what is not a scalar."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

"""Writes answers: as a table for people, as JSON, CSV or Parquet for programs."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mixpanel_query.answers import one_line
from mixpanel_query.command.output_options import (
    note_answer,
    output_file,
    replacing,
)
from mixpanel_query.number_series import SumSeries

if TYPE_CHECKING:
    from mixpanel_query.number_series import AverageSeries
    from mixpanel_query.time_series import TimeSeries

__all__ = ["percent", "print_numbers", "print_records", "print_time_series"]

LONGEST_CELL = 60
NUMBER = re.compile(r"(-?[0-9.,]+(e[+-]?[0-9]+)?%?)?")


def print_time_series(series: TimeSeries, *, shape: str) -> None:
    """Print counts: as a table with a column a name, else with a row a count."""
    if shape != "table":
        print_records(series.to_dicts(), ["name", "date", "value"], shape=shape)
        return
    names = list(series.values)
    rows = [
        [text(when), *(text(series.value(name, when)) for name in names)]
        for when in series.dates
    ]
    if series.type == "general" and rows:
        rows.append(["total", *(text(series.total(name)) for name in names)])
    bucket = f"{series.interval} days" if series.interval else series.unit
    print_table([bucket, *names], rows)


def print_numbers(series: SumSeries | AverageSeries, *, shape: str) -> None:
    """Print numbers: with a total in a table of sums, else with a row a number."""
    if shape != "table":
        print_records(series.to_dicts(), list(series.columns), shape=shape)
        return
    rows = [[text(when), text(series.values[when])] for when in series.dates]
    if isinstance(series, SumSeries) and rows:
        rows.append(["total", text(series.total())])
    name = "sum" if isinstance(series, SumSeries) else "average"
    print_table([series.unit, name], rows)


def print_records(
    records: Sequence[dict[str, object]], columns: list[str], *, shape: str
) -> None:
    """Print records that all have the same columns."""
    note_answer()
    if shape == "json":
        click.echo(json.dumps(records, indent=2, default=text))
    elif shape == "jsonl":
        for record in records:
            click.echo(json.dumps(record, default=text))
    elif shape == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [plain(record[name]) for name in columns] for record in records
        )
    elif shape == "parquet":
        output = output_file(click.get_current_context())
        write_parquet(records, columns, output)
    else:
        print_table(
            columns, [[text(record[name]) for name in columns] for record in records]
        )


def write_parquet(
    records: Sequence[Mapping[str, object]], columns: Sequence[str], output: Path
) -> None:
    """Write records to a file, which appears when it is whole."""
    from mixpanel_query.tables import arrow_table, library

    table = arrow_table(records, columns)
    with replacing(output) as path:
        library("pyarrow.parquet").write_table(table, path)


def print_table(header: list[str], rows: list[list[str]]) -> None:
    """Print a table; on a terminal with rich, where that is installed.

    Names are data from outside: signs that would steer a terminal are taken out.
    """
    header = [one_line(cell, limit=LONGEST_CELL) for cell in header]
    rows = [[one_line(cell, limit=LONGEST_CELL) for cell in row] for row in rows]
    # Numbers stand below one another by their ends, names by their beginnings.
    is_right = [
        bool(index) and all(NUMBER.fullmatch(row[index]) for row in rows)
        for index in range(len(header))
    ]
    if sys.stdout.isatty() and print_rich_table(header, rows, is_right):
        return
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in [header, *rows]:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_right, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def print_rich_table(
    header: list[str], rows: list[list[str]], is_right: list[bool]
) -> bool:
    """Print a table with rich; False if rich is not installed."""
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ModuleNotFoundError:
        return False
    table = Table(box=box.SIMPLE_HEAD)
    for name, right in zip(header, is_right, strict=True):
        table.add_column(Text(name), justify="right" if right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
    return True


def text(value: object) -> str:
    """Return a cell: dates as ISO, averages with two places."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.2f}"
    return plain(value)


def plain(value: object) -> str:
    """Return a value as text, exactly: what is missing as nothing, lists as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return str(value)


def percent(ratio: object) -> str:
    """Return a part of 1 as people read it; nothing for None.

    >>> percent(0.6278), percent(None)
    ('62.8%', '')
    """
    return f"{ratio:.1%}" if isinstance(ratio, (int, float)) else ""

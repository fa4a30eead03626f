"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = [
    "counted",
    "file_argument",
    "format_option",
    "one_line",
    "print_json",
    "print_table",
    "span",
]

Command = TypeVar("Command", bound=Callable[..., Any])
LONGEST_CELL = 100

file_argument = click.argument("file", type=click.Path(path_type=Path))


def format_option(command: Command) -> Command:
    """Add ``--format``."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="How to print what was found.",
    )(command)


def print_json(value: object) -> None:
    """Print a value for programs."""
    click.echo(json.dumps(value, indent=2))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; its header is bold on a terminal."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    for index, row in enumerate([header, *cells]):
        line = "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        click.echo(click.style(line, bold=True) if index == 0 else line)


def one_line(text: str, longest: int = LONGEST_CELL) -> str:
    """Take out what would steer a terminal, and cut what is long.

    >>> one_line("Order" + chr(7) + " Completed", longest=10)
    'Order� Co…'
    """
    clean = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun.

    >>> counted(1, "message"), counted(1200, "message")
    ('1 message', '1,200 messages')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def span(seconds: int | None) -> str:
    """Write a span of time for people.

    >>> span(None), span(59), span(3720), span(200_000)
    ('-', '59 s', '1 h 2 min', '2 d 7 h')
    """
    if seconds is None:
        return "-"
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min {rest} s"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min"

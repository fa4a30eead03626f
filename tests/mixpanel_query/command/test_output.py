"""Tests of mixpanel_query.command.output."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from mixpanel_query import TimeSeries
from mixpanel_query.command.output import print_records, print_time_series

HOSTILE = "a\x1b[31m\nb\u2028[bold]c[/bold]"
MONDAY = date(2026, 11, 9)


class Terminal:
    """A standard output that says that it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep what is written."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_names_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and line ends in names are taken out."""
    print_records([{"event": HOSTILE}], ["event"], shape="table")

    assert capsys.readouterr().out == "event\na [31m b [bold]c[/bold]\n"


def test_terminal_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the table is drawn with rich, and names are no markup."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)

    print_records([{"event": HOSTILE}], ["event"], shape="table")

    assert "─" in terminal.text
    assert "a [31m b [bold]c[/bold]" in terminal.text


def test_terminal_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rich is not installed, the plain table is printed."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setitem(sys.modules, "rich", None)

    print_records([{"event": "A"}], ["event"], shape="table")

    assert terminal.text == "event\nA\n"


def test_long_names_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """A name of a thousand letters leaves room for the rest."""
    print_records([{"event": "x" * 1000}], ["event"], shape="table")

    assert len(capsys.readouterr().out.splitlines()[1]) == 60


def test_averages(capsys: pytest.CaptureFixture[str]) -> None:
    """Averages have two places in the table, all of them in JSON, and no total."""
    series = TimeSeries("average", "week", (MONDAY,), {"A": {MONDAY: 4 / 3}})

    print_time_series(series, shape="table")
    print_time_series(series, shape="jsonl")

    assert capsys.readouterr().out.splitlines() == [
        "week           A",
        "2026-11-09  1.33",
        '{"name": "A", "date": "2026-11-09", "value": 1.3333333333333333}',
    ]


def test_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty answer is an empty table."""
    print_time_series(TimeSeries("general", "day", (), {}), shape="table")

    assert capsys.readouterr().out == "day\n"


def test_names_begin_and_numbers_end_below_one_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A column of numbers, some missing, is right-aligned; any other is not."""
    rows: list[dict[str, object]] = [
        {"day": MONDAY, "count": 7, "name": "a", "mixed": "1"},
        {"day": MONDAY, "count": "", "name": "bcd", "mixed": "x"},
        {"day": MONDAY, "count": -1.5, "name": "", "mixed": 1e99},
    ]
    print_records(rows, ["day", "count", "name", "mixed"], shape="table")

    assert capsys.readouterr().out.splitlines() == [
        "day         count  name  mixed",
        "2026-11-09      7  a     1",
        "2026-11-09         bcd   x",
        "2026-11-09  -1.50        1e+99",
    ]

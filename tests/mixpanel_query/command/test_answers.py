"""What commands of mixpanel-query print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mixpanel_query.command.program import run

from .typed_commands import WEEK, Make

COUNTS = json.dumps(
    {
        "data": {
            "series": ["2026-11-10", "2026-11-09"],
            "values": {
                "Sign Up": {"2026-11-09": 3, "2026-11-10": 40},
                "Purchase": {"2026-11-09": 1},
            },
        }
    }
).encode()


def test_events_table(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts are a table with a column an event and a total."""
    answering(COUNTS)

    assert run(["events", "Sign Up", "Purchase", *WEEK]) == 0
    assert capsys.readouterr().out == (
        "day         Sign Up  Purchase\n"
        "2026-11-09        3         1\n"
        "2026-11-10       40         0\n"
        "total            43         1\n"
    )


def test_events_json(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, counts are a list of rows."""
    answering(COUNTS)

    assert run(["events", "Sign Up", *WEEK, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "Sign Up", "date": "2026-11-09", "value": 3},
        {"name": "Sign Up", "date": "2026-11-10", "value": 40},
        {"name": "Purchase", "date": "2026-11-09", "value": 1},
        {"name": "Purchase", "date": "2026-11-10", "value": 0},
    ]


def test_events_csv(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV, counts are rows below their names."""
    answering(COUNTS)

    assert run(["events", "Purchase", *WEEK, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "name,date,value",
        "Sign Up,2026-11-09,3",
    ]


def test_events_asks_what_was_typed(answering: Make) -> None:
    """Type, unit and days reach the server."""
    server = answering(COUNTS)
    typed = ["events", "Purchase", *WEEK, "--type", "unique", "--unit", "week"]

    assert run(typed) == 0
    request = server.requests[0]
    for part in ["type=unique", "unit=week", "from_date=2026-11-09", "id=12345"]:
        assert part in request


def test_segmentation(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Segments are asked for with all options."""
    server = answering(COUNTS)
    options = [
        "--on",
        'user["x"]',
        "--where",
        "y",
        "--type",
        "unique",
        "--interval",
        "7",
    ]

    assert run(["segmentation", "A", *WEEK, *options, "--limit", "5"]) == 0
    assert "/api/query/segmentation?event=A&" in server.requests[0]
    for part in [
        "on=user%5B%22x%22%5D",
        "where=y",
        "type=unique",
        "interval=7",
        "limit=5",
    ]:
        assert part in server.requests[0]
    assert "total" not in capsys.readouterr().out


def test_event_names(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Names are one a line, as JSON Lines too."""
    answering(b'["Sign Up", "\\u010d"]')

    assert run(["event-names", "--format", "jsonl"]) == 0
    assert capsys.readouterr().out == '{"event": "Sign Up"}\n{"event": "\\u010d"}\n'


def test_hours_of_a_project(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hours without an offset are read in the timezone that was given."""
    answering(b'{"data":{"series":[],"values":{"A":{"2026-11-09 13:00:00":2}}}}')
    typed = ["--timezone", "Asia/Tokyo", "events", "A", *WEEK, "--unit", "hour"]

    assert run([*typed, "--format", "csv"]) == 0
    assert "A,2026-11-09T13:00:00+09:00,2" in capsys.readouterr().out


def test_export_to_standard_output(
    answering: Make, row: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a file, events are printed as the rows they are; talk goes to stderr."""
    answering(row(1) + row(2))

    assert run(["export", *WEEK, "--event", "Sign Up", "--where", "true"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [
        json.loads(row(1)),
        json.loads(row(2)),
    ]
    assert err == "2 events exported\n"


def test_export_to_a_file(answering: Make, row: Make, tmp_path: Path) -> None:
    """A file holds an event a line, and nothing else is left in its folder."""
    answering(row(1) + row(2))
    target = tmp_path / "week.jsonl"

    assert run(["export", *WEEK, "-o", str(target)]) == 0
    assert len(target.read_bytes().splitlines()) == 2
    assert list(tmp_path.iterdir()) == [target]


def test_cut_export_leaves_no_file(
    answering: Make, row: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cut export fails, and leaves neither a half file nor its remains."""
    answering(row(1) + b"export terminated early")

    assert run(["export", *WEEK, "-o", str(tmp_path / "week.jsonl")]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "is not whole after 1 events" in capsys.readouterr().err

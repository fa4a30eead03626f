"""Tests of the counting commands, against a server on a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet
import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
WEEK = ["--from", "2026-11-09", "--to", "2026-11-15"]
AMOUNT = 'properties["Amount"]'
COUNTS = {
    "data": {
        "series": ["2026-11-10", "2026-11-09"],
        "values": {"Pro": {"2026-11-09": 3, "2026-11-10": 40}, "b": {"2026-11-09": 1}},
    }
}
TABLE = """\
day         Pro  b
2026-11-09    3  1
2026-11-10   40  0
total        43  1
"""
SUMS = {"results": {"2026-11-10": 4.25, "2026-11-09": 1234567}}


@pytest.fixture
def answering(scripted: Make, reply: Make, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Start a server that answers with a body, and point the environment at it."""
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")

    def start(*bodies: object) -> Any:  # noqa: ANN401 - conftest's own
        server = scripted(*(reply(json.dumps(body).encode()) for body in bodies))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start


def sent(server: Any) -> dict[str, str]:  # noqa: ANN401 - conftest's own
    """Return path and parameters of the first request, but the project."""
    address = urlsplit(server.requests[0].split(" ")[1])
    params = {name: value[0] for name, value in parse_qs(address.query).items()}
    return {
        "path": address.path,
        **{k: v for k, v in params.items() if k[-3:] != "_id"},
    }


def test_events_of_an_interval(answering: Make) -> None:
    """Units back from now are counted without days."""
    server = answering(COUNTS)

    assert run(["events", "Pro", "--interval", "3", "--unit", "week"]) == 0
    assert sent(server)["interval"] == "3"
    assert "from_date" not in sent(server)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ([], "no days given"),
        (["--from", "7d"], "--from given"),
        (["--to", "today", "--interval", "3"], "--to and --interval given"),
        ([*WEEK, "--interval", "3"], "--from and --to and --interval given"),
    ],
)
@pytest.mark.parametrize(
    "command", [["events", "Pro"], ["event-properties", "Pro", "Plan"]], ids=" ".join
)
def test_events_of_no_days(
    answering: Make,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    typed: list[str],
    given: str,
) -> None:
    """Days that are half given, or twice, were typed wrong; the flags are named."""
    server = answering()

    assert run([*command, *typed]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"Error: {given}; "
        "give --from and --to, such as --from 7d --to today, or --interval"
    )
    assert server.requests == []


def test_event_names_of_half_the_days(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names have a window or none, but no interval."""
    answering()

    assert run(["event-names", "--to", "today"]) == 2
    assert capsys.readouterr().err.endswith("--from 7d --to today, or neither\n")


def test_event_names_of_days(answering: Make) -> None:
    """Names may be those of other days."""
    server = answering(["a"])

    assert run(["event-names", *WEEK]) == 0
    assert sent(server)["from_date"] == "2026-11-09"


def test_no_recent_event_names(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing happened lately, how to see what happened before is said."""
    answering([])

    assert run(["event-names"]) == 0
    assert capsys.readouterr() == (
        "event\n",
        "Warning: no event in the last 31 days; for others give --from and --to\n",
    )


def test_no_event_names_of_days(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who gave days knows how to give others."""
    answering([])

    assert run(["event-names", *WEEK]) == 0
    assert capsys.readouterr() == ("event\n", "")


def test_top_events(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Today's events have their change beside them."""
    server = answering(
        {
            "events": [
                {"event": "Page View", "amount": 75, "percent_change": -0.2021},
                {"event": "New", "amount": 2, "percent_change": None},
            ]
        }
    )

    assert run(["top-events", "--type", "unique", "--limit", "2"]) == 0
    assert sent(server) == {
        "path": "/api/query/events/top",
        "type": "unique",
        "limit": "2",
    }
    assert capsys.readouterr().out == (
        "event      amount  percent_change\n"
        "Page View      75           -0.20\n"
        "New             2\n"
    )


def test_event_properties(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Values are columns."""
    server = answering(COUNTS)
    options = ["--value", "Pro", "--value", "b", "--limit", "5"]

    assert run(["event-properties", "Purchase", "Plan", *WEEK, *options]) == 0
    assert sent(server) == {
        "path": "/api/query/events/properties",
        "event": "Purchase",
        "name": "Plan",
        "values": '["Pro", "b"]',
        "type": "general",
        "unit": "day",
        "limit": "5",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
    }
    assert capsys.readouterr().out == TABLE


def test_property_names(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Properties come commonest first, with their counts."""
    server = answering({"Plan": {"count": 91}, "Amount": {"count": 295}})

    assert run(["property-names", "Purchase", "--format", "csv"]) == 0
    assert sent(server)["path"] == "/api/query/events/properties/top"
    assert capsys.readouterr().out == "name,count\nAmount,295\nPlan,91\n"


def test_property_values(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Values are one a line."""
    server = answering(["cat", "dog"])

    assert run(["property-values", "Purchase", "Pet"]) == 0
    assert sent(server) == {
        "path": "/api/query/events/properties/values",
        "event": "Purchase",
        "name": "Pet",
        "limit": "255",
    }
    assert capsys.readouterr().out == "value\ncat\ndog\n"


def test_segmentation_numeric(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ranges are columns."""
    server = answering(COUNTS)

    assert run(["segmentation-numeric", "Purchase", *WEEK, "--on", AMOUNT]) == 0
    assert sent(server)["path"] == "/api/query/segmentation/numeric"
    assert sent(server)["on"] == AMOUNT
    assert capsys.readouterr().out == TABLE


def test_segmentation_sum(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Sums have a total."""
    server = answering(SUMS)
    options = ["--on", AMOUNT, "--where", "true", "--unit", "day"]

    assert run(["segmentation-sum", "Purchase", *WEEK, *options]) == 0
    assert sent(server)["path"] == "/api/query/segmentation/sum"
    assert sent(server)["where"] == "true"
    assert capsys.readouterr().out == (
        "day                sum\n"
        "2026-11-09     1234567\n"
        "2026-11-10        4.25\n"
        "total       1234571.25\n"
    )


def test_segmentation_average(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Averages have no total."""
    server = answering(SUMS)

    assert run(["segmentation-average", "Purchase", *WEEK, "--on", AMOUNT]) == 0
    assert sent(server)["path"] == "/api/query/segmentation/average"
    assert capsys.readouterr().out.splitlines()[-1] == "2026-11-10     4.25"


def test_sums_for_programs(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV, sums are exact, and no total is among them."""
    answering(SUMS)
    options = ["--on", AMOUNT, "--format", "csv"]

    assert run(["segmentation-sum", "Purchase", *WEEK, *options]) == 0
    assert capsys.readouterr().out == (
        "date,value\n2026-11-09,1234567\n2026-11-10,4.25\n"
    )


def test_bare_name(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """A name alone is refused with the expression that was meant."""
    answering()

    assert run(["segmentation-sum", "Purchase", *WEEK, "--on", "Amount"]) == 2
    assert 'write properties["Amount"]' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        (["event-properties", "A", "b", *WEEK], {"data": {"series": [], "values": {}}}),
        (["property-names", "A"], {}),
        (["property-values", "A", "b"], []),
        (["segmentation-sum", "A", *WEEK, "--on", "1"], {"results": {}}),
        (["segmentation-average", "A", *WEEK, "--on", "1"], {"results": {}}),
        (
            ["segmentation-numeric", "A", *WEEK, "--on", "1"],
            {"data": {"series": [], "values": {}}},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) and value else "",
)
def test_nothing_found(
    answering: Make,
    capsys: pytest.CaptureFixture[str],
    typed: list[str],
    body: object,
) -> None:
    """Whoever finds nothing of an event is told whether there is one."""
    answering(body, ["AA"])

    assert run(typed) == 0
    assert capsys.readouterr().err == (
        "Warning: no event 'A' in the last 31 days; nearest is 'AA'\n"
    )


def test_parquet(
    answering: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer can be a Parquet file, which the ending of its name asks for."""
    answering(COUNTS)
    file = tmp_path / "counts.parquet"

    assert run(["events", "Pro", "b", *WEEK, "-o", str(file)]) == 0
    table = pyarrow.parquet.read_table(file)
    assert table.column_names == ["name", "date", "value"]
    assert table.schema.field("date").type == pyarrow.date32()
    assert table["value"].to_pylist() == [3, 40, 1, 0]
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == [file]

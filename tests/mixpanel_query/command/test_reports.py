"""Tests of the commands for funnels, retention and frequency, against a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]
WEEK = ["--from", "2026-11-09", "--to", "2026-11-15"]


def raw_step(event: str, count: int, label: str | None = None) -> dict[str, object]:
    """A step of a funnel, as Mixpanel answers it."""
    step = {"event": event, "count": count, "avg_time": 133, "avg_time_from_start": 133}
    return {**step, "step_label": label} if label else step


FUNNEL = {
    "data": {
        "2026-11-09": {
            "steps": [
                raw_step("App Open", 32688),
                raw_step("$custom_event:12345", 20524, "Game Played"),
            ]
        }
    }
}
RETENTION = {
    "2026-11-10": {"counts": [120, 6], "first": 1030},
    "2026-11-09": {"counts": [9, 7, 6], "first": 10},
    "2026-11-11": {"counts": [0], "first": 0},
}
FREQUENCY = {"data": {"2026-11-09": [305, 107, 0, 0], "2026-11-10": [1495, 204]}}


def test_funnels(command_server: Make, capsys: Captured) -> None:
    """Funnels are numbers and names."""
    command_server([{"funnel_id": 7509, "name": "Signup funnel"}])

    assert run(["funnels"]) == 0
    assert capsys.readouterr().out == (
        "funnel_id  name\n"  # as Mixpanel calls it
        "7509       Signup funnel\n"
    )


def test_funnel(command_server: Make, capsys: Captured) -> None:
    """The table has users, and which part they are of those before."""
    command_server(FUNNEL)

    assert run(["funnel", "7509", *WEEK]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "date        step  event        users  of previous  of first  seconds",
        "2026-11-09     1  App Open     32688       100.0%    100.0%",
        "2026-11-09     2  Game Played  20524        62.8%     62.8%      133",
    ]


def test_funnel_that_is_not_there(
    scripted: Make,
    reply: Make,
    command_server: Make,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    """Whoever asks for another number is shown where the numbers are."""
    command_server()
    server = scripted(reply(b'{"error": "there is no funnel 7"}', status=404))
    monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)

    assert run(["funnel", "7", *WEEK]) == 1
    assert capsys.readouterr().err.endswith("; see: mixpanel-query funnels\n")


def test_funnel_by_segment(command_server: Make, sent: Make, capsys: Captured) -> None:
    """Broken down, the table begins with the segment; every option is sent."""
    steps = {"$overall": [raw_step("A", 10)], "pro": [raw_step("A", 4)]}
    server = command_server({"data": {"2026-11-09": steps}})
    options = ["--length", "3", "--length-unit", "day", "--unit", "week"]
    options += ["--on", 'properties["plan"]', "--where", 'properties["a"] == 1']

    assert run(["funnel", "7509", *WEEK, *options, "--limit", "5"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["$overall", "2026-11-09", "1", "A", "10", "100.0%", "100.0%"],
        ["pro", "2026-11-09", "1", "A", "4", "100.0%", "100.0%"],
    ]
    assert sent(server)[1] == {
        "funnel_id": "7509",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "length": "3",
        "length_unit": "day",
        "unit": "week",
        "on": 'properties["plan"]',
        "where": 'properties["a"] == 1',
        "limit": "5",
        "project_id": "12345",
    }


def test_funnel_csv(command_server: Make, capsys: Captured) -> None:
    """As CSV there is everything, and nothing where there is no number."""
    command_server(FUNNEL)

    assert run(["funnel", "7509", *WEEK, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "segment,date,step,event,label,count,step_conv_ratio,overall_conv_ratio,"
        "avg_time,avg_time_from_start",
        "$overall,2026-11-09,1,App Open,App Open,32688,1.0,1.0,,",
    ]


def test_retention(command_server: Make, capsys: Captured) -> None:
    """The table has a row a bucket, and a column an interval."""
    command_server(RETENTION)

    assert run(["retention", *WEEK, "--born-event", "Sign Up"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "began       users  day 0  day 1  day 2",
        "2026-11-09     10  90.0%  70.0%  60.0%",
        "2026-11-10   1030  11.7%   0.6%",
        "2026-11-11      0",
    ]


def test_retention_by_segment(
    command_server: Make, sent: Make, capsys: Captured
) -> None:
    """Broken down, the table begins with the segment; every option is sent."""
    server = command_server({"2026-11-09": {"pro": RETENTION["2026-11-09"]}})
    options = ["--born-event", "Sign Up", "--event", "Purchase", "--interval", "7"]
    options += ["--born-where", 'properties["b"]', "--where", 'properties["a"]']
    options += ["--interval-count", "2", "--unbounded-retention"]
    options += ["--on", 'properties["plan"]', "--limit", "5"]

    assert run(["retention", *WEEK, *options]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "segment  began       users  7 days 0  7 days 1  7 days 2",
        "pro      2026-11-09     10     90.0%     70.0%     60.0%",
    ]
    assert sent(server)[1] == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "retention_type": "birth",
        "born_event": "Sign Up",
        "event": "Purchase",
        "interval": "7",
        "born_where": 'properties["b"]',
        "where": 'properties["a"]',
        "interval_count": "2",
        "unbounded_retention": "true",
        "on": 'properties["plan"]',
        "limit": "5",
        "project_id": "12345",
    }


def test_retention_jsonl(command_server: Make, capsys: Captured) -> None:
    """As JSON Lines an interval is a line, with its count."""
    command_server(RETENTION)
    typed = ["--retention-type", "compounded", "--event", "Purchase"]

    assert run(["retention", *WEEK, *typed, "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[1]) == {
        "segment": "$overall",
        "date": "2026-11-09",
        "first": 10,
        "interval": 1,
        "count": 7,
        "ratio": 0.7,
    }


def test_unknown_events_are_told(command_server: Make, capsys: Captured) -> None:
    """Whoever counted nobody hears that the event may be misspelt."""
    command_server({}, ["Sign Up", "Purchase"])

    typed = ["--born-event", "sign-up", "--event", "Purchase"]
    assert run(["retention", *WEEK, *typed]) == 0
    captured = capsys.readouterr()
    assert captured.out == "began  users\n"
    assert captured.err == (
        "Warning: no event 'sign-up' in the last 31 days; nearest is 'Sign Up'\n"
    )


def test_unknown_event_of_a_frequency(command_server: Make, capsys: Captured) -> None:
    """Whoever counted nobody hears that the event may be misspelt."""
    command_server({"data": {"2026-11-09": [0, 0]}}, ["Purchase"])

    assert run(["frequency", *WEEK, "--event", "purchase"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["day         1+", "2026-11-09   0"]
    assert "no event 'purchase' in the last 31 days; nearest is 'Purchase'" in (
        captured.err
    )


def test_any_event_is_not_unknown(command_server: Make, capsys: Captured) -> None:
    """Where no event was named, none is looked up; what is missing counts as 0."""
    server = command_server({"data": {"2026-11-09": [], "2026-11-10": [0]}})

    assert run(["frequency", *WEEK]) == 0
    captured = capsys.readouterr()
    assert [line.split() for line in captured.out.splitlines()] == [
        ["day", "1+"],
        ["2026-11-09", "0"],
        ["2026-11-10", "0"],
    ]
    assert captured.err == ""
    assert len(server.requests) == 1


def test_frequency(command_server: Make, sent: Make, capsys: Captured) -> None:
    """The table leaves out the columns that nobody reached."""
    server = command_server(FREQUENCY)
    typed = ["--unit", "week", "--addiction-unit", "day", "--event", "Purchase"]

    assert run(["frequency", *WEEK, *typed]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "week          1+   2+",
        "2026-11-09   305  107",
        "2026-11-10  1495  204",
    ]
    assert sent(server)[1]["addiction_unit"] == "day"


def test_frequency_csv(command_server: Make, capsys: Captured) -> None:
    """As CSV every count is there."""
    command_server(FREQUENCY)

    assert run(["frequency", *WEEK, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "segment,date,at_least,count",
        "$overall,2026-11-09,1,305",
        "$overall,2026-11-09,2,107",
    ]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["funnel", "7509", *WEEK, "--limit", "5"], "--limit 5 counts segments"),
        (
            ["funnel", "7509", *WEEK, "--unit", "day", "--interval", "2"],
            "unit 'day' and",
        ),
        (
            ["funnel", "signup", *WEEK],
            "'signup' is no number of a funnel; see: mixpanel-",
        ),
        (["funnel", "0", *WEEK], "no number of a funnel; see: mixpanel-query funnels"),
        (["retention", *WEEK], "retention_type 'birth' has no born_event"),
        (["retention", *WEEK, "--limit", "5"], "--limit 5 counts segments"),
        (["retention", *WEEK, "--interval", "91"], "91 is not in the range 1<=x<=90"),
        (["retention", *WEEK, "--interval-count", "0"], "0 is not in the range x>=1"),
        (["frequency", *WEEK, "--limit", "5"], "--limit 5 counts segments"),
        (["insights", "0"], "0 is not in the range"),
        (["activity", *WEEK], "Missing argument 'DISTINCT_ID...'"),
        (["activity", "", *WEEK], "distinct_id '' is no id"),
    ],
)
def test_what_was_typed_wrong(
    command_server: Make, capsys: Captured, typed: list[str], problem: str
) -> None:
    """What cannot be asked is a mistake in what was typed, and nothing is sent."""
    server = command_server()

    assert run(typed) == 2
    assert problem in capsys.readouterr().err
    assert server.requests == []

"""Tests of the commands insights, cohorts and activity, against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]
WEEK = ["--from", "2026-11-09", "--to", "2026-11-15"]
REPORT = {
    "computed_at": "2026-11-16T16:35:41+00:00",
    "date_range": {"from_date": "2026-11-09", "to_date": "2026-11-15"},
    "headers": ["$metric", "plan"],
    "series": {
        "Logins": {
            "$overall": {"2026-11-09": 9, "2026-11-10": 4.5},
            "pro": {"2026-11-09": 8},
        }
    },
}


def test_insights(command_server: Make, sent: Make, capsys: Captured) -> None:
    """Few values stand side by side, and what was left out is empty."""
    server = command_server(REPORT)

    assert run(["insights", "12345"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "date        Logins / $overall  Logins / pro",
        "2026-11-09                  9             8",
        "2026-11-10               4.50",
    ]
    assert sent(server)[1]["bookmark_id"] == "12345"


def test_insights_with_many_values(command_server: Make, capsys: Captured) -> None:
    """Many values stand below one another."""
    many = {f"plan {number}": {"2026-11-09": number} for number in range(7)}
    command_server({**REPORT, "series": {"Logins": many}})

    assert run(["insights", "12345"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "$metric  plan    date        value",
        "Logins   plan 0  2026-11-09      0",
    ]


def test_insights_with_six_values(command_server: Make, capsys: Captured) -> None:
    """As many as six stand side by side."""
    many = {f"plan {number}": {"2026-11-09": number} for number in range(6)}
    command_server({**REPORT, "series": {"Logins": many}})

    assert run(["insights", "1"]) == 0
    assert capsys.readouterr().out.startswith("date        Logins / plan 0  Logins / p")


def test_insights_that_are_not_over_time(
    command_server: Make, capsys: Captured
) -> None:
    """A report without dates has no column for them."""
    command_server({**REPORT, "series": {"Logins": {"pro": {"all": 7}}}})

    assert run(["insights", "12345"]) == 0
    assert capsys.readouterr().out == "$metric  plan  value\nLogins   pro       7\n"


def test_insights_csv(command_server: Make, capsys: Captured) -> None:
    """As CSV a value is a line."""
    command_server(REPORT)

    assert run(["insights", "12345", "--unit", "day", "--format", "csv"]) == 0
    assert capsys.readouterr().out == (
        "$metric,plan,date,value\n"
        "Logins,$overall,2026-11-09,9\n"
        "Logins,$overall,2026-11-10,4.5\n"
        "Logins,pro,2026-11-09,8\n"
    )


def test_cohorts(command_server: Make, capsys: Captured) -> None:
    """Cohorts are listed with their size."""
    cohort = {"id": 1000, "name": "Cohort One", "count": 150, "description": "All"}
    more = {"created": "2019-03-19 23:49:51", "is_visible": 1, "project_id": 1}
    command_server([{**cohort, **more}])

    assert run(["cohorts"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "id    name        count  created              is_visible  description",
        "1000  Cohort One    150  2019-03-19T23:49:51  True        All",
    ]


def test_projects(command_server: Make, capsys: Captured) -> None:
    """Projects are listed with their timezones."""
    shop = {"name": "Shop", "timezone": "Europe/London", "organization_id": 7}
    command_server({"status": "ok", "results": {"projects": {"12345": shop}}})

    assert run(["projects"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "id     name  timezone",
        "12345  Shop  Europe/London",
    ]


def test_activity(command_server: Make, sent: Make, capsys: Captured) -> None:
    """Events are listed with what else Mixpanel says of them."""
    said = {"time": 1599589453, "$distinct_id": "ann", "$city": "Škofja Loka"}
    server = command_server(
        {"results": {"events": [{"event": "Game Played", "properties": said}]}}
    )

    assert run(["activity", "ann", "joe", *WEEK]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "time                       distinct_id  event        properties",
        '2020-09-08T18:24:13+00:00  ann          Game Played  {"$city": "Škofja Loka"}',
    ]
    assert sent(server)[1]["distinct_ids"] == '["ann", "joe"]'


def test_activity_jsonl(command_server: Make, capsys: Captured) -> None:
    """As JSON Lines, properties are whole."""
    said = {"time": 1599589453, "$distinct_id": "ann", "$city": "Austin"}
    command_server({"results": {"events": [{"event": "Played", "properties": said}]}})

    assert run(["activity", "ann", *WEEK, "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "time": "2020-09-08T18:24:13+00:00",
        "distinct_id": "ann",
        "event": "Played",
        "properties": said,
    }

"""Saved Insights reports: how they are given, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ServiceAccount, event_property
from mixpanel_query.local import LocalProject, LocalProjectError

ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
WEEK = {"from_date": "2026-10-26", "to_date": "2026-11-01"}


def line(number: int, time: str, user: str, **properties: object) -> str:
    """Return an event A as a line of a file; the time is UTC."""
    seconds = int(datetime.fromisoformat(f"{time}+00:00").timestamp())
    about = {"time": seconds, "distinct_id": user, "$insert_id": f"i{number}"}
    return json.dumps({"event": "A", "properties": {**about, **properties}}) + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """Give a project in Los Angeles, where clocks went back on 2026-11-01."""
    path = tmp_path / "events.jsonl"
    path.write_text(
        line(1, "2026-10-26T07:00:00", "u1", plan="pro")
        + line(2, "2026-10-26T08:00:00", "u1", plan="free")
        + line(3, "2026-11-02T07:59:59", "u2", plan="pro")
        + line(4, "2026-10-26T06:59:59", "u3", plan="pro")
    )
    with LocalProject(
        timezone="America/Los_Angeles", clock=lambda: NOW, credentials=ACCOUNT
    ) as serving:
        serving.load(path)
        yield serving


def ask(project: LocalProject, number: object = 1) -> Any:  # noqa: ANN401
    """Ask for a report over HTTP, and return the document."""
    response = httpx.get(
        f"{project.base_url}/api/query/insights",
        params={"bookmark_id": str(number), "project_id": "7"},
        auth=("reports", "s3cret-s3cret"),
        trust_env=False,
    )
    return {"status": response.status_code, **response.json()}


def test_an_answer_has_the_documented_shape(project: LocalProject) -> None:
    """Days are midnights with their offset, and the last one ends before midnight."""
    project.save_report(
        1, events="A", from_date=date(2026, 10, 31), to_date="2026-11-01"
    )

    assert ask(project) == {
        "status": 200,
        "computed_at": "2026-11-22T12:00:00+00:00",
        "date_range": {
            "from_date": "2026-10-31T00:00:00-07:00",
            "to_date": "2026-11-01T23:59:59.999000-08:00",
        },
        "headers": ["$event"],
        "series": {
            "A": {"2026-10-31T00:00:00-07:00": 0, "2026-11-01T00:00:00-07:00": 1}
        },
    }


@pytest.mark.parametrize(
    ("unit", "kind", "expected"),
    [
        ("week", "general", {"2026-10-26T00:00:00-07:00": 3}),
        ("week", "unique", {"2026-10-26T00:00:00-07:00": 2}),
        (
            "month",
            "unique",
            {"2026-10-01T00:00:00-07:00": 1, "2026-11-01T00:00:00-07:00": 1},
        ),
        (None, "unique", {"all": 2}),
        (None, "average", {"all": 1.5}),
    ],
)
def test_units_and_kinds(
    project: LocalProject, unit: str | None, kind: str, expected: dict[str, float]
) -> None:
    """A user counts once a bucket; one bucket for all days has the key ``all``."""
    project.save_report(1, events="A", **WEEK, unit=unit, kind=kind)

    assert ask(project)["series"] == {"A": expected}


def test_a_breakdown_has_everything_together_too(project: LocalProject) -> None:
    """The user of two plans counts once over all; an event B has nothing."""
    project.save_report(
        1,
        events=["A", "B"],
        **WEEK,
        unit=None,
        kind="unique",
        where=event_property("plan").defined(),
        on=event_property("plan"),
    )
    found = ask(project)

    assert found["headers"] == ["$event", "plan"]
    assert found["series"] == {
        "A": {"$overall": {"all": 2}, "pro": {"all": 2}, "free": {"all": 1}},
        "B": {"$overall": {"all": 0}},
    }


def test_the_client_reads_reports(project: LocalProject) -> None:
    """By name and date, over time and not, broken down and not."""
    project.save_report(1, events="A", **WEEK, unit="day")
    project.save_report(2, events="A", **WEEK, unit="hour", on='properties["plan"]')
    project.save_report(3, events="A", **WEEK, unit=None, kind="unique")
    with Client(ACCOUNT, base_url=project.base_url) as client:
        days = client.insights(1, unit="day")
        hours = client.insights(2, unit="hour")
        whole = client.insights(3)

    assert days.value("A", when=date(2026, 10, 26)) == 2
    assert days.to_date == date(2026, 11, 1)
    assert hours.value("A", "free", when=hours.dates[1]) == 1
    assert hours.dates[1] == datetime(2026, 10, 26, 8, tzinfo=timezone.utc)
    assert len(hours.dates) == 7 * 24 + 1
    assert whole.value("A") == 2


def test_a_report_is_replaced_and_kept(tmp_path: Path) -> None:
    """The last one of a number counts, also after a restart."""
    path = tmp_path / "project.db"
    with LocalProject(path, clock=lambda: NOW) as project:
        project.save_report(1, events="A", **WEEK)
        project.save_report(1, events="B", **WEEK, unit=None)
    with LocalProject(path, clock=lambda: NOW) as project:
        assert ask(project)["series"] == {"B": {"all": 0}}


def test_a_report_that_is_not_there_is_said(project: LocalProject) -> None:
    """A number without a report is 404, and no number is 400."""
    assert ask(project, 5)["status"] == 404
    assert ask(project, 5)["error"] == "there is no report 5"
    assert ask(project, "")["error"] == "bookmark_id is missing"
    assert ask(project, "x")["status"] == 400


def test_days_that_are_not_over_are_refused(project: LocalProject) -> None:
    """A report may be saved for later, and is refused until then."""
    project.save_report(1, events="A", from_date="2026-11-20", to_date="2026-11-23")

    assert ask(project)["status"] == 400
    assert "later than today" in ask(project)["error"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bookmark_id": 0}, "report 0: bookmark_id is no whole number from 1"),
        ({"bookmark_id": True}, "bookmark_id is no whole number"),
        ({"bookmark_id": "1"}, "bookmark_id is no whole number"),
        ({"events": []}, "report 1: events is no list of names"),
        ({"events": [""]}, "events is no list of names"),
        ({"events": [5]}, "events is no list of names"),
        ({"events": 5}, "events is neither a name nor a list"),
        ({"events": ["\ud800"]}, "half a character"),
        ({"from_date": "2026-11-31"}, "from_date '2026-11-31' is not a day"),
        ({"from_date": 5}, "from_date is no text"),
        ({"to_date": "2026-10-01"}, "from_date 2026-10-26 is later than to_date"),
        ({"unit": "year"}, "unit 'year' is not one of hour, day, week, month"),
        ({"unit": ["day"]}, "is not one of hour, day, week, month"),
        ({"kind": "sum"}, "kind 'sum' is not one of general, unique, average"),
        ({"where": "plan"}, "report 1: where is no expression"),
        ({"where": 5}, "where is no text"),
        ({"on": None}, "on is no text"),
        ({"name": "x"}, "a report is an object with bookmark_id, events, from_date"),
    ],
)
def test_a_wrong_definition_is_refused(
    project: LocalProject, tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    """The file and the report are named, and what would be right."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"bookmark_id": 1, "events": "A", **WEEK, **changed}))

    with pytest.raises(LocalProjectError, match=message) as caught:
        project.load_reports(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the file is not JSON"),
        ("5", "a report is an object with"),
        ('{"bookmark_id": 1}', "a report has no events and no from_date"),
    ],
)
def test_a_file_without_reports_is_refused(
    project: LocalProject, tmp_path: Path, text: str, message: str
) -> None:
    """One clear line says what the file has to be."""
    path = tmp_path / "report.json"
    path.write_text(text)

    with pytest.raises(LocalProjectError, match=message):
        project.load_reports(path)
    with pytest.raises(LocalProjectError, match="cannot read"):
        project.load_reports(tmp_path / "missing.json")


def test_a_file_may_have_several_reports(project: LocalProject, tmp_path: Path) -> None:
    """All of them are saved, or none if one is wrong."""
    path = tmp_path / "reports.json"
    good = [{"bookmark_id": n, "events": ["A"], **WEEK, "unit": None} for n in (1, 2)]
    path.write_text(json.dumps([*good, {**good[0], "kind": "x"}]))
    with pytest.raises(LocalProjectError):
        project.load_reports(path)
    before = ask(project, 2)["status"]
    path.write_text(json.dumps(good))

    assert before == 404
    assert project.load_reports(path) == 2
    assert ask(project, 2)["series"] == {"A": {"all": 3}}

"""Tests of the clients and the command against a local project on a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query import ServiceAccount
from mixpanel_query.command.program import run
from mixpanel_query.exceptions import CredentialsRefusedError, QueryRefusedError
from mixpanel_query.local import LocalProject
from mixpanel_schema import Event

Make = Callable[..., Any]
SIGN_UP, PURCHASE = Event("Sign Up"), Event("Purchase")
ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
WINDOW = ("2026-11-09", "2026-11-10")
MONDAY, TUESDAY = date(2026, 11, 9), date(2026, 11, 10)


def at(day: int, hour: int) -> int:
    """The epoch seconds of an hour of November 2026, in UTC."""
    return int(datetime(2026, 11, day, hour, tzinfo=timezone.utc).timestamp())


# Ada signs up on Monday and buys twice; Ben signs up late on Tuesday.
ROWS = [
    ("Sign Up", "ada", at(9, 8), "1", {"plan": "pro"}),
    ("Purchase", "ada", at(9, 9), "2", {"amount": 5}),
    ("Purchase", "ada", at(10, 9), "3", {"note": "a\u2028b"}),
    ("Sign Up", "ben", at(10, 23), "4", {}),
    ("Sign Up", "old", at(2, 12), "5", {}),
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """A project with five events, whose day is 2026-11-16."""
    rows = [
        {
            "event": event,
            "properties": {
                "distinct_id": user,
                "time": time,
                "$insert_id": key,
                **more,
            },
        }
        for event, user, time, key, more in ROWS
    ]
    data = tmp_path / "events.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def now() -> datetime:
        return datetime(2026, 11, 16, 12, tzinfo=timezone.utc)

    with LocalProject(clock=now, credentials=ACCOUNT, project_id=12345) as project:
        assert project.load(data) == 5
        yield project


def test_events(ask: Make, project: LocalProject) -> None:
    """Events are counted by day."""
    series = ask(
        lambda client: client.events([SIGN_UP, PURCHASE], *WINDOW),
        base_url=project.base_url,
    )

    assert series.dates == (MONDAY, TUESDAY)
    assert series.value("Sign Up", TUESDAY) == 1
    assert (series.total("Sign Up"), series.total("Purchase")) == (2, 2)


def test_unique_users(ask: Make, project: LocalProject) -> None:
    """One who buys on two days is one user of the week."""
    series = ask(
        lambda client: client.events(PURCHASE, *WINDOW, type="unique", unit="week"),
        base_url=project.base_url,
    )

    assert series.value("Purchase", MONDAY) == 1


def test_unknown_event_is_zero(ask: Make, project: LocalProject) -> None:
    """An event that never happened was counted 0 times."""
    series = ask(
        lambda client: client.events("Refund", *WINDOW), base_url=project.base_url
    )

    assert series.total("Refund") == 0


def test_segmentation(ask: Make, project: LocalProject) -> None:
    """One number of users covers a window of any length."""
    series = ask(
        lambda client: client.segmentation(
            PURCHASE, *WINDOW, type="unique", interval=2
        ),
        base_url=project.base_url,
    )

    assert series.values == {"Purchase": {MONDAY: 1}}


def test_hours(ask: Make, project: LocalProject) -> None:
    """Hours are aware datetimes."""
    series = ask(
        lambda client: client.segmentation(SIGN_UP, *WINDOW, unit="hour"),
        base_url=project.base_url,
    )

    ten = datetime(2026, 11, 10, 23, tzinfo=timezone.utc)
    assert series.value("Sign Up", ten) == 1
    assert len(series.dates) == 48


def test_event_names(ask: Make, project: LocalProject) -> None:
    """The commonest event comes first."""
    names = ask(lambda client: client.event_names(), base_url=project.base_url)

    assert names == ["Sign Up", "Purchase"]


def test_export(ask: Make, project: LocalProject) -> None:
    """Every event of the window comes, with what was loaded."""
    events = ask(lambda client: client.export(*WINDOW), base_url=project.base_url)

    found = {event.insert_id: event for event in events}
    assert sorted(found) == ["1", "2", "3", "4"]
    assert found["3"].distinct_id == "ada"
    assert found["3"].time == datetime(2026, 11, 10, 9, tzinfo=timezone.utc)
    assert found["3"].properties["note"] == "a\u2028b"


def test_export_of_some(ask: Make, project: LocalProject) -> None:
    """Only the events that were asked for come."""
    events = ask(
        lambda client: client.export(*WINDOW, events=[PURCHASE]),
        base_url=project.base_url,
    )

    assert {event.event for event in events} == {"Purchase"}


def test_wrong_secret(refused: Make, project: LocalProject) -> None:
    """The project checks the credentials, and neither secret is in the error."""
    error = refused(
        lambda client: client.event_names(),
        base_url=project.base_url,
        credentials=ServiceAccount("reports.1a2b3c", "wrong-wrong", 12345),
    )

    assert isinstance(error, CredentialsRefusedError)
    assert "region" not in str(error)
    shown = f"{error} {error!r} {vars(error)}"
    assert "wrong-wrong" not in shown
    assert "hunter2" not in shown


def test_window_after_today(refused: Make, project: LocalProject) -> None:
    """What Mixpanel refuses is passed on with its reason."""
    error = refused(
        lambda client: client.events(SIGN_UP, "2026-11-16", "2026-11-18"),
        base_url=project.base_url,
    )

    assert isinstance(error, QueryRefusedError)
    assert "to_date" in str(error)


def test_command(
    project: LocalProject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the command exports, a project loads again."""
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_BASE_URL", project.base_url)
    target = tmp_path / "copy.jsonl"
    window = ["--from", WINDOW[0], "--to", WINDOW[1]]

    assert run(["export", *window, "-o", str(target)]) == 0
    with LocalProject() as copy:
        assert copy.load(target) == 4

    assert run(["events", "Sign Up", *window, "--format", "csv"]) == 0
    assert capsys.readouterr().out == (
        "name,date,value\nSign Up,2026-11-09,1\nSign Up,2026-11-10,1\n"
    )

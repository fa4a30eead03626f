"""The client of this package against a local project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from mixpanel_query import (
    Client,
    ServiceAccount,
    event_property,
    event_time,
    profile_property,
    user_property,
)
from mixpanel_query.exceptions import CredentialsRefusedError, QueryRefusedError
from mixpanel_query.local import LocalProject

ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
# 2026-11-01 08:30 and 09:30 UTC are both 01:30 in Los Angeles.
LINES = """\
{"event":"A","properties":{"time":1793521800,"distinct_id":"u1","$insert_id":"i1"}}
{"event":"A","properties":{"time":1793525400,"distinct_id":"u1","$insert_id":"i2"}}
{"event":"A","properties":{"time":1793525400,"distinct_id":"u1","$insert_id":"i2"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """Give a project in Los Angeles with three rows, two of them the same event."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINES)
    with LocalProject(
        credentials=ACCOUNT,
        timezone="America/Los_Angeles",
        clock=lambda: NOON,
    ) as serving:
        serving.load(path)
        yield serving


def test_client_counts_days_users_and_names(project: LocalProject) -> None:
    """Each question of the client gets its answer."""
    with Client(ACCOUNT, base_url=project.base_url) as client:
        days = client.events(["A", "B"], "2026-11-01", "2026-11-02")
        users = client.segmentation("A", "2026-11-01", "2026-11-07", type="unique")
        week = client.segmentation(
            "A", "2026-11-01", "2026-11-07", type="unique", interval=7
        )
        names = client.event_names()

    assert days.total("A") == 2
    assert days.value("B", date(2026, 11, 1)) == 0
    assert users.value("A", date(2026, 11, 1)) == 1
    assert week.value("A", date(2026, 11, 1)) == 1
    assert names == ["A"]


def test_client_tells_the_hours_of_a_long_night_apart(project: LocalProject) -> None:
    """When the clocks go back, the hour that happens twice has two counts."""
    with Client(ACCOUNT, base_url=project.base_url) as client:
        hours = client.segmentation("A", "2026-11-01", "2026-11-01", unit="hour")
    found = {
        when.astimezone(timezone.utc).hour: count
        for when, count in hours.values["A"].items()
        if count and isinstance(when, datetime)
    }

    assert len(hours.dates) == 25
    assert found == {8: 1, 9: 1}
    assert hours.dates[1] == datetime(2026, 11, 1, 8, tzinfo=timezone.utc)


def test_client_asks_how_often_users_were_active(project: LocalProject) -> None:
    """One user, on one day of the week, in two hours of it."""
    with Client(ACCOUNT, base_url=project.base_url) as client:
        days = client.frequency(
            "2026-11-01", "2026-11-01", unit="month", addiction_unit="day"
        )
        hours = client.frequency(
            "2026-11-01", "2026-11-01", unit="day", addiction_unit="hour", event="A"
        )

    assert days.total() == (1,)
    assert hours.total()[:3] == (1, 1, 0)


def test_client_filters_and_breaks_down(tmp_path: Path) -> None:
    """What the client's expressions say is understood, also about profiles."""
    rows: list[dict[str, object]] = [
        {"plan": "pro", "price": 10, "distinct_id": "u1"},
        {"plan": "pro", "price": 2.5, "distinct_id": "u2"},
        {"plan": 'the "big" one', "distinct_id": "u1"},
    ]
    events, users = tmp_path / "events.jsonl", tmp_path / "users.jsonl"
    for number, row in enumerate(rows):
        row |= {"time": 1793521800, "$insert_id": str(number)}
    lines = [json.dumps({"event": "Buy", "properties": row}) for row in rows]
    events.write_text("\n".join(lines))
    users.write_text('{"$distinct_id": "u1", "$properties": {"country": "DE"}}')
    plan, price = event_property("plan"), event_property("price")
    day = ("Buy", "2026-11-01", "2026-11-01")
    with (
        LocalProject(
            clock=lambda: datetime(2026, 11, 22, tzinfo=timezone.utc)
        ) as local,
        Client(ACCOUNT, base_url=local.base_url) as client,
    ):
        local.load(events)
        local.load(users)
        plans = client.segmentation(*day, on=plan, where=price.defined())
        big = client.segmentation(*day, where=plan == 'the "big" one')
        germans = client.segmentation(
            *day, where=user_property("country") == "DE", type="unique"
        )
        sums = client.segmentation_sum(*day, price, where=plan.in_(["pro", "team"]))
        average = client.segmentation_average(*day, price * 2)
        ranges = client.segmentation_numeric(*day, price)
        active = client.frequency(*day[1:], where=price > 5)
        late = event_time() >= date(2026, 11, 1)
        exported = list(client.export(*day[1:], where=late & (price > 5)))
        profiles = list(client.profiles(where=profile_property("country") == "DE"))
        local.clock = lambda: datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
        names = client.property_names("Buy")
        values = client.property_values("Buy", "plan")
        over_time = client.event_properties("Buy", "plan", *day[1:])
        top = client.top_events()

    assert {name: plans.total(name) for name in plans.values} == {"pro": 2}
    assert big.total("Buy") == 1
    assert germans.value("Buy", date(2026, 11, 1)) == 1
    assert sums.total() == 12.5
    assert average.value(date(2026, 11, 1)) == 25 / 3
    assert {name: ranges.total(name) for name in ranges.values} == {
        "2 - 4": 1,
        "10 - 12": 1,
    }
    assert active.total()[0] == 1
    assert [event.properties["price"] for event in exported] == [10]
    assert [profile.distinct_id for profile in profiles] == ["u1"]
    assert [(found.name, found.count) for found in names] == [("plan", 3), ("price", 2)]
    assert values == ["pro", 'the "big" one']
    assert over_time.total("pro") == 2
    assert [(event.event, event.amount) for event in top] == [("Buy", 3)]


def test_client_exports(project: LocalProject) -> None:
    """The client reads the export, and leaves the copy out."""
    with Client(ACCOUNT, base_url=project.base_url) as client:
        events = list(client.export("2026-11-01", "2026-11-01"))

    assert [event.insert_id for event in events] == ["i1", "i2"]
    assert events[0].time == datetime(2026, 11, 1, 8, 30, tzinfo=timezone.utc)


def test_client_understands_refusals(project: LocalProject) -> None:
    """Wrong credentials and wrong questions are the client's errors for them."""
    wrong = ServiceAccount("reports", "wrong-wrong", 7)
    with (
        Client(wrong, base_url=project.base_url) as client,
        pytest.raises(CredentialsRefusedError, match="Invalid credentials"),
    ):
        client.event_names()
    with (
        Client(ACCOUNT, base_url=project.base_url) as client,
        pytest.raises(QueryRefusedError, match="later than today"),
    ):
        client.events("A", "2026-11-01", "2026-11-23")


def test_client_learns_the_timezone_of_the_project(project: LocalProject) -> None:
    """The account has one project, whose days begin in Los Angeles."""
    with Client(ACCOUNT, base_url=project.base_url) as client:
        found = client.projects()

    assert [(one.id, one.timezone) for one in found] == [(7, "America/Los_Angeles")]

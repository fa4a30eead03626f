"""The made-up events."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query.local.engine.sample_data import (
    SampleEvents,
    SampleProperties,
    ShopDay,
    sample_events,
    write_events,
)
from mixpanel_schema import Property, TrackingPlan
from mixpanel_schema.catalogues import members

TODAY = date(2026, 11, 22)
SAMPLE: list[dict[str, Any]] = list(sample_events(TODAY))


def day_of(event: dict[str, Any]) -> date:
    """Return the day of an event, in UTC."""
    return datetime.fromtimestamp(event["properties"]["time"], timezone.utc).date()


def test_same_arguments_give_the_same_events() -> None:
    """Nothing depends on the machine or the moment."""
    assert list(sample_events(TODAY)) == SAMPLE


def test_another_seed_gives_other_events() -> None:
    """The seed decides."""
    assert list(sample_events(TODAY, seed=1)) != SAMPLE


def test_size_is_that_of_a_small_shop() -> None:
    """Some 20,000 to 40,000 events in 60 days."""
    assert 20_000 <= len(SAMPLE) <= 40_000


def test_names_are_declared() -> None:
    """Every event, and every property of it, is in the shop's tracking plan."""
    plan = TrackingPlan(events=SampleEvents, event_properties=SampleProperties)
    special = {"time", "distinct_id", "$insert_id"}
    names = {name for row in SAMPLE for name in row["properties"]} - special
    declared = members(SampleProperties, Property).values()
    plan.check_event(SampleEvents.purchased, {SampleProperties.plan: "Team"})

    assert names <= {prop.name for prop in declared}
    assert {row["event"] for row in SAMPLE} == {
        "Sign Up",
        "User Onboarded",
        "Page View",
        "Button Click",
        "Purchase",
        "Feature Used",
        "$ae_session",
    }


@pytest.mark.parametrize("days", [1, 60])
def test_every_day_has_events_and_yesterday_is_the_last(days: int) -> None:
    """The sample covers the days before today."""
    found = {day_of(event) for event in sample_events(TODAY, days=days)}

    assert len(found) == days
    assert max(found) == date(2026, 11, 21)


def test_days_are_those_of_the_timezone() -> None:
    """In Kolkata a day begins at 18:30 UTC of the day before."""
    times = [
        event["properties"]["time"]  # type: ignore[index]
        for event in sample_events(TODAY, days=1, timezone="Asia/Kolkata")
    ]

    # From 2026-11-20 18:30 to 2026-11-21 18:30, in UTC.
    assert 1795199400 <= min(times) <= max(times) < 1795285800


def test_weekends_are_quiet() -> None:
    """A Wednesday has more than twice the events of a Sunday."""
    counts = Counter(day_of(event).weekday() for event in SAMPLE)

    assert counts[2] > 2 * counts[6]


def test_shop_grows() -> None:
    """The last four weeks have more events than the four before."""
    counts = Counter((TODAY - day_of(event)).days <= 28 for event in SAMPLE)
    before = sum(28 < (TODAY - day_of(event)).days <= 56 for event in SAMPLE)

    assert counts[True] > 1.1 * before


def test_people_sign_up_before_they_are_onboarded() -> None:
    """Somebody who is onboarded has signed up at most an hour and a bit before."""
    signed_up = {
        event["properties"]["distinct_id"]: event["properties"]["time"]
        for event in SAMPLE
        if event["event"] == "Sign Up"
    }
    onboarded = [event for event in SAMPLE if event["event"] == "User Onboarded"]

    assert len(onboarded) > 100
    for event in onboarded:
        waited = (
            event["properties"]["time"] - signed_up[event["properties"]["distinct_id"]]
        )
        assert 0 <= waited <= 3600


def test_what_would_fall_on_the_next_day_happens_at_the_end_of_this_one() -> None:
    """A visit that begins late does not run over midnight."""
    day = ShopDay(random.Random(1), start=1000, length=100)  # noqa: S311 - no secret
    late = day.event(SampleEvents.session, "u1", second=500)

    assert late["properties"]["time"] == 1099  # type: ignore[index]


def test_insert_ids_are_unique() -> None:
    """No event is taken for a repeat of another."""
    ids = {event["properties"]["$insert_id"] for event in SAMPLE}

    assert len(ids) == len(SAMPLE)


def test_events_are_written_as_json_lines(tmp_path: Path) -> None:
    """One document a line."""
    path = tmp_path / "sample.jsonl"
    write_events(path, SAMPLE[:3])

    lines = path.read_text().splitlines()
    assert [json.loads(line) for line in lines] == SAMPLE[:3]

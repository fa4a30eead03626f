"""Frequency: in how many hours or days users were active."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.frequency import answer_frequency
from mixpanel_query.local.settings import ProjectSettings, project_settings

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
WEEK = {
    "from_date": "2026-11-16",
    "to_date": "2026-11-22",
    "unit": "week",
    "addiction_unit": "day",
}


def settings(zone: str = "UTC", week_start: str = "monday") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start=week_start, clock=lambda: NOW)


def test_users_are_counted_by_active_days(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """One user has three active days, one has one, and nobody is no user."""
    add_rows(
        "A u1 2026-11-16T00:00:00",
        "A u1 2026-11-16T10:00:00",
        "B u1 2026-11-18T10:00:00",
        "A u1 2026-11-22T23:59:59",
        "A u2 2026-11-20T10:00:00",
        "A nobody 2026-11-20T10:00:00",
        "A u3 2026-11-15T23:59:59",
    )

    assert answer_frequency(engine, WEEK, settings()) == {
        "data": {"2026-11-16": [2, 1, 1, 0, 0, 0, 0]}
    }


def test_one_event_alone_counts_where_it_is_named(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Days with other events only are not active ones."""
    add_rows("A u1 2026-11-16T00:00:00", "B u1 2026-11-17T10:00:00")

    assert answer_frequency(engine, {**WEEK, "event": "B"}, settings()) == {
        "data": {"2026-11-16": [1, 0, 0, 0, 0, 0, 0]}
    }


def test_where_chooses_what_is_activity(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The first of two days is before the time that is asked for."""
    add_rows("A u1 2026-11-16T09:00:00", "A u1 2026-11-17T10:00:00")
    given = {**WEEK, "where": 'event["$time"] > datetime("2026-11-16T12:00:00")'}

    assert answer_frequency(engine, given, settings()) == {
        "data": {"2026-11-16": [1, 0, 0, 0, 0, 0, 0]}
    }


def test_hours_of_a_day(engine: Engine, add_rows: Callable[..., None]) -> None:
    """A day has 24 numbers, and the same hour of two days is two periods' hour."""
    add_rows(
        "A u1 2026-11-21T10:00:00",
        "A u1 2026-11-21T10:59:59",
        "A u1 2026-11-21T11:00:00",
        "A u1 2026-11-22T10:00:00",
    )
    given = {
        **WEEK,
        "from_date": "2026-11-21",
        "unit": "day",
        "addiction_unit": "hour",
    }

    assert answer_frequency(engine, given, settings()) == {
        "data": {"2026-11-21": [1, 1, *[0] * 22], "2026-11-22": [1, *[0] * 23]}
    }


def test_a_long_day_has_25_hours(engine: Engine, add_rows: Callable[..., None]) -> None:
    """The hour that happens twice when clocks go back counts twice."""
    add_rows("A u1 2026-11-01T08:30:00", "A u1 2026-11-01T09:30:00")
    given = {
        "from_date": "2026-11-01",
        "to_date": "2026-11-01",
        "unit": "day",
        "addiction_unit": "hour",
    }

    assert answer_frequency(engine, given, settings("America/Los_Angeles")) == {
        "data": {"2026-11-01": [1, 1, *[0] * 23]}
    }


def test_a_week_that_the_dates_cut_has_fewer_days(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Two weeks of which three and four days are asked for; weeks begin on Sunday."""
    add_rows(
        "A u1 2026-11-12T10:00:00",
        "A u1 2026-11-15T10:00:00",
        "A u1 2026-11-16T10:00:00",
    )
    given = {**WEEK, "from_date": "2026-11-12", "to_date": "2026-11-18"}

    assert answer_frequency(engine, given, settings(week_start="sunday")) == {
        "data": {"2026-11-08": [1, 0, 0], "2026-11-15": [1, 1, 0, 0]}
    }


def test_a_breakdown_counts_the_activity_of_each_segment(engine: Engine) -> None:
    """A user of two plans is active on one day with each, on two in all."""
    monday = 1794830400000  # 2026-11-16T12:00:00Z
    engine.insert_events(
        [
            StoredEvent("A", "u1", monday, "1", '{"plan":"pro"}'),
            StoredEvent("A", "u1", monday + 86_400_000, "2", '{"plan":"free"}'),
            StoredEvent("A", "u2", monday, "3", '{"plan":"pro"}'),
        ]
    )
    given = {**WEEK, "to_date": "2026-11-18", "on": 'properties["plan"]'}

    assert answer_frequency(engine, given, settings()) == {
        "data": {
            "2026-11-16": {"$overall": [2, 1, 0], "pro": [2, 0, 0], "free": [1, 0, 0]}
        }
    }
    assert answer_frequency(engine, {**given, "limit": "1"}, settings()) == {
        "data": {"2026-11-16": {"$overall": [2, 1, 0], "pro": [2, 0, 0]}}
    }


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"unit": ""}, 400, "unit is missing"),
        ({"unit": "year"}, 400, "unit 'year' is not one of day, week, month"),
        ({"addiction_unit": ""}, 400, "addiction_unit is missing"),
        ({"addiction_unit": "week"}, 400, "addiction_unit 'week' is not one of"),
        ({"from_date": ""}, 400, "from_date is missing"),
        ({"to_date": "2026-11-23"}, 400, "to_date cannot be later than today"),
        ({"on": "plan"}, 400, "on is no expression"),
        ({"limit": "10001"}, 400, "limit '10001' is not a whole number"),
        ({"where": "plan"}, 400, "where is no expression"),
    ],
)
def test_wrong_question_is_refused(
    engine: Engine, changed: dict[str, str], status: int, message: str
) -> None:
    """What makes no sense gets 400, what is not built 501."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        answer_frequency(engine, {**WEEK, **changed}, settings())

    assert caught.value.status == status

"""Questions about counts: what is read, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.event_counts import (
    answer_counts,
    read_events_question,
)
from mixpanel_query.local.settings import ProjectSettings, project_settings

# Sunday, 2026-11-22, 12:34:56 UTC.
NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=timezone.utc)
DAYS = {"from_date": "2026-11-20", "to_date": "2026-11-22"}


def settings(zone: str = "UTC", week_start: str = "monday") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start=week_start, clock=lambda: NOW)


def count(engine: Engine, **given: str) -> object:
    """Return the values of one event."""
    question = read_events_question(
        {"event": '["A"]', "type": "general", "unit": "day", **given}, settings()
    )
    answer = answer_counts(engine, question)
    assert isinstance(answer["data"], dict)
    return answer["data"]["values"]["A"]


def test_answer_has_the_documented_shape(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Dates, values by event and date, and the number of events."""
    add_rows("A u1 2026-11-20T00:00:00", "A u1 2026-11-22T23:59:59")
    question = read_events_question(
        {**DAYS, "event": '["A", "B"]', "type": "general", "unit": "day"}, settings()
    )

    assert answer_counts(engine, question) == {
        "data": {
            "series": ["2026-11-20", "2026-11-21", "2026-11-22"],
            "values": {
                "A": {"2026-11-20": 1, "2026-11-21": 0, "2026-11-22": 1},
                "B": {"2026-11-20": 0, "2026-11-21": 0, "2026-11-22": 0},
            },
        },
        "legend_size": 2,
    }


def test_days_end_where_the_next_one_begins(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The first instant of a day counts, the one after its last does not."""
    add_rows(
        "A u1 2026-11-20T23:59:59",
        "A u2 2026-11-21T00:00:00",
        "A u3 2026-11-22T00:00:00",
    )
    day = {"from_date": "2026-11-21", "to_date": "2026-11-21"}

    assert count(engine, **day) == {"2026-11-21": 1}
    assert count(engine, **day, type="unique") == {"2026-11-21": 1}


def test_repeat_of_an_event_is_not_counted(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Event, user, time and insert id are the key; one that differs is another."""
    add_rows(
        "A u1 2026-11-20T10:00:00 same",
        "A u1 2026-11-20T10:00:00 same",
        "A u2 2026-11-20T10:00:00 same",
        "A u1 2026-11-20T10:00:01 same",
        "A u1 2026-11-20T10:00:00 other",
        "B u1 2026-11-20T10:00:00 same",
    )

    assert count(engine, from_date="2026-11-20", to_date="2026-11-20") == {
        "2026-11-20": 4
    }


def test_unique_counts_users(engine: Engine, add_rows: Callable[..., None]) -> None:
    """A user counts once a bucket; events without a user count for nobody."""
    add_rows(
        "A u1 2026-11-20T10:00:00",
        "A u1 2026-11-20T11:00:00",
        "A u2 2026-11-20T10:00:00",
        "A u1 2026-11-21T10:00:00",
        "A nobody 2026-11-20T10:00:00",
    )

    assert count(engine, **DAYS, type="unique") == {
        "2026-11-20": 2,
        "2026-11-21": 1,
        "2026-11-22": 0,
    }
    assert count(engine, **DAYS, type="unique", unit="month") == {"2026-11-01": 2}


def test_average_is_events_a_user(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Repeats and events without a user are left out of the average."""
    add_rows(
        "A u1 2026-11-20T10:00:00",
        "A u1 2026-11-20T11:00:00 same",
        "A u1 2026-11-20T11:00:00 same",
        "A u2 2026-11-20T10:00:00",
        "A nobody 2026-11-20T10:00:00",
    )

    assert count(engine, **DAYS, type="average") == {
        "2026-11-20": 1.5,
        "2026-11-21": 0,
        "2026-11-22": 0,
    }


@pytest.mark.parametrize(
    ("unit", "interval", "expected"),
    [
        (
            "minute",
            "2",
            {"2026-11-22T12:33:00+00:00": 1, "2026-11-22T12:34:00+00:00": 0},
        ),
        ("hour", "1", {"2026-11-22T12:00:00+00:00": 1}),
        ("day", "2", {"2026-11-21": 1, "2026-11-22": 1}),
        ("week", "2", {"2026-11-09": 0, "2026-11-16": 2}),
        (
            "month",
            "12",
            {f"2025-{12:02}-01": 0}
            | {f"2026-{month:02}-01": 0 for month in range(1, 11)}
            | {"2026-11-01": 2},
        ),
    ],
)
def test_interval_counts_back_from_now(
    engine: Engine,
    unit: str,
    interval: str,
    expected: dict[str, int],
    add_rows: Callable[..., None],
) -> None:
    """1 is the present unit, 2 the one before it too."""
    add_rows("A u1 2026-11-22T12:33:59", "A u1 2026-11-21T23:59:59")

    assert count(engine, unit=unit, interval=interval) == expected


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"event": ""}, "event is missing"),
        ({"event": "A"}, "event is not a JSON array"),
        ({"type": ""}, "type is missing"),
        ({"type": "median"}, "type 'median' is not one of general, unique, average"),
        ({"unit": ""}, "unit is missing"),
        ({"unit": "year"}, "unit 'year' is not one of"),
        ({"unit": "hour", "type": "unique"}, "cannot be counted by the hour"),
        ({"from_date": ""}, "from_date is missing"),
        ({"to_date": "2026-11-23"}, "to_date cannot be later than today"),
        ({"interval": "0"}, "interval '0' is not a whole number"),
        ({"interval": "3"}, "exclude each other"),
        ({"format": "xml"}, "format 'xml' is not one of json, csv"),
        ({"unit": "minute", "from_date": "2020-01-01"}, "more than 100,000 buckets"),
        (
            {
                "event": str([f"e{n}" for n in range(3000)]).replace("'", '"'),
                "from_date": "2024-01-01",
            },
            "the answer would hold 3,171,000 values",
        ),
    ],
)
def test_wrong_events_question_is_refused(
    changed: dict[str, str], message: str
) -> None:
    """A question that makes no sense gets 400 and says why."""
    given = {**DAYS, "event": '["A"]', "type": "general", "unit": "day", **changed}

    with pytest.raises(RequestRefusedError, match=message) as caught:
        read_events_question(given, settings())

    assert caught.value.status == 400


@pytest.mark.parametrize("unit", ["week", "month"])
def test_interval_before_the_calendar_is_refused(unit: str) -> None:
    """There is no year 0."""
    given = {"event": '["A"]', "type": "general", "unit": unit, "interval": "100000"}

    with pytest.raises(RequestRefusedError) as caught:
        read_events_question(given, settings())

    assert caught.value.status == 400

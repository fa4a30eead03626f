"""Retention: who comes back, and how long after they began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.retention import answer_retention
from mixpanel_query.local.settings import ProjectSettings, project_settings

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
TWO_DAYS = {"from_date": "2026-11-01", "to_date": "2026-11-02"}
A_TO_B = {**TWO_DAYS, "born_event": "A", "event": "B", "interval_count": "2"}


def settings(zone: str = "UTC") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start="monday", clock=lambda: NOW)


def ask(engine: Engine, zone: str = "UTC", **given: str) -> Any:  # noqa: ANN401
    """Ask who did B after A, or something else."""
    return answer_retention(engine, {**A_TO_B, **given}, settings(zone))


def test_an_interval_is_24_hours_of_each_user(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """One user comes back after 23:59:59 hours, another one a second later."""
    add_rows(
        "A u1 2026-11-01T12:00:00",
        "B u1 2026-11-02T11:59:59",
        "A u2 2026-11-01T12:00:00",
        "B u2 2026-11-02T12:00:00",
        "B u2 2026-11-04T11:59:59",
        "B u2 2026-11-04T12:00:00",
        "A u3 2026-11-01T12:00:00",
    )

    assert ask(engine) == {
        "2026-11-01": {"first": 3, "counts": [1, 1, 1]},
        "2026-11-02": {"first": 0, "counts": [0, 0, 0]},
    }


def test_nobody_is_no_user(engine: Engine, add_rows: Callable[..., None]) -> None:
    """Events without a user neither begin nor come back."""
    add_rows("A nobody 2026-11-01T12:00:00", "B nobody 2026-11-01T13:00:00")

    assert ask(engine)["2026-11-01"] == {"first": 0, "counts": [0, 0, 0]}


def test_a_user_is_born_once_in_the_window(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Neither the day before counts, nor the second time."""
    add_rows(
        "A u1 2026-10-31T23:59:59",
        "A u1 2026-11-01T12:00:00",
        "A u1 2026-11-02T12:00:00",
        "B u1 2026-11-02T13:00:00",
    )

    assert ask(engine) == {
        "2026-11-01": {"first": 1, "counts": [0, 1, 0]},
        "2026-11-02": {"first": 0, "counts": [0, 0, 0]},
    }


def test_compounded_users_begin_whenever_they_do_the_event(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Each day has those who did B on it; born_event is ignored."""
    add_rows(
        "B u1 2026-11-01T12:00:00",
        "B u1 2026-11-01T12:00:00",
        "B u1 2026-11-02T12:00:00",
        "B u2 2026-11-02T09:00:00",
        "B u2 2026-11-02T10:00:00",
    )

    assert ask(engine, retention_type="compounded") == {
        "2026-11-01": {"first": 1, "counts": [0, 1, 0]},
        "2026-11-02": {"first": 2, "counts": [1, 0, 0]},
    }


def test_any_event_brings_back(engine: Engine, add_rows: Callable[..., None]) -> None:
    """Of the same moment what has another name, and of the same name what is later."""
    add_rows(
        "A u1 2026-11-01T12:00:00 one",
        "A u1 2026-11-01T12:00:00 two",
        "A u2 2026-11-01T12:00:00",
        "C u2 2026-11-01T12:00:00",
        "A u3 2026-11-01T12:00:00",
        "A u3 2026-11-01T12:00:01",
    )

    assert ask(engine, event="")["2026-11-01"] == {"first": 3, "counts": [2, 0, 0]}


def test_unbounded_counts_whoever_comes_back_later(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Two users on day 2, of whom one came on day 0 too; after the last, nobody."""
    add_rows(
        "A u1 2026-11-01T12:00:00",
        "B u1 2026-11-01T13:00:00",
        "B u1 2026-11-03T13:00:00",
        "A u2 2026-11-01T12:00:00",
        "B u2 2026-11-03T13:00:00",
        "A u3 2026-11-01T12:00:00",
        "B u3 2026-11-04T13:00:00",
    )

    found = ask(engine, unbounded_retention="true")["2026-11-01"]
    assert found == {"first": 3, "counts": [2, 2, 2]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"unit": "week"}, {"2026-10-26": [0, 1, 0], "2026-11-02": [1, 0, 0]}),
        ({"unit": "month"}, {"2026-11-01": [2, 0, 0]}),
        ({"interval": "2"}, {"2026-11-01": [1, 0, 0]}),
        ({"interval_count": ""}, {"2026-11-01": [0, 0], "2026-11-02": [1, 0]}),
        ({"unit": "week", "interval": "2"}, {"2026-10-26": [2, 0, 0]}),
    ],
    ids=["week", "month", "2 days", "1 interval", "2 weeks"],
)
def test_lengths_of_intervals(
    engine: Engine,
    add_rows: Callable[..., None],
    given: dict[str, str],
    expected: dict[str, list[int]],
) -> None:
    """One user comes back after nine days, another one after one hour."""
    add_rows(
        "A u1 2026-11-01T12:00:00",
        "B u1 2026-11-10T12:00:00",
        "A u2 2026-11-02T12:00:00",
        "B u2 2026-11-02T13:00:00",
    )
    asked = {name: value for name, value in {**A_TO_B, **given}.items() if value}
    found: Any = answer_retention(engine, asked, settings())

    assert {label: bucket["counts"] for label, bucket in found.items()} == expected


def test_days_begin_at_the_project_s_midnight(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """07:00 UTC of 2026-11-01 is midnight in Los Angeles, 08:00 UTC the day after."""
    add_rows(
        "A u1 2026-11-01T06:59:59",
        "A u2 2026-11-01T07:00:00",
        "A u3 2026-11-02T07:59:59",
        "A u4 2026-11-02T08:00:00",
    )
    found = ask(engine, "America/Los_Angeles")

    assert [bucket["first"] for bucket in found.values()] == [2, 1]


@pytest.fixture
def plans(engine: Engine) -> Engine:
    """Give a store in which u1 came back with two plans, and u2 with one."""
    rows = [
        ("A", "u1", 0, "{}"),
        ("A", "u2", 0, '{"from":"web"}'),
        ("B", "u1", 1, '{"plan":"pro"}'),
        ("B", "u1", 30, '{"plan":"free"}'),
        ("B", "u2", 1, '{"plan":"free"}'),
    ]
    noon = 1793534400  # 2026-11-01T12:00:00Z
    engine.insert_events(
        [
            StoredEvent(name, user, (noon + hours * 3600) * 1000, str(number), given)
            for number, (name, user, hours, given) in enumerate(rows)
        ]
    )
    return engine


def test_a_breakdown_is_one_of_the_second_event(plans: Engine) -> None:
    """Each segment is counted against all who began; the largest comes first."""
    assert ask(plans, on='properties["plan"]', to_date="2026-11-01") == {
        "2026-11-01": {
            "$overall": {"first": 2, "counts": [2, 1, 0]},
            "free": {"first": 2, "counts": [1, 1, 0]},
            "pro": {"first": 2, "counts": [1, 0, 0]},
        }
    }


def test_a_limit_of_segments_keeps_the_largest(plans: Engine) -> None:
    """Everything together is beside the limit."""
    found = ask(plans, on='properties["plan"]', limit="1")

    assert list(found["2026-11-01"]) == ["$overall", "free"]


def test_each_event_has_its_own_condition(plans: Engine) -> None:
    """``born_where`` is about A, ``where`` about B."""
    born = ask(plans, born_where='properties["from"] == "web"')
    back = ask(plans, where='properties["plan"] == "pro"')

    assert born["2026-11-01"] == {"first": 1, "counts": [1, 0, 0]}
    assert back["2026-11-01"] == {"first": 2, "counts": [1, 0, 0]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"born_event": ""}, "born_event is missing"),
        ({"retention_type": "death"}, "retention_type 'death' is not one of birth"),
        ({"unit": "hour"}, "unit 'hour' is not one of day, week, month"),
        ({"interval": "91"}, "interval '91' is not a whole number from 1 to 90"),
        ({"interval_count": "0"}, "interval_count '0' is not a whole number"),
        ({"unbounded_retention": "maybe"}, "unbounded_retention 'maybe' is not one"),
        ({"from_date": ""}, "from_date is missing"),
        ({"to_date": "2026-11-23"}, "to_date cannot be later than today"),
        ({"where": "plan"}, "where is no expression"),
        ({"born_where": "plan"}, "born_where is no expression"),
        ({"on": "plan"}, "on is no expression"),
        ({"limit": "10001"}, "limit '10001' is not a whole number from 1 to 10000"),
        ({"from_date": "2001-01-01", "interval_count": "1000"}, "ask for fewer"),
    ],
)
def test_a_wrong_question_is_refused(
    engine: Engine, changed: dict[str, str], message: str
) -> None:
    """What makes no sense gets 400, and says what would."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        ask(engine, **changed)

    assert caught.value.status == 400

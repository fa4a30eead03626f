"""Activity: what some users did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.activity import answer_activity
from mixpanel_query.local.settings import project_settings

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DAY = {"from_date": "2026-11-01", "to_date": "2026-11-01"}


def ask(engine: Engine, zone: str = "UTC", **given: str) -> Any:  # noqa: ANN401
    """Ask what u1 did on a day, or something else."""
    settings = project_settings(timezone=zone, week_start="monday", clock=lambda: NOW)
    return answer_activity(engine, {"distinct_ids": '["u1"]', **DAY, **given}, settings)


def times(found: Any) -> list[tuple[str, str, int]]:  # noqa: ANN401
    """Return name, user and time of each event of an answer."""
    return [
        (
            each["event"],
            each["properties"]["$distinct_id"],
            each["properties"]["time"],
        )
        for each in found["results"]["events"]
    ]


def test_an_answer_has_the_documented_shape(engine: Engine) -> None:
    """Time in whole seconds, the user as ``$distinct_id``, and every property."""
    given = '{"distinct_id":"u1","$insert_id":"i","$city":"Austin","n":[1]}'
    engine.insert_events([StoredEvent("A", "u1", 1793534400999, "i", given)])

    assert ask(engine) == {
        "status": "ok",
        "results": {
            "events": [
                {
                    "event": "A",
                    "properties": {
                        "time": 1793534400,
                        "$distinct_id": "u1",
                        "$insert_id": "i",
                        "$city": "Austin",
                        "n": [1],
                    },
                }
            ]
        },
    }


def test_a_number_that_is_too_large_is_null(engine: Engine) -> None:
    """JSON has no infinity to give."""
    given = '{"distinct_id":"u1","a":1e999,"b":-1e999,"c":9007199254740993,"d":0.5}'
    engine.insert_events([StoredEvent("A", "u1", 1793534400000, "i", given)])
    [event] = ask(engine)["results"]["events"]

    assert event["properties"] == {
        "time": 1793534400,
        "$distinct_id": "u1",
        "a": None,
        "b": None,
        "c": 9007199254740993,
        "d": 0.5,
    }


def test_events_of_the_users_and_days_come_in_order(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The oldest first, those of one moment as they arrived, copies once."""
    add_rows(
        "B u1 2026-11-01T12:00:01",
        "C u2 2026-11-01T12:00:00 x",
        "A u1 2026-11-01T12:00:00",
        "C u2 2026-11-01T12:00:00 x",
        "A u3 2026-11-01T12:00:00",
        "A u1 2026-10-31T23:59:59",
        "A u1 2026-11-02T00:00:00",
    )

    assert times(ask(engine, distinct_ids='["u1", "u2", "u1", "missing"]')) == [
        ("A", "u1", 1793534400),
        ("C", "u2", 1793534400),
        ("B", "u1", 1793534401),
    ]


def test_days_are_those_of_the_project(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """In Los Angeles, 2026-11-01 begins at 07:00 UTC and has 25 hours."""
    add_rows(
        "A u1 2026-11-01T06:59:59",
        "B u1 2026-11-01T07:00:00",
        "C u1 2026-11-02T07:59:59",
        "D u1 2026-11-02T08:00:00",
    )
    found = times(ask(engine, "America/Los_Angeles"))

    assert [name for name, *_ in found] == ["B", "C"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"distinct_ids": ""}, "distinct_ids is missing"),
        ({"distinct_ids": "u1"}, "distinct_ids is not a JSON array of texts"),
        ({"distinct_ids": "[]"}, "distinct_ids names nobody"),
        ({"distinct_ids": '[""]'}, "distinct_ids names nobody"),
        ({"to_date": ""}, "to_date is missing"),
        ({"to_date": "2026-11-23"}, "to_date cannot be later than today"),
    ],
)
def test_a_wrong_question_is_refused(
    engine: Engine, changed: dict[str, str], message: str
) -> None:
    """What makes no sense gets 400."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        ask(engine, **changed)

    assert caught.value.status == 400


def test_the_client_reads_activity(project: LocalProject) -> None:
    """What a user of the sample did, in order of time."""
    project.load_sample()
    account = ServiceAccount("reports", "s3cret-s3cret", 7)
    with Client(account, base_url=project.base_url) as client:
        [first, *_] = client.export("2026-11-20", "2026-11-20")
        assert first.distinct_id is not None
        found = client.activity(first.distinct_id, "2026-11-20", "2026-11-20")

    assert first.time in [event.time for event in found]
    assert {event.distinct_id for event in found} == {first.distinct_id}
    assert [event.time for event in found] == sorted(event.time for event in found)

"""Names, values and counts of the properties of one event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.event_properties import (
    answer_properties,
    answer_property_names,
    answer_property_values,
)
from mixpanel_query.local.settings import project_settings

SETTINGS = project_settings(
    timezone="UTC",
    week_start="monday",
    clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
)
ASKED = {
    "event": "A",
    "name": "plan",
    "type": "general",
    "unit": "day",
    "from_date": "2026-11-20",
    "to_date": "2026-11-21",
}


def happen(engine: Engine, day: str, *given: dict[str, Any], event: str = "A") -> None:
    """Store an event for each row of properties; ``distinct_id`` is in all of them."""
    moment = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    rows = [{"distinct_id": "u1", "$insert_id": "x", **each} for each in given]
    engine.insert_events(
        [
            StoredEvent(
                event,
                row["distinct_id"],
                int(moment.timestamp() * 1000),
                f"{day} {number}",
                json.dumps(row),
            )
            for number, row in enumerate(rows)
        ]
    )


def test_values_over_time(engine: Engine) -> None:
    """The largest first; an event without the property, or with null, has no value."""
    happen(engine, "2026-11-20", {"plan": "pro"}, {"plan": "free"}, {"plan": None})
    happen(engine, "2026-11-21", {"plan": "pro"}, {})

    assert answer_properties(engine, ASKED, SETTINGS) == {
        "data": {
            "series": ["2026-11-20", "2026-11-21"],
            "values": {
                "pro": {"2026-11-20": 1, "2026-11-21": 1},
                "free": {"2026-11-20": 1, "2026-11-21": 0},
            },
        },
        "legend_size": 2,
    }


def test_values_that_are_asked_for(engine: Engine) -> None:
    """They come in the order of the question, and one that never was is 0."""
    happen(engine, "2026-11-20", {"plan": "pro"}, {"plan": 5})
    given = {**ASKED, "values": '["5", "team"]', "to_date": "2026-11-20"}
    found: Any = answer_properties(engine, given, SETTINGS)

    assert found["data"]["values"] == {
        "5": {"2026-11-20": 1},
        "team": {"2026-11-20": 0},
    }


def test_users_by_value_of_the_latest_days(engine: Engine) -> None:
    """A user counts once a value; the last two days are the 21st and today."""
    row = {"plan": "pro", "distinct_id": "u1"}
    happen(engine, "2026-11-20", row)
    happen(engine, "2026-11-22", row, row, {"plan": "pro", "distinct_id": "u2"})
    given = {"event": "A", "name": "plan", "type": "unique", "unit": "day"}
    found: Any = answer_properties(engine, {**given, "interval": "2"}, SETTINGS)

    assert found["data"]["values"] == {"pro": {"2026-11-21": 0, "2026-11-22": 2}}


def test_limit_keeps_the_commonest_value(engine: Engine) -> None:
    """One value of two is given."""
    happen(engine, "2026-11-20", {"plan": "b"}, {"plan": "b"}, {"plan": "a"})
    found: Any = answer_properties(engine, {**ASKED, "limit": "1"}, SETTINGS)

    assert list(found["data"]["values"]) == ["b"]


def test_names_with_the_number_of_events(engine: Engine) -> None:
    """The commonest first, of 31 days; a repeat is one event, ids are not listed."""
    row = {"plan": None, 'odd "name"': 1}
    happen(engine, "2026-11-20", row, {"plan": "pro"})
    happen(engine, "2026-11-20", row)
    happen(engine, "2026-10-23", {"first day": 1})
    happen(engine, "2026-10-22", {"too old": 1})
    happen(engine, "2026-11-20", {"other": 1}, event="B")

    assert answer_property_names(engine, {"event": "A"}, SETTINGS) == {
        "plan": {"count": 2},
        "first day": {"count": 1},
        'odd "name"': {"count": 1},
    }


def test_ten_names_are_usual(engine: Engine) -> None:
    """So many are given where no limit is; 11 can be asked for."""
    happen(engine, "2026-11-20", {f"p{number}": 1 for number in range(12)})
    given = {"event": "A"}

    assert len(answer_property_names(engine, given, SETTINGS)) == 10
    assert len(answer_property_names(engine, {**given, "limit": "11"}, SETTINGS)) == 11


def test_values_are_texts(engine: Engine) -> None:
    """The commonest first, then by name."""
    rows = [{"p q": value} for value in (5, 5.0, "x", True, None)]
    happen(engine, "2026-11-20", *rows, {})
    given = {"event": "A", "name": "p q"}

    assert answer_property_values(engine, given, SETTINGS) == ["5", "true", "x"]
    assert answer_property_values(engine, {**given, "limit": "1"}, SETTINGS) == ["5"]


@pytest.mark.parametrize(
    ("answer", "changed", "message"),
    [
        (answer_properties, {"event": ""}, "event is missing"),
        (answer_properties, {"name": ""}, "name is missing"),
        (answer_properties, {"type": ""}, "type is missing"),
        (answer_properties, {"unit": "year"}, "unit 'year' is not one of"),
        (answer_properties, {"values": "pro"}, "values is not a JSON array"),
        (answer_properties, {"interval": "2"}, "exclude each other"),
        (answer_properties, {"unit": "hour", "type": "unique"}, "by the hour"),
        (answer_property_names, {"event": ""}, "event is missing"),
        (answer_property_names, {"limit": "0"}, "limit '0' is not a whole number"),
        (answer_property_values, {"event": ""}, "event is missing"),
        (answer_property_values, {"name": ""}, "name is missing"),
    ],
)
def test_wrong_question_is_refused(
    engine: Engine,
    answer: Callable[..., object],
    changed: dict[str, str],
    message: str,
) -> None:
    """What makes no sense gets 400."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        answer(engine, {**ASKED, **changed}, SETTINGS)

    assert caught.value.status == 400


def test_limit_keeps_the_commonest_of_the_values_asked_for(engine: Engine) -> None:
    """Of three that are asked for it leaves two; the commonest of all is not asked."""
    rows = [{"plan": plan} for plan in "zzzzbbba"]
    happen(engine, "2026-11-20", *rows)
    given = {**ASKED, "values": '["a", "b", "c"]', "to_date": "2026-11-20"}
    found: Any = answer_properties(engine, {**given, "limit": "2"}, SETTINGS)

    assert found["data"]["values"] == {"b": {"2026-11-20": 3}, "a": {"2026-11-20": 1}}

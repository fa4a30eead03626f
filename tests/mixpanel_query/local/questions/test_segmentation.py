"""Segmentation: one event over time, with conditions and breakdowns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query.local.engine.kept_profiles import save_profiles
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.segmentation import (
    answer_segmentation,
    count_segments,
    read_segmentation_question,
)
from mixpanel_query.local.settings import ProjectSettings, project_settings

# Sunday, 2026-11-22, 12:34:56 UTC.
NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=timezone.utc)
DAYS = {"from_date": "2026-11-20", "to_date": "2026-11-22"}
DAY = {"event": "A", "from_date": "2026-11-20", "to_date": "2026-11-20"}


def settings(zone: str = "UTC") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start="monday", clock=lambda: NOW)


def happen(engine: Engine, *given: dict[str, Any]) -> None:
    """Store an event A of 2026-11-20 for each; keys with _ are not properties."""
    events = []
    for number, each in enumerate(given):
        properties = {key: v for key, v in each.items() if not key.startswith("_")}
        moment = datetime.fromisoformat(each.get("_time", "2026-11-20T10:00:00+00:00"))
        events.append(
            StoredEvent(
                "A",
                each.get("_user", "u1"),
                int(moment.timestamp() * 1000),
                each.get("_id", f"i{number}"),
                json.dumps(properties),
            )
        )
    engine.insert_events(events)


def ask(engine: Engine, **given: str) -> dict[str, Any]:
    """Return the first day's count of each segment."""
    answer: Any = answer_segmentation(engine, {**DAY, **given}, settings())
    values = answer["data"]["values"]
    assert answer["legend_size"] == len(values)
    return {name: buckets["2026-11-20"] for name, buckets in values.items()}


def test_segmentation_asks_for_one_event(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The event is a name, not a list, and days are counted by default."""
    add_rows("A u1 2026-11-20T10:00:00")
    question = read_segmentation_question({**DAYS, "event": "A"}, settings())

    assert count_segments(engine, question) == {
        "data": {
            "series": ["2026-11-20", "2026-11-21", "2026-11-22"],
            "values": {"A": {"2026-11-20": 1, "2026-11-21": 0, "2026-11-22": 0}},
        },
        "legend_size": 1,
    }


def test_segmentation_interval_begins_with_the_first_date(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """An interval as long as the window counts each user once."""
    add_rows(
        "A u1 2026-11-19T10:00:00",
        "A u1 2026-11-20T10:00:00",
        "A u1 2026-11-21T10:00:00",
        "A u2 2026-11-22T10:00:00",
    )
    given = {**DAYS, "event": "A", "type": "unique", "interval": "3"}
    answer = count_segments(engine, read_segmentation_question(given, settings()))

    assert answer["data"] == {
        "series": ["2026-11-20"],
        "values": {"A": {"2026-11-20": 2}},
    }


def test_where_chooses_events(engine: Engine) -> None:
    """Two of four events are from London; one has no city, and one another."""
    happen(engine, {"city": "London"}, {"city": "London"}, {}, {"city": "Rome"})

    assert ask(engine, where='properties["city"] == "London"') == {"A": 2}


def test_where_that_nothing_meets_is_zero(engine: Engine) -> None:
    """Without a breakdown the event is named, though nothing was counted."""
    happen(engine, {"city": "London"})

    assert ask(engine, where="false") == {"A": 0}
    assert ask(engine, where="false", on='properties["city"]') == {}


def test_on_names_segments_by_text(engine: Engine) -> None:
    """Each type of value has its text; 3 and 3.0 are one number, "3" has its text."""
    happen(
        engine,
        *({"p": value} for value in (3, 3.0, "3", 2.5, True, "true", None, [1, "a"])),
        {},
    )

    assert ask(engine, on='properties["p"]') == {
        "3": 3,
        "true": 2,
        "2.5": 1,
        '[1, "a"]': 1,
        "null": 1,
        "undefined": 1,
    }


def test_on_counts_users_and_their_average(engine: Engine) -> None:
    """A user counts once a segment; without a user nobody counts."""
    happen(
        engine,
        {"p": "x", "_user": "u1"},
        {"p": "x", "_user": "u1"},
        {"p": "x", "_user": "u2"},
        {"p": "y", "_user": "u1"},
        {"p": "y", "_user": ""},
    )

    assert ask(engine, on='properties["p"]', type="unique") == {"x": 2, "y": 1}
    assert ask(engine, on='properties["p"]', type="average") == {"x": 1.5, "y": 1}


def test_limit_keeps_the_largest_segments(engine: Engine) -> None:
    """Of equal ones the first by name is kept, and the largest comes first."""
    happen(engine, *({"p": letter} for letter in "zbbcca"))

    found = ask(engine, on='properties["p"]', limit="3")

    assert list(found.items()) == [("b", 2), ("c", 2), ("a", 1)]


def test_sixty_segments_are_usual(engine: Engine) -> None:
    """So many are given where no limit is."""
    happen(engine, *({"p": number} for number in range(61)))

    assert len(ask(engine, on='properties["p"]')) == 60


def test_where_looks_at_profiles(engine: Engine) -> None:
    """The profile is that of the event's user; who has none has no properties."""
    happen(engine, {"_user": "u1"}, {"_user": "u2"}, {"_user": "u3"})
    with engine.writing() as cursor:
        save_profiles(cursor, {"u1": {"plan": "pro"}, "u2": {"plan": "free"}})

    assert ask(engine, where='user["plan"] == "pro"') == {"A": 1}
    assert ask(engine, where='not defined(user["plan"])') == {"A": 1}
    assert ask(engine, on='user["plan"]') == {"free": 1, "pro": 1, "undefined": 1}


def test_events_and_profiles_are_told_apart(engine: Engine) -> None:
    """Both have a property of the same name, and two more in another order."""
    happen(engine, {"b": "event", "a": 1, "_user": "u1"})
    with engine.writing() as cursor:
        save_profiles(cursor, {"u1": {"a": 2, "b": "profile"}})
    where = (
        'user["b"] == "profile" and properties["a"] == 1 '
        'and user["a"] == 2 and properties["b"] == "event" '
        'and properties["time"] == 1795168800'
    )

    assert ask(engine, where=where) == {"A": 1}


def test_the_time_of_an_event_can_be_asked(engine: Engine) -> None:
    """Moments are those of the project's clock."""
    happen(
        engine,
        {"_time": "2026-11-20T09:59:59.999+00:00"},
        {"_time": "2026-11-20T10:00:00.000+00:00"},
    )
    where = 'event["$time"] >= datetime("2026-11-20T10:00:00")'

    assert ask(engine, where=where) == {"A": 1}


def test_of_repeats_the_latest_counts(engine: Engine) -> None:
    """An event that was sent again has the properties that it was sent with last."""
    happen(
        engine, {"p": "first", "_id": "same"}, {"p": "second", "q": 1, "_id": "same"}
    )
    happen(engine, {"p": "third", "_id": "same"})

    assert ask(engine, on='properties["p"]') == {"third": 1}
    assert ask(engine, where='properties["q"] == 1') == {"A": 0}


@pytest.mark.parametrize(
    "name", ["a b", "a/b", "~1", "$.x", 'q"uote', "back\\slash", "*", "0", "é", "'", ""]
)
def test_any_name_of_a_property_is_found(engine: Engine, name: str) -> None:
    """No name means something else than itself."""
    happen(engine, {name: "here"}, {f"{name}x": "there"})
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')

    assert ask(engine, where=f'properties["{quoted}"] == "here"') == {"A": 1}


def test_wrong_type_of_a_condition_is_refused(engine: Engine) -> None:
    """One event has a text where a condition has to be; the answer is no number."""
    happen(engine, {"p": True}, {"p": "yes"})

    with pytest.raises(
        RequestRefusedError, match="'yes' is of the type text"
    ) as caught:
        ask(engine, where='properties["p"]')
    assert caught.value.status == 400


def test_too_large_an_answer_is_refused(engine: Engine) -> None:
    """Thousands of segments by the minute are a mistake."""
    happen(engine, *({"p": number} for number in range(50)))
    given = {
        **DAY,
        "from_date": "2026-10-01",
        "unit": "minute",
        "on": 'properties["p"]',
    }

    with pytest.raises(RequestRefusedError, match="the answer would hold") as caught:
        answer_segmentation(engine, given, settings())
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"event": ""}, 400, "event is missing"),
        ({"type": "median"}, 400, "type 'median'"),
        ({"unit": "year"}, 400, "unit 'year'"),
        ({"unit": "month", "interval": "2"}, 400, "interval counts days"),
        ({"to_date": ""}, 400, "to_date is missing"),
        ({"on": "plan"}, 400, "on is no expression"),
        ({"where": "plan == 1"}, 400, "where is no expression"),
        ({"where": 'behaviors["b"] > 0'}, 501, "does not answer where with behaviors"),
        ({"limit": "10001"}, 400, "limit '10001' is not a whole number"),
        ({"format": "xml"}, 400, "format 'xml' is not one of json, csv"),
    ],
)
def test_wrong_segmentation_is_refused(
    changed: dict[str, str], status: int, message: str
) -> None:
    """What makes no sense gets 400, what is not built 501."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        read_segmentation_question({**DAYS, "event": "A", **changed}, settings())

    assert caught.value.status == status


def test_today_is_the_day_of_the_project() -> None:
    """At noon UTC it is 2026-11-23 already in Kiritimati."""
    given = {"event": "A", "from_date": "2026-11-23", "to_date": "2026-11-23"}
    question = read_segmentation_question(given, settings("Pacific/Kiritimati"))

    assert question.buckets.labels == ("2026-11-23",)


def test_segments_by_time_have_names(engine: Engine) -> None:
    """The time of an event is in whole seconds as a property, and else exact."""
    happen(engine, {"_time": "2026-11-20T10:00:00.500+00:00"})

    assert ask(engine, on='properties["time"]') == {"1795168800": 1}
    assert ask(engine, on='event["$time"]') == {"1795168800.5": 1}

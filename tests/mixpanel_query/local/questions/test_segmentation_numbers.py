"""Segmentation by numbers: sums, averages and ranges."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.segmentation_numbers import (
    answer_average,
    answer_numeric,
    answer_sum,
    named_by_range,
)
from mixpanel_query.local.settings import ProjectSettings, project_settings

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=timezone.utc)
ASKED = {
    "event": "A",
    "from_date": "2026-11-20",
    "to_date": "2026-11-21",
    "on": 'properties["n"]',
}


def settings(zone: str = "UTC") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start="monday", clock=lambda: NOW)


def happen(engine: Engine, *numbers: object, hour: int = 10) -> None:
    """Store an event A of 2026-11-20 with a property n for each; None leaves it out."""
    moment = datetime(2026, 11, 20, hour, tzinfo=timezone.utc)
    engine.insert_events(
        [
            StoredEvent(
                "A",
                f"u{place % 2}",
                int(moment.timestamp() * 1000),
                f"i{hour} {place}",
                json.dumps({} if number is None else {"n": number}),
            )
            for place, number in enumerate(numbers)
        ]
    )


def test_sum_of_numbers(engine: Engine) -> None:
    """What is no number counts as 0, and a day without events is 0."""
    happen(engine, 1, 2.5, "3", None, True, 1)

    assert answer_sum(engine, ASKED, settings()) == {
        "status": "ok",
        "computed_at": "2026-11-22T12:34:56+00:00",
        "results": {"2026-11-20": 4.5, "2026-11-21": 0},
    }


def test_average_of_numbers(engine: Engine) -> None:
    """What is no number counts as 0, too; a day without events has no average."""
    happen(engine, 1, 2.5, "3", None, 1.5)

    assert answer_average(engine, ASKED, settings()) == {
        "status": "ok",
        "results": {"2026-11-20": 1.0},
    }


def test_where_chooses_what_is_summed(engine: Engine) -> None:
    """Only numbers above 1, and twice each."""
    happen(engine, 1, 2, 3)
    given = {**ASKED, "where": 'properties["n"] > 1', "on": 'properties["n"] * 2'}

    assert answer_sum(engine, given, settings())["results"] == {
        "2026-11-20": 10,
        "2026-11-21": 0,
    }


def test_sums_by_the_hour(engine: Engine) -> None:
    """Hours have their offset."""
    happen(engine, 1, 2, hour=10)
    happen(engine, 5, hour=11)
    found: Any = answer_sum(engine, {**ASKED, "unit": "hour"}, settings("Asia/Kolkata"))
    sums = {label: total for label, total in found["results"].items() if total}

    # 10:00 UTC is half past three in Kolkata.
    assert sums == {
        "2026-11-20T15:00:00+05:30": 3,
        "2026-11-20T16:00:00+05:30": 5,
    }


def test_a_repeat_is_summed_once(engine: Engine) -> None:
    """The same event sent twice has one number."""
    happen(engine, 4)
    happen(engine, 4)

    assert answer_sum(engine, ASKED, settings())["results"] == {
        "2026-11-20": 4,
        "2026-11-21": 0,
    }


def test_small_parts_do_not_get_lost(engine: Engine) -> None:
    """A sum of floats is rounded once, at its end."""
    happen(engine, 1e16, 1, -1e16)

    assert answer_sum(engine, ASKED, settings())["results"] == {
        "2026-11-20": 1,
        "2026-11-21": 0,
    }


@pytest.mark.parametrize(
    "numbers",
    [
        [1e308] * 2,
        [1e308, 1.5e308],
        [-1e308] * 9,
        [1e308, 1e308, -1e308, -1e308],
    ],
    ids=["repeated", "two", "negative", "both signs"],
)
def test_more_than_a_number_can_hold_is_refused(
    engine: Engine, numbers: list[float]
) -> None:
    """JSON has no infinity."""
    happen(engine, *numbers)

    with pytest.raises(RequestRefusedError, match="more than a number") as caught:
        answer_sum(engine, ASKED, settings())
    assert caught.value.status == 400


def test_ranges_of_numbers(engine: Engine) -> None:
    """From the lowest range to the highest; what is no number is in none."""
    happen(engine, 2490, 2010, 2005, "x", None)

    assert answer_numeric(engine, ASKED, settings()) == {
        "data": {
            "series": ["2026-11-20", "2026-11-21"],
            "values": {
                "2,000 - 2,100": {"2026-11-20": 2, "2026-11-21": 0},
                "2,400 - 2,500": {"2026-11-20": 1, "2026-11-21": 0},
            },
        },
        "legend_size": 2,
    }


def test_ranges_count_users(engine: Engine) -> None:
    """Three events of two users in one range."""
    happen(engine, 5, 5, 5)
    found: Any = answer_numeric(engine, {**ASKED, "type": "unique"}, settings())

    assert found["data"]["values"] == {"5 - 6": {"2026-11-20": 2, "2026-11-21": 0}}


def test_no_numbers_have_no_ranges(engine: Engine) -> None:
    """Nothing happened, and nothing is made up."""
    found: Any = answer_numeric(engine, ASKED, settings())

    assert found["data"]["values"] == {}


def test_minus_zero_is_in_the_range_of_zero() -> None:
    """A product with -0.0 makes no second range from 0 on."""
    assert named_by_range([0, -0.0, 7]) == ["0 - 1", "0 - 1", "7 - 8"]


def test_equal_numbers_are_in_one_range() -> None:
    """Whole or not, 4 is in the same range, and small ranges have their decimals."""
    assert named_by_range([2.5, 4, 4.0, 10]) == [
        "2 - 4",
        "4 - 6",
        "4 - 6",
        "10 - 12",
    ]
    assert named_by_range([0.25, 0.5]) == ["0.25 - 0.30", "0.50 - 0.55"]


@given(
    st.lists(
        st.integers(-(10**12), 10**12)
        | st.floats(-1e12, 1e12).filter(lambda number: abs(number) > 1e-9),
        min_size=1,
    )
)
def test_each_number_lies_in_the_range_of_its_name(numbers: list[float]) -> None:
    """Its first number is not above it, its last one is above it, few are made."""
    names = named_by_range(numbers)

    for number, name in zip(numbers, names, strict=True):
        assert name is not None
        first, last = (float(end.replace(",", "")) for end in name.split(" - "))
        assert first <= number < last
    assert len(set(names)) <= 8


@pytest.mark.parametrize("answer", [answer_sum, answer_average, answer_numeric])
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"event": ""}, "event is missing"),
        ({"on": ""}, "on is missing"),
        ({"on": "price"}, "on is no expression"),
        ({"where": "1 +"}, "where is no expression"),
        ({"unit": "week"}, "unit 'week' is not one of hour, day"),
        ({"from_date": ""}, "from_date is missing"),
        ({"to_date": "2026-11-23"}, "later than today"),
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
        answer(engine, {**ASKED, **changed}, settings())

    assert caught.value.status == 400

"""Generated questions about what users do one after the other equal plain loops."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

# From a seed to what it asks, with events and plain loops beside it.
Asking: TypeAlias = Callable[[int], Any]

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)


@pytest.mark.parametrize("seed", range(30, 38))
def test_funnels(ask: Asking, seed: int) -> None:
    """``/funnels``: who took each step in time, also past the last day."""
    question = ask(seed)
    number_ = question.chance.choice([1, 2])
    steps = [
        ["page view", "view item", "checkout"],
        ["view item"] * 2 + ["add to cart"],
    ]
    unit = question.chance.choice(["day", "week", "month", 2, 5])
    length, length_unit = question.chance.choice(
        [(90, "day"), (3, "hour"), (50, "minute")]
    )
    seconds = length * {"day": 86400, "hour": 3600, "minute": 60}[length_unit]
    asked: dict[str, object] = {"length": length, "length_unit": length_unit}
    asked["unit" if isinstance(unit, str) else "interval"] = unit
    if by_segment := question.chance.random() < 0.5:
        asked |= {"on": question.on, "limit": 10000}
    found = question.ask("funnels", funnel_id=number_, where=question.where, **asked)
    met = [e for e in question.shop.events if question.conditions[question.where](e)]
    window, bucket = (question.first, question.last), question.bucket(unit)
    given = met, steps[number_ - 1], window, seconds, bucket
    expected = question.plain.funnel(*given)
    if by_segment:
        expected |= question.plain.funnel(*given, named=question.named)
    counts = {
        (segment, day): [step["count"] for step in taken]
        for day, data in found["data"].items()
        for segment, taken in (
            data.items() if by_segment else [("$overall", data["steps"])]
        )
        if taken[0]["count"]
    }

    assert counts == expected


@pytest.mark.parametrize("seed", range(40, 48))
def test_retention(ask: Asking, seed: int) -> None:
    """``/retention``: who came back in which interval after they began."""
    question = ask(seed)
    unit = question.unit()
    count = question.chance.randrange(1, 8)
    birth, unbounded, by_segment = (question.chance.random() < 0.5 for _ in range(3))
    where, born_where = (
        question.where,
        question.chance.choice(list(question.conditions)),
    )
    asked: dict[str, object] = {"event": "view item", "where": where, "unit": unit}
    asked |= {"interval_count": count, "unbounded_retention": str(unbounded).lower()}
    if birth:
        asked |= {"born_event": question.event, "born_where": born_where}
    else:
        asked |= {"retention_type": "compounded"}
    if by_segment:
        asked |= {"on": question.on, "limit": 10000}
    found = question.ask("retention", **asked)
    done = [
        e
        for e in question.shop.events
        if e.name == "view item" and question.conditions[where](e)
    ]
    born = (
        question.chosen(question.event, where=born_where)
        if birth
        else question.chosen("view item", where=where)
    )
    given = {"once": birth, "length": question.plain.LENGTHS[unit], "count": count + 1}
    given |= {"unbounded": unbounded}
    firsts, expected = question.plain.retention(
        born, done, question.bucket(unit), **given
    )
    if by_segment:
        named = question.plain.retention(
            born, done, question.bucket(unit), **given, named=question.named
        )
        expected |= named[1]
    answers = {
        (segment, day): answer
        for day, data in found.items()
        for segment, answer in (data.items() if by_segment else [("$overall", data)])
    }

    assert {
        key: a["counts"] for key, a in answers.items() if any(a["counts"])
    } == expected
    assert {day: a["first"] for (_, day), a in answers.items() if a["first"]} == firsts


@pytest.mark.parametrize("seed", range(50, 54))
def test_frequency(ask: Asking, seed: int) -> None:
    """``/retention/addiction``: in how many hours or days users were active."""
    question = ask(seed)
    unit = question.unit()
    part = "hour" if unit == "day" and "Lord" not in question.shop.zone else "day"
    found = question.ask(
        "retention/addiction",
        unit=unit,
        addiction_unit=part,
        event=question.event,
        where=question.where,
    )["data"]
    chosen = question.chosen(question.event, where=question.where)
    expected = question.plain.frequency(
        chosen, question.bucket(unit), question.bucket(part)
    )

    assert {
        day: [count for count in counts if count]
        for day, counts in found.items()
        if any(counts)
    } == expected

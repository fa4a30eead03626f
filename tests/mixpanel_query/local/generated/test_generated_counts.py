"""Generated questions about counts and numbers equal plain loops over the events."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import product
from typing import Any, TypeAlias

import pytest

# From a seed to what it asks, with events and plain loops beside it.
Asking: TypeAlias = Callable[[int], Any]

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)

NAMES = ["page view", "view item", "checkout"]


@pytest.mark.parametrize("seed", range(6))
def test_events(ask: Asking, seed: int) -> None:
    """``/events``: three names, by all kinds and units."""
    question = ask(seed)
    unit = question.unit(*(["hour"] if question.kind != "unique" else []))
    found = question.ask(
        "events", event=json.dumps(NAMES), type=question.kind, unit=unit
    )
    chosen = question.chosen(*NAMES)

    assert question.points(found) == pytest.approx(
        question.plain.counted(
            chosen, question.kind, question.bucket(unit), lambda e: e.name
        )
    )


@pytest.mark.parametrize("seed", range(10, 18))
def test_segmentation(ask: Asking, seed: int) -> None:
    """``/segmentation`` with a condition, segments and a limit."""
    question = ask(seed)
    event, where, kind = question.event, question.where, question.kind
    unit = question.unit("hour")
    limit = question.chance.choice([1, 3, 10000])
    asked = {"event": event, "where": where, "type": kind, "unit": unit}
    found = question.ask("segmentation", **asked, on=question.on, limit=limit)
    bucket = question.bucket(unit)
    expected = question.plain.counted(
        question.chosen(event, where=where), kind, bucket, question.named
    )
    largest = question.plain.first_sums(expected, limit)

    assert found["legend_size"] == min(limit, len({name for name, _ in expected}))
    if largest is not None:
        expected = {key: n for key, n in expected.items() if key[0] in largest}
        assert question.points(found) == pytest.approx(expected)
    whole = question.ask("segmentation", **asked)
    of_event = question.plain.counted(
        question.chosen(event, where=where), kind, bucket, lambda e: e.name
    )
    assert question.points(whole) == pytest.approx(of_event)


@pytest.mark.parametrize("seed", range(20, 24))
def test_sums_averages_and_ranges(ask: Asking, seed: int) -> None:
    """The three questions about numbers, by day or hour."""
    question = ask(seed)
    question.on = 'properties["amount"]'
    unit = "day" if question.chance.random() < 0.5 else question.unit("hour")
    unit = unit if unit == "hour" else "day"
    where = question.where
    asked = {"event": "checkout", "where": where, "on": question.on, "unit": unit}
    chosen = question.chosen("checkout", where=where)
    each = question.plain.numbers(chosen, question.bucket(unit), question.named)
    sums = question.ask("segmentation/sum", **asked)["results"]
    averages = question.ask("segmentation/average", **asked)["results"]
    ranges = question.points(question.ask("segmentation/numeric", **asked))

    assert {key: total for key, total in sums.items() if total} == pytest.approx(
        {key: sum(some) for key, some in each.items() if sum(some)}
    )
    assert averages == pytest.approx(
        {key: sum(some) / len(some) for key, some in each.items()}
    )
    counted: dict[tuple[str, str], int] = {}
    for name, event in product({name for name, _ in ranges}, chosen):
        low, high = (float(end.replace(",", "")) for end in name.split(" - "))
        if low <= question.number(event, "amount", -1e9) < high:
            key = name, question.bucket(unit)(event)
            counted[key] = counted.get(key, 0) + 1
    assert ranges == counted
    assert sum(counted.values()) == sum(
        question.number(event, "amount", None) is not None for event in chosen
    )


@pytest.mark.parametrize("seed", range(60, 64))
def test_property_values_over_time(ask: Asking, seed: int) -> None:
    """``/events/properties``: the values of a property; nothing for what has none."""
    question = ask(seed)
    unit = question.unit()
    asked = {"event": "checkout", "name": "currency", "type": question.kind}
    found = question.ask("events/properties", **asked, unit=unit)
    chosen = [e for e in question.chosen("checkout") if "currency" in e.own]

    assert question.points(found) == pytest.approx(
        question.plain.counted(
            chosen, question.kind, question.bucket(unit), lambda e: e.own["currency"]
        )
    )

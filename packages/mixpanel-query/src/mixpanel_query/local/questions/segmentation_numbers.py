"""Segmentation by numbers: an expression of one event summed, averaged, in ranges.

https://developer.mixpanel.com/reference/segmentation-sum-query
https://developer.mixpanel.com/reference/segmentation-query-average
https://developer.mixpanel.com/reference/segmentation-numeric-query
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timezone
from decimal import ROUND_FLOOR, Decimal
from math import fsum, inf, isfinite

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Value
from mixpanel_query.local.expressions.values import kind_of
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import read_kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import count_events, count_kind
from mixpanel_query.local.questions.event_counts import (
    buckets_of_window,
    check_size,
    series,
)
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import TimeBuckets

__all__ = ["answer_average", "answer_numeric", "answer_sum", "named_by_range"]

UNITS = ("hour", "day")
# Mixpanel chooses ranges, and does not say how; these are at most so many, and 1, 2
# or 5 of some power of ten wide.
MOST_RANGES = 8
STEPS = (1, 2, 5, 10, 20)


def answer_sum(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /segmentation/sum``: what is no number counts as 0.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    choice, buckets = read_choice(given, settings)
    totals = add_up(engine, choice, buckets)
    sums = {start_ms: total for start_ms, (total, _) in totals.items()}
    labels = zip(buckets.starts_ms, buckets.labels, strict=True)
    computed_at = settings.now().astimezone(timezone.utc).isoformat()
    results = {label: plain(sums.get(start_ms, 0.0)) for start_ms, label in labels}
    return {"status": "ok", "computed_at": computed_at, "results": results}


def answer_average(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /segmentation/average``: what is no number counts as 0.

    Days and hours without an event have no average, and are left out.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    choice, buckets = read_choice(given, settings)
    totals = add_up(engine, choice, buckets)
    labels = dict(zip(buckets.starts_ms, buckets.labels, strict=True))
    averages = {
        labels[start_ms]: total / count
        for start_ms, (total, count) in sorted(totals.items())
    }
    return {"status": "ok", "results": averages}


def answer_numeric(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /segmentation/numeric``, from the lowest range to the highest.

    What is no number is in no range.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    choice, buckets = read_choice(given, settings)
    kind = read_kind(given.get("type", "general"))
    check_size(MOST_RANGES, buckets)
    with chosen_events(engine, choice, named_by_range) as chosen:
        counts = count_kind(chosen, buckets, kind, "segment")
    names = sorted({name for name, _ in counts}, key=first_number)
    if names:
        rests_on("numeric-bucket-labels")
    return series(names, buckets, counts)


def read_choice(
    given: Mapping[str, str], settings: ProjectSettings
) -> tuple[Choice, TimeBuckets]:
    """Read what the three questions have in common."""
    event = read.required(given, "event")
    unit = read.one_of("unit", given.get("unit", "day"), UNITS)
    buckets = buckets_of_window(given, unit, settings)
    on = read.expression(given, "on", settings.timezone)
    if on is None:
        raise RequestRefusedError(400, "on is missing")
    where = read.expression(given, "where", settings.timezone)
    return Choice.during(buckets, (event,), where=where, on=on), buckets


def add_up(
    engine: Engine, choice: Choice, buckets: TimeBuckets
) -> dict[int, tuple[float, int]]:
    """Return the sum and the number of events, for each bucket that has one."""
    with chosen_events(engine, choice, unnamed) as chosen:
        counts = count_events(chosen, buckets, "number")
    found: dict[int, list[tuple[float, int]]] = {}
    for (number, start_ms), count in counts.items():
        found.setdefault(start_ms, []).append((float(number), int(count)))
    return {
        start_ms: (
            total_of(each),
            sum(count for _, count in each),
        )
        for start_ms, each in found.items()
    }


def unnamed(values: Sequence[Value]) -> list[str | None]:
    """Name no segments, as sums and averages have none."""
    return [None] * len(values)


def total_of(parts: Iterable[tuple[float, int]]) -> float:
    """Add numbers up, each so many times; rounded once, at the end.

    Raises:
        RequestRefusedError: If no number is as large as the sum.

    >>> total_of([(0.1, 10), (1e16, 1), (-1e16, 1)])
    1.0
    """
    try:
        total = fsum(number * count for number, count in parts)
    # The latter is raised where some are infinite, and others are so below zero.
    except (OverflowError, ValueError):
        total = inf
    if not isfinite(total):
        raise RequestRefusedError(
            400, "the numbers of on add up to more than a number can hold"
        )
    return total


def plain(number: float) -> int | float:
    """Return a whole number as one.

    >>> plain(4.0), plain(8.5)
    (4, 8.5)
    """
    return int(number) if number.is_integer() else number


def named_by_range(values: Sequence[Value]) -> list[str | None]:
    """Name numbers by the range that they lie in; None for what is no number.

    A range holds its first number, and not its last.

    >>> named_by_range([2010, 2490, "x"])
    ['2,000 - 2,100', '2,400 - 2,500', None]
    """
    numbers = [
        Decimal(repr(value)) if kind_of(value) == "number" else None for value in values
    ]
    known = [number for number in numbers if number is not None]
    if not known:
        return [None] * len(numbers)
    width = range_width(min(known), max(known))
    return [None if number is None else range_name(number, width) for number in numbers]


def range_width(least: Decimal, most: Decimal) -> Decimal:
    """Return the smallest width that makes few ranges of what lies between two numbers.

    >>> range_width(Decimal(2010), Decimal(2490)) == 100
    True
    """
    if least == most:
        return Decimal(1)
    power = ((most - least) / MOST_RANGES).adjusted()
    widths = [Decimal(step).scaleb(power) for step in STEPS]
    return next(
        width
        for width in widths
        if lower_end(most, width) - lower_end(least, width) < MOST_RANGES * width
    )


def lower_end(number: Decimal, width: Decimal) -> Decimal:
    """Return the multiple of a width that is nearest below a number, or is it."""
    # What is added makes -0, which -0.0 has below it, 0.
    return (number / width).to_integral_value(ROUND_FLOOR) * width + 0


def range_name(number: Decimal, width: Decimal) -> str:
    """Return the name of the range that a number lies in."""
    first = lower_end(number, width)
    places = max(0, -width.adjusted())
    return f"{first:,.{places}f} - {first + width:,.{places}f}"


def first_number(name: str) -> Decimal:
    """Return the first number of a range, by its name."""
    return Decimal(name.partition(" - ")[0].replace(",", ""))

"""Segmentation by numbers: an expression of one event in ranges, summed, averaged.

Mixpanel keeps these endpoints in maintenance mode; the Insights API, for reports that
were saved, is their successor: https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from mixpanel_query.expressions import Where, breakdown_text, expression_text
from mixpanel_query.names import EventName, name_of
from mixpanel_query.number_series import AverageSeries, SumSeries
from mixpanel_query.parameters import COUNT_TYPES, CountType, checked_choice
from mixpanel_query.time_series import (
    BucketKeys,
    TimeSeries,
    read_buckets,
    read_time_series,
)
from mixpanel_query.window import Window
from mixpanel_query.wire import Answer, Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["NumberUnit", "average_numbers", "segment_numbers", "sum_numbers"]

NumberUnit: TypeAlias = Literal["hour", "day"]

UNITS: Final = ("hour", "day")


def segment_numbers(
    event: EventName,
    window: Window,
    on: Property | Where,
    *,
    where: Where | None,
    unit: NumberUnit,
    type: CountType,
    timezone: tzinfo | None,
) -> Flow[TimeSeries]:
    """Count one event over time, by ranges of a number that Mixpanel chooses.

    https://developer.mixpanel.com/reference/segmentation-numeric-query
    """
    params = {
        **dict(number_params(event, window, on, where, unit)),
        "type": checked_choice("type", type, COUNT_TYPES),
    }
    answer = yield QueryRequest("/api/query/segmentation/numeric", params)
    return read_time_series(answer, type=type, unit=unit, timezone=timezone)


def sum_numbers(
    event: EventName,
    window: Window,
    on: Property | Where,
    *,
    where: Where | None,
    unit: NumberUnit,
    timezone: tzinfo | None,
) -> Flow[SumSeries]:
    """Sum a number over the events of each day or hour.

    https://developer.mixpanel.com/reference/segmentation-sum-query
    """
    params = dict(number_params(event, window, on, where, unit))
    answer = yield QueryRequest("/api/query/segmentation/sum", params)
    values = read_results(answer, unit, timezone)
    return SumSeries(unit, tuple(sorted(values)), values, computed_at(answer))


def average_numbers(
    event: EventName,
    window: Window,
    on: Property | Where,
    *,
    where: Where | None,
    unit: NumberUnit,
    timezone: tzinfo | None,
) -> Flow[AverageSeries]:
    """Average a number over the events of each day or hour.

    https://developer.mixpanel.com/reference/segmentation-query-average
    """
    params = dict(number_params(event, window, on, where, unit))
    answer = yield QueryRequest("/api/query/segmentation/average", params)
    values = read_results(answer, unit, timezone)
    return AverageSeries(unit, tuple(sorted(values)), values, computed_at(answer))


def number_params(
    event: EventName,
    window: Window,
    on: Property | Where,
    where: Where | None,
    unit: NumberUnit,
) -> Iterator[tuple[str, str]]:
    """Yield the parameters that the three have in common."""
    yield "event", name_of(event)
    yield from window.params().items()
    yield "on", breakdown_text(on)
    yield "unit", checked_choice("unit", unit, UNITS)
    if where is not None:
        yield "where", expression_text("where", where)


def read_results(
    answer: Answer, unit: NumberUnit, timezone: tzinfo | None
) -> dict[date, int | float]:
    """Read a number for each day or hour."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if body.get("status", "ok") != "ok":
        raise answer.unreadable(f"the status {body['status']!r}")
    results = body.get("results")
    if not isinstance(results, dict):
        raise answer.unreadable("no 'results' by date")
    keys = BucketKeys(answer, unit, timezone)
    return read_buckets(answer, "results", results, keys)


def computed_at(answer: Answer) -> datetime | None:
    """Read when Mixpanel counted; None if it does not say."""
    given = answer.body.get("computed_at") if isinstance(answer.body, dict) else None
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    except ValueError as error:
        raise answer.unreadable(f"'computed_at' is {given!r}, no time") from error
    if moment.tzinfo is None:
        raise answer.unreadable(f"'computed_at' is {given!r}, without an offset")
    return moment

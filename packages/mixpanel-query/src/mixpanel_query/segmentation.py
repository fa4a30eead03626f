"""Segmentation: one event over time, filtered and broken down.

Mixpanel keeps this endpoint in maintenance mode; the Insights API, for reports that
were saved, is its successor: https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from mixpanel_query.breakdowns import breakdown_params
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import (
    COUNT_TYPES,
    CountType,
    Unit,
    checked_choice,
    checked_number,
)
from mixpanel_query.time_series import TimeSeries, read_time_series
from mixpanel_query.window import Window
from mixpanel_query.wire import Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["segment_event"]

UNITS = ("minute", "hour", "day", "month")
MOST_SEGMENTS = 10_000


def segment_event(
    event: EventName,
    window: Window,
    *,
    on: Property | Where | None,
    where: Where | None,
    unit: Unit,
    interval: int | None,
    type: CountType,
    limit: int | None,
    timezone: tzinfo | None,
) -> Flow[TimeSeries]:
    """Count one event over time, by segment where ``on`` names one.

    https://developer.mixpanel.com/reference/segmentation-query

    >>> flow = segment_event(
    ...     "Sign Up", Window.of("2026-11-09", "2026-11-15"), on=None, where=None,
    ...     unit="day", interval=7, type="unique", limit=None, timezone=None,
    ... )
    >>> "unit" in next(flow).params
    False
    """
    name = name_of(event)
    params = {
        "event": name,
        **window.params(),
        "type": checked_choice("type", type, COUNT_TYPES),
        **bucket_params(type, checked_choice("unit", unit, UNITS), interval),
        **breakdown_params(on, where, limit, most=MOST_SEGMENTS),
    }
    answer = yield QueryRequest("/api/query/segmentation", params)
    return read_time_series(
        answer,
        type=type,
        unit=unit,
        timezone=timezone,
        asked=(name,) if on is None else (),
        interval=interval,
    )


def bucket_params(type: CountType, unit: str, interval: int | None) -> dict[str, str]:
    """Return ``interval`` or, where it is not given, ``unit``."""
    if interval is None:
        return {"unit": unit}
    if type == "general" or unit != "day":
        problem = f"interval {interval} with type {type} and unit {unit}"
        allowed = "it goes with unique and average, and stands in for unit"
        raise InvalidQueryError(f"{problem}; {allowed}: leave out interval or unit")
    return {"interval": checked_number("interval", interval)}

"""Questions about events as a whole: how often each happened, and which there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.names import event_names
from mixpanel_query.parameters import (
    COUNT_TYPES,
    CountType,
    Unit,
    checked_choice,
    checked_number,
    json_list,
)
from mixpanel_query.time_series import TimeSeries, read_time_series
from mixpanel_query.window import Window
from mixpanel_query.wire import Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Event

__all__ = ["count_events", "list_event_names"]

UNITS = ("minute", "hour", "day", "week", "month")


def count_events(
    events: Event | str | Iterable[Event | str],
    window: Window,
    *,
    type: CountType,
    unit: Unit,
    timezone: tzinfo | None,
) -> Flow[TimeSeries]:
    """Count several events over time, with one request.

    https://developer.mixpanel.com/reference/list-recent-events

    >>> flow = count_events(
    ...     ["Sign Up"], Window.of("2026-11-09", "2026-11-15"),
    ...     type="general", unit="day", timezone=None,
    ... )
    >>> request = next(flow)
    >>> request.path, request.params["event"]
    ('/api/query/events', '["Sign Up"]')
    """
    names = event_names(events)
    checked_choice("type", type, COUNT_TYPES)
    checked_choice("unit", unit, UNITS)
    if type == "unique" and unit == "hour":
        problem = "Mixpanel counts no unique users by the hour"
        raise InvalidQueryError(f"{problem}; use unit day, week or month")
    params = {
        "event": json_list(names),
        "type": type,
        "unit": unit,
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
    }
    answer = yield QueryRequest("/api/query/events", params)
    return read_time_series(
        answer, type=type, unit=unit, timezone=timezone, asked=names
    )


def list_event_names(*, type: CountType, limit: int) -> Flow[list[str]]:
    """List the commonest events of the last 31 days.

    https://developer.mixpanel.com/reference/query-months-top-event-names
    """
    params = {
        "type": checked_choice("type", type, COUNT_TYPES),
        # The server cuts higher limits down to this one.
        "limit": checked_number("limit", limit, most=5000),
    }
    answer = yield QueryRequest("/api/query/events/names", params)
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of names")
    # Some events are stored without a name; nothing could be asked about them.
    names = [name for name in answer.body if isinstance(name, str) and name]
    if answer.body and not names:
        raise answer.unreadable("a list without a single name")
    return names

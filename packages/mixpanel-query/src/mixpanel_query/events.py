"""Questions about events as a whole: how often each happened, and which there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.names import EventName, event_names
from mixpanel_query.parameters import (
    COUNT_TYPES,
    CountType,
    Unit,
    checked_choice,
    checked_count,
    checked_number,
    json_list,
)
from mixpanel_query.records import Records
from mixpanel_query.spans import Span
from mixpanel_query.time_series import TimeSeries, read_count, read_time_series
from mixpanel_query.window import Window
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["TopEvent", "count_events", "list_event_names", "rank_events"]


@dataclass(frozen=True, slots=True)
class TopEvent:
    """One of today's commonest events.

    Attributes:
        event: Its name.
        amount: How much of it there was today, up to now.
        percent_change: The change from yesterday, as Mixpanel normalizes it: a
            fraction, below 0 for less. None if it did not say.

    >>> TopEvent("Sign Up", 75, -0.2).to_dict()
    {'event': 'Sign Up', 'amount': 75, 'percent_change': -0.2}
    """

    event: str
    amount: int | float
    percent_change: int | float | None

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {
            "event": self.event,
            "amount": self.amount,
            "percent_change": self.percent_change,
        }


def count_events(
    events: EventName | Iterable[EventName],
    span: Span,
    *,
    type: CountType,
    unit: Unit,
    timezone: tzinfo | None,
) -> Flow[TimeSeries]:
    """Count several events over time, with one request.

    https://developer.mixpanel.com/reference/list-recent-events

    >>> flow = count_events(
    ...     ["Sign Up"], Span.of("2026-11-09", "2026-11-15", None),
    ...     type="general", unit="day", timezone=None,
    ... )
    >>> request = next(flow)
    >>> request.path, request.params["event"]
    ('/api/query/events', '["Sign Up"]')
    """
    names = event_names(events)
    params = {
        "event": json_list(names),
        **checked_count(type, unit),
        **span.params(),
    }
    answer = yield QueryRequest("/api/query/events", params)
    return read_time_series(
        answer, type=type, unit=unit, timezone=timezone, asked=names
    )


def rank_events(*, type: CountType, limit: int) -> Flow[Records[TopEvent]]:
    """Rank today's commonest events.

    https://developer.mixpanel.com/reference/query-top-events
    """
    params = {
        "type": checked_choice("type", type, COUNT_TYPES),
        "limit": checked_number("limit", limit),
    }
    answer = yield QueryRequest("/api/query/events/top", params)
    body = answer.body if isinstance(answer.body, dict) else {}
    events = body.get("events")
    if not isinstance(events, list):
        raise answer.unreadable("no 'events'")
    if body.get("type", type) != type:
        raise answer.unreadable(f"{body['type']!r} counts, and {type!r} were asked for")
    return Records(read_top_event(answer, document) for document in events)


def read_top_event(answer: Answer, document: object) -> TopEvent:
    """Read one of today's events."""
    fields = AnswerFields(answer, "top event", document)
    name = fields.text("event")
    amount = read_count(answer, name, fields.document.get("amount"))
    change = fields.document.get("percent_change")
    if change is not None:
        change = read_count(answer, f"the change of {name}", change)
    return TopEvent(name, amount, change)


def list_event_names(
    *, type: CountType, limit: int, window: Window | None
) -> Flow[list[str]]:
    """List the commonest events of the last 31 days, or of a window.

    https://developer.mixpanel.com/reference/query-months-top-event-names
    """
    params = {
        "type": checked_choice("type", type, COUNT_TYPES),
        # The server cuts higher limits down to this one.
        "limit": checked_number("limit", limit, most=5000),
        **({} if window is None else window.params()),
    }
    answer = yield QueryRequest("/api/query/events/names", params)
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of names")
    # Some events are stored without a name; nothing could be asked about them.
    names = [name for name in answer.body if isinstance(name, str) and name]
    if answer.body and not names:
        raise answer.unreadable("a list without a single name")
    return names

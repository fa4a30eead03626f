"""Activity: what users did, one event after another.

Mixpanel keeps this endpoint in maintenance mode, and names no successor; the raw
export has the events of everybody: https://developer.mixpanel.com/reference/raw-event-export
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import json_list
from mixpanel_query.records import Records
from mixpanel_query.timezones import real_time
from mixpanel_query.window import Window
from mixpanel_query.wire import Answer, Flow, QueryRequest

__all__ = ["ActivityEvent", "ask_activity"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """Something that a user did.

    Attributes:
        event: Name of the event.
        distinct_id: Who did it, as Mixpanel says it; it need not be the id that was
            asked for, as one user may have several.
        time: When it happened, in UTC.
        properties: Everything that Mixpanel says of it, the two above included, under
            its own names, unchanged.

    >>> noon = datetime(2020, 9, 8, 12, tzinfo=timezone.utc)
    >>> ActivityEvent("Game Played", "joe", noon, {"time": 1599566400}).event
    'Game Played'
    """

    event: str
    distinct_id: str
    time: datetime
    properties: Mapping[str, object] = field(hash=False)

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {
            "time": self.time,
            "distinct_id": self.distinct_id,
            "event": self.event,
            "properties": dict(self.properties),
        }


def ask_activity(
    distinct_ids: str | Iterable[str], window: Window, *, stored: tzinfo | None
) -> Flow[Records[ActivityEvent]]:
    """List what some users did, in order of time.

    https://developer.mixpanel.com/reference/activity-stream-query

    Args:
        distinct_ids: The users, or one of them.
        window: The days to look at.
        stored: The timezone whose clocks event times show; None for UTC.

    >>> flow = ask_activity("joe", Window.of("2026-11-09", "2026-11-15"), stored=None)
    >>> next(flow).params["distinct_ids"]
    '["joe"]'
    """
    params = {
        "distinct_ids": json_list(checked_ids(distinct_ids)),
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
    }
    answer = yield QueryRequest("/api/query/stream/query", params)
    results = answer.body.get("results") if isinstance(answer.body, dict) else None
    documents = AnswerFields(answer, "the feed", results).several("events")
    events = [read_event(answer, document, stored) for document in documents]
    return Records(sorted(events, key=lambda event: event.time))


def checked_ids(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return ids that were given, each once, in their order.

    Raises:
        InvalidQueryError: If there are none, or one is no text, or empty.

    >>> checked_ids(["joe", "ann", "joe"])
    ('joe', 'ann')
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        given = (given,)
    ids = tuple(dict.fromkeys(given))
    if not ids:
        raise InvalidQueryError("the list of distinct_ids is empty; give at least one")
    for distinct_id in ids:
        if not isinstance(distinct_id, str) or not distinct_id:
            problem = f"distinct_id {distinct_id!r} is no id"
            raise InvalidQueryError(f"{problem}; give the text that Mixpanel shows")
    return ids


def read_event(
    answer: Answer, document: object, stored: tzinfo | None
) -> ActivityEvent:
    """Read one event of a feed, whose user stands under either of two names."""
    event = AnswerFields(answer, "an event", document)
    fields = AnswerFields(
        answer, "the properties of an event", event.document.get("properties")
    )
    seconds = fields.number("time")
    try:
        time = real_time(EPOCH + timedelta(seconds=seconds), stored)
    except (OverflowError, ValueError) as error:
        raise answer.unreadable(f"an event with the time {seconds}") from error
    name = "$distinct_id" if "$distinct_id" in fields.document else "distinct_id"
    return ActivityEvent(event.text("event"), fields.text(name), time, fields.document)

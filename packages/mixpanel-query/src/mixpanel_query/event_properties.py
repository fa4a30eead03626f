"""Questions about the properties of one event: their names, values, and counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import (
    CountType,
    Unit,
    checked_count,
    checked_number,
    json_list,
)
from mixpanel_query.records import Records
from mixpanel_query.spans import Span
from mixpanel_query.time_series import TimeSeries, read_time_series
from mixpanel_query.wire import Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = [
    "TopProperty",
    "count_property_values",
    "list_property_names",
    "list_property_values",
]


@dataclass(frozen=True, slots=True)
class TopProperty:
    """A property that an event has.

    Attributes:
        name: Its name.
        count: How many of the events have it.

    >>> TopProperty("ad version", 295).to_dict()
    {'name': 'ad version', 'count': 295}
    """

    name: str
    count: int

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {"name": self.name, "count": self.count}


def count_property_values(
    event: EventName,
    name: Property | str,
    span: Span,
    *,
    values: Iterable[str] | None,
    type: CountType,
    unit: Unit,
    limit: int,
    timezone: tzinfo | None,
) -> Flow[TimeSeries]:
    """Count the values of one property of one event over time.

    https://developer.mixpanel.com/reference/query-event-properties

    >>> flow = count_property_values(
    ...     "Sign Up", "Plan", Span.of(None, None, 7), values=["Pro"],
    ...     type="general", unit="day", limit=255, timezone=None,
    ... )
    >>> next(flow).params["values"]
    '["Pro"]'
    """
    asked = () if values is None else checked_values(values)
    params = {
        "event": name_of(event),
        "name": name_of(name),
        **checked_count(type, unit),
        **span.params(),
        "limit": checked_number("limit", limit),
    }
    if values is not None:
        params["values"] = json_list(asked)
    answer = yield QueryRequest("/api/query/events/properties", params)
    return read_time_series(
        answer, type=type, unit=unit, timezone=timezone, asked=asked
    )


def checked_values(values: Iterable[str]) -> tuple[str, ...]:
    """Return values that are text, each once, as Mixpanel's answer names them."""
    # A lone text would be taken apart into its letters.
    is_list = isinstance(values, Iterable) and not isinstance(values, str)
    listed = tuple(dict.fromkeys(values)) if is_list else ()
    wrong = [value for value in listed if not isinstance(value, str)]
    if wrong or not listed:
        given = repr(wrong[0]) if wrong else repr(values)
        allowed = "a list of texts, as property_values answers them"
        raise InvalidQueryError(f"values {given}; give {allowed}")
    return listed


def list_property_names(event: EventName, *, limit: int) -> Flow[Records[TopProperty]]:
    """List the commonest properties of an event, commonest first.

    https://developer.mixpanel.com/reference/query-events-top-properties
    """
    params = {"event": name_of(event), "limit": checked_number("limit", limit)}
    answer = yield QueryRequest("/api/query/events/properties/top", params)
    if not isinstance(answer.body, dict):
        raise answer.unreadable("no object of properties")
    found = [
        TopProperty(
            name, AnswerFields(answer, f"property {name!r}", about).whole("count")
        )
        for name, about in answer.body.items()
    ]
    # An object has no order of its own.
    return Records(sorted(found, key=lambda found: -found.count))


def list_property_values(
    event: EventName, name: Property | str, *, limit: int
) -> Flow[list[str]]:
    """List the commonest values of a property of an event.

    https://developer.mixpanel.com/reference/query-events-top-property-values
    """
    params = {
        "event": name_of(event),
        "name": name_of(name),
        "limit": checked_number("limit", limit),
    }
    answer = yield QueryRequest("/api/query/events/properties/values", params)
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of values")
    for value in answer.body:
        if not isinstance(value, str):
            raise answer.unreadable(f"a value is {value!r}, no text")
    return answer.body

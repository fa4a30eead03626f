"""Names of events and properties, as a declaration or as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError

if TYPE_CHECKING:
    from mixpanel_schema import Event, Property, TypedEvent

__all__ = ["EventName", "event_names", "name_of", "property_expression", "quoted"]

# An event's declaration, a typed event's class, or the name itself.
EventName: TypeAlias = "Event | type[TypedEvent] | str"


def name_of(named: EventName | Property) -> str:
    """Return the name of an event or a property.

    Args:
        named: Its name, its declaration, or, for an event, a typed event's class.

    Raises:
        InvalidQueryError: If it is none of them, or the name is empty.

    >>> name_of("Sign Up")
    'Sign Up'
    """
    # Fields of a typed event may be called "name".
    declared = getattr(named, "__event__", named)
    name = declared if isinstance(declared, str) else getattr(declared, "name", None)
    if not isinstance(name, str):
        raise InvalidQueryError(f"{named!r} is no name; give an Event or its name")
    if not name:
        raise InvalidQueryError("a name is empty; give the name that Mixpanel shows")
    return name


def event_names(events: EventName | Iterable[EventName]) -> tuple[str, ...]:
    """Return the names of one event or of several, each once, in their order.

    Raises:
        InvalidQueryError: If there are none.

    >>> event_names(["Sign Up", "Purchase", "Sign Up"])
    ('Sign Up', 'Purchase')
    """
    if isinstance(events, str) or not isinstance(events, Iterable):
        events = (events,)
    names = tuple(dict.fromkeys(name_of(event) for event in events))
    if not names:
        raise InvalidQueryError("the list of events is empty; name at least one")
    return names


def property_expression(named: Property | str) -> str:
    r"""Return the expression for the value of an event's property.

    https://developer.mixpanel.com/reference/segmentation-expressions

    >>> print(property_expression('the "plan"'))
    properties["the \"plan\""]
    """
    return f"properties[{quoted(name_of(named))}]"


def quoted(text: str) -> str:
    r"""Write text as a literal of an expression, whatever is in it.

    https://developer.mixpanel.com/reference/segmentation-expressions

    >>> print(quoted('a\\b "c"'))
    "a\\b \"c\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

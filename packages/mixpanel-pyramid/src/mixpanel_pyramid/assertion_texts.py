"""What a test is told when something was not tracked as it expects.

The first line says what is wrong, with the reason where there is one; the others list
what was tracked instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from mixpanel_pyramid.journal import Entry, State
from mixpanel_pyramid.recorded_messages import (
    customerio_copy,
    group_update,
    operation_of,
    profile_update,
    tracked_event,
)
from mixpanel_schema import InvalidValueError, Property
from mixpanel_schema.json_values import Json, json_value

__all__ = [
    "TRACKED",
    "differences",
    "listing",
    "missing_event",
    "missing_update",
    "title_of",
    "unexpected_event",
]

TRACKED = (State.RELEASED, State.HELD)
LONGEST_LIST, LONGEST_VALUE = 20, 100


def missing_event(name: str, entries: Sequence[Entry]) -> str:
    """Say that an event was not tracked, why, and what was."""
    same = [entry for entry in entries if title_of(entry) == name]
    fates = [fate_of(entry) for entry in same if entry.state not in TRACKED]
    if fates:
        return f"{name!r} was not tracked: it was {fates[-1]}{listing(entries)}"
    names = {title_of(entry) for entry in entries if entry.endpoint == "events"}
    near = get_close_matches(name, names - {""}, n=1, cutoff=0.6)
    hint = f"; the nearest that was is {near[0]!r}" if near else ""
    return f"{name!r} was not tracked{hint}{listing(entries)}"


def fate_of(entry: Entry) -> str:
    """Say what became of a message that is not tracked, or not yet."""
    if entry.state is State.WAITS:
        return f"called in {entry.where}, and waits for the end of the request"
    return f"called in {entry.where}, and discarded, as {entry.why}"


def missing_update(what: str, entries: Sequence[Entry], endpoint: str) -> str:
    """Say that no profile or group was changed so, and what was."""
    return f"{what}{listing([e for e in entries if e.endpoint == endpoint])}"


def unexpected_event(name: str, found: Sequence[Entry]) -> str:
    """Say that an event was tracked, how often, and where."""
    times = {1: "once", 2: "twice"}.get(len(found), f"{len(found)} times")
    return f"{name!r} was tracked {times}{listing(found)}"


def listing(entries: Iterable[Entry]) -> str:
    """List entries, a line each; say so if there are none."""
    lines = [f"\n  {entry.where}: {line_of(entry)}" for entry in entries]
    if not lines:
        return "; nothing was"
    left = len(lines) - LONGEST_LIST
    more = f"\n  and {left} more" if left > 0 else ""
    return f"; what was:{''.join(lines[:LONGEST_LIST])}{more}"


def line_of(entry: Entry) -> str:
    """Describe a message, and what became of it unless it is tracked."""
    said = f"{title_of(entry)} {values_of(entry)}".strip()
    if entry.state in TRACKED:
        return said
    if entry.state is State.REFUSED:
        return f"a call that was refused: {entry.why}"
    return f"{said} ({'waits' if entry.state is State.WAITS else entry.why})"


def title_of(entry: Entry) -> str:
    """Name a message: the event's name, or the update's operation."""
    document = entry.document
    if entry.endpoint == "customer.io":
        return f"for Customer.io, {customerio_copy(document).title}"
    name = document.get("event")
    return str(name) if name else operation_of(document)


def values_of(entry: Entry) -> str:
    """Show what a message carries, cut where it is long."""
    shown: object
    if entry.endpoint == "people":
        update = profile_update(entry)
        shown = update.values
    elif entry.endpoint == "groups":
        group = group_update(entry)
        shown = {f"{group.group_key} {group.group_id}": group.values}
    elif entry.endpoint == "customer.io":
        shown = customerio_copy(entry.document).values
    else:
        shown = tracked_event(entry).properties
    return cut(shown)


def cut(value: object) -> str:
    """Show a value, at most so much of it.

    >>> cut("x" * 200)[-5:]
    'xxxx…'
    """
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def differences(
    expected: Mapping[Property, object], actual: Json | Mapping[str, Json]
) -> list[str]:
    """Say how values differ from those expected; others may be there as well.

    Values are compared as Mixpanel gets them, so that a datetime equals its text, and
    with ``==``, so that ``pytest.approx`` and ``unittest.mock.ANY`` work.

    >>> differences({Property("Amount"): 20.0}, {"Amount": 19.5})
    ["'Amount' is 19.5, not 20.0"]
    """
    carried = actual if isinstance(actual, Mapping) else {}
    found = []
    for prop, value in expected.items():
        name = name_of_property(prop)
        if name not in carried:
            found.append(f"{name!r} is not there")
        elif value != carried[name] and in_json(value, name) != carried[name]:
            found.append(f"{name!r} is {cut(carried[name])}, not {cut(value)}")
    return found


def name_of_property(prop: object) -> str:
    """Give a property's name, refusing what is no property."""
    if isinstance(prop, Property):
        return prop.name
    given = f"{prop!r} is a {type(prop).__name__}"
    raise TypeError(f"{given}; give a Property, such as EventProperties.path")


def in_json(value: object, name: str) -> object:
    """Give a value its form in JSON; one that has none stays as it is."""
    try:
        return json_value(value, name)
    except InvalidValueError:
        return value

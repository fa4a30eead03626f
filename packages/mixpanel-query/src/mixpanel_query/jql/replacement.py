"""What answers the same as a query, without JQL.

Only what is known to be the same is named; everything else has no replacement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

from mixpanel_query.expression_subjects import about_profiles, calls_function
from mixpanel_query.jql.grouping_replacement import (
    grouped,
    reduced,
    unique_users,
)
from mixpanel_query.jql.parts import JavaScript
from mixpanel_query.jql.replaced_events import EventChoice
from mixpanel_query.jql.sources import Events, People, Source
from mixpanel_query.jql.steps import Flatten, GroupBy, GroupByUser, Reduce, Step

__all__ = ["Replacement", "find_replacement"]

JQL_ONLY: Final = "no call of the Query API is known to answer the same"
MERGED: Final = "it counts people who were merged once, JQL by the id that was sent"
# https://developer.mixpanel.com/reference/raw-event-export
EXPORTED: Final = (
    "its days and times are in UTC, those of JQL in the project's timezone"
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What answers the same as a query in JQL.

    Attributes:
        call: The call of a client, as it is written in Python; None for none.
        note: Why there is none, or in what the answer differs; may be empty.

    >>> print(Replacement(None, "it runs JavaScript of its own"))
    none: it runs JavaScript of its own
    """

    call: str | None
    note: str = ""

    def __str__(self) -> str:
        """Return both in one line."""
        return ": ".join(filter(None, [self.call or "none", self.note]))


def find_replacement(source: Source, steps: tuple[Step, ...]) -> Replacement:
    """Find the call that answers the same as a query of these steps."""
    if any(isinstance(part, JavaScript) for step in steps for part in parts(step)):
        return Replacement(None, "it runs JavaScript of its own")
    if isinstance(source, People):
        return replaced_people(source, steps)
    if isinstance(source, Events):
        return replaced_events(source, steps)
    return Replacement(None, "the Query API joins nothing")


def replaced_people(source: People, steps: tuple[Step, ...]) -> Replacement:
    """Replace a query of profiles."""
    if steps:
        return Replacement(None, "the Query API lists profiles, and groups none")
    if not source.selectors:
        return Replacement("client.profiles()")
    if any(calls_function(each["selector"], "has_prefix") for each in source.selectors):
        return Replacement(None, "has_prefix is known in selectors of JQL only")
    texts = [about_profiles(each["selector"]) for each in source.selectors]
    where = texts[0] if len(texts) == 1 else " or ".join(f"({each})" for each in texts)
    return Replacement(f"client.profiles(where={where!r})")


def replaced_events(source: Events, steps: tuple[Step, ...]) -> Replacement:
    """Replace a query of events."""
    choice = EventChoice.of(source)
    if choice is None:
        return Replacement(None, "its selectors differ in more than the event")
    if not steps:
        return Replacement(choice.export(), EXPORTED)
    if isinstance(steps[0], GroupByUser):
        call = unique_users(choice, steps[0], steps[1:])
        return Replacement(call, MERGED if call else JQL_ONLY)
    call, note = None, ""
    if isinstance(steps[0], GroupBy):
        call, note = grouped(choice, steps[0], steps[1:])
    elif isinstance(steps[0], Reduce) and not steps[1:]:
        call, note = reduced(choice, steps[0])
    return Replacement(call, note if call else JQL_ONLY)


def parts(value: object) -> Iterator[object]:
    """Yield a part of a query, and the parts in it."""
    yield value
    if isinstance(value, tuple):
        for each in value:
            yield from parts(each)
    elif is_dataclass(value) and not isinstance(value, Flatten):
        for field in fields(value):
            yield from parts(getattr(value, field.name))

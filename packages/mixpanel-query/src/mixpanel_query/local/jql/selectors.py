"""Selectors of scripts in JQL: which events, profiles and pairs of both are kept.

Their conditions are segmentation expressions:
https://docs.mixpanel.com/docs/reports/apps/jql
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import (
    Accessor,
    Expression,
    Value,
    is_met,
    read_expression,
)
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.missing_parts import refuse_custom_event
from mixpanel_query.local.questions.seen_properties import in_seconds, is_time
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["Item", "Selectors", "event_selectors", "join_selectors", "user_selectors"]

Properties: TypeAlias = Mapping[str, Any]

WRONG_SCRIPT = 412


@dataclass(frozen=True, slots=True)
class Item:
    """What a selector looks at.

    Attributes:
        event: Name of the event; None where there is none.
        time_ms: Its time, in epoch milliseconds.
        properties: Those of the event.
        user: Those of the profile.
    """

    event: str | None
    time_ms: int
    properties: Properties
    user: Properties

    def values(self, accessors: tuple[Accessor, ...]) -> dict[Accessor, Value]:
        """Return the values of accessors, without those that are undefined."""
        found: dict[Accessor, Value] = {}
        for accessor in accessors:
            if is_time(accessor):
                if self.event is not None:
                    found[accessor] = in_seconds(accessor, self.time_ms)
                continue
            given = self.user if accessor.subject == "user" else self.properties
            if accessor.name in given:
                found[accessor] = given[accessor.name]
        return found


@dataclass(frozen=True, slots=True)
class Selector:
    """One of several that an item may match.

    Attributes:
        event: Name of the event; empty for any.
        where: The condition; None for none.
    """

    event: str
    where: Expression | None

    def matches(self, item: Item) -> bool:
        """Tell whether an item matches it.

        Raises:
            RequestRefusedError: If the condition has the wrong type for the item.
        """
        if self.event and self.event != item.event:
            return False
        where = self.where
        return where is None or is_met(where, item.values(where.accessors))


@dataclass(frozen=True, slots=True)
class Selectors:
    """Several selectors; where there are none, everything is kept."""

    several: tuple[Selector, ...] = ()

    @property
    def names(self) -> tuple[str, ...] | None:
        """Names of the only events that can be kept; None for any."""
        names = tuple(dict.fromkeys(each.event for each in self.several))
        return names if names and all(names) else None

    @property
    def has_conditions(self) -> bool:
        """Whether it takes more than the name of an event to tell."""
        return any(each.where for each in self.several)

    def keep(self, item: Item) -> bool:
        """Tell whether an item is kept.

        Raises:
            RequestRefusedError: If a condition has the wrong type for the item.
        """
        return not self.several or any(each.matches(item) for each in self.several)


def event_selectors(given: object, zone: ZoneInfo) -> Selectors:
    """Read the selectors of ``Events(…)``, which see the properties of events only.

    Raises:
        RequestRefusedError: If they are none.
    """
    return read_selectors("event_selectors", given, zone, never="user")


def user_selectors(given: object, zone: ZoneInfo) -> Selectors:
    """Read the selectors of ``People(…)``, which see ``user["…"]`` only.

    Raises:
        RequestRefusedError: If they are none.
    """
    return read_selectors("user_selectors", given, zone, never="properties")


def join_selectors(given: object, zone: ZoneInfo) -> Selectors:
    """Read the selectors of ``join(…)``, which see both.

    Raises:
        RequestRefusedError: If they are none.
    """
    return read_selectors("selectors", given, zone, never="")


def read_selectors(name: str, given: object, zone: ZoneInfo, never: str) -> Selectors:
    """Read a list of selectors, whose conditions never look at one subject."""
    if given is None:
        return Selectors()
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        example = '[{event: "Sign Up"}]'
        raise RequestRefusedError(
            WRONG_SCRIPT, f"{name} are no list of selectors; write {example}"
        )
    found = []
    for one in given:
        if "label" in one:
            rests_on("jql-selector-labels")
        text = text_of(name, "selector", one)
        where = read_expression(f"selector of {name}", text, zone) if text else None
        for accessor in where.accessors if where else ():
            if accessor.subject == never:
                raise RequestRefusedError(
                    WRONG_SCRIPT,
                    f'{name} look at {never}["{accessor.name}"], which they cannot '
                    "see; put the condition into the selectors of a join",
                )
        event = text_of(name, "event", one)
        refuse_custom_event(event)
        found.append(Selector(event, where))
    return Selectors(tuple(found))


def text_of(name: str, key: str, selector: Mapping[str, object]) -> str:
    """Return a text of a selector; empty if it has none."""
    value = selector.get(key)
    if value is not None and not isinstance(value, str):
        raise RequestRefusedError(
            WRONG_SCRIPT, f"the {key} of {name} is no text; give one"
        )
    return read.storable(f"the {key} of {name}", value or "")

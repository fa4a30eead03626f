"""Where a query takes its items from: events, people, or both joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_subjects import expression_about
from mixpanel_query.expressions import Where, expression_text
from mixpanel_query.jql.writing import Items, ScriptWriter
from mixpanel_query.names import EventName, event_names, name_of
from mixpanel_query.parameters import checked_choice
from mixpanel_query.window import Window

__all__ = [
    "Events",
    "JoinType",
    "Joined",
    "People",
    "Selector",
    "Source",
    "join_type",
    "selectors_of_events",
    "selectors_of_joined",
    "selectors_of_users",
]

JoinType: TypeAlias = Literal["full", "left", "right", "inner"]
JOIN_TYPES: Final = ("full", "left", "right", "inner")
Selector: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a window.

    Attributes:
        window: The days, in the project's timezone.
        selectors: Which events: those that match any of these; all, if there are none.
    """

    window: Window
    selectors: tuple[dict[str, str], ...] = field(default=(), hash=False)
    items: Items = field(default="events", init=False)

    def write(self, writer: ScriptWriter) -> str:
        """Return the call of the source."""
        given: dict[str, object] = {
            "from_date": self.window.from_date.isoformat(),
            "to_date": self.window.to_date.isoformat(),
        }
        if self.selectors:
            given["event_selectors"] = list(self.selectors)
        return f"Events({writer.value(given)})"


@dataclass(frozen=True, slots=True)
class People:
    """The profiles of users.

    Attributes:
        selectors: Which users: those that match any of these; all, if there are none.
    """

    selectors: tuple[dict[str, str], ...] = field(default=(), hash=False)
    items: Items = field(default="people", init=False)

    def write(self, writer: ScriptWriter) -> str:
        """Return the call of the source."""
        if not self.selectors:
            return "People()"
        given = {"user_selectors": list(self.selectors)}
        return f"People({writer.value(given)})"


@dataclass(frozen=True, slots=True)
class Joined:
    """Events together with the profiles of those who did them.

    Attributes:
        events: The events.
        people: The profiles.
        type: Which items: ``full``, ``left``, ``right`` or ``inner``.
        selectors: Which items: those that match any of these.
    """

    events: Events
    people: People
    type: JoinType = "full"
    selectors: tuple[dict[str, str], ...] = field(default=(), hash=False)
    items: Items = field(default="joined", init=False)

    def write(self, writer: ScriptWriter) -> str:
        """Return the call of the source."""
        options: dict[str, object] = {"type": self.type}
        if self.selectors:
            options["selectors"] = list(self.selectors)
        sources = f"{self.events.write(writer)}, {self.people.write(writer)}"
        return f"join({sources}, {writer.value(options)})"


Source: TypeAlias = Events | People | Joined


def selectors_of_events(
    events: EventName | Iterable[EventName] | None,
    where: Where | None,
    given: Iterable[Selector] | None,
) -> tuple[dict[str, str], ...]:
    """Return the selectors of events, given as such or as names and a condition.

    Raises:
        InvalidQueryError: If both are given, or one cannot be right.
    """
    if given is not None:
        if events is not None or where is not None:
            problem = "event_selectors and events or where say the same"
            raise InvalidQueryError(f"{problem}; give one of the two")
        return checked("event_selectors", given, ("event", "selector", "label"))
    condition = {} if where is None else {"selector": condition_of_events(where)}
    if events is None:
        return (condition,) if condition else ()
    return tuple({"event": name, **condition} for name in event_names(events))


def selectors_of_users(
    where: Where | None, given: Iterable[Selector] | None
) -> tuple[dict[str, str], ...]:
    """Return the selectors of users, given as such or as one condition.

    Raises:
        InvalidQueryError: If both are given, or one cannot be right.
    """
    if given is None:
        given = () if where is None else [{"selector": where}]
    elif where is not None:
        problem = "user_selectors and where say the same"
        raise InvalidQueryError(f"{problem}; give one of the two")
    return checked("user_selectors", given, ("selector",))


def selectors_of_joined(given: Iterable[Selector] | None) -> tuple[dict[str, str], ...]:
    """Return the selectors of joined items.

    Raises:
        InvalidQueryError: If one cannot be right.
    """
    return checked("selectors", given or (), ("event", "selector"))


def checked(
    name: str, given: Iterable[Selector], allowed: tuple[str, ...]
) -> tuple[dict[str, str], ...]:
    """Return selectors that have no keys but those that JQL knows."""
    if isinstance(given, (str, Mapping)):
        raise InvalidQueryError(
            f"{name} {given!r} is one selector; give a list of them"
        )
    return tuple(selector(name, each, allowed) for each in given)


def condition_of_events(where: Where) -> str:
    """Return a condition that an event's own properties can meet.

    https://docs.mixpanel.com/docs/reports/apps/jql
    """
    return expression_about(
        "selector", where, never="user", write='properties["…"]', remedy="a join"
    )


def condition_of_users(where: Where) -> str:
    """Return a condition that a user's properties can meet."""
    return expression_about(
        "selector",
        where,
        never="properties",
        write='user["…"]',
        remedy="user_property",
    )


def selector(name: str, given: Selector, allowed: tuple[str, ...]) -> dict[str, str]:
    """Return one selector, in text."""
    use = ", ".join(allowed)
    if not isinstance(given, Mapping) or not given:
        raise InvalidQueryError(f"{name} has {given!r}; give a dict of {use}")
    for key in given:
        checked_choice(f"the key of {name}", key, allowed)
    return {key: text_of(name, key, value) for key, value in given.items()}


def text_of(name: str, key: str, value: Any) -> str:  # noqa: ANN401 - anybody's
    """Return the text of one entry of a selector."""
    if key == "event":
        return name_of(value)
    if key == "selector":
        return CONDITIONS.get(name, condition_of_both)(value)
    if not isinstance(value, str) or not value:
        raise InvalidQueryError(f"label {value!r} is no text; give a name")
    return value


def condition_of_both(where: Where) -> str:
    """Return a condition that may look at events and users."""
    return expression_text("selector", where)


CONDITIONS: Final = {
    "event_selectors": condition_of_events,
    "user_selectors": condition_of_users,
}


def join_type(given: JoinType) -> JoinType:
    """Return the type of a join, if JQL knows it."""
    checked_choice("type", given, JOIN_TYPES)
    return given

"""What a tracking plan holds, compiled so that a check costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mixpanel_schema.catalogues import nearest
from mixpanel_schema.declarations import Property
from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import InvalidValueError, UndeclaredNameError
from mixpanel_schema.typed_events import TypedEvent
from mixpanel_schema.value_types import Accepts, accepts, exact_types, type_name

__all__ = [
    "Checks",
    "TypedChecks",
    "as_values",
    "check_properties",
    "compared",
    "property_checks",
    "undeclared",
]

# By property name: classes whose values surely have the declared type, which settles
# nearly every value without a call, the predicate for all others, and the property.
Checks = Mapping[str, tuple[frozenset[type], Accepts, Property]]
UNKNOWN = object()
MOST_SETTLED = 64
# They take an item of a property's value; all others take the whole of it.
ITEM_OPERATIONS = frozenset({"$append", "$remove"})


def property_checks(properties: Iterable[Property]) -> Checks:
    """Compile properties that may stand in one place."""
    return {
        prop.name: (exact_types(prop.type), accepts(prop.type), prop)
        for prop in properties
    }


def check_properties(
    kind: str,
    properties: Mapping[Property, object] | Iterable[Property],
    declared: Checks,
) -> None:
    """Refuse the first property that is not declared, or has a wrong value."""
    values = properties if type(properties) is dict else as_values(properties)
    for prop, value in values.items():
        if type(prop) is not Property and not isinstance(prop, Property):
            raise UndeclaredNameError(undeclared(kind, prop, declared))
        if prop.name not in declared:
            raise UndeclaredNameError(undeclared(kind, prop, declared))
        exact, accept, known = declared[prop.name]
        if type(value) not in exact and not accept(value) and value is not UNKNOWN:
            raise InvalidValueError(wrong_type(kind, known, value))


def as_values(
    properties: Mapping[Property, object] | Iterable[Property] | None,
) -> Mapping[Property, object]:
    """Read properties given alone as properties of unknown value."""
    if isinstance(properties, Mapping):
        return properties
    return dict.fromkeys(properties or (), UNKNOWN)


Operand = Mapping[Property, object] | Iterable[Property] | None


def compared(
    operation: str, value: Operand
) -> tuple[Operand, Mapping[Property, object] | tuple[Property, ...]]:
    """Give what an operation takes, and what of it a plan can be asked about.

    An iterator is read once, so that the check leaves something for the message.
    """
    if isinstance(value, Mapping):
        whole = operation not in ITEM_OPERATIONS
        return value, value if whole else tuple(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        value = tuple(value)
        return value, value
    return value, ()


class TypedChecks:
    """The fields of a typed event, compiled in their order.

    Any number of threads may share one: what it remembers only saves time.

    Args:
        cls: The event's class.
    """

    __slots__ = ("fields", "settled")

    def __init__(self, cls: type[TypedEvent]) -> None:
        defaults = [field.default for field in cls.__properties__.values()]
        properties = cls.__event__.properties or ()
        self.fields = [
            (
                exact_types(prop.type) | ({type(None)} if default is None else set()),
                accepts(prop.type),
                prop,
            )
            for default, prop in zip(defaults, properties, strict=True)
        ]
        # Combinations of classes that were found good without looking at the values.
        self.settled: set[tuple[type, ...]] = set()

    def check(self, values: Iterable[object]) -> None:
        """Refuse the first value that is not of its declared type."""
        kinds = tuple(map(type, values))
        if kinds in self.settled:
            return
        plain = True
        for value, (exact, accept, prop) in zip(values, self.fields, strict=True):
            if type(value) not in exact:
                plain = False
                if not accept(value):
                    raise InvalidValueError(wrong_type("event property", prop, value))
        if plain and len(self.settled) < MOST_SETTLED:
            self.settled.add(kinds)


def wrong_type(kind: str, declared: Property, value: object) -> str:
    """Say that a value is not of the declared type, without showing its content."""
    given, allowed = type(value).__name__, type_name(declared.type)
    advice = "convert it, or declare another type"
    return f"{kind} {declared.name!r} is a {given}, declared is {allowed}; {advice}"


def undeclared(kind: str, given: object, declared: Iterable[str]) -> str:
    """Say that a name is not in the plan, and which declared name is nearest."""
    hint = nearest(given, declared)
    if not isinstance(given, (Event, Property)):
        what = type(given).__name__
        return f"{kind} {given!r} is a {what}; use the attribute of a catalogue{hint}"
    advice = "declare it in the plan's catalogue, or in the event's own list"
    if isinstance(given, Event):
        advice = "declare it in the plan's catalogue"
    return f"{kind} {given.name!r} is not in the tracking plan{hint}: {advice}"

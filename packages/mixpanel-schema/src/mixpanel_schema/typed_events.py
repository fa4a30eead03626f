"""Typed events: a class per event, checked by mypy and pyright where it is used.

>>> class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
...     plan: str = prop("Plan")
...     seats: int = prop("Seats", description="Paid seats after the upgrade.")
...     coupon: str | None = prop("Coupon", default=None, pii=True)
>>> PlanUpgraded(plan="pro", seats=3, coupon="SPRING")
PlanUpgraded(plan='pro', seats=3, coupon=…)
>>> PlanUpgraded.__event__.name
'Plan Upgraded'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, get_origin, get_type_hints

from mixpanel_schema.catalogues import nearest
from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import (
    DuplicateNameError,
    InvalidValueError,
    MixpanelSchemaError,
    ReservedNameError,
    UndeclaredNameError,
)
from mixpanel_schema.properties import Property
from mixpanel_schema.value_types import json_kinds

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # typing has it since Python 3.11, and only type checkers need it

    def dataclass_transform(**_: object) -> Any:  # noqa: ANN401  # a decorator's decorator
        """Leave the class as it is."""
        return lambda decorated: decorated


__all__ = [
    "TypedEvent",
    "declared_event",
    "prop",
    "typed_class",
    "typed_values",
]

REQUIRED: Any = object()
OF_THE_MESSAGE = frozenset(("token", "distinct_id", "time", "$insert_id"))


class Prop:
    """A property as declared in the body of a typed event.

    Read from the class it gives the ``Property``, read from an instance its value.
    """

    def __init__(self, declared: Property, default: object) -> None:
        self.declared = declared
        self.default = default

    def __get__(self, instance: object | None, owner: type) -> Property:
        # Reached from the class alone: an instance's own value comes first.
        return self.declared


def prop(
    name: str,
    *,
    default: Any = REQUIRED,  # noqa: ANN401  # of the type in the annotation beside it
    description: str = "",
    pii: bool = False,
) -> Any:  # noqa: ANN401  # as dataclasses.field: stands where the annotated type does
    """Declare a property in the body of a typed event.

    Args:
        name: The name that Mixpanel shows.
        default: The value where the caller gives none; without one the property is
            required. An optional property that is None is left out of the message.
        description: What the property means.
        pii: Whether its values are personal data, shown nowhere but in Mixpanel.
    """
    if isinstance(default, (list, dict, set)):
        given = (
            f"default of {name!r} is a {type(default).__name__}, shared by all events"
        )
        raise MixpanelSchemaError(f"{given}; use a tuple, or None")
    return Prop(Property(name, description=description, pii=pii), default)


class DeclaredEvent:
    """Makes a typed event's ``__event__`` when it is first read.

    Annotations may name what is defined further down in the module, so that they
    cannot be resolved while the class is being made.
    """

    def __init__(self, name: str | None, about: dict[str, Any]) -> None:
        self.name = name
        self.about = about

    def __get__(self, instance: object | None, owner: type[TypedEvent]) -> Event:
        if self.name is None:
            message = (
                f"{owner.__qualname__} has no event_name, so that it is only a base "
                f"for events: write class {owner.__name__}(…, event_name=…)"
            )
            raise MixpanelSchemaError(message)
        properties = resolve(owner)
        # What may be None may be left out; all else is there, given or by default.
        optional = {
            p.declared.name for p in owner.__properties__.values() if p.default is None
        }
        required = frozenset(
            prop.name
            for prop in properties
            if "null" not in json_kinds(prop.type) and prop.name not in optional
        )
        event = Event(self.name, properties=properties, required=required, **self.about)
        type.__setattr__(owner, "__event__", event)
        return event


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(prop,)
)
class TypedEvent:
    """An event as a class; an instance is one occurrence of it.

    Instances are immutable. A class without ``event_name`` is a base that several
    events share. Every field is declared with ``prop``.

    Args:
        event_name: The name that Mixpanel shows (class argument).
        description: What the event means (class argument).
        renamed_from: Names that the event had before (class argument).

    Raises:
        UndeclaredNameError: If an instance is given what the class does not declare.
        InvalidValueError: If an instance lacks a required property. Types of values
            are the tracking plan's to check.
        DuplicateNameError: If two fields of a class have one property name.
    """

    __event__: ClassVar[Event]
    __properties__: ClassVar[dict[str, Prop]] = {}

    def __init_subclass__(
        cls,
        *,
        event_name: str | None = None,
        description: str = "",
        renamed_from: tuple[str, ...] = (),
    ) -> None:
        super().__init_subclass__()
        fields = {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Prop)
        }
        refuse_repeated_names(cls, fields)
        cls.__properties__ = fields
        about = {"description": description, "renamed_from": renamed_from}
        cls.__event__ = DeclaredEvent(event_name, about)  # type: ignore[assignment]

    def __init__(self, /, **values: object) -> None:
        # In the order of the declaration, whatever the caller's: see typed_values.
        self.__dict__.update(completed(type(self), values))

    def __setattr__(self, name: str, value: object) -> None:
        message = f"{type(self).__name__} is immutable; make another one"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *sorted(vars(self).items())))

    def __repr__(self) -> str:
        fields = type(self).__properties__
        shown = (
            f"{name}={'…' if field.declared.pii else repr(vars(self)[name])}"
            for name, field in fields.items()
        )
        return f"{type(self).__name__}({', '.join(shown)})"


def typed_values(event: TypedEvent) -> Iterable[tuple[Property, object]]:
    """List the properties of a typed event with their values.

    What is None is there too: optional properties that are None are not sent, which
    is for the caller to see to.

    >>> class Paid(TypedEvent, event_name="Paid"):
    ...     amount: float = prop("Amount")
    ...     note: str | None = prop("Note", default=None)
    >>> list(typed_values(Paid(amount=9.5)))
    [(Property(name='Amount'), 9.5), (Property(name='Note'), None)]
    """
    properties = type(event).__event__.properties or ()
    return zip(properties, vars(event).values())  # noqa: B905  # of one length


def typed_class(given: object) -> type[TypedEvent]:
    """Take the class of a typed event and refuse anything else.

    Raises:
        MixpanelSchemaError: If it is none.
    """
    if isinstance(given, type) and issubclass(given, TypedEvent):
        return given
    message = f"{given!r} is no class of typed events; list classes made of TypedEvent"
    raise MixpanelSchemaError(message)


def declared_event(given: object, known: Iterable[str] = ()) -> Event:
    """Give the event that an ``Event``, a typed event or its class stands for.

    Args:
        given: What an API was given as an event.
        known: Names of declared events, for the hint in the refusal.

    Raises:
        UndeclaredNameError: If it is none of them, such as a loose text.
    """
    if isinstance(given, Event):
        return given
    is_class = isinstance(given, type) and issubclass(given, TypedEvent)
    if is_class or isinstance(given, TypedEvent):
        event: Event = given.__event__  # type: ignore[attr-defined]  # just checked
        return event
    hint = nearest(given, known)
    kind = type(given).__name__
    message = f"event {given!r} is a {kind}; use the attribute of a catalogue{hint}"
    raise UndeclaredNameError(message)


def completed(cls: type[TypedEvent], values: dict[str, object]) -> dict[str, object]:
    """Add defaults, refusing what the class does not declare and what is missing."""
    fields = cls.__properties__
    for name in values:
        if name not in fields:
            allowed = ", ".join(fields) or "nothing"
            message = f"{cls.__name__} has no {name!r}; it takes {allowed}"
            raise UndeclaredNameError(message)
    whole = {name: values.get(name, field.default) for name, field in fields.items()}
    missing = [name for name, value in whole.items() if value is REQUIRED]
    if missing:
        message = f"{cls.__name__} lacks {', '.join(missing)}; give every required one"
        raise InvalidValueError(message)
    return whole


def refuse_repeated_names(cls: type, fields: dict[str, Prop]) -> None:
    """Refuse two fields of one event that would overwrite each other."""
    seen: dict[str, str] = {}
    for attribute, field in fields.items():
        name = field.declared.name
        if name in seen:
            message = (
                f"{cls.__qualname__} declares property {name!r} as {seen[name]} and as "
                f"{attribute}; give one of them another name"
            )
            raise DuplicateNameError(message)
        if name in OF_THE_MESSAGE:
            message = (
                f"{cls.__qualname__}.{attribute} declares {name!r}, which the message "
                "itself has; say it where the event is tracked"
            )
            raise ReservedNameError(message)
        seen[name] = attribute


def resolve(cls: type[TypedEvent]) -> tuple[Property, ...]:
    """Give each property of a class the type that stands in its annotation."""
    try:
        hints = get_type_hints(cls)
    except NameError as error:
        message = (
            f"an annotation of {cls.__qualname__} names {error.name!r}, which its "
            "module does not have; import it there, not only for type checkers"
        )
        raise MixpanelSchemaError(message) from error
    fields = cls.__properties__
    loose = sorted(hints.keys() - fields.keys() - get_type_hints(TypedEvent).keys())
    for name in loose:
        if hints[name] is not ClassVar and get_origin(hints[name]) is not ClassVar:
            message = (
                f"{cls.__qualname__}.{name} is not declared with prop; "
                f"write {name}: … = prop('…')"
            )
            raise MixpanelSchemaError(message)
    return tuple(
        Property(
            field.declared.name,
            type=hints.get(name),
            description=field.declared.description,
            pii=field.declared.pii,
        )
        for name, field in fields.items()
    )

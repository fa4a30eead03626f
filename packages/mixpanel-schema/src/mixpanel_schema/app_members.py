"""What an app declares itself, beside what it inherits from the built-in catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from mixpanel_schema.catalogues import Catalogue, members
from mixpanel_schema.events import Event
from mixpanel_schema.properties import Property

__all__ = ["own_and_inherited"]

Named = TypeVar("Named", Event, Property)


def own_and_inherited(
    declared: Mapping[str, Named], built_in: type[Catalogue]
) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Part the members that an app declares from those it merely inherits.

    A member that an app declares again is its own, whatever its name.

    >>> from mixpanel_schema import EventProperties
    >>> own, inherited = own_and_inherited(
    ...     {"Plan": Property("Plan"), "Title": EventProperties.title}, EventProperties
    ... )
    >>> own, inherited
    ((Property(name='Plan'),), (Property(name='Title'),))
    """
    known = {id(member) for member in members(built_in, object).values()}
    return (
        tuple(member for member in declared.values() if id(member) not in known),
        tuple(member for member in declared.values() if id(member) in known),
    )

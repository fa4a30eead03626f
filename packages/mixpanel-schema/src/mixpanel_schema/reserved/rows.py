"""Rows: what is said of a reserved name, and how the tables of names are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

__all__ = [
    "Facts",
    "ReservedName",
    "ReservedScope",
    "ScopeName",
    "Table",
    "Tables",
    "boolean",
    "number",
    "string",
    "untyped",
]

ScopeName = Literal[
    "event",
    "event_default",
    "event_default_python",
    "event_name",
    "event_group",
    "profile",
    "profile_default",
    "profile_meta",
    "group_meta",
    "operation",
    "query_response",
    "value",
    "lexicon",
    "integration",
]


@dataclass(frozen=True, slots=True)
class ReservedScope:
    """What a reserved name means in one place.

    Attributes:
        scope: Where the name stands: ``event`` and ``profile`` are properties with a
            meaning of their own, ``…_default`` those that are added unasked,
            ``…_meta`` what stands beside an update.
        type: Type of its values in Mixpanel's words; empty where none is documented.
        display_name: What reports call it; empty where that is not documented, ``-``
            or ``n/a`` where reports do not show it.
        set_by: Who sets it, such as ``client`` (the app), ``server`` or
            ``sdk: JavaScript``.
        meaning: What it means, in a phrase.
    """

    scope: ScopeName
    type: str
    display_name: str
    set_by: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ReservedName:
    """A name that Mixpanel gives a meaning to.

    Attributes:
        name: The name. What stands in angle brackets, as in ``$device:<device_id>``,
            stands for any text.
        scopes: What it means, place by place, never empty.
    """

    name: str
    scopes: tuple[ReservedScope, ...]

    @property
    def meaning(self) -> str:
        """What the name means; of several meanings each with the places it has it in.

        >>> from mixpanel_schema.reserved import RESERVED
        >>> RESERVED["$os"].meaning
        'System the device runs, such as Android (event default); \
Operating system last used (profile default)'
        """
        places: dict[str, list[str]] = {}
        for scope in self.scopes:
            places.setdefault(scope.meaning, []).append(scope.scope.replace("_", " "))
        if len(places) == 1:
            return self.scopes[0].meaning
        return "; ".join(
            f"{meaning} ({', '.join(found)})" for meaning, found in places.items()
        )


class Facts(NamedTuple):
    """What a table says of a name."""

    type: str
    meaning: str
    display_name: str = ""


string = partial(Facts, "string")
number = partial(Facts, "number")
boolean = partial(Facts, "boolean")
untyped = partial(Facts, "")

Table = Mapping[str, Facts]
# Each table with the scope of its names, and with who sets them.
Tables = tuple[tuple[ScopeName, str, Table], ...]

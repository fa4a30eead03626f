"""Reserved names: every name that Mixpanel gives a meaning to, place by place.

The tables are loaded with this package, which ``import mixpanel_schema`` leaves alone.

>>> RESERVED["$email"].meaning
'E-mail address; partners need it to write to the user'
>>> [scope.scope for scope in RESERVED["$latitude"].scopes]
['event', 'profile_meta']
>>> "Plan" in RESERVED
False
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mixpanel_schema.reserved import (
    browser_properties,
    default_properties,
    event_names,
    event_properties,
    profile_properties,
    wire_names,
)
from mixpanel_schema.reserved.rows import (
    ReservedName,
    ReservedScope,
    ScopeName,
    Tables,
)
from mixpanel_schema.reserved.server_names import Place, server_names

__all__ = [
    "RESERVED",
    "Place",
    "ReservedName",
    "ReservedScope",
    "ScopeName",
    "server_only",
]


def read(tables: Iterable[Tables]) -> dict[str, ReservedName]:
    """Put what the tables say of one name together."""
    found: dict[str, list[ReservedScope]] = {}
    for family in tables:
        for scope, set_by, table in family:
            for name, (kind, meaning, display_name) in table.items():
                row = ReservedScope(scope, kind, display_name, set_by, meaning)
                found.setdefault(name, []).append(row)
    return {name: ReservedName(name, tuple(rows)) for name, rows in found.items()}


RESERVED: Mapping[str, ReservedName] = MappingProxyType(
    read(
        (
            event_properties.TABLES,
            default_properties.TABLES,
            browser_properties.TABLES,
            event_names.TABLES,
            profile_properties.TABLES,
            wire_names.TABLES,
        )
    )
)
SERVER_NAMES = server_names(RESERVED)


def server_only(name: str, place: Place) -> bool:
    """Tell whether only Mixpanel's server may set a name.

    Args:
        name: Name of an event or of a property.
        place: What an app would use it for.

    >>> server_only("$last_seen", "profile"), server_only("$city", "profile")
    (True, False)
    """
    return name in SERVER_NAMES[place]

"""Names that only Mixpanel's server may set, so that a tracking plan refuses them.

They are those that the tables say the server sets, those that are forbidden, and of
what ingestion adds the facts of the arrival itself. What ingestion looks up only
where an app leaves it out, such as ``$city`` or ``$timezone``, is the app's to set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mixpanel_schema.reserved.rows import ReservedName, ReservedScope, ScopeName

__all__ = ["Place", "server_names"]

Place = Literal["event_name", "event", "profile", "profile_meta", "group"]

# Groups have the reserved properties of profiles:
# https://docs.mixpanel.com/docs/data-structure/property-reference/reserved-properties
SCOPES: Mapping[Place, tuple[ScopeName, ...]] = {
    "event_name": ("event_name",),
    "event": ("event", "event_default", "event_default_python"),
    "profile": ("profile", "profile_default"),
    "profile_meta": ("profile_meta",),
    "group": ("profile", "profile_default"),
}
BY_SERVER = {"server", "server (virtual)", "reserved"}
# https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties
AT_ARRIVAL = {
    "$mp_api_endpoint",
    "$import",
    "$mp_api_timestamp_ms",
    "mp_processing_time_ms",
    "$mp_event_size",
    "$last_seen",
}


def server_names(
    reserved: Mapping[str, ReservedName],
) -> dict[Place, frozenset[str]]:
    """List the names that only the server may set, by what they would be used for."""
    return {
        place: frozenset(
            name.name
            for name in reserved.values()
            if any(
                row.scope in scopes and set_by_server(name.name, row)
                for row in name.scopes
            )
        )
        for place, scopes in SCOPES.items()
    }


def set_by_server(name: str, row: ReservedScope) -> bool:
    """Tell whether one row of the tables leaves a name to the server."""
    if row.set_by == "ingestion API":
        return name in AT_ARRIVAL
    return row.set_by in BY_SERVER

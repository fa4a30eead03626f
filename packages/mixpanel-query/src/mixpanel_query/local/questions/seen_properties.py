"""What expressions look at, taken out of events and profiles by a query.

A query sees it as one JSON text: a list of the event's time and of the JSON of its
properties, and a list of the JSON of the profile's.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mixpanel_query.local.engine.kept_json import pointer, property_value
from mixpanel_query.local.expressions import Accessor, Value

__all__ = [
    "in_seconds",
    "is_time",
    "seeing_parameters",
    "seeing_sql",
    "seen_values",
]

OF_EVENT = """list_prepend(
    CASE WHEN $with_time THEN time_ms::VARCHAR END,
    json_extract(properties, $properties)::VARCHAR[]
)"""
WITH_PROFILES = {
    "of_event": OF_EVENT,
    "seen": """json_array(
        happened.of_event, json_extract(profiles.properties, $user)::VARCHAR[]
    )::VARCHAR""",
    "profiles": "LEFT JOIN profiles ON profiles.distinct_id = happened.distinct_id",
}
WITHOUT_PROFILES = {
    "of_event": OF_EVENT,
    "seen": "json_array(happened.of_event, $user::VARCHAR[])::VARCHAR",
    "profiles": "",
}


def seeing_sql(looked_at: Sequence[Accessor]) -> dict[str, str]:
    """Return the parts of a query that sees what accessors look at.

    ``of_event`` belongs into a query of ``events`` that is named ``happened``; ``seen``
    into one of that, with ``profiles`` after its name.
    """
    users = any(each.subject == "user" for each in looked_at)
    return WITH_PROFILES if users else WITHOUT_PROFILES


def seeing_parameters(looked_at: Sequence[Accessor]) -> dict[str, object]:
    """Return the parameters of these parts."""
    return {
        "with_time": any(is_time(each) for each in looked_at),
        **{
            subject: [
                pointer(each.name) for each in looked_at if each.subject == subject
            ]
            for subject in ("properties", "user")
        },
    }


def is_time(accessor: Accessor) -> bool:
    """Tell whether the time of an event is looked at, which has its own column."""
    return accessor.subject == "event" or accessor == ("properties", "time")


def seen_values(looked_at: Sequence[Accessor], seen: str) -> dict[Accessor, Value]:
    """Return the values of accessors, as a query saw them in an event.

    What is undefined is left out.
    """
    [time_ms, *properties], user = msgspec.json.decode(seen)
    values = {
        "properties": iter(properties),
        # Somebody without a profile has no properties.
        "user": iter(user or ()),
    }
    found: dict[Accessor, Value] = {}
    for accessor in looked_at:
        text = None
        if accessor.subject in values:
            text = next(values[accessor.subject], None)
        if is_time(accessor):
            found[accessor] = in_seconds(accessor, int(time_ms))
        elif text is not None:
            found[accessor] = property_value(text)
    return found


def in_seconds(accessor: Accessor, time_ms: int) -> int | float:
    """Return the time of an event; as a property it is in whole seconds."""
    if accessor.subject == "properties" or time_ms % 1000 == 0:
        return time_ms // 1000
    return time_ms / 1000

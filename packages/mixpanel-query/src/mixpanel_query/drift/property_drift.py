"""Properties of declared events: unknown, misspelt, missing, or of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mixpanel_query.drift.arrived import Arrived, EventArrived, allowed_properties
from mixpanel_query.drift.findings import DriftFinding
from mixpanel_query.drift.near import near_names
from mixpanel_schema import RESERVED, Event, Property, TrackingPlan
from mixpanel_schema.mixpanel_names import OWN_PREFIXES
from mixpanel_schema.value_types import type_name

__all__ = ["property_drift"]

# In fewer rows, a property that is rarely set may be missing by chance.
ROWS_TO_MISS_IT: Final = 30
EVENT_SCOPES: Final = frozenset(
    ("event", "event_default", "event_default_python", "event_group")
)


def property_drift(plan: TrackingPlan, arrived: Arrived) -> Iterator[DriftFinding]:
    """Compare the properties of every declared event that arrives.

    Properties that Mixpanel sets or knows itself are no drift.
    """
    for name, event in plan.events.items():
        seen = arrived.events[name]
        if seen.rows or seen.named is not None:
            allowed = allowed_properties(plan, event)
            yield from unknown_properties(plan, event, seen, allowed)
            yield from missing_properties(event, seen)
            yield from wrong_types(event, seen, allowed)


def unknown_properties(
    plan: TrackingPlan,
    event: Event,
    seen: EventArrived,
    allowed: Mapping[str, Property],
) -> Iterator[DriftFinding]:
    """Yield what arrives and is not declared, or only for other events."""
    unknown = [
        name for name in seen.names if name not in allowed and not is_mixpanels(name)
    ]
    near = near_names(
        [name for name in unknown if name not in plan.event_properties],
        allowed,
        event=False,
    )
    for name in unknown:
        detail = share(seen.properties[name], seen.rows)
        found = near.get(name)
        if name in plan.event_properties:
            said = "; ".join(filter(None, ["declared, but not for this event", detail]))
            yield DriftFinding("unknown property", event.name, name, None, said)
        elif found is not None and found.is_misspelt:
            yield DriftFinding(
                "misspelt property", event.name, name, found.name, detail
            )
        else:
            nearest = None if found is None else found.name
            yield DriftFinding("unknown property", event.name, name, nearest, detail)


def missing_properties(event: Event, seen: EventArrived) -> Iterator[DriftFinding]:
    """Yield what the event lists and does not, or not always, arrive with it."""
    names = set(seen.names)
    for prop in event.properties or ():
        absent = seen.rows - seen.properties[prop.name]
        if prop.name in event.required and absent:
            said = f"required, and not in {share(absent, seen.rows)}"
            yield DriftFinding("missing property", event.name, prop.name, None, said)
        elif prop.name not in names and surely_missing(seen):
            where = "in none of the properties that Mixpanel lists"
            if not seen.is_all_named:
                where = f"in none of {seen.rows} events"
            yield DriftFinding("missing property", event.name, prop.name, None, where)


def surely_missing(seen: EventArrived) -> bool:
    """Tell whether a property that was not seen is likely not there."""
    return seen.is_all_named or seen.rows >= ROWS_TO_MISS_IT


def wrong_types(
    event: Event, seen: EventArrived, allowed: Mapping[str, Property]
) -> Iterator[DriftFinding]:
    """Yield properties with values that are not as declared."""
    for name, kinds in sorted(seen.misfits.items()):
        what = " and ".join(kind for kind, _ in kinds.most_common())
        said = f"declared {type_name(allowed[name].type)}, other {what}"
        rows = share(sum(kinds.values()), seen.rows)
        yield DriftFinding("wrong type", event.name, name, None, f"{said} in {rows}")


def share(count: int, rows: int) -> str:
    """Say in how many rows something was seen; empty for none."""
    return f"{count} of {rows} events" if count else ""


def is_mixpanels(name: str) -> bool:
    """Tell whether Mixpanel gives a property of events of that name its meaning."""
    if OWN_PREFIXES.match(name):
        return True
    found = RESERVED.get(name)
    return found is not None and any(
        each.scope in EVENT_SCOPES for each in found.scopes
    )

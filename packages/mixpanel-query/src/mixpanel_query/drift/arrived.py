"""What arrives of declared events: which properties, with values of which types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mixpanel_query.drift.value_fit import fits, kind_of
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_schema import Event, Property, TrackingPlan
from mixpanel_schema.value_shapes import Shape, shape_of

__all__ = ["Arrived", "EventArrived", "allowed_properties"]


@dataclass(slots=True)
class EventArrived:
    """What arrives of one event.

    Attributes:
        rows: How many of it are in the sample.
        properties: How many of them have a property, by its name.
        misfits: How many of its values do not fit what is declared, by the
            property's name, then by what they are instead.
        named: Names of properties that Mixpanel lists; None if it was not asked.
        is_all_named: Whether it lists all there are.
    """

    rows: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    misfits: dict[str, Counter[str]] = field(default_factory=dict)
    named: frozenset[str] | None = None
    is_all_named: bool = False

    @property
    def names(self) -> list[str]:
        """Every property that was seen, sorted by name."""
        return sorted({*self.properties, *(self.named or ())})


class Arrived:
    """What arrives of a plan's events, row by row; memory does not grow with rows.

    Args:
        plan: What is declared.
    """

    def __init__(self, plan: TrackingPlan) -> None:
        self.events = {name: EventArrived() for name in plan.events}
        self.rows = 0
        self._shapes = {
            name: shapes_of(allowed_properties(plan, event).values())
            for name, event in plan.events.items()
        }

    def add(self, row: ExportedEvent) -> None:
        """Take a row of an export into account."""
        self.rows += 1
        seen = self.events.get(row.event)
        if seen is None:
            return
        seen.rows += 1
        shapes = self._shapes[row.event]
        for name, value in row.properties.items():
            if value is None:
                continue  # as good as not there
            seen.properties[name] += 1
            shape = shapes.get(name)
            if shape is not None and not fits(value, shape):
                kinds = seen.misfits.setdefault(name, Counter())
                kinds[kind_of(value)] += 1


def allowed_properties(plan: TrackingPlan, event: Event) -> Mapping[str, Property]:
    """Return what an event may carry: its own list, or what all may that have none."""
    if event.properties is None:
        return plan.shared_event_properties
    return {prop.name: prop for prop in event.properties}


def shapes_of(properties: Iterable[Property]) -> dict[str, Shape]:
    """Return what values are declared to look like, where a type is declared."""
    return {
        prop.name: shape_of(prop.type) for prop in properties if prop.type is not None
    }

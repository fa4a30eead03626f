"""Plans of some names, and the rules that they break."""

from __future__ import annotations

from pathlib import Path

from mixpanel_schema import Event, EventProperties, Events, Property, TrackingPlan
from mixpanel_schema.naming import lint

LISTS = Path(__file__).parent / "names"


def listed(*files: str) -> list[str]:
    """Read lists of names; spaces at the ends of a line belong to the name."""
    return [
        line
        for file in files
        for line in (LISTS / file).read_text(encoding="utf-8").split("\n")
        if line
    ]


BAD = listed("bad.txt", "more_bad.txt", "unseen_bad.txt", "fields_bad.txt")


def plan_of(*names: str) -> TrackingPlan:
    """Make a plan with events of these names."""
    events = {f"event_{place}": Event(name) for place, name in enumerate(names)}
    return TrackingPlan(events=type("AppEvents", (Events,), events))


def plan_of_properties(*names: str) -> TrackingPlan:
    """Make a plan with event properties of these names."""
    properties = {f"prop_{place}": Property(name) for place, name in enumerate(names)}
    catalogue = type("AppProperties", (EventProperties,), properties)
    return TrackingPlan(event_properties=catalogue)


def rules(plan: TrackingPlan) -> list[tuple[str, str]]:
    """List the findings as names and rules."""
    return [(finding.name, finding.rule) for finding in lint(plan)]

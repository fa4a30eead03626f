"""What a tracking plan says of records that arrived.

Nothing is refused because of it: Mixpanel takes what no plan declares, and so does a
local project. Values are never shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from mixpanel_query.drift.arrived import allowed_properties
from mixpanel_query.drift.event_drift import is_mixpanels as is_mixpanels_event
from mixpanel_query.drift.near import near_names
from mixpanel_query.drift.property_drift import is_mixpanels as is_mixpanels_property
from mixpanel_query.drift.value_fit import fits, kind_of
from mixpanel_schema import Event, Property
from mixpanel_schema.mixpanel_names import is_mixpanels
from mixpanel_schema.value_shapes import Shape, shape_of
from mixpanel_schema.value_types import type_name

if TYPE_CHECKING:
    from mixpanel_query.local.records.verdicts import Verdict
    from mixpanel_schema import TrackingPlan

__all__ = ["PlanCheck"]

# Looking for the nearest name takes a millisecond where a plan is large.
MOST_NEAREST: Final = 500
LONGEST_NAME: Final = 255
# Operations whose values are what the profile then has.
SETTING: Final = ("$set", "$set_once")


class PlanCheck:
    """Compares records with a plan; any thread may use it.

    Args:
        plan: What is declared.
    """

    def __init__(self, plan: TrackingPlan) -> None:
        self._plan = plan
        self._former = {
            former: event.name
            for event in plan.events.values()
            for former in event.renamed_from
        }
        self._allowed = {
            name: allowed_properties(plan, event) for name, event in plan.events.items()
        }
        self._declared = {
            "profile": plan.profile_properties,
            "group": plan.group_properties,
        }
        self._shapes: dict[int, Shape] = {}
        self._nearest: dict[tuple[str, str], str] = {}

    @property
    def personal(self) -> dict[str, list[str]]:
        """Names of properties that are personal data, by the kind of a record."""
        kinds = {"event": self._plan.event_properties, **self._declared}
        return {kind: personal_names(each.values()) for kind, each in kinds.items()}

    def problems(self, verdict: Verdict) -> list[str]:
        """Return what the plan says against a record, one sentence each.

        Of a record that was not kept only the name is known.
        """
        properties = read_object(verdict.properties)
        if verdict.kind == "event":
            return list(self._event_problems(verdict.name, properties))
        declared = self._declared.get(verdict.kind)
        if declared is None or properties is None:
            return []
        return list(self._update_problems(verdict, properties, declared))

    def _event_problems(
        self, name: str, properties: dict[str, Any] | None
    ) -> Iterator[str]:
        """Yield what is wrong with an event."""
        event = self._plan.events.get(name)
        if name in self._former:
            yield f"event {name!r} is the former name of {self._former[name]!r}"
        elif event is not None and properties is not None:
            yield from self._unlike(event, properties)
        elif event is None and name and not is_mixpanels_event(name):
            yield f"event {name!r} is not in the plan" + self._hint(
                "event", name, self._plan.events
            )

    def _unlike(self, event: Event, properties: dict[str, Any]) -> Iterator[str]:
        """Yield what is wrong with the properties of an event."""
        allowed = self._allowed[event.name]
        for name, value in properties.items():
            if name in allowed:
                yield from self._misfit(allowed[name], value)
            elif name in self._plan.event_properties and not is_mixpanels_property(
                name
            ):
                yield f"property {name!r} is declared, but not for this event"
            elif not is_mixpanels_property(name):
                yield f"property {name!r} is not in the plan" + self._hint(
                    event.name, name, allowed
                )
        for name in sorted(event.required):
            # Null is as good as not there.
            if properties.get(name) is None:
                yield f"property {name!r} is required, and missing"

    def _update_problems(
        self,
        verdict: Verdict,
        properties: dict[str, Any],
        declared: Mapping[str, Property],
    ) -> Iterator[str]:
        """Yield what is wrong with the properties of an update."""
        place = f"{verdict.kind} property"
        for name, value in properties.items():
            if name not in declared:
                if not is_mixpanels(name, place):
                    yield f"{place} {name!r} is not in the plan" + self._hint(
                        place, name, declared
                    )
            elif verdict.name in SETTING:
                yield from self._misfit(declared[name], value)

    def _misfit(self, declared: Property, value: object) -> Iterator[str]:
        """Yield that a value is not of the declared type."""
        if declared.type is None or value is None:
            return
        shape = self._shapes.get(id(declared))
        if shape is None:
            shape = self._shapes[id(declared)] = shape_of(declared.type)
        if not fits(value, shape):
            kind, allowed = kind_of(value), type_name(declared.type)
            yield f"property {declared.name!r} is declared {allowed}, and has {kind}"

    def _hint(self, place: str, name: str, declared: Mapping[str, object]) -> str:
        """Say which declared name is nearest, if one is near."""
        key = place, name
        if key not in self._nearest:
            if len(name) > LONGEST_NAME or len(self._nearest) >= MOST_NEAREST:
                return ""
            near = near_names([name], declared, event=place == "event")
            self._nearest[key] = near[name].name if name in near else ""
        found = self._nearest[key]
        return f"; nearest is {found!r}" if found else ""


def personal_names(properties: Iterable[Property]) -> list[str]:
    """Return the names of those properties that are personal data."""
    return [each.name for each in properties if each.pii]


def read_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object of a text; None if it is another text."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

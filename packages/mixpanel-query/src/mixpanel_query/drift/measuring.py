"""Asks Mixpanel for what drift is found in: names, top properties, and a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from mixpanel_query.drift.arrived import Arrived
from mixpanel_query.drift.event_drift import event_drift
from mixpanel_query.drift.findings import Drift
from mixpanel_query.drift.property_drift import property_drift
from mixpanel_query.exceptions import InvalidQueryError

if TYPE_CHECKING:
    from mixpanel_query.clients import Client
    from mixpanel_schema import TrackingPlan

__all__ = ["DriftCost", "cost_of_drift", "find_drift"]

# https://developer.mixpanel.com/reference/query-months-top-event-names
MOST_NAMES: Final = 5000
MOST_PROPERTIES: Final = 255
# https://developer.mixpanel.com/reference/raw-event-export
MOST_SAMPLED: Final = 100_000
# A longer list of names does not fit into an address; then all events are exported.
LONGEST_FILTER: Final = 8000


@dataclass(frozen=True, slots=True)
class DriftCost:
    """How many requests looking for drift takes, at most.

    Attributes:
        queries: Requests out of the 60 an hour that queries have.
        exports: Requests out of the 60 an hour that exports have.
    """

    queries: int
    exports: int


def cost_of_drift(
    plan: TrackingPlan, *, property_calls: int = 20, limit: int = 10_000
) -> DriftCost:
    """Tell what `find_drift` would cost at most; nothing is sent.

    >>> from mixpanel_schema import Events, TrackingPlan
    >>> cost_of_drift(TrackingPlan(events=Events), property_calls=3)
    DriftCost(queries=4, exports=1)
    """
    checked(property_calls, limit)
    return DriftCost(1 + min(property_calls, len(plan.events)), 1 if limit else 0)


def find_drift(
    client: Client,
    plan: TrackingPlan,
    from_date: date | str,
    to_date: date | str,
    *,
    limit: int = 10_000,
    property_calls: int = 20,
) -> Drift:
    """Compare a tracking plan with what really arrives.

    It takes one request for the names of events, of the last 31 days; one for the
    properties of each declared event that arrives, the commonest first; and an
    export, in whose events the types of values are looked at, and properties too.

    It sees no more than that, and says in ``unseen`` what it did not: rare events,
    properties and types may hide there.

    Args:
        client: Asks the project.
        plan: What is declared.
        from_date: First day of the export, in UTC; in the project's timezone for
            projects made before 2023.
        to_date: Last day of the export.
        limit: Of how many events values are looked at, at most, up to 100,000; 0 for
            none, which saves the export. Mixpanel chooses them, and not by chance.
        property_calls: How many events are asked for their properties, at most.

    Raises:
        InvalidQueryError: If one of them cannot be right; nothing was sent.
        MixpanelQueryError: As ``client.event_names`` and ``client.export`` do.
    """
    checked(property_calls, limit)
    names = client.event_names(limit=MOST_NAMES)
    arrived = Arrived(plan)
    declared = [name for name in names if name in plan.events]
    asked = declared[:property_calls]
    for name in asked:
        found = client.property_names(name, limit=MOST_PROPERTIES)
        seen = arrived.events[name]
        seen.named = frozenset(each.name for each in found)
        seen.is_all_named = len(found) < MOST_PROPERTIES
    if limit and declared:
        chosen = declared if len("".join(declared)) <= LONGEST_FILTER else None
        for row in client.export(from_date, to_date, events=chosen, limit=limit):
            arrived.add(row)
    sampled = [name for name, seen in arrived.events.items() if seen.rows]
    known = [*dict.fromkeys([*names, *sampled])]
    return Drift(
        (*event_drift(plan, known), *property_drift(plan, arrived)),
        sampled=arrived.rows,
        calls=1 + len(asked) + (1 if limit and declared else 0),
        unseen=tuple(unseen(names, declared, asked, arrived, limit)),
    )


def checked(property_calls: int, limit: int) -> None:
    """Refuse numbers that cannot be right."""
    if property_calls < 0:
        problem = f"property_calls {property_calls} is negative"
        raise InvalidQueryError(f"{problem}; give how many events may be asked about")
    if not 0 <= limit <= MOST_SAMPLED:
        problem = f"limit {limit} is out of range"
        raise InvalidQueryError(f"{problem}; use 1 to {MOST_SAMPLED}, or 0 for none")


def unseen(
    names: Sequence[str],
    declared: Sequence[str],
    asked: Sequence[str],
    arrived: Arrived,
    limit: int,
) -> list[str]:
    """Say what the comparison could not see."""
    said = ["events that nobody did in the last 31 days look dead"]
    if len(names) >= MOST_NAMES:
        said.append(f"events beyond the {MOST_NAMES} commonest look dead too")
    if len(asked) < len(declared):
        left = events_text(len(declared) - len(asked))
        said.append(f"properties of {left} were looked for in the sample only")
    cut = [
        name
        for name, seen in arrived.events.items()
        if seen.named is not None and not seen.is_all_named
    ]
    if cut:
        said.append(
            f"properties of {events_text(len(cut))} beyond the {MOST_PROPERTIES} "
            "commonest were looked for in the sample only"
        )
    if not limit:
        return [*said, "types of values, and how often properties are missing"]
    without = [name for name in declared if not arrived.events[name].rows]
    if without:
        said.append(f"values of {events_text(len(without))} that the sample lacks")
    if arrived.rows >= limit:
        said.append(f"the sample is cut after {limit} events, which are not random")
    return said


def events_text(count: int) -> str:
    """Write a number of events."""
    return "1 event" if count == 1 else f"{count} events"

"""Events that arrive and are not declared, or are declared and do not arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mixpanel_query.drift.findings import DriftFinding
from mixpanel_query.drift.near import near_names
from mixpanel_schema import RESERVED, Events, TrackingPlan
from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.mixpanel_names import OWN_PREFIXES

__all__ = ["event_drift"]


def event_drift(plan: TrackingPlan, arrived: Collection[str]) -> Iterator[DriftFinding]:
    """Compare the events of a plan with the names of those that arrive.

    Events that Mixpanel names itself are no drift, nor are those that the plan merely
    inherits from the built-in catalogue and nobody does.

    >>> from mixpanel_schema import Event
    >>> class Shop(Events):
    ...     paid = Event("Order Paid")
    >>> print(*event_drift(TrackingPlan(events=Shop), ["Orders paid", "$identify"]))
    misspelt event 'Orders paid': nearest is 'Order Paid' dead event 'Order Paid'
    """
    former = {
        name: event.name
        for event in plan.events.values()
        for name in event.renamed_from
    }
    unknown = [
        name for name in arrived if name not in plan.events and not is_mixpanels(name)
    ]
    near = near_names(unknown, plan.events, event=True)
    for name in unknown:
        if name in former:
            said = "its former name still arrives"
            yield DriftFinding("former event", name, nearest=former[name], detail=said)
        elif name in near and near[name].is_misspelt:
            yield DriftFinding("misspelt event", name, nearest=near[name].name)
        else:
            nearest = near[name].name if name in near else None
            yield DriftFinding("unknown event", name, nearest=nearest)
    own, _ = own_and_inherited(plan.events, Events)
    for event in own:
        if event.name not in arrived:
            yield DriftFinding("dead event", event.name)


def is_mixpanels(name: str) -> bool:
    """Tell whether Mixpanel gives an event of that name its meaning."""
    if OWN_PREFIXES.match(name):
        return True
    found = RESERVED.get(name)
    return found is not None and "event_name" in {each.scope for each in found.scopes}

"""mixpanel-pyramid, as an application of a middling size uses it."""

from __future__ import annotations

from pyramid.config import Configurator  # type: ignore[import-untyped]
from pyramid.registry import Registry  # type: ignore[import-untyped]
from pyramid.request import Request  # type: ignore[import-untyped]

from benchmarks.tracking.typical_events import declared_properties, typical_properties
from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    flush,
)

NAME = "mixpanel-pyramid"
ATTRIBUTES = {name: name.lower().replace(" ", "_") for name in typical_properties(0)}
MyEvents = type(
    "MyEvents", (Events,), {f"e_{i}": Event(f"Thing {i} Done") for i in range(40)}
)
MyEventProperties = type(
    "MyEventProperties",
    (EventProperties,),
    {
        **{f"extra_{i}": Property(f"Extra {i}") for i in range(18)},
        **{attribute: Property(name) for name, attribute in ATTRIBUTES.items()},
    },
)
assert typical_properties(7) == {
    prop.name: value
    for prop, value in declared_properties(MyEventProperties, 7).items()
}
MyProfileProperties = type(
    "MyProfileProperties",
    (ProfileProperties,),
    {f"extra_{i}": Property(f"Extra {i}") for i in range(10)},
)


def settings(case: str, url: str, folder: str) -> dict[str, str]:
    """Give the settings of a case."""
    recorded = "recorded" in case
    chosen = {
        "mixpanel.token": "false" if recorded else "0123456789abcdef0123456789abcdef",
        "mixpanel.base_url": url,
        "mixpanel.events": f"{__name__}.MyEvents",
        "mixpanel.event_properties": f"{__name__}.MyEventProperties",
        "mixpanel.profile_properties": f"{__name__}.MyProfileProperties",
    }
    if "outbox" in case:
        chosen["mixpanel.outbox"] = f"{folder}/outbox.sqlite"
    if "full" in case:
        chosen["mixpanel.outbox"] = f"{folder}/outbox-full.sqlite"
        chosen["mixpanel.outbox_sync"] = "full"
    if "customer.io" in case:
        chosen["customerio.tracking.site_id"] = "site"
        chosen["customerio.tracking.api_key"] = "key"
        chosen["customerio.tracking.region"] = "us"
        chosen["customerio.tracking.base_url"] = url
    return chosen


def include(config: Configurator) -> None:
    """Include the package."""
    config.include("mixpanel_pyramid")


def act(request: Request, tracks: int, profile_sets: int) -> None:
    """Track, and set a profile."""
    tracker = request.mixpanel
    tracker.distinct_id = "user-1"
    event, properties = tracker.events.e_20, tracker.event_properties
    for number in range(tracks):
        tracker.track(event, declared_properties(properties, number))
    profile = tracker.profile_properties
    for _ in range(profile_sets):
        tracker.profile_set(
            {
                profile.dollar_email: "joe@example.com",
                profile.dollar_name: "Joe Doe",
                profile.extra_1: 42,
            }
        )


def drain(registry: Registry) -> None:
    """Wait until everything is delivered."""
    if not flush(registry, timeout=60):
        raise TimeoutError("the sink did not take everything")

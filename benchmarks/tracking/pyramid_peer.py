"""pyramid_mixpanel 0.13, as an application of a middling size uses it.

Its hosts are fixed; it is pointed at the sink with what it has for that: a consumer
of one's own. For Customer.io the library's table of regions is changed.
"""

from __future__ import annotations

import os
from dataclasses import make_dataclass
from typing import Any

from pyramid.config import Configurator  # type: ignore[import-untyped]
from pyramid.request import Request  # type: ignore[import-untyped]
from pyramid_mixpanel import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
)
from pyramid_mixpanel.consumer import PoliteBufferedConsumer

from benchmarks.tracking.typical_events import declared_properties, typical_properties

NAME = "pyramid_mixpanel 0.13"
BUILT_IN = ("Title", "Path")
OWN = {
    name: name.lower().replace(" ", "_")
    for name in typical_properties(0)
    if name not in BUILT_IN
}


def catalogue(base: type, kind: type, members: dict[str, str]) -> type:
    """Make a catalogue in this library's form."""
    fields = [(name, kind, kind(value)) for name, value in members.items()]
    return make_dataclass("Catalogue", fields, bases=(base,), frozen=True)


MyEvents = catalogue(Events, Event, {f"e_{i}": f"Thing {i} Done" for i in range(40)})
MyEventProperties = catalogue(
    EventProperties,
    Property,
    {
        **{f"extra_{i}": f"Extra {i}" for i in range(18)},
        **{attribute: name for name, attribute in OWN.items()},
    },
)
MyProfileProperties = catalogue(
    ProfileProperties, Property, {f"extra_{i}": f"Extra {i}" for i in range(10)}
)


class SinkConsumer(PoliteBufferedConsumer):  # type: ignore[misc]
    """The default consumer, with its URLs pointed at the sink."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        url = os.environ["SINK_URL"]
        super().__init__(
            False,
            *args,
            events_url=f"{url}/track",
            people_url=f"{url}/engage",
            groups_url=f"{url}/groups",
            import_url=f"{url}/import",
            **options,
        )


def settings(case: str, url: str, folder: str) -> dict[str, object]:
    """Give the settings of a case."""
    os.environ["SINK_URL"] = url
    recorded = "recorded" in case
    chosen: dict[str, object] = {
        "mixpanel.token": False if recorded else "0123456789abcdef0123456789abcdef",
        "mixpanel.consumer": f"{__name__}.SinkConsumer",
        "mixpanel.events": f"{__name__}.MyEvents",
        "mixpanel.event_properties": f"{__name__}.MyEventProperties",
        "mixpanel.profile_properties": f"{__name__}.MyProfileProperties",
    }
    if "customer.io" in case:
        from customerio import regions  # type: ignore[import-untyped]

        host = url.partition("://")[2]
        regions.Regions.US = regions.Region("us", host, host)
        chosen["customerio.tracking.site_id"] = "site"
        chosen["customerio.tracking.api_key"] = "key"
        chosen["customerio.tracking.region"] = "us"
    return chosen


def include(config: Configurator) -> None:
    """Include the package."""
    config.include("pyramid_mixpanel")


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


def drain(registry: object) -> None:
    """Wait for nothing: it sends while the request waits."""

"""Typed Mixpanel tracking for Pyramid, sent only when the request has succeeded.

Start with ``config.include("mixpanel_pyramid")``; then every request has a
``request.mixpanel``. The names below are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_pyramid.consumer import (
        MockedConsumer,
        PoliteBufferedConsumer,
        QueuedConsumer,
    )
    from mixpanel_pyramid.registration import delivery_stats, flush, includeme
    from mixpanel_pyramid.track import MixpanelTrack
    from mixpanel_schema import (
        Event,
        EventProperties,
        Events,
        GroupProperties,
        ProfileMetaProperties,
        ProfileProperties,
        Property,
        TypedEvent,
        prop,
    )

__all__ = [
    "Event",
    "EventProperties",
    "Events",
    "GroupProperties",
    "MixpanelTrack",
    "MockedConsumer",
    "PoliteBufferedConsumer",
    "ProfileMetaProperties",
    "ProfileProperties",
    "Property",
    "QueuedConsumer",
    "TypedEvent",
    "delivery_stats",
    "flush",
    "includeme",
    "prop",
]

HOME = {
    "MixpanelTrack": "mixpanel_pyramid.track",
    "MockedConsumer": "mixpanel_pyramid.consumer",
    "PoliteBufferedConsumer": "mixpanel_pyramid.consumer",
    "QueuedConsumer": "mixpanel_pyramid.consumer",
    "delivery_stats": "mixpanel_pyramid.registration",
    "flush": "mixpanel_pyramid.registration",
    "includeme": "mixpanel_pyramid.registration",
}


MOVED = (
    "MixpanelQuery is in the package mixpanel-query; install it, "
    "and write: from mixpanel_query import MixpanelQuery"
)


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name == "MixpanelQuery":  # an ImportError, else ``from … import`` hides the text
        raise ImportError(MOVED)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(HOME.get(name, "mixpanel_schema")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted({*globals(), *__all__})

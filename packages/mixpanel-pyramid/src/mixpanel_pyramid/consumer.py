"""Consumers: what takes the messages of a tracker; all of them, by one name.

A consumer in the sense of the official ``mixpanel`` library has
``send(endpoint, json_message)``. Those of a tracker also take messages that are not
text yet, and can be released or discarded when the request is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_pyramid.buffer_consumer import BufferConsumer
from mixpanel_pyramid.mocked_consumer import RECORDING_TOKEN, MockedConsumer
from mixpanel_pyramid.tracker_consumer import Fate, TrackerConsumer

if TYPE_CHECKING:
    from mixpanel_pyramid.polite_consumer import PoliteBufferedConsumer
    from mixpanel_pyramid.queued_consumer import QueuedConsumer

__all__ = [
    "RECORDING_TOKEN",
    "BufferConsumer",
    "Fate",
    "MockedConsumer",
    "PoliteBufferedConsumer",
    "QueuedConsumer",
    "TrackerConsumer",
]

# One of them imports the official library, which costs 0.2 s.
ELSEWHERE = {
    "PoliteBufferedConsumer": "mixpanel_pyramid.polite_consumer",
    "QueuedConsumer": "mixpanel_pyramid.queued_consumer",
}


def __getattr__(name: str) -> object:
    """Import a consumer that is used by name only."""
    if name not in ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(ELSEWHERE[name]), name)
    globals()[name] = value
    return value

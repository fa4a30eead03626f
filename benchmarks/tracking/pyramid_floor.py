"""The least that tracking could cost: build, serialise once, append to a list."""

from __future__ import annotations

import time
from uuid import uuid4

import orjson
from pyramid.config import Configurator  # type: ignore[import-untyped]
from pyramid.request import Request  # type: ignore[import-untyped]

from benchmarks.tracking.typical_events import typical_properties

NAME = "floor: build, serialise, append"
QUEUE: list[bytes] = []


def settings(case: str, url: str, folder: str) -> dict[str, str]:
    """Give the settings of a case; there are none."""
    return {}


def include(config: Configurator) -> None:
    """Include nothing."""


def act(request: Request, tracks: int, profile_sets: int) -> None:
    """Make events and updates, and keep them when the request is over."""
    now = time.time()
    batch: list[object] = [
        {
            "event": "Thing 20 Done",
            "properties": {
                "token": "0123456789abcdef0123456789abcdef",
                "distinct_id": "user-1",
                "time": now,
                "$insert_id": uuid4().hex,
                **typical_properties(number),
            },
        }
        for number in range(tracks)
    ]
    batch += [
        {
            "$token": "0123456789abcdef0123456789abcdef",
            "$distinct_id": "user-1",
            "$set": {"$email": "joe@example.com", "$name": "Joe Doe", "Extra 1": 42},
        }
        for _ in range(profile_sets)
    ]

    def keep(request: Request, response: object) -> None:
        QUEUE.clear()
        QUEUE.append(orjson.dumps(batch))

    request.add_response_callback(keep)


def drain(registry: object) -> None:
    """Wait for nothing."""

"""The clients that ``client_process`` drives, each made with what its package offers.

A client has ``track(number)``, which tells whether an event was taken, and ``flush()``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from benchmarks.tracking.typical_events import typical_properties

__all__ = ["CLIENTS", "Client"]

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105  # made up
PROPERTIES = [typical_properties(number) for number in range(5000)]


class Client(Protocol):
    """What is measured."""

    def track(self, number: int) -> bool:
        """Track an event; tell whether it was taken."""

    def flush(self) -> None:
        """Wait until what was taken is delivered."""


class Ours:
    """mixpanel-pyramid without a request; events go to ``/import``, packed."""

    def __init__(self, url: str, outbox: str) -> None:
        from benchmarks.tracking.pyramid_ours import ATTRIBUTES, settings
        from mixpanel_pyramid import MixpanelTrack

        chosen = settings("sent", url, "")
        chosen["mixpanel.service_account.username"] = "robot"
        chosen["mixpanel.service_account.secret"] = "secret"
        chosen["mixpanel.service_account.project_id"] = "4711"
        if outbox:
            chosen["mixpanel.outbox"] = outbox
        self.tracker = MixpanelTrack(chosen, distinct_id="user-1")
        self.event = self.tracker.events.e_20  # type: ignore[attr-defined]
        names = self.tracker.event_properties
        self.properties = [
            {getattr(names, ATTRIBUTES[n]): each[n] for n in each}
            for each in PROPERTIES
        ]

    def track(self, number: int) -> bool:
        """Track an event; what finds no room is counted, not told."""
        self.tracker.track(
            self.event,
            self.properties[number % 5000],
            distinct_id=f"user-{number % 5000}",
        )
        return True

    def flush(self) -> None:
        """Wait for the delivery."""
        while not self.tracker.flush(10):
            pass


class Official:
    """mixpanel's ``BufferedConsumer``, which posts in the caller's thread."""

    def __init__(self, url: str, outbox: str) -> None:
        import mixpanel  # type: ignore[import-untyped]

        self.consumer = mixpanel.BufferedConsumer(events_url=f"{url}/track")
        self.client = mixpanel.Mixpanel(TOKEN, self.consumer)

    def track(self, number: int) -> bool:
        """Track an event; each fiftieth waits for the network."""
        values = PROPERTIES[number % 5000].copy()
        try:
            self.client.track(f"user-{number % 5000}", "Thing 20 Done", values)
        except Exception:  # noqa: BLE001, RUF100  # what it raises is its to say
            return False
        return True

    def flush(self) -> None:
        """Post the rest."""
        self.consumer.flush()


class Posthog:
    """posthog: a queue of 10,000 and a thread."""

    def __init__(self, url: str, outbox: str) -> None:
        import posthog

        self.client = posthog.Posthog("phc_key", host=url, gzip=True)

    def track(self, number: int) -> bool:
        """Track an event; None means that the queue is full."""
        taken: Any = self.client.capture(
            "Thing 20 Done",
            distinct_id=f"user-{number % 5000}",
            properties=PROPERTIES[number % 5000].copy(),
        )
        return taken is not None

    def flush(self) -> None:
        """Wait for the queue."""
        self.client.flush()


class Segment:
    """segment-analytics-python: a queue of 10,000 and a thread."""

    def __init__(self, url: str, outbox: str) -> None:
        from segment.analytics.client import Client as Analytics

        self.client = Analytics("write-key", host=url, gzip=True)

    def track(self, number: int) -> bool:
        """Track an event; it says whether the queue took it."""
        values = PROPERTIES[number % 5000].copy()
        taken, _ = self.client.track(f"user-{number % 5000}", "Thing 20 Done", values)
        return bool(taken)

    def flush(self) -> None:
        """Wait for the queue."""
        self.client.flush()


CLIENTS: dict[str, Callable[[str, str], Client]] = {
    "mixpanel-pyramid": Ours,
    "mixpanel": Official,
    "posthog": Posthog,
    "segment": Segment,
}

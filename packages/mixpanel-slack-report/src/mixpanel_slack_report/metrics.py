"""What a report measures: metrics, their values, and the ones asked for by default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mixpanel_schema import Event, Events

__all__ = [
    "DEFAULT_METRICS",
    "METRIC_KINDS",
    "Metric",
    "MetricKind",
    "MetricValue",
    "ReportedEvents",
    "Status",
    "TopEvent",
]

MetricKind = Literal["total", "unique"]
METRIC_KINDS: tuple[MetricKind, ...] = ("total", "unique")
Status = Literal["ok", "no_data", "no_such_event", "partial"]


class ReportedEvents(Events):
    """The events of the default report, beside the built-in ones."""

    sign_up: Event = Event("Sign Up", description="A user made an account.")
    user_onboarded: Event = Event(
        "User Onboarded", description="A user finished the first steps."
    )
    session: Event = Event("$ae_session", description="A session of a mobile app.")
    page_view: Event = Event("Page View", description="A page was shown.")
    purchase: Event = Event("Purchase", description="A user paid.")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that a report shows.

    Attributes:
        name: What readers call it.
        events: Names of the event it counts; the first that the project knows.
        kind: ``"total"`` counts how often the event happened, ``"unique"`` how many
            different users did it in the whole window.

    >>> Metric("New Signups", ("Sign Up", "User Signed Up"), "total").events[0]
    'Sign Up'
    """

    name: str
    events: tuple[str, ...]
    kind: MetricKind


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A metric with its numbers, or with the reason why there are none.

    Attributes:
        metric: What was measured.
        event: The name that was counted; the first candidate if none is known.
        value: The number in the reported days; None unless ``status`` is ``"ok"`` or
            ``"partial"``.
        previous: The number in the days compared with; None if it is not known.
        status: Whether the number can be trusted: ``"partial"`` means that a part is
            missing, such as the number compared with.
        reason: What is missing and why; empty if ``status`` is ``"ok"``.
    """

    metric: Metric
    event: str
    value: int | None
    previous: int | None
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TopEvent:
    """An event among the most frequent of the reported days.

    Attributes:
        event: The event's name.
        count: How often it happened, at least once.
    """

    event: str
    count: int


def metric(name: str, kind: MetricKind, *events: Event) -> Metric:
    """Make a metric from declared events."""
    return Metric(name, tuple(event.name for event in events), kind)


DEFAULT_METRICS = (
    metric(
        "New Signups", "total", ReportedEvents.sign_up, ReportedEvents.user_signed_up
    ),
    metric("Users Onboarded", "total", ReportedEvents.user_onboarded),
    metric("Active Sessions", "total", ReportedEvents.session),
    metric("Page Views", "total", ReportedEvents.page_view, ReportedEvents.page_viewed),
    metric("Visitors", "unique", ReportedEvents.page_view, ReportedEvents.page_viewed),
    metric("Purchases", "total", ReportedEvents.purchase, ReportedEvents.user_charged),
)

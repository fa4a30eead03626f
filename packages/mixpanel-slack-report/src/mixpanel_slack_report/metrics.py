"""What a report measures: metrics, their values, and the ones asked for by default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from mixpanel_schema import Event, Events

__all__ = [
    "DEFAULT_METRICS",
    "METRIC_KINDS",
    "Metric",
    "MetricKind",
    "MetricValue",
    "Number",
    "ReportedEvents",
    "ShownAs",
    "Status",
    "Threshold",
    "TopEvent",
    "titled",
]

MetricKind = Literal["total", "unique", "active", "ratio", "sum", "per_event", "saved"]
METRIC_KINDS: tuple[MetricKind, ...] = get_args(MetricKind)
Number: TypeAlias = "int | float"
ShownAs = Literal["number", "percent"]
Status = Literal["ok", "no_data", "no_such_event", "partial"]


# A custom report has days of its own, which have no title.
TITLES = {
    "daily": "Daily",
    "weekly": "Weekly",
    "biweekly": "Bi-Weekly",
    "monthly": "Monthly",
}


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
class Threshold:
    """When a metric puts an alert on top of the report, and who is mentioned.

    A bound that is None is not watched.

    Attributes:
        below: Alert if the number is smaller.
        above: Alert if the number is larger.
        drop_percent: Alert if it fell by this many percent or more.
        rise_percent: Alert if it rose by this many percent or more.
        minimum: Changes in percent count only if one of the two numbers is at least
            this large.
        mention: Whom to mention: ids of Slack users (``U…``, ``W…``) and user groups
            (``S…``), ``here``, ``channel`` or ``everyone``.
    """

    below: Number | None = None
    above: Number | None = None
    drop_percent: Number | None = None
    rise_percent: Number | None = None
    minimum: Number | None = None
    mention: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that a report shows.

    Attributes:
        name: What readers call it; ``{period}`` stands for Daily, Weekly and so on.
        events: Names of the event it counts: the first that the project knows, for
            ``"active"`` all of them, none for any event.
        kind: ``"total"`` counts how often the event happened, ``"unique"`` how many
            different users did it in the whole window, ``"active"`` how many did any
            of the events, ``"ratio"`` divides the event's total, or the metric ``of``,
            by the metric ``over``, ``"sum"`` adds up a property, ``"per_event"``
            divides that sum by the total, ``"saved"`` takes a saved Insights report.
        where: Expression that filters the events; empty for all.
        property: Name of the property that is added up.
        over: Name of the metric that a ratio is divided by.
        of: Name of the metric that a ratio divides; empty for the event's total.
        report_id: Number of the saved report.
        threshold: When it puts an alert on top; None for never.
        shown_as: Whether 0.153 is written as a number or as 15.3 %; None for percent
            if the kind is ``"ratio"``, and else for a number.

    >>> Metric("New Signups", ("Sign Up", "User Signed Up"), "total").events[0]
    'Sign Up'
    """

    name: str
    events: tuple[str, ...]
    kind: MetricKind
    where: str = ""
    property: str = ""
    over: str = ""
    of: str = ""
    report_id: int | None = None
    threshold: Threshold | None = None
    shown_as: ShownAs | None = None


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
        trend: The numbers of the windows up to the reported one, which is the last,
            None where it is not known; empty where the calls did not give them.
        remark: What a reader must know about the number; empty if nothing.
    """

    metric: Metric
    event: str
    value: Number | None
    previous: Number | None
    status: Status
    reason: str = ""
    trend: tuple[Number | None, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class TopEvent:
    """An event among the most frequent of some days.

    Attributes:
        event: The event's name.
        count: How often it happened, at least once.
        previous: How often it happened in the days compared with; None if it is not
            known.
    """

    event: str
    count: int
    previous: int | None = None


def metric(name: str, kind: MetricKind, *events: Event) -> Metric:
    """Make a metric from declared events."""
    return Metric(name, tuple(event.name for event in events), kind)


def titled(metric: Metric, period: str) -> Metric:
    """Write the period's title in the place of ``{period}`` in a metric's names.

    >>> titled(Metric("{period} Active Users", (), "active"), "biweekly").name
    'Bi-Weekly Active Users'
    >>> titled(Metric("{period} Active Users", (), "active"), "custom").name
    'Active Users'
    """

    def written(name: str) -> str:
        return name.replace("{period}", TITLES.get(period, "")).strip() or name

    names = (metric.name, metric.over, metric.of)
    name, over, of = (written(text) if text else "" for text in names)
    return replace(metric, name=name, over=over, of=of)


DEFAULT_METRICS = (
    metric("{period} Active Users", "active"),
    metric(
        "New Signups", "total", ReportedEvents.sign_up, ReportedEvents.user_signed_up
    ),
    metric("Users Onboarded", "total", ReportedEvents.user_onboarded),
    metric("Active Sessions", "total", ReportedEvents.session),
    metric("Page Views", "total", ReportedEvents.page_view, ReportedEvents.page_viewed),
    metric("Purchases", "total", ReportedEvents.purchase, ReportedEvents.user_charged),
)

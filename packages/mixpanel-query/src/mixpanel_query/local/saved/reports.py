"""Saved Insights reports: how they are defined and kept.

Mixpanel's are made in its web interface; here a report is what `SavedReport` says.
https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.expressions import Expression
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import read_kind
from mixpanel_query.local.saved.definitions import (
    check_event_name,
    check_number,
    check_text,
    definition_fields,
    find_definition,
)
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    buckets_of_dates,
    every_days,
    local_time,
    midnight_ms,
)

__all__ = [
    "SavedReport",
    "buckets_of",
    "checked_report",
    "expressions_of",
    "find_report",
    "report_of",
]

UNITS = ("hour", "day", "week", "month")


@dataclass(frozen=True, slots=True)
class SavedReport:
    """The definition of a saved report.

    Attributes:
        bookmark_id: Its number, at least 1.
        events: Names of the events that it counts.
        from_date: First day, as ``YYYY-MM-DD``, in the project's timezone.
        to_date: Last day, which counts.
        unit: Length of a bucket: hour, day, week or month; None for one number for
            all days together.
        kind: ``general`` counts events, ``unique`` users, ``average`` events a user.
        where: What must hold of the events; empty for nothing.
        on: What they are broken down by; empty for nothing.
    """

    bookmark_id: int
    events: tuple[str, ...]
    from_date: str
    to_date: str
    unit: str | None = "day"
    kind: str = "general"
    where: str = ""
    on: str = ""


def checked_report(report: SavedReport, settings: ProjectSettings) -> SavedReport:
    """Return a definition that can be answered.

    Raises:
        LocalProjectError: If something of it is wrong; the message names the report.
    """
    number = report.bookmark_id
    try:
        check_number("bookmark_id", number)
        check_texts(report)
        buckets_of(report, settings, date.max)
        read_kind(report.kind, "kind")
        expressions_of(report, settings)
    except RequestRefusedError as error:
        raise LocalProjectError(f"report {number!r}: {error.message}") from error
    return report


def check_texts(report: SavedReport) -> None:
    """Refuse what is no text where there has to be one."""
    names = report.events
    if not names or not all(isinstance(name, str) and name for name in names):
        raise RequestRefusedError(400, "events is no list of names")
    for name in names:
        check_event_name(name)
    for field in ("from_date", "to_date", "kind", "where", "on"):
        check_text(field, getattr(report, field))


def report_of(document: object) -> SavedReport:
    """Return the definition that a JSON object has.

    Raises:
        LocalProjectError: If it has other fields, or some are missing.
    """
    needed = ("bookmark_id", "events", "from_date", "to_date")
    names = tuple(SavedReport.__dataclass_fields__)
    fields = definition_fields(document, "report", names, needed)
    events = fields["events"]
    listed = (events,) if isinstance(events, str) else events
    if not isinstance(listed, list | tuple):
        raise LocalProjectError("events is neither a name nor a list of names")
    return SavedReport(**{**fields, "events": tuple(listed)})


def find_report(engine: Engine, number: int) -> SavedReport:
    """Return the definition with this number.

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    return report_of(find_definition(engine, "reports", number))


def buckets_of(
    report: SavedReport, settings: ProjectSettings, today: date
) -> TimeBuckets:
    """Return the points of a report.

    Raises:
        RequestRefusedError: If its dates or its unit make no sense.
    """
    span = {"from_date": report.from_date, "to_date": report.to_date}
    first, last = read.window(span, today)
    zone = settings.timezone
    if report.unit is None:
        return every_days(first, last, (last - first).days + 1, zone)
    unit = read.one_of("unit", str(report.unit), UNITS)
    buckets = buckets_of_dates(first, last, unit, settings)
    if unit == "hour":
        return buckets
    moments = (midnight_ms(date.fromisoformat(label), zone) for label in buckets.labels)
    labels = tuple(local_time(moment, zone).isoformat() for moment in moments)
    return replace(buckets, labels=labels)


def expressions_of(
    report: SavedReport, settings: ProjectSettings
) -> tuple[Expression | None, Expression | None]:
    """Return the condition and the breakdown of a report."""
    given = {"where": report.where, "on": report.on}
    where, on = (
        read.expression(given, name, settings.timezone) for name in ("where", "on")
    )
    return where, on

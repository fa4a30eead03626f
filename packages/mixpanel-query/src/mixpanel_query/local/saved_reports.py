"""Saved Insights reports: how they are defined and kept.

Mixpanel's are made in its web interface; here a report is what `SavedReport` says.
https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from mixpanel_query.local import parameters as read
from mixpanel_query.local.bodies import parse_json
from mixpanel_query.local.engine import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.expressions import Expression
from mixpanel_query.local.questions import read_kind
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    date_buckets,
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
    "keep_report",
    "read_reports",
]

UNITS = ("hour", "day", "week", "month")
LARGEST_ID = 999_999_999

KEEP = "INSERT OR REPLACE INTO reports VALUES ($id, $definition)"
FIND = "SELECT definition FROM reports WHERE id = $id"


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
        if type(number) is not int or not 1 <= number <= LARGEST_ID:
            problem = f"bookmark_id is no whole number from 1 to {LARGEST_ID}"
            raise RequestRefusedError(400, problem)
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
        read.storable("events", name)
    for field in ("from_date", "to_date", "kind", "where", "on"):
        if not isinstance(getattr(report, field), str):
            raise RequestRefusedError(400, f"{field} is no text")


def read_reports(path: Path, settings: ProjectSettings) -> list[SavedReport]:
    """Read definitions from a file: a JSON object like `SavedReport`, or several.

    Raises:
        LocalProjectError: If the file cannot be read, or a definition is wrong.
    """
    try:
        document = parse_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise LocalProjectError(f"cannot read {path}: {reason}") from error
    except RequestRefusedError as error:
        problem = error.message.replace("the body", "the file")
        raise LocalProjectError(f"{path}: {problem}") from error
    documents = document if isinstance(document, list) else [document]
    try:
        return [checked_report(as_report(each), settings) for each in documents]
    except LocalProjectError as error:
        raise LocalProjectError(f"{path}: {error}") from error


def as_report(document: object) -> SavedReport:
    """Return the definition that a JSON object has.

    Raises:
        LocalProjectError: If it has other fields, or some are missing.
    """
    fields = SavedReport.__dataclass_fields__
    if not isinstance(document, dict) or not document.keys() <= fields.keys():
        raise LocalProjectError(f"a report is an object with {', '.join(fields)}")
    needed = ("bookmark_id", "events", "from_date", "to_date")
    missing = [name for name in needed if name not in document]
    if missing:
        raise LocalProjectError(f"a report has no {' and no '.join(missing)}")
    events = document["events"]
    listed = (events,) if isinstance(events, str) else events
    if not isinstance(listed, list | tuple):
        raise LocalProjectError("events is neither a name nor a list of names")
    return SavedReport(**{**document, "events": tuple(listed)})


def keep_report(engine: Engine, report: SavedReport) -> None:
    """Keep a definition, in place of one with the same number."""
    definition = json.dumps(asdict(report), ensure_ascii=False)
    with engine.writing() as cursor:
        cursor.execute(KEEP, {"id": report.bookmark_id, "definition": definition})


def find_report(engine: Engine, number: int) -> SavedReport | None:
    """Return the definition with this number; None if there is none."""
    rows = engine.rows(FIND, {"id": number})
    return as_report(json.loads(rows[0][0])) if rows else None


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
    buckets = date_buckets(first, last, unit, zone, settings.first_weekday)
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

"""Insights: what a saved report shows.

https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timezone

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.expressions import Accessor
from mixpanel_query.local.expressions.grammar import parse
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import read_kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import Counts, count_kind
from mixpanel_query.local.questions.ranking import ranked
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.saved.reports import (
    SavedReport,
    buckets_of,
    expressions_of,
    find_report,
)
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import TimeBuckets, local_time

__all__ = ["answer_insights"]

# The key of a value that is not over time, and the name of all segments together.
ALL = "all"
OVERALL = "$overall"
MOST_SEGMENTS = 3000


def answer_insights(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /insights`` as documented.

    Broken down, each event has its segments, and ``$overall`` for all together.

    Raises:
        RequestRefusedError: 404 if there is no such report; 400 if its number is
            missing, or its days are not over.
    """
    read.required(given, "bookmark_id")
    number = read.number(given, "bookmark_id", most=999_999_999)
    report = find_report(engine, number or 0)
    buckets = buckets_of(report, settings, settings.today())
    where, on = expressions_of(report, settings)
    span = buckets.starts_ms[0], buckets.end_ms - 1
    first, last = (local_time(moment, settings.timezone) for moment in span)
    if on is not None or report.unit is None:
        rests_on("insights-totals")
    series = {
        name: count_event(
            engine, Choice.during(buckets, (name,), where=where, on=on), report, buckets
        )
        for name in report.events
    }
    return {
        "computed_at": settings.now().astimezone(timezone.utc).isoformat(),
        "date_range": {"from_date": first.isoformat(), "to_date": last.isoformat()},
        "headers": ["$event"] if on is None else ["$event", header_of(report.on)],
        "series": series,
    }


def count_event(
    engine: Engine, choice: Choice, report: SavedReport, buckets: TimeBuckets
) -> dict[str, object]:
    """Return the buckets of the event that was chosen, or those of its segments."""
    kind, keys = read_kind(report.kind), bucket_keys(report, buckets)
    with chosen_events(engine, choice) as chosen:
        counts = count_kind(chosen, buckets, kind)
        whole = by_bucket(counts, next(iter(choice.names or ())), keys)
        if choice.on is None:
            return whole
        counts = count_kind(chosen, buckets, kind, "segment")
    segments = ranked(counts, MOST_SEGMENTS)
    return {
        OVERALL: whole,
        **{each: by_bucket(counts, each, keys) for each in segments if each != OVERALL},
    }


def by_bucket(counts: Counts, name: str, keys: Mapping[int, str]) -> dict[str, object]:
    """Return the counts of one name, by the keys of their buckets."""
    return {key: counts.get((name, start_ms), 0) for start_ms, key in keys.items()}


def bucket_keys(report: SavedReport, buckets: TimeBuckets) -> dict[int, str]:
    """Return the keys of buckets, by their first instants.

    An hour is its first moment, and so is a day, week or month: midnight.
    """
    if report.unit is None:
        return {buckets.starts_ms[0]: ALL}
    return dict(zip(buckets.starts_ms, buckets.labels, strict=True))


def header_of(on: str) -> str:
    """Return what a report is broken down by: the name of a property, or all of it.

    >>> header_of('properties["plan"]'), header_of('user["age"] > 30')
    ('plan', 'user["age"] > 30')
    """
    tree = parse("on", on)
    return tree.name if isinstance(tree, Accessor) else on

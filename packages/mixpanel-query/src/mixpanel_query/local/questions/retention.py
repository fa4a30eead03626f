"""Retention: how many users come back, and how long after they began.

https://developer.mixpanel.com/reference/retention-query
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.chosen_events import Choice
from mixpanel_query.local.questions.counting import Counts
from mixpanel_query.local.questions.event_counts import check_size
from mixpanel_query.local.questions.ranking import ranked
from mixpanel_query.local.questions.returning_users import Returns, count_returns
from mixpanel_query.local.questions.segmentation import MOST_SEGMENTS
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    buckets_of_dates,
    every_days,
)

__all__ = ["RetentionQuestion", "answer_retention", "read_retention_question"]

TYPES = ("birth", "compounded")
UNITS = ("day", "week", "month")
DAY_MS = 24 * 60 * 60 * 1000
# Mixpanel gives each user "24 hours in each interval", and is silent on months.
LENGTHS_MS = {"day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS}
MOST_DAYS = 90
MOST_INTERVALS = 1000
USUAL_SEGMENTS = 255
OVERALL = "$overall"
EARLIER = """
SELECT 1 FROM events WHERE time_ms < $begin AND distinct_id <> ''
    AND event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class RetentionQuestion:
    """Who comes back.

    Attributes:
        buckets: Days, weeks or months in which users begin: the points of the answer.
        began: The events with which users begin.
        came_back: The events that count as coming back.
        only_first: Whether a user begins only once, with the first of these events.
        length_ms: How long an interval is.
        intervals: How many there are, number 0 among them.
        unbounded: Whether who comes back later is counted in all intervals before.
        limit: The most segments to give.
    """

    buckets: TimeBuckets
    began: Choice
    came_back: Choice
    only_first: bool
    length_ms: int
    intervals: int
    unbounded: bool
    limit: int


def read_retention_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> RetentionQuestion:
    """Read ``GET /retention``.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    kind = given.get("retention_type", "birth")
    is_birth = read.one_of("retention_type", kind, TYPES) == "birth"
    unit = read.one_of("unit", given.get("unit", "day"), UNITS)
    most = MOST_DAYS if unit == "day" else MOST_INTERVALS
    interval = read.number(given, "interval", most=most) or 1
    count = read.number(given, "interval_count", most=MOST_INTERVALS) or 1
    buckets = interval_buckets(given, unit, interval, settings)
    length_ms = interval * LENGTHS_MS[unit]
    came_back = Choice(
        (read.required(given, "event"),) if given.get("event") else None,
        buckets.starts_ms[0],
        buckets.end_ms + length_ms * (count + 1),
        where=read.expression(given, "where", settings.timezone),
        on=read.expression(given, "on", settings.timezone),
    )
    began = replace(came_back, end_ms=buckets.end_ms, on=None)
    if is_birth:
        born_where = read.expression(given, "born_where", settings.timezone)
        names = (read.required(given, "born_event"),)
        began = replace(began, names=names, where=born_where)
    return RetentionQuestion(
        buckets,
        began,
        came_back,
        only_first=is_birth,
        length_ms=length_ms,
        intervals=count + 1,
        unbounded=read.flag(given, "unbounded_retention"),
        limit=read.number(given, "limit", most=MOST_SEGMENTS) or USUAL_SEGMENTS,
    )


def interval_buckets(
    given: Mapping[str, str], unit: str, interval: int, settings: ProjectSettings
) -> TimeBuckets:
    """Return buckets of so many days, weeks or months each."""
    first, last = read.window(given, settings.today())
    zone = settings.timezone
    if interval > 1:
        rests_on("retention-intervals")
    if unit == "day":
        return every_days(first, last, interval, zone)
    buckets = buckets_of_dates(first, last, unit, settings)
    if unit == "month":
        rests_on("retention-months")
    return replace(
        buckets,
        starts_ms=buckets.starts_ms[::interval],
        labels=buckets.labels[::interval],
    )


def answer_retention(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /retention`` as documented.

    Broken down, which Mixpanel does not show, each bucket has its segments, and
    ``$overall`` for everything together.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong, or the answer would
            be too large.
    """
    question = read_retention_question(given, settings)
    check_size(question.intervals, question.buckets)
    returns = count_returns(
        engine,
        question.began,
        question.came_back,
        question.buckets,
        only_first=question.only_first,
        length_ms=question.length_ms,
        intervals=question.intervals,
        unbounded=question.unbounded,
    )
    rest_on_guesses(engine, question, returns)
    starts = zip(question.buckets.starts_ms, question.buckets.labels, strict=True)
    if question.came_back.on is None:
        return {label: whole(returns, start_ms) for start_ms, label in starts}
    rests_on("retention-breakdown")
    segments = commonest(returns, question.limit)
    check_size((len(segments) + 1) * question.intervals, question.buckets)
    return {
        label: {
            OVERALL: whole(returns, start_ms),
            **{each: segment_of(returns, start_ms, each) for each in segments},
        }
        for start_ms, label in starts
    }


def rest_on_guesses(
    engine: Engine, question: RetentionQuestion, returns: Returns
) -> None:
    """Say so if somebody began, and if somebody may have begun before the dates."""
    if returns.began:
        rests_on("retention-anchors")
    asked = {
        "names": as_list(question.began.names or ()),
        "begin": question.began.begin_ms,
    }
    if question.only_first and engine.rows(EARLIER, asked):
        rests_on("retention-births")


def whole(returns: Returns, start_ms: int) -> dict[str, object]:
    """Return one bucket as documented: who began, and who came back."""
    counts = returns.overall.get(start_ms, returns.nobody)
    return {"first": returns.began.get(start_ms, 0), "counts": counts}


def segment_of(returns: Returns, start_ms: int, name: str) -> dict[str, object]:
    """Return a segment of one bucket: of all who began, who came back so."""
    counts = returns.by_segment.get((name, start_ms), returns.nobody)
    return {"first": returns.began.get(start_ms, 0), "counts": counts}


def commonest(returns: Returns, limit: int) -> list[str]:
    """Return so many segments, those with the most users first."""
    sums: Counts = {
        (segment, start_ms): sum(counts)
        for (segment, start_ms), counts in returns.by_segment.items()
        if segment != OVERALL
    }
    return ranked(sums, limit)

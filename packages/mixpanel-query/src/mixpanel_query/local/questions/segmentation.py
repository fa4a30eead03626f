"""Segmentation: one event over time, filtered and broken down.

https://developer.mixpanel.com/reference/segmentation-query
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import Kind, read_kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import Label, count_kind
from mixpanel_query.local.questions.csv_answers import in_format, wants_csv
from mixpanel_query.local.questions.event_counts import (
    UNITS,
    buckets_of_window,
    check_size,
    series,
)
from mixpanel_query.local.questions.ranking import ranked
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import TimeBuckets, every_days

__all__ = [
    "SegmentationQuestion",
    "answer_segmentation",
    "count_segments",
    "read_segmentation_question",
]

MOST_SEGMENTS = 10_000
USUAL_SEGMENTS = 60


@dataclass(frozen=True, slots=True)
class SegmentationQuestion:
    """How often one event happened, or how many users did it.

    Attributes:
        event: Name of the event.
        kind: ``general`` counts events, ``unique`` users, ``average`` events a user.
        buckets: The points of the answer.
        where: What must hold of the events; None for nothing.
        on: What they are broken down by; None for nothing.
        limit: The most segments to give.
    """

    event: str
    kind: Kind
    buckets: TimeBuckets
    where: Expression | None
    on: Expression | None
    limit: int


def read_segmentation_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> SegmentationQuestion:
    """Read ``GET /segmentation``, where ``interval`` is a number of days.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    wants_csv(given)
    event = read.required(given, "event")
    kind = read_kind(given.get("type", "general"))
    unit = read.one_of("unit", given.get("unit", "day"), UNITS)
    interval = read.number(given, "interval", most=100_000)
    if interval is None:
        buckets = buckets_of_window(given, unit, settings)
    elif unit != "day":
        raise RequestRefusedError(
            400, f"interval counts days, so unit {unit!r} cannot stand beside it"
        )
    else:
        from_date, to_date = read.window(given, settings.today())
        buckets = every_days(from_date, to_date, interval, settings.timezone)
    check_size(1, buckets)
    return SegmentationQuestion(
        event,
        kind,
        buckets,
        where=read.expression(given, "where", settings.timezone),
        on=read.expression(given, "on", settings.timezone),
        limit=read.number(given, "limit", most=MOST_SEGMENTS) or USUAL_SEGMENTS,
    )


def answer_segmentation(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object] | str:
    """Answer ``GET /segmentation``."""
    question = read_segmentation_question(given, settings)
    return in_format(given, count_segments(engine, question))


def count_segments(engine: Engine, question: SegmentationQuestion) -> dict[str, object]:
    """Return the answer as documented.

    Broken down, it has the segments with the highest sum of counts, the highest
    first; their names are the text of what ``on`` gives, ``undefined`` for nothing.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event, or the
            answer would be too large.
    """
    buckets = question.buckets
    choice = Choice.during(
        buckets, (question.event,), where=question.where, on=question.on
    )
    label: Label = "event" if question.on is None else "segment"
    with chosen_events(engine, choice) as chosen:
        most = question.limit
        counts = count_kind(chosen, buckets, question.kind, label, most=most)
    if question.on is None:
        return series([question.event], buckets, counts)
    names = ranked(counts, question.limit, question.kind)
    check_size(len(names), buckets)
    return series(names, buckets, counts)

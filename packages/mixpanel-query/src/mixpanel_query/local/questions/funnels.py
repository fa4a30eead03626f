"""Funnels: how many users took the steps of a saved funnel, one after another.

https://developer.mixpanel.com/reference/funnels-query
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import both
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.chosen_events import Choice
from mixpanel_query.local.questions.counting import Counts
from mixpanel_query.local.questions.event_counts import check_size
from mixpanel_query.local.questions.funnel_attempts import StepCount, Steps, count_steps
from mixpanel_query.local.questions.ranking import ranked
from mixpanel_query.local.questions.segmentation import MOST_SEGMENTS
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.saved.funnels import SavedFunnel, check_length, find_funnel
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    buckets_of_dates,
    every_days,
)

__all__ = ["FunnelQuestion", "answer_funnel", "read_funnel_question"]

UNITS = ("day", "week", "month")
LENGTHS_MS = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000}
USUAL_SEGMENTS = 255
OVERALL = "$overall"
# What is said of each step.
FIELDS = 8


@dataclass(frozen=True, slots=True)
class FunnelQuestion:
    """Who takes the steps of a funnel.

    Attributes:
        events: Name of the event of each step.
        steps: The events that count as each step.
        buckets: When the first step is taken: the points of the answer.
        length_ms: How long all steps may take.
        limit: The most segments to give.
    """

    events: tuple[str, ...]
    steps: tuple[Choice, ...]
    buckets: TimeBuckets
    length_ms: int
    limit: int


def read_funnel_question(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> FunnelQuestion:
    """Read ``GET /funnels``.

    Raises:
        RequestRefusedError: 404 if there is no such funnel; 400 if a parameter is
            missing or wrong.
    """
    read.required(given, "funnel_id")
    number = read.number(given, "funnel_id", most=999_999_999)
    buckets = funnel_buckets(given, settings)
    limit = read.number(given, "limit", most=MOST_SEGMENTS) or USUAL_SEGMENTS
    funnel = find_funnel(engine, number or 0)
    length_ms = length_of(given, funnel)
    events = tuple(step.event for step in funnel.steps)
    steps = steps_of(given, funnel, buckets, length_ms, settings)
    return FunnelQuestion(events, steps, buckets, length_ms, limit)


def funnel_buckets(given: Mapping[str, str], settings: ProjectSettings) -> TimeBuckets:
    """Return buckets of ``interval`` days, or of one ``unit``."""
    first, last = read.window(given, settings.today())
    zone = settings.timezone
    interval = read.number(given, "interval", most=100_000)
    if not given.get("unit"):
        return every_days(first, last, interval or 1, zone)
    if interval is not None:
        raise RequestRefusedError(
            400, "interval and unit both say how long a bucket is; give one"
        )
    unit = read.one_of("unit", given["unit"], UNITS)
    return buckets_of_dates(first, last, unit, settings)


def length_of(given: Mapping[str, str], funnel: SavedFunnel) -> int:
    """Return how long all steps may take; what is not given is as it was saved."""
    unit = given.get("length_unit") or funnel.length_unit
    length = read.number(given, "length", most=999_999_999) or funnel.length
    check_length(length, unit)
    return length * LENGTHS_MS[unit]


def steps_of(
    given: Mapping[str, str],
    funnel: SavedFunnel,
    buckets: TimeBuckets,
    length_ms: int,
    settings: ProjectSettings,
) -> tuple[Choice, ...]:
    """Return the events of each step; later ones may come after the dates."""
    zone = settings.timezone
    where = read.expression(given, "where", zone)
    on = read.expression(given, "on", zone)
    begin_ms, end_ms = buckets.starts_ms[0], buckets.end_ms
    steps: list[Choice] = []
    for step in funnel.steps:
        own = read.expression({"where": step.where}, "where", zone)
        last_ms = end_ms + length_ms if steps else end_ms
        steps.append(
            Choice(
                (step.event,),
                begin_ms,
                last_ms,
                where=both(own, where),
                on=None if steps else on,
            )
        )
    return tuple(steps)


def answer_funnel(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /funnels`` as documented.

    Broken down, which Mixpanel does not show, each date has the list of steps of each
    segment, and of ``$overall`` for everything together.

    Raises:
        RequestRefusedError: 404 if there is no such funnel; 400 if a parameter is
            missing or wrong, or the answer would be too large.
    """
    question = read_funnel_question(engine, given, settings)
    buckets, events = question.buckets, question.events
    check_size(FIELDS * len(events), buckets)
    found = count_steps(engine, question.steps, buckets, question.length_ms)
    starts = dict(zip(buckets.starts_ms, buckets.labels, strict=True))
    data: dict[str, object]
    if question.steps[0].on is None:
        data = {
            label: whole(events, found.get((None, start_ms)))
            for start_ms, label in starts.items()
        }
    else:
        rests_on("funnel-breakdown")
        segments = largest(found, question.limit)
        check_size(FIELDS * len(events) * (len(segments) + 1), buckets)
        data = {
            label: {
                OVERALL: step_list(events, found.get((None, start_ms))),
                **{
                    name: step_list(events, found.get((name, start_ms)))
                    for name in segments
                },
            }
            for start_ms, label in starts.items()
        }
    return {"meta": {"dates": list(starts.values())}, "data": data}


def largest(found: Steps, limit: int) -> list[str]:
    """Return so many segments, those that most users began with first."""
    counts: Counts = {
        (name, start_ms): steps[0].users
        for (name, start_ms), steps in found.items()
        if name not in (None, OVERALL)
    }
    return ranked(counts, limit)


def whole(
    events: Sequence[str], counts: Sequence[StepCount] | None
) -> dict[str, object]:
    """Return one bucket of a funnel that is not broken down."""
    users = [count.users for count in counts or [StepCount(0, 0, 0)] * len(events)]
    ratios = [ratio(*pair) for pair in zip(users[1:], users, strict=False)]
    if users[0] and ratios.count(min(ratios)) > 1:
        rests_on("worst-of-ties")
    return {
        "steps": step_list(events, counts),
        "analysis": {
            "completion": users[-1],
            "starting_amount": users[0],
            "steps": len(events),
            "worst": 1 + ratios.index(min(ratios)),
        },
    }


def step_list(
    events: Sequence[str], counts: Sequence[StepCount] | None
) -> list[dict[str, object]]:
    """Return the steps of one segment in one bucket, as documented."""
    taken = counts or [StepCount(0, 0, 0)] * len(events)
    before = [taken[0], *taken[:-1]]
    return [
        {
            "count": count.users,
            "avg_time": seconds(count.since_before_ms, count.users) if number else None,
            "avg_time_from_start": seconds(count.since_start_ms, count.users)
            if number
            else None,
            "step_conv_ratio": ratio(count.users, previous.users),
            "overall_conv_ratio": ratio(count.users, taken[0].users),
            "goal": event,
            "event": event,
            "step_label": event,
        }
        for number, (event, count, previous) in enumerate(
            zip(events, taken, before, strict=True)
        )
    ]


def ratio(part: int, of_all: int) -> float:
    """Return a part of all; 0 where there is nothing."""
    return part / of_all if of_all else 0.0


def seconds(sum_ms: int, count: int) -> int | None:
    """Return a mean in whole seconds, rounded; None where there is none.

    >>> seconds(2999, 2), seconds(0, 0)
    (1, None)
    """
    return (sum_ms + 500 * count) // (1000 * count) if count else None

"""Frequency: in how many hours or days of a period users were active.

https://developer.mixpanel.com/reference/retention-frequency-query
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.expressions import Expression
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import Counts, count_activity
from mixpanel_query.local.questions.event_counts import check_size
from mixpanel_query.local.questions.ranking import ranked
from mixpanel_query.local.questions.segmentation import MOST_SEGMENTS
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import TimeBuckets, buckets_of_dates

__all__ = ["FrequencyQuestion", "answer_frequency", "read_frequency_question"]

UNITS = ("day", "week", "month")
PARTS = ("hour", "day")
USUAL_SEGMENTS = 255
OVERALL = "$overall"

# By segment and first instant of a period: users by number of active parts.
Activity: TypeAlias = Mapping[tuple[str, int], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class FrequencyQuestion:
    """In how many parts of each period users were active.

    Attributes:
        event: Name of the event that counts as activity; None for any event.
        where: What must hold of events that count; None for nothing.
        periods: The points of the answer.
        parts: The hours or days inside them.
        on: What users are broken down by; None for nothing.
        limit: The most segments to give.
    """

    event: str | None
    where: Expression | None
    periods: TimeBuckets
    parts: TimeBuckets
    on: Expression | None
    limit: int


def read_frequency_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> FrequencyQuestion:
    """Read ``GET /retention/addiction``.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    unit = read.one_of("unit", read.required(given, "unit"), UNITS)
    part = read.one_of("addiction_unit", read.required(given, "addiction_unit"), PARTS)
    from_date, to_date = read.window(given, settings.today())
    periods, parts = (
        buckets_of_dates(from_date, to_date, each, settings) for each in (unit, part)
    )
    event = read.required(given, "event") if given.get("event") else None
    where = read.expression(given, "where", settings.timezone)
    on = read.expression(given, "on", settings.timezone)
    limit = read.number(given, "limit", most=MOST_SEGMENTS) or USUAL_SEGMENTS
    return FrequencyQuestion(event, where, periods, parts, on, limit)


def answer_frequency(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Return the answer as documented.

    Broken down, which Mixpanel does not show, each period has its segments, and
    ``$overall`` for everything together.

    A period has a number for each of its parts: how many users were active in at
    least 1 of them, in at least 2, and so on. One that the dates cut has as many as
    the dates leave it; a day on which the clocks are changed has 23 or 25 hours.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    question = read_frequency_question(given, settings)
    periods, parts = question.periods, question.parts
    names = None if question.event is None else (question.event,)
    choice = Choice.during(periods, names, where=question.where, on=question.on)
    with chosen_events(engine, choice) as chosen:
        users = count_activity(chosen, periods=periods, parts=parts)
        segments: Activity = {}
        if question.on is not None:
            segments = count_activity(
                chosen, periods=periods, parts=parts, by_segment=True
            )
    sizes = dict.fromkeys(periods.starts_ms, 0)
    for start_ms in periods.containing(parts.starts_ms):
        sizes[start_ms] += 1

    def counts(found: Activity, name: str, start_ms: int) -> list[int]:
        return at_least(found.get((name, start_ms), {}), sizes[start_ms])

    labels = zip(periods.starts_ms, periods.labels, strict=True)
    if question.on is None:
        return {"data": {label: counts(users, "", start) for start, label in labels}}
    rests_on("frequency-breakdown")
    largest = commonest(segments, question.limit)
    check_size(len(largest) * max(sizes.values()), periods)
    return {
        "data": {
            label: {
                OVERALL: counts(users, "", start),
                **{name: counts(segments, name, start) for name in largest},
            }
            for start, label in labels
        }
    }


def commonest(segments: Activity, limit: int) -> list[str]:
    """Return so many segments, those with the most active users first."""
    sums: Counts = {
        point: sum(users.values())
        for point, users in segments.items()
        if point[0] != OVERALL
    }
    return ranked(sums, limit)


def at_least(exactly: Mapping[int, int], most: int) -> list[int]:
    """Return how many have at least 1, at least 2, and so on up to ``most``.

    Args:
        exactly: How many have exactly so many.
        most: The most that there can be.

    >>> at_least({1: 5, 3: 2}, 4)
    [7, 2, 2, 0]
    """
    found = []
    so_far = 0
    for number in range(most, 0, -1):
        so_far += exactly.get(number, 0)
        found.append(so_far)
    return found[::-1]

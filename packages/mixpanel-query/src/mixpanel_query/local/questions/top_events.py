"""Today's commonest events, and how they compare with yesterday's.

https://developer.mixpanel.com/reference/query-top-events
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import Kind, read_kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import count_kind
from mixpanel_query.local.questions.ranking import highest
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import TimeBuckets, midnight_ms

__all__ = ["answer_top_events"]

USUAL_EVENTS = 100
MOST_EVENTS = 999_999_999


def answer_top_events(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /events/top``, the commonest event first.

    ``percent_change`` is a part of what yesterday had up to the same time; 1 for an
    event that it did not have. Mixpanel documents a change from yesterday only.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    kind = read_kind(read.required(given, "type"))
    limit = read.number(given, "limit", most=MOST_EVENTS) or USUAL_EVENTS
    today = settings.today()
    midnights = (
        midnight_ms(day, settings.timezone)
        for day in (today, today - timedelta(days=1))
    )
    now_ms = settings.now_ms()
    today_ms, yesterday_ms = midnights
    length_ms = now_ms + 1 - today_ms
    now = count_names(engine, kind, today_ms, length_ms)
    then = count_names(engine, kind, yesterday_ms, length_ms)
    names = highest(now, limit, in_order=True)
    if names:
        rests_on("percent-change")
    events = [
        {
            "amount": now[name],
            "event": name,
            "percent_change": change(now[name], then.get(name, 0)),
        }
        for name in names
    ]
    return {"events": events, "type": kind}


def count_names(
    engine: Engine, kind: Kind, start_ms: int, length_ms: int
) -> dict[str, int | float]:
    """Count the events of a span of time, by name."""
    span = TimeBuckets((start_ms,), start_ms + length_ms, ("",))
    with chosen_events(engine, Choice.during(span, None)) as chosen:
        counts = count_kind(chosen, span, kind)
    return {name: count for (name, _), count in counts.items()}


def change(now: float, then: float) -> float:
    """Return how much something grew, as a part of what it was.

    >>> change(3, 4), change(2, 0)
    (-0.25, 1)
    """
    return (now - then) / then if then else 1

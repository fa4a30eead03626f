"""Questions about counts of events: how they are read, and how they are answered.

Answers count an event that arrived several times once, as Mixpanel does:
https://developer.mixpanel.com/reference/event-deduplication
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import Kind, read_kind
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.questions.counting import (
    Counts,
    count_kind,
    names_among,
)
from mixpanel_query.local.questions.csv_answers import in_format, wants_csv
from mixpanel_query.local.questions.ranking import highest
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    buckets_of_dates,
    clock_buckets,
    date_buckets,
    every_days,
    month_start,
    week_start,
)

__all__ = [
    "CountQuestion",
    "answer_counts",
    "answer_events",
    "answer_names",
    "buckets_asked_for",
    "buckets_of_window",
    "check_size",
    "read_events_question",
    "recent_days",
    "series",
]

UNITS = ("minute", "hour", "day", "week", "month")
CLOCK_UNITS_MS = {"minute": 60_000, "hour": 3_600_000}
MOST_VALUES = 2_000_000
DAYS_OF_NAMES = 31


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """How often some events happened, or how many users did them.

    Attributes:
        events: Names of the events.
        kind: ``general`` counts events, ``unique`` users, ``average`` events a user.
        buckets: The points of the answer.
    """

    events: tuple[str, ...]
    kind: Kind
    buckets: TimeBuckets


def read_events_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> CountQuestion:
    """Read ``GET /events``: https://developer.mixpanel.com/reference/list-recent-events.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    wants_csv(given)
    events = read.json_texts("event", read.required(given, "event"))
    kind = read_kind(read.required(given, "type"))
    unit = read.one_of("unit", read.required(given, "unit"), UNITS)
    buckets = buckets_asked_for(given, kind, unit, settings)
    check_size(len(events), buckets)
    return CountQuestion(events, kind, buckets)


def buckets_asked_for(
    given: Mapping[str, str], kind: Kind, unit: str, settings: ProjectSettings
) -> TimeBuckets:
    """Return the buckets between two dates, or the latest ``interval`` ones.

    Raises:
        RequestRefusedError: If both are given, or neither, or they make no sense.
    """
    # "Note that you cannot get hourly uniques."
    if kind == "unique" and unit == "hour":
        raise RequestRefusedError(
            400, "users cannot be counted by the hour; use unit day, week or month"
        )
    interval = read.number(given, "interval", most=100_000)
    if interval is None:
        return buckets_of_window(given, unit, settings)
    if "from_date" in given or "to_date" in given:
        raise RequestRefusedError(
            400, "interval and from_date, to_date exclude each other; give one"
        )
    return latest_buckets(unit, interval, settings)


def buckets_of_window(
    given: Mapping[str, str], unit: str, settings: ProjectSettings
) -> TimeBuckets:
    """Return the buckets between ``from_date`` and ``to_date``."""
    from_date, to_date = read.window(given, settings.today())
    if unit in CLOCK_UNITS_MS:
        rests_on("hour-labels")
    return buckets_of_dates(from_date, to_date, unit, settings)


def latest_buckets(unit: str, count: int, settings: ProjectSettings) -> TimeBuckets:
    """Return the present bucket of a unit and those before it, ``count`` in all."""
    if unit in CLOCK_UNITS_MS:
        rests_on("hour-labels")
        length = CLOCK_UNITS_MS[unit]
        now = settings.now().replace(second=0, microsecond=0)
        present = now if unit == "minute" else now.replace(minute=0)
        end_ms = int(present.timestamp() * 1000) + length
        start_ms = end_ms - count * length
        return clock_buckets(start_ms, end_ms, unit, settings.timezone)
    today = settings.today()
    try:
        first = first_day(unit, count, today, settings.first_weekday)
    except (OverflowError, ValueError) as error:
        raise RequestRefusedError(
            400, f"interval {count} reaches back before the calendar; ask for less"
        ) from error
    return date_buckets(first, today, unit, settings.timezone, settings.first_weekday)


def recent_days(settings: ProjectSettings) -> TimeBuckets:
    """Return the last 31 days, today among them, as one bucket."""
    today = settings.today()
    first = today - timedelta(days=DAYS_OF_NAMES - 1)
    return every_days(first, today, DAYS_OF_NAMES, settings.timezone)


def first_day(unit: str, count: int, today: date, first_weekday: int) -> date:
    """Return the day on which the first of the latest ``count`` units begins."""
    if unit == "day":
        return today - timedelta(days=count - 1)
    if unit == "week":
        return week_start(today, first_weekday) - timedelta(weeks=count - 1)
    months = today.year * 12 + today.month - count
    return month_start(today.replace(year=months // 12, month=months % 12 + 1, day=1))


def check_size(names: int, buckets: TimeBuckets) -> None:
    """Refuse a question whose answer would have too many values to be reasonable."""
    values = names * len(buckets.labels)
    if values > MOST_VALUES:
        raise RequestRefusedError(
            400,
            f"the answer would hold {values:,} values; ask for fewer events, fewer "
            "days or a longer unit",
        )


def answer_events(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object] | str:
    """Answer ``GET /events``."""
    question = read_events_question(given, settings)
    return in_format(given, answer_counts(engine, question))


def answer_counts(engine: Engine, question: CountQuestion) -> dict[str, object]:
    """Return the answer as documented; a point where nothing happened is 0."""
    buckets = question.buckets
    with chosen_events(engine, Choice.during(buckets, question.events)) as chosen:
        counts = count_kind(chosen, buckets, question.kind)
    return series(question.events, buckets, counts)


def series(
    names: Sequence[str], buckets: TimeBuckets, counts: Counts
) -> dict[str, object]:
    """Return counts over time as documented."""
    labels = dict(zip(buckets.starts_ms, buckets.labels, strict=True))
    values = {
        name: {label: counts.get((name, start), 0) for start, label in labels.items()}
        for name in names
    }
    return {
        "data": {"series": list(labels.values()), "values": values},
        "legend_size": len(values),
    }


def answer_names(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> list[str]:
    """Return the commonest event names of the last 31 days, or of those given.

    The commonest one comes first. Mixpanel takes days, and does not document them.

    https://developer.mixpanel.com/reference/query-months-top-event-names

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    kind = read_kind(read.required(given, "type"))
    limit = read.number(given, "limit", most=999_999_999) or 255
    if "from_date" in given or "to_date" in given:
        rests_on("names-of-dates")
        first, last = read.window(given, settings.today())
        length = (last - first).days + 1
        buckets = every_days(first, last, length, settings.timezone)
    else:
        buckets = recent_days(settings)
    with chosen_events(engine, Choice.during(buckets, None)) as chosen:
        names = names_among(chosen)
        counts = count_kind(chosen, buckets, kind)
    start_ms = buckets.starts_ms[0]
    sums = {name: counts.get((name, start_ms), 0) for name in names}
    return highest(sums, limit, in_order=True)

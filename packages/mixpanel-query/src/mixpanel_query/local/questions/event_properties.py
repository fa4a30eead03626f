"""Questions about the properties of one event: names, values, and counts of values.

Names and values are those of the last 31 days, as names of events are; Mixpanel does
not document how far back it looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mixpanel_query.local.engine.merges import events_asked
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.expressions import (
    Expression,
    Value,
    read_expression,
    value_text,
)
from mixpanel_query.local.expressions.operators import is_defined
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.count_kinds import Kind, read_kind
from mixpanel_query.local.questions.chosen_events import (
    Choice,
    asking,
    chosen_events,
)
from mixpanel_query.local.questions.counting import (
    Counts,
    count_events,
    count_kind,
)
from mixpanel_query.local.questions.csv_answers import in_format, wants_csv
from mixpanel_query.local.questions.event_counts import (
    UNITS,
    buckets_asked_for,
    check_size,
    recent_days,
    series,
)
from mixpanel_query.local.questions.ranking import highest, ranked
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.names import property_expression

__all__ = ["answer_properties", "answer_property_names", "answer_property_values"]

# What every stored event has, whether it was sent or not, is left out.
NAMES = """
WITH happened AS (
    SELECT arg_max(properties, rowid) AS properties FROM {events}
    WHERE event = $event AND time_ms >= $begin AND time_ms < $end
    GROUP BY event, distinct_id, time_ms, insert_id
)
SELECT name, count(*) AS times
FROM (SELECT unnest(json_keys(properties)) AS name FROM happened)
WHERE name NOT IN ('distinct_id', '$insert_id')
GROUP BY name
"""
ON_OTHER_DAYS = """
SELECT 1 FROM events
WHERE event = $event AND (time_ms < $begin OR time_ms >= $end) LIMIT 1
"""
USUAL_VALUES = 255
MOST_VALUES = 999_999_999


def answer_properties(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object] | str:
    """Answer ``GET /events/properties``: the values of one property over time.

    Events without a value are in none of them. Without ``values``, or with more of
    them than ``limit``, those with the highest sum of counts are answered.

    https://developer.mixpanel.com/reference/query-event-properties

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    wants_csv(given)
    event = read.required(given, "event")
    on = read_property(given, settings)
    kind = read_kind(read.required(given, "type"))
    unit = read.one_of("unit", read.required(given, "unit"), UNITS)
    buckets = buckets_asked_for(given, kind, unit, settings)
    limit = read.number(given, "limit", most=MOST_VALUES) or USUAL_VALUES
    with chosen_events(
        engine, Choice.during(buckets, (event,), on=on), named_if_set
    ) as chosen:
        counts = count_kind(chosen, buckets, kind, "segment")
    if given.get("values"):
        values: Sequence[str] = read.json_texts("values", given["values"])
        values = leading(values, counts, limit, kind)
    else:
        values = ranked(counts, limit, kind)
    check_size(len(values), buckets)
    return in_format(given, series(values, buckets, counts))


def leading(
    values: Sequence[str], counts: Counts, limit: int, kind: Kind
) -> Sequence[str]:
    """Return the values that were asked for, or so many with the highest counts."""
    if len(values) <= limit:
        return values
    asked: Counts = dict.fromkeys(((value, 0) for value in values), 0)
    names = set(values)
    asked.update((point, n) for point, n in counts.items() if point[0] in names)
    return ranked(asked, limit, kind)


def answer_property_names(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, dict[str, int]]:
    """Answer ``GET /events/properties/top``: how many events have each property.

    https://developer.mixpanel.com/reference/query-events-top-properties

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    days = recent_days(settings)
    asked = {
        "event": read.required(given, "event"),
        "begin": days.starts_ms[0],
        "end": days.end_ms,
    }
    limit = read.number(given, "limit", most=MOST_VALUES) or 10
    rest_on_days(engine, asked)
    with asking(engine) as cursor:
        events = events_asked(cursor, days.starts_ms[0], days.end_ms)
        rows = cursor.execute(NAMES.format(events=events), asked).fetchall()
    counts = dict(rows)
    names = highest(counts, limit, in_order=False)
    return {name: {"count": counts[name]} for name in names}


def answer_property_values(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> list[str]:
    """Answer ``GET /events/properties/values``: texts, the commonest first.

    https://developer.mixpanel.com/reference/query-events-top-property-values

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    event = read.required(given, "event")
    on = read_property(given, settings)
    limit = read.number(given, "limit", most=MOST_VALUES) or USUAL_VALUES
    days = recent_days(settings)
    span = {"begin": days.starts_ms[0], "end": days.end_ms}
    rest_on_days(engine, {"event": event, **span})
    with chosen_events(
        engine, Choice.during(days, (event,), on=on), named_if_set
    ) as chosen:
        return ranked(count_events(chosen, days, "segment"), limit, in_order=True)


def rest_on_days(engine: Engine, asked: Mapping[str, object]) -> None:
    """Say so if an answer would be another one if it looked at other days."""
    if engine.rows(ON_OTHER_DAYS, asked):
        rests_on("days-of-properties")


def read_property(given: Mapping[str, str], settings: ProjectSettings) -> Expression:
    """Read the name of a property, which is no expression here."""
    text = property_expression(read.required(given, "name"))
    return read_expression("name", text, settings.timezone)


def named_if_set(values: Sequence[Value]) -> list[str | None]:
    """Name values by their text; what is missing or null has no name."""
    if any(isinstance(value, list | dict) for value in values):
        rests_on("names-of-segments")
    return [value_text(value) if is_defined(value) else None for value in values]

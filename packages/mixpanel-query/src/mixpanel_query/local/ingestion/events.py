"""Judging events: which are kept, which are refused and why.

The rules: https://developer.mixpanel.com/reference/track-event and
https://developer.mixpanel.com/reference/import-events
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mixpanel_query.local.engine.store import StoredEvent
from mixpanel_query.local.ingestion.dropped_by_lexicon import Dropped
from mixpanel_query.local.ingestion.event_ids import judged_insert_id, judged_who
from mixpanel_query.local.ingestion.identity_events import IDENTITY_EVENTS, IGNORED
from mixpanel_query.local.records.event_places import note_place
from mixpanel_query.local.records.event_times import time_in_ms
from mixpanel_query.local.records.judging import (
    Notes,
    Refusal,
    check_size,
    check_storable,
)
from mixpanel_query.local.records.property_limits import EVENT, limited
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["EventRules", "judge_event"]

LONGEST_NAME = 255
FEWER_PROPERTIES_THAN = 255

# What has a shorter text, and was not cut, is far from the limit of a record: a
# character is a byte at least, and six at most.
LEAST_MEASURED = 150_000

HOUR_MS = 3_600_000
FIVE_DAYS_MS = 5 * 24 * HOUR_MS
YEAR_1971_MS = 31_536_000_000

# Seconds from here on would lie beyond the year 5138, so these are milliseconds.


@dataclass(frozen=True, slots=True)
class EventRules:
    """What holds for the events of one request.

    Attributes:
        now_ms: When the request arrived, in epoch milliseconds.
        sender: Stands for a user who is not named.
        new_insert_id: Makes an insert id for an event that has none.
        strict: Require ``time``, ``distinct_id`` and ``$insert_id``, as
            ``/import?strict=1`` does.
        imported: The event came through ``/import``: no token, no age limit.
        token: Token of the project; None if any will do.
        dropped: What Lexicon says to drop, by the names of events.
    """

    now_ms: int
    sender: str
    new_insert_id: Callable[[], str]
    strict: bool = False
    imported: bool = False
    token: str | None = None
    dropped: Mapping[str, Dropped] = field(default_factory=dict)


def judge_event(record: object, notes: Notes, rules: EventRules) -> StoredEvent | None:
    """Return the event as it is kept, or None if it is dropped without a word.

    Dropped are events with another project's token, those that say ``$ignore``, the
    ones of Original ID Merge, and those that Lexicon drops.

    Args:
        record: What came.
        notes: Takes what there is to say of it.
        rules: What holds for it.

    Raises:
        Refusal: If the event breaks a rule.
    """
    if not isinstance(record, dict):
        raise Refusal("", "an event is a JSON object")
    name, given = record.get("event"), record.get("properties")
    if not isinstance(name, str) or not name:
        raise Refusal("event", "'event' must be a text that is not empty")
    if not isinstance(given, dict):
        raise Refusal("properties", "'properties' must be a JSON object")
    if not rules.imported and given.get("token") in (None, ""):
        raise Refusal("properties.token", "'properties.token' is missing")
    if is_ignored(name, given, rules, notes):
        return None
    check_count(given)
    dropped = rules.dropped.get(name)
    if dropped:
        given = dropped.without(given, notes)
    within = limited(given, EVENT, notes)
    note_place(within, "ip")
    who = judged_who(within, rules, notes)
    event = StoredEvent(
        event=judged_name(name, notes),
        distinct_id=who.distinct_id,
        time_ms=judged_time(within, rules, notes),
        insert_id=judged_insert_id(within, rules, notes),
        properties="",
        device_id=who.device_id,
    )
    text = kept_properties(within | who.known, event, rules)
    if notes.changes or len(text) > LEAST_MEASURED or len(record) > 2:
        check_size("an event", record)
    return event._replace(properties=text)


def is_ignored(
    name: str, given: dict[str, Any], rules: EventRules, notes: Notes
) -> bool:
    """Tell whether an event is dropped without a word, and note why."""
    if name in IDENTITY_EVENTS:
        notes.remarks.append(IGNORED.format(name=name))
        return True
    if name in rules.dropped and rules.dropped[name].whole:
        notes.remarks.append("Lexicon says to drop events of this name")
        return True
    ignore = given.get("$ignore")
    if ignore is True or (isinstance(ignore, str) and ignore):
        notes.remarks.append("'$ignore' is set")
        return True
    if rules.imported or rules.token is None or given.get("token") == rules.token:
        return False
    notes.remarks.append("the token is that of another project")
    return True


def check_count(given: dict[str, Any]) -> None:
    """Refuse an event with too many properties."""
    if len(given) >= FEWER_PROPERTIES_THAN:
        raise Refusal(
            "properties",
            f"an event must have fewer than {FEWER_PROPERTIES_THAN} properties; "
            f"this one has {len(given):,}",
        )


def judged_name(name: str, notes: Notes) -> str:
    """Return the name of an event; of a longer one, what is not cut off."""
    if len(name) <= LONGEST_NAME:
        return name
    notes.changes.append(f"the name is cut to {LONGEST_NAME} characters")
    return name[:LONGEST_NAME]


def judged_time(given: dict[str, Any], rules: EventRules, notes: Notes) -> int:
    """Return when it happened, in epoch milliseconds."""
    field = "properties.time"
    value = given.get("time")
    if value is None:
        if rules.strict:
            raise Refusal(field, f"'{field}' is missing")
        notes.remarks.append("without a 'time', the event has that of its arrival")
        return rules.now_ms
    time_ms = time_in_ms(value)
    if time_ms is None:
        raise Refusal(field, f"'{field}' must be epoch seconds or milliseconds")
    if time_ms < YEAR_1971_MS:
        raise Refusal(field, f"'{field}' is before 1971-01-01")
    if time_ms > rules.now_ms:
        rests_on("times-ahead")
    if time_ms > rules.now_ms + HOUR_MS:
        raise Refusal(field, f"'{field}' is more than an hour in the future")
    if not rules.imported and time_ms < rules.now_ms - FIVE_DAYS_MS:
        raise Refusal(field, f"'{field}' is over 5 days ago; send it to /import")
    return time_ms


def kept_properties(
    given: dict[str, Any], event: StoredEvent, rules: EventRules
) -> str:
    """Return the JSON text of what is kept of the properties.

    Token and IP address are not kept; the server adds when it processed the event.
    """
    kept = given
    for name in ("token", "ip", "time"):
        kept.pop(name, None)
    kept["distinct_id"] = event.distinct_id
    kept["$insert_id"] = event.insert_id
    kept["mp_processing_time_ms"] = rules.now_ms
    if rules.imported:
        kept["$import"] = True
    check_storable("event", event.event)
    try:
        return check_storable("properties", kept)
    except Refusal:
        for name, value in kept.items():
            check_storable(f"properties.{name}", value)
        raise

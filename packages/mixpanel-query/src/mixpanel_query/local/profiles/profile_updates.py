"""Updates of profiles, of users and of groups: what they may be, and what they do.

https://developer.mixpanel.com/reference/profile-set and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from mixpanel_query.local.profiles.growing_lists import GROWING, REMOVE, GrowingLists
from mixpanel_query.local.profiles.profile_operations import (
    DELETE,
    OPERATIONS,
    Properties,
    is_number,
)
from mixpanel_query.local.records.event_places import note_place
from mixpanel_query.local.records.event_times import time_in_ms
from mixpanel_query.local.records.judging import (
    Notes,
    Refusal,
    check_size,
    check_storable,
)
from mixpanel_query.local.records.property_limits import (
    LONGEST_NAME,
    PROFILE,
    PropertyLimits,
    limited,
)
from mixpanel_query.local.rules.basis import rests_on

__all__ = [
    "ProfileUpdate",
    "apply_update",
    "judge_update",
    "judged_value",
]

MOST_PROPERTIES: Final = 2000
LAST_SEEN: Final = "$last_seen"
TAKING_AWAY: Final = ("$unset", REMOVE)
META = ("$token", "$distinct_id", "$ip", "$time", "$ignore_time", "$ignore_alias")

# A value with a shorter text, of a record that holds nothing else, is far from 1 MB.
LEAST_MEASURED = 150_000


@dataclass(frozen=True, slots=True)
class ProfileUpdate:
    """One operation on one profile.

    Attributes:
        distinct_id: Whose profile; of a group, the value of its group key.
        operation: Such as ``$set``.
        value: What the operation takes.
        last_seen: New value of ``$last_seen``, in UTC; None leaves it as it is.
        time_ms: When it was made, if it says so, in epoch milliseconds.
        group_key: The property by which events name their group; empty for users.
        notes: Takes what there is to say once it is applied.
    """

    distinct_id: str
    operation: str
    value: Any
    last_seen: str | None
    time_ms: int | None = None
    group_key: str = ""
    notes: Notes = field(default_factory=Notes, compare=False)


def apply_update(
    properties: Properties | None,
    update: ProfileUpdate,
    lists: GrowingLists | None = None,
) -> Properties | None:
    """Return a profile's properties after an update; None is no profile.

    >>> apply_update(None, ProfileUpdate("7", "$set", {"plan": "pro"}, None))
    {'plan': 'pro'}

    Args:
        properties: Those before it.
        update: The update.
        lists: The lists that updates before it changed.

    Raises:
        Refusal: If the profile would have too many properties, or too long a list.
    """
    if update.operation == DELETE:
        return None
    if properties is None and update.operation in TAKING_AWAY:
        rests_on("taking-from-nobody")
        update.notes.remarks.append("there is no profile to take it from")
        return None
    changed = dict(properties or {})
    check_count(changed, update)
    note_replaced(changed, update)
    lists = lists or GrowingLists()
    if update.operation in GROWING:
        lists.grow(update.distinct_id, changed, update.operation, update.value)
    elif update.operation == REMOVE:
        lists.shrink(update.distinct_id, changed, update.value)
    else:
        OPERATIONS[update.operation](changed, update.value)
    if update.last_seen is not None:
        changed[LAST_SEEN] = update.last_seen
    return changed


def check_count(properties: Properties, update: ProfileUpdate) -> None:
    """Refuse an update that would give a profile too many properties."""
    if update.operation in TAKING_AWAY:
        return
    new = update.value.keys() - properties.keys() - {LAST_SEEN}
    size = len(properties.keys() - {LAST_SEEN}) + len(new)
    if new and size > MOST_PROPERTIES:
        raise Refusal(
            update.operation,
            f"a profile has at most {MOST_PROPERTIES:,} properties; it would have "
            f"{size:,}",
        )


def note_replaced(properties: Properties, update: ProfileUpdate) -> None:
    """Note which values are lost, as the operation cannot go on from them."""
    if update.operation != "$add" and update.operation not in GROWING:
        return
    for name in update.value:
        present = properties.get(name)
        if update.operation == "$add":
            fits, noun = is_number(present), "number, and counts as 0"
        else:
            fits, noun = isinstance(present, list), "list, and counts as an empty one"
        if present is not None and not fits:
            rests_on("operations-on-other-values")
            update.notes.changes.append(f"'{name}' was no {noun}")


def judge_update(
    record: object, notes: Notes, *, token: str | None, now: str
) -> ProfileUpdate | None:
    """Return the update of a record, or None if it carries another project's token.

    Args:
        record: A record of ``/engage``: one operation beside the meta keys.
        notes: Takes what there is to say of it.
        token: Token of the project; None if any will do.
        now: When the request arrived, in UTC: ``YYYY-MM-DDTHH:MM:SS``.

    Raises:
        Refusal: If the record breaks a rule.
    """
    if not isinstance(record, dict):
        raise Refusal("", "an update is a JSON object")
    if not isinstance(record.get("$token"), str) or not record["$token"]:
        raise Refusal("$token", "'$token' is missing")
    distinct_id = judged_distinct_id(record.get("$distinct_id"), notes)
    known = (*OPERATIONS, REMOVE, *GROWING, DELETE)
    operation, value = judged_value(record, known, notes)
    if token is not None and record["$token"] != token:
        notes.remarks.append("the token is that of another project")
        return None
    note_place(record, "$ip")
    if isinstance(value, dict) and LAST_SEEN in value:
        notes.remarks.append(f"Mixpanel sets '{LAST_SEEN}' itself")
    ignore_time = record.get("$ignore_time") is True
    last_seen = None if ignore_time or operation == DELETE else now
    time_ms = judged_time(record, notes)
    return ProfileUpdate(distinct_id, operation, value, last_seen, time_ms, notes=notes)


def judged_distinct_id(value: object, notes: Notes) -> str:
    """Return whose profile it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        rests_on("numbers-as-ids")
        value = str(value)
        notes.changes.append("the number '$distinct_id' is made a text")
    if not isinstance(value, str) or not value:
        raise Refusal("$distinct_id", "'$distinct_id' must be a text, not empty")
    check_storable("$distinct_id", value)
    return value


def judged_time(record: Mapping[str, Any], notes: Notes) -> int | None:
    """Return when an update was made, if it says so."""
    value = record.get("$time")
    time_ms = None if value is None else time_in_ms(value)
    if value is not None and time_ms is None:
        notes.remarks.append("'$time' is no epoch time, and left out of account")
    return time_ms


def judged_value(
    record: Mapping[str, Any], known: tuple[str, ...], notes: Notes
) -> tuple[str, Any]:
    """Return the one operation of a record, and what is kept of its value.

    Args:
        record: The update.
        known: The operations that there are.
        notes: Takes what there is to say of it.

    Raises:
        Refusal: If the record has none of them, several, or a value that no such
            operation takes, or is too large.
    """
    given = [name for name in known if name in record]
    if len(given) != 1:
        raise Refusal("", f"an update has one operation, of {', '.join(known)}")
    operation, value = given[0], record[given[0]]
    if operation == DELETE:
        # Whatever stands there is ignored.
        return operation, ""
    problem = value_problem(operation, value)
    if problem:
        raise Refusal(operation, f"'{operation}' must be {problem}")
    text = check_storable(operation, value)
    if operation == "$unset":
        kept: Any = [name[:LONGEST_NAME] for name in value]
    else:
        kept = limited(value, limits_of(operation), notes)
    if notes.changes or len(text) > LEAST_MEASURED or len(record) > len(META):
        check_size("an update", record)
    return operation, kept


@cache
def limits_of(operation: str) -> PropertyLimits:
    """Return the limits of what an operation takes."""
    return replace(PROFILE, field=operation)


def value_problem(operation: str, value: object) -> str:
    """Say what the value of an operation must be; empty if it is."""
    if operation == "$unset":
        fits = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return "" if fits and value else "an array of property names"
    if not isinstance(value, dict):
        return "an object"
    if operation == "$add" and not all(map(is_number, value.values())):
        return "an object of numbers"
    if operation == "$union" and not all(map(is_union, value.values())):
        return "an object of arrays, not empty, of texts and numbers"
    return ""


def is_union(value: object) -> bool:
    """Tell whether a JSON value may be added to a list by ``$union``."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, str) or is_number(item) for item in value)
    )

"""Judging the ids of events: who did it, on which device, and which event it is.

https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-simplified
and, for events that have a distinct_id only,
https://docs.mixpanel.com/docs/tracking-methods/id-management/migrating-to-simplified-id-merge-system
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.rules.basis import rests_on

if TYPE_CHECKING:
    from mixpanel_query.local.ingestion.events import EventRules

__all__ = ["Who", "judged_insert_id", "judged_who"]

INSERT_ID: Final = re.compile("[A-Za-z0-9-]{1,36}")

# https://developer.mixpanel.com/reference/import-events; whether their case matters
# is not documented, so it does not.
INVALID_IDS: Final = frozenset(
    (
        "00000000-0000-0000-0000-000000000000",
        *("anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined"),
        *("unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}"),
    )
)

DEVICE: Final = "$device:"


class Who(NamedTuple):
    """Who did something.

    Attributes:
        distinct_id: Of the user, or of the device if no user is named; empty for
            nobody.
        device_id: The distinct_id of the device; empty if none is named.
        known: The property that Mixpanel sets, because distinct_id implies it.
    """

    distinct_id: str
    device_id: str
    known: dict[str, str]


def judged_who(given: dict[str, Any], rules: EventRules, notes: Notes) -> Who:
    """Return who did it: ``$user_id``, else ``$device_id``, else ``distinct_id``.

    Raises:
        Refusal: If that is no valid id, or there is none where one must be.
    """
    user, device = id_in(given, "$user_id", notes), id_in(given, "$device_id", notes)
    device_id = device and DEVICE + device
    if user or device:
        distinct_id = valid_id("properties.$user_id", user or device_id)
        if given.get("distinct_id") not in (None, distinct_id):
            source = "$user_id" if user else "$device_id"
            notes.changes.append(f"'distinct_id' is made that of '{source}'")
        return Who(distinct_id, device_id, {})
    distinct_id = judged_distinct_id(given, rules, notes)
    if not distinct_id or given.get("distinct_id") is None:
        return Who(distinct_id, "", {})
    if distinct_id.startswith(DEVICE) and distinct_id != DEVICE:
        known = {"$device_id": distinct_id.removeprefix(DEVICE)}
        return Who(distinct_id, distinct_id, known)
    return Who(distinct_id, "", {"$user_id": distinct_id})


def id_in(given: dict[str, Any], name: str, notes: Notes) -> str:
    """Return the id that a property holds; empty if it holds none."""
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int) and not isinstance(value, bool):
        rests_on("numbers-as-ids")
        return str(value)
    rests_on("ids-of-other-types")
    notes.remarks.append(f"'{name}' is no text, so it names nobody")
    return ""


def judged_distinct_id(given: dict[str, Any], rules: EventRules, notes: Notes) -> str:
    """Return who did it by the ``distinct_id`` alone; ``""`` is nobody."""
    field = "properties.distinct_id"
    value = given.get("distinct_id")
    if value is None:
        if rules.strict:
            raise Refusal(field, f"'{field}' is missing")
        notes.remarks.append(
            "without a 'distinct_id', a hash of the sender's address stands for one"
        )
        return rules.sender
    if isinstance(value, int) and not isinstance(value, bool) and not rules.strict:
        rests_on("numbers-as-ids")
        value = str(value)
        notes.changes.append("the number 'distinct_id' is made a text")
    if not isinstance(value, str):
        raise Refusal(field, f"'{field}' must be a text")
    return valid_id(field, value)


def judged_insert_id(given: dict[str, Any], rules: EventRules, notes: Notes) -> str:
    """Return what tells the event from its repeats."""
    field = "properties.$insert_id"
    value = given.get("$insert_id")
    if value is None or value == "":
        if rules.strict:
            raise Refusal(field, f"'{field}' is missing")
        notes.remarks.append(
            "without an '$insert_id', a repeat of the event counts again"
        )
        return rules.new_insert_id()
    # https://developer.mixpanel.com/reference/event-deduplication
    if not isinstance(value, str) or not INSERT_ID.fullmatch(value):
        if not rules.strict:
            rests_on("insert-ids-unless-strict")
        raise Refusal(field, f"'{field}' must be 1 to 36 of A-Z, a-z, 0-9 and '-'")
    return valid_id(field, value)


def valid_id(field: str, value: str) -> str:
    """Return an id unless it is one of those that only look like one."""
    if value.lower() in INVALID_IDS:
        if value not in INVALID_IDS:
            rests_on("invalid-ids-in-any-case")
        raise Refusal(field, f"'{field}' is {value!r}, which is no valid id")
    return value

"""Updates of profiles: what each operation does to a profile's properties.

https://developer.mixpanel.com/reference/profile-set and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from mixpanel_query.local.ingestion.judging import Notes, Refusal, check_storable

__all__ = [
    "ProfileUpdate",
    "Properties",
    "apply_update",
    "judge_update",
    "judged_operation",
]

Properties: TypeAlias = dict[str, Any]
Operation: TypeAlias = Callable[[Properties, Any], None]


@dataclass(frozen=True, slots=True)
class ProfileUpdate:
    """One operation on one profile.

    Attributes:
        distinct_id: Whose profile.
        operation: Such as ``$set``.
        value: What the operation takes.
        last_seen: New value of ``$last_seen``, in UTC; None leaves it as it is.
    """

    distinct_id: str
    operation: str
    value: Any
    last_seen: str | None


def set_all(properties: Properties, value: Properties) -> None:
    """Set properties, over what they were."""
    properties.update(value)


def set_once(properties: Properties, value: Properties) -> None:
    """Set properties that are not set yet."""
    for name, item in value.items():
        properties.setdefault(name, item)


def add(properties: Properties, value: Properties) -> None:
    """Add to numbers; what is missing, or is no number, counts as 0."""
    for name, amount in value.items():
        present = properties.get(name)
        properties[name] = (present if is_number(present) else 0) + amount


def append(properties: Properties, value: Properties) -> None:
    """Add a value to the end of lists."""
    for name, item in value.items():
        properties[name] = [*as_list(properties.get(name)), item]


def union(properties: Properties, value: Properties) -> None:
    """Add those values to lists that are not in them."""
    for name, items in value.items():
        present = as_list(properties.get(name))
        for item in items:
            if item not in present:
                present.append(item)
        properties[name] = present


def remove(properties: Properties, value: Properties) -> None:
    """Take a value out of lists."""
    for name, item in value.items():
        if isinstance(properties.get(name), list):
            properties[name] = [kept for kept in properties[name] if kept != item]


def unset(properties: Properties, value: list[str]) -> None:
    """Remove properties."""
    for name in value:
        properties.pop(name, None)


OPERATIONS: dict[str, Operation] = {
    "$set": set_all,
    "$set_once": set_once,
    "$add": add,
    "$append": append,
    "$union": union,
    "$remove": remove,
    "$unset": unset,
}
DELETE = "$delete"


def apply_update(
    properties: Properties | None, update: ProfileUpdate
) -> Properties | None:
    """Return a profile's properties after an update; None is no profile.

    >>> apply_update(None, ProfileUpdate("7", "$set", {"plan": "pro"}, None))
    {'plan': 'pro'}
    """
    if update.operation == DELETE:
        return None
    changed = dict(properties or {})
    OPERATIONS[update.operation](changed, update.value)
    if update.last_seen is not None:
        changed["$last_seen"] = update.last_seen
    return changed


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
    if not isinstance(record.get("$token"), str):
        raise Refusal("$token", "'$token' is missing")
    distinct_id = record.get("$distinct_id")
    if isinstance(distinct_id, int) and not isinstance(distinct_id, bool):
        distinct_id = str(distinct_id)
        notes.changes.append("the number '$distinct_id' is made a text")
    if not isinstance(distinct_id, str) or not distinct_id:
        raise Refusal("$distinct_id", "'$distinct_id' must be a text, not empty")
    operation = judged_operation(record, (*OPERATIONS, DELETE))
    check_storable("$distinct_id", distinct_id)
    check_storable(operation, record[operation])
    if token is not None and record["$token"] != token:
        notes.remarks.append("the token is that of another project")
        return None
    ignore_time = record.get("$ignore_time") is True
    last_seen = None if ignore_time or operation == DELETE else now
    return ProfileUpdate(distinct_id, operation, record[operation], last_seen)


def judged_operation(record: dict[str, Any], known: tuple[str, ...]) -> str:
    """Return the one operation of a record, if its value suits it.

    Args:
        record: The update.
        known: The operations that there are.

    Raises:
        Refusal: If the record has none of them, several, or a value that no such
            operation takes.
    """
    given = [name for name in known if name in record]
    if len(given) != 1:
        raise Refusal("", f"an update has one operation, of {', '.join(known)}")
    operation, value = given[0], record[given[0]]
    problem = value_problem(operation, value)
    if problem:
        raise Refusal(operation, f"'{operation}' must be {problem}")
    return operation


def value_problem(operation: str, value: object) -> str:
    """Say what the value of an operation must be; empty if it is."""
    if operation == DELETE:
        return ""
    if operation == "$unset":
        fits = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return "" if fits else "an array of property names"
    if not isinstance(value, dict):
        return "an object"
    if operation == "$add" and not all(map(is_number, value.values())):
        return "an object of numbers"
    if operation == "$union" and not all(isinstance(v, list) for v in value.values()):
        return "an object of arrays"
    return ""


def is_number(value: object) -> bool:
    """Tell whether a JSON value is a number that sums can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -1e300 < value < 1e300


def as_list(value: object) -> list[Any]:
    """Return a property's list; what is no list is replaced by an empty one."""
    return list(value) if isinstance(value, list) else []

"""Messages that change profiles of users and of groups, ready for ``json.dumps``.

They hold what the official ``mixpanel`` library sends for the same call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from mixpanel_schema.declarations import Property
from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.json_values import Json, json_value
from mixpanel_schema.messages import epoch_seconds, refuse_excess, refuse_unnamed

__all__ = [
    "GROUP_OPERATIONS",
    "PROFILE_OPERATIONS",
    "group_message",
    "profile_message",
]

# https://developer.mixpanel.com/reference/profile-set and its neighbours
PROFILE_OPERATIONS = frozenset(
    ("$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete")
)
# https://developer.mixpanel.com/reference/group-set and its neighbours
GROUP_OPERATIONS = PROFILE_OPERATIONS - {"$add", "$append"}


def profile_message(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None = None,
    *,
    token: str,
    distinct_id: str,
    time: float | datetime,
    meta: Mapping[Property, object] | None = None,
) -> dict[str, Json]:
    """Build the message that changes a profile.

    Args:
        operation: One of ``PROFILE_OPERATIONS``, such as ``"$set"``.
        value: The properties and their values; for ``$unset`` the properties alone;
            for ``$delete`` nothing.
        token: The project's token.
        distinct_id: Whose profile it is.
        time: When the change was made: epoch seconds, or a datetime (naive ones are
            UTC).
        meta: What is said of the update itself, such as ``$ip``.

    Raises:
        InvalidValueError: If the operation is unknown or takes other values, or a
            value is not JSON and has no agreed form in it, or breaks a limit.

    >>> from mixpanel_schema import ProfileProperties
    >>> message = profile_message(
    ...     "$set", {ProfileProperties.dollar_name: "Jo"},
    ...     token="t", distinct_id="u1", time=1_700_000_000,
    ... )
    >>> message["$distinct_id"], message["$set"]
    ('u1', {'$name': 'Jo'})
    """
    message: dict[str, Json] = {
        "$token": token,
        "$time": epoch_seconds(time),
        "$distinct_id": distinct_id,
        operation: operand(operation, value, PROFILE_OPERATIONS),
    }
    if meta:
        said = named_values(meta)
        taken = sorted(said.keys() & (PROFILE_OPERATIONS | {"$token", "$distinct_id"}))
        if taken:
            given = f"meta property {taken[0]!r} would replace the message's own"
            raise InvalidValueError(f"{given}; leave it out")
        message.update(said)
    refuse_excess(message)
    return message


def group_message(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None = None,
    *,
    token: str,
    group_key: str,
    group_id: str,
    time: float | datetime,
) -> dict[str, Json]:
    """Build the message that changes a group's profile.

    Args:
        operation: One of ``GROUP_OPERATIONS``, such as ``"$set"``.
        value: As for ``profile_message``.
        token: The project's token.
        group_key: The kind of group, as configured in the project.
        group_id: Which group.
        time: When the change was made: epoch seconds, or a datetime (naive ones are
            UTC).

    Raises:
        InvalidValueError: As for ``profile_message``.

    >>> from mixpanel_schema import GroupProperties
    >>> message = group_message(
    ...     "$set", {GroupProperties.dollar_name: "Acme"},
    ...     token="t", group_key="Company", group_id="acme", time=1_700_000_000,
    ... )
    >>> message["$group_id"], message["$set"]
    ('acme', {'$name': 'Acme'})
    """
    message: dict[str, Json] = {
        "$token": token,
        "$time": epoch_seconds(time),
        "$group_key": group_key,
        "$group_id": group_id,
        operation: operand(operation, value, GROUP_OPERATIONS),
    }
    refuse_excess(message)
    return message


def operand(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None,
    allowed: frozenset[str],
) -> Json:
    """Give an operation what it takes: values by name, names, or nothing."""
    if not isinstance(operation, str) or operation not in allowed:
        message = f"operation {operation!r} is unknown; use one of {listed(allowed)}"
        raise InvalidValueError(message)
    if operation == "$delete":
        return ""
    if operation == "$unset":
        return named(value)
    if not isinstance(value, Mapping):
        message = f"operation {operation!r} takes properties with values; give a dict"
        raise InvalidValueError(message)
    values = named_values(value)
    for name, item in values.items():
        numeric = isinstance(item, (int, float)) and not isinstance(item, bool)
        if operation == "$add" and not numeric:
            given = f"property {name!r} of $add is a {type(item).__name__}"
            raise InvalidValueError(f"{given}; give a number")
        if operation == "$union" and not is_united(item):
            given = f"property {name!r} of $union is no filled list of texts or numbers"
            raise InvalidValueError(f"{given}; give one")
    return values


def named(properties: object) -> Json:
    """List the names of properties that are to be removed."""
    if not isinstance(properties, Iterable) or isinstance(properties, str):
        raise InvalidValueError("'$unset' takes a list of properties; give a list")
    given = tuple(properties)
    refuse_unnamed(given)
    return [prop.name for prop in given]


def is_united(value: Json) -> bool:
    """Tell whether a value is a list that ``$union`` takes: of texts and numbers."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(type(item) in (str, int, float) for item in value)
    )


def listed(names: Iterable[str]) -> str:
    """Write names in a line."""
    return ", ".join(sorted(names))


def named_values(values: Mapping[Property, object]) -> dict[str, Json]:
    """Turn properties into their names, and their values into JSON."""
    refuse_unnamed(values)
    return {prop.name: json_value(value, prop.name) for prop, value in values.items()}

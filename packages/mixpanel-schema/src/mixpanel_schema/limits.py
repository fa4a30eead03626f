"""The sizes and values that Mixpanel and Customer.io take.

``check`` lists everything in a message that its service would cut, drop or refuse;
``fit`` cuts what can be cut without changing what the message says: text and names.

>>> from mixpanel_schema import limits
>>> long = {"event": "Paid", "properties": {"Note": "é" * 200}}
>>> print(*limits.check(long), sep="; ")
Note: 400 bytes of text are cut to 255; shorten it (event text)
>>> fitted, cuts = limits.fit(long)
>>> len(fitted["properties"]["Note"]), cuts[0].size
(127, 400)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil

from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.invalid_ids import INVALID_IDS
from mixpanel_schema.json_values import Json, json_bytes, mapping, text_bytes, utc
from mixpanel_schema.limit_fit import fit
from mixpanel_schema.limit_rules import RULES, Violation

__all__ = ["INVALID_IDS", "Violation", "check", "check_batch", "fit", "refuse"]

INSERT_ID = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
EARLIEST = 31_536_000  # 1971-01-01, epoch seconds
MILLISECONDS = 100_000_000_000  # epoch numbers above this are milliseconds
PROFILE_FIELDS = frozenset({"$token", "$distinct_id", "$group_key", "$group_id"})


def check(
    message: Mapping[str, Json], *, now: datetime | None = None, via: str = "import"
) -> list[Violation]:
    """List what in a message breaks a limit of the service that it is for.

    Args:
        message: An event, a profile or a group update of Mixpanel, an item for
            Customer.io's ``/api/v2/batch``, or the body of its v1 event call; which
            one is told by its keys.
        now: The present, to check that the event is not in the future (naive: UTC);
            None leaves that out.
        via: ``"track"`` or ``"import"``: the former takes the last five days only.

    Raises:
        InvalidValueError: If the message is none of them, or is no JSON.

    >>> check({"event": "Paid", "properties": {"Amount": 9.5}})
    []
    """
    return [*violations(message, now, via)]


def check_batch(messages: Sequence[Mapping[str, Json]]) -> list[Violation]:
    """List what is too much about messages that are sent together.

    Args:
        messages: Messages of one kind, as for ``check``, which looks at each of them.

    >>> check_batch([{"event": "Paid", "properties": {}}] * 2_001)[0].size
    2001
    """
    if not messages:
        return []
    first = messages[0]
    kind = "customerio" if "identifiers" in first else "profile"
    kind = "event" if "event" in first else kind
    size = json_bytes([*messages])
    return [
        *over(f"{kind} batch", "batch", len(messages)),
        *over(f"{kind} batch size", "batch", size),
    ]


def refuse(message: Mapping[str, Json]) -> None:
    """Refuse a message that breaks a limit.

    Raises:
        InvalidValueError: Naming every limit that is broken, with size and limit.
    """
    broken = check(message)
    if broken:
        raise InvalidValueError("; ".join(map(str, broken)))


def violations(
    message: Mapping[str, Json], now: datetime | None, via: str
) -> Iterator[Violation]:
    """Find what is wrong with a message, by its kind."""
    if "event" in message:
        yield from event_violations(message, now, via)
    elif "$distinct_id" in message or "$group_key" in message:
        yield from profile_violations(message)
    elif "identifiers" in message:
        yield from customerio_violations(message)
    elif "name" in message and "data" in message:
        yield from customerio_event_violations(message)
    else:
        keys = ", ".join(map(str, message)) or "none"
        given = f"a message with the keys {keys} is of no known kind"
        raise InvalidValueError(f"{given}; give an event, profile, group or item")


def event_violations(
    message: Mapping[str, Json], now: datetime | None, via: str
) -> Iterator[Violation]:
    """Find what is wrong with an event."""
    properties = mapping(message.get("properties"), "properties")
    yield from over("event name", "event", characters(message["event"]))
    yield from over("event properties", "properties", len(properties))
    for name, value in properties.items():
        yield from over("event property name", name, characters(name))
        yield from value_violations("event", name, value)
    yield from id_violations(properties)
    yield from time_violations(properties.get("time"), now, via)
    yield from over("event record", "event", json_bytes(message))


def id_violations(properties: Mapping[str, Json]) -> Iterator[Violation]:
    """Find ids that the server refuses, because they are nobody's."""
    insert_id = properties.get("$insert_id")
    if isinstance(insert_id, str):
        yield from over("event insert id", "$insert_id", text_bytes(insert_id))
        odd = sum(character not in INSERT_ID for character in insert_id)
        yield from over("event insert id characters", "$insert_id", odd)
    for name in ("$insert_id", "distinct_id"):
        meaningless = str(properties.get(name)).lower() in INVALID_IDS
        empty = name == "$insert_id" and insert_id == ""
        if name in properties and (meaningless or empty):
            yield from over("event invalid id", name, 1)


def time_violations(time: Json, now: datetime | None, via: str) -> Iterator[Violation]:
    """Find a time that is too early, too old for ``/track``, or in the future."""
    if not isinstance(time, (int, float)) or isinstance(time, bool):
        return
    if not -MILLISECONDS < time < MILLISECONDS * 10_000:  # NaN and infinity too
        raise InvalidValueError(f"time {time} is no moment; give epoch seconds")
    seconds = time / 1_000 if time > MILLISECONDS else time
    # Rounded up, so that a part of a second too much is too much.
    yield from over("event early", "time", ceil(EARLIEST - seconds))
    if now is not None:
        age = utc(now).timestamp() - seconds
        yield from over("event ahead", "time", ceil(-age))
        if via == "track":
            yield from over("event age", "time", ceil(age))


def profile_violations(message: Mapping[str, Json]) -> Iterator[Violation]:
    """Find what is wrong with a profile or group update."""
    identity = message.get("$distinct_id", message.get("$group_id"))
    if str(identity).lower() in INVALID_IDS | {""}:
        yield from over("profile invalid id", "$distinct_id", 1)
    for operation, body in message.items():
        if operation in PROFILE_FIELDS or not isinstance(body, dict):
            continue
        yield from over("profile properties", operation, len(body))
        for name, value in body.items():
            yield from over("profile property name", name, characters(name))
            yield from value_violations("profile", name, value)
    yield from over("profile record", "update", json_bytes(message))


def customerio_violations(message: Mapping[str, Json]) -> Iterator[Violation]:
    """Find what is wrong with an item for Customer.io."""
    for name, identifier in mapping(message["identifiers"], "identifiers").items():
        yield from over("customerio id", name, text_bytes(str(identifier)))
    name_bytes = text_bytes(str(message.get("name", "")))
    yield from over("customerio event name", "name", name_bytes)
    if "attributes" in message:
        attributes = mapping(message["attributes"], "attributes")
        yield from over("customerio attributes", "attributes", len(attributes))
        for name, value in attributes.items():
            yield from over("customerio attribute name", name, text_bytes(name))
            size = text_bytes(value) if isinstance(value, str) else json_bytes(value)
            yield from over("customerio attribute", name, size)
    yield from over("customerio item", "item", json_bytes(message))


def customerio_event_violations(message: Mapping[str, Json]) -> Iterator[Violation]:
    """Find what is wrong with the body of Customer.io's v1 event call."""
    data = mapping(message["data"], "data")
    name_bytes = text_bytes(str(message["name"]))
    yield from over("customerio event name", "name", name_bytes)
    for name in data:
        yield from over("customerio attribute name", name, text_bytes(name))
    yield from over("customerio event data", "data", json_bytes(data))


def value_violations(scope: str, path: str, value: Json) -> Iterator[Violation]:
    """Find what is wrong with a property's value, outermost first."""
    if not isinstance(value, (list, dict)):
        yield from scalar_violations(scope, path, value)
        return
    kind = "list" if isinstance(value, list) else "dict"
    yield from over(f"{scope} {kind} size", path, json_bytes(value))
    yield from container_violations(scope, f"{scope} {kind} depth", path, value, 1)


def container_violations(
    scope: str, depth_rule: str, path: str, value: Json, depth: int
) -> Iterator[Violation]:
    """Find what is wrong inside a list or a dict."""
    if not isinstance(value, (list, dict)):
        yield from scalar_violations(scope, path, value)
        return
    kind = "list" if isinstance(value, list) else "dict"
    yield from over(f"{scope} {kind}", path, len(value))
    too_deep = [*over(depth_rule, path, depth)]
    yield from too_deep
    if too_deep:
        return
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        inside = f"{path}.{key}"
        if isinstance(value, list) and isinstance(item, list):
            yield from over(f"{scope} list in list", inside, 1)
        yield from container_violations(scope, depth_rule, inside, item, depth + 1)


def scalar_violations(scope: str, path: str, value: Json) -> Iterator[Violation]:
    """Find what is wrong with a text or a number."""
    if isinstance(value, str):
        yield from over(f"{scope} text", path, text_bytes(value))
    elif isinstance(value, int):
        yield from over(f"{scope} number", path, value.bit_length())


def over(rule: str, path: str, size: int) -> Iterator[Violation]:
    """Give a violation if there is more than a rule allows; no such rule, no limit."""
    found = RULES.get(rule)
    if found is not None and size > found.limit:
        yield Violation(rule, path, size, found.limit)


def characters(name: Json) -> int:
    """Count a name's characters."""
    return len(name) if isinstance(name, str) else 0

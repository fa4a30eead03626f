"""Cutting the text of a message to what its service keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mixpanel_schema.json_values import DEEPEST, Json, mapping, text_bytes
from mixpanel_schema.limit_rules import RULES, TOO_LONG, Violation

__all__ = ["cut_text", "fit"]

# Cutting an id or a token would make it another one.
UNCUT = frozenset({"token", "distinct_id", "$insert_id", "$device_id", "$user_id"})


def fit(message: Mapping[str, Json]) -> tuple[dict[str, Json], list[Violation]]:
    """Cut over-long text in a message; leave everything else as it is.

    Text is cut on a code-point boundary, so that it stays valid Unicode. Ids and
    tokens are never cut. What is left too large is for ``limits.check`` to say.

    Args:
        message: An event, a profile or group update, or an item for Customer.io.

    Returns:
        A copy of the message, and a violation for each text that was cut.

    >>> fit({"event": "x" * 300, "properties": {}})[1][0].size
    300
    """
    cuts: list[Violation] = []
    fitted = dict(message)
    if "event" in message:
        name = message["event"]
        fitted["event"] = cut_name("event name", "event", name, cuts)
        properties = mapping(message.get("properties"), "properties")
        fitted["properties"] = fit_properties("event", properties, cuts)
    elif "identifiers" in message:
        attributes = mapping(message.get("attributes", {}), "attributes")
        if "name" in message:
            name = message["name"]
            fitted["name"] = cut_bytes("customerio event name", "name", name, cuts)
        fitted["attributes"] = {
            unique_name("customerio attribute name", name, attributes, cuts): cut_bytes(
                "customerio attribute", name, value, cuts
            )
            for name, value in attributes.items()
        }
    else:
        for operation, body in message.items():
            if isinstance(body, dict):
                fitted[operation] = fit_properties("profile", body, cuts)
    return fitted, cuts


def fit_properties(
    scope: str, properties: Mapping[str, Json], cuts: list[Violation]
) -> dict[str, Json]:
    """Cut the names and the texts of properties."""
    rule, text = f"{scope} property name", f"{scope} text"
    return {
        unique_name(rule, name, properties, cuts): (
            value if name in UNCUT else fit_value(text, name, value, cuts)
        )
        for name, value in properties.items()
    }


def unique_name(
    rule: str, name: str, names: Iterable[str], cuts: list[Violation]
) -> str:
    """Cut a name, unless that would make it another property's."""
    limit = RULES[rule].limit
    if len(name) * 4 <= limit:
        return name
    counted = text_bytes if RULES[rule].text is TOO_LONG else len
    short = cut_text(name, limit) if counted is text_bytes else name[:limit]
    alike = sum(other.startswith(short) for other in names)
    if short == name or alike > 1:
        return name
    cuts.append(Violation(rule, name, counted(name), limit))
    return short


def fit_value(
    rule: str, path: str, value: Json, cuts: list[Violation], depth: int = 0
) -> Json:
    """Cut the texts in a value, as deep as values may be nested."""
    if depth > DEEPEST:
        return value
    deeper = depth + 1
    if isinstance(value, list):
        return [
            fit_value(rule, f"{path}.{key}", item, cuts, deeper)
            for key, item in enumerate(value)
        ]
    if isinstance(value, dict):
        return {
            key: fit_value(rule, f"{path}.{key}", item, cuts, deeper)
            for key, item in value.items()
        }
    return cut_bytes(rule, path, value, cuts)


def cut_name(rule: str, path: str, name: Json, cuts: list[Violation]) -> Json:
    """Cut a name to its characters."""
    limit = RULES[rule].limit
    if not isinstance(name, str) or len(name) <= limit:
        return name
    cuts.append(Violation(rule, path, len(name), limit))
    return name[:limit]


def cut_bytes(rule: str, path: str, value: Json, cuts: list[Violation]) -> Json:
    """Cut a text to its bytes; other values stay."""
    limit = RULES[rule].limit
    if not isinstance(value, str) or len(value) * 4 <= limit:
        return value
    size = text_bytes(value)
    if size <= limit:
        return value
    cuts.append(Violation(rule, path, size, limit))
    return cut_text(value, limit)


def cut_text(text: str, limit: int) -> str:
    """Cut text to a number of UTF-8 bytes, never inside a character.

    >>> cut_text("aé", 2), cut_text("aé", 3)
    ('a', 'aé')
    """
    return text.encode()[:limit].decode(errors="ignore")

"""``/api/v1/…``: a request is one operation, and its path says on whom.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from mixpanel_query.local.customerio.identifiers import (
    identifier_of_path,
    identifier_of_words,
)
from mixpanel_query.local.customerio.operations import (
    Operation,
    read_device,
    read_event,
    read_identify,
)

__all__ = ["V1_PATHS", "V1_UNANSWERED", "Words", "read_merge", "shape_of"]

Words: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[list[str], Words], Operation]


def identify(path: list[str], words: Words) -> Operation:
    """Read ``PUT /api/v1/customers/{identifier}``."""
    return read_identify(identifier_of_path(path[0]), words, None, "attributes")


def event(path: list[str], words: Words) -> Operation:
    """Read ``POST /api/v1/customers/{identifier}/events``."""
    who = identifier_of_path(path[0])
    return read_event(who, words, kind=words.get("type"), data="data")


def anonymous_event(_: list[str], words: Words) -> Operation:
    """Read ``POST /api/v1/events``."""
    return read_event(None, words, kind=words.get("type"), data="data")


def add_device(path: list[str], words: Words) -> Operation:
    """Read ``PUT /api/v1/customers/{identifier}/devices``."""
    who = identifier_of_path(path[0])
    return read_device("add_device", who, words.get("device"), token="id")  # noqa: S106 - a name


def delete_device(path: list[str], _: Words) -> Operation:
    """Read ``DELETE /api/v1/customers/{identifier}/devices/{device_id}``."""
    who, device = identifier_of_path(path[0]), {"id": path[1]}
    return read_device("delete_device", who, device, token="id")  # noqa: S106 - a name


def merge(_: list[str], words: Words) -> Operation:
    """Read ``POST /api/v1/merge_customers``."""
    return read_merge(words)


def read_merge(words: Words) -> Operation:
    """Return the operation that merges two people.

    Raises:
        Refusal: If one of them is not named by exactly one identifier.
    """
    return Operation(
        "merge",
        identifier_of_words(words.get("primary"), "primary"),
        other=identifier_of_words(words.get("secondary"), "secondary"),
    )


def simple(action: str) -> Read:
    """Return what reads a request that only names a person."""

    def read(path: list[str], _: Words) -> Operation:
        return Operation(action, identifier_of_path(path[0]))

    return read


# What each path does, by its name in the v2 API. A star is a part that a request
# chooses.
V1_PATHS: Final[dict[tuple[str, str], tuple[str, Read]]] = {
    ("PUT", "customers/*"): ("identify", identify),
    ("DELETE", "customers/*"): ("delete", simple("delete")),
    ("POST", "customers/*/events"): ("event", event),
    ("PUT", "customers/*/devices"): ("add_device", add_device),
    ("DELETE", "customers/*/devices/*"): ("delete_device", delete_device),
    ("POST", "customers/*/suppress"): ("suppress", simple("suppress")),
    ("POST", "customers/*/unsuppress"): ("unsuppress", simple("unsuppress")),
    ("POST", "events"): ("event", anonymous_event),
    ("POST", "merge_customers"): ("merge", merge),
}

# Customer.io has these; the local project does not.
V1_UNANSWERED: Final = ("forms", "metrics", "push", "segments")


def shape_of(parts: list[str]) -> tuple[str, list[str]]:
    """Return a path with stars in it, and what stands in their places.

    >>> shape_of(["customers", "a/b", "events"])
    ('customers/*/events', ['a/b'])
    """
    chosen = [1, 3] if parts[0] == "customers" else []
    shape = ["*" if place in chosen else part for place, part in enumerate(parts)]
    return "/".join(shape), [parts[place] for place in chosen if place < len(parts)]

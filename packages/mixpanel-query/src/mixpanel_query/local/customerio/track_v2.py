"""``/api/v2/…``: operations in a document, one or many.

https://docs.customer.io/integrations/api/track/#tag/track_v2
"""

from __future__ import annotations

from typing import Any, Final

from mixpanel_query.local.customerio.identifiers import identifier_of_words
from mixpanel_query.local.customerio.operations import (
    EVENT_TYPES,
    Operation,
    read_device,
    read_event,
    read_identify,
    read_relationships,
)
from mixpanel_query.local.customerio.track_v1 import read_merge
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import never_answered

__all__ = ["read_item"]

RELATING: Final = ("add_relationships", "delete_relationships")
DEVICES: Final = ("add_device", "delete_device")
PLAIN: Final = ("delete", "suppress", "unsuppress")
ACTIONS: Final = ("identify", *EVENT_TYPES, *DEVICES, "merge", *RELATING, *PLAIN)


def read_item(item: object) -> Operation:
    """Return the operation of an item.

    Raises:
        Refusal: If it is none, or something is wrong with it.
        RequestRefusedError: 501, if it is about an object or a delivery.
    """
    if not isinstance(item, dict):
        raise Refusal("", "an item must be an object")
    kind, action = item.get("type"), item.get("action")
    if kind in ("object", "delivery"):
        raise never_answered("customerio-other-paths", f"items of the type {kind}")
    if kind != "person":
        raise Refusal("type", "type must be person, object or delivery")
    if action not in ACTIONS:
        raise Refusal("action", f"action must be one of {', '.join(ACTIONS)}")
    return read_merge(item) if action == "merge" else read_about(item, action)


def read_about(item: dict[str, Any], action: str) -> Operation:
    """Return the operation of an item about one person."""
    who = identifier_of_words(item.get("identifiers"), "identifiers")
    if action in EVENT_TYPES:
        return read_event(who, item, kind=action, data="attributes")
    if action in DEVICES:
        return read_device(action, who, item.get("device"), token="token")  # noqa: S106 - a name
    related = item.get("cio_relationships")
    if action in RELATING:
        return read_relationships(Operation(action, who), action, related)
    if action in PLAIN:
        return Operation(action, who)
    given = item.get("attributes")
    operation = read_identify(
        who, {} if given is None else given, item.get("timestamp"), "attributes"
    )
    if related is None:
        return operation
    return read_relationships(operation, "add_relationships", related)

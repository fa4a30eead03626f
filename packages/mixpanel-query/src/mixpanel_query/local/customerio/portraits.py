"""What a verdict says of a request to Customer.io that is refused."""

from __future__ import annotations

from collections.abc import Mapping

from mixpanel_query.local.customerio.operations import EVENT_TYPES
from mixpanel_query.local.ingestion.batches import Portrait, shown

__all__ = ["portrait", "portrait_of_item"]


def portrait(action: object, who: object, words: Mapping[str, object]) -> Portrait:
    """Return what is known of an operation, which may be anything.

    >>> portrait("event", "42", {"name": "Paid"})
    Portrait(name='Paid', distinct_id='42', properties='')
    >>> portrait("identify", "42", {"name": "Ann"})
    Portrait(name='identify', distinct_id='42', properties='')

    Args:
        action: What is to be done; an event is called by its name, if it has one.
        who: Whom it is done to.
        words: The JSON of the request, or of the item.
    """
    called = words.get("name") if action in EVENT_TYPES else None
    return Portrait(text(called) or text(action), text(who))


def portrait_of_item(item: object) -> Portrait:
    """Return what is known of an item of the v2 API."""
    if not isinstance(item, dict):
        return Portrait()
    named = item.get("identifiers", item.get("primary"))
    who = next(iter(named.values()), "") if isinstance(named, dict) else ""
    return portrait(item.get("action"), who, item)


def text(value: object) -> str:
    """Return a text so that a verdict can hold it; of anything else, nothing."""
    return shown(value) if isinstance(value, str) else ""

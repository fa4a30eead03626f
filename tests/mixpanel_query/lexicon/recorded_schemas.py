"""Answers of Mixpanel's schemas API, and a plan to upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mixpanel_query.exceptions import MixpanelQueryError

Ask = Callable[..., Any]
Refused = Callable[..., MixpanelQueryError]
SCHEMAS = "https://mixpanel.com/api/app/projects/12345/schemas"

# The example of https://developer.mixpanel.com/reference/upload-schemas-for-project
CART = {
    "entityType": "event",
    "name": "Added To Cart",
    "schemaJson": {
        "description": "Item put in cart",
        "metadata": {
            "com.mixpanel": {
                "tags": ["Shopping"],
                "displayName": "Item Added",
                "hidden": False,
                "dropped": False,
                "contacts": ["a@b.c"],
                "teamContacts": ["Analytics"],
            }
        },
        "properties": {
            "item_price": {
                "type": "number",
                "description": "price",
                "metadata": {"com.mixpanel": {"displayName": "Price"}},
            }
        },
    },
}
PROFILE = {"entityType": "profile", "name": "$user", "schemaJson": {}}


def listing(*entries: object) -> dict[str, object]:
    """The answer to a list request."""
    return {"status": "ok", "results": list(entries)}

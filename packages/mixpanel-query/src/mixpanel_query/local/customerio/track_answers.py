"""The Track API's answers, and its two ways of writing what is wrong.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

import re
from typing import Final

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import graded_error

__all__ = ["error_body", "item_error", "refusal_error"]

# https://docs.customer.io/journeys/invalid-api-requests
DOCUMENTED: Final = re.compile(
    r"id attribute (must be a string value|cannot be an empty string)"
    r"|cannot identify more than 300 attributes in one request"
    r"|attribute name cannot be longer than 150 bytes"
    r"|value for attribute '[\s\S]*' cannot be longer than 1000 bytes"
    r"|event name (must not be blank|cannot be longer than 100 bytes)"
    r"|event data (must be a hash|cannot be longer than 100000 bytes)"
).fullmatch


def refusal_error(path: str, refusal: Refusal) -> RequestRefusedError:
    """Return the error for what is refused, graded unless its words are documented."""
    error = RequestRefusedError(400, refusal.message)
    if path.startswith("/api/v1/") and DOCUMENTED(refusal.message):
        return error
    return graded_error(error, "customerio-error-words")


def item_error(refusal: Refusal, index: int | None = None) -> dict[str, object]:
    """Return what the v2 API says of an item that is refused."""
    return {
        **({} if index is None else {"batch_index": index}),
        "reason": "invalid",
        "field": refusal.field,
        "message": refusal.message,
    }


def error_body(path: str, message: str, field: str = "") -> dict[str, object]:
    """Return an error as the API of a path writes it.

    >>> error_body("/api/v1/events", "event name must not be blank")
    {'meta': {'errors': ['event name must not be blank']}}
    """
    if path.startswith("/api/v2/"):
        return {"errors": [item_error(Refusal(field, message))]}
    if path == "/api/v1/merge_customers":
        return {"meta": {"error": message}}
    return {"meta": {"errors": [message]}}

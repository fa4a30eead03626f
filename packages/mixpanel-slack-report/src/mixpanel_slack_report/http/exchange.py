"""A request and its answer, whatever server carries them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from mixpanel_slack_report.exceptions import RequestRefusedError

__all__ = ["HttpAnswer", "HttpRequest", "form_fields", "json_answer"]

MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What somebody asks; nothing of it that may hold a secret shows in its repr.

    Attributes:
        method: The method, in capitals.
        path: The decoded path, such as ``/api/CustomReport``.
        query: What follows the question mark, as it came.
        headers: The headers; a name may be written in any case.
        body: The body, as it came.
    """

    method: str
    path: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """Return a header's value, whatever the case of its name; empty if none."""
        wanted = name.lower()
        named = (value for key, value in self.headers.items() if key.lower() == wanted)
        return next(named, "")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What is answered.

    Attributes:
        status: The status.
        headers: The headers, without the length of the body.
        body: The body; the carrier leaves it out after a HEAD.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def json_answer(
    status: int, document: object, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Answer with a JSON document that no cache keeps."""
    said = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    body = json.dumps(document, indent=2) + "\n"
    return HttpAnswer(status, {**said, **(headers or {})}, body.encode())


def form_fields(text: str) -> dict[str, str]:
    """Decode a query or a form, each field of which may be given once.

    Raises:
        RequestRefusedError: If a field is given twice, or there are too many.

    >>> form_fields("period=weekly&events=Sign+Up%2CLogin")
    {'period': 'weekly', 'events': 'Sign Up,Login'}
    """
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        message = f"more than {MOST_FIELDS} fields; give each field once"
        raise RequestRefusedError(message) from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise RequestRefusedError("a field is given twice; give each field once")
    return fields

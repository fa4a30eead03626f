"""What a project answers where it is told to fail, in the shape of each API.

The statuses and their bodies: https://developer.mixpanel.com/reference/import-events
and https://docs.mixpanel.com/docs/reference/rate-limits
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs

from mixpanel_query.local.customerio.track_answers import error_body
from mixpanel_query.local.faults.scripted import BODILESS, Body
from mixpanel_query.local.rate_limits import (
    EXPORT_REFUSED,
    family_of,
    query_refused,
)

__all__ = ["FaultyAnswer", "asked_project", "body_of", "failing_answer"]

# https://developer.mixpanel.com/reference/import-events
IMPORT_RATE = (
    "Project exceeded rate limits. Please retry the request with exponential backoff."
)


@dataclass(frozen=True, slots=True)
class FaultyAnswer:
    """An answer that stands in for the project's own.

    Attributes:
        status: The HTTP status code.
        body: The body.
        content_type: What the body is.
        headers: Further headers.
    """

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers as they are sent; those that were given come first."""
        own = {
            "content-type": self.content_type,
            "content-length": str(len(self.body)),
        }
        given = {name.lower(): value for name, value in self.headers.items()}
        return [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in {**own, **given}.items()
        ]


def failing_answer(
    path: str, query: str, status: int, problem: str = "", *, body: Body = None
) -> FaultyAnswer:
    """Return the answer to a request that fails.

    Args:
        path: The path of the request.
        query: What follows it in the URL.
        status: The status of the answer.
        problem: What went wrong; by default what the API says of this status.
        body: The body, if it is to be another one.
    """
    if body is None:
        said = problem or usual(path, query, status)
        body = error_document(path, query, status, said)
    data, content_type = body_of(body)
    return FaultyAnswer(status, data, content_type)


def body_of(body: Body) -> tuple[bytes, str]:
    """Return the bytes of a body and their type: a text as it is, or JSON.

    >>> body_of("<h1>Bad gateway</h1>")[1], body_of({"error": "down"})[0]
    ('text/html; charset=utf-8', b'{"error": "down"}')
    """
    if not isinstance(body, str):
        return json.dumps(body).encode(), "application/json"
    kind = "html" if body.lstrip().startswith("<") else "plain"
    return body.encode(), f"text/{kind}; charset=utf-8"


def usual(path: str, query: str, status: int) -> str:
    """Return what an API says of a status."""
    if status != 429:
        return phrase(status)
    if path == "/import":
        return IMPORT_RATE
    family = family_of(path)
    if family == "export":
        return EXPORT_REFUSED
    if family is None:
        return phrase(status)
    project = asked_project(query)
    return query_refused(project, running="1/5", this_hour="61/60")


def asked_project(query: str) -> str:
    """Return the number of the project that a URL names; 1 if it names none."""
    return parse_qs(query).get("project_id", ["1"])[0]


def phrase(status: int) -> str:
    """Return the words of HTTP for a status; a status without any has its number."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status {status}"


def error_document(path: str, query: str, status: int, problem: str) -> Body:
    """Return an error as the API of a path gives it."""
    if status < 300 or status in BODILESS:
        return ""
    if path == "/import":
        return {"code": status, "error": problem, "status": phrase(status)}
    if path.startswith(("/api/v1/", "/api/v2/")):
        return error_body(path, problem)
    # An export that is refused for its rate was seen without "request".
    if path.startswith("/api/query/") or (path == "/api/2.0/export" and status != 429):
        return {"request": f"{path}?{query}" if query else path, "error": problem}
    if path == "/api/2.0/export":
        return {"error": problem}
    return {"error": problem, "status": "error"}

"""The errors of a local project, in the shape of the API that was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.ingestion.replies import import_refused
from mixpanel_query.local.rules.basis import graded_error, never_answered

__all__ = [
    "CLIENT_LEFT",
    "application",
    "json_response",
    "path_of",
    "refuse",
    "unanswered",
]

# What the log says of those whose client left before they were answered.
CLIENT_LEFT = 499

# Files may hold such values; what is sent may not.
TOO_DEEP = (
    "the answer rests on values that are nested too deeply to be read; "
    "load events without them"
)

LOOKUP_TABLES = "/lookup-tables"


def application(
    routes: Sequence[Route], refuse: Callable[[Request, Exception], Response]
) -> Starlette:
    """Return the web application of some endpoints, and of no other paths.

    Args:
        routes: The endpoints.
        refuse: Answers what goes wrong, but for clients who left and read no answer.
    """

    def refuse_depth(request: Request, _: Exception) -> Response:
        return refuse(request, RequestRefusedError(400, TOO_DEEP))

    refused = dict.fromkeys((LocalProjectError, HTTPException, Exception), refuse)
    special = {ClientDisconnect: note_leaving, RecursionError: refuse_depth}
    app = Starlette(routes=routes, exception_handlers={**refused, **special})
    # Nobody is sent from a path with a slash too many to one that is right.
    app.router.redirect_slashes = False
    return app


def note_leaving(_: Request, __: Exception) -> Response:
    """Let the log say that the client left, where nobody reads an answer."""
    return Response(status_code=CLIENT_LEFT)


async def unanswered(request: Request) -> Response:
    """Answer a path that Mixpanel has, or may have, and the local project has not."""
    path = path_of(request)
    is_table = path.startswith(LOOKUP_TABLES)
    rule_id = "lookup-tables" if is_table else "undocumented-endpoints"
    raise never_answered(rule_id, f"{request.method} {path}")


def refuse(request: Request, error: Exception) -> Response:
    """Return the JSON error for a refused request, in the shape of its API."""
    status, message = 500, str(error)
    if isinstance(error, HTTPException):
        problem = f"{error.detail}: {path_of(request)}"
        error = RequestRefusedError(error.status_code, problem)
    if isinstance(error, RequestRefusedError):
        error = graded_error(error)
        status, message = error.status, error.message
    if path_of(request).startswith(LOOKUP_TABLES):
        return json_response(import_refused(status, message, failed=[]).body, status)
    if path_of(request).startswith(("/api/query/", "/api/2.0/")):
        return json_response({"request": asked(request), "error": message}, status)
    return json_response({"error": message, "status": "error"}, status)


class AnyTextJSON(JSONResponse):
    """JSON that may repeat what a request said, also half a character of it."""

    def render(self, content: object) -> bytes:
        """Return the JSON; half a character is what it is in the JSON of a request."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="backslashreplace")


def json_response(body: object, status: int) -> Response:
    """Return a JSON response.

    It says where the connection ends: for a client that sends without end, and after
    an error of ours, because the server hangs up then.
    """
    headers = {"Connection": "close"} if status in (413, 500) else None
    return AnyTextJSON(body, status, headers)


def asked(request: Request) -> str:
    """Return path and query of a request, as Mixpanel's errors repeat it."""
    query = request.scope["query_string"].decode("latin-1")
    return path_of(request) + (f"?{query}" if query else "")


def path_of(request: Request) -> str:
    """Return the path of a request, whatever host the request says it is for."""
    return str(request.scope["path"])

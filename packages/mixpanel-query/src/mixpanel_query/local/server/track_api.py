"""The paths of Customer.io's Track API, on the same address as Mixpanel's.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mixpanel_query.local.customerio.arrivals import (
    TrackAnswer,
    TrackRequest,
    answer_track,
)
from mixpanel_query.local.customerio.track_answers import error_body, refusal_error
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.arrival_log import log_refusal
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import graded_error, never_answered
from mixpanel_query.local.server.access import basic_pair, same_text
from mixpanel_query.local.server.path_texts import ANY_TEXT
from mixpanel_query.local.server.request_bodies import read_body
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["track_routes"]

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PATHS = [f"/api/{version}/{{rest:{ANY_TEXT}}}" for version in ("v1", "v2")]


def track_routes(engine: Engine, settings: ProjectSettings) -> list[Route]:
    """Return the routes of the Track API."""

    async def answer(request: Request) -> Response:
        path = request.scope["path"]
        try:
            done = await take(engine, settings, request)
        except Refusal as refusal:
            done = refused(path, refusal_error(path, refusal), refusal.field)
        except RequestRefusedError as error:
            done = refused(path, graded_error(error, "customerio-error-words"))
        return JSONResponse(done.body, done.status, closing(done.status))

    return [Route(path, answer, methods=METHODS) for path in PATHS]


async def take(
    engine: Engine, settings: ProjectSettings, request: Request
) -> TrackAnswer:
    """Hand a request over, if its sender may ask."""
    check_site(settings, request.headers.get("authorization"))
    if request.headers.get("content-encoding", "identity") != "identity":
        raise never_answered("customerio-other-paths", "Content-Encoding")
    version, *parts = path_parts(request.scope)
    asked = TrackRequest(
        method=request.method,
        version=version,
        parts=parts,
        body=await read_body(request),
        address=str(request.base_url).rstrip("/"),
    )
    return await run_in_threadpool(answer_track, engine, settings, asked)


def check_site(settings: ProjectSettings, authorization: str | None) -> None:
    """Check that a request has the site id and the key of the workspace.

    Raises:
        RequestRefusedError: 401, if it has others; without any, everybody is let in.
    """
    if settings.customerio_credentials is None:
        return
    site_id, key = settings.customerio_credentials
    given_id, given_key = basic_pair(authorization)
    right_id, right_key = same_text(given_id, site_id), same_text(given_key, key)
    if not (right_id and right_key):
        raise RequestRefusedError(
            401, "Unauthorized request: the site id or the key is not this workspace's"
        )


def path_parts(scope: object) -> list[str]:
    """Return the parts of a path below ``/api/``, each decoded for itself.

    An id may hold slashes, which only the path as it was sent tells from others.

    Raises:
        RequestRefusedError: If one is not UTF-8, or there are too few.
    """
    raw: bytes = scope["raw_path"]  # type: ignore[index]
    try:
        parts = [unquote_to_bytes(part).decode() for part in raw.split(b"/")]
    except UnicodeDecodeError as error:
        raise RequestRefusedError(400, "the path is not UTF-8") from error
    if len(parts) < 4:
        raise RequestRefusedError(404, "the path names nothing of the Track API")
    return parts[2:]


def refused(path: str, error: RequestRefusedError, field: str = "") -> TrackAnswer:
    """Return the answer to a request that is refused as a whole, and tell of it."""
    log_refusal(path[: len("/api/v1")], error.status, error.message)
    return TrackAnswer(error.status, error_body(path, error.message, field))


def closing(status: int) -> dict[str, str] | None:
    """Return the header that hangs up on a client that sends without end."""
    return {"Connection": "close"} if status == 413 else None

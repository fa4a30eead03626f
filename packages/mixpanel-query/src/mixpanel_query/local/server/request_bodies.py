"""Reading the body of a request, and no more of it than anybody needs."""

from __future__ import annotations

from starlette.requests import Request

from mixpanel_query.local.ingestion.bodies import MOST_BYTES, too_large

__all__ = ["read_body"]


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        RequestRefusedError: 413, if it is too large. What comes after the limit is
            read and thrown away, up to ten times the limit, as a client that is still
            sending would not see the answer.
    """
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MOST_BYTES:
            body += chunk
        elif size > 10 * MOST_BYTES:
            break
    if size > MOST_BYTES:
        raise too_large()
    return bytes(body)

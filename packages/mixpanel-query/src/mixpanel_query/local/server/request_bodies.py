"""Reading the body of a request, and no more of it than anybody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from mixpanel_query.local.records.bodies import MOST_BYTES, too_large

if TYPE_CHECKING:
    from starlette.types import Receive

__all__ = ["read_body", "skip_body"]

READ_AT_MOST: Final = 10 * MOST_BYTES


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        RequestRefusedError: 413, if it is too large. What comes after the limit is
            read and thrown away, up to ten times the limit, as a client that is still
            sending would not see the answer. One that announces more is not waited for.
    """
    if announced(request) > READ_AT_MOST:
        raise too_large()
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MOST_BYTES:
            body += chunk
        elif size > READ_AT_MOST:
            break
    if size > MOST_BYTES:
        raise too_large()
    return bytes(body)


async def skip_body(receive: Receive) -> bool:
    """Read a body that nobody takes, as its sender may not wait for the answer.

    Returns:
        Whether it has ended; no more of it is read than `read_body` would.
    """
    size = 0
    while size <= READ_AT_MOST:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return True
    return False


def announced(request: Request) -> int:
    """Return how long the body will be, if the request says so; else 0."""
    length = request.headers.get("content-length", "")
    # No server takes a length of more digits than this.
    return (
        int(length) if length.isascii() and length.isdigit() and len(length) < 30 else 0
    )

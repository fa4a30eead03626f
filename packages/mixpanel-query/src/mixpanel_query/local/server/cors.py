"""What web pages may ask of a local project, which they are not served by.

Mixpanel's library for browsers sends from pages of any origin, with credentials and
to paths that end with a slash. So the endpoints that it sends to name the origin of
the page in their answers, and answer what a browser asks before it sends; no other
endpoint does.
https://docs.mixpanel.com/docs/tracking-methods/sdks/javascript
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.rules.basis import HEADER, Assumptions, Basis
from mixpanel_query.local.rules.table import RULES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["open_to_pages"]

# What the library asks, which are the only paths that pages may use.
OPEN_PATHS: Final = frozenset(
    {"/track", "/engage", "/groups", "/flags", "/record", "/settings", "/decide"}
)
WITH_SLASH: Final = {f"{path}/": path for path in (*OPEN_PATHS, "/import")}

# A library asks for these two before it reads feature flags.
KNOWN_HEADERS: Final = frozenset({"authorization", "traceparent"})
METHODS: Final = b"GET, POST, OPTIONS"
# A browser need not ask again for so many seconds.
MAX_AGE: Final = b"600"


def open_to_pages(app: ASGIApp, assumptions: Assumptions) -> ASGIApp:
    """Return an application that web pages of other origins may send events to.

    Args:
        app: What answers everything but preflights.
        assumptions: Where a preflight that rests on a guess says so.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in WITH_SLASH:
            scope = {**scope, "path": WITH_SLASH[scope["path"]]}
        origin = origin_of(scope)
        if not origin:
            await app(scope, receive, send)
        elif is_preflight(scope):
            await answer_preflight(scope, send, origin, assumptions)
        else:
            await app(scope, receive, with_origin(send, origin))

    return answer


def origin_of(scope: Scope) -> bytes:
    """Return the origin of the page that asks, if it may; else nothing."""
    if scope["type"] != "http" or scope["path"] not in OPEN_PATHS:
        return b""
    return header_of(scope, b"origin")


def header_of(scope: Scope, name: bytes) -> bytes:
    """Return a header of a request; empty if it has none."""
    return bytes(dict(scope["headers"]).get(name, b""))


def is_preflight(scope: Scope) -> bool:
    """Tell whether a browser asks what the page may send."""
    return scope["method"] == "OPTIONS" and bool(
        header_of(scope, b"access-control-request-method")
    )


def with_origin(send: Send, origin: bytes) -> Send:
    """Return what sends an answer that the page may read."""

    async def send_open(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *allowances(origin)]
            message = {**message, "headers": headers}
        await send(message)

    return send_open


def allowances(origin: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers that let a page read an answer."""
    return [
        # With credentials, as the library sends, "*" would not do.
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


async def answer_preflight(
    scope: Scope, send: Send, origin: bytes, assumptions: Assumptions
) -> None:
    """Say what the page may send, which is what it asks to send."""
    wanted = header_of(scope, b"access-control-request-headers")
    headers = allowances(origin)
    try:
        headers += basis_of(wanted, assumptions)
    except RequestRefusedError as error:
        await send_whole(send, error.status, headers, error.message.encode())
        return
    headers += [
        (b"access-control-allow-methods", METHODS),
        (b"access-control-max-age", MAX_AGE),
        *([(b"access-control-allow-headers", wanted)] if wanted else []),
    ]
    await send_whole(send, 204, headers)


def basis_of(wanted: bytes, assumptions: Assumptions) -> list[tuple[bytes, bytes]]:
    """Return the header that says what a preflight rests on, if it is a guess.

    Raises:
        RequestRefusedError: 501, if the project must not guess.
    """
    names = {name.strip().lower() for name in wanted.decode("latin-1").split(",")}
    if names <= KNOWN_HEADERS | {""}:
        return []
    basis = Basis(assumptions)
    basis.add(RULES["page-headers"])
    return [(HEADER.lower().encode(), basis.header.encode())]


async def send_whole(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b""
) -> None:
    """Send an answer in one piece."""
    length = [(b"content-length", str(len(body)).encode())] if status != 204 else []
    kind = [(b"content-type", b"text/plain; charset=utf-8")] if body else []
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*headers, *length, *kind]})
    await send({"type": "http.response.body", "body": body})

"""The endpoints as a WSGI application.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest
from mixpanel_slack_report.http.routes import LARGEST_BODY
from mixpanel_slack_report.wording import readable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["wsgi_application"]

# What a line of the log may quote of an address; a key would be there too.
HARMLESS = ("period", "send_slack", "from_date", "to_date")


def wsgi_application(
    answer: Callable[[HttpRequest], HttpAnswer],
    *,
    log: Callable[[str], None],
    ticks: Callable[[], float] = time.monotonic,
) -> WSGIApplication:
    """Make an application of what answers a request; threads may share it.

    Args:
        answer: Answers any request, and raises nothing.
        log: Is told one line a request, without secrets of its address.
        ticks: Gives seconds, for the time that an answer takes.
    """

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        begun = ticks()
        request = read_request(environ)
        answered = answer(request)
        took = (ticks() - begun) * 1000
        log(f"{request_line(request)} {answered.status} {took:.0f} ms")
        status = f"{answered.status} {HTTPStatus(answered.status).phrase}"
        length = ("Content-Length", str(len(answered.body)))
        start_response(status, [*answered.headers.items(), length])
        return [] if request.method == "HEAD" else [answered.body]

    return application


def read_request(environ: WSGIEnvironment) -> HttpRequest:
    """Read a request; of a body that is too long only so much that it shows."""
    headers = {
        name[5:].replace("_", "-"): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["Content-Type"] = environ.get("CONTENT_TYPE") or ""
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
    return HttpRequest(
        environ["REQUEST_METHOD"].upper(),
        path,
        environ.get("QUERY_STRING", ""),
        headers,
        environ["wsgi.input"].read(min(size, LARGEST_BODY + 1)),
    )


def request_line(request: HttpRequest) -> str:
    """Write what was asked, with the harmless parameters of its address.

    >>> request_line(HttpRequest("GET", "/api/health", "code=s3cret&period=daily"))
    'GET /api/health?period=daily'
    """
    try:
        pairs = parse_qsl(request.query, max_num_fields=100)
    except ValueError:
        pairs = []
    told = [
        f"{name}={readable(value, longest=20)}"
        for name, value in pairs
        if name in HARMLESS
    ]
    asked = f"{readable(request.method, longest=10)} {readable(request.path)}"
    return "?".join(filter(None, (asked, "&".join(told))))

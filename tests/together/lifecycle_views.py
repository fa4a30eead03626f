"""Views that end in every way that a request can, for ``lifecycle_app``.

``/APP/NAME?row=APP/NAME`` calls the view of that name; all that it tracks is said of
the user ``APP/NAME``, and the event's path is a word for where it was tracked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPFound, HTTPNotModified
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import EventProperties, Events

__all__ = ["ANSWERS", "STREAMS", "SUBREQUESTS", "Shown", "View", "returning", "track"]

View = Callable[[Request], Any]


class Shown(Exception):
    """An error that an exception view answers with 200."""


class Broken(Exception):
    """An error that an exception view answers with 500."""


def track(request: Request, where: str, *, now: bool = False) -> None:
    """Track an event that tells where it was tracked."""
    tracker = request.mixpanel
    tracker.distinct_id = request.params["row"]
    call = tracker.track_now if now else tracker.track
    call(Events.page_viewed, {EventProperties.path: where})


def is_not_found(request: Request, response: Response) -> bool:
    """Veto what a request tracked, as ``mixpanel.commit_veto``."""
    return bool(response.status_int == 404)


def returning(status: int) -> View:
    """Make a view that tracks, and returns an answer."""

    def view(request: Request) -> Response:
        track(request, "view")
        return Response(status=status)

    return view


def raising(error: Callable[[], Exception]) -> View:
    """Make a view that tracks, and raises."""

    def view(request: Request) -> Response:
        track(request, "view")
        raise error()

    return view


def fail(request: Request, response: Response) -> None:
    """Fail as a response callback."""
    raise ValueError("a response callback")


def response_callback(request: Request) -> Response:
    """Track also when the answer is there."""
    request.add_response_callback(lambda request, _: track(request, "callback"))
    return returning(200)(request)


def response_callback_raises(request: Request) -> Response:
    """Fail after the view."""
    request.add_response_callback(fail)
    return returning(200)(request)


def handles_its_error(request: Request) -> Response:
    """Fail, and get over it."""
    try:
        return raising(ValueError)(request)
    except ValueError:
        return Response()


def tracks_now_and_is_forbidden(request: Request) -> Response:
    """Track what stands, and what does not."""
    track(request, "now", now=True)
    return raising(HTTPForbidden)(request)


ANSWERS: dict[str, View] = {
    **{f"returns-{n}": returning(n) for n in (200, 201, 204, 302, 404, 422, 500, 503)},
    "raises-302": raising(lambda: HTTPFound("/")),
    "raises-304": raising(HTTPNotModified),
    "raises-403": raising(HTTPForbidden),
    "raises-an-error": raising(ValueError),
    "raises-for-a-view-of-200": raising(Shown),
    "raises-for-a-view-of-500": raising(Broken),
    "handles-its-error": handles_its_error,
    "response-callback": response_callback,
    "response-callback-raises": response_callback_raises,
    "tracks-now-and-is-forbidden": tracks_now_and_is_forbidden,
}


def streaming(pieces: Callable[[Request], Iterator[bytes]], status: int = 200) -> View:
    """Make a view whose body is written while it is sent."""

    def view(request: Request) -> Response:
        track(request, "view")
        return Response(app_iter=pieces(request), status=status)

    return view


def two_pieces(request: Request) -> Iterator[bytes]:
    """Track between the pieces of a body."""
    yield b"one"
    track(request, "body")
    yield b"two"


def one_piece(request: Request) -> Iterator[bytes]:
    """Fail after the first piece of a body."""
    yield b"one"
    track(request, "body")
    raise ValueError("a streamed body")


def another_thread(request: Request) -> Response:
    """Track in a thread, whose events wait for no answer."""
    thread = Thread(target=track, args=(request, "thread"))
    thread.start()
    thread.join()
    return returning(500)(request)


STREAMS: dict[str, View] = {
    "streams": streaming(two_pieces),
    "streams-a-500": streaming(two_pieces, 500),
    "streams-and-fails": streaming(one_piece),
    "another-thread": another_thread,
}


def part(request: Request) -> Response:
    """Answer a subrequest as it asks for."""
    track(request, "part")
    return Response(status=int(request.params["status"]))


def asking(ending: View, status: int = 200, *, use_tweens: bool = False) -> View:
    """Make a view that makes a subrequest, and ends as another one does."""

    def view(request: Request) -> Response:
        row = request.params["row"]
        subrequest = Request.blank(f"/part?row={row}&status={status}")
        request.invoke_subrequest(subrequest, use_tweens=use_tweens)
        return ending(request)

    return view


SUBREQUESTS: dict[str, View] = {
    "part": part,
    "asks": asking(returning(200)),
    "asks-through-tweens": asking(returning(200), use_tweens=True),
    "asks-in-vain": asking(returning(200), 500),
    "asks-and-answers-500": asking(returning(500)),
    "asks-and-raises": asking(raising(ValueError)),
    "asks-through-tweens-and-raises": asking(raising(ValueError), use_tweens=True),
}


def shown_view(request: Request) -> Response:
    """Answer an error with 200, and track it."""
    track(request, "exception view")
    return Response("never mind")


def broken_view(request: Request) -> Response:
    """Answer an error with 500, and track it."""
    track(request, "exception view")
    return Response(status=500)


EXCEPTION_VIEWS: dict[type[Exception], View] = {Shown: shown_view, Broken: broken_view}

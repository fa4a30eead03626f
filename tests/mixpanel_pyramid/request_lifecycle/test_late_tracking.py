"""What is tracked beside the view: in callbacks, after the verdict, in outer errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.httpexceptions import (
    HTTPForbidden,
    HTTPFound,
    HTTPInternalServerError,
    HTTPOk,
)
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events

from .views import View, answering, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


def test_recorded_messages_are_there_from_track_on(make_app: MakeApp) -> None:
    """A view, or a test of one, can look at once."""
    seen = []

    def view(request: Request) -> Response:
        tracked(request)
        seen.extend(request.mixpanel.mocked_messages)
        return Response("ok")

    make_app({"home": view}).web.get("/home")

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        (answering(HTTPOk), ["Page Viewed", "User Charged"]),
        (answering(HTTPInternalServerError), []),
    ],
    ids=["released", "discarded"],
)
def test_what_is_tracked_after_the_verdict_follows_it(
    make_app: MakeApp, view: View, kept: list[str]
) -> None:
    """In finished callbacks, before ours and after."""

    def late(request: Request) -> None:
        request.mixpanel.track(Events.user_charged)

    def view_with_callback(request: Request) -> Response:
        response = view(request)
        request.add_finished_callback(late)
        return response

    app = make_app({"home": view_with_callback})
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == kept


@pytest.mark.parametrize(
    ("error", "kept"),
    [(KeyError, []), (HTTPForbidden, []), (HTTPFound, ["User Charged"])],
)
def test_what_is_tracked_only_after_the_answer_follows_its_exception(
    error: type[Exception], kept: list[str]
) -> None:
    """An exception view has made an answer of it, which nobody noted."""
    seen = []

    def view(request: Request) -> Response:
        request.add_finished_callback(late)
        raise error

    def late(request: Request) -> None:
        request.mixpanel.track(Events.user_charged, distinct_id="joe")
        request.add_finished_callback(after)

    def after(request: Request) -> None:
        seen.extend(m["msg"]["event"] for m in request.mixpanel.mocked_messages)

    with Configurator(settings={"mixpanel.token": "false"}) as config:
        config.include("mixpanel_pyramid")
        config.add_route("home", "/")
        config.add_view(view, route_name="home")
        config.add_exception_view(lambda error, request: Response("sorry"), KeyError)
    Request.blank("/").get_response(config.make_wsgi_app())

    assert seen == kept


def test_a_response_callback_that_fails_discards(make_app: MakeApp) -> None:
    """The answer was good, but it does not reach the client."""

    def failing(request: Request, response: Response) -> None:
        raise KeyError("too late")

    def view(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(failing)
        return Response("ok")

    app = make_app({"home": view})
    with pytest.raises(KeyError):
        app.web.get("/home")

    assert app.recorded() == []


def test_a_tracker_made_after_the_response_releases(make_app: MakeApp) -> None:
    """A subscriber to NewResponse is the first to track."""
    app = make_app(
        {"home": lambda request: Response("ok")},
        configure=lambda config: config.add_subscriber(
            lambda event: tracked(event.request), NewResponse
        ),
    )
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


def test_an_outer_error_does_not_discard(make_app: MakeApp) -> None:
    """A middleware may call the app while it handles an error of its own."""
    app = make_app({"home": answering(HTTPOk)})
    try:
        raise KeyError("of the middleware")
    except KeyError:
        app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


@pytest.mark.parametrize(("status", "events"), [(503, []), (404, ["Page Viewed"])])
def test_the_answer_counts_as_later_callbacks_leave_it(
    make_app: MakeApp, status: int, events: list[str]
) -> None:
    """A response callback that runs after ours may change the status."""

    def view(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(
            lambda request, response: setattr(response, "status_int", status)
        )
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home", status=status)

    assert app.recorded() == events


def test_what_a_later_request_tracks_for_a_failed_one_leaves_at_once(
    make_app: MakeApp,
) -> None:
    """The verdict was on what came before; nothing will ask again."""

    def later(request: Request) -> Response:
        app.requests[0].mixpanel.track(Events.user_charged)
        return Response("ok")

    app = make_app({"home": answering(HTTPInternalServerError), "later": later})
    app.web.get("/home", status=500)
    app.web.get("/later")

    (message,) = app.requests[0].mixpanel.mocked_messages
    assert message["msg"]["event"] == "User Charged"

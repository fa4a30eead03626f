"""What subrequests and requests within requests track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyramid.httpexceptions import HTTPOk
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, flush

from .views import add_error_page, answering, parent, raising, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink


def test_a_subrequest_hands_its_messages_to_its_parent(make_app: MakeApp) -> None:
    """Where the parent succeeds, both are released."""
    app = make_app({"home": parent("/inner"), "inner": answering(HTTPOk)})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In", "Page Viewed"]


def test_a_subrequest_shares_the_fate_of_its_parent(make_app: MakeApp) -> None:
    """Where the parent fails, both are discarded."""
    broken = parent("/inner", then=ValueError("broken"))
    app = make_app({"home": broken, "inner": answering(HTTPOk)}, None, add_error_page)
    app.web.get("/home", status=500)

    outer, inner = app.requests
    assert outer.mixpanel.mocked_messages == []
    assert inner.mixpanel.mocked_messages == []


def test_a_subrequest_that_fails_tells_its_parent_nothing(make_app: MakeApp) -> None:
    """The parent caught the error, and what it tracked itself is released."""
    app = make_app({"home": parent("/inner"), "inner": raising(LookupError("gone"))})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In"]


def test_a_parent_that_tracks_nothing_itself_still_counts(make_app: MakeApp) -> None:
    """Its tracker is made when its subrequest hands over."""

    def view(request: Request) -> Response:
        request.invoke_subrequest(Request.blank("/inner"))
        raise ValueError("broken")

    app = make_app({"home": view, "inner": answering(HTTPOk)}, None, add_error_page)
    app.web.get("/home", status=500)

    assert app.recorded() == []


def test_another_app_inside_a_request_is_no_subrequest(make_app: MakeApp) -> None:
    """It has settings, and a project, of its own."""
    other = make_app({"inner": answering(HTTPOk)})

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        other.web.get("/inner")
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In"]
    assert other.recorded() == ["Page Viewed"]


def test_a_subrequest_after_the_verdict_follows_it_too(make_app: MakeApp) -> None:
    """In a finished callback of a request that failed."""

    def late(request: Request) -> None:
        request.invoke_subrequest(Request.blank("/inner"))

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        request.add_finished_callback(late)
        return Response("sorry", status=500)

    app = make_app({"home": view, "inner": answering(HTTPOk)})
    app.web.get("/home", status=500)

    outer, inner = app.requests
    assert outer.mixpanel.mocked_messages == []
    assert inner.mixpanel.mocked_messages == []


def test_a_subrequest_of_a_request_without_our_tracker_is_sent_by_itself(
    make_app: MakeApp, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """As where the application put something else in its place; no error is logged."""

    def view(request: Request) -> Response:
        request.mixpanel = None
        request.invoke_subrequest(Request.blank("/inner"))
        return Response("ok")

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view, "inner": answering(HTTPOk)}, settings)
    app.web.get("/home")

    assert flush(app.registry)
    assert sink.event_names() == ["Page Viewed"]
    assert "not handed over" not in caplog.text


class Stub:
    """What a test puts in the place of a tracker."""


def test_a_subrequest_sends_by_itself_where_its_parent_has_no_tracker(
    make_app: MakeApp, sink: Sink
) -> None:
    """A test may put something else there; what is tracked inside is not lost."""

    def view(request: Request) -> Response:
        request.mixpanel = Stub()
        request.invoke_subrequest(Request.blank("/inner"))
        return Response("done")

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view, "inner": answering(HTTPOk)}, settings)
    app.web.get("/home")

    assert flush(app.registry, 10)
    assert sink.event_names() == ["Page Viewed"]

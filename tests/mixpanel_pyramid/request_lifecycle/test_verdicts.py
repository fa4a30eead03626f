"""Which answers and errors release what a request tracked, and which discard it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPForbidden,
    HTTPFound,
    HTTPInternalServerError,
    HTTPNoContent,
    HTTPNotFound,
    HTTPOk,
    HTTPServiceUnavailable,
    exception_response,
)
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import EXCVIEW

from .views import View, add_error_page, answering, raising, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


Answer = Exception | type[Exception]


@pytest.mark.parametrize("status", [200, 201, 204, 302, 304, 400, 403, 404, 409, 499])
def test_a_returned_answer_below_500_releases(make_app: MakeApp, status: int) -> None:
    """A refusal that the view returns is a decision, not a failure."""
    view = answering(exception_response(status) if status < 499 else Response("x", 499))
    app = make_app({"home": view})
    app.web.get("/home", status=status)

    assert app.recorded() == ["Page Viewed"]
    assert app.requests[0].mixpanel.api._consumer.flushed


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_returned_5xx_discards(make_app: MakeApp, status: int) -> None:
    """What the messages tell of did not happen."""
    app = make_app({"home": answering(exception_response(status))})
    app.web.get("/home", status=status)

    assert app.recorded() == []
    assert not app.requests[0].mixpanel.api._consumer.flushed


@pytest.mark.parametrize("answer", [HTTPOk, HTTPNoContent, HTTPFound("/elsewhere")])
def test_a_raised_answer_below_400_releases(make_app: MakeApp, answer: Answer) -> None:
    """Raising a redirect is a way to answer."""
    app = make_app({"home": raising(answer)})
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


@pytest.mark.parametrize(
    "answer",
    [
        HTTPBadRequest,
        HTTPForbidden,
        HTTPNotFound,
        HTTPInternalServerError,
        HTTPServiceUnavailable,
    ],
)
def test_a_raised_answer_from_400_discards(make_app: MakeApp, answer: Answer) -> None:
    """Raising a refusal undoes what the view has done."""
    app = make_app({"home": raising(answer)})
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == []


def test_an_exception_discards(make_app: MakeApp) -> None:
    """Without an exception view it reaches the server."""
    app = make_app({"home": raising(KeyError("no such thing"))})
    with pytest.raises(KeyError):
        app.web.get("/home")

    assert app.recorded() == []


def test_a_raised_redirect_without_exception_views_discards(make_app: MakeApp) -> None:
    """Nothing makes an answer of it, so it fails like any exception."""
    views = {"home": raising(HTTPFound("/elsewhere"))}
    app = make_app(views, {"pyramid.tweens": "mixpanel_pyramid_no_tweens.nothing"})
    with pytest.raises(HTTPFound):
        app.web.get("/home")

    assert app.recorded() == []


@pytest.mark.parametrize("status", [200, 400, 500])
def test_lesson_2_an_exception_view_does_not_make_it_a_success(
    make_app: MakeApp, status: int
) -> None:
    """pyramid_mixpanel sent the events of a request that failed."""
    app = make_app(
        {"home": raising(ValueError("broken"))},
        configure=lambda config: add_error_page(config, status),
    )
    app.web.get("/home", status=status)

    assert app.recorded() == []


def test_an_exception_view_leaves_a_raised_redirect_a_success(
    make_app: MakeApp,
) -> None:
    """Pyramid's own exception view makes the answer."""
    app = make_app(
        {"home": raising(HTTPFound("/elsewhere"))},
        configure=lambda config: add_error_page(config),
    )
    app.web.get("/home", status=302)

    assert app.recorded() == ["Page Viewed"]


def test_an_error_that_the_view_handles_is_none(make_app: MakeApp) -> None:
    """Only what leaves the view counts."""

    def view(request: Request) -> Response:
        tracked(request)
        try:
            raise KeyError
        except KeyError:
            return Response("all the same")

    app = make_app({"home": view})
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


@pytest.mark.parametrize(
    ("tweens", "view", "kept"),
    [
        (EXCVIEW, answering(HTTPOk), ["Page Viewed"]),
        (EXCVIEW, raising(ValueError("broken")), []),
        ("mixpanel_pyramid_no_tweens.nothing", answering(HTTPOk), ["Page Viewed"]),
    ],
    ids=["released", "discarded", "without exception views"],
)
def test_a_hand_written_list_of_tweens_changes_nothing(
    make_app: MakeApp, tweens: str, view: View, kept: list[str]
) -> None:
    """Such a list drops the tweens of add-ons silently; this package has none."""
    app = make_app({"home": view}, {"pyramid.tweens": tweens}, add_error_page)
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == kept

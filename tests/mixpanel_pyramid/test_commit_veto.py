"""``mixpanel.commit_veto``: the application discards what would be released."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_tm import explicit_manager

from mixpanel_pyramid import Event, Events, flush

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink

View = Callable[[Request], Any]
MakeShop = Callable[..., "Shop"]
HERE = __name__
asked: list[tuple[str, int]] = []


def veto(request: Request, response: Response) -> object:
    """Discard where the answer says so in a header."""
    asked.append((request.path, response.status_int))
    return response.headers.get("X-Discard")


def broken_veto(request: Request, response: Response) -> object:
    """Fail."""
    raise RuntimeError("no opinion")


def tracking_veto(request: Request, response: Response) -> object:
    """Track that it was asked, and discard."""
    tracked(request, Events.user_disabled)
    return True


def view(request: Request) -> Response:
    """Track, and answer as the request wants it."""
    tracked(request)
    return answer(request)


def answer(request: Request) -> Response:
    """Answer with the status, and the wish to discard, that the request names."""
    response = Response("ok", status=int(request.params.get("status", 200)))
    if "discard" in request.params:
        response.headers["X-Discard"] = "please"
    return response


def tracked(request: Request, event: Event = Events.page_viewed) -> None:
    """Track an event."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(event)


class Shop:
    """An app with a veto, and where its messages come out."""

    def __init__(self, app: App, sink: Sink | None) -> None:
        self.app = app
        self.sink = sink

    def get(self, query: str = "", status: int = 200) -> list[str]:
        """Ask for the view, and give the names of the events that were released."""
        self.app.web.get(f"/view?{query}", status=status)
        if self.sink is None:
            messages = self.app.requests[-1].mixpanel.mocked_messages
            return [message["msg"]["event"] for message in messages]
        assert flush(self.app.registry)
        return self.sink.event_names()


@pytest.fixture(params=["recorded", "sent"])
def make_shop(request: pytest.FixtureRequest, make_app: MakeApp) -> MakeShop:
    """Make an app with a veto, which records or sends."""
    asked.clear()
    sink = request.getfixturevalue("sink") if request.param == "sent" else None

    def make(
        view: View,
        configure: Callable[[Configurator], None] = lambda config: None,
        name: str = "veto",
        **views: View,
    ) -> Shop:
        chosen = {"mixpanel.commit_veto": f"{HERE}.{name}"}
        if sink is not None:
            chosen |= {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
        return Shop(make_app({"view": view, **views}, chosen, configure), sink)

    return make


def with_transactions(config: Configurator) -> None:
    """Give an app transactions."""
    config.add_settings({"tm.manager_hook": "pyramid_tm.explicit_manager"})
    config.include("pyramid_tm")


def test_an_answer_that_is_vetoed_discards(make_shop: MakeShop) -> None:
    """And one that is not vetoed releases."""
    shop = make_shop(view)

    assert shop.get("discard=1") == []
    assert shop.get() == ["Page Viewed"]
    assert asked == [("/view", 200), ("/view", 200)]


def test_no_veto_turns_a_failure_into_a_success(make_shop: MakeShop) -> None:
    """What it returns for a 5xx does not matter."""
    shop = make_shop(view)

    assert shop.get("status=500", 500) == []
    assert shop.get("status=500&discard=1", 500) == []


def test_what_a_transaction_committed_can_be_vetoed(make_shop: MakeShop) -> None:
    """A release is a release, whatever it rests on."""
    shop = make_shop(view, with_transactions)

    assert shop.get("discard=1") == []
    assert shop.get("status=500&discard=1", 500) == []
    assert shop.get("status=500", 500) == ["Page Viewed"]


def test_what_a_transaction_aborted_stays_discarded(make_shop: MakeShop) -> None:
    """A veto that has nothing against it brings nothing back."""

    def doomed(request: Request) -> Response:
        tracked(request)
        request.tm.doom()
        return answer(request)

    assert make_shop(doomed, with_transactions).get() == []


def test_the_answer_is_the_final_one(make_shop: MakeShop) -> None:
    """Callbacks that come after ours may still change it."""

    def changing(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(late)
        return answer(request)

    def late(request: Request, response: Response) -> None:
        response.status_int = 202
        response.headers["X-Discard"] = "yes"

    assert make_shop(changing).get(status=202) == []
    assert asked == [("/view", 202)]


def test_what_is_tracked_after_the_veto_follows_it(make_shop: MakeShop) -> None:
    """In a finished callback, while ``track_now`` waits for nothing."""

    def finishing(request: Request) -> Response:
        tracked(request)
        request.add_finished_callback(late)
        return answer(request)

    def late(request: Request) -> None:
        request.mixpanel.track(Events.user_disabled)
        request.mixpanel.track_now(Events.user_logged_in)

    assert make_shop(finishing).get("discard=1") == ["User Logged In"]


def test_a_transaction_around_the_request_commits_nothing_that_was_vetoed(
    make_app: MakeApp,
) -> None:
    """Neither what was tracked before the veto, nor what came after it."""

    def late(request: Request) -> Response:
        tracked(request)
        request.add_finished_callback(tracked)
        return answer(request)

    manager = explicit_manager(None)
    environ = {"tm.active": True, "tm.manager": manager}

    def configure(config: Configurator) -> None:
        config.include("pyramid_tm")

    app = make_app({"view": late}, {"mixpanel.commit_veto": f"{HERE}.veto"}, configure)
    manager.begin()
    app.web.get("/view?discard=1", extra_environ=environ)
    manager.commit()

    assert app.requests[0].mixpanel.mocked_messages == []


def test_a_subrequest_is_asked_about_too(make_shop: MakeShop) -> None:
    """And the veto on its parent takes what it handed over."""

    def inner(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        return answer(request)

    def outer(request: Request) -> Response:
        tracked(request)
        request.invoke_subrequest(Request.blank(f"/inner?{request.params['inner']}=1"))
        return answer(request)

    shop = make_shop(outer, inner=inner)

    assert shop.app.web.get("/view?inner=discard&discard=1").status_int == 200
    assert shop.app.requests[-1].path == "/inner"
    assert asked == [("/inner", 200), ("/view", 200)]
    assert all(
        getattr(request.mixpanel, "mocked_messages", []) == []
        for request in shop.app.requests
        if shop.sink is None
    )
    shop.app.web.get("/view?inner=keep&discard=1")
    assert flush(shop.app.registry)
    assert shop.sink is None or shop.sink.event_names() == []


def test_a_veto_that_fails_vetoes_nothing(
    make_shop: MakeShop, caplog: pytest.LogCaptureFixture
) -> None:
    """And breaks nothing; the log has it."""
    assert make_shop(view, name="broken_veto").get() == ["Page Viewed"]
    (line,) = [each for each in caplog.messages if "veto" in each]
    assert line == "mixpanel.commit_veto failed; nothing is vetoed"
    assert "no opinion" in caplog.text


def test_without_an_answer_nobody_is_asked(make_shop: MakeShop) -> None:
    """An exception discards by itself."""

    def failing(request: Request) -> Response:
        tracked(request)
        raise RuntimeError("oh no")

    shop = make_shop(failing)
    with pytest.raises(RuntimeError):
        shop.get()

    assert asked == []


def test_without_an_answer_what_was_committed_stays(make_app: MakeApp) -> None:
    """Nobody is asked whether to discard it."""
    asked.clear()

    def view(request: Request) -> None:
        tracked(request)
        request.tm.commit()
        raise ValueError("after the commit")

    def configure(config: Configurator) -> None:
        config.include("pyramid_tm")

    settings = {"mixpanel.commit_veto": f"{HERE}.veto"}
    app = make_app({"view": view}, settings, configure)
    with pytest.raises(ValueError, match="after the commit"):
        app.web.get("/view")

    assert asked == []
    assert app.recorded() == ["Page Viewed"]


def test_what_a_veto_tracks_itself_is_discarded_with_the_rest(
    make_shop: MakeShop,
) -> None:
    """It belongs to the request, though the transaction is committed by then."""
    assert make_shop(view, with_transactions, name="tracking_veto").get() == []

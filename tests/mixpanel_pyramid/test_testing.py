"""The recorder: what counts as tracked, in every way that an app is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import pytest
import transaction
from pyramid import testing
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.registry import Registry
from pyramid.request import Request, apply_request_extensions
from pyramid.response import Response
from pyramid.router import Router
from pyramid.scripting import prepare
from webtest import TestApp

from mixpanel_pyramid import EventProperties, Events, MixpanelTrack, ProfileProperties
from mixpanel_pyramid.testing import (
    GroupUpdate,
    ProfileUpdate,
    Recorder,
    TrackedEvent,
    recorder,
    recording,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink

View = Callable[[Request], Any]
Serve = Callable[[object], AbstractContextManager[str]]


def visit(request: Request) -> Response:
    """Track a visit."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.page_viewed, {EventProperties.path: request.path})
    return Response("seen")


def broken(request: Request) -> Response:
    """Track a visit, and fail."""
    visit(request)
    raise RuntimeError("no seat left")


def unavailable(request: Request) -> Response:
    """Track a visit, and answer 503."""
    visit(request)
    return Response("later", status=503)


def make(
    *views: View,
    settings: dict[str, Any] | None = None,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> Router:
    """Make an app with a view a path, and what it includes."""
    with Configurator(settings=settings or {}) as config:
        for name in before:
            config.include(name)
        for view in views:
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
        for name in after:
            config.include(name)
        return config.make_wsgi_app()


OURS, TESTING, TM = "mixpanel_pyramid", "mixpanel_pyramid.testing", "pyramid_tm"
VISIT = TrackedEvent("Page Viewed", "joe", {"Path": "/visit"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((OURS, TESTING), ()),
        ((TESTING, OURS), ()),
        ((TESTING,), (OURS,)),
        ((OURS,), (TESTING,)),
        ((TESTING,), ()),
    ],
    ids=["before", "after", "long before", "long after", "alone"],
)
@pytest.mark.parametrize("token", ["t", "false", None], ids=["real", "off", "absent"])
def test_the_order_of_includes_does_not_matter(
    before: tuple[str, ...], after: tuple[str, ...], token: str | None, sink: Sink
) -> None:
    """Nor does the token: everything is recorded, and nothing is sent."""
    settings = {"mixpanel.token": token} if token else {}
    settings["mixpanel.base_url"] = sink.base_url
    app = make(visit, settings=settings, before=before, after=after)
    TestApp(app).get("/visit")

    assert recorder(app).events == [VISIT]
    assert app.registry.settings["mixpanel.token"] == "false"
    assert sink.posts == []


def test_a_token_that_comes_late_sends_nothing(sink: Sink) -> None:
    """Also where the app sets it after the include."""

    def include_late(config: Configurator) -> None:
        config.add_settings({"mixpanel.token": "t", "mixpanel.base_url": sink.base_url})

    app = make(visit, before=(TESTING, include_late))  # type: ignore[arg-type]
    TestApp(app).get("/visit")

    recorder(app).assert_tracked(Events.page_viewed)
    assert app.registry.settings["mixpanel.token"] == "false"


def test_the_setting_of_pyramid_includes_it() -> None:
    """An app that has a main function needs no change."""
    settings = {"pyramid.includes": "mixpanel_pyramid.testing", "mixpanel.token": "t"}
    app = make(visit, settings=settings, after=(OURS,))
    TestApp(app).get("/visit")

    assert recorder(app).events == [VISIT]


def test_a_configurator_that_commits_at_once_takes_it() -> None:
    """As that of ``pyramid.testing.setUp`` does."""
    config = Configurator(settings={"mixpanel.token": "t"}, autocommit=True)
    config.include("mixpanel_pyramid")
    config.include("mixpanel_pyramid.testing")
    config.add_route("visit", "/visit")
    config.add_view(visit, route_name="visit")
    TestApp(config.make_wsgi_app()).get("/visit")

    assert recorder(config).events == [VISIT]


def test_a_finished_app_records_from_the_call_on(sink: Sink) -> None:
    """What was tracked before was sent; nothing is from here on."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make(visit, settings=settings, before=(OURS,))
    web = TestApp(app)
    web.get("/visit")
    sink.wait_for(1)
    found = recorder(web)
    web.get("/visit")

    assert found.events == [VISIT]
    assert sink.event_names() == ["Page Viewed"]


class Middleware:
    """WSGI middleware, which keeps the app as many do."""

    def __init__(self, application: object) -> None:
        self.application = application


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda app: app,
        lambda app: app.registry,
        TestApp,
        lambda app: Middleware(Middleware(app)),
        lambda app: prepare(registry=app.registry)["request"],
    ],
    ids=["app", "registry", "webtest", "middleware", "request"],
)
def test_the_recorder_is_found_from_anything(
    wrapped: Callable[[Router], object],
) -> None:
    """There is one for each app."""
    app, other = make(before=(TESTING,)), make(before=(TESTING,))

    assert recorder(wrapped(app)) is recorder(app)
    assert recorder(other) is not recorder(app)


def test_what_is_no_app_has_no_recorder() -> None:
    """The refusal says what to give."""
    with pytest.raises(TypeError, match=r"a str has no registry; give the Pyramid app"):
        recorder("app")


@pytest.fixture
def seen() -> Iterator[Recorder]:
    """A recorder of all apps."""
    with recording() as made:
        yield made


@pytest.mark.parametrize("token", ["t", "false"], ids=["real", "off"])
def test_all_apps_of_the_process_are_recorded(token: str, sink: Sink) -> None:
    """As long as it lasts, and whatever their settings are."""
    settings = {"mixpanel.token": token, "mixpanel.base_url": sink.base_url}
    one, other = (make(visit, settings=settings, before=(OURS,)) for _ in "12")
    with recording() as made:
        TestApp(one).get("/visit")
        TestApp(other).get("/visit")
    TestApp(make(visit, before=(TESTING,))).get("/visit")

    assert made.events == [VISIT, VISIT]
    assert sink.posts == []


def test_after_the_recording_the_app_sends_again(sink: Sink) -> None:
    """Nothing of the recorder stays in the app."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make(visit, settings=settings, before=(OURS,))
    with recording() as made:
        TestApp(app).get("/visit")
    TestApp(app).get("/visit")
    sink.wait_for(1)

    assert made.events == [VISIT]
    assert sink.event_names() == ["Page Viewed"]


def test_an_apps_own_recorder_records_beside_that_of_all(seen: Recorder) -> None:
    """They do not disturb each other."""
    app = make(visit, before=(TESTING,))
    TestApp(app).get("/visit")
    seen.clear()

    assert recorder(app).events == [VISIT]
    assert seen.events == []


def test_a_real_server_is_recorded(serve: Serve) -> None:
    """Requests come from several threads at once, and none is lost."""
    app = make(visit, before=(TESTING,))
    direct = build_opener(ProxyHandler({}))

    def ask(url: str) -> bytes:
        with direct.open(url, timeout=30) as response:
            answer: bytes = response.read()
        return answer

    with serve(app) as address, ThreadPoolExecutor(4) as clients:
        answers = list(clients.map(ask, [f"{address}/visit"] * 100))

    assert answers == [b"seen"] * 100
    assert recorder(app).events == [VISIT] * 100


def test_a_script_is_recorded(seen: Recorder) -> None:
    """When it closes what ``prepare`` gave it."""
    with prepare(registry=make(before=(OURS,)).registry) as env:
        env["request"].mixpanel.distinct_id = "joe"
        env["request"].mixpanel.track(Events.page_viewed)

    seen.assert_tracked(Events.page_viewed, distinct_id="joe")


def test_a_view_that_is_called_alone_is_recorded(seen: Recorder) -> None:
    """A DummyRequest has no end, so what it tracks counts at once."""
    request = testing.DummyRequest(path="/alone")
    with testing.testConfig(request=request) as config:
        config.include("mixpanel_pyramid")
        config.commit()
        apply_request_extensions(request)
        visit(request)

    [found] = seen.events
    assert found.where == "GET /alone"
    assert len(request.mixpanel.mocked_messages) == 1


def test_a_tracker_without_a_request_is_recorded(seen: Recorder, sink: Sink) -> None:
    """As in a task of Celery, which a test calls as a function."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    tracker = MixpanelTrack(settings, distinct_id="joe")
    tracker.track(Events.page_viewed)

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {})]
    assert seen.events[0].where == "no request"
    assert sink.posts == []


@pytest.mark.parametrize("view", [broken, unavailable], ids=["raises", "503"])
def test_what_a_failed_request_tracked_is_not_there(view: View, seen: Recorder) -> None:
    """It was never sent either."""
    app = make(view, before=(OURS,))
    with suppress(RuntimeError):
        TestApp(app).get(f"/{view.__name__}", status=503)

    seen.assert_not_tracked(Events.page_viewed)
    assert seen.messages == []


def test_what_is_tracked_now_is_there(seen: Recorder) -> None:
    """Whatever becomes of the request."""

    def login(request: Request) -> Response:
        request.mixpanel.track_now(Events.user_logged_in, distinct_id="joe")
        raise HTTPForbidden

    TestApp(make(login, before=(OURS,))).get("/login", status=403)

    seen.assert_tracked(Events.user_logged_in)


def test_what_a_stream_tracks_is_there(seen: Recorder) -> None:
    """Its request is over by then."""

    def stream(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            visit(request)
            yield b"streamed"

        return Response(app_iter=body())

    TestApp(make(stream, before=(OURS,))).get("/stream")

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {"Path": "/stream"})]


def asks_inside(request: Request) -> Response:
    """Ask the same app for a visit."""
    return request.invoke_subrequest(Request.blank("/visit"))


def fails_outside(request: Request) -> Response:
    """Ask the same app for a visit, and fail."""
    asks_inside(request)
    raise RuntimeError("no seat left")


def test_a_subrequest_shares_the_fate_of_its_parent(seen: Recorder) -> None:
    """It is there, once, when the parent has succeeded."""
    web = TestApp(make(visit, asks_inside, fails_outside, before=(OURS,)))
    web.get("/asks_inside")
    with pytest.raises(RuntimeError):
        web.get("/fails_outside")

    assert seen.events == [VISIT]
    assert [event.where for event in seen.events] == ["GET /visit"]


def test_only_committed_messages_are_there(seen: Recorder) -> None:
    """Under pyramid_tm, with an exception view that answers 200 and with savepoints."""

    def commits(request: Request) -> Response:
        visit(request)
        savepoint = request.tm.savepoint()
        request.mixpanel.track(Events.user_logged_in)
        savepoint.rollback()
        return Response("done", status=500)

    app = make(commits, broken, before=(TM, OURS, sorry))  # type: ignore[arg-type]
    TestApp(app).get("/commits", status=500)
    TestApp(app).get("/broken")

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {"Path": "/commits"})]


def sorry(config: Configurator) -> None:
    """Answer 200 where a view failed."""
    config.add_exception_view(lambda error, request: Response("sorry"))


def under_the_tests_transaction(app: Router, path: str, manager: object) -> None:
    """Ask as the tests of Pyramid's cookiecutter do, which abort in the end."""
    environ = {"tm.active": True, "tm.manager": manager}
    TestApp(app, extra_environ=environ).get(path, expect_errors=True)


def test_a_transaction_of_the_test_counts_as_committed(seen: Recorder) -> None:
    """Nothing ever is committed there; once it is aborted, nothing was tracked."""
    app = make(visit, unavailable, broken, before=(TM, OURS, sorry))  # type: ignore[arg-type]
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    for path in ("/visit", "/unavailable", "/broken"):
        under_the_tests_transaction(app, path, manager)
    seen_before_the_abort = seen.events
    manager.abort()

    assert seen_before_the_abort == [VISIT]
    assert seen.events == []
    with pytest.raises(AssertionError, match="as its transaction was rolled back"):
        seen.assert_tracked(Events.page_viewed)


def test_a_doomed_transaction_of_the_test_does_not_count(seen: Recorder) -> None:
    """The request has said so itself."""

    def dooms(request: Request) -> Response:
        visit(request)
        request.tm.doom()
        return Response("done")

    app = make(dooms, before=(TM, OURS))
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    under_the_tests_transaction(app, "/dooms", manager)

    seen.assert_not_tracked(Events.page_viewed)
    manager.abort()


def test_a_test_may_commit_its_transaction(seen: Recorder) -> None:
    """Then it is tracked for good."""
    app = make(visit, before=(TM, OURS))
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    under_the_tests_transaction(app, "/visit", manager)
    manager.commit()

    assert seen.events == [VISIT]


def test_profiles_and_groups_are_there(seen: Recorder) -> None:
    """Each with what was done to it."""

    def sign_up(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.profile_set({ProfileProperties.dollar_name: "Joe"})
        request.mixpanel.profile_unset([ProfileProperties.dollar_phone])
        groups = request.mixpanel.group_properties
        request.mixpanel.group_set("company", "acme", {groups.dollar_name: "Acme"})
        return Response("welcome")

    TestApp(make(sign_up, before=(OURS,))).get("/sign_up")

    assert seen.profile_updates == [
        ProfileUpdate("joe", "$set", {"$name": "Joe"}),
        ProfileUpdate("joe", "$unset", ["$phone"]),
    ]
    assert seen.group_updates == [
        GroupUpdate("company", "acme", "$set", {"$name": "Acme"})
    ]
    assert seen.messages[0] == {
        "endpoint": "people",
        "msg": {"$distinct_id": "joe", "$set": {"$name": "Joe"}},
    }
    assert repr(seen) == "<Recorder: 3 messages>"


def test_messages_come_in_the_order_in_which_they_left(make_app: MakeApp) -> None:
    """What leaves at once comes before what waited."""

    def order(request: Request) -> Response:
        visit(request)
        request.mixpanel.track_now(Events.user_logged_in)
        return Response("done")

    app: App = make_app({"order": order})
    found = recorder(app.registry)
    app.web.get("/order")

    assert [event.name for event in found.events] == ["User Logged In", "Page Viewed"]


def test_nobody_listens_to_an_app_without_a_recorder(make_app: MakeApp) -> None:
    """Its registry holds nothing of this module."""
    app = make_app({"visit": visit})
    app.web.get("/visit")

    assert isinstance(app.registry, Registry)
    assert [key for key in app.registry if str(key).startswith("mixpanel")] == [
        "mixpanel_pyramid"
    ]
    assert type(app.requests[0].mixpanel).__name__ == "MixpanelTrack"

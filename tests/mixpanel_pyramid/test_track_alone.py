"""A tracker without a request: in scripts, and in tasks of RQ and Celery."""

from __future__ import annotations

import inspect
import logging
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from pyramid import testing
from pyramid.request import Request
from pyramid.response import Response

import mixpanel_pyramid
from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
)
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.track import (
    distinct_id_is_required,
    mixpanel_flush,
    mixpanel_init,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink


def settings_for(sink: Sink) -> dict[str, object]:
    """Write the settings that send to a sink."""
    return {"mixpanel.token": "the-token", "mixpanel.base_url": sink.base_url}


def test_it_hands_over_at_each_call(sink: Sink) -> None:
    """Nothing has to be flushed, where the process lives on."""
    mixpanel = MixpanelTrack(settings_for(sink), "joe")
    mixpanel.track(Events.page_viewed)

    assert sink.wait_for(1)[0].messages[0]["event"] == "Page Viewed"


@pytest.mark.parametrize("way", ["tracker", "api"])
def test_flushing_waits_for_the_delivery(sink: Sink, way: str) -> None:
    """Of the tracker, and of its ``api`` as users of the official library do it."""
    mixpanel = MixpanelTrack(settings_for(sink), "joe")
    for _ in range(60):
        mixpanel.track(Events.page_viewed)
    is_done = (
        mixpanel.flush(timeout=10)
        if way == "tracker"
        else mixpanel.api._consumer.flush()
    )

    assert is_done is True
    assert len(sink.event_names()) == 60


def test_flushing_ends_in_time(sink: Sink, reply: type[Reply]) -> None:
    """And says that something still waits."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    mixpanel = MixpanelTrack(settings_for(sink), "joe")
    mixpanel.track(Events.page_viewed)

    assert mixpanel.flush(timeout=0.05) is False
    hold.set()
    assert mixpanel.flush(timeout=10) is True


def test_a_with_flushes(sink: Sink) -> None:
    """Also where it ends with an exception: what was tracked has happened."""

    def failing(mixpanel: MixpanelTrack) -> None:
        with mixpanel:
            mixpanel.track(Events.user_charged)
            raise ZeroDivisionError

    with MixpanelTrack(settings_for(sink), "joe") as mixpanel:
        mixpanel.track(Events.page_viewed)
    with pytest.raises(ZeroDivisionError):
        failing(mixpanel)

    assert sink.event_names() == ["Page Viewed", "User Charged"]


def test_a_with_that_ends_too_early_says_so(
    sink: Sink, reply: type[Reply], caplog: pytest.LogCaptureFixture
) -> None:
    """After ``mixpanel.flush_timeout``, and without raising."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    settings = {**settings_for(sink), "mixpanel.flush_timeout": "0.05"}
    with MixpanelTrack(settings, "joe") as mixpanel:
        mixpanel.track(Events.page_viewed)

    assert caplog.record_tuples == [
        (
            "mixpanel_pyramid.track",
            logging.WARNING,
            "Mixpanel messages still wait after mixpanel.flush_timeout, 0.05 s",
        )
    ]
    hold.set()
    assert mixpanel.flush(timeout=10)


def test_lesson_11_a_task_that_ends_by_os_exit_loses_nothing(sink: Sink) -> None:
    """As those of RQ and Celery do: no ``atexit``, no thread is waited for."""
    code = (
        "import os\n"
        "from mixpanel_pyramid import Events, MixpanelTrack\n"
        f"with MixpanelTrack({settings_for(sink)!r}, 'joe') as mixpanel:\n"
        "    mixpanel.track(Events.page_viewed)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

    assert sink.event_names() == ["Page Viewed"]


def test_flushing_in_a_request_waits_for_nothing(make_app: MakeApp, sink: Sink) -> None:
    """Messages leave when it is over; a view that waits is slow, and lies."""
    answers: list[object] = []

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        answers.append(request.mixpanel.flush())
        request.mixpanel.track(Events.page_viewed)
        answers.append(request.mixpanel.flush())
        answers.append(request.mixpanel.api._consumer.flush())
        assert sink.posts == []
        return Response("ok", status=500)

    make_app({"view": view}, settings_for(sink)).web.get("/view", status=500)

    assert answers == [True, False, False]
    assert sink.posts == []


def test_flushing_while_recording_is_noted() -> None:
    """As in pyramid_mixpanel."""
    with MixpanelTrack({"mixpanel.token": False}) as mixpanel:
        assert mixpanel.api._consumer.flushed is False

    assert mixpanel.api._consumer.flushed is True


SIGNATURES = {
    "track": "event, props=None, skip_customerio=False, *, distinct_id=None, "
    "time=None, insert_id=None",
    "track_now": "event, props=None, skip_customerio=False, *, distinct_id=None, "
    "time=None, insert_id=None",
    "profile_set": "props, meta=None, skip_customerio=False",
    "profile_set_once": "props, meta=None",
    "people_append": "props, meta=None",
    "profile_append": "props, meta=None",
    "people_union": "props, meta=None",
    "profile_union": "props, meta=None",
    "profile_increment": "props",
    "profile_remove": "props",
    "profile_unset": "names",
    "profile_delete": "ignore_alias=False",
    "profile_track_charge": "amount, props=None",
    "group_set": "group_key, group_id, props",
    "group_set_once": "group_key, group_id, props",
    "group_union": "group_key, group_id, props",
    "group_remove": "group_key, group_id, props",
    "group_unset": "group_key, group_id, names",
    "group_delete": "group_key, group_id",
    "alias": "alias_id, original=None",
    "flush": "timeout=5.0",
}


@pytest.mark.parametrize("method", SIGNATURES)
def test_methods_take_what_the_documentation_says(method: str) -> None:
    """Names and defaults are what callers rely on."""
    signature = inspect.signature(getattr(MixpanelTrack, method))
    bare = signature.replace(
        parameters=[
            parameter.replace(annotation=inspect.Parameter.empty)
            for parameter in signature.parameters.values()
        ],
        return_annotation=inspect.Signature.empty,
    )

    assert str(bare) == f"(self, {SIGNATURES[method]})"


def test_a_tracker_has_its_catalogues_and_more() -> None:
    """All attributes that are documented."""
    mixpanel = MixpanelTrack({}, "joe", {EventProperties.title: "Home"})
    mixpanel.track(Events.page_viewed)

    assert mixpanel.distinct_id == "joe"
    assert mixpanel.global_event_props == {EventProperties.title: "Home"}
    assert mixpanel.events == Events()
    assert mixpanel.event_properties == EventProperties()
    assert mixpanel.profile_properties == ProfileProperties()
    assert mixpanel.profile_meta_properties == ProfileMetaProperties()
    assert mixpanel.api._consumer.mocked_messages == mixpanel.mocked_messages


def test_the_former_names_of_the_module_still_work(make_app: MakeApp) -> None:
    """Those of ``pyramid_mixpanel.track``."""

    class Tracker(MixpanelTrack):
        @distinct_id_is_required
        def greet(self, name: str) -> str:
            """Greet."""
            return f"hello {name}"

    def view(request: Request) -> Response:
        assert mixpanel_init(request) is request.mixpanel
        mixpanel_flush(request)
        return Response("ok")

    tracker = Tracker({})
    with pytest.raises(DistinctIdMissingError):
        tracker.greet("Joe")
    tracker.distinct_id = "joe"

    assert tracker.greet("Joe") == "hello Joe"
    assert make_app({"view": view}).web.get("/view").status_int == 200


def test_a_request_without_a_tracker_gets_one_of_its_own() -> None:
    """As in a unit test that was written for pyramid_mixpanel."""
    settings = {"mixpanel.token": False}
    with testing.testConfig(
        settings=settings, request=testing.DummyRequest()
    ) as config:
        request = testing.DummyRequest(user=SimpleNamespace(distinct_id="joe"))
        request.registry = config.registry
        mixpanel = mixpanel_init(request)
        mixpanel.track(Events.page_viewed)

    [message] = mixpanel.api._consumer.mocked_messages
    assert message["msg"]["properties"] == {"distinct_id": "joe"}


def test_queries_say_where_they_have_gone() -> None:
    """Where the import of pyramid_mixpanel's users fails."""
    with pytest.raises(ImportError) as caught:
        from mixpanel_pyramid import MixpanelQuery  # noqa: F401

    assert str(caught.value) == (
        "MixpanelQuery is in the package mixpanel-query; install it, "
        "and write: from mixpanel_query import MixpanelQuery"
    )
    assert "MixpanelQuery" not in dir(mixpanel_pyramid)

"""What becomes of values that Mixpanel does not take: ``mixpanel.on_invalid``."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import (
    EventProperties,
    Events,
    GroupProperties,
    MixpanelTrack,
    MockedConsumer,
    ProfileMetaProperties,
    ProfileProperties,
    delivery_stats,
    flush,
)
from mixpanel_pyramid.invalid_values import InvalidCounts
from mixpanel_schema import InvalidValueError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink

Call = Callable[[MixpanelTrack], None]
NAN = math.nan

CALLS: dict[str, Call] = {
    "track": lambda mixpanel: mixpanel.track(
        Events.page_viewed, {EventProperties.title: NAN, EventProperties.path: "/"}
    ),
    "profile": lambda mixpanel: mixpanel.profile_set(
        {ProfileProperties.dollar_name: NAN, ProfileProperties.dollar_email: "e"}
    ),
    "meta": lambda mixpanel: mixpanel.profile_set(
        {ProfileProperties.dollar_email: "e"}, {ProfileMetaProperties.dollar_ip: NAN}
    ),
    "group": lambda mixpanel: mixpanel.group_set(
        "company",
        "acme",
        {GroupProperties.dollar_name: "Acme", GroupProperties.dollar_email: NAN},
    ),
    "api": lambda mixpanel: mixpanel.api.track("joe", "Free", {"a": 1, "b": NAN}),
    "half a pair": lambda mixpanel: mixpanel.api.track(
        "joe", "Free", {"a": 1, "b": ["Joe \ud83d"]}
    ),
    "a long number": lambda mixpanel: mixpanel.api.people_increment(
        "joe", {"a": 1, "b": 10**5000}
    ),
}


def tracker(token: str, on_invalid: str | None) -> MixpanelTrack:
    """Make a tracker whose messages are recorded, whatever the token."""
    settings: dict[str, Any] = {
        "mixpanel.token": token,
        "mixpanel.on_invalid": on_invalid,
    }
    return MixpanelTrack(settings, "joe", consumer=MockedConsumer())


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("token", "on_invalid"),
    [("false", None), ("false", "raise"), ("the-token", "raise")],
    ids=["recording", "recording, said so", "sending, said so"],
)
def test_what_cannot_be_sent_raises(
    call: Call, token: str, on_invalid: str | None
) -> None:
    """While recording, and wherever the setting says so."""
    mixpanel = tracker(token, on_invalid)
    with pytest.raises(InvalidValueError):
        call(mixpanel)

    assert mixpanel.mocked_messages == []
    assert mixpanel.settings.invalid_counts.mended == 0


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("token", "on_invalid"),
    [("the-token", None), ("the-token", "log"), ("false", "Log")],
    ids=["sending", "sending, said so", "recording, said so"],
)
def test_what_cannot_be_sent_is_left_out(
    call: Call, token: str, on_invalid: str | None
) -> None:
    """While sending, and wherever the setting says so; it is counted."""
    mixpanel = tracker(token, on_invalid)
    call(mixpanel)

    assert len(mixpanel.mocked_messages) == 1
    assert "nan" not in str(mixpanel.mocked_messages)
    assert mixpanel.settings.invalid_counts.mended == 1
    assert mixpanel.settings.invalid_counts.invalid == 0


def test_long_text_is_cut_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    """One value of one message; the log has its name alone."""
    mixpanel = tracker("the-token", None)
    mixpanel.track(Events.page_viewed, {EventProperties.title: "é" * 200})
    properties: Any = mixpanel.mocked_messages[0]["msg"]

    assert properties["properties"]["Title"] == "é" * 127
    assert mixpanel.settings.invalid_counts.mended == 1
    assert "'Title' is cut in" in caplog.text
    assert "éé" not in caplog.text


def test_a_message_that_cannot_be_mended_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Here because of whose it would be."""
    mixpanel = tracker("the-token", None)
    mixpanel.track(Events.page_viewed, distinct_id="anonymous")

    assert mixpanel.mocked_messages == []
    assert mixpanel.settings.invalid_counts.invalid == 1
    assert caplog.text.count("a Mixpanel message is not sent") == 1


def test_the_same_again_does_not_fill_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A crawler that asks for long addresses is one line; all of it is counted."""
    mixpanel = tracker("the-token", None)
    for number in range(5):
        mixpanel.track(Events.page_viewed, {EventProperties.path: "/" * (300 + number)})
        mixpanel.track(Events.page_viewed, distinct_id="anonymous")

    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    counts = mixpanel.settings.invalid_counts
    assert (counts.mended, counts.invalid) == (5, 5)


def test_trackers_of_an_app_count_together() -> None:
    """As they share their settings."""
    first = tracker("the-token", None)
    second = MixpanelTrack(first.settings, "joe", consumer=MockedConsumer())
    CALLS["track"](first)
    CALLS["api"](second)

    assert first.settings.invalid_counts.mended == 2


@pytest.mark.parametrize("is_sending", [True, False])
def test_the_figures_of_an_app_have_them(
    make_app: MakeApp, sink: Sink, is_sending: bool
) -> None:
    """What was mended, and what was dropped because it could not be."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed, {EventProperties.title: NAN})
        request.mixpanel.track(Events.page_viewed, distinct_id="anonymous")
        return Response("ok")

    settings = {"mixpanel.on_invalid": "log", "mixpanel.base_url": sink.base_url}
    if is_sending:
        settings["mixpanel.token"] = "t"
    app = make_app({"view": view}, settings)
    app.web.get("/view")
    app.web.get("/view")
    assert flush(app.registry)
    stats = delivery_stats(app.registry)

    assert stats.mended == 2
    assert stats.dropped == {"invalid": 2}
    assert stats.sent == (2 if is_sending else 0)


def test_counts_of_many_threads_add_up() -> None:
    """None is lost where two threads count at once."""
    counts = InvalidCounts()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [
        Thread(target=lambda: [counts.add(mended=1, invalid=2) for _ in range(2000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)

    assert (counts.mended, counts.invalid) == (8000, 16000)

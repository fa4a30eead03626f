"""Aliases, in projects of Original ID Merge: from the tracker and from its ``api``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, MixpanelTrack, MockedConsumer, flush
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_schema import InvalidValueError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink

MakeAlias = Callable[[MixpanelTrack, str, str], None]

WAYS: dict[str, MakeAlias] = {
    "tracker": lambda mixpanel, new, old: mixpanel.alias(new, old),
    "api": lambda mixpanel, new, old: mixpanel.api.alias(new, old),
}
ways = pytest.mark.parametrize("alias", WAYS.values(), ids=WAYS)


def tracker(token: object = False) -> MixpanelTrack:
    """Make a tracker whose messages are recorded, whatever the token."""
    return MixpanelTrack({"mixpanel.token": token}, "joe", consumer=MockedConsumer())


@ways
def test_an_alias_is_an_event_of_mixpanels_own(alias: MakeAlias) -> None:
    """With the two ids, and nothing else that is not dropped while recording."""
    mixpanel = tracker()
    alias(mixpanel, "joe@web", "joe")

    assert mixpanel.mocked_messages == [
        {
            "endpoint": "events",
            "msg": {
                "event": "$create_alias",
                "properties": {"distinct_id": "joe", "alias": "joe@web"},
            },
        }
    ]


def test_an_alias_is_the_trackers_users_unless_another_is_named() -> None:
    """And of nobody where nobody is known."""
    mixpanel = tracker()
    mixpanel.alias("joe@web")
    mixpanel.distinct_id = None
    with pytest.raises(DistinctIdMissingError):
        mixpanel.alias("jane@web")
    message: Any = mixpanel.mocked_messages[0]["msg"]

    assert message["properties"]["distinct_id"] == "joe"
    assert len(mixpanel.mocked_messages) == 1


@ways
@pytest.mark.parametrize(
    ("new", "old"),
    [("", "joe"), ("joe", "joe"), ("null", "joe"), ("joe", "anonymous")],
)
def test_what_is_no_alias_is_refused_while_recording(
    alias: MakeAlias, new: str, old: str
) -> None:
    """An id of nobody would join strangers."""
    mixpanel = tracker()
    with pytest.raises(InvalidValueError):
        alias(mixpanel, new, old)

    assert mixpanel.mocked_messages == []


@ways
def test_what_is_no_alias_is_not_sent(
    alias: MakeAlias, caplog: pytest.LogCaptureFixture
) -> None:
    """In production it is logged, without the ids, and counted."""
    mixpanel = tracker("the-token")
    alias(mixpanel, "joe", "joe")

    assert mixpanel.mocked_messages == []
    assert mixpanel.settings.invalid_counts.invalid == 1
    assert caplog.messages == [
        "a Mixpanel message is not sent: "
        "the alias is empty, or the user's own id; give another id"
    ]


def test_the_api_lets_meta_override_the_message() -> None:
    """As the library does."""
    mixpanel = tracker()
    mixpanel.api.alias("joe@web", "joe", {"event": "$other"})
    message: Any = mixpanel.mocked_messages[0]["msg"]

    assert message["event"] == "$other"


@ways
def test_lesson_15_an_alias_never_leaves_the_request(
    make_app: MakeApp, sink: Sink, alias: MakeAlias
) -> None:
    """The library posts it at once, to the real Mixpanel, past any consumer."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed)
        alias(request.mixpanel, "joe@web", "joe")
        request.mixpanel.track(Events.user_logged_in)
        assert sink.posts == []
        return Response("ok", status=int(request.params["status"]))

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"view": view}, settings)
    app.web.get("/view?status=500", status=500)
    app.web.get("/view?status=200")
    assert flush(app.registry)
    (sent,) = [m for m in sink.accepted("/track") if m["event"] == "$create_alias"]

    assert sink.event_names() == ["Page Viewed", "$create_alias", "User Logged In"]
    assert sent["properties"].keys() == {
        *("token", "distinct_id", "alias", "time", "$insert_id")
    }

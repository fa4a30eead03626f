"""Direct calls of the official library obey the deferral."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from mixpanel import Mixpanel
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import MixpanelTrack, flush
from mixpanel_pyramid.invalid_values import InvalidCounts
from mixpanel_pyramid.official_api import LenientEncoder
from mixpanel_schema import InvalidValueError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack({"mixpanel.token": "false"}, distinct_id="joe")


def test_the_api_is_the_official_library(tracker: MixpanelTrack) -> None:
    """One object per tracker."""
    assert isinstance(tracker.api, Mixpanel)
    assert tracker.api is tracker.api


def test_its_calls_end_in_the_same_place(tracker: MixpanelTrack) -> None:
    """Events, profiles and groups."""
    tracker.api.track("joe", "Free Text", {"any": "thing"})
    tracker.api.people_append("joe", {"Visited": "home"})
    tracker.api.group_set("company", "acme", {"Seats": 5})

    assert [message["endpoint"] for message in tracker.mocked_messages] == [
        "events",
        "people",
        "groups",
    ]


@pytest.mark.parametrize("status", [200, 500])
def test_imports_wait_for_the_end_of_the_request(
    make_app: MakeApp, sink: Sink, status: int
) -> None:
    """``import_data`` and ``merge``, with the credentials that they came with."""

    def view(request: Request) -> Response:
        api = request.mixpanel.api
        api.import_data(None, "joe", "Old", 1_600_000_000, api_secret="hush")
        api.merge(None, "joe", "jane", api_secret="hush")
        assert sink.posts == []
        return Response("ok", status=status)

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"view": view}, settings)
    app.web.get("/view", status=status)
    assert flush(app.registry)

    assert [(post.path, post.messages[0]["event"]) for post in sink.posts] == (
        [("/import", "Old"), ("/import", "$merge")] if status == 200 else []
    )


def test_imports_are_recorded(tracker: MixpanelTrack) -> None:
    """Without their credentials."""
    tracker.api.import_data("key", "joe", "Old", 1_600_000_000, api_secret="hush")
    tracker.api.merge("key", "joe", "jane")

    assert tracker.mocked_messages == [
        {
            "endpoint": "imports",
            "msg": {"event": "Old", "properties": {"distinct_id": "joe"}},
        },
        {
            "endpoint": "imports",
            "msg": {
                "event": "$merge",
                "properties": {"$distinct_ids": ["joe", "jane"]},
            },
        },
    ]


def test_the_official_library_is_imported_on_first_use_only() -> None:
    """It costs 0.2 s, and most apps never call it."""
    code = (
        "import sys\n"
        "from mixpanel_pyramid import Events, MixpanelTrack\n"
        "tracker = MixpanelTrack({'mixpanel.token': 'off'}, 'joe')\n"
        "tracker.track(Events.page_viewed)\n"
        "print('mixpanel' in sys.modules, 'httpx' in sys.modules)\n"
        "tracker.api.people_set('joe', {'Plan': 'pro'})\n"
        "print('mixpanel' in sys.modules, len(tracker.mocked_messages))\n"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output.splitlines() == ["False False", "True 2"]


def test_what_is_no_message_cannot_be_mended() -> None:
    """A text alone has no value that could be left out."""
    with pytest.raises(InvalidValueError):
        LenientEncoder(InvalidCounts()).encode("\ud800")

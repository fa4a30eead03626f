"""Direct calls of the official library obey the deferral, or are refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from mixpanel import Mixpanel

from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.exceptions import NotDeferrableError


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


@pytest.mark.parametrize(
    "call",
    [
        lambda api: api.merge("key", "one", "two"),
        lambda api: api.import_data("key", "joe", "Old", 1_600_000_000),
    ],
    ids=["merge", "import_data"],
)
def test_what_would_need_an_import_is_refused(
    tracker: MixpanelTrack, call: Callable[[Mixpanel], None]
) -> None:
    """``/import`` is not carried yet."""
    with pytest.raises(NotDeferrableError, match="outside the request"):
        call(tracker.api)

    assert tracker.mocked_messages == []


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

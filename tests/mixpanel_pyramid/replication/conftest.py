"""Trackers that replicate, and that record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from customerio import CustomerIO, CustomerIOException

from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.consumer import BufferConsumer

from .replicated_shop import Kept, ShopProfile, shop_settings

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Workspace


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(shop_settings(), distinct_id="joe")


@pytest.fixture
def kept() -> Kept:
    """What the tracker ``live`` hands over."""
    return Kept()


@pytest.fixture
def live(kept: Kept) -> MixpanelTrack:
    """A tracker that would send."""
    settings = shop_settings(token="the-token")
    consumer = BufferConsumer("t", kept.extend)
    return MixpanelTrack(settings, distinct_id="joe", consumer=consumer)


@pytest.fixture
def official(workspace: Workspace) -> CustomerIO:
    """The official library, talking to the stand-in, to which it speaks http."""
    client = CustomerIO("the-site", "the-key")
    client.base_url = f"{workspace.base_url}/api/v1"
    return client


@pytest.fixture
def both(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> Callable[[object], tuple[object, object]]:
    """Send a value both ways, and give what came of it."""

    def send(value: object) -> tuple[object, object]:
        live.profile_set({ShopProfile.seen: value})
        try:
            official.identify("joe", Seen=value)
            sent = workspace.calls[0].body["Seen"]
        except CustomerIOException:
            sent = "error"
        official.close()
        return sent, kept.items()[0]["attributes"].get("Seen", "left out")

    return send

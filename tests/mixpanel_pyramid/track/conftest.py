"""Trackers that record, and trackers that send to a consumer that keeps."""

from __future__ import annotations

import pytest

from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.consumer import BufferConsumer

from .kept_messages import RECORD, Kept


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(RECORD, distinct_id="joe")


@pytest.fixture
def kept() -> Kept:
    """What the tracker ``live`` hands over."""
    return Kept()


@pytest.fixture
def live(kept: Kept) -> MixpanelTrack:
    """A tracker that would send."""
    return MixpanelTrack(
        {"mixpanel.token": "the-token"},
        distinct_id="joe",
        consumer=BufferConsumer("t", kept.messages.extend),
    )

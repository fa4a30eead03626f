"""Trackers that record, and that keep what they send."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.message import Message

from .profile_calls import HERE, RECORD, ShopProfile


@pytest.fixture(autouse=True)
def importable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the catalogue of this file importable by a dotted name."""
    monkeypatch.setitem(sys.modules, HERE, SimpleNamespace(ShopProfile=ShopProfile))


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(RECORD, distinct_id="joe")


@pytest.fixture
def kept() -> list[Message]:
    """What the tracker ``live`` hands over."""
    return []


@pytest.fixture
def live(kept: list[Message]) -> MixpanelTrack:
    """A tracker that would send."""
    return MixpanelTrack(
        {**RECORD, "mixpanel.token": "the-token"},
        distinct_id="joe",
        consumer=BufferConsumer("t", kept.extend),
    )

"""A tween for apps that list their tweens by hand."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest


@pytest.fixture(autouse=True)
def no_tweens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tween that does nothing, for hand-written lists of tweens."""
    module = SimpleNamespace(nothing=lambda handler, registry: handler)
    monkeypatch.setitem(sys.modules, "mixpanel_pyramid_no_tweens", module)

"""Names of an app that settings can name."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from mixpanel_pyramid import EventProperties, Property

from .problems import HERE, OrderEvent, OrderPaid, OrderSent, ShopEvents, Stranger


class ShopProperties(EventProperties):
    """As an app may write it now."""

    total = Property("Total")


@pytest.fixture(autouse=True)
def importable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the names of these tests importable by a dotted name."""
    module = SimpleNamespace(
        Events=ShopEvents,
        shop_events=ShopEvents(),
        EventProperties=ShopProperties,
        Stranger=Stranger,
        who=lambda request: "somebody",
        number=7,
        OrderEvent=OrderEvent,
        OrderPaid=OrderPaid,
        listed=[OrderPaid, OrderSent],
        tupled=(OrderPaid, OrderSent),
        nothing=[],
        mixed=[OrderPaid, Stranger],
    )
    monkeypatch.setitem(sys.modules, HERE, module)

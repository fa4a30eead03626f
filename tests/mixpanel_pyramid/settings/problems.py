"""Names that settings can name, and what is wrong with settings."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mixpanel_pyramid import Event, Events, TypedEvent, prop
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.settings import read_settings

HERE = "mixpanel_pyramid_names"


@dataclass(frozen=True)
class ShopEvents(Events):
    """As an app that comes from pyramid_mixpanel writes it."""

    order_completed: Event = Event("Order Completed")  # noqa: RUF009  # frozen


class OrderEvent(TypedEvent):
    """A base without an event of its own."""

    order_id: str = prop("Order ID")


class OrderPaid(OrderEvent, event_name="Order Paid"):
    """An order was paid."""


class OrderSent(OrderEvent, event_name="Order Sent"):
    """An order left the house."""


class Stranger:
    """Not a catalogue."""


def problems(**settings: object) -> tuple[str, ...]:
    """Give what is wrong with settings, dots written as two underscores."""
    given = {f"mixpanel.{name}": value for name, value in settings.items()}
    with pytest.raises(MixpanelSettingsError) as caught:
        read_settings(given)
    return caught.value.problems

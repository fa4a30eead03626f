"""A shop's properties and settings, with Customer.io beside Mixpanel."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from mixpanel_pyramid import EventProperties, ProfileProperties, Property
from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.settings import TrackingSettings, read_settings

HERE = __name__
ACCOUNT = CustomerioAccount("the-site", "the-key", "eu", "https://track-eu.customer.io")
UTC = dt.timezone.utc
MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)
HEX = "0123456789abcdef0123456789abcdef"


class ShopProperties(EventProperties):
    """What events of the tests carry."""

    when = Property("When")
    dollar_n = Property("$n")
    dollar_created = Property("$created")
    basket = Property("Basket")
    recipient = Property("recipient")
    own_id = Property("$insert_id")
    own_time = Property("time")
    own_user = Property("distinct_id")


class ShopProfile(ProfileProperties):
    """What profiles of the tests have."""

    email = Property("email")
    plan = Property("$plan", type=str)
    note = Property("Note")
    seen = Property("Seen")
    id = Property("id")


def shop_settings(**given: str) -> TrackingSettings:
    """Read settings of an app with Customer.io."""
    settings = read_settings(
        {
            "mixpanel.token": "false",
            "mixpanel.event_properties": f"{HERE}.ShopProperties",
            "mixpanel.profile_properties": f"{HERE}.ShopProfile",
            **{f"mixpanel.{name}": value for name, value in given.items()},
        }
    )
    return replace(settings, customerio=ACCOUNT)


class Kept(list[Message]):
    """Collects what a tracker hands over."""

    def items(self) -> list[Any]:
        """Give what goes to Customer.io."""
        return [json.loads(m.text) for m in self if m.endpoint == "customer.io"]

"""An event with a value, as the tests of messages send it."""

from __future__ import annotations

from enum import Enum

from mixpanel_schema import Event, Property

MOMENT = 1_790_000_000.25
INSERT_ID = "0123456789abcdef0123456789abcdef"
PAID = Event("Paid")
AMOUNT = Property("Amount")


class Plan(Enum):
    """An enumeration whose values travel."""

    PRO = "pro"

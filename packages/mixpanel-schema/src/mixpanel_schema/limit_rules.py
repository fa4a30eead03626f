"""The table of limits: how much of everything Mixpanel and Customer.io take.

Sizes of text are counted in UTF-8 bytes wherever the server counts bytes, sizes of
lists, dicts and records in bytes of their JSON.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RULES", "Rule", "Violation"]

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One documented limit.

    Attributes:
        limit: The most that is taken.
        text: What to say of more; ``{size}`` and ``{limit}`` are filled in.
    """

    limit: int
    text: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Something in a message that breaks a limit.

    Attributes:
        rule: The name of the limit, such as ``"event text"``.
        path: Where it stands, from the property's name inwards, such as
            ``"Basket.0.note"``.
        size: How much there is, in the unit that the limit has.
        limit: The most that is taken, in the same unit.
    """

    rule: str
    path: str
    size: int
    limit: int

    def __str__(self) -> str:
        said = RULES[self.rule].text.format(size=self.size, limit=self.limit)
        return f"{self.path}: {said} ({self.rule})"


NAME = "a name of {size} characters is cut to {limit}; shorten it"
TEXT = "{size} bytes of text are cut to {limit}; shorten it"
COUNT = "{size} properties, at most {limit} are taken; send fewer"
ITEMS = "{size} items, at most {limit} are taken; send fewer"
KEYS = "{size} keys, at most {limit} are taken; send fewer"
BYTES = "{size} bytes of JSON, at most {limit} are taken; send less"
LEVELS = "{size} levels of lists and dicts, at most {limit} are taken; flatten it"
NESTED = "a list in a list is not kept; flatten it"
TOGETHER = "{size} messages, at most {limit} are taken together; split them"
NUMBER = "a number of {size} bits, more than {limit} lose digits; send it as text"
NOBODY = "an id that means nobody or nothing is refused; give a real one"
TOO_LONG = "{size} bytes, at most {limit} are taken; shorten it"

RULES = {
    # https://docs.mixpanel.com/docs/data-structure/events-and-properties
    # https://developer.mixpanel.com/reference/import-events
    "event name": Rule(255, NAME),
    "event properties": Rule(254, COUNT),
    "event property name": Rule(255, NAME),
    "event text": Rule(255, TEXT),
    "event list": Rule(254, ITEMS),
    "event list size": Rule(8 * KILOBYTE, BYTES),
    "event list depth": Rule(2, LEVELS),
    "event list in list": Rule(0, NESTED),
    "event dict": Rule(254, KEYS),
    "event dict size": Rule(8 * KILOBYTE, BYTES),
    "event dict depth": Rule(3, LEVELS),
    "event record": Rule(MEGABYTE - 1, BYTES),
    "event number": Rule(64, NUMBER),
    "event batch": Rule(2_000, TOGETHER),
    "event batch size": Rule(10 * MEGABYTE, BYTES),
    "event age": Rule(
        5 * 86_400, "{size} seconds old, /track takes {limit}; send it to /import"
    ),
    "event early": Rule(
        0, "{size} seconds before 1971 are refused; give epoch seconds or a datetime"
    ),
    "event ahead": Rule(
        3_600, "{size} seconds in the future, {limit} are taken; mend the clock"
    ),
    # https://developer.mixpanel.com/reference/event-deduplication
    "event insert id": Rule(36, TOO_LONG),
    "event insert id characters": Rule(
        0, "{size} characters other than A-Z a-z 0-9 and - are refused; leave them out"
    ),
    "event invalid id": Rule(0, NOBODY),
    # https://docs.mixpanel.com/docs/data-structure/user-profiles
    "profile properties": Rule(2_000, COUNT),
    "profile property name": Rule(255, NAME),
    "profile text": Rule(255, TEXT),
    "profile list size": Rule(256 * KILOBYTE, BYTES),
    "profile list depth": Rule(2, LEVELS),
    "profile list in list": Rule(0, NESTED),
    "profile dict": Rule(255, KEYS),
    "profile dict size": Rule(256 * KILOBYTE, BYTES),
    "profile dict depth": Rule(3, LEVELS),
    "profile record": Rule(MEGABYTE, BYTES),
    "profile number": Rule(64, NUMBER),
    "profile batch": Rule(2_000, TOGETHER),
    "profile invalid id": Rule(0, NOBODY),
    # https://docs.customer.io/integrations/api/track/
    "customerio id": Rule(150, TOO_LONG),
    "customerio event name": Rule(100, TOO_LONG),
    "customerio attribute name": Rule(150, TOO_LONG),
    "customerio attribute": Rule(1_000, TOO_LONG),
    "customerio attributes": Rule(
        300, "{size} attributes, at most {limit} are taken; send fewer"
    ),
    "customerio item": Rule(32 * KILOBYTE - 1, BYTES),
    "customerio event data": Rule(100_000, BYTES),
    "customerio batch size": Rule(500 * KILOBYTE - 1, BYTES),
}

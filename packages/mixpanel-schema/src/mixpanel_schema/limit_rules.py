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
        unit: What is counted.
        outcome: What becomes of more.
        remedy: What to do about it.
    """

    limit: int
    unit: str
    outcome: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Something in a message that breaks a limit.

    Attributes:
        rule: The name of the limit, such as ``"event text"``.
        path: Where it stands, from the property's name inwards, such as
            ``"Basket.0.note"``.
        size: How much there is, in the rule's unit.
        limit: The most that is taken, in the same unit.
    """

    rule: str
    path: str
    size: int
    limit: int

    def __str__(self) -> str:
        rule = RULES[self.rule]
        return (
            f"{self.path}: {self.size} {rule.unit} of {self.rule!r}, at most "
            f"{self.limit} are taken (more is {rule.outcome}): {rule.remedy}"
        )


SHORTEN = "shorten it"
SPLIT = "send less in one message"
CHOOSE = "choose another"

RULES = {
    # https://docs.mixpanel.com/docs/data-structure/events-and-properties
    # https://developer.mixpanel.com/reference/import-events
    "event name": Rule(255, "characters", "cut", SHORTEN),
    "event properties": Rule(254, "properties", "refused", SPLIT),
    "event property name": Rule(255, "characters", "cut", SHORTEN),
    "event text": Rule(255, "bytes", "cut", SHORTEN),
    "event list": Rule(254, "items", "refused", SPLIT),
    "event list size": Rule(8 * KILOBYTE, "bytes", "refused", SPLIT),
    "event dict": Rule(254, "keys", "refused", SPLIT),
    "event dict size": Rule(8 * KILOBYTE, "bytes", "refused", SPLIT),
    "event dict depth": Rule(3, "levels", "refused", "flatten it"),
    "event list depth": Rule(2, "levels", "refused", "flatten it"),
    "event record": Rule(MEGABYTE - 1, "bytes", "refused", SPLIT),
    "event number": Rule(64, "bits", "kept imprecisely", "send it as text"),
    # Epoch seconds: the year 1970 is refused, and so is more than an hour ahead.
    "event age": Rule(5 * 86_400, "seconds ago", "refused", "send it to /import"),
    "event early": Rule(0, "seconds before 1971", "refused", "mend the time"),
    "event ahead": Rule(3_600, "seconds ahead", "refused", "mend the clock"),
    # https://developer.mixpanel.com/reference/event-deduplication
    "event insert id": Rule(36, "bytes", "refused", SHORTEN),
    "event insert id characters": Rule(
        0, "characters other than A-Z a-z 0-9 -", "refused", CHOOSE
    ),
    "event invalid id": Rule(0, "meaningless ids", "refused", CHOOSE),
    # https://docs.mixpanel.com/docs/data-structure/user-profiles
    "profile properties": Rule(2_000, "properties", "refused", SPLIT),
    "profile property name": Rule(255, "characters", "cut", SHORTEN),
    "profile text": Rule(255, "bytes", "cut", SHORTEN),
    "profile list size": Rule(256 * KILOBYTE, "bytes", "refused", SPLIT),
    "profile dict": Rule(255, "keys", "refused", SPLIT),
    "profile dict size": Rule(256 * KILOBYTE, "bytes", "refused", SPLIT),
    "profile dict depth": Rule(3, "levels", "refused", "flatten it"),
    "profile list depth": Rule(2, "levels", "refused", "flatten it"),
    "profile record": Rule(MEGABYTE, "bytes", "refused", SPLIT),
    "profile number": Rule(64, "bits", "kept imprecisely", "send it as text"),
    "profile invalid id": Rule(0, "meaningless ids", "refused", CHOOSE),
    # https://docs.customer.io/integrations/api/track/
    "customerio id": Rule(150, "bytes", "refused", SHORTEN),
    "customerio event name": Rule(100, "bytes", "refused", SHORTEN),
    "customerio attribute name": Rule(150, "bytes", "refused", SHORTEN),
    "customerio attribute": Rule(1_000, "bytes", "refused", SHORTEN),
    "customerio attributes": Rule(300, "attributes", "refused", SPLIT),
    "customerio item": Rule(32 * KILOBYTE - 1, "bytes", "refused", SPLIT),
}

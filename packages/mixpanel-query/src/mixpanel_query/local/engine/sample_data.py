"""Made-up events of a small shop that sells software by subscription.

People sign up, most of them get started, they come back, mostly on weekdays and less
often with time, and some buy. The shop grows a little every day.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_schema import Event, EventProperties, Events, Property

__all__ = ["SampleEvents", "SampleProperties", "sample_events", "write_events"]

SampleEvent: TypeAlias = dict[str, object]


class SampleEvents(Events):
    """The events of the made-up shop."""

    signed_up = Event("Sign Up", description="Somebody made an account.")
    onboarded = Event("User Onboarded", description="A new user finished the tour.")
    page_view = Event("Page View", description="A page was shown.")
    button_clicked = Event("Button Click", description="A button was pressed.")
    purchased = Event("Purchase", description="Somebody paid.")
    feature_used = Event("Feature Used", description="A feature did its work.")
    session = Event("$ae_session", description="An app session ended.")


class SampleProperties(EventProperties):
    """The properties of the made-up shop's events, beside the built-in ones."""

    source = Property("Source", type=str, description="What brought the user here.")
    page = Property("Page", type=str, description="Address of the page.")
    button = Property("Button", type=str, description="Label of the button.")
    feature = Property("Feature", type=str, description="Name of the feature.")
    plan = Property("Plan", type=str, description="What was bought.")
    amount = Property("Amount", type=float, description="What was paid, in euros.")
    seconds = Property("$ae_session_length", type=int, description="Length in seconds.")


CHOICES: dict[Event, tuple[Property, tuple[str, ...]]] = {
    SampleEvents.signed_up: (
        SampleProperties.source,
        ("search", "search", "friend", "newsletter", "conference"),
    ),
    SampleEvents.page_view: (
        SampleProperties.page,
        ("/", "/dashboard", "/dashboard", "/reports", "/pricing", "/settings"),
    ),
    SampleEvents.button_clicked: (
        SampleProperties.button,
        ("Save", "Save", "Share", "New report", "Invite"),
    ),
    SampleEvents.feature_used: (
        SampleProperties.feature,
        ("Report", "Report", "Dashboard", "Alert", "Export"),
    ),
}
PRICES = {"Starter": 19.0, "Team": 49.0, "Company": 199.0}

# Monday to Sunday: how lively a day is.
RHYTHM = (1.0, 1.1, 1.1, 1.05, 0.9, 0.4, 0.35)
USERS_BEFORE = 600
SIGN_UPS_A_DAY = 11
GROWTH_A_DAY = 0.004


def sample_events(
    today: date, *, days: int = 60, seed: int = 2026, timezone: str = "UTC"
) -> Iterator[SampleEvent]:
    """Yield made-up events as the raw export shows them, day by day.

    The same arguments give the same events on every machine.

    Args:
        today: The first day without events; the last one with events is yesterday.
        days: How many days have events.
        seed: Another one gives other events.
        timezone: IANA name of the zone in which the days begin.

    >>> first = next(sample_events(date(2026, 11, 22), days=7))
    >>> sorted(first)
    ['event', 'properties']
    """
    chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
    zone = ZoneInfo(timezone)
    users: list[tuple[str, int]] = [
        (f"user-{number:05}", -chance.randrange(1, 90))
        for number in range(1, USERS_BEFORE + 1)
    ]
    for day in range(days):
        start, length = bounds_of(today - timedelta(days=days - day), zone)
        lively = RHYTHM[(today - timedelta(days=days - day)).weekday()]
        lively *= 1 + GROWTH_A_DAY * day
        shop_day = ShopDay(chance, start, length)
        for user, since in users:
            # Who has been here for long comes less often.
            if chance.random() < 0.2 * lively * max(0.15, 1 - (day - since) / 60):
                yield from shop_day.visit(user)
        for _ in range(round(SIGN_UPS_A_DAY * lively * chance.uniform(0.7, 1.3))):
            user = f"user-{len(users) + 1:05}"
            users.append((user, day))
            yield from shop_day.first_visit(user)


def bounds_of(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first second of a day, since the epoch, and its length in seconds."""
    following = day + timedelta(days=1)
    start, end = (
        int(datetime(each.year, each.month, each.day, tzinfo=zone).timestamp())
        for each in (day, following)
    )
    return start, end - start


class ShopDay:
    """One day of the shop: what the people who come by do."""

    def __init__(self, chance: random.Random, start: int, length: int) -> None:
        self.chance = chance
        self.start = start
        self.last = length - 1

    def first_visit(self, user: str) -> Iterator[SampleEvent]:
        """Yield what a new user does."""
        second = self.chance.randrange(self.last)
        yield self.event(SampleEvents.signed_up, user, second)
        if self.chance.random() < 0.7:
            second += self.chance.randrange(120, 3600)
            yield self.event(SampleEvents.onboarded, user, second)
        yield from self.visit(user, second)

    def visit(self, user: str, second: int | None = None) -> Iterator[SampleEvent]:
        """Yield what a user does in one visit."""
        if second is None:
            # Around the middle of the day, as people work then.
            second = int(self.chance.triangular(0, self.last))
        begun = second
        for _ in range(self.chance.randint(1, 6)):
            second += self.chance.randrange(5, 240)
            yield self.event(SampleEvents.page_view, user, second)
            if self.chance.random() < 0.4:
                yield self.event(SampleEvents.button_clicked, user, second + 3)
        if self.chance.random() < 0.45:
            yield self.event(SampleEvents.feature_used, user, second + 10)
        if self.chance.random() < 0.06:
            plan = self.chance.choice(("Starter", "Starter", "Team", "Company"))
            yield self.event(
                SampleEvents.purchased,
                user,
                second + 60,
                {
                    SampleProperties.plan.name: plan,
                    SampleProperties.amount.name: PRICES[plan],
                },
            )
        length = {SampleProperties.seconds.name: second + 90 - begun}
        yield self.event(SampleEvents.session, user, second + 90, length)

    def event(
        self,
        event: Event,
        user: str,
        second: int,
        properties: Mapping[str, object] | None = None,
    ) -> SampleEvent:
        """Return one event; what would fall on the next day happens at its end."""
        chosen: dict[str, object] = {}
        if event in CHOICES:
            prop, values = CHOICES[event]
            chosen[prop.name] = self.chance.choice(values)
        return {
            "event": event.name,
            "properties": {
                "time": self.start + min(second, self.last),
                "distinct_id": user,
                "$insert_id": f"{self.chance.getrandbits(128):032x}",
                **chosen,
                **(properties or {}),
            },
        }


def write_events(path: Path, events: Iterable[SampleEvent]) -> None:
    """Write events as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(event)}\n" for event in events)

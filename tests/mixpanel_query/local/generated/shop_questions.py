"""What is asked about the shop, the same each time, and events that make it harder."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import httpx

NAMES = ["page view", "view item", "checkout", "sign up", "add to cart", "save item"]
SPECIAL = ["2024-02-28", "2025-12-30", "2026-03-07", "2026-03-28", "2026-04-04"]
SPECIAL += ["2026-10-03", "2026-10-24", "2026-10-31"]

CONDITIONS: dict[str, Callable[[Any], bool]] = {
    "": lambda e: True,
    'properties["amount"] > 150': lambda e: number(e, "amount", -1) > 150,
    'not (properties["amount"] > 150)': lambda e: not number(e, "amount", -1) > 150,
    'properties["amount"] != 170 and properties["company_id"] % 3 == 1': (
        lambda e: number(e, "amount", 0) != 170 and e.own.get("company_id", 0) % 3 == 1
    ),
    'properties["currency"] == "USD" or "a" in properties["colors"]': (
        lambda e: e.own.get("currency") == "USD" or "a" in e.own.get("colors", "")
    ),
    'properties["product_id"] in [896, 300, "x"] or 400 < properties["product_id"]': (
        lambda e: (
            e.own.get("product_id") in (896, 300) or e.own.get("product_id", 0) > 400
        )
    ),
    'defined(properties["$user_id"])': lambda e: "$user_id" in e.own,
    'user["tier"] == "gold"': lambda e: e.theirs.get("tier") == "gold",
    'user["age"] >= 40 and not (user["tier"] in ["gold", "none"])': (
        lambda e: e.theirs.get("age", 0) >= 40 and e.theirs["tier"] == "silver"
    ),
    'number(properties["qty"]) * 2 >= 6 or string(properties["amount"]) == "5"': (
        lambda e: e.own.get("qty", 0) * 2 >= 6 or e.own.get("amount") in (5, "5")
    ),
    'event["$time"] >= datetime("2026-11-05T06:00:00Z")': (
        lambda e: e.seconds >= 1793858400
    ),
    'has_prefix(string(properties["page"]), "/p")': (
        lambda e: e.own.get("page", "").startswith("/p")
    ),
}
SEGMENTS: dict[str, Callable[[Any], object]] = {
    'properties["currency"]': lambda e: e.own.get("currency"),
    'properties["amount"]': lambda e: e.own.get("amount"),
    'user["tier"]': lambda e: e.theirs.get("tier"),
    'properties["company_id"] % 4': (
        lambda e: e.own["company_id"] % 4 if "company_id" in e.own else None
    ),
    'floor(properties["amount"] / 50)': (
        lambda e: number(e, "amount", None) and number(e, "amount", 0) // 50
    ),
    'defined(properties["page"])': lambda e: "page" in e.own,
}


def number(event: Any, name: str, missing: Any) -> Any:  # noqa: ANN401
    """Return a property that is a number, or what stands for it."""
    value = event.own.get(name)
    return value if type(value) in (int, float) else missing


def more_rows() -> Iterator[dict[str, Any]]:
    """Yield events around days that are special, and twice what came once."""
    chance = random.Random(7)  # noqa: S311 - nothing is secret
    hours = range(-36, 108, 3)
    for number_, (day, hour) in enumerate(product(SPECIAL, hours)):
        start = datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
        for user in chance.sample(["", "a", "b", "c", "d"], 2):
            amount = chance.choice([5, "5", 120.5, 170, 300, True, None])
            properties = {
                "time": int(start) + hour * 3600 + chance.choice([0, 1799, 1800, 3599]),
                "distinct_id": user,
                "$insert_id": f"more-{number_}-{user}",
                "company_id": chance.randrange(9),
            }
            if amount is not None:
                properties["amount"] = amount
            yield {"event": chance.choice(NAMES[:3]), "properties": properties}


class Shop(NamedTuple):
    """A project with events, and the same events for plain loops."""

    events: list[Any]
    zone: str
    weekday: int
    http: httpx.Client
    save_report: Callable[..., None]


class Question:
    """Chooses what to ask, the same each time."""

    def __init__(self, shop: Shop, plain: ModuleType, seed: int) -> None:
        self.shop = shop
        self.plain = plain
        self.conditions = CONDITIONS
        self.chance = random.Random(f"{shop.zone} {seed}")  # noqa: S311 - nothing is
        self.event = self.chance.choice(NAMES[:4])
        self.where = self.chance.choice(list(CONDITIONS))
        self.on = self.chance.choice(list(SEGMENTS))
        self.kind = self.chance.choice(["general", "unique", "average"])
        if self.chance.random() < 0.5:
            start = date.fromisoformat(self.chance.choice(SPECIAL))
            self.first = start - timedelta(days=self.chance.randrange(3))
            self.last = start + timedelta(days=self.chance.randrange(9))
        else:
            self.last = date(2026, 11, 22) - timedelta(days=self.chance.randrange(20))
            self.first = self.last - timedelta(days=self.chance.randrange(25))

    @property
    def dates(self) -> dict[str, str]:
        """The dates as parameters."""
        return {"from_date": str(self.first), "to_date": str(self.last)}

    def ask(self, path: str, **given: object) -> Any:  # noqa: ANN401
        """Ask it."""
        params = {**self.dates, **{name: str(each) for name, each in given.items()}}
        response = self.shop.http.get(f"/api/query/{path}", params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def chosen(self, *names: str, where: str = "") -> list[Any]:
        """Return the events of the days that a question is about."""
        return [
            event
            for event in self.plain.during(self.shop.events, self.first, self.last)
            if (not names or event.name in names) and CONDITIONS[where](event)
        ]

    def bucket(self, unit: str | int) -> Callable[[Any], str]:
        """Return what tells the bucket of an event."""
        return lambda e: self.plain.label(e, unit, self.first, self.shop.weekday)

    def named(self, event: Any) -> object:  # noqa: ANN401
        """Return what the expression of ``on`` gives."""
        return SEGMENTS[self.on](event)

    def unit(self, *more: str) -> str:
        """Return a unit; half hours that come twice have no documented name."""
        hours = () if self.shop.zone == "Australia/Lord_Howe" else more
        return self.chance.choice(["day", "week", "month", *hours])

    @staticmethod
    def points(answer: dict[str, Any]) -> dict[tuple[str, str], float]:
        """Return the counts of an answer that are not 0."""
        return {
            (name, day): count
            for name, days in answer["data"]["values"].items()
            for day, count in days.items()
            if count
        }

    @staticmethod
    def number(event: Any, name: str, missing: Any) -> Any:  # noqa: ANN401
        """Return a property that is a number, or what stands for it."""
        return number(event, name, missing)

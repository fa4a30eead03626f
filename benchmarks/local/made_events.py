"""Make what the benchmarks of the local project read, the same bytes each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

__all__ = ["FIRST_DAY", "LAST_DAY", "NAMES", "event_lines", "write_events"]

NAMES = ("Page View", "Search", "View Item", "Add to Cart", "Checkout", "Sign Up")
WEIGHTS = (40, 20, 18, 12, 7, 3)
CITIES = ("Ljubljana", "Zürich", "São Paulo", "東京", "Berlin", "New York", "Mumbai")
SYSTEMS = ("Windows", "iOS", "Android", "Mac OS X")
FIRST_DAY, LAST_DAY = "2025-11-01", "2026-10-31"
# Midnight of the first day, in UTC.
START = 1_761_955_200
SECONDS = 365 * 86_400


def event_lines(count: int, *, extra: int = 0, seed: int = 1) -> Iterator[str]:
    """Yield events of a year as the raw export has them, a JSON document a line.

    They have 12 properties of which some are numbers, nested, missing, or have many
    values: ``Path`` has 900, ``Amount`` and ``Session`` nearly as many as events.

    Args:
        count: How many; the first one is the earliest.
        extra: How many properties each has beside those.
        seed: Another one gives other events.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
    names = chance.choices(NAMES, WEIGHTS, k=count)
    for number, name in enumerate(names):
        user = int(chance.expovariate(1 / 20_000))
        properties: dict[str, object] = {
            "time": START + number * SECONDS // count,
            "distinct_id": f"user-{user}",
            "$insert_id": f"{seed:x}-{chance.getrandbits(96):024x}",
            "$city": CITIES[user % 7],
            "$os": SYSTEMS[user % 4],
            "Path": f"/shop/{chance.randrange(300)}/{('about', 'size')[number % 2]}",
            "Amount": round(chance.uniform(1, 500), 2),
            "Items": user % 5,
            "Session": f"{user}-{number // 5}",
            "Trial": user % 7 == 0,
        }
        if number % 4 == 0:
            properties["Cart"] = {"items": user % 5, "currency": "EUR"}
            properties["Tags"] = ["beta", "onboarding"][: 1 + user % 2]
        for at in range(extra):
            properties[f"Extra {at}"] = f"value {(number + at) % 50} of it"
        row = {"event": name, "properties": properties}
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_events(path: Path, count: int, *, extra: int = 0) -> None:
    """Write events as JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(event_lines(count, extra=extra))

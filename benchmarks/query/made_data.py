"""Make what the benchmarks of exports and JQL read, the same bytes each time."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

__all__ = ["make_export", "make_jql"]

NAMES = [
    "Page Viewed",
    "Search",
    "Product Viewed",
    "Add to Cart",
    "Purchase",
    "Sign Up",
]
WEIGHTS = [40, 20, 18, 12, 7, 3]
CITIES = ["Ljubljana", "Zürich", "São Paulo", "東京", "Berlin", "New York", "Mumbai"]
BROWSERS = ["Chrome", "Safari", "Firefox", "Edge"]
START = 1_700_000_000


def export_lines(count: int) -> Iterator[str]:
    """Yield lines of an export, of some 450 bytes and 20 properties."""
    chance = random.Random(1)  # noqa: S311  # the same events in each run
    for number in range(count):
        user = int(chance.expovariate(1 / 20_000))
        properties: dict[str, object] = {
            "time": START + number // 12,
            "distinct_id": f"user-{user}",
            "$insert_id": f"{chance.getrandbits(128):032x}",
            "$browser": BROWSERS[user % 4],
            "$browser_version": 100 + user % 30,
            "$city": CITIES[user % 7],
            "$os": ("Windows", "iOS", "Android", "Mac OS X")[user % 4],
            "$screen_width": 1280 + user % 7 * 160,
            "mp_country_code": ("SI", "CH", "BR", "JP", "DE", "US", "IN")[user % 7],
            "mp_lib": "web",
            "mp_processing_time_ms": START * 1000 + number * 83,
            "$mp_api_timestamp_ms": START * 1000 + number * 83 - 40,
            "Path": f"/shop/{user % 900}/{('about', 'reviews', 'sizes')[number % 3]}",
            "Plan": ("free", "pro", "team")[user % 3],
            "Trial": user % 7 == 0,
            "Amount": round(chance.uniform(1, 500), 2),
            "Duration ms": int(chance.expovariate(1 / 180)),
        }
        if number % 4 == 0:
            properties["Tags"] = ["beta", "onboarding"][: 1 + user % 2]
            properties["Cart"] = {"items": user % 5, "currency": "EUR"}
        if number % 50 == 0:
            properties["Note"] = None
        (name,) = chance.choices(NAMES, WEIGHTS)
        row = {"event": name, "properties": properties}
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def make_export(folder: Path, count: int) -> Path:
    """Write an export of ``count`` events, compressed as Mixpanel does."""
    path = folder / f"export-{count}.jsonl.gz"
    with gzip.open(path, "wt", compresslevel=6, encoding="utf-8", newline="\n") as file:
        file.writelines(export_lines(count))
    return path


def make_jql(folder: Path, megabytes: int) -> Path:
    """Write an answer of JQL, an array of rows as ``groupBy`` makes them."""
    chance = random.Random(2)  # noqa: S311  # the same rows in each run
    path, size = folder / f"jql-{megabytes}.json", 0
    with path.open("w", encoding="ascii") as file:
        file.write("[")
        while size < megabytes * 1_000_000:
            key = [
                f"user-{chance.randrange(10**6)}",
                chance.choice(NAMES),
                "2026-11-15",
            ]
            value = {
                "count": chance.randrange(5000),
                "sum": round(chance.random(), 6),
                "last": START * 1000 + chance.randrange(10**9),
            }
            row = json.dumps({"key": key, "value": value})
            size += file.write(f",{row}" if size else row)
        file.write("]")
    return path

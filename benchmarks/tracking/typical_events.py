"""What a typical application tracks, the same values each time."""

from __future__ import annotations

import random
import uuid
from typing import Any

__all__ = ["declared_properties", "typical_properties"]

CHANCE = random.Random(7)  # noqa: S311  # the same events in each run
REQUEST_IDS = [uuid.UUID(int=CHANCE.getrandbits(128)).hex for _ in range(1000)]
PAGES = [f"/projects/{CHANCE.randrange(10**6)}/{i}" for i in range(50)]


def typical_properties(number: int) -> dict[str, object]:
    """Give what an application says of an event: twelve properties."""
    return {
        "Title": "Project overview",
        "Path": PAGES[number % len(PAGES)],
        "Plan": "pro",
        "Seats": 1 + number % 40,
        "Trial": number % 7 == 0,
        "Amount": 49.9 + number % 97,
        "Country": ("SI", "DE", "US", "JP")[number % 4],
        "Experiment": "onboarding-b",
        "Source": "backend",
        "Duration ms": 132 + number % 531,
        "Request ID": REQUEST_IDS[number % len(REQUEST_IDS)],
        "Referrer": f"https://app.example.com/dashboard?tab=recent&page={number % 40}",
    }


def declared_properties(properties: Any, number: int) -> dict[Any, object]:  # noqa: ANN401  # any catalogue
    """Give the same by the members of a catalogue, as an application writes it."""
    return {
        properties.title: "Project overview",
        properties.path: PAGES[number % len(PAGES)],
        properties.plan: "pro",
        properties.seats: 1 + number % 40,
        properties.trial: number % 7 == 0,
        properties.amount: 49.9 + number % 97,
        properties.country: ("SI", "DE", "US", "JP")[number % 4],
        properties.experiment: "onboarding-b",
        properties.source: "backend",
        properties.duration_ms: 132 + number % 531,
        properties.request_id: REQUEST_IDS[number % len(REQUEST_IDS)],
        properties.referrer: (
            f"https://app.example.com/dashboard?tab=recent&page={number % 40}"
        ),
    }

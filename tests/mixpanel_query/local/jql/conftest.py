"""A project with a week of events and three profiles, and scripts that ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any, TypeAlias

import httpx
import pytest

from mixpanel_query.local import LocalProject

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)

SIGN_UP, PURCHASE = "Sign Up", "Purchase"
EVENTS: list[tuple[str, str, str, dict[str, Any]]] = [
    (SIGN_UP, "ann", "2026-11-09T08:00", {"Plan": "Free", "age": 20}),
    (SIGN_UP, "bob", "2026-11-09T23:30", {"Plan": "Pro", "age": 31}),
    (SIGN_UP, "cid", "2026-11-10T09:00", {"Plan": "Pro", "age": 45}),
    (PURCHASE, "ann", "2026-11-10T10:00", {"Plan": "Free", "price": 5, "tags": "xy"}),
    (PURCHASE, "ann", "2026-11-11T10:00", {"Plan": "Pro", "price": 7, "tags": "y"}),
    (PURCHASE, "bob", "2026-11-16T10:00", {"Plan": "Pro", "price": 20, "tags": ""}),
    (PURCHASE, "dan", "2026-11-17T10:00", {"Plan": "Pro", "price": "9"}),
]
PROFILES = {
    "ann": {"country": "US", "age": 20},
    "bob": {"country": "SI", "age": 31},
    "eva": {"country": "US", "age": 70},
}


def events() -> list[dict[str, Any]]:
    """List the events as ``/import`` takes them."""
    found = []
    for number, (name, user, time, given) in enumerate(EVENTS):
        properties: dict[str, Any] = dict(given)
        if "tags" in properties:
            properties["tags"] = list(properties["tags"])
        instant = datetime.fromisoformat(f"{time}+00:00")
        properties["distinct_id"] = user
        properties["$insert_id"] = f"row-{number}"
        properties["time"] = int(instant.timestamp() * 1000)
        found.append({"event": name, "properties": properties})
    return found


def profiles() -> list[dict[str, Any]]:
    """List the profiles as ``/engage`` takes them."""
    return [
        {"$token": "t", "$distinct_id": user, "$ignore_time": True, "$set": given}
        for user, given in PROFILES.items()
    ]


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    """Give the function that posts a script to a project, and returns the answer."""
    with (
        LocalProject(clock=lambda: NOW) as project,
        httpx.Client(base_url=project.base_url, trust_env=False, timeout=60) as http,
    ):
        http.post("/import", json=events()).raise_for_status()
        http.post("/engage", json=profiles()).raise_for_status()

        def post_script(script: str, **params: object) -> httpx.Response:
            form = {"script": script, "params": json.dumps(params)}
            return http.post("/api/query/jql", data=form)

        yield post_script


@pytest.fixture(scope="module")
def run(post: Post) -> Run:
    """Give the function that runs steps over the events, and returns its items.

    ``.map(…)`` stands for a script with the events from 9 to 17 November; what does
    not begin with a full stop is a script itself, or what ``main`` returns.
    """

    def run_script(steps: str, **params: object) -> list[Any]:
        if steps.startswith("."):
            steps = f"Events({{from_date: '2026-11-09', to_date: '2026-11-17'}}){steps}"
        if "main" not in steps:
            steps = f"function main() {{ return {steps}; }}"
        answer = post(steps, **params)
        assert answer.status_code == 200, answer.text
        items: list[Any] = answer.json()
        return items

    return run_script

"""Selectors with conditions: of events, of profiles, and of pairs of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

DAYS = "from_date: '2026-11-09', to_date: '2026-11-17'"


@pytest.mark.parametrize(
    ("selectors", "users"),
    [
        ([{"selector": 'properties["age"] > 30'}], "bob cid"),
        ([{"event": "Purchase", "selector": 'properties["Plan"] == "Free"'}], "ann"),
        (
            [
                {"event": "Purchase", "selector": 'properties["price"] > 10'},
                {"event": "Sign Up", "selector": 'properties["Plan"] == "Free"'},
            ],
            "ann bob",
        ),
        (
            [{"event": "Sign Up"}, {"selector": '"x" in properties["tags"]'}],
            "ann bob cid ann",
        ),
        (
            [{"selector": 'defined(properties["price"])', "label": "x"}],
            "ann ann bob dan",
        ),
        # The two on 2026-11-09, before midnight in UTC.
        ([{"selector": 'properties["time"] < 1794268800'}], "ann bob"),
        ([{"selector": 'event["$time"] < 1794268800'}], "ann bob"),
        ([{"event": "Nothing", "selector": 'properties["age"] > 30'}], ""),
    ],
)
def test_selectors_of_events(run: Run, selectors: object, users: str) -> None:
    """An event is kept if it matches name and condition of any of them."""
    script = f"Events({{{DAYS}, event_selectors: params.all}}).map(e => e.distinct_id)"

    assert run(script, all=selectors) == users.split()


@pytest.mark.parametrize(
    ("selectors", "users"),
    [
        ([{"selector": 'user["country"] == "US"'}], "ann eva"),
        (
            [{"selector": 'user["age"] > 60'}, {"selector": 'user["country"] == "SI"'}],
            "bob eva",
        ),
        ([{"selector": 'not defined(user["country"])'}], ""),
        ([{}], "ann bob eva"),
    ],
)
def test_selectors_of_profiles(run: Run, selectors: object, users: str) -> None:
    """A profile is kept if it matches any of them."""
    script = "People({user_selectors: params.all}).map(u => u.distinct_id)"

    assert run(script, all=selectors) == users.split()


@pytest.mark.parametrize(
    ("type", "selectors", "pairs"),
    [
        (
            "inner",
            [{"selector": 'properties["Plan"] == "Pro" and user["country"] == "US"'}],
            ["Purchase ann"],
        ),
        # Whoever has events is never a user without any, whatever the selectors say.
        (
            "full",
            [{"selector": 'user["country"] == "US"'}],
            ["Sign Up ann", "Purchase ann", "Purchase ann", "- eva"],
        ),
        (
            "left",
            [{"selector": 'user["country"] == "US"'}],
            ["Sign Up ann", "Purchase ann", "Purchase ann"],
        ),
        (
            "full",
            [{"selector": 'user["age"] < 60'}, {"event": "Purchase"}],
            [
                "Sign Up ann",
                "Sign Up bob",
                "Purchase ann",
                "Purchase ann",
                "Purchase bob",
                "Purchase dan",
            ],
        ),
        (
            "full",
            [{"event": "Sign Up", "selector": 'not defined(user["age"])'}],
            ["Sign Up cid"],
        ),
    ],
)
def test_selectors_of_a_join(
    run: Run, type: str, selectors: object, pairs: list[str]
) -> None:
    """Conditions may look at both sides, and an event's name counts as well."""
    options = "{type: params.type, selectors: params.all}"
    script = (
        f"join(Events({{{DAYS}}}), People(), {options})"
        ".map(pair => (pair.event ? pair.event.name : '-') + ' ' + pair.distinct_id)"
    )

    assert run(script, type=type, all=selectors) == pairs


def test_selectors_inside_a_join(run: Run) -> None:
    """Both sources keep their own."""
    events = f"Events({{{DAYS}, event_selectors: [{{event: 'Sign Up'}}]}})"
    people = "People({user_selectors: [{selector: params.us}]})"
    script = (
        f"join({events}, {people}, {{type: 'right'}}).map(pair => pair.distinct_id)"
    )

    assert run(script, us='user["country"] == "US"') == ["ann", "eva"]


@pytest.mark.parametrize(
    ("source", "status", "problem"),
    [
        (
            f"Events({{{DAYS}, event_selectors: [{{selector: 'properties['}}]}})",
            400,
            "selector of event_selectors is no expression",
        ),
        (
            f"Events({{{DAYS}, event_selectors: [{{event: '\\ud83d'}}]}})",
            400,
            "the event of event_selectors should be valid utf8",
        ),
        (
            f"Events({{{DAYS}, event_selectors: [{{selector: '1 + 1'}}]}})",
            400,
            "selector of event_selectors: a condition is true, false or undefined",
        ),
        (
            f"Events({{{DAYS}, event_selectors: [{{selector: 'user[\"age\"] > 1'}}]}})",
            412,
            'event_selectors look at user[\\"age\\"], which they cannot see',
        ),
        (
            "People({user_selectors: [{selector: 'properties[\"age\"] > 1'}]})",
            412,
            'user_selectors look at properties[\\"age\\"], which they cannot see',
        ),
        (
            "People({user_selectors: {selector: 'x'}})",
            412,
            "user_selectors are no list",
        ),
        ("People({user_selectors: [{selector: 1}]})", 412, "the selector of user_sel"),
    ],
)
def test_wrong_selector_is_refused(
    post: Post, source: str, status: int, problem: str
) -> None:
    """The error says which, and what would do."""
    answer = post(f"function main() {{ return {source}; }}")

    assert (answer.status_code, problem in answer.text) == (status, True), answer.text

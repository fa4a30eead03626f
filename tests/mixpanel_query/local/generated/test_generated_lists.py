"""Questions about names, profiles, users and scripts equal plain loops."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

import pytest

# From a seed to what it asks, with events and plain loops beside it.
Asking: TypeAlias = Callable[[int], Any]

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
WHERE = [
    "",
    'user["tier"] == "gold"',
    'user["age"] >= 40 and not (user["tier"] in ["gold", "none"])',
]


def test_names_and_properties_of_a_month(ask: Asking) -> None:
    """Names, properties and values are those of the last 31 days."""
    question = ask(0)
    today = NOW.astimezone(question.shop.events[0].local.tzinfo).date()
    question.first, question.last = today - timedelta(days=30), today
    names: dict[str, int] = {}
    properties: dict[str, int] = {}
    values: dict[str, int] = {}
    for event in question.chosen():
        names[event.name] = names.get(event.name, 0) + 1
        if event.name == "checkout":
            for name in event.own:
                properties[name] = properties.get(name, 0) + 1
            if "currency" in event.own:
                currency = event.own["currency"]
                values[currency] = values.get(currency, 0) + 1
    http = question.shop.http
    asked = {"event": "checkout", "name": "currency", "type": "general", "limit": "255"}
    found = http.get("/api/query/events/names", params=asked).json()
    top = http.get("/api/query/events/properties/top", params=asked).json()
    listed = http.get("/api/query/events/properties/values", params=asked).json()

    assert sorted(found) == sorted(names)
    assert [names[name] for name in found] == sorted(names.values(), reverse=True)
    kept = {"time", "distinct_id", "$insert_id", "mp_lib"}
    assert {name: each["count"] for name, each in top.items() if name not in kept} == {
        name: count for name, count in properties.items() if name not in kept
    }
    assert [values[name] for name in listed] == sorted(values.values(), reverse=True)


def test_top_events_of_today(ask: Asking) -> None:
    """``/events/top``: how often each event happened today, until now."""
    question = ask(0)
    today = NOW.astimezone(question.shop.events[0].local.tzinfo).date()
    counts: dict[str, int] = {}
    for event in question.shop.events:
        if event.local.date() == today and event.seconds <= NOW.timestamp():
            counts[event.name] = counts.get(event.name, 0) + 1
    found = question.shop.http.get(
        "/api/query/events/top", params={"type": "general"}
    ).json()["events"]

    assert {e["event"]: e["amount"] for e in found if e["amount"]} == counts


@pytest.mark.parametrize("where", WHERE)
def test_profiles(ask: Asking, where: str) -> None:
    """``/engage``: profiles that meet a condition, page by page."""
    question = ask(0)
    people = {e.user: e for e in question.shop.events if e.theirs}
    text = where.replace("user[", "properties[")
    given: dict[str, str] = {"where": text} if text else {}
    found: list[str] = []
    while True:
        answer = question.shop.http.post("/api/query/engage", data=given).json()
        found += [row["$distinct_id"] for row in answer["results"]]
        if len(answer["results"]) < answer["page_size"]:
            break
        given |= {"session_id": answer["session_id"], "page": str(answer["page"] + 1)}

    assert sorted(found) == sorted(
        u for u, e in people.items() if question.conditions[where](e)
    )


def test_activity(ask: Asking) -> None:
    """``/stream/query``: what two users did on the days."""
    question = ask(71)
    users = ["a", question.shop.events[9].user]
    found = question.ask("stream/query", distinct_ids=json.dumps(users))
    done = [event for event in question.chosen() if event.user in users]

    assert sorted(
        (each["event"], each["properties"]["time"])
        for each in found["results"]["events"]
    ) == sorted((event.name, event.seconds) for event in done)


@pytest.mark.parametrize("seed", range(80, 83))
def test_scripts(ask: Asking, seed: int) -> None:
    """JQL: events by name and local day, their sum, and users who did them."""
    question = ask(seed)
    script = """
    function main() {
      return Events(params.dates)
        .groupBy(["name", function(e) {
            return new Date(e.time).toISOString().slice(0, 10);
          }],
          [mixpanel.reducer.count(), mixpanel.reducer.sum("properties.company_id")]);
    }"""
    users = """
    function main() {
      return Events(params.dates).groupByUser(mixpanel.reducer.count())
        .groupBy([], mixpanel.reducer.count());
    }"""
    params = json.dumps({"dates": question.dates})

    def run(text: str) -> Any:  # noqa: ANN401
        data = {"script": text, "params": params}
        response = question.shop.http.post("/api/query/jql", data=data)
        assert response.status_code == 200, response.text
        return response.json()

    expected: dict[tuple[str, str], list[int]] = {}
    for event in question.chosen():
        point = expected.setdefault((event.name, str(event.local.date())), [0, 0])
        point[0] += 1
        point[1] += event.own.get("company_id", 0)
    known = {event.user for event in question.chosen() if event.user}

    assert {tuple(row["key"]): row["value"] for row in run(script)} == expected
    assert sum(row["value"] for row in run(users)) in (len(known), len(known) + 1)


@pytest.mark.parametrize("seed", range(90, 93))
def test_insights(ask: Asking, seed: int) -> None:
    """``/insights``: what a saved report counts, broken down."""
    question = ask(seed)
    unit = question.unit()
    question.shop.save_report(
        seed,
        events=question.event,
        from_date=question.first,
        to_date=question.last,
        unit=unit,
        kind=question.kind,
        where=question.where,
        on=question.on,
    )
    series = question.ask("insights", bookmark_id=seed)["series"]
    found = {
        (segment, day[:10]): count
        for segment, days in series[question.event].items()
        for day, count in days.items()
        if count and segment != "$overall"
    }
    chosen = question.chosen(question.event, where=question.where)
    bucket = question.bucket(unit)

    assert found == pytest.approx(
        question.plain.counted(chosen, question.kind, bucket, question.named)
    )

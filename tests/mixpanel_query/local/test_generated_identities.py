"""Streams of events with devices and users, told apart by plain loops as well."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

import httpx
import pytest

from mixpanel_query.local import LocalProject

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
FIRST = datetime(2026, 11, 16, tzinfo=timezone.utc)
WEEK = {"from_date": "2026-11-16", "to_date": "2026-11-22"}
NAMES = ("Look", "Buy", "In")


class Sent(NamedTuple):
    """An event as it was sent: with a device, a user, both, or an id only."""

    name: str
    minute: int
    insert_id: str
    device: str
    user: str
    bare: str

    def as_json(self) -> dict[str, Any]:
        """Return what /import takes."""
        given = {"$device_id": self.device, "$user_id": self.user}
        properties: dict[str, str | int] = {
            name: value for name, value in given.items() if value
        }
        if self.bare or not properties:
            properties["distinct_id"] = self.bare
        instant = FIRST + timedelta(minutes=self.minute)
        properties |= {"time": int(instant.timestamp()), "$insert_id": self.insert_id}
        return {"event": self.name, "properties": properties}


def stream(seed: int, size: int = 120) -> list[Sent]:
    """Return events in the order in which they arrive, which is not that of time."""
    draw = random.Random(seed)  # noqa: S311 - a stream to try, no secret
    devices = [f"d{number}" for number in range(draw.randint(1, 12))]
    users = [f"u{number}" for number in range(draw.randint(1, 6))]
    # No two at once, so that there is no doubt which of them came first.
    minutes = draw.sample(range(6 * 1440 + 720), size)
    sent: list[Sent] = []
    for number in range(size):
        device, user = draw.choice(devices), draw.choice(users)
        who = draw.choice(
            [
                (device, "", ""),
                (device, "", "whatever"),
                ("", user, ""),
                (device, user, ""),
                ("", "", user),
                ("", "", f"$device:{device}"),
                ("", "", ""),
            ]
        )
        sent.append(Sent(draw.choice(NAMES), minutes[number], f"i{number}", *who))
        if draw.random() < 0.1:
            sent.append(draw.choice(sent))
    return sent


def as_sent(event: Sent) -> str:
    """Return the id of an event, before anything is merged."""
    return event.user or (f"$device:{event.device}" if event.device else event.bare)


def people(sent: list[Sent]) -> list[str]:
    """Return who did each event, when all have arrived: who had the device first."""
    owner: dict[str, str] = {}
    for event in sent:
        if event.device and event.user and f"$device:{event.device}" not in owner:
            owner[f"$device:{event.device}"] = event.user
    return [owner.get(as_sent(event), as_sent(event)) for event in sent]


@pytest.fixture(scope="module")
def serving() -> Iterator[LocalProject]:
    """Give a project that is reset between streams."""
    with LocalProject(clock=lambda: NOW) as project:
        project.save_funnel(1, steps=["Look", "Buy"])
        yield project


@pytest.fixture
def client(serving: LocalProject) -> Iterator[httpx.Client]:
    """Give a client of the project, in which nothing happened yet."""
    serving.reset()
    with httpx.Client(base_url=serving.base_url, trust_env=False) as http:
        yield http


def send(http: httpx.Client, sent: list[Sent], seed: int) -> None:
    """Import a stream in batches of any size."""
    draw, rest = random.Random(seed), list(sent)  # noqa: S311
    while rest:
        size = draw.randint(1, 40)
        rows = [event.as_json() for event in rest[:size]]
        assert http.post("/import", json=rows).status_code == 200
        rest = rest[size:]


def ask(http: httpx.Client, path: str, **given: str) -> Any:  # noqa: ANN401
    """Return what a question about the week is answered."""
    answer = http.get(f"/api/query/{path}", params={**WEEK, **given})
    assert answer.status_code == 200, answer.text
    return answer.json()


def day_of(event: Sent) -> str:
    """Return the day of an event."""
    return (FIRST + timedelta(minutes=event.minute)).date().isoformat()


@pytest.mark.parametrize("seed", range(25))
def test_counts_see_people(client: httpx.Client, seed: int) -> None:
    """Users a day and a week, events, averages, conditions: each equals plain loops."""
    sent = stream(seed)
    send(client, sent, seed)
    doers = people(sent)
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for event, who in zip(sent, doers, strict=True):
        keys[event.name, day_of(event)].add((event.insert_id, who))
        if who:
            users[event.name, day_of(event)].add(who)

    for name in NAMES:
        for kind, expected in (("unique", users), ("general", keys)):
            found = ask(client, "segmentation", event=name, type=kind)
            days = found["data"]["values"].get(name, {})
            assert days == {day: len(expected[name, day]) for day in days}, kind
        week = ask(client, "events", event=f'["{name}"]', type="unique", unit="week")
        everybody = {
            who
            for event, who in zip(sent, doers, strict=True)
            if event.name == name and who
        }
        assert week["data"]["values"][name] == {"2026-11-16": len(everybody)}
        ids: dict[str, set[str]] = defaultdict(set)
        for event, who in zip(sent, doers, strict=True):
            if event.name == name:
                ids[who].add(event.insert_id)
        by_id = ask(client, "segmentation", event=name, on='properties["distinct_id"]')
        counts = by_id["data"]["values"].items()
        assert {who: sum(days.values()) for who, days in counts} == (
            {who: len(events) for who, events in ids.items()}
        )


@pytest.mark.parametrize("seed", range(100, 110))
def test_rows_see_people(client: httpx.Client, seed: int) -> None:
    """The export and activity have them; JQL has the ids as they were sent."""
    sent = stream(seed)
    send(client, sent, seed)
    doers = people(sent)

    text = client.get("/api/2.0/export", params=WEEK).text
    rows = [json.loads(line)["properties"] for line in text.splitlines()]
    assert sorted(
        (row["$insert_id"], row["distinct_id"], row.get("$distinct_id_before_identity"))
        for row in rows
    ) == sorted(
        (event.insert_id, who, None if who == as_sent(event) else as_sent(event))
        for event, who in zip(sent, doers, strict=True)
    )
    for who in {*doers} - {""}:
        feed = ask(client, "stream/query", distinct_ids=json.dumps([who]))
        found = {row["properties"]["$insert_id"] for row in feed["results"]["events"]}
        assert found == {
            event.insert_id
            for event, doer in zip(sent, doers, strict=True)
            if doer == who
        }
    script = (
        f"function main() {{ return Events({json.dumps(WEEK)})"
        ".map(e => [e.properties.$insert_id, e.distinct_id || '']); }"
    )
    pairs = client.post("/api/query/jql", data={"script": script}).json()
    assert dict(pairs) == {event.insert_id: as_sent(event) for event in sent}


@pytest.mark.parametrize("seed", range(200, 208))
def test_funnels_and_retention_see_people(
    serving: LocalProject, client: httpx.Client, seed: int
) -> None:
    """Who looked, who bought later, and who came back on the next day."""
    serving.save_funnel(1, steps=["Look", "Buy"])
    sent = stream(seed)
    send(client, sent, seed)
    times: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in NAMES}
    for event, who in zip(sent, people(sent), strict=True):
        if who:
            times[event.name][who].append(event.minute)
    looked = {who: min(minutes) for who, minutes in times["Look"].items()}
    bought = [who for who in looked if max(times["Buy"].get(who, [0])) > looked[who]]

    answer = ask(client, "funnels", funnel_id="1", interval="7")
    steps = answer["data"]["2026-11-16"]["steps"]
    assert [step["count"] for step in steps] == [len(looked), len(bought)]

    born = ask(client, "retention", born_event="Look", event="Buy", unit="day")
    for day in range(7):
        start = (FIRST + timedelta(days=day)).date().isoformat()
        new = [who for who, minute in looked.items() if minute // 1440 == day]
        assert born.get(start, {"first": 0})["first"] == len(new)


def test_users_at_once_agree_about_a_device(client: httpx.Client) -> None:
    """One has it, whoever of those who came at once, and every question says who."""
    before = Sent("Look", 1, "before", "d0", "", "")
    send(client, [before], 1)

    def come(number: int) -> None:
        event = Sent("In", 2, f"in-{number}", "d0", f"u{number}", "")
        rows = [event.as_json()]
        assert client.post("/import", json=rows).status_code == 200

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(8)))
    send(client, [Sent("Look", 3, "after", "d0", "", "")], 1)

    by_id = ask(client, "segmentation", event="Look", on='properties["distinct_id"]')
    [winner] = by_id["data"]["values"]
    assert winner in {f"u{number}" for number in range(8)}
    unique = ask(client, "segmentation", event="Look", type="unique")
    assert unique["data"]["values"]["Look"]["2026-11-16"] == 1
    feed = ask(client, "stream/query", distinct_ids=json.dumps([winner]))
    assert len(feed["results"]["events"]) == 3
    entered = ask(client, "segmentation", event="In", type="unique")
    assert entered["data"]["values"]["In"]["2026-11-16"] == 8

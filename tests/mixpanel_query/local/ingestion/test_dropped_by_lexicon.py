"""What Lexicon says to drop does not arrive any more."""

from __future__ import annotations

import json
from typing import Any

import httpx

from mixpanel_query.local import LocalProject

SCHEMAS = "/api/app/projects/1/schemas/event"
DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22"}


def dropped(*, is_it: bool | None = True) -> dict[str, Any]:
    """Return the metadata that say whether something is dropped."""
    return {"metadata": {"com.mixpanel": {"dropped": is_it}}}


def send(http: httpx.Client, name: str, **properties: object) -> str:
    """Send an event, and return what /track answers."""
    given = {"token": "t", "distinct_id": "u", **properties}
    return http.post("/track", json=[{"event": name, "properties": given}]).text


def exported(http: httpx.Client) -> list[dict[str, Any]]:
    """Return the events that were kept."""
    lines = http.get("/api/2.0/export", params=DAY).text.splitlines()
    return [json.loads(line) for line in lines]


def test_dropped_event_is_not_kept(project: LocalProject, http: httpx.Client) -> None:
    """It is answered as always, and its verdict says why; others are kept."""
    http.post(f"{SCHEMAS}/A", json=dropped())

    assert (send(http, "A"), send(http, "B")) == ("1", "1")
    assert [event["event"] for event in exported(http)] == ["B"]
    first = next(iter(project.verdicts)).as_json()
    assert first["outcome"] == "ignored"
    assert "Lexicon says to drop events of this name" in json.dumps(first)


def test_event_is_kept_again_when_it_is_dropped_no_more(http: httpx.Client) -> None:
    """From then on; what did not arrive stays away."""
    http.post(f"{SCHEMAS}/A", json=dropped())
    send(http, "A", number=1)
    http.post(f"{SCHEMAS}/A", json=dropped(is_it=None))
    send(http, "A", number=2)

    assert [event["properties"]["number"] for event in exported(http)] == [2]


def test_dropped_property_is_left_out(http: httpx.Client) -> None:
    """Of events of this name only, and never what an event needs."""
    about = {"type": "string", **dropped()}
    schema = {"properties": {"secret": about, "distinct_id": about}}
    http.post(f"{SCHEMAS}/A", json=schema)
    send(http, "A", secret="x", plan="pro")
    send(http, "B", secret="x")
    of_a, of_b = (event["properties"] for event in exported(http))

    assert ("secret" in of_a, of_a["plan"], of_a["distinct_id"]) == (False, "pro", "u")
    assert of_b["secret"] == "x"

"""How much is taken, to the byte, and the documented words for what is too much."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

LONG = "attribute name cannot be longer than 150 bytes"
EVENTS = "/api/v1/customers/u1/events"


def problems_of(answer: httpx.Response) -> list[str]:
    """Return what the v1 API says is wrong; nothing if it took the request."""
    if answer.status_code == 200:
        return []
    assert answer.status_code == 400
    [problem] = answer.json()["meta"]["errors"]
    return [problem]


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"č" * 75: 1}, ""),
        ({"č" * 75 + "x": 1}, LONG),
        ({"name": "č" * 500}, ""),
        (
            {"name": "č" * 500 + "x"},
            "value for attribute 'name' cannot be longer than 1000 bytes",
        ),
        ({"name": ["x" * 996]}, ""),
        (
            {"name": ["x" * 997]},
            "value for attribute 'name' cannot be longer than 1000 bytes",
        ),
        ({f"a{number}": 1 for number in range(300)}, ""),
        (
            {f"a{number}": 1 for number in range(301)},
            "cannot identify more than 300 attributes in one request",
        ),
        (
            {"_update": False, "_timestamp": 1}
            | {f"a{number}": 1 for number in range(300)},
            "",
        ),
        ({"id": 7}, "id attribute must be a string value"),
        ({"id": ""}, "id attribute cannot be an empty string"),
        ({"email": 7}, "email attribute must be a string value"),
    ],
)
def test_attributes(
    http: httpx.Client, attributes: dict[str, Any], problem: str
) -> None:
    """Bytes of UTF-8 are counted, of texts and of the JSON of all else."""
    answer = http.put("/api/v1/customers/u1", json=attributes)

    assert problems_of(answer) == ([problem] if problem else [])


def test_id_of_the_path(http: httpx.Client) -> None:
    """It has at least one sign, and at most 150 bytes."""
    taken = http.put(f"/api/v1/customers/{'č' * 75}", json={})
    long = http.put(f"/api/v1/customers/{'č' * 75}x", json={})
    empty = http.put("/api/v1/customers/%20", json={})

    assert problems_of(taken) == []
    assert problems_of(long) == ["id attribute cannot be longer than 150 bytes"]
    assert problems_of(empty) == ["id attribute cannot be an empty string"]


def test_refused_update_changes_nothing(
    project: LocalProject, http: httpx.Client
) -> None:
    """One attribute that is too long refuses the others too."""
    http.put("/api/v1/customers/u1", json={"plan": "pro", "x": "x" * 1001})

    assert project.customers == {}
    [verdict] = project.verdicts
    assert (verdict.kind, verdict.outcome) == ("customer", "refused")
    assert (verdict.name, verdict.distinct_id) == ("identify", "u1")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("v1/customers/u1/events", {"name": "A", "data": 7}, ("A", "u1")),
        ("v1/customers/a%2Fb/events", {"name": 7}, ("event", "a/b")),
        ("v1/events", {"anonymous_id": "n"}, ("event", "n")),
        ("v1/merge_customers", {"name": "A"}, ("merge", "")),
        ("v2/entity", {"type": "person", "action": "no"}, ("no", "")),
        ("v2/entity", {"identifiers": {"email": "a@b.c"}}, ("", "a@b.c")),
        ("v2/entity", {"action": ["x"], "identifiers": {"id": 7}}, ("", "")),
        ("v2/batch", {"batch": [7]}, ("", "")),
        ("v2/batch", {"batch": [{"action": "\ud83d"}]}, ("?", "")),
    ],
)
def test_verdict_names_what_is_refused(
    project: LocalProject,
    http: httpx.Client,
    path: str,
    body: dict[str, object],
    said: tuple[str, str],
) -> None:
    """As far as it can be known: the event or what was to be done, and to whom."""
    # Python's own JSON writes half a character as an escape.
    http.post(f"/api/{path}", content=json.dumps(body))
    [verdict] = project.verdicts

    assert verdict.outcome == "refused"
    assert (verdict.name, verdict.distinct_id) == said


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({"name": " " + "č" * 50 + " "}, ""),
        ({"name": "č" * 50 + "x"}, "event name cannot be longer than 100 bytes"),
        ({"name": "  "}, "event name must not be blank"),
        ({}, "event name must not be blank"),
        ({"name": 7}, "event name must not be blank"),
        ({"name": "A", "data": ""}, "event data must be a hash"),
        ({"name": "A", "data": None}, ""),
        ({"name": "A", "data": {"x": "x" * 99_992}}, ""),
        (
            {"name": "A", "data": {"x": "x" * 99_993}},
            "event data cannot be longer than 100000 bytes",
        ),
    ],
)
def test_events(http: httpx.Client, event: dict[str, Any], problem: str) -> None:
    """``{"x":""}`` itself has 8 bytes."""
    answer = http.post(EVENTS, json=event)

    assert problems_of(answer) == ([problem] if problem else [])


def test_person_has_up_to_300_attributes(
    project: LocalProject, http: httpx.Client
) -> None:
    """Those beyond are left out; those that are there can be changed."""
    url = "/api/v1/customers/u1"
    http.put(url, json={f"a{number}": 1 for number in range(300)})
    http.put(url, json={"a0": 2, "one": 1, "more": 1})
    person = project.customers["u1"]

    assert person["a0"] == 2
    assert "one" not in person
    assert project.verdicts[-1].problems == (
        "one would be one attribute more than 300",
        "more would be one attribute more than 300",
    )


def item_of(size: int) -> dict[str, Any]:
    """Return an item whose shortest JSON has so many bytes."""
    item: dict[str, Any] = {
        "type": "person",
        "action": "event",
        "name": "A",
        "identifiers": {"id": "u1"},
        "attributes": {"x": ""},
    }
    item["attributes"]["x"] = "x" * (size - len(shortest(item)))
    assert len(shortest(item)) == size
    return item


def shortest(value: object) -> bytes:
    """Return the shortest JSON of a value."""
    return json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("size", "status", "graded"),
    [(31_999, 200, False), (32_767, 200, True), (32_768, 400, False)],
)
def test_entity_is_smaller_than_32_kb(
    http: httpx.Client, size: int, status: int, graded: bool
) -> None:
    """Which are 32,768 bytes; that this is assumed shows where it matters."""
    http.put("/api/v1/customers/u1", json={})
    answer = http.post("/api/v2/entity", content=shortest(item_of(size)))

    assert answer.status_code == status
    basis = answer.headers.get("Local-Project-Basis", "")
    assert ("customerio-kilobyte" in basis) is graded


def test_item_of_a_batch_has_32_kb_or_less(
    project: LocalProject, http: httpx.Client
) -> None:
    """One that has more spares the others."""
    batch = [item_of(32_768), item_of(32_769), item_of(31_000)]
    answer = http.post("/api/v2/batch", json={"batch": batch})

    assert answer.status_code == 207
    assert answer.json()["errors"] == [
        {
            "batch_index": 1,
            "reason": "invalid",
            "field": "",
            "message": "an item must have 32kb or less",
        }
    ]
    assert len(project.customer_events) == 2


@pytest.mark.parametrize(("size", "status"), [(511_999, 200), (512_000, 400)])
def test_batch_is_smaller_than_500_kb(
    http: httpx.Client, size: int, status: int
) -> None:
    """Which are 512,000 bytes."""
    batch = [item_of(30_000) for _ in range(16)]
    rest = size - len(shortest({"batch": [*batch, ""]})) + len(shortest(""))
    body = shortest({"batch": [*batch, item_of(rest)]})
    assert len(body) == size

    assert http.post("/api/v2/batch", content=body).status_code == status

"""The v2 API: operations in a document, one or many."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def item(action: str, who: str = "u1", **words: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return an item about a person."""
    about = {"type": "person", "action": action, "identifiers": {"id": who}}
    return {**about, **words}


def test_each_action_does_what_its_v1_path_does(
    project: LocalProject, http: httpx.Client
) -> None:
    """In the order of the batch, which is one request."""
    batch = [
        item("identify", attributes={"email": "ana@example.com", "plan": "pro"}),
        item("event", name="Paid", id=ULID, timestamp=1600000000, attributes={"a": 1}),
        item("page", name="/pricing"),
        item("screen", name="Home"),
        item("event", name="Paid", id=ULID),
        item("identify", "u2", attributes={"seats": 3}),
        item("event", "u2", name="Second"),
        {
            "type": "person",
            "action": "merge",
            "primary": {"id": "u1"},
            "secondary": {"id": "u2"},
        },
        item("identify", "u3", attributes={}),
        item("delete", "u3"),
        item("suppress", "u4"),
        item("identify", "u4"),
        item("unsuppress", "u4"),
        item("identify", "u4"),
    ]
    answer = http.post("/api/v2/batch", json={"batch": batch})

    assert (answer.status_code, answer.json()) == (200, {})
    assert project.customers == {
        "u1": {
            "cio_id": "03000001",
            "id": "u1",
            "email": "ana@example.com",
            "plan": "pro",
            "seats": 3,
        },
        "u4": {"cio_id": "03000005", "id": "u4"},
    }
    events = [(each.type, each.name, each.customer) for each in project.customer_events]
    assert events == [
        ("event", "Paid", "u1"),
        ("page", "/pricing", "u1"),
        ("screen", "Home", "u1"),
        ("event", "Second", "u1"),
    ]
    assert project.customer_events[0].data == {"a": 1}
    assert [each.outcome for each in project.verdicts].count("ignored") == 2


def test_wrong_items_spare_the_others(
    project: LocalProject, http: httpx.Client
) -> None:
    """207, and an error for each of them with its place."""
    batch = [
        item("event"),
        item("identify", attributes={"plan": "pro"}),
        item("dance"),
        {"type": "person", "action": "delete"},
        {"type": "robot"},
        "text",
        item("identify", attributes=[]),
        item("identify", identifiers={"id": "u1", "email": "a@b.io"}),
        item("identify", identifiers={"phone": "+14155552671"}),
        item("identify", identifiers={"id": 42}),
        item("add_device", device={"id": "d", "platform": "ios"}),
        item("add_relationships"),
        item("identify", attributes={"x": "\ud800"}),
    ]
    # Python's own JSON writes half a character as an escape.
    body = json.dumps({"batch": batch})
    answer = http.post("/api/v2/batch", content=body)
    found = {each["batch_index"]: each for each in answer.json()["errors"]}

    assert answer.status_code == 207
    assert sorted(found) == [0, *range(2, len(batch))]
    assert found[0] == {
        "batch_index": 0,
        "reason": "invalid",
        "field": "name",
        "message": "event name must not be blank",
    }
    assert found[9]["message"] == "id attribute must be a string value"
    assert found[10]["field"] == "device.token"
    assert project.customers["u1"]["plan"] == "pro"
    refused = [each.index for each in project.verdicts if each.outcome == "refused"]
    assert refused == sorted(found)


def test_items_that_are_all_wrong_are_207_too(http: httpx.Client) -> None:
    """As at least one of them is."""
    answer = http.post("/api/v2/batch", json={"batch": [item("event")]})

    assert answer.status_code == 207


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("batch", b'{"batch": []}'),
        ("batch", b'{"batch": {}}'),
        ("batch", b"{}"),
        ("batch", b"[]"),
        ("batch", b""),
        ("batch", b'{"batch": ['),
        ("batch", b"\xff"),
        ("entity", b"[]"),
        ("entity", b"{}"),
        ("entity", b'{"type": "person", "action": "identify"}'),
        ("entity", b'{"type": "person", "x": NaN}'),
    ],
)
def test_request_that_is_no_batch_is_refused(
    project: LocalProject, http: httpx.Client, path: str, body: bytes
) -> None:
    """400, with one error in the shape of the v2 API."""
    answer = http.post(f"/api/v2/{path}", content=body)
    [error] = answer.json()["errors"]

    assert answer.status_code == 400
    assert set(error) == {"reason", "field", "message"}
    assert error["message"]
    assert project.customers == {}


def test_entity_is_one_item(project: LocalProject, http: httpx.Client) -> None:
    """Whose relationships are a list beside the attributes."""
    acme = {"identifiers": {"object_type_id": "1", "object_id": "acme"}}
    words: dict[str, Any] = {"attributes": {"plan": "pro"}, "cio_relationships": [acme]}
    answer = http.post("/api/v2/entity", json=item("identify", **words))
    [listed] = http.get("/local/customers").json()["customers"]

    assert (answer.status_code, answer.json()) == (200, {})
    assert listed["relationships"] == [acme]
    http.post("/api/v2/entity", json=item("delete_relationships", **words))
    assert project.customers["u1"]["plan"] == "pro"
    assert http.get("/local/customers").json()["customers"][0]["relationships"] == []


@pytest.mark.parametrize("kind", ["object", "delivery"])
def test_objects_are_not_kept(
    project: LocalProject, http: httpx.Client, kind: str
) -> None:
    """501 for the whole request, of which nothing is done."""
    other = {"type": kind, "action": "identify", "identifiers": {"object_id": "a"}}
    answer = http.post("/api/v2/batch", json={"batch": [item("identify"), other]})

    assert answer.status_code == 501
    assert f"items of the type {kind}" in answer.json()["errors"][0]["message"]
    assert project.customers == {}


def test_thousand_items_are_done_in_a_second_or_two(
    project: LocalProject, http: httpx.Client
) -> None:
    """A full batch of new people takes no time that anybody minds."""
    batch = [item("identify", f"u{number}") for number in range(1000)]
    answer = http.post("/api/v2/batch", json={"batch": batch}, timeout=30)

    assert answer.status_code == 200
    assert len(project.customers) == 1000
    assert answer.elapsed.total_seconds() < 10

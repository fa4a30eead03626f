"""The answers to what is sent name the rules that they rest on, like all others."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mixpanel_query.local.rules.basis import HEADER

NOW = 1795348800
PERSON = "/api/v1/customers/u1"
MANY = {f"a{number}": number for number in range(299)}


def sent(path: str, body: object) -> tuple[str, str, object]:
    """Return a request that brings JSON, with PUT for people of Customer.io."""
    return ("PUT" if path == PERSON else "POST", path, body)


def event(**properties: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return an event as /track takes it."""
    given = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i1"}
    return [{"event": "A", "properties": {**given, **properties}}]


def union(first: int, last: int) -> list[dict[str, Any]]:
    """Return an update that adds long texts to a list, a different one each."""
    texts = [f"{number:0250}" for number in range(first, last)]
    return [{"$token": "t", "$distinct_id": "u1", "$union": {"list": texts}}]


# What is sent first, what is sent then, and the rules that this answer rests on.
SENT: list[tuple[list[tuple[str, str, object]], tuple[str, str, object], set[str]]] = [
    ([], sent("/track", event()), set()),
    ([], sent("/track", event(distinct_id=5)), {"numbers-as-ids"}),
    ([], sent("/track", event(**{"$user_id": 5})), {"numbers-as-ids"}),
    ([], sent("/track", event(**{"$user_id": "u2"})), set()),
    ([], sent("/track", event(**{"$user_id": ["u2"]})), {"ids-of-other-types"}),
    ([], sent("/track", event(distinct_id="NULL")), {"invalid-ids-in-any-case"}),
    ([], sent("/track", event(distinct_id="null")), set()),
    (
        [],
        sent("/track", event(**{"$insert_id": "not allowed"})),
        {"insert-ids-unless-strict"},
    ),
    ([], sent("/track", event(ip="8.8.8.8")), {"no-places"}),
    ([], sent("/track", event(list=["x" * 250] * 40)), {"large-property"}),
    (
        [sent("/engage", union(0, 900))],
        sent("/engage", union(900, 1800)),
        {"large-lists-of-profiles"},
    ),
    ([], sent(PERSON, {"plan": "pro"}), set()),
    (
        [sent(PERSON, {"email": "a@example.com"})],
        sent(PERSON, {"email": "b@example.com"}),
        {"customerio-workspace"},
    ),
    ([], sent(PERSON, {"anonymous_id": "x"}), {"customerio-event-merging"}),
    (
        [sent(PERSON, MANY)],
        sent(PERSON, {"one more": 1, "and another": 2}),
        {"customerio-attributes-of-person"},
    ),
    ([], sent(PERSON, {"list": [1] * 600}), {"customerio-value-bytes"}),
    ([], sent(f"{PERSON}/events", {"name": "A"}), {"customerio-creates-person"}),
    (
        [sent(PERSON, {})],
        sent(f"{PERSON}/events", {"name": "A", "id": "no ULID"}),
        {"customerio-unread-values"},
    ),
    (
        [
            sent(PERSON, {}),
            ("PUT", "/api/v1/customers/u2", {"email": "b@example.com"}),
        ],
        sent(
            "/api/v1/merge_customers",
            {"primary": {"id": "u1"}, "secondary": {"id": "u2"}},
        ),
        {"customerio-merge-identifiers"},
    ),
    ([], ("PATCH", PERSON, {}), {"customerio-error-words"}),
]


@pytest.mark.parametrize(("before", "then", "expected"), SENT)
def test_header_names_the_rules_that_were_used(
    http: httpx.Client,
    before: list[tuple[str, str, object]],
    then: tuple[str, str, object],
    expected: set[str],
) -> None:
    """These, and no others."""
    for method, path, body in before:
        assert http.request(method, path, json=body).is_success
    method, path, body = then

    assert rules_of(http.request(method, path, json=body)) == expected


def rules_of(answer: httpx.Response) -> set[str]:
    """Return the rules that the header names."""
    named = answer.headers.get(HEADER, "")
    return {each.split("rule=")[1] for each in named.split(", ") if each}


def test_tag_of_a_name_that_there_is_says_so(http: httpx.Client) -> None:
    """The first one of its name rests on documentation alone."""
    path = "/api/app/projects/1/annotations/tags"
    first, second = (http.post(path, json={"name": "release"}) for _ in range(2))

    assert rules_of(first) == set()
    assert rules_of(second) == {"tags-of-one-name"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"description": "d", "properties": {"n": {"type": "number"}}}, set()),
        ({"required": ["n"]}, {"schema-keywords"}),
        (
            {"properties": {"n": {"type": "string", "format": "date-time"}}},
            {"schema-keywords"},
        ),
    ],
)
def test_schema_with_other_keywords_says_so(
    shared_http: httpx.Client, schema: dict[str, Any], expected: set[str]
) -> None:
    """In the schema itself, or in one of its properties."""
    path = "/api/app/projects/1/schemas/event/Alone"

    assert rules_of(shared_http.post(path, json=schema)) == expected


def test_total_of_several_pages_says_so(http: httpx.Client) -> None:
    """Of one page both readings of it are the same."""
    totals = []
    for start in (0, 600):
        profiles = [
            {"$token": "t", "$distinct_id": f"many{number}", "$set": {"n": number}}
            for number in range(start, start + 600)
        ]
        assert http.post("/engage", json=profiles).text == "1"
        totals.append(rules_of(http.post("/api/query/engage")))

    assert totals == [set(), {"profile-totals"}]


def test_answers_about_merged_devices_say_so(http: httpx.Client) -> None:
    """Of two users of a device the first one has it; scripts see ids as sent."""
    for number, user in enumerate(({}, {"$user_id": "u1"}, {"$user_id": "u2"})):
        properties = {"token": "t", "time": NOW - number, "$device_id": "d", **user}
        body = [{"event": "A", "properties": properties}]
        assert http.post("/track", json=body).text == "1"
    days = '{from_date: "2026-11-22", to_date: "2026-11-22"}'
    script = f"function main() {{ return Events({days}); }}"
    asked = {"event": "A", "from_date": "2026-11-22", "to_date": "2026-11-22"}

    counted = http.get("/api/query/segmentation", params=asked)
    assert rules_of(counted) == {"first-user-of-a-device"}
    found = http.post("/api/query/jql", data={"script": script})
    assert rules_of(found) == {"jql-ids-as-sent"}

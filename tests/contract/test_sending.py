"""What sends to a local project and is not of this repository, through Prism.

Mixpanel's own library, and requests as they are written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import mixpanel
import pytest

from mixpanel_query.local import LocalProject

TIME = 1795305600
EVENT: dict[str, Any] = {
    "event": "A",
    "properties": {"time": TIME, "distinct_id": "u", "$insert_id": "i"},
}
TRACKED = {**EVENT, "properties": {**EVENT["properties"], "token": "t0ken"}}
ACCOUNT = ("reports.1a2b3c", "hunter2-hunter2")
UPDATE = {"$token": "t0ken", "$distinct_id": "u", "$set": {"Plan": "pro"}}


@pytest.fixture
def http(project: LocalProject, through_prism: str) -> Iterator[httpx.Client]:
    """Give an HTTP client of Prism; the project's log is empty."""
    project.requests.clear()
    with httpx.Client(base_url=through_prism, trust_env=False) as client:
        yield client


def statuses(project: LocalProject) -> list[int | None]:
    """List what the project answered, which Prism may have refused afterwards."""
    return [each.status for each in project.requests]


def test_the_official_library_is_let_through(
    project: LocalProject, through_prism: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its events, imports and updates are allowed, and so are the answers."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    project.requests.clear()
    urls = {
        f"{name}_url": f"{through_prism}/{path}"
        for name, path in [
            ("events", "track"),
            ("people", "engage"),
            ("groups", "groups"),
            ("import", "import"),
        ]
    }
    account = mixpanel.ServiceAccountCredentials(*ACCOUNT, project_id="12345")
    for kind in (mixpanel.Consumer, mixpanel.BufferedConsumer):
        consumer = kind(**urls, credentials=account)
        tracker = mixpanel.Mixpanel("t0ken", consumer)
        tracker.track("u1", "A", {"Size": "XL", "time": TIME})
        tracker.import_data("", "u1", "A", TIME)
        tracker.people_set("u1", {"$name": "Žiga"})
        tracker.people_increment("u1", {"Orders": 2})
        tracker.people_append("u1", {"Colours": "red"})
        tracker.people_track_charge("u1", 9.5)
        tracker.people_delete("u2")
        tracker.group_set("Company", "Mixpanel", {"Seats": 5})
        tracker.group_union("Company", "Mixpanel", {"Tags": ["a"]})
        tracker.group_delete("Company", "Mixpanel")
        if isinstance(consumer, mixpanel.BufferedConsumer):
            consumer.flush()

    assert len(statuses(project)) == 14
    assert set(statuses(project)) == {200}


@pytest.mark.parametrize(
    ("path", "request_parts"),
    [
        ("/track", {"data": {"data": json.dumps(TRACKED), "verbose": "1"}}),
        ("/track", {"data": {"data": json.dumps(TRACKED)}}),
        ("/track?verbose=1", {"json": [TRACKED]}),
        ("/track", {"json": [{"event": "A", "properties": {"token": "t0ken"}}]}),
        ("/import?strict=1&project_id=12345", {"json": [EVENT]}),
        ("/import?strict=0&project_id=12345", {"json": [EVENT]}),
        ("/engage", {"json": [UPDATE]}),
        ("/engage?verbose=1", {"data": {"data": json.dumps([UPDATE])}}),
        (
            "/groups",
            {
                "json": [
                    {
                        **{"$token": "t0ken", "$group_key": "Company"},
                        **{"$group_id": "Mixpanel", "$set": {"Seats": 5}},
                    }
                ]
            },
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else "-".join(given),
)
def test_what_is_sent_by_hand_is_let_through(
    project: LocalProject, http: httpx.Client, path: str, request_parts: dict[str, Any]
) -> None:
    """Events and updates as documented are allowed, and so are the answers."""
    # Prism takes no credentials where none are asked for.
    if path.startswith("/import"):
        request_parts = {**request_parts, "auth": ACCOUNT}
    answer = http.post(path, **request_parts)

    assert (answer.status_code, statuses(project)) == (200, [200]), answer.text


def test_json_lines_are_let_through(project: LocalProject, http: httpx.Client) -> None:
    """An import of one event a line is allowed; Prism cannot read gzip."""
    answer = http.post(
        "/import?strict=1&project_id=12345",
        content=json.dumps(EVENT).encode(),
        headers={"Content-Type": "application/x-ndjson"},
        auth=ACCOUNT,
    )

    assert (answer.status_code, statuses(project)) == (200, [200]), answer.text

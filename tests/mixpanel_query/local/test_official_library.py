"""The official mixpanel library, unchanged, against a local project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import mixpanel
import pytest

from mixpanel_query.local import LocalProject

CREDENTIALS = ("reports", "s3cret-s3cret")
OLD = 1500000000


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalProject]:
    """Give a project with a token and credentials, by the machine's clock."""
    # The library sends through requests, which obeys proxies of the environment.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with LocalProject(token="t0ken", credentials=CREDENTIALS, project_id=7) as serving:
        yield serving


def urls(project: LocalProject) -> dict[str, str]:
    """Return the addresses that a consumer of the library needs."""
    return {
        "events_url": f"{project.base_url}/track",
        "people_url": f"{project.base_url}/engage",
        "import_url": f"{project.base_url}/import",
    }


def exported(project: LocalProject, from_date: str, to_date: str) -> list[Any]:
    """Return what the export gives."""
    answer = httpx.get(
        f"{project.base_url}/api/2.0/export",
        params={"from_date": from_date, "to_date": to_date, "project_id": "7"},
        auth=CREDENTIALS,
        trust_env=False,
    )
    return [json.loads(line) for line in answer.text.split("\n") if line]


def profile(project: LocalProject, distinct_id: str) -> dict[str, Any]:
    """Return the properties of a profile."""
    answer = httpx.post(
        f"{project.base_url}/api/query/engage?project_id=7",
        data={"distinct_id": distinct_id},
        auth=CREDENTIALS,
        trust_env=False,
    )
    [found] = answer.json()["results"]
    properties: dict[str, Any] = found["$properties"]
    return properties


def test_tracked_event_and_profile_come_back(project: LocalProject) -> None:
    """An event comes back through the export, a profile through engage."""
    before = datetime.now(timezone.utc)
    tracker = mixpanel.Mixpanel("t0ken", mixpanel.Consumer(**urls(project)))
    tracker.track("u1", "Größe gewählt", {"Size": "XL", "n": 2**70})
    tracker.people_set("u1", {"$name": "Žiga"})
    tracker.people_increment("u1", {"Orders": 2})
    today = datetime.now(timezone.utc).date().isoformat()
    [event] = exported(project, before.date().isoformat(), today)

    assert event["event"] == "Größe gewählt"
    assert event["properties"]["distinct_id"] == "u1"
    assert event["properties"]["Size"] == "XL"
    assert event["properties"]["n"] == 1180591620717411303424
    assert event["properties"]["mp_lib"] == "python"
    assert "token" not in event["properties"]
    assert abs(event["properties"]["time"] - before.timestamp()) < 60
    assert profile(project, "u1").items() >= {"$name": "Žiga", "Orders": 2}.items()


def test_every_profile_operation_is_taken(project: LocalProject) -> None:
    """The library's other calls do to a profile what they say."""
    tracker = mixpanel.Mixpanel("t0ken", mixpanel.Consumer(**urls(project)))
    tracker.people_set_once("u1", {"first": 1})
    tracker.people_set_once("u1", {"first": 2})
    tracker.people_append("u1", {"list": "a"})
    tracker.people_union("u1", {"list": ["a", "b"]})
    tracker.people_remove("u1", {"list": "a"})
    tracker.people_track_charge("u1", 9.5)
    tracker.people_set("u1", {"gone": 1})
    tracker.people_unset("u1", ["gone"])
    tracker.people_set("u2", {"a": 1})
    tracker.people_delete("u2")
    found = profile(project, "u1")

    assert found["first"] == 1
    assert found["list"] == ["b"]
    assert found["$transactions"][0]["$amount"] == 9.5
    assert "gone" not in found
    with pytest.raises(ValueError, match="not enough values"):
        profile(project, "u2")


def test_buffered_events_are_taken(project: LocalProject) -> None:
    """Batches of a buffered consumer arrive whole."""
    consumer = mixpanel.BufferedConsumer(max_size=50, **urls(project))
    tracker = mixpanel.Mixpanel("t0ken", consumer)
    for number in range(120):
        tracker.track(f"u{number}", "Sign Up")
    consumer.flush()
    today = datetime.now(timezone.utc).date().isoformat()

    assert len(exported(project, "2026-01-01", today)) == 120


def test_old_event_is_imported(project: LocalProject) -> None:
    """/import with a service account takes events of any age."""
    account = mixpanel.ServiceAccountCredentials(*CREDENTIALS, "7")
    consumer = mixpanel.Consumer(credentials=account, **urls(project))
    tracker = mixpanel.Mixpanel("t0ken", consumer)
    tracker.import_data(None, "u1", "Sign Up", OLD)
    # 1500000000 is 2017-07-14 02:40 UTC.
    [event] = exported(project, "2017-07-14", "2017-07-14")

    assert event["properties"]["time"] == OLD
    assert event["properties"]["$import"] is True


def test_import_with_a_wrong_secret_is_refused(project: LocalProject) -> None:
    """The library raises what the project says."""
    account = mixpanel.ServiceAccountCredentials("reports", "wrong", "7")
    consumer = mixpanel.Consumer(credentials=account, **urls(project))

    with pytest.raises(mixpanel.MixpanelException, match="Invalid credentials"):
        mixpanel.Mixpanel("t0ken", consumer).import_data(None, "u1", "A", OLD)


def test_event_that_is_too_old_is_refused(project: LocalProject) -> None:
    """The library raises the project's words, as it asks for verbose answers."""
    tracker = mixpanel.Mixpanel("t0ken", mixpanel.Consumer(**urls(project)))

    with pytest.raises(mixpanel.MixpanelException, match="over 5 days ago"):
        tracker.track("u1", "Sign Up", {"time": OLD})

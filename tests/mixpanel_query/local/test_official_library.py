"""The official mixpanel library, unchanged, against a local project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import mixpanel  # type: ignore[import-untyped]
import pytest

from mixpanel_query.local import LocalProject

CREDENTIALS = ("reports", "s3cret-s3cret")
OLD = 1500000000


@pytest.fixture(params=["http", "https"])
def project(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalProject]:
    """Give a project with a token and credentials, by the machine's clock."""
    # The library sends through requests, which obeys proxies of the environment.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with LocalProject(
        token="t0ken",
        credentials=CREDENTIALS,
        project_id=7,
        tls=request.param == "https",
    ) as serving:
        if request.param == "https":
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(serving.ca_file))
            monkeypatch.setenv("SSL_CERT_FILE", str(serving.ca_file))
        yield serving


def urls(project: LocalProject) -> dict[str, str]:
    """Return what a consumer of the library is told, and nothing else is changed."""
    scheme, _, host = project.base_url.partition("://")
    if scheme == "https":
        return {"api_host": host}
    return {
        "events_url": f"{project.base_url}/track",
        "people_url": f"{project.base_url}/engage",
        "groups_url": f"{project.base_url}/groups",
        "import_url": f"{project.base_url}/import",
    }


def exported(project: LocalProject, from_date: str, to_date: str) -> list[Any]:
    """Return what the export gives."""
    answer = httpx.get(
        f"{project.base_url}/api/2.0/export",
        params={"from_date": from_date, "to_date": to_date, "project_id": "7"},
        auth=CREDENTIALS,
    )
    return [json.loads(line) for line in answer.text.split("\n") if line]


def profile(project: LocalProject, distinct_id: str) -> dict[str, Any]:
    """Return the properties of a profile."""
    answer = httpx.post(
        f"{project.base_url}/api/query/engage?project_id=7",
        data={"distinct_id": distinct_id},
        auth=CREDENTIALS,
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


def test_every_group_operation_is_taken(project: LocalProject) -> None:
    """The library's calls of groups are valid, one by one."""
    tracker = mixpanel.Mixpanel("t0ken", mixpanel.Consumer(**urls(project)))
    acme = ("company", "Acme")
    tracker.group_set(*acme, {"seats": 7, "plan": "pro"})
    tracker.group_set_once(*acme, {"first": 1})
    tracker.group_union(*acme, {"cities": ["Ljubljana"]})
    tracker.group_remove(*acme, {"cities": "Ljubljana"})
    tracker.group_unset(*acme, ["plan"])
    tracker.group_update(
        {"$group_key": "company", "$group_id": "Acme", "$set": {"seats": 8}}
    )
    tracker.group_delete(*acme)
    said = [(each.kind, each.outcome) for each in project.verdicts]

    assert said == [("group", "kept")] * 7


def test_every_call_but_the_last_may_be_buffered(project: LocalProject) -> None:
    """Events, profiles, groups and imports, each sent together with its like."""
    account = mixpanel.ServiceAccountCredentials(*CREDENTIALS, "7")
    consumer = mixpanel.BufferedConsumer(credentials=account, **urls(project))
    tracker = mixpanel.Mixpanel("t0ken", consumer)
    for number in range(3):
        tracker.track(f"u{number}", "Sign Up")
        tracker.people_set(f"u{number}", {"n": number})
        tracker.group_set("company", "Acme", {"n": number})
        tracker.import_data(None, f"u{number}", "Sign Up", OLD)
    assert len(project.requests) == 0
    consumer.flush()

    assert sorted(each.path for each in project.requests) == [
        "/engage",
        "/groups",
        "/import",
        "/track",
    ]
    assert len(project.verdicts) == 12
    assert {each.outcome for each in project.verdicts} == {"kept"}
    assert len(exported(project, "2017-07-14", "2017-07-14")) == 3
    assert profile(project, "u2")["n"] == 2


def test_event_is_sent_again_after_a_fault(project: LocalProject) -> None:
    """Over https the library tries again, so that it arrives once; over http it raises.

    It repeats what failed with a 5xx, but mounts that for https only.
    """
    consumer = mixpanel.Consumer(retry_backoff_factor=0.01, **urls(project))
    tracker = mixpanel.Mixpanel("t0ken", consumer)
    project.faults.add(path="/track", status=503, times=2)
    if project.base_url.startswith("https:"):
        tracker.track("u1", "Sign Up")
    else:
        for _ in range(2):
            with pytest.raises(mixpanel.MixpanelException, match="Service Unavail"):
                tracker.track("u1", "Sign Up")
        tracker.track("u1", "Sign Up")
    today = datetime.now(timezone.utc).date()

    assert [each.status for each in project.requests][:3] == [503, 503, 200]
    assert len(exported(project, "2026-01-01", today.isoformat())) == 1


def test_merge_merges_nobody(project: LocalProject) -> None:
    """As in a project with Simplified ID Merge: the library is told nothing."""
    account = mixpanel.ServiceAccountCredentials(*CREDENTIALS, "7")
    consumer = mixpanel.Consumer(credentials=account, **urls(project))
    tracker = mixpanel.Mixpanel("t0ken", consumer)
    for user in ("u1", "u2"):
        tracker.import_data(None, user, "Sign Up", OLD)
    tracker.merge(None, "u1", "u2")
    rows = exported(project, "2017-07-14", "2017-07-14")

    assert sorted(row["properties"]["distinct_id"] for row in rows) == ["u1", "u2"]
    assert [each.outcome for each in project.verdicts] == ["kept", "kept", "ignored"]
    assert project.verdicts[-1].name == "$merge"

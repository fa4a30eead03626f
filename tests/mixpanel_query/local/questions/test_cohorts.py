"""Saved cohorts: how they are given, who is in them, and what they filter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ServiceAccount, event_property, profile_property
from mixpanel_query.local import LocalProject, LocalProjectError

ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
PROFILES = {"u1": {"plan": "pro"}, "u2": {"plan": "free"}, "u3": {"plan": "pro"}}
# Of them, u4 has no profile; u3 paid on the first of three days, which begin at 08:00
# UTC, and u1 a second before.
EVENTS = (
    ("u1", "2026-11-20T07:59:59", 1),
    ("u1", "2026-11-22T11:00:00", 1),
    ("u3", "2026-11-20T08:00:00", 2),
    ("u4", "2026-11-21T12:00:00", 2),
    ("u4", "2026-11-21T12:00:00", 2),
    ("", "2026-11-21T12:00:00", 2),
)


def pay(user: str, time: str, amount: int) -> dict[str, object]:
    """Return an event as it stands in a file."""
    seconds = int(datetime.fromisoformat(f"{time}+00:00").timestamp())
    about = {"time": seconds, "distinct_id": user, "$insert_id": "i", "amount": amount}
    return {"event": "Pay", "properties": about}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """Give a project in Los Angeles with three profiles, and payments."""
    events, profiles = tmp_path / "events.jsonl", tmp_path / "profiles.jsonl"
    events.write_text("\n".join(json.dumps(pay(*each)) for each in EVENTS))
    rows = [{"$distinct_id": key, "$properties": of} for key, of in PROFILES.items()]
    profiles.write_text("\n".join(map(json.dumps, rows)))
    with LocalProject(timezone="America/Los_Angeles", clock=lambda: NOW) as serving:
        serving.load(events)
        serving.load(profiles)
        yield serving


def ask(project: LocalProject, **given: object) -> Any:  # noqa: ANN401
    """Ask for the profiles of cohort 5 over HTTP, and return the document."""
    form = {"filter_by_cohort": '{"id": 5}', **given}
    response = httpx.post(
        f"{project.base_url}/api/query/engage", data=form, trust_env=False
    )
    return {"status": response.status_code, **response.json()}


def members(project: LocalProject, **given: object) -> list[str]:
    """Return the ids of the profiles of cohort 5."""
    return [each["$distinct_id"] for each in ask(project, **given)["results"]]


def test_the_list_has_the_documented_shape(project: LocalProject) -> None:
    """By number; the time is that of the project, without a zone."""
    project.save_cohort(6, name="All", is_visible=False)
    project.save_cohort(
        5, name="Pro", description="Who pays.", where='properties["plan"] == "pro"'
    )
    answer = httpx.post(
        f"{project.base_url}/api/query/cohorts/list",
        params={"project_id": "7"},
        trust_env=False,
    )

    assert answer.json() == [
        {
            "id": 5,
            "name": "Pro",
            "description": "Who pays.",
            "count": 2,
            "created": "2026-11-22 04:00:00",
            "is_visible": 1,
            "project_id": 7,
        },
        {
            "id": 6,
            "name": "All",
            "description": "",
            "count": 3,
            "created": "2026-11-22 04:00:00",
            "is_visible": 0,
            "project_id": 7,
        },
    ]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({}, ["u1", "u2", "u3"]),
        ({"where": profile_property("plan") == "pro"}, ["u1", "u3"]),
        ({"event": "Pay"}, ["u1", "u3", "u4"]),
        ({"event": "Pay", "days": 2}, ["u1", "u4"]),
        ({"event": "Pay", "days": 3}, ["u1", "u3", "u4"]),
        ({"event": "Pay", "times": 2}, ["u1"]),
        ({"event": "Pay", "times": 2, "days": 3}, []),
        ({"event": "Pay", "event_where": event_property("amount") > 1}, ["u3", "u4"]),
        ({"event": "Pay", "where": 'properties["plan"] == "pro"'}, ["u1", "u3"]),
        ({"event": "Pay", "where": 'not defined(properties["x"])'}, ["u1", "u3"]),
        ({"event": "Buy"}, []),
    ],
)
def test_who_is_in_a_cohort(
    project: LocalProject, definition: dict[str, Any], expected: list[str]
) -> None:
    """By the profile, by what was done, how often and when, or by both."""
    project.save_cohort(5, name="Some", **definition)

    assert members(project) == expected


def test_members_without_a_profile_may_be_left_out(project: LocalProject) -> None:
    """They have no properties; the total is without them, too."""
    project.save_cohort(5, name="Payers", event="Pay", days=2)
    everybody = ask(project)
    profiles = ask(project, include_all_users="false")

    assert everybody["results"][1] == {"$distinct_id": "u4", "$properties": {}}
    assert (everybody["total"], profiles["total"]) == (2, 1)
    assert profiles["results"] == [
        {"$distinct_id": "u1", "$properties": {"plan": "pro"}}
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"where": 'properties["plan"] == "pro"'}, ["u1", "u3"]),
        ({"where": 'not defined(properties["plan"])'}, ["u4"]),
        ({"distinct_ids": '["u4", "u2"]'}, ["u4"]),
        ({"distinct_id": "u2"}, []),
    ],
)
def test_other_filters_narrow_a_cohort(
    project: LocalProject, given: dict[str, str], expected: list[str]
) -> None:
    """Members must meet them as well; who has no profile has no properties."""
    project.save_cohort(5, name="Payers", event="Pay")

    assert members(project, **given) == expected


def test_the_client_reads_cohorts_and_their_profiles(project: LocalProject) -> None:
    """It leaves out members without a profile, as it says so itself."""
    project.save_cohort(5, name="Payers", event="Pay")
    with Client(ACCOUNT, base_url=project.base_url) as client:
        [cohort] = client.cohorts()
        found = [each.distinct_id for each in client.profiles(filter_by_cohort=5)]

    assert (cohort.id, cohort.name, cohort.count) == (5, "Payers", 3)
    assert (cohort.is_visible, cohort.project_id) == (True, 7)
    assert found == ["u1", "u3"]


def test_the_client_pages_through_a_large_cohort(
    project: LocalProject, tmp_path: Path
) -> None:
    """Every one of 3,500 profiles comes once, four pages at once."""
    path = tmp_path / "many.jsonl"
    rows = [
        {"$distinct_id": f"m{number}", "$properties": {"plan": "many"}}
        for number in range(3500)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    project.load(path)
    project.save_cohort(5, name="Many", where='properties["plan"] == "many"')
    with Client(ACCOUNT, base_url=project.base_url) as client:
        found = [each.distinct_id for each in client.profiles(filter_by_cohort=5)]

    assert sorted(found) == sorted(f"m{number}" for number in range(3500))


def test_a_cohort_that_is_not_there_is_said(project: LocalProject) -> None:
    """It is 404, and an error of the API."""
    found = ask(project)

    assert (found["status"], found["error"]) == (404, "there is no cohort 5")


def test_a_cohort_is_kept(tmp_path: Path) -> None:
    """With the time when it was saved."""
    path = tmp_path / "project.db"
    with LocalProject(path, clock=lambda: NOW) as project:
        project.save_cohort(5, name="Old")
        project.save_cohort(5, name="New")
    with (
        LocalProject(path) as project,
        Client(ACCOUNT, base_url=project.base_url) as client,
    ):
        [cohort] = client.cohorts()

    assert (cohort.name, cohort.created) == ("New", datetime(2026, 11, 22, 12))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cohort_id": 0}, "cohort 0: cohort_id is no whole number from 1"),
        ({"name": ""}, "cohort 1: name is empty"),
        ({"name": 5}, "name is no text"),
        ({"where": "plan"}, "where is no expression"),
        ({"where": 'user["plan"] == 1'}, "where of profiles looks at properties"),
        ({"event": "A", "event_where": "n"}, "event_where is no expression"),
        ({"event_where": "true"}, "event_where, times and days say something of an"),
        ({"times": 2}, "times and days say something of an event; give event"),
        ({"days": 2}, "times and days say something of an event; give event"),
        ({"event": "A", "times": 0}, "times is no whole number from 1"),
        ({"event": "A", "days": 10_001}, "days is no whole number from 1 to 10000"),
        ({"is_visible": 1}, "is_visible is neither true nor false"),
        ({"created": "2026-11-22"}, "a cohort is an object with cohort_id, name"),
    ],
)
def test_a_wrong_definition_is_refused(
    project: LocalProject, tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    """The file and the cohort are named, and what would be right."""
    path = tmp_path / "cohort.json"
    path.write_text(json.dumps({"cohort_id": 1, "name": "One", **changed}))

    with pytest.raises(LocalProjectError, match=message) as caught:
        project.load_cohorts(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_may_have_several_cohorts(project: LocalProject, tmp_path: Path) -> None:
    """All of them are saved."""
    path = tmp_path / "cohorts.json"
    path.write_text(
        json.dumps([{"cohort_id": n, "name": "x", "event": "Pay"} for n in (4, 5)])
    )

    assert project.load_cohorts(path) == 2
    assert members(project) == ["u1", "u3", "u4"]

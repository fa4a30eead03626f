"""A project that must not assume anything answers what Mixpanel documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DAYS = {"from_date": "2026-11-20", "to_date": "2026-11-22"}

# Days before NOW, name, user, and the number and text that it has.
HAPPENED = (
    (2, "Sign Up", "ann", 10, "red"),
    (2, "Sign Up", "ben", 20, "red"),
    (1, "Order", "ann", 30, "blue"),
    (0, "Order", "ann", 40, "red"),
    (0, "Order", "ben", 70, "red"),
)
LABELS = ("2026-11-20", "2026-11-21", "2026-11-22")


def series(**values: tuple[float, float, float]) -> dict[str, Any]:
    """Return counts of the three days as documented."""
    return {
        "data": {
            "series": list(LABELS),
            "values": {
                name.replace("_", " "): dict(zip(LABELS, numbers, strict=True))
                for name, numbers in values.items()
            },
        },
        "legend_size": len(values),
    }


@pytest.fixture(scope="module")
def strict_http() -> Iterator[httpx.Client]:
    """Give a client of a project with credentials, events and profiles."""
    with (
        LocalProject(
            clock=lambda: NOW, assume=False, project_id=7, credentials=("me", "secret")
        ) as project,
        httpx.Client(
            base_url=project.base_url,
            auth=("me", "secret"),
            params={"project_id": "7"},
            trust_env=False,
        ) as http,
    ):
        rows = [
            {
                "event": name,
                "properties": {
                    "time": int((NOW - timedelta(days=days)).timestamp()) - 60,
                    "distinct_id": user,
                    "$insert_id": f"i{number}",
                    "amount": amount,
                    "colour": colour,
                },
            }
            for number, (days, name, user, amount, colour) in enumerate(HAPPENED)
        ]
        # A repeat counts once.
        sent = http.post("/import", params={"strict": "1"}, json=[*rows, rows[0]])
        assert sent.json() == {"code": 200, "num_records_imported": 6, "status": "OK"}
        update = {"$token": "t", "$distinct_id": "ann", "$set": {"plan": "pro"}}
        assert http.post("/engage", params={"verbose": "1"}, json=[update]).json() == {
            "error": None,
            "status": 1,
        }
        project.save_funnel(1, steps=["Sign Up", "Order"], name="Buying")
        project.save_cohort(1, name="Buyers", event="Order", times=2)
        project.save_report(1, events=["Order"], **DAYS)
        yield http


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [
        (
            "events",
            {"event": '["Order", "Sign Up"]', "type": "general", "unit": "day"},
            series(Order=(0, 1, 2), Sign_Up=(2, 0, 0)),
        ),
        (
            "events",
            {"event": '["Order"]', "type": "unique", "unit": "day"},
            series(Order=(0, 1, 2)),
        ),
        (
            "segmentation",
            {"event": "Order", "where": 'properties["amount"] >= 40'},
            series(Order=(0, 0, 2)),
        ),
        (
            "segmentation",
            {"event": "Order", "on": 'properties["colour"]'},
            series(red=(0, 0, 2), blue=(0, 1, 0)),
        ),
        (
            "segmentation/average",
            {"event": "Sign Up", "on": 'properties["amount"]'},
            {"status": "ok", "results": {"2026-11-20": 15.0}},
        ),
        (
            "events/properties",
            {"event": "Order", "name": "colour", "type": "general", "unit": "day"},
            series(red=(0, 0, 2), blue=(0, 1, 0)),
        ),
        (
            "events/properties/values",
            {"event": "Order", "name": "colour"},
            ["red", "blue"],
        ),
        ("events/names", {"type": "general"}, ["Order", "Sign Up"]),
        ("funnels/list", {}, [{"funnel_id": 1, "name": "Buying"}]),
        (
            "retention/addiction",
            {"unit": "day", "addiction_unit": "day", "event": "Order"},
            {"data": {"2026-11-20": [0], "2026-11-21": [1], "2026-11-22": [2]}},
        ),
    ],
)
def test_questions_are_answered(
    strict_http: httpx.Client, path: str, given: dict[str, str], expected: object
) -> None:
    """With the numbers that the events give, and without the header."""
    dates = {} if path in ("events/names", "events/properties/values") else DAYS
    answer = strict_http.get(f"/api/query/{path}", params={**dates, **given})

    assert answer.json() == expected
    assert "Local-Project-Basis" not in answer.headers


def test_funnel_without_reentry_is_answered(strict_http: httpx.Client) -> None:
    """Nobody began it twice."""
    answer = strict_http.get("/api/query/funnels", params={"funnel_id": "1", **DAYS})
    first = answer.json()["data"]["2026-11-20"]

    assert [step["count"] for step in first["steps"]] == [2, 2]
    assert first["analysis"]["worst"] == 1


def test_saved_report_is_answered(strict_http: httpx.Client) -> None:
    """Over time, and not broken down."""
    answer = strict_http.get("/api/query/insights", params={"bookmark_id": "1"})

    assert list(answer.json()["series"]["Order"].values()) == [0, 1, 2]


def test_profiles_cohorts_and_activity_are_answered(strict_http: httpx.Client) -> None:
    """As documented."""
    where = {"where": 'properties["plan"] == "pro"'}
    page = strict_http.post("/api/query/engage", data=where).json()
    cohorts = strict_http.post("/api/query/cohorts/list").json()
    members = strict_http.post(
        "/api/query/engage", data={"filter_by_cohort": '{"id": 1}'}
    ).json()
    ids = {"distinct_ids": '["ben"]', **DAYS}
    feed = strict_http.get("/api/query/stream/query", params=ids).json()

    assert [each["$distinct_id"] for each in page["results"]] == ["ann"]
    assert [cohort["count"] for cohort in cohorts] == [1]
    assert [each["$distinct_id"] for each in members["results"]] == ["ann"]
    assert [each["event"] for each in feed["results"]["events"]] == ["Sign Up", "Order"]


def test_export_and_scripts_are_answered(strict_http: httpx.Client) -> None:
    """Repeats are in the export, and not in what scripts see."""
    lines = strict_http.get("/api/2.0/export", params=DAYS).text.splitlines()
    script = (
        "function main() { return Events(params).groupByUser("
        '["properties.colour"], mixpanel.reducer.count()).groupBy('
        '[mixpanel.slice("key", 1)], mixpanel.reducer.count()); }'
    )
    params = '{"from_date": "2026-11-20", "to_date": "2026-11-22"}'
    form = {"script": script, "params": params}
    counted = strict_http.post("/api/query/jql", data=form).json()

    assert len(lines) == 6
    assert {row["key"][0]: row["value"] for row in counted} == {"red": 2, "blue": 1}


def test_annotations_and_lexicon_are_answered(strict_http: httpx.Client) -> None:
    """Made, listed and deleted."""
    app = "/api/app/projects/7"
    made = strict_http.post(
        f"{app}/annotations",
        json={"date": "2026-11-22 10:00:00", "description": "Released"},
    )
    listed = strict_http.get(f"{app}/annotations").json()["results"]
    schema = {"description": "bought", "properties": {"amount": {"type": "number"}}}
    kept = strict_http.post(f"{app}/schemas/event/Order", json=schema)
    found = strict_http.get(f"{app}/schemas/event/Order").json()
    gone = strict_http.delete(f"{app}/schemas/event/Order").json()

    assert (made.status_code, kept.json()) == (201, {"status": "ok"})
    assert [each["description"] for each in listed] == ["Released"]
    assert found == schema
    assert gone == {"status": "ok", "results": {"delete_count": 1}}


def test_nothing_was_assumed(strict_http: httpx.Client) -> None:
    """After all of that."""
    assert strict_http.get("/local/assumptions").json() == {"assumptions": []}

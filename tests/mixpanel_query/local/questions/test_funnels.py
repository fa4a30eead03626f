"""Saved funnels: how they are given, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ServiceAccount, event_property
from mixpanel_query.local import LocalProject, LocalProjectError

ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DAY = {"from_date": "2026-11-01", "to_date": "2026-11-01"}
Track = Callable[..., None]


@pytest.fixture
def project() -> Iterator[LocalProject]:
    """Give a project with the funnel A, B, C, which may take two days."""
    with LocalProject(clock=lambda: NOW) as serving:
        serving.save_funnel(7, steps=["A", "B", "C"], name="Letters", length=2)
        yield serving


@pytest.fixture
def track(project: LocalProject, tmp_path: Path) -> Track:
    """Give the function that loads rows like "A u1 2026-11-01T10:00:00"."""

    def load(*rows: str, **properties: object) -> None:
        lines = []
        for number, row in enumerate(rows):
            name, user, time = row.split()
            seconds = int(datetime.fromisoformat(f"{time}+00:00").timestamp())
            about = {"time": seconds, "distinct_id": user, "$insert_id": f"i{number}"}
            about |= properties
            lines.append(json.dumps({"event": name, "properties": about}))
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(lines))
        project.load(path)

    return load


def ask(project: LocalProject, **given: object) -> Any:  # noqa: ANN401
    """Ask for funnel 7 over HTTP, and return the document."""
    params = {"funnel_id": 7, **DAY, **given}
    response = httpx.get(
        f"{project.base_url}/api/query/funnels",
        params={name: str(value) for name, value in params.items()},
        trust_env=False,
    )
    return {"status": response.status_code, **response.json()}


def counts(project: LocalProject, **given: object) -> dict[str, list[int]]:
    """Return the counts of the steps by date."""
    data = ask(project, **given)["data"]
    return {
        label: [step["count"] for step in bucket["steps"]]
        for label, bucket in data.items()
    }


def test_an_answer_has_the_documented_shape(
    project: LocalProject, track: Track
) -> None:
    """Three users began, two took the second step, after 60 and 121 seconds."""
    track(
        "A u1 2026-11-01T10:00:00",
        "B u1 2026-11-01T10:01:00",
        "C u1 2026-11-01T10:03:00",
        "A u2 2026-11-01T10:00:00",
        "B u2 2026-11-01T10:02:01",
        "A u3 2026-11-01T10:00:00",
    )

    def step(
        event: str, count: int, ratios: tuple[float, float], times: tuple[Any, Any]
    ) -> dict[str, object]:
        return {
            "count": count,
            "avg_time": times[0],
            "avg_time_from_start": times[1],
            "step_conv_ratio": ratios[0],
            "overall_conv_ratio": ratios[1],
            "goal": event,
            "event": event,
            "step_label": event,
        }

    assert ask(project) == {
        "status": 200,
        "meta": {"dates": ["2026-11-01"]},
        "data": {
            "2026-11-01": {
                "steps": [
                    step("A", 3, (1, 1), (None, None)),
                    step("B", 2, (2 / 3, 2 / 3), (91, 91)),
                    step("C", 1, (1 / 2, 1 / 3), (120, 180)),
                ],
                "analysis": {
                    "completion": 1,
                    "starting_amount": 3,
                    "steps": 3,
                    "worst": 2,
                },
            }
        },
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["B u 2026-11-01T09:00:00", "A u 2026-11-01T10:00:00"], [1, 0, 0]),
        (["A u 2026-11-01T10:00:00", "B u 2026-11-01T10:00:00"], [1, 1, 0]),
        (["A u 2026-11-01T10:00:00", "C u 2026-11-01T11:00:00"], [1, 0, 0]),
        (["A u 2026-11-01T10:00:00", "B v 2026-11-01T11:00:00"], [1, 0, 0]),
        (["A u 2026-11-01T10:00:00", "B u 2026-11-03T10:00:00"], [1, 1, 0]),
        (["A u 2026-11-01T10:00:00", "B u 2026-11-03T10:00:01"], [1, 0, 0]),
        (["A u 2026-11-01T23:59:59", "A u 2026-11-02T00:00:00"], [1, 0, 0]),
        ([], [0, 0, 0]),
    ],
    ids=[
        "before",
        "same moment",
        "left out",
        "somebody else",
        "last moment",
        "too late",
        "once",
        "nobody",
    ],
)
def test_steps_come_in_order_and_in_time(
    project: LocalProject, track: Track, rows: list[str], expected: list[int]
) -> None:
    """A step counts after the one before, within two days of the first."""
    if rows:
        track(*rows)

    assert counts(project) == {"2026-11-01": expected}


def test_the_attempt_that_gets_furthest_counts(
    project: LocalProject, track: Track
) -> None:
    """The second of three attempts has all steps; its times count."""
    track(
        "A u1 2026-11-01T01:00:00",
        "B u1 2026-11-03T00:30:00",
        "A u1 2026-11-01T02:00:00",
        "C u1 2026-11-03T02:00:00",
        "A u1 2026-11-01T03:00:00",
    )
    steps = ask(project)["data"]["2026-11-01"]["steps"]

    assert [step["count"] for step in steps] == [1, 1, 1]
    assert steps[2]["avg_time_from_start"] == 2 * 86400


def test_the_same_event_twice_takes_two_events(
    project: LocalProject, track: Track
) -> None:
    """A, B, A: one A is not both the first and the last step."""
    project.save_funnel(7, steps=["A", "B", "A"])
    track(
        "A u1 2026-11-01T10:00:00",
        "B u1 2026-11-01T10:00:00",
        "A u2 2026-11-01T10:00:00",
        "B u2 2026-11-01T10:00:00",
        "A u2 2026-11-01T10:00:01",
    )

    assert counts(project) == {"2026-11-01": [2, 2, 1]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"2026-11-01": [1, 1], "2026-11-02": [1, 0]}),
        ({"interval": 2}, {"2026-11-01": [1, 1]}),
        ({"unit": "week"}, {"2026-10-26": [1, 1], "2026-11-02": [1, 0]}),
        ({"unit": "month"}, {"2026-11-01": [1, 1]}),
        ({"length": 1}, {"2026-11-01": [1, 1], "2026-11-02": [1, 0]}),
        ({"length_unit": "hour"}, {"2026-11-01": [1, 0], "2026-11-02": [1, 0]}),
        (
            {"length": 86399, "length_unit": "second"},
            {"2026-11-01": [1, 0], "2026-11-02": [1, 0]},
        ),
    ],
    ids=["days", "interval", "weeks", "months", "1 day", "2 hours", "seconds"],
)
def test_buckets_and_lengths(
    project: LocalProject,
    track: Track,
    given: dict[str, object],
    expected: dict[str, list[int]],
) -> None:
    """A user begins on two days, and takes the second step 24 hours after the first."""
    track(
        "A u1 2026-11-01T10:00:00",
        "A u1 2026-11-02T12:00:00",
        "B u1 2026-11-02T10:00:00",
    )
    found = counts(project, to_date="2026-11-02", **given)

    assert {label: steps[:2] for label, steps in found.items()} == expected


def test_a_step_and_a_question_have_conditions(
    project: LocalProject, track: Track
) -> None:
    """That of a step is its own, that of the question is about every step."""
    project.save_funnel(7, steps=["A", ("B", event_property("n") > 1)])
    track("A u1 2026-11-01T10:00:00", "B u1 2026-11-01T11:00:00", n=1)
    track("A u2 2026-11-01T10:00:00", "B u2 2026-11-01T11:00:00", n=2)

    assert counts(project) == {"2026-11-01": [2, 1]}
    assert counts(project, where='properties["n"] > 1') == {"2026-11-01": [1, 1]}
    assert counts(project, where='properties["n"] < 2') == {"2026-11-01": [1, 0]}


def test_a_breakdown_is_one_of_the_first_step(
    project: LocalProject, track: Track
) -> None:
    """A user of two plans is in both, and once in everything together."""
    track("A u1 2026-11-01T10:00:00", "A u2 2026-11-01T10:00:00", plan="pro")
    track("A u1 2026-11-01T11:00:00", "B u1 2026-11-01T12:00:00", plan="free")
    data = ask(project, on='properties["plan"]')["data"]["2026-11-01"]
    limited = ask(project, on='properties["plan"]', limit=1)["data"]["2026-11-01"]

    assert {
        name: [step["count"] for step in steps] for name, steps in data.items()
    } == {"$overall": [2, 1, 0], "pro": [2, 1, 0], "free": [1, 1, 0]}
    assert list(limited) == ["$overall", "pro"]


def test_the_client_reads_funnels(project: LocalProject, track: Track) -> None:
    """Their list, their steps, and those of a segment."""
    track("A u1 2026-11-01T10:00:00", "B u1 2026-11-01T10:01:00", plan="pro")
    project.save_funnel(3, steps=["A", "B"])
    with Client(ACCOUNT, base_url=project.base_url) as client:
        listed = client.funnels()
        steps = client.funnel(7, "2026-11-01", "2026-11-01").total()
        plans = client.funnel(3, "2026-11-01", "2026-11-02", on=event_property("plan"))

    assert [(one.funnel_id, one.name) for one in listed] == [(3, ""), (7, "Letters")]
    assert [(step.label, step.count, step.avg_time) for step in steps] == [
        ("A", 1, None),
        ("B", 1, 60),
        ("C", 0, None),
    ]
    assert list(plans.steps) == ["$overall", "pro"]


def test_an_answer_that_nobody_reads_is_refused(project: LocalProject) -> None:
    """50 steps on each of 9,498 days are 3.8 million values."""
    project.save_funnel(7, steps=["A"] * 50)
    found = ask(project, from_date="2000-11-01")

    assert found["status"] == 400
    assert "ask for fewer events, fewer days or a longer unit" in found["error"]


def test_a_funnel_is_kept(tmp_path: Path) -> None:
    """The last one of a number is there after a restart."""
    path = tmp_path / "project.db"
    with LocalProject(path, clock=lambda: NOW) as project:
        project.save_funnel(7, steps=["A", "B", "C"])
        project.save_funnel(7, steps=["A", ("B", 'properties["n"] > 1')])
    with LocalProject(path, clock=lambda: NOW) as project:
        assert counts(project) == {"2026-11-01": [0, 0]}


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"funnel_id": 5}, 404, "there is no funnel 5"),
        ({"funnel_id": ""}, 400, "funnel_id is missing"),
        ({"funnel_id": "x"}, 400, "funnel_id 'x' is not a whole number"),
        ({"to_date": "2026-11-23"}, 400, "to_date cannot be later than today"),
        ({"unit": "day", "interval": 1}, 400, "interval and unit both say"),
        ({"unit": "hour"}, 400, "unit 'hour' is not one of day, week, month"),
        ({"length": 91}, 400, "length 91 is no whole number from 1 to 90 of one day"),
        ({"length_unit": "week"}, 400, "length_unit 'week' is not one of day, hour"),
        ({"where": "plan"}, 400, "where is no expression"),
        ({"on": "plan"}, 400, "on is no expression"),
        ({"limit": 10_001}, 400, "limit '10001' is not a whole number"),
    ],
)
def test_a_wrong_question_is_refused(
    project: LocalProject, given: dict[str, object], status: int, message: str
) -> None:
    """What makes no sense gets 400, and a funnel that is not there 404."""
    found = ask(project, **given)

    assert (found["status"], message in found["error"]) == (status, True), found


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"funnel_id": 0}, "funnel 0: funnel_id is no whole number from 1"),
        ({"steps": ["A"]}, "funnel 1: 1 steps make no funnel; give 2 to 50"),
        ({"steps": "AB"}, "steps is no list of events"),
        ({"steps": ["A", 5]}, "a step is an object with event, where"),
        ({"steps": ["A", {"where": ""}]}, "a step has no event"),
        ({"steps": ["A", ""]}, "a step has no event"),
        ({"steps": ["A", {"event": "B", "where": "n"}]}, "where is no expression"),
        ({"steps": ["A", {"event": "B", "where": 5}]}, "where is no text"),
        ({"steps": ["A", {"event": "B", "on": "n"}]}, "a step is an object with"),
        ({"name": None}, "name is no text"),
        ({"length": 91}, "length 91 is no whole number from 1 to 90 of one day"),
        ({"length": True}, "length True is no whole number"),
        ({"length_unit": "week"}, "length_unit 'week' is not one of"),
        ({"events": ["A"]}, "a funnel is an object with funnel_id, steps, name"),
    ],
)
def test_a_wrong_definition_is_refused(
    project: LocalProject, tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    """The file and the funnel are named, and what would be right."""
    path = tmp_path / "funnel.json"
    path.write_text(json.dumps({"funnel_id": 1, "steps": ["A", "B"], **changed}))

    with pytest.raises(LocalProjectError, match=message) as caught:
        project.load_funnels(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_may_have_several_funnels(project: LocalProject, tmp_path: Path) -> None:
    """Steps are names, or objects with a condition."""
    path = tmp_path / "funnels.json"
    steps = ["A", {"event": "B", "where": 'properties["n"] > 1'}]
    path.write_text(json.dumps([{"funnel_id": n, "steps": steps} for n in (1, 2)]))

    assert project.load_funnels(path) == 2
    assert counts(project, funnel_id=2) == {"2026-11-01": [0, 0]}

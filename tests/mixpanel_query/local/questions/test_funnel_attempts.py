"""Attempts at a funnel: events of one moment, and segments of any name."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx

from mixpanel_query.local import LocalProject

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
BEGIN = 1_793_527_200  # 2026-11-01 10:00 UTC


def ask(
    tmp_path: Path,
    events: list[tuple[str, int, dict[str, object]]],
    steps: list[str],
    **given: str,
) -> Any:  # noqa: ANN401
    """Return the answer of 2026-11-01, after events of a name and second each."""
    lines = []
    for number, (name, second, properties) in enumerate(events):
        about = {"time": BEGIN + second, "$insert_id": f"i{number}", **properties}
        lines.append(json.dumps({"event": name, "properties": about}))
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines))
    dates = {"from_date": "2026-11-01", "to_date": "2026-11-01"}
    with LocalProject(clock=lambda: NOW) as project:
        project.load(path)
        project.save_funnel(7, steps=steps, length=1)
        answer = httpx.get(
            f"{project.base_url}/api/query/funnels",
            params={"funnel_id": 7, **dates, **given},
            trust_env=False,
        )
    return answer.json()["data"]["2026-11-01"]


def counts(steps: list[dict[str, Any]]) -> list[int]:
    """Return how many users took each step."""
    return [step["count"] for step in steps]


def test_an_empty_text_is_a_segment_beside_overall(tmp_path: Path) -> None:
    """One user's property is an empty text, one's is not: two began, one of each."""
    events: list[tuple[str, int, dict[str, object]]] = [
        ("A", 0, {"distinct_id": "u1", "p": ""}),
        ("A", 0, {"distinct_id": "u2", "p": "x"}),
        ("B", 9, {"distinct_id": "u2"}),
    ]

    found = ask(tmp_path, events, ["A", "B"], on='properties["p"]')

    assert {name: counts(steps) for name, steps in found.items()} == {
        "$overall": [2, 1],
        "": [1, 0],
        "x": [1, 1],
    }


def test_a_step_may_be_taken_at_the_moment_of_the_one_before(tmp_path: Path) -> None:
    """The second A is not the first one, so it may follow a B of its own moment."""
    user: dict[str, object] = {"distinct_id": "u1"}
    events = [("A", 0, user), ("B", 60, user), ("A", 60, user)]

    found = ask(tmp_path, events, ["A", "B", "A"])

    assert counts(found["steps"]) == [1, 1, 1]


def test_one_event_is_not_two_steps(tmp_path: Path) -> None:
    """A and B happen at one moment: A is the first step, and not the third one."""
    user: dict[str, object] = {"distinct_id": "u1"}

    found = ask(tmp_path, [("A", 0, user), ("B", 0, user)], ["A", "B", "A"])

    assert counts(found["steps"]) == [1, 1, 0]

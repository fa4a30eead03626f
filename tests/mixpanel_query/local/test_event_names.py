"""The commonest names of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.event_counts import answer_names
from mixpanel_query.local.settings import ProjectSettings, project_settings

# Sunday, 2026-11-22, 12:34:56 UTC.
NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=timezone.utc)


def settings(zone: str = "UTC", week_start: str = "monday") -> ProjectSettings:
    """Return the settings of a project at a fixed time."""
    return project_settings(timezone=zone, week_start=week_start, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("kind", "limit", "names"),
    [
        ("general", None, ["C", "A", "B"]),
        ("unique", None, ["B", "A", "C"]),
        ("average", None, ["C", "A", "B"]),
        ("general", "2", ["C", "A"]),
    ],
)
def test_names_are_ranked(
    engine: Engine,
    kind: str,
    limit: str | None,
    names: list[str],
    add_rows: Callable[..., None],
) -> None:
    """The commonest come first; a repeat makes an event no commoner."""
    add_rows(
        *[f"C u1 2026-11-20T10:00:0{second}" for second in range(5)],
        *[f"A u{user} 2026-11-20T10:00:0{user}" for user in (1, 2)],
        "A u1 2026-11-20T10:01:00",
        "A u1 2026-11-20T10:02:00",
        *[f"B u{user} 2026-11-20T10:00:00" for user in (1, 2, 3)],
        "B u1 2026-11-20T11:00:00 x",
        *["B u1 2026-11-20T11:00:00 x"] * 5,
    )
    given = {"type": kind} | ({"limit": limit} if limit else {})

    assert answer_names(engine, given, settings()) == (
        # A and B both happened four times, so their names decide.
        names
    )


def test_names_are_those_of_31_days(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """On 2026-11-22 the first day that counts is 2026-10-23."""
    add_rows(
        "Old u1 2026-10-22T23:59:59",
        "First u1 2026-10-23T00:00:00",
        "Last u1 2026-11-22T23:59:59",
        "Tomorrow u1 2026-11-23T00:00:00",
    )

    assert answer_names(engine, {"type": "general"}, settings()) == ["First", "Last"]


def test_names_of_a_window(engine: Engine, add_rows: Callable[..., None]) -> None:
    """Days that are given count instead, both of them and no other."""
    add_rows(
        "Before u1 2026-09-30T23:59:59",
        "First u1 2026-10-01T00:00:00",
        "Last u1 2026-10-02T23:59:59",
        "After u1 2026-10-03T00:00:00",
    )
    given = {"type": "general", "from_date": "2026-10-01", "to_date": "2026-10-02"}

    assert answer_names(engine, given, settings()) == ["First", "Last"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"type": "median"},
        {"type": "general", "limit": "0"},
        {"type": "general", "from_date": "2026-10-01"},
        {"type": "general", "from_date": "2026-10-02", "to_date": "2026-10-01"},
    ],
    ids=["no type", "wrong type", "no limit", "one day", "days swapped"],
)
def test_wrong_names_question_is_refused(engine: Engine, given: dict[str, str]) -> None:
    """The type is required, and a limit is at least 1."""
    with pytest.raises(RequestRefusedError) as caught:
        answer_names(engine, given, settings())

    assert caught.value.status == 400

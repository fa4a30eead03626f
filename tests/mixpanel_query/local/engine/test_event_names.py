"""Which names of events are one too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.event_names import EventNames
from mixpanel_query.local.engine.store import Engine

NOW = 1795348800


def events(first: int, count: int) -> list[dict[str, Any]]:
    """Return events with so many names, which are numbered."""
    return [
        {
            "event": f"E{number}",
            "properties": {"time": NOW, "distinct_id": "u", "$insert_id": f"i{number}"},
        }
        for number in range(first, first + count)
    ]


def test_names_count_in_the_order_of_their_coming(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """Those of the store come first, also what others put there."""
    names = EventNames(most=3)
    add_rows("A u 2026-11-22", "B u 2026-11-22", "A u 2026-11-22")

    assert names.beyond(engine, ["B", "C", "D"]) == {"D"}
    assert names.beyond(engine, ["A", "B"]) == set()
    add_rows("X u 2026-11-22")
    assert names.beyond(engine, ["C"]) == set()
    assert names.beyond(engine, ["X", "D"]) == {"D"}


def test_later_events_of_a_name_do_not_make_it_late(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The first event of each name counts."""
    add_rows(*(f"{name} u 2026-11-22" for name in "ABCA"))

    assert EventNames(most=2).beyond(engine, ["A", "C"]) == {"C"}


def test_emptied_store_has_room_again(
    engine: Engine, add_rows: Callable[..., None]
) -> None:
    """The first names after that are not too many."""
    names = EventNames(most=2)
    add_rows("A u 2026-11-22", "B u 2026-11-22")

    assert names.beyond(engine, ["C"]) == {"C"}
    engine.clear()
    assert names.beyond(engine, ["C"]) == set()


def test_event_with_the_5001st_name_is_kept_and_told(
    project: LocalProject, http: httpx.Client
) -> None:
    """Each such event is told, and those with earlier names are not."""
    for first, count in ((0, 2000), (2000, 2000), (4000, 1001)):
        answer = http.post("/import", json=events(first, count))
        assert answer.json()["num_records_imported"] == count
    told = project.verdicts[-2:]
    http.post("/import", json=[*events(5000, 1), *events(17, 1)])
    again, early = project.verdicts[-2:]

    assert [(each.name, each.outcome) for each in told] == [
        ("E4999", "kept"),
        ("E5000", "kept"),
    ]
    assert told[0].problems == early.problems == ()
    assert again.problems == told[1].problems
    assert told[1].problems[0].startswith("the project has 5,000 names of events")

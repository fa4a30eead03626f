"""The list of verdicts: numbers, bounds and what JSON says."""

from __future__ import annotations

from datetime import datetime, timezone

from mixpanel_query.local.records.verdicts import Verdict, Verdicts

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def verdict(name: str) -> Verdict:
    """Return a verdict on an event."""
    return Verdict(NOON, "/track", 0, "event", name, "ann", "kept")


def test_verdicts_are_numbered_as_they_come() -> None:
    """Numbers go on after the list was cleared, and over records left out."""
    verdicts = Verdicts()
    verdicts.add([verdict("A"), verdict("B")])
    verdicts.clear()
    verdicts.add([verdict("C")], unseen=5)

    assert [(each.name, each.number) for each in verdicts] == [("C", 8)]
    assert verdicts.after(7) == [verdicts[0]]
    assert verdicts.after(8) == []


def test_only_the_latest_verdicts_stay() -> None:
    """The first ones go when there are too many."""
    verdicts = Verdicts(most=2)
    verdicts.add(map(verdict, "ABC"))

    assert [each.name for each in verdicts] == ["B", "C"]


def test_json_has_every_field() -> None:
    """A program in another language reads the same."""
    assert verdict("A").as_json() == {
        "number": 0,
        "time": "2026-11-22T12:00:00+00:00",
        "path": "/track",
        "index": 0,
        "kind": "event",
        "name": "A",
        "distinct_id": "ann",
        "outcome": "kept",
        "problems": [],
        "properties": "",
    }

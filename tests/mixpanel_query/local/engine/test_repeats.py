"""Whether a store knows that none of its events is a repeat, and what it knows then."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.loading import load
from mixpanel_query.local.engine.repeats import may_have_repeats
from mixpanel_query.local.engine.store import Engine, StoredEvent

NOON = 1795262400
ROW = StoredEvent("A", "ann", NOON * 1000, "i1", "{}")


def write(path: Path, *events: tuple[str, str, str]) -> Path:
    """Write a file of events: name, user and insert id of each, all at one moment."""
    with path.open("w") as file:
        for name, user, insert_id in events:
            own = {"time": NOON, "distinct_id": user, "$insert_id": insert_id, "n": 1}
            file.write(json.dumps({"event": name, "properties": own}) + "\n")
    return path


def is_doubtful(engine: Engine) -> bool:
    """Tell what a question would be told."""
    with closing(engine.cursor()) as cursor:
        return may_have_repeats(cursor)


def test_nothing_is_known_before_a_file_is_loaded(engine: Engine) -> None:
    """A new store, and one that events arrived in, may have repeats."""
    assert is_doubtful(engine)
    engine.insert_events([ROW])
    assert is_doubtful(engine)


def test_a_file_without_repeats_leaves_no_doubt(engine: Engine, tmp_path: Path) -> None:
    """Other names, and other insert ids, are other events."""
    load(engine, write(tmp_path / "a.jsonl", ("A", "ann", "1"), ("B", "ann", "1")))

    assert not is_doubtful(engine)


@pytest.mark.parametrize("user", ["ann", "bob"])
def test_a_repeat_leaves_doubt(engine: Engine, tmp_path: Path, user: str) -> None:
    """Also one by somebody else, as a merge could make them one person."""
    load(engine, write(tmp_path / "a.jsonl", ("A", "ann", "1"), ("A", user, "1")))

    assert is_doubtful(engine)


def test_files_are_looked_through_together(engine: Engine, tmp_path: Path) -> None:
    """A second file may repeat what the first one had."""
    load(engine, write(tmp_path / "a.jsonl", ("A", "ann", "1")))
    load(engine, write(tmp_path / "b.jsonl", ("A", "ann", "1")))

    assert is_doubtful(engine)


def test_what_arrives_later_may_be_a_repeat(engine: Engine, tmp_path: Path) -> None:
    """Nobody looks through what arrives; the doubt is back."""
    load(engine, write(tmp_path / "a.jsonl", ("A", "ann", "1")))
    engine.insert_events([ROW])

    assert is_doubtful(engine)


def test_an_emptied_store_knows_nothing(engine: Engine, tmp_path: Path) -> None:
    """What was known of the old events is no knowledge of new ones."""
    load(engine, write(tmp_path / "a.jsonl", ("A", "ann", "1")))
    engine.clear()

    assert is_doubtful(engine)


@pytest.mark.parametrize("on", [{}, {"on": 'properties["n"]'}])
def test_counts_are_the_same_with_and_without_doubt(
    project: LocalProject, http: httpx.Client, tmp_path: Path, on: dict[str, str]
) -> None:
    """Two events, of which one comes once more: two before, and two afterwards."""

    def total() -> int:
        day = {"from_date": "2026-11-21", "to_date": "2026-11-21"}
        asked = {"event": "A", **day, **on}
        found = http.get("/api/query/segmentation", params=asked).json()["data"]
        return sum(sum(days.values()) for days in found["values"].values())

    project.load(write(tmp_path / "a.jsonl", ("A", "ann", "1"), ("A", "bob", "2")))
    before = total()
    project.load(write(tmp_path / "b.jsonl", ("A", "ann", "1")))

    assert (before, total()) == (2, 2)

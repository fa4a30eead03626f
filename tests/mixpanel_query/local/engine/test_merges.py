"""Devices that are merged into users, in the store."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from mixpanel_query.local.engine.merges import events_asked
from mixpanel_query.local.engine.store import Engine, StoredEvent

KEPT = "SELECT device_id, user_id, contested FROM merges ORDER BY device_id"
HOURS = 3_600_000

# The events table of a project file from before devices were merged.
OLD_TABLE = """
CREATE TABLE events (
    event VARCHAR NOT NULL, distinct_id VARCHAR NOT NULL, time_ms BIGINT NOT NULL,
    insert_id VARCHAR NOT NULL, properties VARCHAR NOT NULL
);
INSERT INTO events VALUES ('A', '$device:d1', 0, 'i1', '{"distinct_id":"$device:d1"}');
"""


def sent(number: int, device: str = "", user: str = "") -> StoredEvent:
    """Return an event of a device, a user, or both."""
    device_id = device and f"$device:{device}"
    return StoredEvent(
        "A", user or device_id, number * HOURS, f"i{number}", "{}", device_id
    )


def seen(engine: Engine, begin: int = 0, end: int = 100) -> list[tuple[str, str]]:
    """Return insert id and user of each event, as questions see them."""
    cursor = engine.cursor()
    events = events_asked(cursor, begin * HOURS, end * HOURS)
    sql = f"SELECT insert_id, distinct_id FROM {events} ORDER BY insert_id"  # noqa: S608
    return cursor.execute(sql).fetchall()


def test_a_device_is_its_user_from_the_beginning(engine: Engine) -> None:
    """Events from before, with and after the merge are the user's."""
    engine.insert_events([sent(1, "d1"), sent(2, "d2"), sent(3, user="u")])
    engine.insert_events([sent(4, "d1", "u")])
    engine.insert_events([sent(5, "d1")])

    assert seen(engine) == [
        ("i1", "u"),
        ("i2", "$device:d2"),
        ("i3", "u"),
        ("i4", "u"),
        ("i5", "u"),
    ]


def test_the_table_itself_is_asked_without_merges(engine: Engine) -> None:
    """A project in which nothing was merged pays nothing for it."""
    engine.insert_events([sent(1, "d1"), sent(2, user="u")])

    assert events_asked(engine.cursor(), 0, HOURS) == "events"


def test_the_first_user_keeps_a_device(engine: Engine) -> None:
    """A second user has the own events only, in one batch and in a later one."""
    engine.insert_events([sent(1, "d1", "u1"), sent(2, "d1", "u2"), sent(3, "d1")])
    engine.insert_events([sent(4, "d2", "u2"), sent(5, "d2", "u2")])
    engine.insert_events([sent(6, "d2", "u3"), sent(7, "d3", "u3"), sent(8, "d2")])

    assert [user for _, user in seen(engine)] == (
        ["u1", "u2", "u1", "u2", "u2", "u3", "u3", "u2"]
    )
    assert engine.rows(KEPT, {}) == [
        ("$device:d1", "u1", True),
        ("$device:d2", "u2", True),
        ("$device:d3", "u3", False),
    ]


def test_events_that_were_not_sent_keep_their_id(engine: Engine) -> None:
    """An event without a device is left alone, whatever its id looks like."""
    engine.insert_events(
        [sent(1, "d1", "u"), sent(2)._replace(distinct_id="$device:d1")]
    )

    assert seen(engine) == [("i1", "u"), ("i2", "$device:d1")]


def test_what_a_merge_writes_into_properties(engine: Engine) -> None:
    """Events from before tell their user, and the id they were sent with."""
    given = '{"distinct_id":"$device:d1","n":[1.0,null],"deep":{"distinct_id":"x"}}'
    engine.insert_events([sent(1, "d1")._replace(properties=given)])
    engine.insert_events([sent(2, "d1", "u"), sent(3, "d2")])
    cursor = engine.cursor()
    sql = f"SELECT properties FROM {events_asked(cursor, 0, 1)} ORDER BY insert_id"  # noqa: S608

    texts = [text for (text,) in cursor.execute(sql).fetchall()]
    assert texts[1:] == ["{}", "{}"]
    assert json.loads(texts[0]) == {
        "distinct_id": "u",
        "n": [1.0, None],
        "deep": {"distinct_id": "x"},
        "$user_id": "u",
        "$distinct_id_before_identity": "$device:d1",
        "$is_reshuffled": True,
    }


def test_merges_last_as_long_as_the_data(tmp_path: Path) -> None:
    """Closing and a copy keep them; clearing forgets them."""
    store = Engine(tmp_path / "a.duckdb")
    store.insert_events([sent(1, "d1"), sent(2, "d1", "u")])
    store.save_copy(tmp_path / "b.duckdb")
    store.close()
    for name in ("a", "b"):
        store = Engine(tmp_path / f"{name}.duckdb")
        assert seen(store) == [("i1", "u"), ("i2", "u")]
        store.insert_events([sent(3, "d1")])
        assert seen(store)[-1] == ("i3", "u")
        store.clear()
        store.insert_events([sent(1, "d1"), sent(3, "d1", "u2"), sent(2)])
        assert seen(store) == [("i1", "u2"), ("i2", ""), ("i3", "u2")]
        store.close()


def test_a_file_from_before_merges_opens(tmp_path: Path) -> None:
    """Its events are left alone, and new ones are merged; also when opened again."""
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(OLD_TABLE)

    store = Engine(path)
    store.insert_events([sent(2, "d1"), sent(3, "d1", "u")])
    store.close()
    store = Engine(path)

    assert seen(store) == [("i1", "$device:d1"), ("i2", "u"), ("i3", "u")]
    store.close()


def test_one_of_two_users_at_once_gets_a_device(engine: Engine) -> None:
    """Of users who come at once one has the device, and all its events."""
    engine.insert_events([sent(1, "d1")])
    barrier = threading.Barrier(8)

    def merge(number: int) -> None:
        barrier.wait()
        engine.insert_events([sent(number, "d1", f"u{number}")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(merge, range(10, 18)))
    engine.insert_events([sent(20, "d1")])

    users = dict(seen(engine))
    winner = users["i1"]
    assert users["i20"] == winner
    assert {users[f"i{n}"] for n in range(10, 18)} == {f"u{n}" for n in range(10, 18)}
    assert engine.rows(KEPT, {}) == [("$device:d1", winner, True)]


def test_a_merge_and_its_events_are_there_together(engine: Engine) -> None:
    """An event that cannot be kept merges nothing."""
    bad = sent(2, "d1", "u")._replace(time_ms=2**70)

    with pytest.raises(duckdb.Error):
        engine.insert_events([sent(1, "d1", "u"), bad])

    assert engine.rows(KEPT, {}) == []

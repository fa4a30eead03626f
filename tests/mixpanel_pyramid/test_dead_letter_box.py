"""Dead letters of messages that never waited in the outbox."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.dead_letter_box import DeadLetterBox
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address
from mixpanel_pyramid.shelves import Dead

if TYPE_CHECKING:
    from pathlib import Path

SET = Message("people", '{"$set":{}}', 1, 5.0)
ADD = Message("people", '{"$add":{}}', 0, 6.0)
ADDRESS = Address("mixpanel-1f", "Mixpanel, somewhere")
ALL = (
    "SELECT key, lane, endpoint, traits, moment, body, state, reason, died_at "
    "FROM dead_letters d JOIN destinations t ON t.id = d.destination ORDER BY d.id"
)


def letters(path: Path) -> list[tuple[object, ...]]:
    """Give all dead letters."""
    with closing(sqlite3.connect(path)) as connection:
        return [tuple(row) for row in connection.execute(ALL)]


def test_what_died_is_kept_as_the_outbox_keeps_it(tmp_path: Path) -> None:
    """Of a batch only that, in a file that is made for it if need be."""
    path = tmp_path / "outbox.sqlite"
    box = DeadLetterBox(OutboxFile(path), ADDRESS, clock=lambda: 9.0)
    box.keep([SET, ADD], [Dead(1, "unknown", "status 500")])

    assert letters(path) == [
        (
            "mixpanel-1f",
            1,
            "people",
            0,
            6.0,
            '{"$add":{}}',
            "unknown",
            "status 500",
            9.0,
        )
    ]


def test_what_was_kept_can_be_forgotten(tmp_path: Path) -> None:
    """And nothing else with it."""
    path = tmp_path / "outbox.sqlite"
    box = DeadLetterBox(OutboxFile(path), ADDRESS)
    box.keep([SET], [Dead(0, "refused", "bad")])
    kept = box.keep([ADD, ADD], [Dead(0, "unknown", "?"), Dead(1, "unknown", "?")])
    box.forget(kept)
    box.forget([])

    assert len(kept) == 2
    assert [row[6] for row in letters(path)] == ["refused"]


def test_a_file_that_cannot_be_used_is_logged_and_raises_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A worker goes on."""
    path = tmp_path / "outbox.sqlite"
    path.write_text("no database, and longer than a header of one has to be" * 20)
    box = DeadLetterBox(OutboxFile(path), ADDRESS)

    assert box.keep([SET], [Dead(0, "refused", "bad")]) == []
    box.forget([1])
    first, second = caplog.messages
    assert first.startswith("1 dead letters cannot be kept in the outbox ")
    assert second.startswith("1 dead letters stay in the outbox ")

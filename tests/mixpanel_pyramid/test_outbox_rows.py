"""Rows of an outbox: how they are written together."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from mixpanel_pyramid.outbox_rows import transaction


def test_of_a_block_that_fails_nothing_is_written() -> None:
    """And the connection is free for the next one."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE rows (number INTEGER)")

        def write(number: int) -> None:
            with transaction(connection):
                connection.execute("INSERT INTO rows VALUES (?)", (number,))
                connection.execute("INSERT INTO rows VALUES (?)", (10 // number,))

        with pytest.raises(ZeroDivisionError):
            write(0)
        write(5)

        assert connection.execute("SELECT number FROM rows").fetchall() == [(5,), (2,)]

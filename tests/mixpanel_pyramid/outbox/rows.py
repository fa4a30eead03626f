"""Rows of an outbox, and what is in its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_rows import Address, OutboxRow

SHOP = Address("mixpanel-1", "Mixpanel, https://one.example")
BLOG = Address("mixpanel-2", "Mixpanel, https://two.example")

MakeOutbox = Callable[..., Outbox]


def rows(number: int, first: int = 0, to: Address = SHOP) -> list[OutboxRow]:
    """Make rows that can be told apart."""
    return [
        OutboxRow(to, Message("events", f'{{"event":"E{n}"}}', 1))
        for n in range(first, first + number)
    ]


def bodies(path: Path) -> list[str]:
    """Read the names of the events on disk, in order."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT body FROM messages ORDER BY id")
        return [body[10:-2] for (body,) in found]


def names(number: int, first: int = 0) -> list[str]:
    """Give the names of such events."""
    return [f"E{n}" for n in range(first, first + number)]

"""Outboxes on disk, and another writer of the same file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile

from .rows import MakeOutbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is to be."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def make_outbox(path: Path) -> Iterator[MakeOutbox]:
    """Make outboxes, closed after the test."""
    made = []

    def make(most_in_memory: int = 100_000, **bounds: int) -> Outbox:
        made.append(Outbox(OutboxFile(path, **bounds), most_in_memory))
        return made[-1]

    yield make
    for outbox in made:
        outbox.close()


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Another connection, that a test lets write for long."""
    with closing(OutboxFile(path).connect(1.0)) as connection:
        yield connection

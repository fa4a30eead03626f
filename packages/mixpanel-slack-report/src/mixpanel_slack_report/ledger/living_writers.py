"""Tells whether the run that wrote something is still there.

A run holds a lock of the operating system for as long as it has a claim. The system
frees it with the process, whichever way that ends. The locks are in a file beside the
ledger, as SQLite has locks of its own in the ledger's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

from mixpanel_query.budget.file_locks import FileLocks, file_locks

__all__ = ["LivingWriters", "living_writers"]

RANDOM = SystemRandom()
HIGHEST_NUMBER = (1 << 30) - 1
FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)


class LivingWriters:
    """One writer, and its view of the others.

    Each claim has one of its own, so that two threads of a process see each other. A
    child that is forked while a claim is held keeps its lock until it ends, too.

    Attributes:
        name: Names this writer among all that are alive.
    """

    def __init__(self, locks: FileLocks, draw: Callable[[int], int]) -> None:
        self._locks = locks
        self._number = 1 + draw(HIGHEST_NUMBER)
        while not locks.take(self._number):
            self._number = 1 + draw(HIGHEST_NUMBER)
        self.name = str(self._number)

    def has(self, name: str) -> bool:
        """Tell whether a writer is still there."""
        if re.fullmatch(r"[0-9]{1,10}", name) is None or int(name) > HIGHEST_NUMBER:
            return False
        return self._locks.is_taken(int(name))

    def leave(self) -> None:
        """Be a writer no more."""
        self._locks.give(self._number)


@contextmanager
def living_writers(
    path: Path, *, draw: Callable[[int], int] = RANDOM.randrange
) -> Iterator[LivingWriters]:
    """Be a writer for as long as the block takes.

    Args:
        path: The file of the locks; made if it is not there, readable to its owner.
        draw: Gives a number below the one it is given, for the writer's name.

    Raises:
        OSError: If the file cannot be made.
    """
    descriptor = os.open(path, FLAGS, 0o600)
    try:
        writers = LivingWriters(file_locks(descriptor, path), draw)
        try:
            yield writers
        finally:
            writers.leave()
    finally:
        os.close(descriptor)

"""Keeps Python from looking for garbage while a batch is taken.

A batch makes tens of thousands of objects, none of which is garbage before it is kept.
Looking through them, and through all else that a process holds, takes longer than
judging them.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["CollectionPause", "paused_collection"]

# Batches that never stop coming must not keep it from looking for ever.
LONGEST = 0.5


class CollectionPause:
    """A pause from the first batch that enters it to the last one that leaves.

    Threads may enter it at once. One that is half a second old takes in no further
    batch, so that it ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._began = 0.0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Take part in the pause, and end it if no other batch does any more.

        Nothing happens in a process that does not look for garbage anyway.
        """
        is_inside = self._enter()
        try:
            yield
        finally:
            if is_inside:
                self._leave()

    def _enter(self) -> bool:
        """Begin the pause, or join it; tell whether that was possible."""
        with self._lock:
            if self._inside == 0:
                if not gc.isenabled():
                    return False
                gc.disable()
                self._began = time.monotonic()
            elif time.monotonic() - self._began > LONGEST:
                return False
            self._inside += 1
            return True

    def _leave(self) -> None:
        """End the pause if nobody is left in it."""
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                gc.enable()


# There is one collector in a process, whatever number of projects.
paused_collection = CollectionPause().entered

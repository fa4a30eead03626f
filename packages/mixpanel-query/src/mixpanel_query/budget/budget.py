"""The budget of queries that the processes of a machine share."""

from __future__ import annotations

import os
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from mixpanel_query.budget.book import Book, BrokenBookError, MemoryBook
from mixpanel_query.budget.file_book import FileBook
from mixpanel_query.budget.gate import (
    DEFAULT_MAX_WAIT,
    checked_max_wait,
)
from mixpanel_query.budget.places import default_path, user_home
from mixpanel_query.budget.project_gate import ProjectGate
from mixpanel_query.budget.project_ledger import ProjectLedger
from mixpanel_query.wire import Destination

__all__ = ["Budget"]

T = TypeVar("T")


class Budget:
    """Lets as many queries through as Mixpanel allows a project, and no more.

    Mixpanel allows a project 60 queries an hour and 5 at once, 60 JQL queries an hour,
    which count as queries too, 60 exports an hour, 3 a second and 100 at once, and 5
    Lexicon requests a minute: https://developer.mixpanel.com/reference/rate-limits.
    The hours roll: a call counts until an hour after its answer.

    All processes of a machine that use one file share what is in it, for each host and
    project; a client uses one without being told, except for a server on this machine.
    What others ask, on other machines or in Mixpanel's pages, cannot be seen until
    Mixpanel refuses something: then everybody here waits as long as it asks, and counts
    what it says that others have used.

    A process that is killed gives back its places at once; its calls under way count
    for an hour from when another process notices. The file holds no secret, and is
    readable to its owner only. One that cannot be used is warned of once, and then only
    this process is counted. A clock that is set back makes calls count for an hour
    from then, at most.

    Threads, tasks, clients and event loops may share a budget. A child that was forked
    counts on its own, in the same file. It cannot be pickled; give processes the path.

    Args:
        path: The file; where left out, ``MIXPANEL_BUDGET_FILE``, else a file in the
            user's folder for the state of programs.
        max_wait: Seconds that a request may wait for its turn, or that Mixpanel may ask
            for. A longer wait is a `RateLimitedError` at once.
        clock: Seconds since 1970; the same for all who share the file.
        on_wait: Called with the seconds left and the reason, about once a second while
            a request waits, and with 0 seconds when that is over; by any thread.
        environ: The variables; those of this process, where left out.

    Raises:
        InvalidQueryError: If ``max_wait`` is negative or no number.
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        max_wait: float = DEFAULT_MAX_WAIT,
        clock: Callable[[], float] = time.time,
        on_wait: Callable[[float, str], None] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        variables = os.environ if environ is None else environ
        self.path = Path(path) if path is not None else user_path(variables)
        self.max_wait = checked_max_wait(max_wait)
        self.clock = clock
        self.on_wait = on_wait
        self._start_over()
        BUDGETS.add(self)

    def gate(self, destination: Destination) -> ProjectGate:
        """Return the gate of the project that is asked there."""
        return ProjectGate(self, project_name(destination), project_key(destination))

    def use(self, key: bytes, work: Callable[[ProjectLedger], T]) -> T | None:
        """Work with the ledger of a project; None if another process does just now."""
        with self._mutex:
            try:
                return self._use(key, work)
            except (OSError, BrokenBookError) as error:
                reason = (
                    str(error) if not isinstance(error, OSError) else error.strerror
                )
                self._close(MemoryBook())
                result = self._use(key, work)
        warnings.warn(
            f"budget file {self.path} cannot be used ({reason}), so that only this "
            f"process is counted; mend it, or name another one in MIXPANEL_BUDGET_FILE",
            UserWarning,
            stacklevel=2,
        )
        return result

    def shared_file(self) -> Path | None:
        """Return the file, if it is used; None if only this process is counted."""
        with self._mutex:
            return self._book.path if isinstance(self._book, FileBook) else None

    def after_fork(self) -> None:
        """Let go, in a child, of what belongs to the parent."""
        if self._book is not None:
            self._book.forget()
        self._start_over()

    def _start_over(self) -> None:
        """Begin without a book."""
        # The end of a call needs no lock, so that the collector of garbage may end one
        # at any moment.
        self._mutex = threading.Lock()
        self._book: Book | None = None
        self._ledgers: dict[bytes, ProjectLedger] = {}

    def _use(self, key: bytes, work: Callable[[ProjectLedger], T]) -> T | None:
        """Work with the ledger of a project, under the lock of its book."""
        book = self._opened()
        if not book.lock():
            return None
        try:
            ledger = self._ledgers.get(key)
            if ledger is None:
                ledger = self._ledgers[key] = ProjectLedger(book, key, self.clock)
            return work(ledger)
        finally:
            book.unlock()

    def _opened(self) -> Book:
        """Return the book; a new one where the file was taken away."""
        book = self._book
        if isinstance(book, FileBook) and not book.is_in_place():
            self._close(None)
        if self._book is None:
            self._book = MemoryBook() if self.path is None else FileBook(self.path)
        return self._book

    def _close(self, instead: Book | None) -> None:
        """Use another book from now on; calls under way keep the old one."""
        self._book = instead
        self._ledgers = {}


BUDGETS: weakref.WeakSet[Budget] = weakref.WeakSet()


def after_fork() -> None:
    """Let go, in a child, of what belongs to the parent."""
    for budget in list(BUDGETS):
        budget.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=after_fork)


def user_path(environ: Mapping[str, str]) -> Path | None:
    """Return the file that this user's processes share; None if there is no home."""
    return default_path(environ, home=user_home())


def project_name(destination: Destination) -> str:
    """Return host and project for messages."""
    project = destination.credentials.project_id
    said = "" if project is None else f" project {project}"
    return f"{destination.host()}{said}"


def project_key(destination: Destination) -> bytes:
    """Return 16 bytes that stand for host and project.

    A project secret names no project; a digest of it, which cannot be turned back,
    stands for one.
    """
    project = destination.credentials.project_id
    name = destination.credentials.authorization() if project is None else str(project)
    text = f"{destination.host()}\n{name}".encode()
    return blake2b(text, digest_size=16, person=b"mixpanel-budget").digest()

"""The book of ledgers in a file, which the processes of a machine share."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from random import SystemRandom

from mixpanel_query.budget.book import BrokenBookError, check_header
from mixpanel_query.budget.file_locks import file_locks

__all__ = ["FileBook"]

HIGHEST_HOLDER = (1 << 30) - 1
GUARD = 0
RANDOM = SystemRandom()
# A FIFO in place of the file must not hang who opens it.
FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


class FileBook:
    """A book in a file; each of them is a holder of its own.

    One thread at a time uses it, but any may `write` where nobody else does. After a
    `fork` the child must `forget` it.

    Attributes:
        holder: Its number, whose lock it has until it is closed or its process ends.
        is_open: Whether it can be written to still.

    Raises:
        OSError: If the file cannot be made, read and written.
        BrokenBookError: If it is no plain file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = str(path)
        self.is_open = False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(path, FLAGS, 0o600)
        try:
            found = os.fstat(self._descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise BrokenBookError("it is no plain file")
            self._file = (found.st_dev, found.st_ino)
            self._locks = file_locks(self._descriptor, path)
            self.holder = self._become_holder()
        except BaseException:
            os.close(self._descriptor)
            raise
        self.is_open = True
        self._is_checked = False

    def lock(self) -> bool:
        """Keep other processes from changing it; False if one does so just now.

        Raises:
            BrokenBookError: If it is not a book.
        """
        if not self._locks.take(GUARD):
            return False
        if not self._is_checked:
            try:
                check_header(self)
            except BaseException:
                self.unlock()
                raise
            self._is_checked = True
        return True

    def unlock(self) -> None:
        """Let others change it again."""
        self._locks.give(GUARD)

    def is_in_place(self) -> bool:
        """Tell whether the path still leads to this file."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 - a third faster, at every call
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file

    def is_alive(self, holder: int) -> bool:
        """Tell whether the process that holds a number is still there."""
        return holder == self.holder or self._locks.is_taken(holder)

    if hasattr(os, "pread"):

        def read(self, offset: int, size: int) -> bytes:
            """Return bytes; fewer at the end."""
            return os.pread(self._descriptor, size, offset)

        def write(self, offset: int, data: bytes) -> None:
            """Write bytes."""
            os.pwrite(self._descriptor, data, offset)

    else:  # pragma: no cover - Windows: positions of its own for each

        def read(self, offset: int, size: int) -> bytes:
            """Return bytes; fewer at the end."""
            with self.path.open("rb", buffering=0) as file:
                file.seek(offset)
                return file.read(size)

        def write(self, offset: int, data: bytes) -> None:
            """Write bytes."""
            with self.path.open("r+b", buffering=0) as file:
                file.seek(offset)
                file.write(data)

    def close(self) -> None:
        """Let go of it; calls under way from here count as ended then."""
        if self.is_open:
            self.is_open = False
            self._locks.give(self.holder)
            os.close(self._descriptor)

    def forget(self) -> None:
        """Let go of what `fork` copied, without a change to the original."""
        if self.is_open:
            self.is_open = False
            self._locks.forget()
            os.close(self._descriptor)

    def __del__(self) -> None:
        """Let go of it with its last user."""
        if getattr(self, "is_open", False):
            try:  # noqa: SIM105  # where Python ends, contextlib may have ended
                self.close()
            except Exception:  # noqa: S110  # the locks end with the process
                pass

    def _become_holder(self) -> int:
        """Take the lock of a number that nobody has."""
        while True:
            number = 1 + RANDOM.randrange(HIGHEST_HOLDER)
            if self._locks.take(number):
                return number

"""Locks of one file that end with the process, whichever way it ends.

A lock has a number. Number 0 guards the file while it is changed; each other one is
held for as long as a process, the *holder* of that number, is there, so that the
others can tell. All of them belong to an open file and not to a process: two open
files of one process exclude each other, and closing one gives nothing of the other
away, which the locks of POSIX would do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import sys
from pathlib import Path
from typing import Protocol

__all__ = ["FileLocks", "WholeFileLocks", "file_locks"]

# Far behind all data, as Windows keeps others from reading what is locked; below
# 2 GiB, as its call for locks counts no further.
FIRST_BYTE = 1 << 30


class FileLocks(Protocol):
    """The locks of one open file; the caller sees to it that threads take turns."""

    def take(self, number: int) -> bool:
        """Take a lock without waiting; False if another open file has it."""

    def give(self, number: int) -> None:
        """Give a lock back."""

    def is_taken(self, number: int) -> bool:
        """Tell whether another open file has a lock."""

    def forget(self) -> None:
        """Let go of what `fork` copied; the locks stay those of the parent."""


def file_locks(descriptor: int, path: Path) -> FileLocks:
    """Return the locks of an open file, as this system has them."""
    if sys.platform == "linux":
        return ByteLocks(descriptor)
    if sys.platform == "win32":  # pragma: no cover
        return WindowsLocks(descriptor)
    return WholeFileLocks(path)  # pragma: no cover


if sys.platform == "linux":
    import fcntl

    class ByteLocks:
        """A lock is a byte of the file: Linux's locks of open file descriptions."""

        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor

        def take(self, number: int) -> bool:
            """Take a lock without waiting; False if another open file has it."""
            try:
                self._call(fcntl.F_OFD_SETLK, fcntl.F_WRLCK, number)
            except OSError as error:
                if error.errno in (errno.EAGAIN, errno.EACCES):
                    return False
                raise
            return True

        def give(self, number: int) -> None:
            """Give a lock back."""
            self._call(fcntl.F_OFD_SETLK, fcntl.F_UNLCK, number)

        def is_taken(self, number: int) -> bool:
            """Tell whether another open file has a lock."""
            found = self._call(fcntl.F_OFD_GETLK, fcntl.F_WRLCK, number)
            kind: int = FLOCK.unpack(found)[0]
            return kind != fcntl.F_UNLCK

        def forget(self) -> None:
            """Let go of what `fork` copied; closing the file does all of it."""

        def _call(self, command: int, kind: int, number: int) -> bytes:
            """Ask the system about one byte."""
            # struct flock: type, whence, start, length, and a pid that must be 0.
            lock = FLOCK.pack(kind, os.SEEK_SET, FIRST_BYTE + number, 1, 0)
            return fcntl.fcntl(self._descriptor, command, lock)

    FLOCK = struct.Struct("@hhqqi")

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    class WindowsLocks:
        """A lock is a byte of the file."""

        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor

        def take(self, number: int) -> bool:
            """Take a lock without waiting; False if another open file has it."""
            try:
                self._call(msvcrt.LK_NBLCK, number)
            except OSError:
                return False
            return True

        def give(self, number: int) -> None:
            """Give a lock back."""
            self._call(msvcrt.LK_UNLCK, number)

        def is_taken(self, number: int) -> bool:
            """Tell whether another open file has a lock."""
            if not self.take(number):
                return True
            self.give(number)
            return False

        def forget(self) -> None:
            """Do nothing: Windows does not fork."""

        def _call(self, command: int, number: int) -> None:
            """Ask the system about one byte."""
            os.lseek(self._descriptor, FIRST_BYTE + number, os.SEEK_SET)
            msvcrt.locking(self._descriptor, command, 1)

else:
    import fcntl

    class WholeFileLocks:
        """A lock is an empty file beside the file; for macOS and the BSDs."""

        def __init__(self, path: Path) -> None:
            self._path = path
            self._taken: dict[int, int] = {}

        def take(self, number: int) -> bool:
            """Take a lock without waiting; False if another open file has it."""
            descriptor = os.open(self._beside(number), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._taken[number] = descriptor
            return True

        def give(self, number: int) -> None:
            """Give a lock back; its file goes, but for that of number 0."""
            if number:
                with contextlib.suppress(FileNotFoundError):
                    self._beside(number).unlink()
            descriptor = self._taken.pop(number)
            # The copy in a child that was forked would keep it otherwise.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

        def is_taken(self, number: int) -> bool:
            """Tell whether another open file has a lock."""
            if not self._beside(number).exists():
                return False
            if not self.take(number):
                return True
            self.give(number)
            return False

        def forget(self) -> None:
            """Let go of what `fork` copied; the locks stay those of the parent."""
            for descriptor in self._taken.values():
                os.close(descriptor)
            self._taken.clear()

        def _beside(self, number: int) -> Path:
            """Return the file of a lock."""
            return self._path.with_name(f"{self._path.name}.lock{number or ''}")

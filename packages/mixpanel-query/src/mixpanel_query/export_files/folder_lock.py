"""The lock of a folder: one process at a time writes there.

The system frees it when the process ends, however it ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["FolderLock"]


class FolderLock:
    """A lock on a file in a folder, held until `release`.

    Args:
        path: The file, which is made and stays there, empty.

    Raises:
        BlockingIOError: If somebody else holds it.
        OSError: If the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise BlockingIOError(str(error)) from error

    def release(self) -> None:
        """Let others write there."""
        # A child that was forked meanwhile has a copy, which would keep the lock.
        unlock(self._file)
        os.close(self._file)


if sys.platform == "win32":  # pragma: no cover

    def lock(file: int) -> None:
        """Lock the first byte of an open file, or raise an OSError."""
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def unlock(file: int) -> None:
        """Give the lock back."""
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def lock(file: int) -> None:
        """Lock an open file, or raise an OSError."""
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock(file: int) -> None:
        """Give the lock back."""
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)

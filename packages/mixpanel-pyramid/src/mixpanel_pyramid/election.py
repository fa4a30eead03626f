"""One sender per destination and host: whoever holds the lock on its file.

The kernel frees the lock when the process dies, and a forked child does not inherit
it: https://man7.org/linux/man-pages/man2/fcntl_locking.2.html
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

__all__ = ["Candidate", "lock_path"]


def lock_path(outbox: Path, key: str) -> Path:
    """Give the file beside an outbox whose lock the sender of a destination holds."""
    return outbox.with_name(f"{outbox.name}.{key}.lock")


def locks() -> ModuleType:
    """Import what locks files; systems without it have no outbox."""
    import fcntl

    return fcntl


class Candidate:
    """Stands for election as a sender.

    Only one candidate per file and process, used by one thread at a time: the lock
    is the process's, and closing the file anywhere in it gives the lock up.

    Args:
        path: The lock file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: int | None = None
        self.process = 0

    def is_elected(self) -> bool:
        """Tell whether this process is the sender, after trying to become it.

        Raises:
            OSError: If the lock file cannot be made or opened.
        """
        if self.file is not None and self.process == os.getpid():
            if self.is_current(self.file):
                return True
            self.resign()
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(self.path, flags, 0o600)
        try:
            locks().lockf(file, locks().LOCK_EX | locks().LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(file)
            return False
        except BaseException:
            os.close(file)
            raise
        self.file, self.process = file, os.getpid()
        os.ftruncate(file, 0)
        os.pwrite(file, f"{self.process}\n".encode(), 0)
        return self.is_current(file)

    def is_current(self, file: int) -> bool:
        """Tell whether the file that is locked is still the one at the path."""
        try:
            named, held = self.path.stat(), os.fstat(file)
        except OSError:
            return False
        return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)

    def resign(self) -> None:
        """Let another process send."""
        file, self.file = self.file, None
        if file is not None:
            os.close(file)

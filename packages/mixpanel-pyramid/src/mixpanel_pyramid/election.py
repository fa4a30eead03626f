"""One sender per destination and host: whoever holds the lock on its file.

The kernel frees the lock when the process dies, and a forked child does not inherit
it: https://man7.org/linux/man-pages/man2/fcntl_locking.2.html
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from mixpanel_pyramid.forks import at_fork

__all__ = ["Candidate", "Holder", "find_holder", "lock_path"]

Identity = tuple[int, int]

# The lock is a process's, so the kernel lets two candidates of one process have it,
# and takes it from both when either closes the file. These are those that have it.
elected: dict[Identity, Candidate] = {}
electing = threading.Lock()


def begin_again() -> None:
    """Forget, in a forked child, what only its parent holds."""
    global electing
    electing = threading.Lock()
    elected.clear()


at_fork(after_in_child=begin_again)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sends to a destination.

    Attributes:
        process: Its number; None where the lock file does not say.
    """

    process: int | None


def lock_path(outbox: Path, key: str) -> Path:
    """Give the file beside an outbox whose lock the sender of a destination holds."""
    return outbox.with_name(f"{outbox.name}.{key}.lock")


def locks() -> ModuleType:
    """Import what locks files; systems without it have no outbox."""
    import fcntl

    return fcntl


class Candidate:
    """Stands for election as a sender; used by one thread at a time.

    Args:
        path: The lock file.

    Attributes:
        terms: How often it was elected.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: int | None = None
        self.process = self.terms = 0

    def holds(self) -> bool:
        """Tell whether this process was elected and has not resigned since."""
        return self.file is not None and self.process == os.getpid()

    def is_elected(self) -> bool:
        """Tell whether this process is the sender, after trying to become it.

        Raises:
            OSError: If the lock file cannot be made or opened.
        """
        with electing:
            if self.file is not None and self.holds():
                if self.is_current(self.file):
                    return True
                self.give_up()
            # Asked before the file is opened, because closing it would end their lock.
            if identity_at(self.path) in elected:
                return False
            file = os.open(self.path, flags(), 0o600)
            try:
                is_ours = takes_lock(file)
            except BaseException:
                os.close(file)
                raise
            if not is_ours:
                os.close(file)
                return False
            self.file, self.process = file, os.getpid()
            self.terms += 1
            elected[identity_of(file)] = self
            self.sign(file)
            return self.is_current(file)

    def sign(self, file: int) -> None:
        """Write into the lock file who holds it, for people and commands."""
        with suppress(OSError):  # on a full disk, too, somebody must send
            if os.geteuid() == 0:  # a command of root must not lock out the app
                outbox = self.path.with_suffix("").with_suffix("")
                owner = (outbox if outbox.exists() else outbox.parent).stat()
                os.fchown(file, owner.st_uid, owner.st_gid)
            os.ftruncate(file, 0)
            os.pwrite(file, f"{self.process}\n".encode(), 0)

    def is_current(self, file: int) -> bool:
        """Tell whether the file that is locked is still the one at the path."""
        return identity_at(self.path) == identity_of(file)

    def resign(self) -> None:
        """Let another process send."""
        with electing:
            self.give_up()

    def give_up(self) -> None:
        """Close the file, and with it give up the lock."""
        file, self.file = self.file, None
        if file is not None:
            if elected.get(identity_of(file)) is self:
                del elected[identity_of(file)]
            os.close(file)


def find_holder(path: Path) -> Holder | None:
    """Find out who is elected; None where nobody is.

    Args:
        path: The lock file.

    Raises:
        OSError: If it cannot be read.
    """
    with electing:
        holder = elected.get(identity_at(path) or (-1, -1))
        if holder is not None:
            return Holder(holder.process)
        try:
            file = os.open(path, flags(create=False))
        except FileNotFoundError:
            return None
        try:
            if takes_lock(file, shared=True):
                return None
            text = os.pread(file, 20, 0).strip()
            return Holder(int(text) if text.isdigit() else None)
        finally:
            os.close(file)


def flags(*, create: bool = True) -> int:
    """Say how a lock file is opened; a link to one is not followed."""
    how = os.O_RDWR | os.O_CREAT if create else os.O_RDONLY
    return how | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)


def takes_lock(file: int, *, shared: bool = False) -> bool:
    """Try to lock a file, and tell whether that went well."""
    kind = locks().LOCK_SH if shared else locks().LOCK_EX
    try:
        locks().lockf(file, kind | locks().LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def identity_of(file: int) -> Identity:
    """Give what tells an open file from all others."""
    status = os.fstat(file)
    return status.st_dev, status.st_ino


def identity_at(path: Path) -> Identity | None:
    """Give what tells the file at a path from all others; None where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

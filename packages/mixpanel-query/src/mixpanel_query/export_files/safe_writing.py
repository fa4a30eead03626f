"""Files that are whole or not there, also after the power went."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

__all__ = ["MeasuredFile", "make_lasting", "part_of", "replace_text"]


def part_of(path: Path) -> Path:
    """Return where a file is written until it is whole; globs do not find it.

    >>> part_of(Path("2026-11-09.jsonl")).name
    '.2026-11-09.jsonl.part'
    """
    return path.with_name(f".{path.name}.part")


class MeasuredFile:
    """A new file that knows how long it is and what its digest is.

    It has what a writer of Parquet asks of a file.

    Args:
        path: Where it is written.

    Attributes:
        size: How many bytes were written.
    """

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._is_abandoned = False
        self._file = path.open("wb")
        self._digest = hashlib.sha256()

    @property
    def closed(self) -> bool:
        """Whether nothing more can be written."""
        return self._file.closed

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written, as ``sha256sum`` prints it."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        """Write bytes at the end; what is abandoned takes them and forgets them."""
        if self._is_abandoned:  # a writer of Parquet ends its file when it is collected
            return len(data)
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self.size

    def flush(self) -> None:
        """Do nothing; `close` flushes."""

    def close(self) -> None:
        """Bring everything to the disk itself, and close."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def abandon(self) -> None:
        """Close without care for what becomes of it, as where the disk is full."""
        self._is_abandoned = True
        with contextlib.suppress(OSError):  # what it still holds cannot be written
            self._file.close()


def replace_text(path: Path, text: str) -> None:
    """Write a file in the place of another one; whoever reads sees one of the two."""
    part = part_of(path)
    file = MeasuredFile(part)
    try:
        file.write(text.encode())
        file.close()
        part.replace(path)
    except BaseException:
        file.abandon()
        part.unlink(missing_ok=True)
        raise
    make_lasting(path.parent)


def make_lasting(folder: Path) -> None:
    """Bring the names in a folder to the disk; where a system cannot, it need not."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

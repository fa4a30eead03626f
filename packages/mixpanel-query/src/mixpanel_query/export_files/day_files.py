"""The file of one day, while it is written."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from mixpanel_query.event_clock import EventClock
from mixpanel_query.export_files.safe_writing import MeasuredFile, part_of

if TYPE_CHECKING:
    from mixpanel_query.event_rows import EventRows

__all__ = ["FORMATS", "DayFile", "FileFormat", "Rows", "open_day_file"]

FileFormat: TypeAlias = Literal["jsonl", "jsonl.gz", "parquet"]
FORMATS: Final = ("jsonl", "jsonl.gz", "parquet")
# What all open files of Parquet hold together, and what makes a group worth it.
HELD_BYTES: Final = 32 << 20
LEAST_GROUP: Final = 1 << 20
GZIP: Final = 16 + zlib.MAX_WBITS


class Rows(Protocol):
    """Writes rows in some format."""

    def write(self, rows: EventRows) -> None:
        """Write rows at the end."""

    def end(self) -> None:
        """Write what belongs to the end of the file."""


class DayFile:
    """A file that is written under another name until it is whole.

    Args:
        path: Its name when it is whole.
        make: Makes the writer of its rows.

    Attributes:
        rows: How many events were written.
        repeats: How many copies were left out.
    """

    def __init__(self, path: Path, make: Callable[[MeasuredFile], Rows]) -> None:
        self.path = path
        self.rows = 0
        self.repeats = 0
        self._file = MeasuredFile(part_of(path))
        self._writer = make(self._file)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._file.size

    @property
    def digest(self) -> str:
        """The SHA-256 of it."""
        return self._file.digest

    def write(self, rows: EventRows) -> None:
        """Write rows at the end."""
        self._writer.write(rows)
        self.rows += len(rows.lines)

    def close(self) -> None:
        """End it, and bring it to the disk; it still has the other name."""
        self._writer.end()
        self._file.close()

    def take_place(self) -> None:
        """Give it its name, in the place of an older file."""
        part_of(self.path).replace(self.path)

    def discard(self) -> None:
        """Throw it away, unless it has its name already."""
        self._file.abandon()
        part_of(self.path).unlink(missing_ok=True)


class JsonLines:
    """Writes rows exactly as Mixpanel sent them, each with a line end."""

    def __init__(self, file: MeasuredFile) -> None:
        self._file = file

    def write(self, rows: EventRows) -> None:
        """Write rows at the end."""
        if rows.lines:
            self._file.write(b"\n".join(rows.lines) + b"\n")

    def end(self) -> None:
        """Do nothing: the last line has its end."""


class GzippedJsonLines:
    """Writes the same, gzipped; a day without events is an empty gzip file."""

    def __init__(self, file: MeasuredFile) -> None:
        self._file = file
        self._packer = zlib.compressobj(level=6, wbits=GZIP)

    def write(self, rows: EventRows) -> None:
        """Write rows at the end."""
        if rows.lines:
            packed = self._packer.compress(b"\n".join(rows.lines) + b"\n")
            self._file.write(packed)

    def end(self) -> None:
        """Write what the packer still holds, and the checksum."""
        self._file.write(self._packer.flush())


def open_day_file(
    path: Path,
    format: FileFormat,
    *,
    clock: EventClock,
    together: int,
) -> DayFile:
    """Open the file of a day for writing.

    Args:
        path: Its name when it is whole.
        format: Of the file.
        clock: What the times of rows count.
        together: How many files are open together, and share the memory.
    """
    if format == "parquet":
        from mixpanel_query.export_files.parquet_rows import ParquetRows

        group_bytes = max(HELD_BYTES // together, LEAST_GROUP)
        return DayFile(
            path, lambda file: ParquetRows(file, clock, group_bytes=group_bytes)
        )
    return DayFile(path, GzippedJsonLines if format == "jsonl.gz" else JsonLines)

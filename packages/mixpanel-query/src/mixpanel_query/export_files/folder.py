"""The folder of an export: its lock, its manifest and its day files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from mixpanel_query.exceptions import ExportFolderError
from mixpanel_query.export_files.day_files import FORMATS
from mixpanel_query.export_files.folder_lock import FolderLock
from mixpanel_query.export_files.manifest import (
    DayRecord,
    Manifest,
    read_manifest,
)
from mixpanel_query.export_files.order import ExportOrder
from mixpanel_query.export_files.safe_writing import make_lasting, replace_text
from mixpanel_query.export_files.spans import days_of

__all__ = ["ExportFolder", "due_days", "usable_folder"]

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
DAY_PATTERN: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


class ExportFolder:
    """A folder that one process at a time exports into.

    Args:
        order: What is exported.

    Attributes:
        manifest: What the folder says of itself.

    Raises:
        ExportFolderError: If another process writes there, it holds another export,
            or it cannot be written.
    """

    def __init__(self, order: ExportOrder) -> None:
        self._order = order
        path = order.path
        with usable_folder(path):
            path.mkdir(parents=True, exist_ok=True)
            self._lock = locked(path)
        try:
            with usable_folder(path):
                self.manifest = manifest_of(order)
                for part in left_parts(path):
                    part.unlink()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Let others write there."""
        self._lock.release()

    def note(self, records: Mapping[date, DayRecord]) -> None:
        """Keep how far some days have come."""
        self.manifest.days.update(records)
        replace_text(self._order.path / MANIFEST, self.manifest.to_json())

    def settle(self) -> None:
        """Make sure that the names of new files outlast a power cut."""
        make_lasting(self._order.path)


def due_days(order: ExportOrder) -> tuple[list[date], list[date]]:
    """Return the days of an export that are missing, and those that may be late.

    It only looks: neither folder nor lock is made.

    Raises:
        ExportFolderError: If the folder holds another export.
    """
    with usable_folder(order.path):
        days = manifest_of(order).days
        asked = days_of(order.window)
        missing = [day for day in asked if not is_there(order, day, days.get(day))]
        absent = set(missing)
        late = [
            day
            for day in asked
            if day not in absent
            and days[day].is_late(
                day, refresh_days=order.refresh_days, zone=order.day_zone
            )
        ]
    return missing, late


def is_there(order: ExportOrder, day: date, record: DayRecord | None) -> bool:
    """Tell whether a day is complete, and its file is the one that was written."""
    if record is None or record.state != "complete":
        return False
    try:
        return order.file_of(day).stat().st_size == record.bytes
    except FileNotFoundError:
        return False


def manifest_of(order: ExportOrder) -> Manifest:
    """Return the manifest of a folder, a new one for a new folder.

    Raises:
        ExportFolderError: If the folder holds another export, or files of days that
            nobody knows.
    """
    path = order.path / MANIFEST
    try:
        manifest = read_manifest(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        refuse_strangers(order)
        return Manifest(order.identity)
    except ValueError as error:
        problem = f"{path} cannot be read: {error}"
        remedy = "mend it, or choose another folder"
        raise ExportFolderError(f"{problem}; {remedy}", path=order.path) from error
    if difference := manifest.identity.difference(order.identity):
        problem = f"{order.path} holds another export: {difference}"
        remedy = "choose another folder"
        raise ExportFolderError(f"{problem}; {remedy}", path=order.path)
    return manifest


def left_parts(path: Path) -> Iterator[Path]:
    """Yield the files that a run that was killed left half written."""
    yield from path.glob(f".{MANIFEST}.part")
    for format_ in FORMATS:
        yield from path.glob(f".{DAY_PATTERN}.{format_}.part")


def refuse_strangers(order: ExportOrder) -> None:
    """Refuse a folder whose files of days were not written by an export."""
    for format_ in FORMATS:
        for file in order.path.glob(f"{DAY_PATTERN}.{format_}"):
            problem = f"{order.path} has {file.name} but no {MANIFEST}"
            remedy = "choose another folder"
            raise ExportFolderError(f"{problem}; {remedy}", path=order.path)


def locked(path: Path) -> FolderLock:
    """Lock a folder.

    Raises:
        ExportFolderError: If another process writes there.
    """
    try:
        return FolderLock(path / LOCK)
    except BlockingIOError as error:
        problem = f"{path} is being written by another export"
        remedy = "wait for it, or choose another folder"
        raise ExportFolderError(f"{problem}; {remedy}", path=path) from error


@contextmanager
def usable_folder(path: Path) -> Iterator[None]:
    """Say in one line what keeps a folder from being written."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        problem = f"{where} cannot be used: {error.strerror or error}"
        remedy = "make room, or choose another folder"
        raise ExportFolderError(f"{problem}; {remedy}", path=path) from error

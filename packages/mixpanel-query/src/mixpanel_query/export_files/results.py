"""What an export into a folder says: of its plan, on its way, and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mixpanel_query.tables import Tabular
from mixpanel_query.window import Window

__all__ = ["ExportPlan", "ExportProgress", "ExportedDay", "ExportedFiles"]


@dataclass(frozen=True, slots=True)
class ExportedDay:
    """A day of an export, in a file of its own.

    Attributes:
        date: The day: of UTC, or of the project's timezone if it is from before 2023.
        path: The file.
        rows: How many events it holds; 0 is a day without events.
        repeats: How many copies of them were left out.
        fetched_at: When it was asked for, in UTC.
        digest: SHA-256 of the file, as ``sha256sum`` prints it.
    """

    date: date
    path: Path
    rows: int
    repeats: int
    fetched_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class ExportedFiles(Tabular):
    """The files of all days that were asked for; each of them is complete.

    Attributes:
        folder: Where they are.
        days: The days, in order.
        calls: How many calls this export made; 0 if everything was there.
    """

    folder: Path
    days: tuple[ExportedDay, ...]
    calls: int

    @property
    def paths(self) -> list[Path]:
        """The files, in the order of their days."""
        return [day.path for day in self.days]

    @property
    def rows(self) -> int:
        """How many events they hold together."""
        return sum(day.rows for day in self.days)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row a day."""
        return [
            {
                "date": day.date,
                "path": str(day.path),
                "rows": day.rows,
                "repeats": day.repeats,
                "fetched_at": day.fetched_at,
                "digest": day.digest,
            }
            for day in self.days
        ]


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What an export into a folder would do now.

    Attributes:
        folder: The folder.
        spans: The days of each call; every span that is cut takes two calls more.
        missing: How many days were not fetched yet.
        late: How many days would be fetched again for events that arrived late.
        days: How many days were asked for.
    """

    folder: Path
    spans: tuple[Window, ...]
    missing: int
    late: int
    days: int

    @property
    def calls(self) -> int:
        """How many calls it takes, of 60 an hour."""
        return len(self.spans)


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export into a folder has come.

    Attributes:
        days: How many days were asked for.
        days_done: How many of them are there and not to be fetched any more.
        rows: How many events were written since it was started.
        calls: How many calls were made since then, the one under way included.
        span: The days that are being fetched; None at the end.
    """

    days: int
    days_done: int
    rows: int
    calls: int
    span: Window | None

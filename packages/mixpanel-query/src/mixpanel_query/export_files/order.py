"""What was asked of an export into a folder, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timezone, tzinfo
from os import PathLike
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mixpanel_query.event_clock import EventClock
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.export import read_export
from mixpanel_query.export_files.day_files import FORMATS, FileFormat
from mixpanel_query.export_files.manifest import ExportIdentity
from mixpanel_query.export_files.span_reader import SpanReader
from mixpanel_query.expressions import Where, expression_text
from mixpanel_query.names import EventName, event_names
from mixpanel_query.parameters import checked_choice
from mixpanel_query.tables import library
from mixpanel_query.window import Window
from mixpanel_query.wire import Destination, QueryRequest

__all__ = ["ExportOrder", "read_order"]

# A hundred years; what is more cannot be reckoned with.
MOST_REFRESH_DAYS: Final = 36_500
EXPORT: Final = QueryRequest("/api/2.0/export", family="export", limits=("export",))


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """An export into a folder, as it was asked for.

    Attributes:
        path: The folder.
        window: The days.
        identity: What makes it the same export as an earlier one.
        format: Of the day files.
        refresh_days: How long after its end events of a day may arrive.
        zone: Timezone whose clocks stored times show; None for UTC.
    """

    path: Path
    window: Window
    identity: ExportIdentity
    format: FileFormat
    refresh_days: int
    zone: tzinfo | None

    @property
    def clock(self) -> EventClock:
        """What the times of its rows count."""
        return EventClock(self.identity.time_in_ms, self.zone)

    @property
    def day_zone(self) -> tzinfo:
        """The timezone in which days begin."""
        return timezone.utc if self.zone is None else self.zone

    def file_of(self, day: date) -> Path:
        """Return the file of a day."""
        return self.path / f"{day.isoformat()}.{self.format}"

    def reader(self, span: Window) -> SpanReader:
        """Return what reads the export of a span."""
        events = self.identity.events
        where = self.identity.where
        time_in_ms = self.identity.time_in_ms
        request = read_export(
            span, events=events, where=where, time_in_ms=time_in_ms
        ).request
        return SpanReader(request, span)


def read_order(
    destination: Destination,
    path: str | PathLike[str],
    window: Window,
    *,
    events: EventName | Iterable[EventName] | None,
    where: Where | None,
    format: FileFormat,
    time_in_ms: bool,
    refresh_days: int,
    zone: tzinfo | None,
) -> ExportOrder:
    """Check what was asked of an export into a folder.

    Raises:
        InvalidQueryError: If it cannot be right, or needs what is not installed.
    """
    checked_choice("format", format, FORMATS)
    if format == "parquet":
        library("pyarrow")
    if not 0 <= refresh_days <= MOST_REFRESH_DAYS:
        problem = f"refresh_days {refresh_days} is not from 0 to {MOST_REFRESH_DAYS:,}"
        raise InvalidQueryError(f"{problem}; give days, 0 for none")
    names = None if events is None else tuple(sorted(set(event_names(events))))
    identity = ExportIdentity(
        host=urlsplit(destination.url(EXPORT)).netloc,
        project_id=destination.credentials.project_id,
        events=names,
        where=None if where is None else expression_text("where", where),
        format=format,
        local_timezone=None if zone is None else str(zone),
        time_in_ms=time_in_ms,
    )
    return ExportOrder(Path(path), window, identity, format, refresh_days, zone)

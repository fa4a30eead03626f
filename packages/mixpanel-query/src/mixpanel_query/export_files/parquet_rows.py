"""Rows as Parquet: five columns, in groups of bounded size."""

from __future__ import annotations

import json
from datetime import tzinfo
from typing import Any, Final

from mixpanel_query.export_files.safe_writing import MeasuredFile
from mixpanel_query.export_files.span_reader import DayRows
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_query.tables import library
from mixpanel_query.timezones import real_time

__all__ = ["ParquetRows"]

# Rows of a group are held in memory until it is written, and days are open together.
GROUP_BYTES: Final = 8 << 20


class ParquetRows:
    """Writes rows with the columns event, distinct_id, time, insert_id, properties.

    Args:
        file: Where to.
        zone: Timezone whose clocks stored times show; None for UTC.

    Raises:
        InvalidQueryError: If pyarrow is not installed.
    """

    def __init__(self, file: MeasuredFile, zone: tzinfo | None) -> None:
        arrow = library("pyarrow")
        self._arrow = arrow
        self._zone = zone
        self._held: list[tuple[object, ...]] = []
        self._held_bytes = 0
        self._schema = arrow.schema(
            [
                arrow.field("event", arrow.string(), nullable=False),
                ("distinct_id", arrow.string()),
                arrow.field("time", arrow.timestamp("us", tz="UTC"), nullable=False),
                ("insert_id", arrow.string()),
                arrow.field("properties", arrow.string(), nullable=False),
            ]
        )
        sink = arrow.PythonFile(file, mode="w")
        self._writer: Any = library("pyarrow.parquet").ParquetWriter(
            sink, self._schema, compression="zstd"
        )

    def write(self, rows: DayRows) -> None:
        """Take rows; write them once there are enough for a group."""
        self._held += map(self._columns, rows.events)
        self._held_bytes += sum(map(len, rows.lines))
        if self._held_bytes >= GROUP_BYTES:
            self._write_group()

    def end(self) -> None:
        """Write what is left, and the footer."""
        if self._held:
            self._write_group()
        self._writer.close()

    def _columns(self, event: ExportedEvent) -> tuple[object, ...]:
        """Return a row of the table."""
        return (
            storable(event.event),
            storable(event.distinct_id),
            real_time(event.time, self._zone),
            storable(event.insert_id),
            json.dumps(event.properties, separators=(",", ":")),
        )

    def _write_group(self) -> None:
        """Write the rows that are held."""
        columns = [
            self._arrow.array(column, field.type)
            for column, field in zip(
                zip(*self._held, strict=True), self._schema, strict=True
            )
        ]
        self._writer.write_table(
            self._arrow.Table.from_arrays(columns, schema=self._schema)
        )
        self._held, self._held_bytes = [], 0


def storable(text: str | None) -> str | None:
    r"""Return a text without the halves of characters that JSON can hold.

    >>> storable("caf\u00e9 \ud83d")
    'café ?'
    """
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")

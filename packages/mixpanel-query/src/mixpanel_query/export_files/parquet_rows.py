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

# Rows are Python values, which take much room, until there are so many of them; then
# they are an Arrow batch, until there are enough for a group of the file.
BATCH_BYTES: Final = 1 << 18


class ParquetRows:
    """Writes rows with the columns event, distinct_id, time, insert_id, properties.

    Args:
        file: Where to.
        zone: Timezone whose clocks stored times show; None for UTC.
        group_bytes: How much it holds in memory before it writes a group.

    Raises:
        InvalidQueryError: If pyarrow is not installed.
    """

    def __init__(
        self, file: MeasuredFile, zone: tzinfo | None, *, group_bytes: int
    ) -> None:
        self._arrow = library("pyarrow")
        self._zone = zone
        self._group_bytes = group_bytes
        self._rows: list[tuple[object, ...]] = []
        self._rows_bytes = 0
        self._batches: list[Any] = []
        self._batches_bytes = 0
        self._schema = schema_of(self._arrow)
        sink = self._arrow.PythonFile(file, mode="w")
        self._writer: Any = library("pyarrow.parquet").ParquetWriter(
            sink, self._schema, compression="zstd"
        )

    def write(self, rows: DayRows) -> None:
        """Take rows; write them once there are enough for a group."""
        self._rows += map(self._columns, rows.events)
        self._rows_bytes += sum(map(len, rows.lines))
        if self._rows_bytes >= BATCH_BYTES:
            self._make_batch()
        if self._batches_bytes >= self._group_bytes:
            self._write_group()

    def end(self) -> None:
        """Write what is left, and the footer."""
        self._make_batch()
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

    def _make_batch(self) -> None:
        """Make an Arrow batch of the rows that are Python values."""
        if not self._rows:
            return
        columns = [
            self._arrow.array(values, field.type)
            for values, field in zip(
                zip(*self._rows, strict=True), self._schema, strict=True
            )
        ]
        batch = self._arrow.record_batch(columns, schema=self._schema)
        self._batches.append(batch)
        self._batches_bytes += batch.nbytes
        self._rows, self._rows_bytes = [], 0

    def _write_group(self) -> None:
        """Write the batches that are held as one group."""
        if self._batches:
            table = self._arrow.Table.from_batches(self._batches, self._schema)
            self._writer.write_table(table.combine_chunks())
            self._batches, self._batches_bytes = [], 0


def schema_of(arrow: Any) -> Any:  # noqa: ANN401 - pyarrow, of which mypy knows nothing
    """Return the columns of the table."""
    return arrow.schema(
        [
            arrow.field("event", arrow.string(), nullable=False),
            arrow.field("distinct_id", arrow.string()),
            arrow.field("time", arrow.timestamp("us", tz="UTC"), nullable=False),
            arrow.field("insert_id", arrow.string()),
            arrow.field("properties", arrow.string(), nullable=False),
        ]
    )


def storable(text: str | None) -> str | None:
    r"""Return a text without the halves of characters that JSON can hold.

    >>> storable("caf\u00e9 \ud83d")
    'café ?'
    """
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")

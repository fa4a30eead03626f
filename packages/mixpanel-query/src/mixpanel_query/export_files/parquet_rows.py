"""Rows as Parquet: five columns, in groups of bounded size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mixpanel_query.event_clock import EventClock
from mixpanel_query.export_files.safe_writing import MeasuredFile
from mixpanel_query.exported_events import read_event
from mixpanel_query.tables import library

if TYPE_CHECKING:
    from mixpanel_query.event_rows import EventRows

__all__ = ["ParquetRows"]

MICROSECONDS: Final = 1_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND: Final = timedelta(microseconds=1)


class PropertiesText(msgspec.Struct, gc=False):
    """A line, for the JSON of its properties."""

    properties: msgspec.Raw


decode: Final = msgspec.json.Decoder(PropertiesText).decode


class ParquetRows:
    """Writes rows with the columns event, distinct_id, time, insert_id, properties.

    Args:
        file: Where to.
        clock: What the times of rows count.
        group_bytes: How much it holds in memory before it writes a group.

    Raises:
        InvalidQueryError: If pyarrow is not installed.
    """

    def __init__(
        self, file: MeasuredFile, clock: EventClock, *, group_bytes: int
    ) -> None:
        self._arrow = library("pyarrow")
        self._clock = clock
        self._group_bytes = group_bytes
        self._batches: list[Any] = []
        self._batches_bytes = 0
        self._schema = schema_of(self._arrow)
        sink = self._arrow.PythonFile(file, mode="w")
        self._writer: Any = library("pyarrow.parquet").ParquetWriter(
            sink, self._schema, compression="zstd"
        )

    def write(self, rows: EventRows) -> None:
        """Take rows; write them once there are enough for a group."""
        values = (
            texts(rows.names),
            texts(rows.users),
            self._microseconds(rows.times),
            texts(rows.insert_ids),
            [properties_of(line, self._clock) for line in rows.lines],
        )
        types = [field.type for field in self._schema]
        types[2] = self._arrow.int64()
        columns = list(map(self._arrow.array, values, types))
        columns[2] = columns[2].cast(self._schema.field("time").type)
        batch = self._arrow.record_batch(columns, schema=self._schema)
        self._batches.append(batch)
        self._batches_bytes += batch.nbytes
        if self._batches_bytes >= self._group_bytes:
            self._write_group()

    def end(self) -> None:
        """Write what is left, and the footer."""
        self._write_group()
        self._writer.close()

    def _microseconds(self, times: Sequence[float]) -> list[int]:
        """Return the moments of stored times, in UTC."""
        if self._clock.zone is None:
            unit = 1000 if self._clock.in_milliseconds else MICROSECONDS
            return [round(time * unit) for time in times]
        moments = map(self._clock.moment, times)
        return [(moment - EPOCH) // MICROSECOND for moment in moments]

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


def properties_of(line: bytes, clock: EventClock) -> bytes:
    """Return the JSON of the properties of a line, as it is."""
    try:
        return bytes(decode(line).properties)
    except (ValueError, RecursionError):  # what msgspec refuses, json may know
        return json.dumps(read_event(line, clock).properties).encode()


def texts(values: Sequence[object]) -> list[str | None]:
    r"""Return ids as texts, without the halves of characters that JSON can hold.

    >>> texts(["caf\u00e9 \ud83d", 7, None])
    ['café ?', '7', None]
    """
    return [
        None if value is None else str(value).encode("utf-8", "replace").decode("utf-8")
        for value in values
    ]

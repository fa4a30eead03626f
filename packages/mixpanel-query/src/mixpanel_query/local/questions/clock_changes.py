"""When the clocks of a timezone are changed, and what they show in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["offset_at", "offset_spans"]

# The clocks are not changed twice within a day.
DAY_MS = 86_400_000


def offset_spans(
    begin_ms: int, end_ms: int, zone: ZoneInfo
) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and UTC offset of the spans between changes of the clocks.

    All are milliseconds; together the spans are the time from begin to end.
    """
    start_ms = begin_ms
    while start_ms < end_ms:
        offset_ms = offset_at(start_ms, zone)
        stop_ms = next_change(start_ms, end_ms, zone)
        yield start_ms, stop_ms, offset_ms
        start_ms = stop_ms


def next_change(start_ms: int, end_ms: int, zone: ZoneInfo) -> int:
    """Return when the offset is first another one than at the start, or the end."""
    offset_ms = offset_at(start_ms, zone)
    before_ms = start_ms
    while offset_at(before_ms, zone) == offset_ms:
        if before_ms == end_ms:
            return end_ms
        same_ms, before_ms = before_ms, min(before_ms + DAY_MS, end_ms)
    while before_ms - same_ms > 1:
        middle_ms = (same_ms + before_ms) // 2
        if offset_at(middle_ms, zone) == offset_ms:
            same_ms = middle_ms
        else:
            before_ms = middle_ms
    return before_ms


def offset_at(instant_ms: int, zone: ZoneInfo) -> int:
    """Return the UTC offset of a timezone at an instant, in milliseconds."""
    utc = datetime.fromtimestamp(instant_ms / 1000, timezone.utc)
    offset = utc.astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)

"""The first and the last day on which a local project has events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from mixpanel_query.local.engine.store import Engine

__all__ = ["event_days"]

ENDS = "SELECT min(time_ms), max(time_ms) FROM events"
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def event_days(engine: Engine, timezone: ZoneInfo) -> tuple[date, date] | None:
    """Return the days of the earliest and the latest event; None without events."""
    [(first, last)] = engine.rows(ENDS, {})
    if first is None:
        return None
    begin, end = (EPOCH + timedelta(milliseconds=moment) for moment in (first, last))
    return begin.astimezone(timezone).date(), end.astimezone(timezone).date()

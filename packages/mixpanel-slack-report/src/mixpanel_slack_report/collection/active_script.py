"""Counts the users of several events, or of windows that are no day, week or month.

No endpoint but JQL does: https://developer.mixpanel.com/reference/query-jql
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mixpanel_slack_report.collection.readings import (
    ANY_EVENT,
    BucketCounts,
    Failure,
    is_count,
)
from mixpanel_slack_report.periods import Window

__all__ = ["REMARK", "SCRIPT", "read_rows", "script_params"]

# JQL sees the id that an event was sent with, and not the one that it was merged into.
REMARK = "users whose identities were merged later count once for each identity"
DAY = 24 * 60 * 60 * 1000
# Times are milliseconds by the project's clock, and no value stands in the script.
SCRIPT = """\
function windowOf(event) {
  for (var i = 0; i < params.windows.length; i++) {
    if (event.time >= params.windows[i][0] && event.time < params.windows[i][1]) {
      return i;
    }
  }
  return -1;
}
function main() {
  return Events(params.events)
    .filter(function(event) {
      return event.distinct_id !== undefined && event.distinct_id !== "" &&
        windowOf(event) >= 0;
    })
    .groupByUser([windowOf], mixpanel.reducer.null())
    .groupBy([mixpanel.slice("key", 1)], mixpanel.reducer.count());
}
"""


def script_params(
    named: Sequence[str], where: str, windows: Sequence[Window]
) -> dict[str, object]:
    """Return the values that the script reads.

    >>> from datetime import date
    >>> day = date(1970, 1, 2)
    >>> script_params([], "", [Window(day, day)])["windows"]
    [[86400000, 172800000]]
    """
    events: dict[str, object] = {
        "from_date": min(window.from_date for window in windows).isoformat(),
        "to_date": max(window.to_date for window in windows).isoformat(),
    }
    selectors: list[dict[str, str]] = [{"event": event} for event in named]
    if where:
        selectors = [{**one, "selector": where} for one in selectors or [{}]]
    if selectors:
        events["event_selectors"] = selectors
    spans = [
        [milliseconds(w.from_date), milliseconds(w.to_date) + DAY] for w in windows
    ]
    return {"events": events, "windows": spans}


def milliseconds(day: date) -> int:
    """Return when a day begins by the project's clock, counted from 1970."""
    return (day - date(1970, 1, 1)).days * DAY


def read_rows(
    rows: Sequence[object], windows: Sequence[Window]
) -> BucketCounts | Failure:
    """Read a row for each window in which anybody did anything."""
    counts: dict[date, int] = {}
    for row in rows:
        key = row.get("key") if isinstance(row, Mapping) else None
        value = row.get("value") if isinstance(row, Mapping) else None
        # The documents show the key of one part as a list, and alone.
        number = key[0] if isinstance(key, list) and len(key) == 1 else key
        if not (is_count(number) and number < len(windows) and is_count(value)):
            return Failure("Mixpanel's answer to the JQL script is not as documented")
        start = windows[int(number)].from_date
        if start in counts:
            return Failure("Mixpanel's answer to the JQL script has a window twice")
        counts[start] = int(value)
    starts = tuple(window.from_date for window in windows)
    return BucketCounts(starts, {ANY_EVENT: counts})

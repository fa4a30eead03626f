"""Which calls to Mixpanel a report needs, and what each is for; nothing is asked here.

One call can serve several metrics and both windows, as long as its buckets are the
windows: unique users of a week are never the sum of its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.periods import MONDAY, ReportWindows, Window, month_before
from mixpanel_slack_report.report_file import ReportFile

__all__ = [
    "Buckets",
    "CallCost",
    "call_costs",
    "day_buckets",
    "refuse_too_many_calls",
    "unique_buckets",
]


@dataclass(frozen=True, slots=True)
class Buckets:
    """The days a call covers, and the buckets its answer must come in.

    Attributes:
        from_date: First day asked for.
        to_date: Last day asked for.
        starts: First day of each bucket, in order.
        unit: Length of a bucket, unless ``interval`` says it.
        interval: Length of a bucket in days; None if ``unit`` says it.
    """

    from_date: date
    to_date: date
    starts: tuple[date, ...]
    unit: Literal["day", "week", "month"] = "day"
    interval: int | None = None

    def of(self, window: Window) -> tuple[date, ...]:
        """Return the starts of the buckets that lie in ``window``."""
        first, last = window.from_date, window.to_date
        return tuple(start for start in self.starts if first <= start <= last)


@dataclass(frozen=True, slots=True)
class CallCost:
    """A line of the bill.

    Attributes:
        purpose: What the calls are for.
        calls: How many calls that takes.
    """

    purpose: str
    calls: int


def day_buckets(windows: ReportWindows) -> Buckets:
    """Cover both windows, and any days between them, day by day.

    >>> from mixpanel_slack_report.periods import windows_due
    >>> len(day_buckets(windows_due("daily", date(2026, 11, 16))).starts)
    8
    """
    first, last = windows.compared.from_date, windows.current.to_date
    days = range((last - first).days + 1)
    return Buckets(first, last, tuple(first + timedelta(days=day) for day in days))


def unique_buckets(
    windows: ReportWindows, *, week_start: int = MONDAY
) -> tuple[Buckets, ...]:
    """Choose buckets as long as the windows, so that nobody is counted twice.

    Args:
        windows: The days to report and to compare with.
        week_start: The weekday on which the project's weeks start, Monday being 0.

    Returns:
        One for both windows if a day, a week or a month fits them, or if they are
        equally long and one follows the other; else one for each window.

    >>> from mixpanel_slack_report.periods import windows_due
    >>> (weeks,) = unique_buckets(windows_due("weekly", date(2026, 11, 16)))
    >>> weeks.unit, [start.isoformat() for start in weeks.starts]
    ('week', ['2026-11-02', '2026-11-09'])
    """
    compared, current = windows.compared, windows.current
    if compared.days == current.days == 1:
        return (day_buckets(windows),)
    first, last = compared.from_date, current.to_date
    starts = (first, current.from_date)
    joined = compared.to_date + timedelta(days=1) == current.from_date
    if joined and is_month(compared) and is_month(current):
        return (Buckets(first, last, starts, "month"),)
    if joined and compared.days == current.days:
        if current.days == 7 and current.from_date.weekday() == week_start:
            return (Buckets(first, last, starts, "week"),)
        return (Buckets(first, last, starts, interval=current.days),)
    return tuple(
        Buckets(
            window.from_date, window.to_date, (window.from_date,), interval=window.days
        )
        for window in (current, compared)
    )


def is_month(window: Window) -> bool:
    """Whether a window is a calendar month."""
    return month_before(window.to_date + timedelta(days=1)) == window


def call_costs(report_file: ReportFile, windows: ReportWindows) -> tuple[CallCost, ...]:
    """List what a report will ask Mixpanel.

    >>> from mixpanel_slack_report.periods import windows_due
    >>> weekly = windows_due("weekly", date(2026, 11, 16))
    >>> [line.calls for line in call_costs(ReportFile(), weekly)]
    [1, 1, 1]
    """
    costs = [CallCost("event names", 1), CallCost("totals and top events", 1)]
    unique = [metric for metric in report_file.metrics if metric.kind == "unique"]
    buckets = unique_buckets(windows, week_start=report_file.week_start)
    if unique and buckets[0].interval is None:
        costs.append(CallCost("unique users", 1))
    elif unique:
        costs += [
            CallCost(f"unique users of {events[0]!r}", len(buckets))
            for events in dict.fromkeys(metric.events for metric in unique)
        ]
    return tuple(costs)


def refuse_too_many_calls(report_file: ReportFile, windows: ReportWindows) -> None:
    """Refuse a report that needs more calls than the file allows.

    Raises:
        SettingsError: With the cost of each line.
    """
    costs = call_costs(report_file, windows)
    needed = sum(line.calls for line in costs)
    if needed > report_file.max_calls:
        bill = ", ".join(f"{line.purpose} {line.calls}" for line in costs)
        message = (
            f"the {windows.period} report needs {needed} calls, max_calls allows "
            f"{report_file.max_calls} ({bill}); raise max_calls or drop metrics"
        )
        raise SettingsError(message)

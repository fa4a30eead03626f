"""Which calls to Mixpanel a report needs, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_slack_report.collection.buckets import window_buckets
from mixpanel_slack_report.collection.trend_windows import asked_windows
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.report_file import ReportFile

__all__ = [
    "CallCost",
    "call_costs",
    "refuse_too_many_calls",
]


@dataclass(frozen=True, slots=True)
class CallCost:
    """A line of the bill.

    Attributes:
        purpose: What the calls are for.
        calls: How many calls that takes.
    """

    purpose: str
    calls: int


def call_costs(report_file: ReportFile, windows: ReportWindows) -> tuple[CallCost, ...]:
    """List what a report will ask Mixpanel.

    >>> from datetime import date
    >>> from mixpanel_slack_report.periods import windows_due
    >>> weekly = windows_due("weekly", date(2026, 11, 16))
    >>> [line.calls for line in call_costs(ReportFile(), weekly)]
    [1, 1, 1]
    """
    costs = [CallCost("event names", 1), CallCost("totals and top events", 1)]
    unique = [metric for metric in report_file.metrics if metric.kind == "unique"]
    asked = asked_windows(windows)
    buckets = window_buckets(asked, week_start=report_file.week_start)
    if unique and buckets[0].interval is None:
        costs.append(CallCost("unique users", 1))
    elif unique:
        costs += [
            CallCost(f"unique users of {events[0]!r}", len(buckets))
            for events in dict.fromkeys(metric.events for metric in unique)
        ]
    return tuple(costs)


def refuse_too_many_calls(report_file: ReportFile, windows: ReportWindows) -> int:
    """Refuse a report that needs more calls than the file allows; else count them.

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
    return needed

"""The windows before the reported one, which the same calls ask for."""

from __future__ import annotations

from datetime import date

from mixpanel_slack_report.periods import ReportWindows, Window, month_before

__all__ = ["TREND_WINDOWS", "asked_windows", "trend_windows"]

TREND_WINDOWS = 8
# Mixpanel refuses years before 2000 as bad ones, and with them the whole question.
FIRST_DAY = date(2000, 1, 1)


def trend_windows(windows: ReportWindows) -> tuple[Window, ...]:
    """Return the windows of a trend, oldest first; the last is the reported one.

    A daily report has 8 days, a weekly 8 weeks, a bi-weekly 8 fortnights, a monthly 8
    months, as far as the calendar goes back; custom days have no trend, but the two
    windows that are compared.

    >>> from mixpanel_slack_report.periods import windows_due
    >>> months = trend_windows(windows_due("monthly", date(2026, 11, 1)))
    >>> len(months), months[0].from_date.isoformat()
    (8, '2026-03-01')
    """
    if windows.period == "custom":
        return windows.compared, windows.current
    found = [windows.current]
    while len(found) < TREND_WINDOWS:
        latest = found[-1]
        if (latest.from_date - FIRST_DAY).days < latest.days:
            break
        is_monthly = windows.period == "monthly"
        found.append(
            month_before(latest.from_date)
            if is_monthly
            else latest.shifted(-latest.days)
        )
    return tuple(reversed(found))


def asked_windows(windows: ReportWindows) -> tuple[Window, ...]:
    """Return the windows of the trend and the one compared with, oldest first."""
    asked = {*trend_windows(windows), windows.compared}
    return tuple(sorted(asked, key=lambda window: window.from_date))

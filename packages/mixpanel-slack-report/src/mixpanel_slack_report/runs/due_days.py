"""Whether a scheduled report is due, on the day of the run."""

from __future__ import annotations

from datetime import date, timedelta

from mixpanel_slack_report.calendar import skip_reason
from mixpanel_slack_report.periods import latest_due
from mixpanel_slack_report.runs.job import Job

__all__ = ["reason_not_due"]


def reason_not_due(job: Job) -> str:
    """Say why a report is not due; empty if it is.

    A bi-weekly report is due on its own day only, as a schedule runs it each week. The
    others are due on any day, on which they report what was due last.

    Raises:
        SettingsError: If the calendar of holidays is not to be had.
    """
    period = job.windows.period
    if period == "custom":
        return ""
    due = day_of_run(job)
    if period == "biweekly" and due != job.due:
        return f"the biweekly report is due on {due + timedelta(days=14)}"
    skipped = skip_reason(job.report_file.calendar, period, due)
    return skipped and f"the {period} report is skipped: {skipped}"


def day_of_run(job: Job) -> date:
    """Return the latest day on which the report was due."""
    return latest_due(
        job.windows.period,
        job.due,
        week_start=job.report_file.week_start,
        biweekly_anchor=job.report_file.biweekly_anchor,
    )

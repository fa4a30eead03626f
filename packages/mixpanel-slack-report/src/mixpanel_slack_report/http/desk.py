"""Fills orders: makes the report as the commands do, and posts it as ``send`` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mixpanel_slack_report.http.filled_orders import FilledOrder
from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment
from mixpanel_slack_report.periods import custom_windows
from mixpanel_slack_report.runs.connection import ask_timezone
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import Job, prepare_job, utc_now
from mixpanel_slack_report.runs.outcome import Outcome
from mixpanel_slack_report.runs.sending import collect_job, send_report
from mixpanel_slack_report.runs.told_timezones import ask_once
from mixpanel_slack_report.views.json_view import report_document

__all__ = ["ReportDesk"]

SENT_BEFORE = "It was sent before, and is not posted again."


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Fills orders, as ``OrderDesk`` says; threads may share it.

    The settings and the report file are read for each order.

    Attributes:
        environ: The environment variables, with those of ``.env``.
        clock: Gives the current time, aware.
    """

    environ: Mapping[str, str] = field(repr=False)
    clock: Callable[[], datetime] = utc_now

    def make(self, order: ReportOrder, *, asked_at: datetime) -> Mapping[str, object]:
        """Make the document of a report, as ``OrderDesk.make`` says."""
        job = self.job_of(order, asked_at=asked_at, to_send=False)
        return report_document(collect_job(job, clock=self.clock))

    def send(
        self, order: ReportOrder, *, asked_at: datetime, trigger: str
    ) -> FilledOrder:
        """Make a report and post it, as ``OrderDesk.send`` says."""
        job = self.job_of(order, asked_at=asked_at, to_send=True)
        with closing(open_ledger(job.settings, self.environ)) as ledger:
            outcome = send_report(job, ledger=ledger, trigger=trigger, clock=self.clock)
        report = outcome.report
        sent_before = report is None and not outcome.errors
        return FilledOrder(
            None if report is None else report_document(report),
            in_slack=bool(outcome.posted) or sent_before,
            lines=(SENT_BEFORE,) if sent_before else told(outcome),
            errors=outcome.errors,
        )

    def hide(self, text: str) -> str:
        """Take the secrets of the environment out of a text."""
        return mask_secrets(text, secrets_in_environment(self.environ))

    def job_of(self, order: ReportOrder, *, asked_at: datetime, to_send: bool) -> Job:
        """Work out the days of an order in the project's timezone.

        Raises:
            SettingsError: With everything that is missing or wrong.
            WindowError: If the days cannot be reported.
        """
        # A count of days ends where a daily report does.
        period = order.period if order.last_days is None else "daily"
        job = prepare_job(
            DaysAsked(period, None, order.from_date, order.to_date),
            self.environ,
            to_send=to_send,
            now=asked_at,
            events=order.events,
            # An order that is taken up again has to be for the same days.
            ask=ask_once(self.environ, self.clock) if to_send else ask_timezone,
        )
        if order.last_days is None:
            return job
        last = job.windows.current.to_date
        first = last - timedelta(days=order.last_days - 1)
        return replace(job, windows=custom_windows(first, last))


def told(outcome: Outcome) -> tuple[str, ...]:
    """List what went as it should, and what is missing."""
    return (*outcome.notices, *outcome.missing)

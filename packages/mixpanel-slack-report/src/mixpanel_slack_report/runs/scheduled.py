"""A run as a schedule or a command starts it, from the environment to its outcome.

Nobody may be watching, so a failure is told to the channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime

from mixpanel_slack_report.exceptions import LedgerError, SettingsError
from mixpanel_slack_report.failure_notice.notifying import (
    notify_failure,
    settings_to_notify,
)
from mixpanel_slack_report.ledger.entries import Ledger
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import Job, Telling, prepare_job, quietly, utc_now
from mixpanel_slack_report.runs.outcome import Outcome
from mixpanel_slack_report.runs.sending import send_report
from mixpanel_slack_report.runs.told_timezones import ask_once

__all__ = ["send_scheduled"]


def send_scheduled(
    days: DaysAsked,
    environ: Mapping[str, str],
    *,
    events: Sequence[str] = (),
    force: bool = False,
    telling: Telling = quietly,
    clock: Callable[[], datetime] = utc_now,
    due: datetime | None = None,
) -> Outcome:
    """Prepare a report, send it, and tell the channel if that fails.

    Args:
        days: The days as a command or a schedule names them.
        environ: The variables.
        events: Events to count, in place of the metrics of the report file.
        force: Whether to post though it was posted, or may have been.
        telling: Gives whom to tell of each question.
        clock: Gives the current time, with its timezone.
        due: The moment whose report it is, where a run may be late; None for now.

    Raises:
        WindowError: If the days are the wrong way round, or not over.
        Exception: What nobody foresaw; the channel is told that there was something.
    """
    try:
        # Whether a bi-weekly report is due, and needs a webhook, is known later only.
        job = prepare_job(
            days,
            environ,
            to_send=days.period != "biweekly",
            now=due or clock(),
            events=events,
            ask=ask_once(environ, clock),
        )
        ledger = open_ledger(job.settings, environ, clock=clock)
    except LedgerError as error:
        return Outcome(errors=(error,))
    except SettingsError as error:
        notices = notices_of_settings(error, days.period, environ, clock, events=events)
        return Outcome(errors=(error,), notices=notices)
    with closing(ledger):
        try:
            outcome = send_report(
                job, ledger=ledger, force=force, telling=telling, clock=clock
            )
        except Exception as error:
            notices_of((error,), job, ledger, clock)
            raise
        return outcome.with_notices(notices_of(outcome.errors, job, ledger, clock))


def notices_of(
    errors: Sequence[Exception],
    job: Job,
    ledger: Ledger,
    clock: Callable[[], datetime],
) -> tuple[str, ...]:
    """Tell the channels of each error; say what became of that."""
    return tuple(
        sentence
        for error in errors
        for sentence in notify_failure(
            error,
            report=job.windows.period,
            window=job.windows.current,
            today=clock().date(),
            settings=job.settings,
            ledger=ledger,
            timezone=job.timezone,
            source=job.source,
            events=job.events,
        )
    )


def notices_of_settings(
    error: SettingsError,
    report: str,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    events: Sequence[str],
) -> tuple[str, ...]:
    """Tell the channels of settings that are wrong, if those for a notice are not."""
    settings = settings_to_notify(environ)
    if settings is None:
        return ()
    try:
        ledger = open_ledger(settings, environ, clock=clock)
    except (LedgerError, SettingsError):
        return ()
    with closing(ledger):
        return notify_failure(
            error,
            report=report,
            window=None,
            today=clock().date(),
            settings=settings,
            ledger=ledger,
            events=events,
        )

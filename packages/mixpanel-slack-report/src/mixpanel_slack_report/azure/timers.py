"""What the timers of a function app run.

A timer may fire late, or twice: the report is that of the moment it was due, and the
ledger keeps it from being sent again.
https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from mixpanel_slack_report.exceptions import MixpanelSlackReportError

if TYPE_CHECKING:
    from mixpanel_slack_report.runs.outcome import Outcome

__all__ = ["latest_firing", "run_timer"]

LOG = logging.getLogger("mixpanel_slack_report")
# A timer may fire a little before its time.
EARLY = timedelta(minutes=1)


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(timezone.utc)


def run_timer(
    period: str,
    schedule: str,
    *,
    environ: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Send the report that a timer is due to send.

    Args:
        period: ``"daily"``, ``"weekly"``, ``"biweekly"`` or ``"monthly"``.
        schedule: The timer's schedule, which says for which moment it fires.
        environ: The variables; None for those of this process.
        clock: Gives the current time in UTC.

    Raises:
        MixpanelSlackReportError: If a channel did not get it, or may not have got it;
            the channel is told, once. The retry policy of the function runs it again;
            the ledger has what was posted, or may have been, left alone.
    """
    from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment
    from mixpanel_slack_report.runs.job import own_environment

    variables = own_environment() if environ is None else environ
    secrets = secrets_in_environment(variables)
    errors: tuple[MixpanelSlackReportError, ...]
    try:
        outcome = send(period, latest_firing(schedule, clock()), variables, clock)
        errors = outcome.errors
        for line in (*outcome.notices, *outcome.missing):
            LOG.info("%s report: %s", period, mask_secrets(line, secrets))
    except MixpanelSlackReportError as error:
        errors = (error,)
    if errors:
        said = "; ".join(mask_secrets(str(error), secrets) for error in errors)
        raise MixpanelSlackReportError(f"{period} report: {said}")


def send(
    period: str,
    due: datetime,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
) -> Outcome:
    """Send the report of a moment, as ``send`` does."""
    from mixpanel_slack_report.runs.days import DaysAsked
    from mixpanel_slack_report.runs.scheduled import send_scheduled

    days = DaysAsked(period, None, None, None)
    return send_scheduled(days, environ, clock=clock, due=due)


def latest_firing(schedule: str, now: datetime) -> datetime:
    """Return the moment for which a timer fires that fires now, be it late.

    >>> latest_firing("0 0 9 * * 1", datetime(2026, 11, 24, 1, tzinfo=timezone.utc))
    datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.timezone.utc)
    """
    from cronsim import CronSim

    latest = now.astimezone(timezone.utc) + EARLY
    # The search goes back from before the moment that it is given.
    wall = latest.replace(tzinfo=None, microsecond=0) + timedelta(seconds=1)
    found: datetime = next(CronSim(schedule, wall, reverse=True))
    return found.replace(tzinfo=timezone.utc)

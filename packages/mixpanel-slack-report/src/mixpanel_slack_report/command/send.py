"""``mixpanel-slack-report send``: the report, posted to Slack."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from mixpanel_slack_report.command.options import days_options, write_output
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.periods import latest_due

if TYPE_CHECKING:
    from mixpanel_slack_report.runs.job import Job

__all__ = ["send"]


@click.command()
@days_options
@click.option(
    "--dry-run", is_flag=True, help="Print the message as JSON instead of posting it."
)
def send(
    *,
    period: str,
    due: date | None,
    from_date: date | None,
    to_date: date | None,
    dry_run: bool,
) -> int:
    """Post the report of PERIOD to Slack.

    PERIOD is daily, weekly, biweekly, monthly or custom. The days follow from the day
    the report is due, so that a late run reports the same days. A bi-weekly report
    that is not due is not sent.

    \b
    Examples:
      mixpanel-slack-report send weekly
      mixpanel-slack-report send daily --date 2026-11-16
      mixpanel-slack-report send weekly --dry-run
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.runs.days import DaysAsked

    days = DaysAsked(period, due, from_date, to_date)
    from mixpanel_slack_report.command.progress import telling
    from mixpanel_slack_report.runs.job import prepare_job, run_job

    # Whether a bi-weekly report is due, and needs a webhook, is known after this only.
    job = prepare_job(days, to_send=not dry_run and period != "biweekly")
    next_due = biweekly_wait(job)
    if next_due:
        click.echo(f"Nothing sent: the biweekly report is due on {next_due}.", err=True)
        return 0
    webhook_url = "" if dry_run else job.settings.webhook()
    report = run_job(job, telling=telling)
    if not report.has_numbers:
        reason = f"nothing was sent, as no number could be had. {report.missing[0]}"
        raise CollectionError(reason)
    from mixpanel_slack_report.slack.blocks import build_message

    message = build_message(report)
    for sentence in report.missing:
        click.echo(sentence, err=True)
    if dry_run:
        write_output(json.dumps(asdict(message), indent=2) + "\n", None)
        return 0
    from mixpanel_slack_report.slack.webhook import post_message

    post_message(message, webhook_url)
    window = job.windows.current
    # A line that nobody takes does not undo the post: whoever sees a failure repeats.
    with suppress(OSError):
        click.echo(f"Sent the {period} report {window.from_date} to {window.to_date}.")
    return 0 if report.is_whole else 3


def biweekly_wait(job: Job) -> date | None:
    """Return when a bi-weekly report is due next; None if it, or another, is due."""
    if job.windows.period != "biweekly":
        return None
    latest = latest_due(
        "biweekly", job.due, biweekly_anchor=job.report_file.biweekly_anchor
    )
    return None if latest == job.due else latest + timedelta(days=14)

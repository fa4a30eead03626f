"""``mixpanel-slack-report send``: the report, posted to Slack."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_slack_report.command.options import (
    days_options,
    events_option,
    write_output,
)
from mixpanel_slack_report.command.tracebacks import Wishes, tell_error

if TYPE_CHECKING:
    from mixpanel_slack_report.runs.job import Job
    from mixpanel_slack_report.runs.outcome import Outcome

__all__ = ["send"]


@click.command()
@days_options
@events_option
@click.option(
    "--dry-run", is_flag=True, help="Print the message as JSON instead of posting it."
)
@click.option(
    "--force",
    is_flag=True,
    help="Post though it was posted before, or may have been.",
)
def send(
    *,
    period: str | None,
    due: date | None,
    from_date: date | None,
    to_date: date | None,
    events: tuple[str, ...],
    dry_run: bool,
    force: bool,
) -> int:
    """Post the report of PERIOD to Slack, at most once.

    PERIOD is daily, weekly, biweekly, monthly or custom, which may be left out. The
    days follow from the day the report is due, so that a late run reports the same
    days. A bi-weekly report that is not due is not sent, nor is one that was sent, or
    may have been: see --force.

    \b
    Examples:
      mixpanel-slack-report send weekly
      mixpanel-slack-report send daily --date 2026-11-16
      mixpanel-slack-report send --from 2026-11-01 --to 2026-11-10 --events "Sign Up"
      mixpanel-slack-report send weekly --dry-run
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.runs.days import DaysAsked

    days = DaysAsked.named(period, due, from_date, to_date)
    from mixpanel_slack_report.command.progress import telling
    from mixpanel_slack_report.runs.job import own_environment, prepare_job, utc_now
    from mixpanel_slack_report.runs.scheduled import send_scheduled

    environ = own_environment()
    if dry_run:
        now = utc_now()
        return show_message(
            prepare_job(days, environ, to_send=False, now=now, events=events)
        )
    outcome = send_scheduled(days, environ, events=events, force=force, telling=telling)
    return tell(outcome, click.get_current_context().obj)


def show_message(job: Job) -> int:
    """Print the message that would be posted, and what is missing in it.

    Raises:
        CollectionError: If there is nothing to post.
    """
    import json

    from mixpanel_slack_report.command.progress import telling
    from mixpanel_slack_report.runs.due_days import reason_not_due
    from mixpanel_slack_report.runs.sending import collect_job
    from mixpanel_slack_report.slack.blocks import build_message

    reason = reason_not_due(job)
    if reason:
        click.echo(f"Nothing sent: {reason}.", err=True)
        return 0
    report = collect_job(job, telling=telling)
    for sentence in report.missing:
        click.echo(sentence, err=True)
    payload = build_message(report).payload()
    write_output(json.dumps(payload, indent=2) + "\n", None)
    return 0


def tell(outcome: Outcome, wishes: Wishes | None) -> int:
    """Print what became of a run: what was sent on stdout, all else on stderr."""
    for error in outcome.errors:
        tell_error(error, wishes)
    for sentence in outcome.missing:
        click.echo(sentence, err=True)
    # A line that nobody takes does not undo the post: whoever sees a failure repeats.
    with suppress(OSError):
        for sentence in outcome.notices:
            click.echo(sentence, err=not sentence.startswith("Sent "))
    return outcome.exit_code

"""``mixpanel-slack-report preview``: the report, without sending it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mixpanel_slack_report.command.options import (
    days_options,
    events_option,
    printing,
    write_output,
)

__all__ = ["preview"]


@click.command()
@days_options
@events_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "url"]),
    default="text",
    show_default=True,
    help="How to show it; url is a link to Slack's Block Kit Builder.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; stdout if left out.",
)
def preview(
    *,
    period: str | None,
    due: date | None,
    from_date: date | None,
    to_date: date | None,
    events: tuple[str, ...],
    form: str,
    output: Path | None,
) -> int:
    """Show the report of PERIOD; nothing is sent.

    PERIOD is daily, weekly, biweekly, monthly or custom. No webhook is needed. The
    days follow from the day the report is due; a bi-weekly report that is not due is
    the latest one.

    \b
    Examples:
      mixpanel-slack-report preview weekly
      mixpanel-slack-report preview monthly --date 2026-11-01 --format json
      mixpanel-slack-report preview custom --from 2026-11-01 --to 2026-11-10
      mixpanel-slack-report preview daily --format html -o report.html
      mixpanel-slack-report preview weekly --format url
      mixpanel-slack-report preview weekly --events "Sign Up,Purchase"
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.runs.days import DaysAsked

    days = DaysAsked.named(period, due, from_date, to_date)
    from mixpanel_slack_report.command.progress import telling
    from mixpanel_slack_report.runs.job import (
        own_environment,
        prepare_job,
        run_job,
        utc_now,
    )

    job = prepare_job(
        days, own_environment(), to_send=False, now=utc_now(), events=events
    )
    report = run_job(job, telling=telling)
    if form == "json":
        from mixpanel_slack_report.views.json_view import render_json

        write_output(render_json(report), output)
    elif form == "html":
        from mixpanel_slack_report.views.html_view import render_html

        write_output(render_html(report), output)
    elif form == "url":
        from mixpanel_slack_report.views.builder_url import builder_url

        link = builder_url(report)
        write_output(f"{link.url}\n", output)
        if link.remark:
            click.echo(f"Note: {link.remark}.", err=True)
    else:
        from mixpanel_slack_report.views.text_view import print_report, render_text

        if output is None:
            with printing():
                print_report(report)
        else:
            write_output(render_text(report), output)
    if not report.has_numbers:
        click.echo(f"Error: no number could be had. {report.missing[0]}", err=True)
        return 1
    return 0

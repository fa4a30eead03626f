"""``mixpanel-slack-report demo``: the whole way on one machine."""

from __future__ import annotations

import os
from pathlib import Path

import click

__all__ = ["demo"]


@click.command()
@click.option(
    "--html",
    "html",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="File for the report as Slack would show it.",
)
def demo(html: Path) -> int:
    """Report sample data to a stand-in for Slack; no account is needed.

    \b
    Example:
      pip install 'mixpanel-slack-report[demo]'
      mixpanel-slack-report demo --html report.html
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.command.options import printing, write_output
    from mixpanel_slack_report.demo import demonstrate
    from mixpanel_slack_report.runs.job import utc_now
    from mixpanel_slack_report.settings import check_certificates
    from mixpanel_slack_report.views.html_view import render_html
    from mixpanel_slack_report.views.text_view import print_report

    check_certificates(os.environ)
    click.echo("Starting a local Mixpanel project with sample data …", err=True)
    shown = demonstrate(utc_now)
    click.echo("Slack's stand-in took the message over HTTP:\n", err=True)
    write_output(render_html(shown.report), html)
    with printing():
        print_report(shown.report)
        click.echo(f"\nOpen {html.resolve()} to see it as Slack would show it.")
    return 0

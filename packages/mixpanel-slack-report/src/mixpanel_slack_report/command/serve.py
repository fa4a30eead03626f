"""``mixpanel-slack-report serve``: the HTTP endpoints."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from mixpanel_slack_report.exceptions import SettingsError

if TYPE_CHECKING:
    from mixpanel_slack_report.settings import Settings

__all__ = ["serve"]


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; any but this machine's own needs REPORT_KEY.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=7071,
    show_default=True,
    help="Port to listen at; 0 takes any free one.",
)
def serve(*, host: str, port: int) -> int:
    """Serve the HTTP endpoints until Ctrl-C; needs the extra serve.

    /api/CustomReport makes a report and posts it, /api/SlackCommand answers a slash
    command of Slack, /api/health says when each report was last sent. REPORT_KEY is
    the key that /api/CustomReport asks for, SLACK_SIGNING_SECRET that of the Slack
    app. Each request is a line on standard error.

    \b
    Examples:
      pip install 'mixpanel-slack-report[serve]'
      mixpanel-slack-report serve
      curl 'http://localhost:7071/api/CustomReport?period=weekly&send_slack=false'
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.http.report_server import check_host, report_application
    from mixpanel_slack_report.http.web_server import make_server
    from mixpanel_slack_report.runs.job import own_environment
    from mixpanel_slack_report.settings import read_settings

    environ = own_environment()
    settings = read_settings(environ, to_send=False)
    check_host(host, settings)
    with report_application(settings, environ, log=tell) as application:
        server = make_server(application, host=host, port=port)
        for line in greeting(settings):
            click.echo(line, err=True)
        click.echo(f"Serving at {server.address}; Ctrl-C stops.", err=True)
        with stopped_by_term():
            server.run()
        click.echo("Stopping.", err=True)
    return 0


def tell(line: str) -> None:
    """Write a line of the log; a log that nobody takes stops nothing."""
    from mixpanel_slack_report.runs.job import utc_now

    with suppress(OSError):
        click.echo(f"{utc_now():%Y-%m-%dT%H:%M:%SZ} {line}", err=True)


def greeting(settings: Settings) -> Iterator[str]:
    """Say what is not served for want of a setting."""
    if settings.report_key is None:
        yield "REPORT_KEY is not set: only programs of this machine are answered."
    try:
        settings.check_posting()
    except SettingsError as error:
        yield f"{error}: reports are made, and not posted."
    if settings.signing_secret is None:
        yield "SLACK_SIGNING_SECRET is not set: slash commands are refused."


@contextmanager
def stopped_by_term() -> Iterator[None]:
    """Let SIGTERM stop the server as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

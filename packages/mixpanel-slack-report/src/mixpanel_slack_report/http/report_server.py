"""All of ``serve`` in one process: the endpoints, and the worker behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.http.custom_report import CustomReport
from mixpanel_slack_report.http.desk import ReportDesk
from mixpanel_slack_report.http.health import Health
from mixpanel_slack_report.http.mishaps import mishap_line
from mixpanel_slack_report.http.report_key import LOOPBACK_HOSTS
from mixpanel_slack_report.http.routes import Route, answer_request
from mixpanel_slack_report.http.slack_command import SlackCommand, response_hosts
from mixpanel_slack_report.http.slack_work import SlackWork
from mixpanel_slack_report.http.slack_worker import SlackWorker
from mixpanel_slack_report.http.sqlite_queue import SqliteWorkQueue
from mixpanel_slack_report.http.web_server import at_most
from mixpanel_slack_report.http.work import WorkInbox
from mixpanel_slack_report.http.wsgi import wsgi_application
from mixpanel_slack_report.ledger.opening import ledger_path, open_ledger
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.runs.job import utc_now
from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.slack.response_url import reply_to

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["check_host", "queue_path", "report_application"]


@contextmanager
def report_application(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    log: Callable[[str], None],
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[WSGIApplication]:
    """Give the application; its worker runs until the block ends.

    Args:
        settings: What the environment says.
        environ: The environment variables, with those of ``.env``.
        log: Is told one line a request, and what the worker does.
        clock: Gives the current time, aware.

    Raises:
        LedgerError: If the ledger cannot be used.
    """
    desk = ReportDesk(environ, clock)

    def log_hidden(line: str) -> None:
        log(desk.hide(line))

    with closing(open_ledger(settings, environ)) as ledger:
        ledger.last_sent()
    work = SlackWork(desk, reply_to, clock, log_hidden)
    queue = SqliteWorkQueue(queue_path(settings, environ), clock)
    with SlackWorker(queue, work, log=log_hidden) as worker:
        answer = partial(
            answer_request,
            routes=routes_of(settings, environ, desk, worker),
            report_key=settings.report_key,
            note=lambda error: log_hidden(mishap_line(error)),
        )
        yield wsgi_application(answer, log=log_hidden)


def routes_of(
    settings: Settings, environ: Mapping[str, str], desk: ReportDesk, inbox: WorkInbox
) -> tuple[Route, ...]:
    """List the endpoints."""
    report = CustomReport(desk, desk.clock, lambda: uuid4().hex)
    command = SlackCommand(
        settings.signing_secret,
        inbox,
        desk.clock,
        response_hosts(settings.slack_api_url),
    )
    health = Health(partial(open_ledger, settings, environ))
    return (
        Route(
            "/api/CustomReport",
            ("GET", "POST"),
            at_most(report.answer),
            needs_key=True,
        ),
        Route("/api/SlackCommand", ("POST",), command.answer),
        Route("/api/health", ("GET", "HEAD"), health.answer),
    )


def queue_path(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return the ledger's file; if the ledger is elsewhere, the one it would have."""
    ledger = open_ledger(settings, environ)
    ledger.close()
    if isinstance(ledger, SqliteLedger):
        return ledger.path
    return ledger_path("", environ)


def check_host(host: str, settings: Settings) -> None:
    """Refuse to be reached from elsewhere without a key.

    Raises:
        SettingsError: If there is no key, and the host is not this machine only.
    """
    if settings.report_key is None and host not in LOOPBACK_HOSTS:
        message = "REPORT_KEY is not set, and without it only 127.0.0.1 is served; "
        raise SettingsError(f"{message}set it, or leave out --host")

"""What the HTTP functions and the queue of a function app run.

Everything is imported where it is used: Slack waits three seconds for the answer to a
slash command, and an app that just woke has to import what answers it.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

if TYPE_CHECKING:
    import azure.functions as func

    from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest
    from mixpanel_slack_report.http.work import WorkItem
    from mixpanel_slack_report.ledger.entries import Ledger

__all__ = ["custom_report", "health", "slack_command", "slack_command_work"]

LOG = logging.getLogger("mixpanel_slack_report")


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(timezone.utc)


def custom_report(request: func.HttpRequest) -> func.HttpResponse:
    """Make a report, post it unless asked not to, and answer with its document.

    The host has checked the function key.
    """
    from mixpanel_slack_report.http.custom_report import CustomReport
    from mixpanel_slack_report.http.desk import ReportDesk

    desk = ReportDesk(environment())
    endpoint = CustomReport(desk, utc_now, lambda: uuid4().hex)
    return carried(endpoint.answer, request)


def slack_command(request: func.HttpRequest, work: func.Out[str]) -> func.HttpResponse:
    """Check that Slack asks, answer, and hand the work to the queue."""
    from mixpanel_slack_report.http.slack_command import SlackCommand, response_hosts

    secret = environment().get("SLACK_SIGNING_SECRET", "").strip() or None
    hosts = response_hosts(environment().get("SLACK_API_URL", "").strip() or None)
    endpoint = SlackCommand(secret, QueueOutput(work), utc_now, hosts)
    return carried(endpoint.answer, request)


def slack_command_work(message: func.QueueMessage) -> None:
    """Make the report that a slash command asked for, and tell who asked."""
    from mixpanel_slack_report.http.desk import ReportDesk
    from mixpanel_slack_report.http.slack_work import SlackWork
    from mixpanel_slack_report.http.work import read_item
    from mixpanel_slack_report.slack.response_url import reply_to

    try:
        item = read_item(message.get_body().decode())
    except ValueError as error:
        # Another try would read the same.
        LOG.error("slash command: %s", error)
        return
    work = SlackWork(ReportDesk(environment()), reply_to, utc_now, LOG.info)
    work.do(item, tries=message.dequeue_count or 1)


def health(request: func.HttpRequest) -> func.HttpResponse:
    """Say when each report was last sent."""
    from mixpanel_slack_report.http.health import Health
    from mixpanel_slack_report.ledger.opening import open_ledger
    from mixpanel_slack_report.settings import read_settings

    environ = environment()

    def opened() -> Ledger:
        return open_ledger(read_settings(environ, to_send=False), environ)

    return carried(Health(opened).answer, request)


class QueueOutput:
    """Hands work to the output binding of a queue, for one invocation."""

    def __init__(self, out: func.Out[str]) -> None:
        self.out = out

    def put(self, item: WorkItem) -> None:
        """Have the host put an item into the queue once the function has answered."""
        from mixpanel_slack_report.http.work import write_item

        self.out.set(write_item(item))


def environment() -> Mapping[str, str]:
    """Return the app settings."""
    return os.environ


def carried(
    answer: Callable[[HttpRequest], HttpAnswer], request: func.HttpRequest
) -> func.HttpResponse:
    """Answer a request of Azure with an endpoint."""
    import azure.functions as func

    from mixpanel_slack_report.http.exchange import HttpRequest
    from mixpanel_slack_report.http.routes import guarded

    parts = urlsplit(request.url)
    asked = HttpRequest(
        method=request.method.upper(),
        path=parts.path,
        query=without_code(parts.query),
        headers=dict(request.headers),
        body=request.get_body(),
    )
    answered = guarded(answer, asked, note=partial(note_error, dict(environment())))
    return func.HttpResponse(
        answered.body,
        status_code=answered.status,
        headers=dict(answered.headers),
        mimetype=answered.headers.get("Content-Type"),
    )


def without_code(query: str) -> str:
    """Return a query without the function key, which is none of ours.

    >>> without_code("code=abc&period=weekly")
    'period=weekly'
    """
    kept = [part for part in query.split("&") if not part.lower().startswith("code=")]
    return "&".join(kept)


def note_error(environ: Mapping[str, str], error: Exception) -> None:
    """Log an error that nobody foresaw, without secrets."""
    from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment

    lines = "".join(traceback.format_exception(error))
    LOG.error("%s", mask_secrets(lines, secrets_in_environment(environ)))

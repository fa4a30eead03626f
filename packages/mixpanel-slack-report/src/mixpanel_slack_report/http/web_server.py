"""The web server of ``serve``: waitress, which comes with the extra ``serve``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["WebServer", "at_most", "make_server"]

INSTALL = "pip install 'mixpanel-slack-report[serve]'"
THREADS = 32
# The rest answers slash commands within Slack's three seconds, whatever hangs.
PLACES_FOR_REPORTS = 24
LARGEST_READ = 1_000_000
# Connections that send nothing are not worked on, but counted: with waitress's own 100,
# and two minutes for each, a few idle clients would keep Slack waiting.
MOST_CONNECTIONS = 500
IDLE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class WebServer:
    """A server that has its port already.

    Attributes:
        address: Where it is reached.
        run: Serves until a KeyboardInterrupt arrives, and then returns.
    """

    address: str
    run: Callable[[], None]


def make_server(application: WSGIApplication, *, host: str, port: int) -> WebServer:
    """Take the port, and make the server.

    Args:
        application: What is served.
        host: The address to listen at.
        port: The port; 0 takes any free one.

    Raises:
        MixpanelSlackReportError: If waitress is not installed, or the port cannot be
            had.
    """
    try:
        create_server = import_module("waitress.server").create_server
    except ModuleNotFoundError as error:
        message = f"serve needs waitress, which is not installed; run {INSTALL}"
        raise MixpanelSlackReportError(message) from error
    # It warns of each request that waits for a moment.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        server = create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST_READ,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 3,
            # Whoever comes through a proxy shows by them; they are not believed.
            clear_untrusted_proxy_headers=False,
            # select() ends at 1,024 files.
            asyncore_use_poll=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot listen at {host}, port {port} ({reason}); give another"
        raise MixpanelSlackReportError(f"{message} --host or --port") from error
    taken = getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    return WebServer(f"http://{shown}:{taken}", server.run)


def at_most(
    answer: Callable[[HttpRequest], HttpAnswer], *, places: int = PLACES_FOR_REPORTS
) -> Callable[[HttpRequest], HttpAnswer]:
    """Let so many requests in at once, and ask the rest to come again.

    Args:
        answer: Answers a request, and may take its time.
        places: How many threads may be in it.
    """
    free = threading.BoundedSemaphore(places)

    def answer_some(request: HttpRequest) -> HttpAnswer:
        if not free.acquire(blocking=False):
            message = f"{places} reports are being made; ask again in a minute"
            document = {"error": message, "slack_sent": False}
            return json_answer(503, document, {"Retry-After": "60"})
        try:
            return answer(request)
        finally:
            free.release()

    return answer_some

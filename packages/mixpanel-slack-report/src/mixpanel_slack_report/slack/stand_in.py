"""A stand-in for Slack's incoming webhooks, on a real socket of this machine.

It refuses what Slack refuses in the shape of a message, as far as Slack documents
it, and keeps what it takes. It is for demonstrations and tests.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

from mixpanel_slack_report.slack.block_rules import message_error

__all__ = ["SlackStandIn"]

PATH = "/services/T00000000/B00000000/standin"
LARGEST_BODY = 1_000_000


class SlackStandIn:
    """A webhook that answers ``ok`` and keeps the messages.

    Attributes:
        messages: The decoded messages that were taken, the oldest first.
        port: The port it listens on; known inside the ``with`` block.

    >>> with SlackStandIn() as slack:
    ...     slack.webhook_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.messages: list[dict[str, Any]] = []
        self.host = host
        self.port = port

    @property
    def webhook_url(self) -> str:
        """The address to post to."""
        return f"http://{self.host}:{self.port}{PATH}"

    def __enter__(self) -> SlackStandIn:
        """Start to listen.

        Raises:
            OSError: If the port is taken.
        """
        messages = self.messages

        class Webhook(WebhookHandler):
            taken = messages

        self.server = ThreadingHTTPServer((self.host, self.port), Webhook)
        self.port = self.server.server_address[1]
        self.thread = Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop to listen and free the port."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class WebhookHandler(BaseHTTPRequestHandler):
    """Answers one post as Slack does.

    Attributes:
        taken: Where messages are kept.
    """

    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        """Take a message, or say why not."""
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(size, LARGEST_BODY))
        if self.path != PATH:
            self.answer(404, "no_service")
            return
        try:
            message = json.loads(body)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self.answer(400, "invalid_payload")
            return
        error = message_error(message)
        if error:
            self.answer(400, error)
            return
        self.taken.append(message)
        self.answer(200, "ok")

    def answer(self, status: int, body: str) -> None:
        """Send a short text."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

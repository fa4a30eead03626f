"""A stand-in for Slack, on a real socket of this machine.

It has an incoming webhook, the methods ``chat.postMessage`` and ``auth.test`` of the
Web API, and an address for replies to a slash command. It refuses what Slack refuses
in the shape of a message, as far as Slack documents it, and keeps what it takes. It is
for demonstrations and tests, which may script its answers.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Collection
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any

from mixpanel_slack_report.slack.scripted_answers import ScriptedAnswer
from mixpanel_slack_report.slack.stand_in_workspace import (
    RESPONSE,
    WEB_API,
    WEBHOOK,
    StandInAnswer,
    StandInPost,
    StandInRequest,
    Workspace,
)

__all__ = ["ScriptedAnswer", "SlackStandIn", "StandInPost"]

LARGEST_BODY = 1_000_000
BOT = "xoxb-stand-in"
# Makes a closed connection end with a reset: linger, for no second.
RESET = struct.pack("ii", 1, 0)


class SlackStandIn(Workspace):
    """A Slack that keeps the messages it takes; any thread may look at them.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 for any that is free.
        bot_token: The token that ``chat.postMessage`` takes.
        channels: The channels that the bot sees; None for all.
        refused_blocks: Types of blocks that it refuses, as if Slack did not know them.

    Attributes:
        posts: The messages that were taken with channel and thread, the oldest first.
        requests: Every request that arrived, whether its message was taken or not.
        answers: What it answers to the next requests, in place of Slack's answers.
        port: The port it listens on; known inside the ``with`` block.

    >>> with SlackStandIn() as slack:
    ...     slack.webhook_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        bot_token: str = BOT,
        channels: Collection[str] | None = None,
        refused_blocks: Collection[str] = (),
    ) -> None:
        super().__init__(
            bot_token=bot_token, channels=channels, refused_blocks=refused_blocks
        )
        self.host = host
        self.port = port
        self.closing = Event()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The decoded messages that were taken, the oldest first."""
        return [post.message for post in self.posts]

    @property
    def webhook_url(self) -> str:
        """The address of the webhook, for ``SLACK_WEBHOOK_URL``."""
        return self.address(WEBHOOK)

    @property
    def api_url(self) -> str:
        """The address of the Web API, for ``SLACK_API_URL``."""
        return self.address(WEB_API)

    @property
    def response_url(self) -> str:
        """The address for replies to a slash command, which takes five."""
        return self.address(RESPONSE)

    def address(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def __enter__(self) -> SlackStandIn:
        """Start to listen.

        Raises:
            OSError: If the port is taken.
        """
        stand_in = self

        class Handler(SlackHandler):
            slack = stand_in

        self.server = ThreadingHTTPServer((self.host, self.port), Handler)
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
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class SlackHandler(BaseHTTPRequestHandler):
    """Answers one request as Slack does, or as it is told to.

    Attributes:
        slack: What it answers for.
    """

    slack: SlackStandIn

    def do_POST(self) -> None:
        """Take a request, and answer it or cut the connection."""
        scripted = self.slack.next_answer()
        request = self.request_read(body=scripted.reset != "before")
        self.slack.requests.append(request)
        if scripted.status is None and not scripted.reset:
            answer = self.slack.answer(request)
        else:
            answer = StandInAnswer(scripted.status or 0, scripted.body)
            if scripted.posted:
                self.slack.keep(request)
        self.slack.closing.wait(scripted.delay)
        if scripted.reset:
            self.reset()
            return
        # Whoever asked may have gone by now.
        with suppress(ConnectionError):
            self.send(answer, scripted)

    def request_read(self, *, body: bool) -> StandInRequest:
        """Read the request, with its body or without."""
        given = self.headers.get("Content-Length", "")
        size = min(int(given), LARGEST_BODY) if given.isdigit() and body else 0
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return StandInRequest(
            path=self.path,
            body=self.rfile.read(size).decode(errors="replace"),
            content_type=self.headers.get_content_type(),
            token=token.strip() if scheme.lower() == "bearer" else "",
        )

    def send(self, answer: StandInAnswer, scripted: ScriptedAnswer) -> None:
        """Send an answer with what was scripted for its head."""
        self.send_response(answer.status)
        for name, value in scripted.headers.items():
            self.send_header(name, value)
        body = answer.body.encode()
        self.send_header("Content-Type", f"{answer.content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """End the connection with a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        socket.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

"""A server of this process that a test asks, and the Slack that it posts to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Condition
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from mixpanel_slack_report.slack.stand_in import SlackStandIn

KEY = "k3y-s3cret"


@dataclass
class Server:
    """A server that runs, and the Slack that it posts to.

    Attributes:
        url: Its address.
        slack: The stand-in for Slack.
        log: The lines of its log.
        grown: Told when the log has another line.
    """

    slack: SlackStandIn
    url: str = ""
    log: list[str] = field(default_factory=list)
    grown: Condition = field(default_factory=Condition)

    def note(self, line: str) -> None:
        """Keep a line of the log."""
        with self.grown:
            self.log.append(line)
            self.grown.notify_all()

    def wait_for(self, start: str) -> str:
        """Wait for a line of the log, and return it."""

        def found() -> list[str]:
            return [line for line in self.log if line.startswith(start)]

        with self.grown:
            assert self.grown.wait_for(found, 60), self.log
        return found()[0]

    def ask(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, object]]:
        """Ask, and return the status and the document."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"{self.url}{path}", body, named)  # noqa: S310 - ours
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def reports(self) -> list[str]:
        """List the first lines of what was posted to the channel."""
        channel = [post for post in self.slack.posts if post.channel != "response"]
        return [post.message["text"].splitlines()[0] for post in channel]

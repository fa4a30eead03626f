"""What a stand-in for Slack knows and keeps, and what it answers; no socket here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

from mixpanel_slack_report.slack.block_rules import message_error
from mixpanel_slack_report.slack.scripted_answers import ScriptedAnswer

__all__ = ["StandInAnswer", "StandInPost", "StandInRequest", "Workspace"]

WEBHOOK = "/services/T00000000/B00000000/standin"
RESPONSE = "/commands/T00000000/1000/standin"
WEB_API = "/api/"
# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
MOST_RESPONSES = 5
TEXT, JSON = "text/html", "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class StandInRequest:
    """A request as it arrived.

    Attributes:
        path: Its path.
        body: Its body as text; empty if the connection is cut before it is read.
        content_type: What kind of document the body is.
        token: The bot's token in its header; empty if there is none.
    """

    path: str
    body: str = ""
    content_type: str = JSON
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StandInAnswer:
    """An answer, before it travels.

    Attributes:
        status: The HTTP status.
        body: The body.
        content_type: What kind of document it is.
    """

    status: int
    body: str
    content_type: str = TEXT


@dataclass(frozen=True, slots=True)
class StandInPost:
    """A message that a stand-in took.

    Attributes:
        message: The decoded message, as it was posted.
        channel: The channel that a bot named; empty for a webhook's only one, and
            ``"response"`` for a reply to a slash command.
        thread: The message that it replies to; empty if it is no reply.
        ts: What names it in its channel.
    """

    message: dict[str, Any]
    channel: str
    thread: str
    ts: str


class Workspace:
    """The state of a stand-in, and how it answers; any thread may use it.

    Attributes:
        bot_token: The token that its methods take.
        channels: The channels that the bot sees, without ``#``; None for all.
        refused_blocks: Types of blocks that it refuses though Slack may take them.
        posts: What was taken, the oldest first.
        requests: What arrived, whether it was taken or not.
        answers: What is to be answered in place of Slack's own answers, in turn.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        channels: Collection[str] | None,
        refused_blocks: Collection[str],
    ) -> None:
        self.bot_token = bot_token
        self.channels = (
            None if channels is None else {name.removeprefix("#") for name in channels}
        )
        self.refused_blocks = frozenset(refused_blocks)
        self.posts: list[StandInPost] = []
        self.requests: list[StandInRequest] = []
        self.answers: deque[ScriptedAnswer] = deque()
        self.lock = Lock()

    def next_answer(self) -> ScriptedAnswer:
        """Take what is to be answered next; without a status if that is Slack's."""
        with self.lock:
            return self.answers.popleft() if self.answers else ScriptedAnswer()

    def answer(self, request: StandInRequest) -> StandInAnswer:
        """Answer as Slack would, and keep the message if it is taken."""
        if request.path == WEBHOOK:
            return self.webhook(request)
        if request.path == RESPONSE:
            return self.response(request)
        if request.path.startswith(WEB_API):
            return self.method(request)
        return StandInAnswer(404, "no_service")

    def keep(self, request: StandInRequest) -> None:
        """Post the message of a request, whatever is answered."""
        message = decoded(request)
        if message is not None:
            self.post(message, channel=str(message.get("channel", "")))

    def webhook(self, request: StandInRequest) -> StandInAnswer:
        """Answer a post to the webhook."""
        message = decoded(request)
        if message is None:
            return StandInAnswer(400, "invalid_payload")
        error = self.error_in(message)
        if error:
            return StandInAnswer(400, error)
        self.post(message, channel="")
        return StandInAnswer(200, "ok")

    def response(self, request: StandInRequest) -> StandInAnswer:
        """Answer a reply to a slash command, of which there are five at most."""
        message = decoded(request)
        if message is None:
            return StandInAnswer(400, "invalid_payload")
        with self.lock:
            used = sum(post.channel == "response" for post in self.posts)
        error = "used_url" if used >= MOST_RESPONSES else self.error_in(message)
        if error:
            body = json.dumps({"ok": False, "error": error})
            return StandInAnswer(404 if error == "used_url" else 400, body, JSON)
        self.post(message, channel="response")
        return StandInAnswer(200, "ok")

    def method(self, request: StandInRequest) -> StandInAnswer:
        """Answer a method of the Web API: an error has the status 200 too."""
        arguments = decoded(request) or {}
        token = request.token or str(arguments.pop("token", ""))
        name = request.path.removeprefix(WEB_API)
        if name not in {"auth.test", "chat.postMessage"}:
            return a_no("unknown_method")
        if token != self.bot_token:
            return a_no("invalid_auth" if token else "not_authed")
        if name == "auth.test":
            return a_yes(
                url="https://stand-in.slack.com/",
                team="Stand-in",
                user="reports",
                team_id="T00000000",
                user_id="U00000000",
                bot_id="B00000000",
            )
        return self.post_message(arguments)

    def post_message(self, arguments: dict[str, Any]) -> StandInAnswer:
        """Answer ``chat.postMessage``."""
        channel = str(arguments.get("channel", ""))
        known = self.channels is None or channel.removeprefix("#") in self.channels
        if not channel or not known:
            return a_no("channel_not_found")
        error = self.error_in(arguments)
        if error:
            return a_no(error)
        post = self.post(arguments, channel=channel)
        return a_yes(channel=channel, ts=post.ts, message=arguments)

    def error_in(self, message: dict[str, Any]) -> str:
        """Return Slack's error code for a message; "" if it is good."""
        error = message_error(message)
        if error:
            return error
        kinds = {block["type"] for block in message.get("blocks", ())}
        return "invalid_blocks" if kinds & self.refused_blocks else ""

    def post(self, message: dict[str, Any], *, channel: str) -> StandInPost:
        """Keep a message and give it a name."""
        thread = str(message.get("thread_ts", ""))
        with self.lock:
            ts = f"1700000000.{len(self.posts) + 1:06d}"
            self.posts.append(StandInPost(message, channel, thread, ts))
            return self.posts[-1]


def decoded(request: StandInRequest) -> dict[str, Any] | None:
    """Return the arguments in a request, JSON or a form; None if there are none."""
    try:
        if request.content_type != FORM:
            arguments = json.loads(request.body)
        else:
            arguments = dict(parse_qsl(request.body))
            if "payload" in arguments:
                arguments = json.loads(arguments["payload"])
            elif "blocks" in arguments:
                arguments["blocks"] = json.loads(arguments["blocks"])
    except (ValueError, RecursionError):
        return None
    return arguments if isinstance(arguments, dict) else None


def a_yes(**facts: object) -> StandInAnswer:
    """Make the answer of a method that worked."""
    return StandInAnswer(200, json.dumps({"ok": True, **facts}), JSON)


def a_no(error: str) -> StandInAnswer:
    """Make the answer of a method that did not."""
    return StandInAnswer(200, json.dumps({"ok": False, "error": error}), JSON)

"""Every way a post goes wrong: what is said of it, and how many posts arrived.

Each is gone through with a webhook and with a bot, over real sockets.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import trustme

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.destinations import Destination
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn
from mixpanel_slack_report.slack.webhook import Webhook

MESSAGE = SlackMessage("hello", ({"type": "divider"},))


@dataclass
class Channel:
    """A stand-in, and one way to post to it.

    Attributes:
        slack: The stand-in.
        posting: Makes the destination for an address of Slack's host.
        waits: The seconds that were waited, without waiting.
    """

    slack: SlackStandIn
    posting: Callable[[str, Channel], Destination]
    waits: list[float] = field(default_factory=list)

    def post(self, host: str = "") -> str:
        """Post to the stand-in, or to another host."""
        there = host or f"http://127.0.0.1:{self.slack.port}"
        return self.posting(there, self).post(MESSAGE)

    def failure(self, host: str = "") -> tuple[str, int, int]:
        """Post, and return the outcome, the requests that arrived, and the posts."""
        with pytest.raises(DeliveryError) as refusal:
            self.post(host)
        return refusal.value.outcome, len(self.slack.requests), len(self.slack.posts)


def by_webhook(host: str, channel: Channel) -> Destination:
    """Post with the webhook."""
    path = channel.slack.webhook_url.partition(f":{channel.slack.port}")[2]
    return Webhook(f"{host}{path}", channel.waits.append)


def by_bot(host: str, channel: Channel) -> Destination:
    """Post as the bot."""
    token = channel.slack.bot_token
    return BotChannel(token, "#a", f"{host}/api/", channel.waits.append)


@pytest.fixture(params=[by_webhook, by_bot])
def channel(request: pytest.FixtureRequest) -> Iterator[Channel]:
    """A way to post to a stand-in."""
    with SlackStandIn() as slack:
        yield Channel(slack, request.param)


def test_a_post_arrives_once(channel: Channel) -> None:
    """Without any failure there is nothing to repeat."""
    channel.post()

    assert (len(channel.slack.requests), len(channel.slack.posts)) == (1, 1)


def test_a_refused_connection_is_repeated_and_then_refused(channel: Channel) -> None:
    """Nothing listens there, so nothing was posted."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        failure = channel.failure(f"http://127.0.0.1:{taken.getsockname()[1]}")

    assert (failure, channel.waits) == (("refused", 0, 0), [1, 2])


def test_an_unknown_host_is_repeated_and_then_refused(channel: Channel) -> None:
    """A name that was not found took nothing."""
    failure = channel.failure("http://no-such-host.invalid")

    assert (failure, channel.waits) == (("refused", 0, 0), [1, 2])


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_a_host_without_a_way_to_it_is_repeated_and_then_refused(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As without a network: no connection was made, so nothing left."""

    def connect(*_: object, **__: object) -> socket.socket:
        raise OSError(number, "no way")

    monkeypatch.setattr(socket, "create_connection", connect)
    failure = channel.failure()

    assert (failure, channel.waits) == (("refused", 0, 0), [1, 2])


def test_a_certificate_that_is_not_trusted_is_repeated_and_then_refused(
    channel: Channel,
) -> None:
    """TLS ends before a byte of the message leaves."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    listener = channel.slack.server.socket
    channel.slack.server.socket = context.wrap_socket(listener, server_side=True)

    failure = channel.failure(f"https://127.0.0.1:{channel.slack.port}")

    assert (failure, channel.waits) == (("refused", 0, 0), [1, 2])


def test_a_timeout_is_unknown(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it was posted, and the answer came too late."""
    monkeypatch.setattr("mixpanel_slack_report.slack.exchange.TIMEOUT", 0.3)
    channel.slack.answers.append(ScriptedAnswer(delay=5))

    assert channel.failure() == ("unknown", 1, 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (ScriptedAnswer(reset="before"), ("unknown", 1, 0)),
        (ScriptedAnswer(reset="after"), ("unknown", 1, 0)),
        (ScriptedAnswer(reset="after", posted=True), ("unknown", 1, 1)),
        (ScriptedAnswer(500), ("unknown", 1, 0)),
        (ScriptedAnswer(502, "<html>", posted=True), ("unknown", 1, 1)),
        (ScriptedAnswer(503, headers={"Retry-After": "1"}), ("unknown", 1, 0)),
        (ScriptedAnswer(200, "<html>Sign in</html>"), ("unknown", 1, 0)),
        (ScriptedAnswer(200, ""), ("unknown", 1, 0)),
        (ScriptedAnswer(404, "<html>"), ("refused", 1, 0)),
        (ScriptedAnswer(307, headers={"Location": "/"}), ("refused", 1, 0)),
        (ScriptedAnswer(429, headers={"Retry-After": "3600"}), ("refused", 1, 0)),
        (ScriptedAnswer(429, headers={"Retry-After": "9" * 5000}), ("refused", 1, 0)),
    ],
    ids=lambda value: str(value)[:120] if isinstance(value, ScriptedAnswer) else "",
)
def test_an_answer_that_is_not_slacks_yes_is_never_repeated(
    channel: Channel, answer: ScriptedAnswer, outcome: tuple[str, int, int]
) -> None:
    """One request arrives; the error says whether a post may be among it."""
    channel.slack.answers.append(answer)

    assert (channel.failure(), channel.waits) == (outcome, [])


def test_a_429_is_repeated_after_the_time_that_slack_asks_for(channel: Channel) -> None:
    """Two requests, one post."""
    channel.slack.answers.append(ScriptedAnswer(429, headers={"Retry-After": "7"}))

    channel.post()

    assert (len(channel.slack.requests), len(channel.slack.posts)) == (2, 1)
    assert channel.waits == [7]


def test_a_429_for_ever_is_refused_after_three_attempts(channel: Channel) -> None:
    """Three requests, no post."""
    busy = ScriptedAnswer(429, headers={"Retry-After": "2"})
    channel.slack.answers += [busy, replace(busy), replace(busy)]

    assert (channel.failure(), channel.waits) == (("refused", 3, 0), [2, 2])

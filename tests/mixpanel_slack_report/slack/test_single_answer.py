"""Answers that would lead somewhere else, or never end."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn
from mixpanel_slack_report.slack.webhook import Webhook

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ScriptedServer

MESSAGE = SlackMessage("hello", ())
ServeAnswers = Callable[..., "ScriptedServer"]
# The first line of each request to a dripping server.
HEARD: list[str] = []


def bot_at(address: str, *, waits: list[float] | None = None) -> BotChannel:
    """A bot's channel at an address of this machine."""
    waited = (waits if waits is not None else []).append
    return BotChannel("xoxb-s3cret-token", "#a", f"{address}/api/", waited)


def failure(channel: BotChannel | Webhook) -> DeliveryError:
    """Post, and return the error."""
    with pytest.raises(DeliveryError) as refusal:
        channel.post(MESSAGE)
    return refusal.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_token_does_not_follow_a_redirection(
    status: int, serve_answers: ServeAnswers
) -> None:
    """The other host, which says yes to anything, is never asked."""
    other = serve_answers((200, {}, '{"ok": true, "ts": "1.2"}'))
    first = serve_answers((status, {"Location": f"{other.url}/taken"}, ""))

    error = failure(bot_at(first.url))

    assert (error.outcome, error.status) == ("refused", status)
    assert (len(first.requests), other.requests) == (1, [])


def test_a_webhook_that_moved_is_not_taken_for_one_that_posted(
    serve_answers: ServeAnswers,
) -> None:
    """The page that it leads to says ok, and has no message."""
    other = serve_answers((200, {}, "ok"))
    first = serve_answers((302, {"Location": f"{other.url}/login"}, ""))

    error = failure(Webhook(f"{first.url}/services/T0/B0/s3cret", [].append))

    assert str(error) == (
        "Slack answered 302 (nothing): nothing was posted; check SLACK_WEBHOOK_URL"
    )


def test_a_redirection_to_a_host_that_refuses_is_not_repeated() -> None:
    """The first host was asked once, whatever becomes of the second."""
    moved = ScriptedAnswer(302, headers={"Location": "http://127.0.0.1:9/"})
    with SlackStandIn() as slack:
        slack.answers.append(moved)
        failure(Webhook(slack.webhook_url, [].append))

    assert len(slack.requests) == 1


# Python 3.10 forgets to close a tunnel that a proxy refuses.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://slack.invalid", "/services/T0/B0/s3cret"),
        ("https://slack.invalid", "slack.invalid:443"),
    ],
)
def test_a_proxy_of_the_environment_is_asked(
    address: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the page itself, or for a tunnel to the host."""
    with dripping(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", 0) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("https_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        failure(Webhook(f"{address}/services/T0/B0/s3cret", [].append))
        assert asked in HEARD[-1]
    gc.collect()


def test_an_answer_that_drips_is_unknown_after_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each sign comes within the timeout of a socket; the whole never does."""
    monkeypatch.setattr("mixpanel_slack_report.slack.exchange.TIMEOUT", 0.4)
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n") as address:
        began = time.monotonic()
        error = failure(Webhook(f"{address}/services/T0/B0/s3cret", [].append))

    assert error.outcome == "unknown"
    assert time.monotonic() - began < 5


def test_an_answer_that_was_cut_is_unknown() -> None:
    """Its first two signs would be a yes."""
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", 0) as address:
        error = failure(Webhook(f"{address}/services/T0/B0/s3cret", [].append))

    assert error.outcome == "unknown"


def test_an_answer_without_end_is_read_in_part() -> None:
    """Two million signs in place of Slack's document; the first million is enough."""
    with SlackStandIn() as slack:
        slack.answers.append(ScriptedAnswer(200, "x" * 2_000_000))
        error = failure(bot_at(f"http://127.0.0.1:{slack.port}"))

    assert str(error).startswith("Slack answered 200 (1000000 characters) for #a: ")


@contextmanager
def dripping(head: bytes, signs: int = 200) -> Iterator[str]:
    """A server that answers one request with a head, and then sign by sign."""

    def answer() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            HEARD.append(connection.recv(65536).decode().partition("\r\n")[0])
            connection.sendall(head)
            for _ in range(signs):
                time.sleep(0.05)
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()

"""Posting as a bot, over real sockets."""

from __future__ import annotations

import json
import logging
import socket
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.message import SlackMessage

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers

MESSAGE = SlackMessage("hello", ({"type": "divider"},))
TOKEN = "xoxb-1-s3cretword"
OK = (200, {}, '{"ok": true, "channel": "C1", "ts": "1794484800.000100"}')


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited, without waiting."""
    return []


def a_no(code: str) -> tuple[int, dict[str, str], str]:
    """Write the answer with which Slack refuses a message."""
    return (200, {}, json.dumps({"ok": False, "error": code}))


def bot_at(url: str, waits: list[float]) -> BotChannel:
    """Make a bot's channel at another Slack."""
    return BotChannel(TOKEN, "#analytics", url, waits.append)


def refusal_of(url: str, waits: list[float]) -> DeliveryError:
    """Post to a server that does not say ok, and return the error."""
    with pytest.raises(DeliveryError) as refusal:
        bot_at(url, waits).post(MESSAGE)
    return refusal.value


def test_a_message_is_posted_once_and_named(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """The name of the message is what a thread hangs on."""
    server = serve_answers(OK)

    assert bot_at(f"{server.url}/api", waits).post(MESSAGE) == "1794484800.000100"
    ((path, body),) = server.requests
    assert path == "/api/chat.postMessage"
    assert json.loads(body) == {
        "channel": "#analytics",
        "text": "hello",
        "mrkdwn": False,
        "blocks": [{"type": "divider"}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_reply_names_its_thread(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Details go under the report."""
    server = serve_answers(OK)

    bot_at(server.url, waits).post(MESSAGE, thread="12.34")

    assert json.loads(server.requests[0][1])["thread_ts"] == "12.34"


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("channel_not_found", "check SLACK_CHANNEL, and invite the bot"),
        ("not_in_channel", "invite the bot there (/invite)"),
        ("invalid_auth", "the token is not valid; install the app again"),
        ("token_revoked", "the token was revoked; install the app again"),
        ("missing_scope", "give the app the scope chat:write"),
        ("is_archived", "the channel is archived; name another in SLACK_CHANNEL"),
        ("msg_too_long", "name fewer metrics in report.toml"),
        ("ratelimited", "try again later"),
        ("invalid_blocks", "nothing was posted"),
    ],
)
def test_a_no_of_slack_is_refused_with_a_remedy(
    serve_answers: ServeAnswers, waits: list[float], code: str, remedy: str
) -> None:
    """Nothing was posted, and the line says what to do."""
    server = serve_answers(a_no(code))

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.outcome, error.body) == (1, "refused", code)
    assert str(error).startswith(f"Slack answered 200 ({code}) for #analytics: ")
    assert remedy in str(error)


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
def test_a_no_of_which_slack_is_not_sure_leaves_it_open(
    serve_answers: ServeAnswers, waits: list[float], code: str
) -> None:
    """Slack documents that some aspect of it may have succeeded."""
    error = refusal_of(serve_answers(a_no(code)).url, waits)

    assert (error.outcome, error.body) == ("unknown", code)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((500, {}, ""), "unknown"),
        ((503, {}, '{"ok": false, "error": "not_in_channel"}'), "unknown"),
        ((404, {}, "<html>no such page</html>"), "refused"),
        ((200, {}, "<html>Sign in</html>"), "unknown"),
        ((200, {}, '{"ok": tru'), "unknown"),
        ((200, {}, "[1]"), "unknown"),
        ((200, {}, "[" * 100_000), "unknown"),
        ((200, {}, '{"ok": 1}'), "unknown"),
        (None, "unknown"),
    ],
)
def test_an_answer_says_whether_it_may_have_been_posted(
    serve_answers: ServeAnswers, waits: list[float], answer: object, outcome: str
) -> None:
    """Only a no, or another host's page, means that nothing was."""
    server = serve_answers(answer)

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.outcome) == (1, outcome)


def test_a_429_is_repeated_after_the_time_that_slack_asks_for(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Nothing was posted, so it may be posted again."""
    server = serve_answers((429, {"Retry-After": "7"}, a_no("ratelimited")[2]), OK)

    bot_at(server.url, waits).post(MESSAGE)

    assert (len(server.requests), waits) == (2, [7])


def test_a_429_for_ever_is_refused(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Three attempts, and nothing posted."""
    server = serve_answers((429, {"Retry-After": "1"}, ""))

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.outcome) == (3, "refused")


def test_a_refused_connection_names_the_channel_and_the_setting(
    waits: list[float],
) -> None:
    """There may be several channels, and only SLACK_API_URL leads a bot elsewhere."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = refusal_of(f"http://127.0.0.1:{taken.getsockname()[1]}", waits)

    assert (waits, error.outcome) == ([1, 2], "refused")
    assert str(error) == (
        "#analytics: Slack's host refused the connection; nothing was posted; check "
        "SLACK_API_URL"
    )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (500, {}, ""),
        a_no("unknown_token_xoxb-1-s3cretword"),
        a_no("cretword"),
        a_no("xoxb_s_cretword"),
    ],
)
def test_the_token_is_in_no_error_and_no_log(
    serve_answers: ServeAnswers,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    answer: object,
) -> None:
    """Whoever has the token can post."""
    caplog.set_level(logging.DEBUG)
    server = serve_answers(answer)

    error = refusal_of(server.url, waits)

    bot = bot_at(server.url, waits)
    told = [repr(error), str(error.__cause__), caplog.text, *capfd.readouterr()]
    assert not any("cretword" in text for text in [*told, repr(bot), bot.key])

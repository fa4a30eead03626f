"""Posting to Slack, over real sockets."""

from __future__ import annotations

import errno
import http.client
import json
import logging
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.blocks import SlackMessage
from mixpanel_slack_report.slack.exchange import SafeRepeats, no_answer
from mixpanel_slack_report.slack.webhook import Webhook, post_message

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers

MESSAGE = SlackMessage("hello", ({"type": "divider"},))
OK = (200, {}, "ok")


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited, without waiting."""
    return []


def refusal_of(url: str, waits: list[float]) -> DeliveryError:
    """Post to a server that does not say ok, and return the error."""
    with pytest.raises(DeliveryError) as refusal:
        post_message(MESSAGE, f"{url}/services/T1/B2/s3cret", sleep=waits.append)
    return refusal.value


def test_a_message_is_posted_once(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Text and blocks travel, and links are not unfolded."""
    server = serve_answers(OK)

    post_message(MESSAGE, f"{server.url}/services/x", sleep=waits.append)

    ((path, body),) = server.requests
    assert path == "/services/x"
    assert json.loads(body) == {
        "text": "hello",
        "mrkdwn": False,
        "blocks": [{"type": "divider"}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_details_for_a_thread_are_not_posted(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """A webhook cannot reply, and they would stand in the channel alone."""
    server = serve_answers(OK)

    posted = Webhook(f"{server.url}/services/x", waits.append).post(
        MESSAGE, thread="1763283600.000100"
    )

    assert (posted, server.requests) == ("", [])


@pytest.mark.parametrize("seconds", [7, 60])
def test_a_429_is_repeated_after_the_time_that_slack_asks_for(
    serve_answers: ServeAnswers, waits: list[float], seconds: int
) -> None:
    """Nothing was posted, so it may be posted again."""
    header = {"Retry-After": str(seconds)}
    server = serve_answers((429, header, "rate_limited"), OK)

    post_message(MESSAGE, server.url, sleep=waits.append)

    assert (len(server.requests), waits) == (2, [seconds])


@pytest.mark.parametrize("header", [{}, {"Retry-After": "soon"}])
def test_a_429_without_a_time_waits_a_second(
    serve_answers: ServeAnswers, waits: list[float], header: dict[str, str]
) -> None:
    """A missing or unreadable time is no crash."""
    server = serve_answers((429, header, ""), OK)

    post_message(MESSAGE, server.url, sleep=waits.append)

    assert waits == [1]


def test_a_429_is_not_repeated_for_ever(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Three attempts, and then an error."""
    server = serve_answers((429, {"Retry-After": "1"}, "rate_limited"))

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.status) == (3, 429)


@pytest.mark.parametrize("seconds", ["61", "3600"])
def test_a_429_that_asks_for_long_is_an_error(
    serve_answers: ServeAnswers, waits: list[float], seconds: str
) -> None:
    """A run waits for a minute at most, and does not hang for an hour."""
    server = serve_answers((429, {"Retry-After": seconds}, ""))

    error = refusal_of(server.url, waits)

    assert (len(server.requests), waits) == (1, [])
    assert "try again later" in str(error)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_5xx_is_never_repeated(
    serve_answers: ServeAnswers, waits: list[float], status: int
) -> None:
    """Slack may have posted it before it failed."""
    server = serve_answers((status, {}, "oops"))

    error = refusal_of(server.url, waits)

    assert len(server.requests) == 1
    assert (error.status, error.body, error.outcome) == (status, "oops", "unknown")
    assert "whether it was posted is not known" in str(error)


def test_a_cut_connection_is_never_repeated(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """slack_sdk's own handler would post twice here."""
    server = serve_answers(None)

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.status) == (1, None)
    assert error.outcome == "unknown"
    assert "whether it was posted is not known" in str(error)


def test_a_timeout_is_never_repeated(
    serve_answers: ServeAnswers, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow Slack may post late."""
    monkeypatch.setattr("mixpanel_slack_report.slack.exchange.TIMEOUT", 0.3)
    server = serve_answers("hang")

    error = refusal_of(server.url, waits)

    assert (len(server.requests), error.outcome) == (1, "unknown")
    assert "did not answer within 0.3 seconds; whether it was posted" in str(error)


def test_a_refused_connection_is_repeated(waits: list[float]) -> None:
    """Nothing listens there, so nothing was posted."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = refusal_of(f"http://127.0.0.1:{taken.getsockname()[1]}", waits)

    assert waits == [1, 2]
    assert "refused the connection" in str(error)


def test_an_unknown_host_is_repeated(waits: list[float]) -> None:
    """A name that was not found took nothing."""
    error = refusal_of("http://no-such-host.invalid", waits)

    assert waits == [1, 2]
    assert "host was not found" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (404, "no_service", "the webhook is gone or switched off; make a new one"),
        (403, "action_prohibited", "a workspace admin has restricted the webhook"),
        (400, "invalid_blocks", "nothing was posted; check SLACK_WEBHOOK_URL"),
        (400, "", "Slack answered 400 (nothing)"),
        (307, "", "nothing was posted; check SLACK_WEBHOOK_URL"),
        (200, "", "a webhook of Slack answers ok; whether it was posted is not known"),
    ],
)
def test_an_answer_that_is_not_ok_is_an_error_with_a_remedy(
    serve_answers: ServeAnswers, waits: list[float], status: int, body: str, remedy: str
) -> None:
    """Only the answer ok of status 200 means posted."""
    server = serve_answers((status, {}, body))

    error = refusal_of(server.url, waits)

    assert remedy in str(error)
    assert (error.status, error.body) == (status, body)


@pytest.mark.parametrize(
    "body",
    [
        "<html>Sign in</html>",
        "x" * 61,
        "no route for /services/T1/B2/s3cret",
        "s3cret",
        "hooksecret",
        "unknown_hooksecret",
        "/services/T1/B2/S%33CRET",
    ],
)
def test_a_body_that_is_no_word_of_slack_is_not_quoted(
    serve_answers: ServeAnswers, waits: list[float], body: str
) -> None:
    """Servers quote the path that they do not know, and it is secret."""
    server = serve_answers((404, {}, body))

    error = refusal_of(f"{server.url}/HookSecret", waits)

    assert str(error) == (
        f"Slack answered 404 ({len(body)} characters): nothing was posted; check "
        "SLACK_WEBHOOK_URL"
    )
    assert error.body == ""


def test_slacks_own_words_are_quoted_whatever_the_address_is(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """Part of the address may be an ordinary word."""
    error = refusal_of(serve_answers((404, {}, "no_team")).url + "/team", waits)

    assert error.body == "no_team"


@pytest.mark.parametrize(
    "url",
    [
        "http://a..b",
        f"http://{'a' * 80}.example",
        "http://127.0.0.1/\u00fcber",
        "http://127.0.0.1:9/a\nb",
    ],
)
def test_what_is_no_address_was_not_posted_to(waits: list[float], url: str) -> None:
    """Nothing can have left, and the line says so."""
    error = refusal_of(url, waits)

    assert str(error) == (
        "SLACK_WEBHOOK_URL is no address that can be asked; nothing was posted"
    )
    assert (waits, error.outcome) == ([], "refused")


def test_a_port_without_tls_was_not_posted_to(waits: list[float]) -> None:
    """The handshake fails before a byte of the message leaves."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            connection, _ = plain.accept()
            with connection, suppress(ConnectionError):
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(4096)

        thread = threading.Thread(target=answer)
        thread.start()
        error = refusal_of(f"https://127.0.0.1:{plain.getsockname()[1]}", waits)
        thread.join()

    assert str(error).startswith("Slack's host speaks no TLS that can be used (")
    assert "nothing was posted" in str(error)
    assert (waits, error.outcome) == ([], "refused")


def test_an_answer_in_no_known_letters_leaves_it_open(
    serve_answers: ServeAnswers, waits: list[float]
) -> None:
    """The message arrived, and what became of it cannot be read."""
    header = {"Content-Type": "text/plain; charset=ascii"}

    error = refusal_of(serve_answers((200, header, "\u00fc")).url, waits)

    assert "whether it was posted is not known" in str(error)


@pytest.mark.parametrize("answer", [None, (500, {}, ""), (404, {}, "no_service")])
def test_the_address_is_in_no_error_and_no_log(
    serve_answers: ServeAnswers,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    answer: object,
) -> None:
    """Whoever has the address can post."""
    caplog.set_level(logging.DEBUG)
    server = serve_answers(answer)

    error = refusal_of(server.url, waits)

    told = [
        str(error),
        repr(error),
        str(error.__cause__),
        caplog.text,
        *capfd.readouterr(),
    ]
    assert not any("s3cret" in text for text in told)


def test_a_proxy_is_not_used_for_hosts_that_need_none(
    serve_answers: ServeAnswers, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """slack_sdk alone would ignore NO_PROXY."""
    server = serve_answers(OK)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    post_message(MESSAGE, server.url, sleep=waits.append)

    assert len(server.requests) == 1


def test_a_certificate_that_is_not_trusted_is_named() -> None:
    """Nothing was posted, and the line says why."""
    from ssl import SSLCertVerificationError

    error = URLError(SSLCertVerificationError("self-signed"))

    assert str(no_answer(error, setting="SLACK_WEBHOOK_URL")) == (
        "the certificate of Slack's host is not trusted; nothing was posted"
    )


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_without_a_network_nothing_was_posted(number: int) -> None:
    """So that the next run may try it."""
    error = no_answer(URLError(OSError(number, "")), setting="SLACK_WEBHOOK_URL")

    assert error.outcome == "refused"
    assert str(error) == (
        "Slack's host is out of reach; nothing was posted; check the network"
    )


def test_without_a_network_while_a_connection_stands_it_is_unknown() -> None:
    """The message may have left before."""
    error = no_answer(OSError(errno.ENETUNREACH, ""), setting="SLACK_WEBHOOK_URL")

    assert error.outcome == "unknown"
    assert str(error).startswith("the connection to Slack broke (OSError); whether")


def test_other_errors_are_never_repeated() -> None:
    """What is not known to be safe is not repeated."""
    handler = SafeRepeats(lambda seconds: None)

    assert not handler._can_retry(
        state=None, request=None, response=None, error=http.client.IncompleteRead(b"")
    )

"""Tests of what goes wrong on a real socket; each runs through both clients."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    CredentialsRefusedError,
    ExportTruncatedError,
    InvalidQueryError,
    MixpanelDownError,
    NoAnswerError,
    RateLimitedError,
    UnreadableAnswerError,
)
from mixpanel_query.sending.http import certificates
from mixpanel_query.wire import Destination

Make = Callable[..., Any]


def names(client: Client) -> object:
    """Ask for names."""
    return client.event_names()


def export(client: Client) -> object:
    """Ask for an export."""
    return client.export("2026-11-09", "2026-11-15")


QUESTIONS = pytest.mark.parametrize("question", [names, export])


@pytest.fixture
def closed_port() -> str:
    """An address of this machine where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@QUESTIONS
def test_nobody_listens(refused: Make, question: Make, closed_port: str) -> None:
    """An address of this machine is named, with what it may lack."""
    error = refused(question, base_url=closed_port)

    assert type(error) is NoAnswerError
    assert closed_port.removeprefix("http://") in str(error)
    assert str(error).endswith("start what is to listen there, or correct base_url")


@QUESTIONS
def test_a_host_that_nobody_knows(refused: Make, question: Make) -> None:
    """A host elsewhere is named, with what to check on the way to it."""
    error = refused(question, base_url="https://mixpanel.invalid")

    assert type(error) is NoAnswerError
    assert "mixpanel.invalid did not answer" in str(error)
    assert str(error).endswith("check the network, the proxy settings and base_url")


@QUESTIONS
def test_host_that_does_not_exist(refused: Make, question: Make) -> None:
    """A name that cannot be resolved is an unreachable host."""
    error = refused(question, base_url="https://mixpanel.invalid")

    assert isinstance(error, NoAnswerError)
    assert "mixpanel.invalid" in str(error)


@QUESTIONS
def test_silence(refused: Make, question: Make) -> None:
    """A server that never answers is waited for only so long."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        error = refused(question, base_url=url, timeout=0.05)

    assert isinstance(error, AnswerTimeoutError)
    assert "did not answer /api/" in str(error)


@QUESTIONS
def test_connection_closed_without_an_answer(
    refused: Make, question: Make, scripted: Make
) -> None:
    """A connection that ends before the answer begins is no answer."""
    server = scripted(b"")

    assert type(refused(question, base_url=server.base_url)) is NoAnswerError


@QUESTIONS
def test_wrong_credentials(
    refused: Make, question: Make, scripted: Make, reply: Make
) -> None:
    """A 401 is the credentials' fault, in every question."""
    server = scripted(reply(b'{"error": "nope"}', status="401 Unauthorized"))

    error = refused(question, base_url=server.base_url)

    assert isinstance(error, CredentialsRefusedError)
    assert (error.status, error.body) == (401, '{"error": "nope"}')
    assert "hunter2" not in str(error)


@QUESTIONS
def test_rate_limit(refused: Make, question: Make, scripted: Make, reply: Make) -> None:
    """A 429 carries the seconds that the server named."""
    server = scripted(reply(b"slow", "Retry-After: 7", status="429 Too Many Requests"))

    error = refused(question, base_url=server.base_url)

    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 7.0


@QUESTIONS
def test_server_error_in_html(
    refused: Make, question: Make, scripted: Make, reply: Make
) -> None:
    """A page of HTML with a 5xx is Mixpanel's trouble."""
    server = scripted(reply(b"<html>oops</html>", status="502 Bad Gateway"))

    error = refused(question, base_url=server.base_url)

    assert isinstance(error, MixpanelDownError)
    assert "(502): <html>oops</html>; try again later" in str(error)


def test_html_with_200(refused: Make, scripted: Make, reply: Make) -> None:
    """A login page of some proxy is not an answer."""
    server = scripted(reply(b"<html>log in</html>"))

    error = refused(names, base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)
    assert "<html>log in</html>" in str(error)


def test_answer_that_is_cut(refused: Make, scripted: Make, reply: Make) -> None:
    """An answer shorter than its length is no answer."""
    server = scripted(reply(b'["Sign', length=100))

    assert type(refused(names, base_url=server.base_url)) is NoAnswerError


def test_answer_with_broken_compression(
    refused: Make, scripted: Make, reply: Make
) -> None:
    """An answer that says gzip and is none is unreadable."""
    server = scripted(reply(b'["Sign Up"]', "Content-Encoding: gzip"))

    error = refused(names, base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)
    assert "its compression is broken" in str(error)


def test_whole_export(ask: Make, scripted: Make, reply: Make, row: Make) -> None:
    """An export over a real socket is whole, U+2028 included."""
    body = row(1, text="a") + row(2).replace(b"user-2", "\u2028".encode()).rstrip()
    server = scripted(reply(body))

    events = ask(export, base_url=server.base_url)

    assert [event.distinct_id for event in events] == ["user-1", "\u2028"]
    assert "GET /api/2.0/export?" in server.requests[0]


@pytest.mark.parametrize("lost", [1, 30], ids=["between lines", "in a line"])
def test_export_cut(
    refused: Make, scripted: Make, reply: Make, row: Make, lost: int
) -> None:
    """Fewer bytes than announced are a cut export, wherever the cut is."""
    body = row(1) + row(2) + row(3)
    sent = body[:-lost] if lost > 1 else row(1) + row(2)
    server = scripted(reply(sent, length=len(body)))

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, ExportTruncatedError)
    assert error.rows == 2


@pytest.mark.parametrize("status", ["202 Accepted", "206 Partial Content"])
def test_export_with_another_success(
    refused: Make, scripted: Make, reply: Make, row: Make, status: str
) -> None:
    """A part of an export, or a promise of one, is not the export."""
    server = scripted(reply(row(1), status=status))

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, ExportTruncatedError)
    assert f"its status is {status[:3]}, not 200" in str(error)


def test_host_that_httpx_refuses(refused: Make) -> None:
    """A host that is no name of today's internet is one of our errors."""
    error = refused(names, base_url="https://\u2603.net")

    assert isinstance(error, InvalidQueryError)
    assert "base_url is no address: Invalid IDNA hostname" in str(error)


def test_export_reset(refused: Make, scripted: Make, reply: Make, row: Make) -> None:
    """A connection that is reset in the middle is a cut export."""
    server = scripted(reply(row(1), length=10_000), reset=True)

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, (ExportTruncatedError, NoAnswerError))


def test_export_with_broken_chunks(refused: Make, scripted: Make, row: Make) -> None:
    """A chunked body without its last chunk is a cut export."""
    line = row(1)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server = scripted(head + b"%x\r\n%s\r\n" % (len(line), line))

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, ExportTruncatedError)
    assert error.rows == 1


def test_export_with_cut_gzip(
    refused: Make, scripted: Make, reply: Make, row: Make, zipped: Make
) -> None:
    """A gzip body without its trailer is a cut export, though HTTP saw its end."""
    sent = zipped(row(1) + row(2))[:-8]
    server = scripted(reply(sent, "Content-Encoding: gzip"))

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, ExportTruncatedError)
    assert error.rows == 2


def test_export_terminated_early(
    refused: Make, scripted: Make, reply: Make, row: Make
) -> None:
    """The words that Mixpanel ends a failed export with are no success."""
    server = scripted(reply(row(1) + b"export terminated early\n"))

    error = refused(export, base_url=server.base_url)

    assert isinstance(error, ExportTruncatedError)
    assert error.tail == "export terminated early"


def test_export_that_falls_silent(refused: Make, row: Make) -> None:
    """An export that stops coming is a cut export once the timeout is over."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
        connections: list[socket.socket] = []

        def answer() -> None:
            connection, _ = server.accept()
            connections.append(connection)
            connection.recv(65536)
            connection.sendall(head + row(1))

        thread = threading.Thread(target=answer)
        thread.start()
        error = refused(export, base_url=url, timeout=0.2)
        thread.join()
        for connection in connections:
            connection.close()

    assert isinstance(error, ExportTruncatedError)
    assert error.rows == 1
    assert "nothing more came in time" in str(error)


def test_proxies_are_not_asked_for_this_machine(
    ask: Make,
    scripted: Make,
    reply: Make,
    closed_port: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy of the environment cannot reach this machine, and is left out."""
    monkeypatch.setenv("HTTP_PROXY", closed_port)
    monkeypatch.setenv("ALL_PROXY", closed_port)
    server = scripted(reply(b'["a"]'))

    assert ask(names, base_url=server.base_url) == ["a"]


def test_proxies_are_asked_for_other_machines(
    ask: Make, scripted: Make, reply: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users behind a proxy reach Mixpanel through it."""
    server = scripted(reply(b'["a"]'))
    monkeypatch.setenv("HTTP_PROXY", server.base_url)

    with pytest.warns(UserWarning, match="unencrypted"):
        found = ask(names, base_url="http://mixpanel.invalid")

    assert found == ["a"]
    assert server.requests[0].startswith("GET http://mixpanel.invalid/api/query/")


def test_plain_address_trusts_no_certificate() -> None:
    """A client of an ``http://`` address reads no certificates, and trusts none."""
    account = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
    plain = certificates(Destination(account, base_url="http://127.0.0.1:8080"))

    assert isinstance(plain, ssl.SSLContext)
    assert plain.verify_mode == ssl.CERT_REQUIRED
    assert plain.check_hostname
    assert plain.cert_store_stats()["x509_ca"] == 0
    assert certificates(Destination(account, base_url="https://127.0.0.1")) is True
    assert certificates(Destination(account)) is True

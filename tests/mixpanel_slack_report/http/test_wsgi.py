"""Requests as they come over a socket, good ones and junk."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest

from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer
from mixpanel_slack_report.http.wsgi import request_line, wsgi_application

Serve = Callable[[object], AbstractContextManager[str]]


def exchanged(serve: Serve, sent: bytes) -> tuple[str, list[HttpRequest]]:
    """Send bytes; return the first line of the answer, and what was asked."""
    asked: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpAnswer:
        asked.append(request)
        return json_answer(200, "done")

    with serve(wsgi_application(answer, log=lambda line: None)) as url:
        parts = urlsplit(url)
        address = (parts.hostname, parts.port)
        with socket.create_connection(address, 10) as connection:
            connection.sendall(sent)
            with connection.makefile("rb") as answered:
                status = answered.readline()
    return status.decode().strip(), asked


def test_a_request_arrives_whole(serve: Serve) -> None:
    """Path decoded, query and body as they came, headers in any case."""
    sent = (
        b"POST /api/Gr%C3%B6%C3%9Fe?a=%20b&c HTTP/1.0\r\nX-Some-Header: one\r\n"
        b"Content-Type: text/x\r\nContent-Length: 4\r\n\r\n\xff\x00ab"
    )

    status, (asked,) = exchanged(serve, sent)

    assert status == "HTTP/1.0 200 OK"
    assert (asked.method, asked.path, asked.query) == ("POST", "/api/Größe", "a=%20b&c")
    assert asked.body == b"\xff\x00ab"
    assert (asked.header("x-some-HEADER"), asked.header("content-type")) == (
        "one",
        "text/x",
    )


def test_a_body_in_chunks_arrives_whole(serve: Serve) -> None:
    """Some clients do not say how long it is."""
    sent = (
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )

    _, (asked,) = exchanged(serve, sent)

    assert asked.body == b"abcde"


def test_no_more_of_a_long_body_is_read_than_shows_it(serve: Serve) -> None:
    """What is refused need not be held."""
    head = b"POST / HTTP/1.0\r\nContent-Length: 300000\r\n\r\n"

    _, (asked,) = exchanged(serve, head + b"x" * 300_000)

    assert len(asked.body) == 100_001


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /%ff%fe HTTP/1.0\r\n\r\n", "200 OK"),
        (b"GET /a%00b HTTP/1.0\r\n\r\n", "200 OK"),
        (b"GET /?%zz=%%% HTTP/1.0\r\n\r\n", "200 OK"),
        (b"GET / HTTP/1.0\r\nX-Slack-Signature: \xff\xfe\r\n\r\n", "200 OK"),
        (b"GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n", "400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "400 Bad Request"),
    ],
    ids=["path", "zero", "query", "header", "length", "TLS"],
)
def test_junk_is_answered(serve: Serve, sent: bytes, status: str) -> None:
    """By the endpoints or by the server, and never with a 500."""
    assert exchanged(serve, sent)[0] == f"HTTP/1.0 {status}"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ""),
        ("code=s3cret", ""),
        ("period=weekly&code=s3cret&send_slack=no", "?period=weekly&send_slack=no"),
        ("events=Sign+Up&sig=s3cret", ""),
        ("period=a%0Ab" + "c" * 40, "?period=a b" + "c" * 16 + "…"),
        ("period=daily" + "&a=b" * 200, ""),
    ],
)
def test_the_log_has_harmless_parameters_only(query: str, shown: str) -> None:
    """On one line, and not at any length."""
    line = request_line(HttpRequest("GET", "/api/x", query))

    assert line == f"GET /api/x{shown}"

"""The table of what goes wrong with a query, on a real socket, through both clients.

For each fault: the error and its facts, how often the question was asked, and that
nothing in the error is secret.
"""

from __future__ import annotations

import base64
import json
import pickle
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from mixpanel_query import Client, RetryPolicy
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    CredentialsRefusedError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    QueryRefusedError,
    RateLimitedError,
    RefusedError,
    UnreadableAnswerError,
)

Make = Callable[..., Any]
SECRET = "hunter2-hunter2"
HEADER = base64.b64encode(f"reports.1a2b3c:{SECRET}".encode()).decode()
QUICK = RetryPolicy(attempts=3, first_pause=0.001)
PATHS = {"names": "/api/query/events/names", "jql": "/api/query/jql"}


def names(client: Client) -> object:
    """Ask for names, with a GET."""
    return client.event_names()


def jql(client: Client) -> object:
    """Run a script, with a form in a POST."""
    return client.jql("function main() { return Events(params) }", {})


QUESTIONS = pytest.mark.parametrize("question", [names, jql])


@dataclass(frozen=True)
class Fault:
    """One row of the table.

    Attributes:
        name: What goes wrong.
        status: The status and its words.
        body: The text of the answer.
        kind: The error that is raised.
        asked: How often the question is asked, of three times at most.
        headers: Further headers of the answer.
        facts: Further facts of the error.
    """

    name: str
    status: str
    body: str
    kind: type[MixpanelQueryError]
    asked: int
    headers: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)


LIMITED = "429 Too Many Requests"
LIMIT_TEXT = json.dumps(
    {
        "request": "/api/2.0/events/names",
        "error": "Query rate limit exceeded for project_id: 12345. 1/5 queries running "
        "concurrently and 61/60 queries running in the last hour.",
    }
)
NOON = "Date: Thu, 26 Nov 2026 12:00:00 GMT"
REFUSALS = [
    Fault(
        "400",
        "400 Bad Request",
        '{"error": "to_date cannot be later than today", "request": "/api/query/x"}',
        QueryRefusedError,
        1,
    ),
    Fault("400 text", "400 Bad Request", "bad", QueryRefusedError, 1),
    Fault("401", "401 Unauthorized", '{"error": "who?"}', CredentialsRefusedError, 1),
    Fault("402", "402 Payment Required", '{"error": "plan"}', RefusedError, 1),
    Fault("403", "403 Forbidden", '{"error": "role"}', CredentialsRefusedError, 1),
    Fault("404", "404 Not Found", "<h1>nothing here</h1>", QueryRefusedError, 1),
    Fault("412", "412 Precondition Failed", '{"error": "x"}', QueryRefusedError, 1),
    Fault(
        "429",
        LIMITED,
        LIMIT_TEXT,
        RateLimitedError,
        3,
        facts={"retry_after": None},
    ),
    Fault(
        "429 in no time",
        LIMITED,
        "no",
        RateLimitedError,
        3,
        ("Retry-After: 0",),
        {"retry_after": 0.0},
    ),
    Fault(
        "429 in too many seconds",
        LIMITED,
        "no",
        RateLimitedError,
        1,
        ("Retry-After: 61",),
        {"retry_after": 61.0},
    ),
    Fault(
        "429 until a date that is now",
        LIMITED,
        "no",
        RateLimitedError,
        3,
        (NOON, "Retry-After: Thu, 26 Nov 2026 12:00:00 GMT"),
        {"retry_after": 0.0},
    ),
    Fault(
        "429 until a date that is far",
        LIMITED,
        "no",
        RateLimitedError,
        1,
        (NOON, "Retry-After: Thu, 26 Nov 2026 12:30:00 GMT"),
        {"retry_after": 1800.0},
    ),
    Fault(
        "429 until nonsense",
        LIMITED,
        "no",
        RateLimitedError,
        3,
        ("Retry-After: soon",),
        {"retry_after": None},
    ),
    Fault("500", "500 Oops", '{"error": "oops"}', MixpanelDownError, 3),
    Fault("501", "501 Not Implemented", "no", QueryRefusedError, 1),
    Fault("502 in HTML", "502 Bad Gateway", "<html>oops</html>", MixpanelDownError, 3),
    Fault("503", "503 Unavailable", "", MixpanelDownError, 3),
    Fault("504", "504 Gateway Timeout", "", MixpanelDownError, 3),
    Fault(
        "redirect",
        "302 Found",
        "",
        RefusedError,
        1,
        ("Location: https://elsewhere.example/login",),
    ),
    Fault("418", "418 Teapot", "no", RefusedError, 1),
]


def said_by(error: BaseException) -> str:
    """Return all that an error says: its text, facts, causes, and what pickle keeps."""
    parts = [str(error), repr(error), repr(vars(error))]
    parts.append("".join(traceback.format_exception(error)))
    parts.append(pickle.dumps(error).decode("latin-1"))
    return "\n".join(parts)


def check_secrets(error: BaseException) -> None:
    """Check that nothing in an error is secret."""
    said = said_by(error)
    assert SECRET not in said
    assert HEADER not in said


@QUESTIONS
@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: fault.name)
def test_refusal(
    refused: Make, scripted: Make, reply: Make, question: Make, fault: Fault
) -> None:
    """A refusal is its error, with all facts, asked again only where that may help."""
    answer = reply(fault.body.encode(), *fault.headers, status=fault.status)
    server = scripted(*[answer] * 4)
    error = refused(question, base_url=server.base_url, retry=QUICK)

    assert type(error) is fault.kind
    assert isinstance(error, RefusedError)
    assert (error.status, error.body) == (int(fault.status[:3]), fault.body)
    assert error.request.path == PATHS[question.__name__]
    assert {name: getattr(error, name) for name in fault.facts} == fault.facts
    assert len(server.requests) == fault.asked
    assert "\n" not in str(error)
    check_secrets(error)


@QUESTIONS
def test_refusal_that_repeats_the_secret(
    refused: Make, scripted: Make, reply: Make, question: Make
) -> None:
    """A server that says back what it was sent gets no secret into the error."""
    said = f"you sent Basic {HEADER}, that is {SECRET}".encode()
    server = scripted(reply(said, status="400 Bad Request"))
    error = refused(question, base_url=server.base_url)

    assert error.body == "you sent Basic ***, that is ***"
    check_secrets(error)


def test_redirect_takes_no_credentials_along(
    refused: Make, scripted: Make, reply: Make
) -> None:
    """A redirect is not followed, wherever it leads; its target is named."""
    other = scripted(reply(b"[]"))
    to = f"Location: {other.base_url}/elsewhere?secret={SECRET}"
    server = scripted(reply(b"", to, status="307 Temporary Redirect"))
    error = refused(names, base_url=server.base_url)

    assert other.requests == []
    assert f"it redirects to '{other.base_url}/elsewhere?secret=***'" in str(error)
    check_secrets(error)


def export(client: Client) -> object:
    """Ask for an export."""
    return client.export("2026-11-09", "2026-11-15")


@pytest.mark.parametrize("shift", range(-19, 5, 3))
@pytest.mark.parametrize("question", [jql, export])
def test_secret_where_a_text_is_shortened(
    refused: Make, scripted: Make, reply: Make, question: Make, shift: int
) -> None:
    """Neither is a part of the secret left where an error shortens what it quotes."""
    body = b"x" * (200 + shift) + SECRET.encode() + b"y" * 100
    server = scripted(reply(body))
    error = refused(question, base_url=server.base_url)

    assert "xxxxxxxx" in str(error)
    assert SECRET[:8] not in said_by(error)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CUTS = {
    "no answer at all": b"",
    "half of a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "fewer bytes than announced": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n["a',
    "half of a chunk": CHUNKED + b'20\r\n["a',
    "no last chunk": CHUNKED + b'5\r\n["a"]\r\n',
    "no HTTP": b"SSH-2.0-OpenSSH_9.9\r\n",
}


@QUESTIONS
@pytest.mark.parametrize("answer", CUTS.values(), ids=CUTS)
def test_cut(refused: Make, scripted: Make, question: Make, answer: bytes) -> None:
    """An answer that is not whole is none, and is asked for again."""
    server = scripted(*[answer] * 4)
    error = refused(question, base_url=server.base_url, retry=QUICK)

    assert type(error) is NoAnswerError
    assert error.request.path == PATHS[question.__name__]
    assert len(server.requests) == 3
    check_secrets(error)


UNREADABLE = {
    "html": b"<html>log in</html>",
    "empty": b"",
    "cut where nobody can tell": b'["Sign Up", "Purch',
    "not a number": b"[NaN]",
    "not UTF-8": b'["\xff"]',
    "secret": f'{{"you sent": "{SECRET}"'.encode(),
}


@QUESTIONS
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(
    refused: Make, scripted: Make, reply: Make, question: Make, body: bytes
) -> None:
    """A 200 that is no JSON is unreadable, and would be again."""
    server = scripted(*[reply(body)] * 4)
    error = refused(question, base_url=server.base_url, retry=QUICK)

    assert type(error) is UnreadableAnswerError
    assert error.request.path == PATHS[question.__name__]
    assert len(server.requests) == 1
    check_secrets(error)


@QUESTIONS
def test_timeout(refused: Make, question: Make) -> None:
    """A server that falls silent is asked once: it would take too long again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        error = refused(question, base_url=url, retry=QUICK, timeout=0.05)
        server.settimeout(0.2)
        server.accept()[0].close()
        with pytest.raises(TimeoutError):
            server.accept()

    assert type(error) is AnswerTimeoutError
    assert error.request.path == PATHS[question.__name__]
    check_secrets(error)


@QUESTIONS
def test_refused_connection(refused: Make, question: Make) -> None:
    """A port where nobody listens is no answer; three attempts take two pauses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    error = refused(question, base_url=url, retry=QUICK)

    assert type(error) is NoAnswerError
    assert error.request.path == PATHS[question.__name__]
    check_secrets(error)


CLOSING = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n"


@QUESTIONS
@pytest.mark.parametrize(
    "fault",
    [
        CLOSING % (b"503 Down", b""),
        CLOSING % (b"429 Slow", b"Retry-After: 0\r\n"),
        b"",
        CHUNKED + b'5\r\n["a"]\r\n',
    ],
    ids=["503", "429", "no answer", "cut"],
)
def test_fault_that_passes(
    ask: Make, scripted: Make, reply: Make, question: Make, fault: bytes
) -> None:
    """What works at the third attempt is an answer like any other."""
    server = scripted(fault, fault, reply(b'["a"]'))

    assert ask(question, base_url=server.base_url, retry=QUICK) == ["a"]
    assert len(server.requests) == 3
    first, *others = server.requests
    assert others == [first, first]


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"series": [SECRET], "values": {}}},
        {"data": {"series": [], "values": {"A": {"2026-11-09": SECRET}}}},
        {"data": {"series": [], "values": {SECRET: 7}}},
        {"status": "error", "message": SECRET},
    ],
)
def test_good_answer_that_repeats_the_secret(
    refused: Make, scripted: Make, reply: Make, body: object
) -> None:
    """Neither the error nor what it came from quotes the secret, nor does a pickle."""
    server = scripted(reply(json.dumps(body).encode()))

    error = refused(
        lambda client: client.events("A", "2026-11-09", "2026-11-09"),
        base_url=server.base_url,
    )

    assert "***" in str(error)
    assert SECRET not in "".join(traceback.format_exception(error))
    assert SECRET.encode() not in pickle.dumps(error)


def test_body_that_is_no_json_is_not_kept(
    refused: Make, scripted: Make, reply: Make
) -> None:
    """The parser's own error holds the whole body; it is not chained."""
    server = scripted(reply(SECRET.encode()))

    error = refused(lambda client: client.event_names(), base_url=server.base_url)

    assert error.__cause__ is None
    assert error.__context__ is None

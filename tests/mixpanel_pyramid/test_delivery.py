"""What an answer of Mixpanel means, and what is posted to it."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from mixpanel_pyramid.answers import Outcome, read_answer
from mixpanel_pyramid.delivery import read_body, read_failure, trusted
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender
from mixpanel_pyramid.services import service_of

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink

MakeSender = Callable[[str, float], MixpanelSender]
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.timezone.utc)
EVENT = Message(
    "events", '{"event":"Page Viewed","properties":{"Title":"Å & b"}}', True
)
PROFILE = Message("people", '{"$distinct_id":"joe","$set":{"Plan":"pro"}}', True)
GROUP = Message("groups", '{"$group_key":"company","$group_id":"acme"}', True)


@pytest.fixture
def make_sender() -> Iterator[MakeSender]:
    """Make senders that are closed after the test."""
    made: list[MixpanelSender] = []

    def make(base_url: str, timeout: float) -> MixpanelSender:
        destination = MixpanelDestination(base_url, request_timeout=timeout)
        made.append(MixpanelSender(destination))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"status": 1, "error": null}', Outcome.ACCEPTED),
        (200, b"1", Outcome.ACCEPTED),
        (200, b'{"status": 0, "error": "bad token"}', Outcome.REFUSED),
        (200, b"0", Outcome.REFUSED),
        (200, b"<html>a proxy says</html>", Outcome.AMBIGUOUS),
        (200, b"", Outcome.AMBIGUOUS),
        (200, b"[1]", Outcome.AMBIGUOUS),
        (302, b"<html>log in</html>", Outcome.NOT_APPLIED),
        (400, b"bad request", Outcome.REFUSED),
        (401, b"who are you", Outcome.NOT_APPLIED),
        (403, b"", Outcome.NOT_APPLIED),
        (404, b"", Outcome.NOT_APPLIED),
        (407, b"", Outcome.NOT_APPLIED),
        (408, b"", Outcome.AMBIGUOUS),
        (413, b"", Outcome.TOO_LARGE),
        (429, b"", Outcome.NOT_APPLIED),
        (500, b"", Outcome.AMBIGUOUS),
        (502, b"", Outcome.AMBIGUOUS),
        (503, b"", Outcome.AMBIGUOUS),
    ],
)
def test_an_answer_means_one_thing(status: int, body: bytes, outcome: Outcome) -> None:
    """Accepted, refused, not applied, or unclear."""
    assert read_answer(status, {}, body, NOW).outcome is outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (httpx.ConnectError("refused"), Outcome.NOT_APPLIED),
        (httpx.ConnectTimeout("slow"), Outcome.NOT_APPLIED),
        (httpx.ProxyError("no"), Outcome.NOT_APPLIED),
        (httpx.ReadTimeout("slow"), Outcome.AMBIGUOUS),
        (httpx.WriteError("cut"), Outcome.AMBIGUOUS),
        (httpx.ReadError("cut"), Outcome.AMBIGUOUS),
        (httpx.RemoteProtocolError("half an answer"), Outcome.AMBIGUOUS),
        (RuntimeError("who knows"), Outcome.AMBIGUOUS),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_means_one_thing(error: Exception, outcome: Outcome) -> None:
    """What was never sent may be sent again, even a counter."""
    assert read_failure(error).outcome is outcome


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("999999", 3600.0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, pause: float | None) -> None:
    """Never negative, never more than an hour."""
    assert read_answer(429, {"retry-after": header}, b"", NOW).retry_after == pause


def test_a_reason_is_one_short_line() -> None:
    """It goes to the log."""
    attempt = read_answer(400, {}, b"no\n such\n  thing" + b"x" * 5000, NOW)

    assert attempt.reason.startswith("status 400: no such thingxxx")
    assert len(attempt.reason) < 220


def test_a_post_is_what_the_official_library_sends(
    make_sender: MakeSender, sink: Sink
) -> None:
    """A form with ``data``; ip=0, so that the server's own place is not the user's."""
    attempt = make_sender(sink.base_url, 5).post([EVENT, EVENT])

    (post,) = sink.posts
    assert attempt.outcome is Outcome.ACCEPTED
    assert post.path == "/track"
    assert post.query == {"ip": "0", "verbose": "1"}
    assert (
        post.messages
        == [
            {"event": "Page Viewed", "properties": {"Title": "Å & b"}},
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("message", "path"), [(PROFILE, "/engage"), (GROUP, "/groups")]
)
def test_each_endpoint_has_its_path(
    make_sender: MakeSender, sink: Sink, message: Message, path: str
) -> None:
    """Profiles and groups are posted like events."""
    make_sender(sink.base_url, 5).post([message])

    assert [post.path for post in sink.posts] == [path]


def test_a_base_url_may_have_a_path(make_sender: MakeSender, sink: Sink) -> None:
    """A proxy may serve Mixpanel below a path of its own."""
    make_sender(f"{sink.base_url}/mp", 5).post([EVENT])

    assert [post.path for post in sink.posts] == ["/mp/track"]


def test_a_refused_connection_is_not_applied(make_sender: MakeSender) -> None:
    """Nothing was read by anybody."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    attempt = make_sender(f"http://127.0.0.1:{port}", 5).post([EVENT])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert attempt.reason.startswith("ConnectError: ")


def test_a_service_that_hangs_is_given_up(
    make_sender: MakeSender, sink: Sink, reply: type[Reply]
) -> None:
    """After the timeout, and what became of the batch is unclear."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    answer = threading.Timer(2, hold.set)
    answer.start()
    attempt = make_sender(sink.base_url, 0.1).post([EVENT])
    answer.cancel()
    hold.set()

    assert attempt.outcome is Outcome.AMBIGUOUS
    assert attempt.reason == "ReadTimeout: timed out"


def test_an_answer_that_goes_on_and_on_is_given_up(make_sender: MakeSender) -> None:
    """A byte now and then keeps the connection alive, but not the delivery waiting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=answer_slowly, args=[server])
        answer.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        attempt = make_sender(address, 0.5).post([EVENT])
        answer.join()

    assert attempt.outcome is Outcome.AMBIGUOUS


def answer_slowly(server: socket.socket) -> None:
    """Send the body of a good answer, a byte at a time, until nobody listens."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.recv(65_536)
        body = b" " * 100 + b"1"
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode())
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)


def test_a_cut_connection_is_unclear(
    make_sender: MakeSender, sink: Sink, reply: type[Reply]
) -> None:
    """The service read the batch, and said nothing."""
    sink.script.append(reply(status=0))
    attempt = make_sender(sink.base_url, 5).post([EVENT])

    assert attempt.outcome is Outcome.AMBIGUOUS


def test_no_redirect_is_followed(
    make_sender: MakeSender, sink: Sink, reply: type[Reply]
) -> None:
    """What is tracked goes where the settings say, and nowhere else."""
    elsewhere = {"Location": f"{sink.base_url}/elsewhere"}
    sink.script.append(reply(status=307, headers=elsewhere))
    attempt = make_sender(sink.base_url, 5).post([EVENT])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert len(sink.posts) == 1


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    make_sender: MakeSender, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy does not know this machine's own ports."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")

    assert make_sender(sink.base_url, 5).post([EVENT]).outcome is Outcome.ACCEPTED


def test_an_answer_is_read_no_further_than_anybody_needs() -> None:
    """A server that never ends fills no memory: 4,000,000 bytes, and one piece."""
    endless = (b"x" * 1_000_000 for _ in range(100))

    body = read_body(httpx.Response(200, content=endless), time.monotonic() + 60)

    assert len(body) == 5_000_000


def test_an_answer_that_goes_on_after_its_time_is_none() -> None:
    """Each piece comes in time, and the whole does not."""
    drops = (b"x" for _ in range(100))

    with pytest.raises(httpx.ReadTimeout, match="goes on and on"):
        read_body(httpx.Response(200, content=drops), time.monotonic() - 1)


def test_servers_are_known_by_certifi_where_the_environment_names_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the official library knows them."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)

    certificates = trusted().get_ca_certs()

    assert len(certificates) > 50


def test_what_is_no_destination_has_no_service() -> None:
    """A mistake in a program, which is told at once."""
    with pytest.raises(TypeError, match="is no service that messages go to"):
        service_of("mixpanel")

"""Tests of exports that fail, on a real socket, through both clients.

Lessons 16 and 17: an export is complete and without repeats, or an error.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

import pytest

from mixpanel_query import AsyncClient, Client, ExportedEvent, RetryPolicy, Window
from mixpanel_query.exceptions import ExportTruncatedError, MixpanelDownError

Make = Callable[..., Any]
Events = Generator[ExportedEvent, None, None] | AsyncGenerator[ExportedEvent, None]
TWICE = RetryPolicy(attempts=2, first_pause=0.0)
COUNT = 2000


def line(number: int, **properties: object) -> bytes:
    """Write a line of an export."""
    said = {
        "time": 1794700800 + number,
        "distinct_id": f"user-{number % 7}",
        "$insert_id": f"{number:08x}",
        "note": "č\u2028東",
        **properties,
    }
    row = {"event": "Sign Up", "properties": said}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


LINES = [line(number) for number in range(COUNT)]
BODY = b"".join(LINES)
HALF = b"".join(LINES[: COUNT // 2])
IDS = [f"{number:08x}" for number in range(COUNT)]


def head(*headers: str, status: str = "200 OK") -> bytes:
    """Write the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def sized(body: bytes, *headers: str, missing: int = 0) -> bytes:
    """Write an answer that says how long it is; ``missing`` bytes do not come."""
    length = f"Content-Length: {len(body) + missing}"
    return head(length, "Connection: close", *headers) + body


def chunked(body: bytes, *headers: str, is_whole: bool = True) -> bytes:
    """Write an answer in chunks of 1,000 bytes, with the last one or without it."""
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    end = b"0\r\n\r\n" if is_whole else b""
    return (
        head("Transfer-Encoding: chunked", "Connection: close", *headers) + sent + end
    )


def zipped(body: bytes) -> bytes:
    """Compress a body as Mixpanel does."""
    return gzip.compress(body, mtime=0)


def changed(packed: bytes) -> bytes:
    """Let the checksum of a compressed body be wrong."""
    return packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]


GZIP = "Content-Encoding: gzip"
WHOLE = chunked(zipped(BODY), GZIP)
EARLY = b"export terminated early"
FAULTS = {
    "cut mid-line, with a length": (sized(HALF + LINES[-1][:50], missing=99), 1000),
    "cut between lines, with a length": (sized(HALF, missing=99), 1000),
    "cut mid-line, in chunks": (
        chunked(HALF + LINES[-1][:50], is_whole=False),
        1000,
    ),
    "cut between lines, in chunks": (chunked(HALF, is_whole=False), 1000),
    "cut mid-line, and HTTP is whole": (chunked(HALF + LINES[-1][:50]), 1000),
    "cut mid-gzip, with a length": (
        sized(zipped(BODY)[:-500], GZIP, missing=500),
        None,
    ),
    "cut mid-gzip, in chunks": (
        chunked(zipped(BODY)[:-500], GZIP, is_whole=False),
        None,
    ),
    "cut mid-gzip, and HTTP is whole": (chunked(zipped(BODY)[:-500], GZIP), None),
    "gzip without its trailer": (chunked(zipped(BODY)[:-8], GZIP), COUNT),
    "gzip with a wrong checksum": (sized(changed(zipped(BODY)), GZIP), None),
    "garbage after gzip": (sized(zipped(HALF) + b"garbage", GZIP), 1000),
    "no gzip at all": (sized(BODY, GZIP), 0),
    "no bytes of gzip": (chunked(b"", GZIP), 0),
    "terminated early": (chunked(HALF + EARLY), 1000),
    "terminated early, with a line end": (sized(HALF + EARLY + b"\n"), 1000),
    "terminated early, compressed": (chunked(zipped(HALF + EARLY), GZIP), 1000),
    "an error line": (chunked(HALF + b'{"error": "timeout"}\n'), 1000),
    "an error line, and rows after it": (
        chunked(HALF + b'{"error": "timeout"}\n' + HALF),
        1000,
    ),
    "a broken line": (chunked(HALF + b'{"event": "A", "prop\n' + LINES[-1]), 1000),
    "a line that is not UTF-8": (
        chunked(HALF + b'{"event":"A","properties":{"time":1,"p":"\xff"}}\n'),
        1000,
    ),
    "an event without a time": (chunked(HALF + b'{"event":"A","properties":{}}'), 1000),
    "plain without a length": (head("Connection: close") + BODY, 0),
    "a page": (sized(b"<html><body>Bad gateway</body></html>"), 0),
    "a part": (sized(BODY).replace(b"200 OK", b"206 Partial Content", 1), 0),
    "accepted": (sized(BODY).replace(b"200 OK", b"202 Accepted", 1), 0),
}
EACH_FAULT = pytest.mark.parametrize(("sent", "rows"), FAULTS.values(), ids=FAULTS)


def export(client: Client | AsyncClient) -> Events:
    """Ask for an export."""
    return client.export("2026-11-15", "2026-11-15")


def insert_ids(events: list[ExportedEvent]) -> list[str | None]:
    """Return what tells events apart."""
    return [event.insert_id for event in events]


@EACH_FAULT
def test_error_with_its_facts(
    refused: Make, scripted: Make, sent: bytes, rows: int | None
) -> None:
    """What is not whole is an error that says which days, and how far it came."""
    server = scripted(sent)

    error = refused(export, base_url=server.base_url)

    assert type(error) is ExportTruncatedError
    assert error.window == Window.of("2026-11-15", "2026-11-15")
    assert error.request.params["from_date"] == "2026-11-15"
    assert error.rows == rows or (rows is None and 0 <= error.rows <= COUNT)
    assert "\n" not in str(error)
    assert "hunter2" not in str(error)
    assert server.base_url.removeprefix("http://") in str(error)


@EACH_FAULT
def test_whole_the_second_time(
    ask: Make, scripted: Make, sent: bytes, rows: int | None
) -> None:
    """What was cut is asked for again, and each event comes once."""
    server = scripted(sent, WHOLE)

    events = ask(export, base_url=server.base_url, retry=TWICE)

    assert sorted(insert_ids(events)) == IDS
    assert len(server.requests) == 2


@EACH_FAULT
def test_cut_each_time(
    scripted: Make, account: object, sent: bytes, rows: int | None
) -> None:
    """An export that stays cut is an error, and nothing was yielded twice."""
    server, events = scripted(sent, sent), []

    def read_all(client: Client) -> None:
        events.extend(insert_ids([event]) for event in export(client))

    with (
        Client(account, base_url=server.base_url, retry=TWICE) as client,
        pytest.raises(ExportTruncatedError) as caught,
    ):
        read_all(client)

    assert len({tuple(each) for each in events}) == len(events) == caught.value.rows
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "tail"),
    [
        ("terminated early, compressed", "export terminated early"),
        ("an error line", '{"error": "timeout"}'),
        ("a page", "<html><body>Bad gateway</body></html>"),
        ("cut between lines, in chunks", ""),
    ],
)
def test_tail(refused: Make, scripted: Make, fault: str, tail: str) -> None:
    """The error shows the line that is no event."""
    error = refused(export, base_url=scripted(FAULTS[fault][0]).base_url)

    assert error.tail == tail


def test_reset_connection(ask: Make, scripted: Make) -> None:
    """A connection that is reset in the middle is a cut like any other."""
    server = scripted(sized(HALF, missing=99), sized(HALF, missing=99), reset=True)

    with pytest.raises(ExportTruncatedError):
        ask(export, base_url=server.base_url, retry=TWICE)


@pytest.mark.parametrize(
    "sent",
    [
        sized(b""),
        sized(b"", GZIP),
        sized(b"\n"),
        chunked(b""),
        chunked(zipped(b""), GZIP),
    ],
    ids=["empty", "empty and gzip", "a line end", "no chunk", "gzip of nothing"],
)
def test_no_events(ask: Make, scripted: Make, sent: bytes) -> None:
    """A day without events is no error."""
    assert ask(export, base_url=scripted(sent).base_url) == []


@pytest.mark.parametrize(
    "sent",
    [
        sized(BODY),
        sized(BODY[:-1]),
        sized(BODY.replace(b"\n", b"\r\n\n")),
        chunked(BODY),
        WHOLE,
        sized(zipped(HALF) + zipped(BODY.removeprefix(HALF)), GZIP),
        sized(BODY, "Content-Encoding: identity"),
    ],
    ids=["sized", "open end", "empty lines", "chunks", "gzip", "members", "identity"],
)
def test_whole_exports(ask: Make, scripted: Make, sent: bytes) -> None:
    """However it is sent, a whole export has all events, and their signs."""
    events = ask(export, base_url=scripted(sent).base_url)

    assert insert_ids(events) == IDS
    assert {event.properties["note"] for event in events} == {"č\u2028東"}


def test_line_of_a_megabyte(ask: Make, scripted: Make) -> None:
    """The longest events that Mixpanel takes come whole."""
    long = line(0, text="č" * (1 << 19))

    (event,) = ask(export, base_url=scripted(chunked(zipped(long), GZIP)).base_url)

    assert event.properties["text"] == "č" * (1 << 19)


def test_user_merged_between_two_fetches(ask: Make, scripted: Make) -> None:
    """An event whose user has another id the second time is the same event."""
    merged = [line(n, distinct_id="one") for n in range(COUNT)]
    server = scripted(chunked(HALF, is_whole=False), chunked(b"".join(merged)))

    events = ask(export, base_url=server.base_url, retry=TWICE)

    assert sorted(insert_ids(events)) == IDS
    assert [event.distinct_id for event in events[COUNT // 2 :]] == ["one"] * 1000


def test_rows_without_insert_id(ask: Make, scripted: Make) -> None:
    """Rows that nothing tells apart come as often as the whole export has them."""
    row = b'{"event":"A","properties":{"time":1794700800}}\n'
    server = scripted(chunked(row * 2, is_whole=False), chunked(row * 5))

    assert len(ask(export, base_url=server.base_url, retry=TWICE)) == 5


def test_limit_counts_all_fetches(ask: Make, scripted: Make) -> None:
    """With a limit, another fetch may have other events; there are not more for it."""
    server = scripted(
        chunked(b"".join(LINES[:3]), is_whole=False), chunked(b"".join(LINES[2:7]))
    )

    events = ask(
        lambda client: client.export("2026-11-15", "2026-11-15", limit=5),
        base_url=server.base_url,
        retry=TWICE,
    )

    assert insert_ids(events) == IDS[:5]
    assert "limit=5" in server.requests[0]


def test_refusal_is_retried(ask: Make, scripted: Make) -> None:
    """Lesson 16: one 503 is not the end of an export."""
    down = sized(b"down").replace(b"200 OK", b"503 Service Unavailable", 1)
    server = scripted(down, WHOLE)

    assert len(ask(export, base_url=server.base_url, retry=TWICE)) == COUNT


def test_refused_after_a_cut(refused: Make, scripted: Make) -> None:
    """What the second attempt says counts, if it says no."""
    down = sized(b"down").replace(b"200 OK", b"503 Service Unavailable", 1)
    server = scripted(chunked(HALF, is_whole=False), down)

    assert isinstance(
        refused(export, base_url=server.base_url, retry=TWICE), MixpanelDownError
    )

"""Tests of mixpanel_query.export, without a network."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import ExportedEvent, Window
from mixpanel_query.exceptions import ExportTruncatedError, InvalidQueryError
from mixpanel_query.export import ExportReader, read_export
from mixpanel_query.wire import QueryRequest
from mixpanel_schema import Event

WEEK = Window.of("2026-11-09", "2026-11-15")
PLAIN = {"transfer-encoding": "chunked"}
GZIP = {"content-encoding": "gzip"}
Row = Callable[..., bytes]


def started(headers: dict[str, str] = PLAIN) -> ExportReader:
    """A reader that has seen the headers."""
    reader = read_export(WEEK, events=None, where=None)
    reader.start("data.mixpanel.com", headers)
    return reader


def read(*pieces: bytes, headers: dict[str, str] = PLAIN) -> list[ExportedEvent]:
    """Read an export that arrives in pieces."""
    reader = started(headers)
    events = [event for piece in pieces for event in reader.feed(piece)]
    return events + list(reader.finish())


def ids(events: list[ExportedEvent]) -> list[str | None]:
    """The insert ids of events."""
    return [event.insert_id for event in events]


def test_request() -> None:
    """The export of some events with an expression."""
    reader = read_export(WEEK, events=[Event("Sign Up"), "Purchase"], where="x == 1")

    assert reader.request == QueryRequest(
        "/api/2.0/export",
        {
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
            "event": '["Sign Up", "Purchase"]',
            "where": "x == 1",
        },
        "export",
        limits=("export",),
    )


def test_request_with_a_limit_and_milliseconds() -> None:
    """A limit and finer times are asked for in Mixpanel's own words."""
    request = read_export(WEEK, limit=100_000, time_in_ms=True).request

    assert request.params["limit"] == "100000"
    assert request.params["time_in_ms"] == "true"


@pytest.mark.parametrize("limit", [0, -1, 100_001])
def test_limit_out_of_range(limit: int) -> None:
    """A limit that Mixpanel does not take is refused here."""
    with pytest.raises(InvalidQueryError, match=r"limit .* use 1 to 100000"):
        read_export(WEEK, limit=limit)


def test_request_for_everything() -> None:
    """Without events and expression, neither is sent."""
    request = read_export(WEEK, events=None, where=None).request

    assert set(request.params) == {"from_date", "to_date"}


def test_no_events_are_not_all_events() -> None:
    """An empty list is refused, as Mixpanel would export everything."""
    with pytest.raises(InvalidQueryError, match="list of events is empty"):
        read_export(WEEK, events=[], where=None)


def test_empty_body() -> None:
    """No line is no event, and no error."""
    assert read() == []


def test_last_line_without_line_end(row: Row) -> None:
    """The last line counts although nothing ends it."""
    assert ids(read(row(1) + row(2).rstrip(b"\n"))) == ["insert-1", "insert-2"]


def test_empty_lines(row: Row) -> None:
    """Empty lines, and line ends of Windows, hold no event and hide none."""
    assert ids(read(b"\n" + row(1) + b"\r\n\n" + row(2))) == ["insert-1", "insert-2"]


@given(st.integers(min_value=1, max_value=200), st.booleans())
def test_pieces_of_any_size(size: int, packed: bool) -> None:
    """Wherever the network cuts, the events are the same."""
    body = "".join(
        f'{{"event":"č\u2028","properties":{{"time":{n},"$insert_id":"{n}"}}}}\n'
        for n in range(3)
    ).encode()
    sent = gzip.compress(body) if packed else body
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]

    events = read(*pieces, headers=GZIP if packed else PLAIN)

    assert ids(events) == ["0", "1", "2"]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_line_feeds_end_lines(sign: str) -> None:
    """Lesson 22: signs that text methods take for line ends stay inside values."""
    body = f'{{"event":"a{sign}b","properties":{{"time":1,"p":"{sign}"}}}}\n'
    if sign < " ":
        body = body.replace(sign, f"\\u{ord(sign):04x}")

    (event,) = read(body.encode())

    assert event.event == f"a{sign}b"
    assert event.properties["p"] == sign


def test_copies_are_left_out(row: Row) -> None:
    """Copies on the documented key are yielded once, whatever else they say."""
    body = row(1) + row(2) + row(1, mp_processing_time_ms=7) + row(3)
    reader = started()

    events = [*reader.feed(body), *reader.finish()]

    assert ids(events) == ["insert-1", "insert-2", "insert-3"]
    assert reader.rows == 3


def test_events_without_insert_id_are_kept() -> None:
    """What cannot be told from a copy is not taken for one."""
    line = b'{"event":"A","properties":{"time":1}}\n'

    assert len(read(line * 3)) == 3


@pytest.mark.parametrize(
    "line",
    [
        b"export terminated early",
        b"export terminated early\n",
        b'{"error": "timeout"}\n',
        b"error completing export request\n",
        b"<html>502</html>",
        b'{"event":"Sign Up","properties":{"ti',
    ],
)
def test_line_that_is_no_event(line: bytes, row: Row) -> None:
    """Lessons 16 and 17: a line that is no event means that events are missing."""
    reader = started()
    events: list[ExportedEvent] = []

    def read_all() -> None:
        events.extend(reader.feed(row(1) + row(2) + line))
        events.extend(reader.finish())

    with pytest.raises(ExportTruncatedError) as caught:
        read_all()

    assert ids(events) == ["insert-1", "insert-2"]
    assert (caught.value.rows, caught.value.window) == (2, WEEK)
    assert caught.value.tail == line.decode().rstrip()
    assert caught.value.request == reader.request


def test_message(row: Row) -> None:
    """One line says which export, how far it came, why it failed, and what to do."""
    with pytest.raises(ExportTruncatedError) as caught:
        read(row(1) + b"export terminated early\n")

    assert str(caught.value) == (
        "export of 2026-11-09 to 2026-11-15 from data.mixpanel.com is not whole after "
        "1 events: a line is no event (Expecting value: line 1 column 1 (char 0)) at "
        "'export terminated early'; ask for it again, in shorter windows if it stays so"
    )


def test_good_lines_after_a_bad_one_do_not_count(row: Row) -> None:
    """An error in the middle is an error, even when events follow."""
    with pytest.raises(ExportTruncatedError):
        read(row(1) + b'{"error": "x"}\n' + row(2))


def test_gzip_without_end(row: Row) -> None:
    """A gzip stream without its trailer is cut, even between two lines."""
    sent = gzip.compress(row(1) + row(2))[:-8]

    with pytest.raises(ExportTruncatedError, match="its gzip has no end") as caught:
        read(sent, headers=GZIP)

    assert caught.value.rows == 2


def test_broken_gzip(row: Row) -> None:
    """Bytes that are not gzip are an error, not events."""
    with pytest.raises(ExportTruncatedError, match="its gzip is broken"):
        read(row(1), headers=GZIP)


def test_empty_gzip() -> None:
    """No bytes at all are not a gzip stream, unless the length says so."""
    assert read(headers={**GZIP, "content-length": "0"}) == []
    with pytest.raises(ExportTruncatedError, match="no end"):
        read(headers=GZIP)


def test_other_encodings() -> None:
    """An encoding that was not asked for is an error."""
    with pytest.raises(ExportTruncatedError, match="encoding is 'br', not gzip"):
        read(headers={"content-encoding": "br"})


def test_identity_encoding(row: Row) -> None:
    """A body that is said not to be compressed is read."""
    assert len(read(row(1), headers={**PLAIN, "content-encoding": "identity"})) == 1


def test_line_of_a_megabyte(row: Row) -> None:
    """The longest events Mixpanel takes are read."""
    line = row(1, text="x" * (1 << 20))
    pieces = [line[start : start + 65536] for start in range(0, len(line), 65536)]

    (event,) = read(*pieces)

    assert event.properties["text"] == "x" * (1 << 20)


def test_line_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that never ends its line does not fill the memory."""
    monkeypatch.setattr("mixpanel_query.export.LONGEST_LINE", 1000)

    with pytest.raises(ExportTruncatedError, match="a line does not end"):
        read(*[b"x" * 100] * 11)


def test_memory_is_bounded(row: Row) -> None:
    """What has been handed over is forgotten, but for the keys of copies."""
    reader = started()
    body = b"".join(row(number, text="x" * 10_000) for number in range(50))
    tracemalloc.start()

    for _ in range(20):
        for _event in reader.feed(body.replace(b"insert-", b"%d-" % reader.rows)):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert reader.rows == 1000
    assert peak < 4_000_000


@pytest.mark.parametrize(
    "headers",
    [{}, {"connection": "close"}, {"transfer-encoding": "identity"}],
    ids=["silent", "until it closes", "not in chunks"],
)
def test_plain_body_without_an_end(headers: dict[str, str]) -> None:
    """A body that ends when the connection does could be cut and nobody knew."""
    with pytest.raises(ExportTruncatedError, match="nothing says where it ends"):
        started(headers)


def test_http_2_says_where_a_body_ends() -> None:
    """Frames of HTTP/2 have an end of their own."""
    reader = read_export(WEEK, events=None, where=None)
    reader.start("data.mixpanel.com", {}, version="HTTP/2")

    assert list(reader.finish()) == []


@pytest.mark.parametrize("status", [202, 204, 206])
def test_other_success_is_none(status: int) -> None:
    """Accepted, empty or a part: none of them is the export."""
    reader = read_export(WEEK, events=None, where=None)

    with pytest.raises(ExportTruncatedError, match=f"its status is {status}, not 200"):
        reader.start("data.mixpanel.com", PLAIN, status=status)


def test_row_that_is_nested_deeply() -> None:
    """A row is nested too deeply for one decoder before it is for another one."""
    for depth in range(900, 1100):
        nested = b"[" * depth + b"]" * depth
        row = b'{"event":"A","properties":{"time":1602611311,"x":%s}}\n' % nested
        reader = read_export(Window.of("2026-11-09", "2026-11-15"))
        reader.start("here", {"content-length": "1"})
        try:
            found = len(list(reader.feed(row)))
        except ExportTruncatedError:  # and no other error
            found = 1
        assert found == 1

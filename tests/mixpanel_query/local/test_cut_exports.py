"""Answers that break off, over a real socket."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from mixpanel_query import Client, ExportedEvent, RetryPolicy
from mixpanel_query.exceptions import (
    ExportTruncatedError,
    MixpanelQueryError,
    NoAnswerError,
)
from mixpanel_query.local import LocalProject

DAY = ("2026-11-22", "2026-11-22")
WINDOW = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
TWICE = RetryPolicy(attempts=2, first_pause=0.0)
COUNT = 100


def taken(events: Iterator[ExportedEvent]) -> tuple[int, MixpanelQueryError | None]:
    """Return how many events an export gave, and how it failed."""
    count = 0
    try:
        for _ in events:
            count += 1
    except MixpanelQueryError as error:
        return count, error
    return count, None


def bytes_of(stream: Iterator[bytes]) -> bytes:
    """Return what came of an answer before its connection was closed."""
    data = bytearray()

    def read() -> None:
        for piece in stream:
            data.extend(piece)

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        read()
    return bytes(data)


@pytest.mark.parametrize("rows", [0, 1, 30, COUNT, COUNT + 1])
@pytest.mark.parametrize("body", [None, "terminated early"], ids=["cut", "ended"])
def test_a_cut_export_is_truncated_for_the_client(
    filled: LocalProject, asking: Callable[..., Client], rows: int, body: str | None
) -> None:
    """After exactly so many rows, by a closed connection or by the text."""
    filled.faults.add(path="/api/2.0/export", cut_after_rows=rows, body=body)

    count, error = taken(asking().export(*DAY))

    assert count == min(rows, COUNT)
    assert type(error) is ExportTruncatedError


def test_a_cut_export_is_asked_for_again(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """And is complete, without copies."""
    filled.faults.add(path="/api/2.0/export", cut_after_rows=60, times=1)

    found = [event.insert_id for event in asking(TWICE).export(*DAY)]

    assert found == [f"i{number}" for number in range(COUNT)]
    assert [(each.status, each.fault) for each in filled.requests] == [
        (200, 1),
        (200, None),
    ]


def test_a_cut_export_is_compressed_as_a_whole_one(
    filled: LocalProject, http: httpx.Client
) -> None:
    """What came can be unpacked, and the stream has no end."""
    filled.faults.add(path="/api/2.0/export", cut_after_rows=60)
    with http.stream("GET", "/api/2.0/export", params=WINDOW) as answer:
        data = bytes_of(answer.iter_raw())

    assert answer.headers["content-encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(data)


def test_an_export_that_ends_early_is_whole_for_http(
    filled: LocalProject, http: httpx.Client
) -> None:
    """Its status is 200, and nothing but its last line shows it."""
    filled.faults.add(cut_after_rows=2, body="terminated early")
    answer = http.get("/api/2.0/export", params=WINDOW)

    assert answer.status_code == 200
    assert answer.text.split("\n")[2] == "terminated early"
    assert answer.text.count("\n") == 2


def test_an_export_of_many_rows_stops_where_it_is_cut(
    filled: LocalProject, http: httpx.Client
) -> None:
    """A cut in the second piece of an export; the server goes on answering."""
    events = [
        {"event": "B", "properties": {"time": 1795305600, "distinct_id": f"u{number}"}}
        for number in range(1500)
    ]
    for _ in range(2):
        http.post("/import?strict=0", json=events)
    filled.faults.add(path="/api/2.0/export", cut_after_rows=2500, times=1)
    with http.stream("GET", "/api/2.0/export", params=WINDOW) as answer:
        data = bytes_of(answer.iter_bytes())

    assert data.count(b"\n") == 2500
    assert http.get("/api/2.0/export", params=WINDOW).text.count("\n") == 3100


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_a_question_that_is_cut_has_no_answer(
    filled: LocalProject, asking: Callable[..., Client], rows: int
) -> None:
    """For the client the connection was lost."""
    filled.faults.add(path="/api/query/*", cut_after_rows=rows)

    with pytest.raises(NoAnswerError):
        asking().events("A", *DAY)


def test_rows_of_jql_are_the_items_of_its_array(
    filled: LocalProject, http: httpx.Client
) -> None:
    """The answer streams, and ends between two of them."""
    filled.faults.add(path="/api/query/jql", cut_after_rows=2)
    script = "function main() { return Events(params).map(e => e.properties.note); }"
    params = json.dumps({"from_date": DAY[0], "to_date": DAY[1]})
    form = {"script": script, "params": params}
    with http.stream("POST", "/api/query/jql", data=form) as answer:
        data = bytes_of(answer.iter_bytes())

    assert len(json.loads(data + b"]")) == 2


def test_both_clients_see_where_an_export_is_cut(
    filled: LocalProject, refused: Callable[..., MixpanelQueryError]
) -> None:
    """After the same rows."""
    filled.faults.add(path="/api/2.0/export", cut_after_rows=3)

    found = refused(lambda client: client.export(*DAY), base_url=filled.base_url)

    assert isinstance(found, ExportTruncatedError)
    assert found.rows == 3


def test_a_cut_is_not_logged_as_an_error_of_the_server(
    filled: LocalProject, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """It was asked for."""
    filled.faults.add(cut_after_rows=1)
    with caplog.at_level(logging.DEBUG), pytest.raises(httpx.RemoteProtocolError):
        http.get("/api/2.0/export", params=WINDOW)
    filled.faults.clear()
    http.get("/api/app/me")

    assert [one for one in caplog.records if one.name.startswith("uvicorn")] == []

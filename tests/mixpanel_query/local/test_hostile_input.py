"""Hostile input gets an error, and the server lives on."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

GZIP = {"Content-Encoding": "gzip"}
EVENT = b'{"event":"A","properties":{"token":"t"}}'


@pytest.mark.parametrize(
    "path", ["/track", "/import", "/engage", "/groups", "/api/query/engage"]
)
def test_large_body_is_413(shared_http: httpx.Client, path: str) -> None:
    """More than 10 MiB are refused in each API's shape, and the answer arrives."""
    answer = shared_http.post(path, content=b"[" + b" " * (11 << 20) + b"]")

    assert answer.status_code == 413
    assert answer.json()["error"] == "request exceeds max limit of 10485760 bytes"
    assert shared_http.post("/track", content=EVENT).text == "1"


@pytest.mark.parametrize("status", [413, 503])
def test_endless_body_is_cut_off(shared_http: httpx.Client, status: int) -> None:
    """A body of more than ten times the limit is not read to its end, taken or not."""
    sent = 0
    if status == 503:
        fault = {"path": "/track", "status": status, "times": 1}
        assert shared_http.post("/local/faults", json=fault).status_code == 201

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(400):
            sent += 1
            yield b" " * (1 << 20)

    # The server hangs up, mostly while the client is still sending.
    with suppress(httpx.TransportError):
        assert shared_http.post("/track", content=chunks()).status_code == status

    assert sent < 400
    assert shared_http.post("/track", content=EVENT).text == "1"


@pytest.mark.parametrize("path", ["/track", "/import"])
def test_gzip_bomb_is_413(shared_http: httpx.Client, path: str) -> None:
    """200 kB that unpack to 200 MB are refused without being unpacked."""
    bomb = gzip.compress(b"0" * (200 << 20))

    assert len(bomb) < 300_000
    assert shared_http.post(path, content=bomb, headers=GZIP).status_code == 413
    assert shared_http.post("/track", content=EVENT).text == "1"


@pytest.mark.parametrize("path", ["/track", "/import", "/engage", "/groups"])
@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b'{"event":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"data=%FF",
        b"data=" + b"&a=b" * 200,
        b"[1",
    ],
    ids=["bytes", "bad utf8", "deep array", "deep object", "form", "fields", "cut"],
)
def test_unreadable_body_is_400(
    shared_http: httpx.Client, path: str, body: bytes
) -> None:
    """What cannot be read is refused, and the next event is taken."""
    assert shared_http.post(path, content=body).status_code == 400
    assert shared_http.post("/track", content=EVENT).text == "1"


@pytest.mark.parametrize(
    "query",
    [
        "event=%FF&from_date=2026-11-01&to_date=2026-11-02",
        "event=A&from_date=2026-11-01%00&to_date=2026-11-02",
        "event=A&from_date=0001-01-01&to_date=9999-12-31",
        "event=A&from_date=2000-01-01&to_date=2026-11-02&unit=minute",
        "event=A&from_date=2000-01-01&to_date=2026-11-02&interval=999999999999",
        "event=A';DROP TABLE events;--&from_date=2026-11-01&to_date=2026-11-02",
        "project_id=x",
    ],
)
def test_odd_question_is_no_crash(shared_http: httpx.Client, query: str) -> None:
    """Odd parameters are answered or refused, and the data stay."""
    shared_http.post("/track", content=EVENT)

    assert shared_http.get(f"/api/query/segmentation?{query}").status_code in (200, 400)
    assert shared_http.get("/api/query/events/names?type=general").json() == ["A"]


@pytest.mark.parametrize("name", ["$insert_id", "a", "b\\ud83d"])
def test_half_a_character_comes_back_as_it_came(
    shared_http: httpx.Client, name: str
) -> None:
    """JSON can say it, UTF-8 cannot: the answer that repeats it is still JSON."""
    own = b'{"time":1,"$insert_id":"\\ud83d","%b":"\\ud83d"}' % name.encode()
    answer = shared_http.post(
        "/import", content=b'[{"event":"A","properties":%b}]' % own
    )

    assert answer.status_code == 400
    assert answer.json()["failed_records"][0]["$insert_id"] == "\ud83d"


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/local/faults/"), ("GET", "/local/verdicts/")]
)
def test_number_that_is_longer_than_python_reads(
    shared_http: httpx.Client, method: str, path: str
) -> None:
    """It is that of nothing."""
    json_type = {"Content-Type": "application/json"}
    answers = [
        shared_http.request(method, f"{path}{'9' * digits}", headers=json_type)
        for digits in (18, 5000)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("host", ["[", "x/track?", "", "x/local/reset?"])
def test_a_strange_host_does_not_change_the_path(
    shared_http: httpx.Client, host: str
) -> None:
    """What is asked is what the first line of a request says."""
    answer = shared_http.get("/api/query/nothing", headers={"Host": host})

    assert answer.status_code == 501
    assert answer.json()["request"] == "/api/query/nothing"
    assert "does not answer GET /api/query/nothing:" in answer.json()["error"]

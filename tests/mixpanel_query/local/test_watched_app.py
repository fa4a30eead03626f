"""Faults, limits and the log, over a real socket."""

from __future__ import annotations

import gzip
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ExportedEvent, RetryPolicy, ServiceAccount
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    ExportTruncatedError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    RateLimitedError,
    UnreadableAnswerError,
)
from mixpanel_query.local import LocalProject

ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
DAY = ("2026-11-22", "2026-11-22")
WINDOW = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
ONCE = RetryPolicy(attempts=1)
TWICE = RetryPolicy(attempts=2, first_pause=0.0)
COUNT = 100


@pytest.fixture
def filled(project: LocalProject, http: httpx.Client) -> LocalProject:
    """Give a project with a hundred events of the day, and an empty log."""
    rows = [
        {
            "event": "A",
            "properties": {
                "time": 1795305600 + number,
                "distinct_id": "u",
                "$insert_id": f"i{number}",
                "note": "č\u2028東",
            },
        }
        for number in range(COUNT)
    ]
    assert http.post("/import", json=rows).json()["num_records_imported"] == COUNT
    project.requests.clear()
    return project


@pytest.fixture
def asking(filled: LocalProject) -> Iterator[Callable[..., Client]]:
    """Give the function that makes a client of the project."""
    made: list[Client] = []

    def make(retry: RetryPolicy = ONCE, timeout: float = 30) -> Client:
        given = {"base_url": filled.base_url, "retry": retry, "timeout": timeout}
        made.append(Client(ACCOUNT, **given))
        return made[-1]

    yield make
    for client in made:
        client.close()


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


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 503}, MixpanelDownError),
        ({"status": 429}, RateLimitedError),
        ({"body": "<html>"}, UnreadableAnswerError),
        ({"cut_after_rows": 0}, NoAnswerError),
    ],
)
def test_both_clients_see_the_same(
    filled: LocalProject,
    refused: Callable[..., MixpanelQueryError],
    fault: dict[str, Any],
    error: type[MixpanelQueryError],
) -> None:
    """The one that waits, and the one that is awaited."""
    filled.faults.add(path="/api/query/*", **fault)

    found = refused(lambda client: client.event_names(), base_url=filled.base_url)

    assert type(found) is error


def test_both_clients_see_where_an_export_is_cut(
    filled: LocalProject, refused: Callable[..., MixpanelQueryError]
) -> None:
    """After the same rows."""
    filled.faults.add(path="/api/2.0/export", cut_after_rows=3)

    found = refused(lambda client: client.export(*DAY), base_url=filled.base_url)

    assert isinstance(found, ExportTruncatedError)
    assert found.rows == 3


@pytest.mark.parametrize(
    ("status", "error"), [(503, MixpanelDownError), (429, RateLimitedError)]
)
@pytest.mark.parametrize(
    "question",
    [
        lambda client: client.events("A", *DAY),
        lambda client: list(client.export(*DAY)),
    ],
    ids=["events", "export"],
)
def test_a_status_is_what_the_client_makes_of_it(
    filled: LocalProject,
    asking: Callable[..., Client],
    question: Callable[[Client], object],
    status: int,
    error: type[Exception],
) -> None:
    """For questions and for exports."""
    filled.faults.add(status=status, headers={"Retry-After": "7"})

    with pytest.raises(error) as caught:
        question(asking())

    assert caught.value.retry_after == 7  # type: ignore[attr-defined]


def test_a_question_is_asked_again_after_a_failure(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """The log has both."""
    filled.faults.add(path="/api/query/events", status=503, times=1)

    assert asking(TWICE).events("A", *DAY).total("A") == COUNT
    assert [each.status for each in filled.requests] == [503, 200]
    assert filled.faults[0].hits == 1


def test_a_body_without_a_status_is_an_answer(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """Here one that is no JSON."""
    filled.faults.add(path="/api/query/events", body="<html>maintenance</html>")

    with pytest.raises(UnreadableAnswerError, match="maintenance"):
        asking().events("A", *DAY)


def test_what_fails_with_a_status_is_not_taken(
    project: LocalProject, http: httpx.Client
) -> None:
    """The next attempt is, so that the event is there once."""
    project.faults.add(path="/track", status=503, times=1)
    event = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}
    answers = [http.post("/track", json=event) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 200]
    assert http.get("/api/2.0/export", params=WINDOW).text.count("\n") == 1


def test_a_large_body_that_is_not_taken_is_read(
    project: LocalProject, http: httpx.Client
) -> None:
    """The connection stays open for the next request."""
    project.faults.add(path="/import", status=503)
    answers = [http.post("/import", content=b"x" * 3_000_000) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 503]


def test_what_is_cut_or_late_is_taken(
    project: LocalProject, http: httpx.Client
) -> None:
    """The sender cannot know; that is the trouble with lost answers."""
    project.faults.add(path="/track", cut_after_rows=0, times=1)
    event = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/track", json=event)
    project.faults.add(path="/track", delay=30, times=1)
    with pytest.raises(httpx.ReadTimeout):
        http.post("/track", json=event, timeout=httpx.Timeout(30, read=1))

    assert http.get("/api/2.0/export", params=WINDOW).text.count("\n") == 2


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_is_one(
    project: LocalProject, http: httpx.Client, status: int
) -> None:
    """And the connection goes on."""
    project.faults.add(path="/track", status=status)

    assert [http.post("/track").status_code for _ in range(2)] == [status, status]


def test_a_delay_holds_one_answer_and_no_other(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """Others come while it is held; let go, it is as always."""
    filled.faults.add(path="/api/query/events", delay=3000, times=1)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(asking().events, "A", *DAY)
        while filled.faults[0].hits == 0:
            time.sleep(0.01)
        assert asking().event_names() == ["A"]
        assert not late.done()
        filled.faults.clear()

        assert late.result(30).total("A") == COUNT


def test_a_delay_is_as_long_as_it_says(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """In seconds; then the answer is as always."""
    filled.faults.add(path="/api/query/events", delay=0.3)
    started = time.monotonic()

    assert asking().events("A", *DAY).total("A") == COUNT
    assert time.monotonic() - started >= 0.3


def test_a_client_that_waits_no_longer_is_told_apart(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """The delay is longer than its timeout; the log has the request."""
    filled.faults.add(path="/api/query/events", delay=30)

    with pytest.raises(AnswerTimeoutError):
        asking(timeout=1).events("A", *DAY)
    assert [each.path for each in filled.requests] == ["/api/query/events"]


def test_held_answers_go_when_faults_are_cleared_and_at_the_end() -> None:
    """Nobody waits for the rest of an hour."""
    with ThreadPoolExecutor(1) as pool:
        with LocalProject() as project:
            url = f"{project.base_url}/api/app/me"
            for clear in (project.faults.clear, lambda: None):
                project.faults.add(delay=3600)
                held = pool.submit(httpx.get, url, trust_env=False, timeout=30)
                while project.faults[0].hits == 0:
                    time.sleep(0.01)
                clear()
                if clear is project.faults.clear:
                    held.result(10)
            started = time.perf_counter()
        assert time.perf_counter() - started < 2.5


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


def test_limits_refuse_the_client_until_an_hour_has_passed(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """It is the project's hour; the refusal is the documented one."""
    now = filled.clock()
    filled.limits(per_hour=2)
    client = asking()
    assert [client.event_names() for _ in range(2)] == [["A"], ["A"]]
    with pytest.raises(RateLimitedError, match="3/2 queries running in the last hour"):
        client.event_names()
    filled.clock = now + timedelta(hours=1)

    assert client.event_names() == ["A"]
    assert [each.status for each in filled.requests] == [200, 200, 429, 200]


def test_limits_count_questions_that_run_at_once(
    filled: LocalProject, http: httpx.Client
) -> None:
    """Two answers are held, so the third question is refused; then there is room."""
    filled.limits(concurrent=2)
    filled.faults.add(path="/api/query/events/names", delay=60, times=2)
    url = f"{filled.base_url}/api/query/events/names?type=general"
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(httpx.get, url, trust_env=False) for _ in range(2)]
        while filled.faults[0].hits < 2:
            time.sleep(0.01)
        refused = http.get(url)
        filled.faults.clear()
        assert [each.result(30).status_code for each in held] == [200, 200]

    assert refused.status_code == 429
    assert refused.json() == {
        "request": "/api/query/events/names?type=general",
        "error": "Query rate limit exceeded for project_id: 1. 3/2 queries running "
        "concurrently and 3/60 queries running in the last hour.",
    }
    assert http.get(url).status_code == 200


def test_one_question_after_the_other_is_one_at_once(
    filled: LocalProject, http: httpx.Client
) -> None:
    """Whoever has the answer may ask again."""
    filled.limits(per_hour=None, concurrent=1)
    url = "/api/query/events/names?type=general"

    assert {http.get(url).status_code for _ in range(50)} == {200}


def test_a_cut_answer_makes_room_too(filled: LocalProject, http: httpx.Client) -> None:
    """It has ended."""
    filled.limits(concurrent=1)
    filled.faults.add(path="/api/query/*", cut_after_rows=1, times=1)
    url = "/api/query/events/names?type=general"
    with pytest.raises(httpx.RemoteProtocolError):
        http.get(url)

    assert http.get(url).status_code == 200


def test_the_log_has_no_credentials(filled: LocalProject, http: httpx.Client) -> None:
    """Neither those of the URL nor those of the header."""
    http.get("/api/query/events/names?api_secret=s3cret&type=x", auth=("u", "s3cret"))

    assert "s3cret" not in repr(list(filled.requests))
    assert filled.requests[0].query == {"api_secret": "***", "type": "x"}
    assert (filled.requests[0].status, filled.requests[0].time.date()) == (
        400,
        date(2026, 11, 22),
    )

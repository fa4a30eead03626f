"""Answers that fail or are late, over a real socket."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, RetryPolicy
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    RateLimitedError,
    UnreadableAnswerError,
)
from mixpanel_query.local import LocalProject

# Sunday, 2026-11-22, 12:00 UTC, which is the time of the project.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DAY = ("2026-11-22", "2026-11-22")
WINDOW = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
TWICE = RetryPolicy(attempts=2, first_pause=0.0)
COUNT = 100


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


@pytest.mark.parametrize("path", ["/track", "/import"])
@pytest.mark.parametrize("ahead", [-1, 0, 1, 3600])
def test_an_event_that_is_sent_again_is_one_event(
    project: LocalProject, http: httpx.Client, path: str, ahead: int
) -> None:
    """Also by the clock of a sender that is ahead, and a second later."""
    project.faults.add(path=path, cut_after_rows=0, times=1)
    time = int(NOW.timestamp()) + ahead
    who = {"token": "t", "distinct_id": "u", "$insert_id": "i1"}
    sent = [{"event": "A", "properties": {"time": time, **who}}]
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(path, json=sent)
    project.clock = NOW + timedelta(seconds=1)

    answer = http.post(path, json=sent)

    assert answer.status_code == 200
    # The clock has moved on by a second.
    basis = "assumed; rule=times-ahead" if ahead > 1 else None
    assert answer.headers.get("Local-Project-Basis") == basis
    assert http.get("/api/2.0/export", params=WINDOW).text.count("\n") == 2
    asked = {"event": '["A"]', "type": "general", "unit": "day", **WINDOW}
    counts = http.get("/api/query/events", params=asked).json()["data"]["values"]
    assert counts == {"A": {"2026-11-22": 1}}


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
            clears: tuple[Callable[[], None], ...] = (
                project.faults.clear,
                lambda: None,
            )
            for clear in clears:
                project.faults.add(delay=3600)
                held = pool.submit(httpx.get, url, trust_env=False, timeout=30)
                while project.faults[0].hits == 0:
                    time.sleep(0.01)
                clear()
                if clear is project.faults.clear:
                    held.result(10)
            started = time.perf_counter()
        assert time.perf_counter() - started < 2.5

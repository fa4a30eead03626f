"""What answers mean: for a batch, for each of its events, and for the next attempt."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from mixpanel_pyramid.answers import Attempt, Outcome, read_answer, read_import_answer

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.timezone.utc)


def read(status: int, body: object, number: int = 3, **headers: str) -> Attempt:
    """Read an answer to so many events."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_import_answer(status, headers, raw, NOW, number)


def failed(*rows: object) -> dict[str, object]:
    """Write a refusal of some events."""
    return {
        "code": 400,
        "error": "some data points in the request failed validation",
        "status": "Bad Request",
        "num_records_imported": 3 - len(rows),
        "failed_records": list(rows),
    }


@pytest.mark.parametrize(
    "body",
    [
        {"code": 200, "num_records_imported": 3, "status": "OK"},
        {"num_records_imported": 3},
        {"status": "OK"},
        {"status": 1},
        {"code": 200},
    ],
    ids=str,
)
def test_success_has_several_forms(body: object) -> None:
    """Each of them settles the batch."""
    assert read(200, body) == Attempt(Outcome.ACCEPTED)


@pytest.mark.parametrize("key", ["$insert_id", "insert_id"])
def test_some_events_may_fail_and_the_others_are_done(key: str) -> None:
    """The page and the specification name the id differently; the place counts."""
    first = {"index": 2, key: "b", "field": "properties.time", "message": "too old"}
    second = {"index": 0, key: "a", "message": "no distinct_id"}

    assert read(400, failed(first, second)) == Attempt(
        Outcome.ACCEPTED,
        refused=((0, "no distinct_id"), (2, "properties.time too old")),
    )


@pytest.mark.parametrize(
    "rows",
    [
        ["$identify is not supported"],
        [{"message": "which one?"}],
        [{"index": 3, "message": "beyond the batch"}],
        [{"index": -1, "message": "before it"}],
        [{"index": True, "message": "no number"}],
        [{"index": "1", "message": "no number"}],
        [{"index": 0, "message": "known"}, "and another"],
        [None],
        [],
    ],
    ids=str,
)
def test_rows_that_do_not_say_which_event_fail_the_batch(rows: list[object]) -> None:
    """Then it is halved until it is clear; none is taken for done."""
    assert read(400, failed(*rows)).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.AMBIGUOUS),
        (302, Outcome.NOT_APPLIED),
        (400, Outcome.REFUSED),
        (401, Outcome.NOT_APPLIED),
        (413, Outcome.TOO_LARGE),
        (429, Outcome.NOT_APPLIED),
        (502, Outcome.AMBIGUOUS),
    ],
)
@pytest.mark.parametrize(
    "body", [b"<html>a proxy says</html>", b"", b"[]", b"null", b"[" * 100_000]
)
def test_a_page_instead_of_an_answer_settles_nothing(
    status: int, outcome: Outcome, body: bytes
) -> None:
    """Whoever wrote it, it was not Mixpanel."""
    assert read(status, body).outcome is outcome


def test_too_many_requests_say_when_to_come_back() -> None:
    """In ``Retry-After``."""
    assert read(429, {"code": 429}, **{"retry-after": "30"}).retry_after == 30.0


def test_the_reason_of_an_event_is_one_short_line() -> None:
    """It is kept with the event, and shown."""
    row = {"index": 0, "message": "no\nsuch \ud800 thing" + "x" * 5000}

    ((_, reason),) = read(400, failed(row)).refused

    assert reason.startswith("no such ? thingxxx")
    assert len(reason) <= 200


@pytest.mark.parametrize(
    "given",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "1e999",
        "soon",
        "",
    ],
)
def test_a_pause_that_nobody_can_read_is_none(given: str) -> None:
    """It breaks nothing, because what is posted is posted by then."""
    attempt = read(503, b"", **{"retry-after": given})

    assert (attempt.outcome, attempt.retry_after) == (Outcome.AMBIGUOUS, None)


@pytest.mark.parametrize("status", [[], {}, [1], None, 2.5])
def test_a_status_of_any_kind_is_read(status: object) -> None:
    """Only the two that mean success do."""
    assert read(200, {"status": status}).outcome is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("status", "outcome", "reason", "pause"),
    [
        (300, Outcome.NOT_APPLIED, "status 300: moved away", 7.0),
        (399, Outcome.NOT_APPLIED, "status 399: moved away", 7.0),
        (400, Outcome.REFUSED, "status 400: moved away", None),
        (401, Outcome.NOT_APPLIED, "status 401: moved away", 7.0),
        (404, Outcome.NOT_APPLIED, "status 404: moved away", 7.0),
        (408, Outcome.AMBIGUOUS, "status 408", 7.0),
        (413, Outcome.TOO_LARGE, "status 413", None),
        (429, Outcome.NOT_APPLIED, "status 429", 7.0),
        (499, Outcome.NOT_APPLIED, "status 499: moved away", 7.0),
        (500, Outcome.AMBIGUOUS, "status 500", 7.0),
        (503, Outcome.AMBIGUOUS, "status 503", 7.0),
        (200, Outcome.AMBIGUOUS, "unreadable answer: moved away", None),
        (299, Outcome.AMBIGUOUS, "unreadable answer: moved away", None),
    ],
)
@pytest.mark.parametrize("endpoint", ["/track", "/import"])
def test_a_status_says_what_became_of_a_batch(
    endpoint: str, status: int, outcome: Outcome, reason: str, pause: float | None
) -> None:
    """With the reason for the log, and the pause that the server asks for."""
    said = (status, {"retry-after": "7"}, b"moved\n away", NOW)
    attempt = (
        read_answer(*said) if endpoint == "/track" else read_import_answer(*said, 3)
    )

    assert attempt == Attempt(outcome, reason, pause)


@pytest.mark.parametrize(
    ("body", "outcome", "reason"),
    [
        (b'{"status": 1, "error": null}', Outcome.ACCEPTED, ""),
        (b"1", Outcome.ACCEPTED, ""),
        (
            b'{"status": 0, "error": "bad"}',
            Outcome.REFUSED,
            'status 0: {"status": 0, "error": "bad"}',
        ),
        (b"0", Outcome.REFUSED, "status 0: 0"),
        (b'{"status": 2}', Outcome.AMBIGUOUS, 'unreadable answer: {"status": 2}'),
        (b"{}", Outcome.AMBIGUOUS, "unreadable answer: {}"),
    ],
)
def test_a_body_says_what_became_of_a_batch(
    body: bytes, outcome: Outcome, reason: str
) -> None:
    """Of ``/track`` and its neighbours, with ``verbose=1`` and without."""
    assert read_answer(200, {}, body, NOW) == Attempt(outcome, reason)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("0", 0.0),
        ("-3", 0.0),
        ("3600", 3600.0),
        ("3601", 3600.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:00 GMT", 3600.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", None),  # in nobody's timezone
    ],
)
def test_a_pause_is_seconds_or_a_date_and_at_most_an_hour(
    given: str, seconds: float | None
) -> None:
    """A date is counted from now; one that has passed asks for none."""
    said = (429, {"retry-after": given}, b"", NOW)

    assert read_answer(*said).retry_after == seconds
    assert read_import_answer(*said, 3).retry_after == seconds


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"index": 1, "field": "properties.time"}, "properties.time"),
        ({"index": 1, "field": "", "message": "too old"}, "too old"),
        ({"index": 1, "field": None, "message": 7}, "7"),
        ({"index": 1}, ""),
    ],
)
def test_the_reason_of_an_event_is_what_there_is_of_it(
    row: dict[str, object], reason: str
) -> None:
    """The field, the message, or neither."""
    assert read(400, failed(row)) == Attempt(Outcome.ACCEPTED, refused=((1, reason),))


def test_a_reason_holds_the_beginning_of_an_answer() -> None:
    """Its first 200 bytes, whatever they are."""
    attempt = read(400, b"x" * 199 + b"\xff" + b"y" * 100)

    assert attempt.reason == "status 400: " + "x" * 199 + "\ufffd"

"""What a project answers where it is told to fail."""

from __future__ import annotations

import json

import pytest

from mixpanel_query.local.faults.fault_answers import failing_answer

RATE = (
    "Query rate limit exceeded for project_id: 7. 1/5 queries running concurrently "
    "and 61/60 queries running in the last hour."
)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (
            "/import",
            429,
            {
                "code": 429,
                "error": "Project exceeded rate limits. Please retry the request with "
                "exponential backoff.",
                "status": "Too Many Requests",
            },
        ),
        (
            "/import",
            503,
            {
                "code": 503,
                "error": "Service Unavailable",
                "status": "Service Unavailable",
            },
        ),
        ("/track", 429, {"error": "Too Many Requests", "status": "error"}),
        (
            "/api/query/events",
            429,
            {"request": "/api/query/events?project_id=7", "error": RATE},
        ),
        (
            "/api/2.0/export",
            429,
            {"error": "too many export requests in progress for this project"},
        ),
        (
            "/api/2.0/export",
            502,
            {"request": "/api/2.0/export?project_id=7", "error": "Bad Gateway"},
        ),
        ("/api/app/me", 520, {"error": "status 520", "status": "error"}),
    ],
)
def test_an_error_has_the_shape_of_its_api(
    path: str, status: int, body: dict[str, object]
) -> None:
    """As documented, or as other clients saw it."""
    answer = failing_answer(path, "project_id=7", status)

    assert (answer.status, json.loads(answer.body)) == (status, body)


def test_a_status_that_is_no_error_has_no_body() -> None:
    """Unless one is given."""
    assert failing_answer("/track", "", 204).body == b""


def test_a_body_may_be_given() -> None:
    """A page is told from other texts, and anything else is JSON."""
    page = failing_answer("/track", "", 502, body="<h1>Bad gateway</h1>")
    text = failing_answer("/track", "", 200, body="0")
    document = failing_answer("/track", "", 200, body={"status": 0})

    assert (page.body, page.content_type) == (
        b"<h1>Bad gateway</h1>",
        "text/html; charset=utf-8",
    )
    assert (text.body, text.content_type) == (b"0", "text/plain; charset=utf-8")
    assert (document.body, document.content_type) == (
        b'{"status": 0}',
        "application/json",
    )


def test_headers_that_are_given_count() -> None:
    """Also in place of the usual ones."""
    answer = failing_answer("/track", "", 503)
    answer.headers.update({"Retry-After": "7", "Content-Type": "text/x"})

    assert answer.raw_headers() == [
        (b"content-type", b"text/x"),
        (b"content-length", b"51"),
        (b"retry-after", b"7"),
    ]

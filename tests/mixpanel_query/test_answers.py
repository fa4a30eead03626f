"""Tests of mixpanel_query.answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from mixpanel_query import ServiceAccount
from mixpanel_query.answers import (
    RawAnswer,
    decode_answer,
    error_text,
    load_json,
    one_line,
    refusal,
    retry_after,
)
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelDownError,
    QueryRefusedError,
    RateLimitedError,
    RefusedError,
    UnreadableAnswerError,
)
from mixpanel_query.wire import QueryRequest

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
REQUEST = QueryRequest("/api/query/events", {"event": '["Sign Up"]'})


def raw(status: int, content: bytes = b"", **headers: str) -> RawAnswer:
    """An answer of mixpanel.com."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawAnswer(REQUEST, "mixpanel.com (region us)", status, named, content)


def test_good_answer() -> None:
    """A 2xx answer is its JSON."""
    assert decode_answer(raw(200, b'["Sign Up"]'), ACCOUNT).body == ["Sign Up"]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b'{"data": ', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000],
    ids=["empty", "html", "cut", "not utf-8", "nan", "deep"],
)
def test_not_json(content: bytes) -> None:
    """A 2xx answer that is not JSON is unreadable, whatever it is."""
    with pytest.raises(UnreadableAnswerError, match="not as documented: not JSON"):
        decode_answer(raw(200, content), ACCOUNT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, RefusedError),
        (400, QueryRefusedError),
        (401, CredentialsRefusedError),
        (402, RefusedError),
        (403, CredentialsRefusedError),
        (404, QueryRefusedError),
        (412, QueryRefusedError),
        (418, RefusedError),
        (429, RateLimitedError),
        (500, MixpanelDownError),
        (503, MixpanelDownError),
        (599, MixpanelDownError),
    ],
)
def test_kind_of_refusal(status: int, kind: type[RefusedError]) -> None:
    """Each status has its exception, which carries the facts."""
    error = refusal(raw(status, b'{"error": "no"}'), ACCOUNT)

    assert type(error) is kind
    assert (error.request, error.status) == (REQUEST, status)
    assert error.body == '{"error": "no"}'


def test_message_is_one_line_with_the_remedy() -> None:
    """A message says who refused what, why, and what to do."""
    error = refusal(raw(401, b'{"error": "bad\\ncredentials"}'), ACCOUNT)

    assert str(error) == (
        "mixpanel.com (region us) refused /api/query/events (401): bad credentials; "
        "check username, secret, project id and the account's role, and that the "
        "project's data live in the region asked (us, eu or in)"
    )


def test_rate_limit_says_how_long() -> None:
    """A 429 carries the seconds to wait, also in its message."""
    error = refusal(raw(429, b"slow down", retry_after="90"), ACCOUNT)

    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 90.0
    assert str(error).endswith(
        "60 queries an hour and 5 at once: ask again in 90 seconds"
    )


def test_rate_limit_that_does_not_say_how_long() -> None:
    """Without Retry-After nothing is made up."""
    error = refusal(raw(429), ACCOUNT)

    assert isinstance(error, RateLimitedError)
    assert error.retry_after is None
    assert str(error).endswith("ask again later")


def test_what_a_server_cannot_do_is_not_asked_again() -> None:
    """A 501, as a local project gives it, will not change by waiting."""
    error = refusal(raw(501, b"not built"), ACCOUNT)

    assert isinstance(error, QueryRefusedError)
    assert str(error).endswith(
        "(501): not built; ask without it, or ask Mixpanel itself"
    )


@pytest.mark.parametrize("status", [401, 403])
def test_no_region_where_base_url_is_asked(status: int) -> None:
    """A host that the user gave has no region to be wrong about."""
    asked = replace(raw(status), source="127.0.0.1:1", by_region=False)

    assert str(refusal(asked, ACCOUNT)) == (
        f"127.0.0.1:1 refused /api/query/events ({status}): no reason given; "
        "check username, secret, project id and the account's role"
    )


def test_redirect_is_not_followed() -> None:
    """A redirect is refused with its target, as it would take the secret along."""
    error = refusal(raw(301, location="https://eu.mixpanel.com/"), ACCOUNT)

    assert "it redirects to 'https://eu.mixpanel.com/'" in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        # Long ago, by any clock.
        ({"retry-after": "Mon, 09 Nov 2020 10:00:30 GMT"}, 0.0),
        ({"retry-after": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"}, None),
        (
            {
                "retry-after": "Mon, 09 Nov 2026 10:00:30 GMT",
                "date": "Mon, 09 Nov 2026 10:00:00 GMT",
            },
            30.0,
        ),
        (
            {
                "retry-after": "Mon, 09 Nov 2026 09:00:00 GMT",
                "date": "Mon, 09 Nov 2026 10:00:00 GMT",
            },
            0.0,
        ),
        (
            {
                "retry-after": "Mon, 09 Nov 2026 10:00:30 -0000",
                "date": "Mon, 09 Nov 2026 10:00:00 GMT",
            },
            None,
        ),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, or a date beside the server's own, are understood."""
    assert retry_after(headers) == seconds


def test_retry_after_without_a_date() -> None:
    """A server that does not say what time it is means the time here."""
    until = datetime.now(timezone.utc) + timedelta(minutes=10)

    seconds = retry_after({"retry-after": format_datetime(until, usegmt=True)})

    assert seconds is not None
    assert 590 < seconds <= 600


def test_retry_after_of_a_server_that_is_down() -> None:
    """Also a 503 may say when to come back."""
    error = refusal(raw(503, b"maintenance", retry_after="90"), ACCOUNT)

    assert isinstance(error, MixpanelDownError)
    assert error.retry_after == 90.0
    assert str(error).endswith("(503): maintenance; try again in 90 seconds")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"error": "bad date", "message": "other"}', "bad date"),
        ('{"error": ["a", 1]}', '["a", 1]'),
        ('{"error": " ", "message": "bad where"}', "bad where"),
        ('{"error": null, "message": 7}', '{"error": null, "message": 7}'),
        ('"just text"', '"just text"'),
        ("plain\n  text", "plain text"),
        ("<html><b>502</b></html>", "<html><b>502</b></html>"),
        ("", "no reason given"),
        (" \n ", "no reason given"),
        ("\ud800", "no reason given"),
    ],
)
def test_error_text(body: str, text: str) -> None:
    """The reason is looked for in error, then message, then the text."""
    assert error_text(body) == text


def test_long_text_is_cut() -> None:
    """A page of HTML does not fill the terminal."""
    shown = one_line("x" * 100_000)

    assert len(shown) == 200
    assert shown.endswith("x…")


def test_control_signs_are_taken_out() -> None:
    """What would steer a terminal becomes a space."""
    assert one_line("a\x1b[2Jb\u2028c\x00d\r\n") == "a [2Jb c d"


@pytest.mark.parametrize("status", [200, 401, 500])
def test_echoed_secret_is_in_no_error(status: int) -> None:
    """A server that echoes the request does not put the secret into our errors."""
    echo = f"you sent hunter2-hunter2, {ACCOUNT.authorization()}".encode()

    with pytest.raises((RefusedError, UnreadableAnswerError)) as caught:
        decode_answer(raw(status, echo), ACCOUNT)

    facts = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert "hunter2-hunter2" not in facts
    assert ACCOUNT.authorization() not in facts


def test_json_is_strict() -> None:
    """NaN is refused, though Python's parser would let it pass."""
    with pytest.raises(ValueError, match="NaN is not JSON"):
        load_json(b"[NaN]")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": "it failed", "data": {"series": [], "values": {}}}', "it failed"),
        (b'{"status": "error", "results": {"events": []}}', "error"),
    ],
)
def test_error_with_a_good_status(body: bytes, said: str) -> None:
    """What says 200, and that it failed, is no empty answer."""
    with pytest.raises(UnreadableAnswerError, match=f"tells of an error: .*{said}"):
        decode_answer(raw(200, body), ACCOUNT)


@pytest.mark.parametrize(
    "body", [b'{"error": {"count": 3}, "status": {"count": 2}}', b'{"error": ""}']
)
def test_names_that_look_like_an_error(body: bytes) -> None:
    """Properties and segments may be called error and status."""
    assert decode_answer(raw(200, body), ACCOUNT).body == json.loads(body)

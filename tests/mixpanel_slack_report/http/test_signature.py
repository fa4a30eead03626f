"""Whether Slack signed a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.signature import check_signature

# The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SIGNED_AT = datetime.fromtimestamp(1531420618, tz=timezone.utc)
REQUEST = HttpRequest(
    "POST",
    "/api/SlackCommand",
    headers={
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": (
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        ),
    },
    body=(
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
        b"&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F"
        b"397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    ),
)


def refused(request: HttpRequest, *, now: datetime, secret: str | None = SECRET) -> str:
    """Return why a request is refused; its status is 401."""
    with pytest.raises(RequestRefusedError) as refusal:
        check_signature(request, secret, now=now)
    assert refusal.value.status == 401
    return str(refusal.value)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_the_example_of_slack_is_believed_for_five_minutes(seconds: int) -> None:
    """Request, secret and signature are those of Slack's documentation."""
    check_signature(REQUEST, SECRET, now=SIGNED_AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_a_signature_is_not_believed_for_longer(seconds: int) -> None:
    """Neither an old one, nor one of the future."""
    said = refused(REQUEST, now=SIGNED_AT + timedelta(seconds=seconds))

    assert "five minutes" in said


@pytest.mark.parametrize("body", [b"", REQUEST.body + b" ", REQUEST.body.upper()])
def test_another_body_is_not_believed(body: bytes) -> None:
    """The signature is over the very bytes."""
    said = refused(replace(REQUEST, body=body), now=SIGNED_AT)

    assert "SLACK_SIGNING_SECRET" in said


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "1531420618"},
        {"X-Slack-Request-Timestamp": "1531420618", "X-Slack-Signature": "v0="},
        {"X-Slack-Request-Timestamp": "1531420618", "X-Slack-Signature": "v0=é\ud800"},
        {"X-Slack-Request-Timestamp": "½", "X-Slack-Signature": "v0=00"},
    ],
    ids=["none", "no signature", "empty", "no ASCII", "no time"],
)
def test_headers_that_are_no_signature_are_refused(headers: dict[str, str]) -> None:
    """Nothing is missing, or odd, in a way that is believed or that breaks."""
    assert refused(replace(REQUEST, headers=headers), now=SIGNED_AT)


@pytest.mark.parametrize("time", ["", "1e9", "-1531420618", "²", "9" * 400])
def test_a_signed_time_that_is_no_time_is_refused(time: str) -> None:
    """Even if it is signed: it cannot be told how old it is."""
    import hashlib
    import hmac

    signed = b"v0:" + time.encode() + b":" + REQUEST.body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": time,
        "X-Slack-Signature": f"v0={digest}",
    }

    assert "five minutes" in refused(replace(REQUEST, headers=headers), now=SIGNED_AT)


def test_another_secret_is_not_believed() -> None:
    """The error holds neither of the two."""
    said = refused(REQUEST, now=SIGNED_AT, secret="another-s3cret")

    assert "another-s3cret" not in said
    assert SECRET not in said


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_believed(secret: str | None) -> None:
    """An empty secret would let anybody sign."""
    assert "SLACK_SIGNING_SECRET is not set" in refused(
        REQUEST, now=SIGNED_AT, secret=secret
    )


@pytest.mark.parametrize("body", ["", "text=Gr%C3%B6%C3%9Fe&command=%2Fanalytics"])
def test_what_slacks_own_library_signs_is_believed(body: str) -> None:
    """Any body, at any time."""
    from slack_sdk.signature import SignatureVerifier

    seconds = "1795000000"
    made = SignatureVerifier("any secret").generate_signature(
        timestamp=seconds, body=body
    )
    headers = {"X-Slack-Request-Timestamp": seconds, "X-Slack-Signature": str(made)}
    request = HttpRequest("POST", "/", "", headers, body.encode())

    check_signature(
        request, "any secret", now=datetime.fromtimestamp(1795000000, tz=timezone.utc)
    )

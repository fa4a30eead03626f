"""Secrets are taken out of any text."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.masking import (
    mask,
    mask_secrets,
    secrets_in_environment,
    secrets_of,
)
from mixpanel_slack_report.settings import read_settings

ENVIRONMENT = {
    "MIXPANEL_USERNAME": "reports.1a2b3c",
    "MIXPANEL_SECRET": "p/ss w&rd+1",
    "MIXPANEL_PROJECT_ID": "12345",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T1AAAA/B2BBBB/xyzxyzxyz",
    "SLACK_BOT_TOKEN": "xoxb-123-abc",
    "SLACK_CHANNEL": "#analytics",
    "SLACK_SIGNING_SECRET": "5igning5ecret",
    "REPORT_KEY": "the-key-of-http",
}
SETTINGS = read_settings(ENVIRONMENT, to_send=True)


@pytest.mark.parametrize(
    "secret",
    [
        "reports.1a2b3c",
        "p/ss w&rd+1",
        "https://hooks.slack.com/services/T1AAAA/B2BBBB/xyzxyzxyz",
        "T1AAAA/B2BBBB/xyzxyzxyz",
        "xyzxyzxyz",
        "xoxb-123-abc",
        "5igning5ecret",
        "the-key-of-http",
    ],
)
def test_every_secret_of_the_settings_is_masked(secret: str) -> None:
    """What is around it stays."""
    assert mask(f"given {secret}, refused", SETTINGS) == "given ***, refused"


def test_what_is_no_secret_stays() -> None:
    """Number, region and channel of a report may be read."""
    told = "project 12345 in us, channel #analytics, at hooks.slack.com"

    assert mask(told, SETTINGS) == told


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: quote(text),
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").lower(),
        lambda text: quote_plus(text),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: json.dumps(text)[1:-1],
        lambda text: repr(text)[1:-1],
        lambda text: html.escape(text),
        lambda text: text.upper(),
        lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    ],
    ids=[
        "path",
        "query",
        "small escapes",
        "form",
        "twice",
        "json",
        "repr",
        "html",
        "capitals",
        "base64",
        "base64 of addresses",
    ],
)
@pytest.mark.parametrize("secret", ["p/ss w&rd+1", "q\"u'o\\te é>>>???", "ÿþÿþÿþÿþ"])
def test_a_secret_is_masked_in_every_form(
    secret: str, encode: Callable[[str], str]
) -> None:
    """Addresses, documents and headers show it in other signs."""
    assert mask_secrets(f"<{encode(secret)}>", [secret]) == "<***>"


def test_basic_authentication_is_masked() -> None:
    """The header holds name and secret in base64."""
    header = base64.b64encode(b"reports.1a2b3c:p/ss w&rd+1").decode()

    assert mask(f"sent {header} to", SETTINGS) == "sent ***= to"


@given(before=st.binary(max_size=5), after=st.binary(max_size=5))
def test_a_secret_inside_longer_base64_is_masked(before: bytes, after: bytes) -> None:
    """Wherever it begins, at most the signs it shares with its neighbours are left."""
    encoded = base64.b64encode(before + b"a-long-secret" + after).decode()

    masked = mask_secrets(encoded, ["a-long-secret"])

    assert "***" in masked
    assert len(masked) <= len("***") + 12 + 4 + 4


@given(
    secret=st.text(min_size=1, max_size=30),
    before=st.text(max_size=5),
    after=st.text(max_size=5),
)
def test_no_secret_of_four_letters_is_left(
    secret: str, before: str, after: str
) -> None:
    """Whatever the secret is, and whatever stands around it."""
    secret = f"{secret}abcd"

    assert secret not in mask_secrets(f"{before}{secret}{after}", [secret])


def test_a_short_secret_is_masked_where_it_stands_alone() -> None:
    """Inside other words it tells nothing, and its mask would."""
    assert mask_secrets("me: some time", ["me"]) == "***: some time"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "POST https://hooks.slack.com/commands/T1/2/abc said 404",
            "POST https://hooks.slack.com/*** said 404",
        ),
        ("token xoxb-999999-zzzzzzzz", "token xoxb***"),
        (
            "AccountName=a;AccountKey=abc/def+ghi==;EndpointSuffix=core.windows.net",
            "AccountName=a;AccountKey=***;EndpointSuffix=core.windows.net",
        ),
        (
            "https://a.blob.core.windows.net/c?sv=2024&sig=abc%2Fdef&se=2026",
            "https://a.blob.core.windows.net/c?sv=2024&sig=***&se=2026",
        ),
        (
            "GET /api/CustomReport?code=abc==&period=weekly",
            "GET /api/CustomReport?code=***&period=weekly",
        ),
        ("https://ann:pass@proxy.example:3128/", "https://***@proxy.example:3128/"),
        ("{'Authorization': 'Basic YTpi'}", "{'Authorization': 'Basic ***'}"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, masked: str) -> None:
    """Answer addresses and storage keys are in no setting."""
    assert mask_secrets(text, []) == masked


def test_secrets_are_known_before_the_settings_are_whole() -> None:
    """A run that lacks a setting may still show the others."""
    environ = {"MIXPANEL_SECRET": " p/ss w&rd+1 ", "SLACK_WEBHOOK_URL": "no address"}

    assert secrets_in_environment(environ) == ("p/ss w&rd+1", "no address")


def test_settings_and_environment_have_the_same_secrets() -> None:
    """Either of the two will do."""
    assert secrets_of(SETTINGS) == secrets_in_environment(ENVIRONMENT)


def test_without_a_webhook_there_is_nothing_of_it_to_mask() -> None:
    """Preview needs none."""
    needed = {name: ENVIRONMENT[name] for name in list(ENVIRONMENT)[:3]}

    assert secrets_of(read_settings(needed, to_send=False)) == (
        "reports.1a2b3c",
        "p/ss w&rd+1",
        "reports.1a2b3c:p/ss w&rd+1",
    )

"""Tests of mixpanel_query.command.days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any

import pytest

from mixpanel_query.command import options
from mixpanel_query.command.days import is_relative, read_day
from mixpanel_query.command.program import run
from mixpanel_query.exceptions import InvalidQueryError

MONDAY = date(2026, 3, 2)
ENVIRONMENT = {
    "MIXPANEL_USERNAME": "u",
    "MIXPANEL_SECRET": "s",
    "MIXPANEL_PROJECT_ID": "1",
}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 3, 2)),
        ("yesterday", date(2026, 3, 1)),
        ("7d", date(2026, 2, 23)),
        ("0d", date(2026, 3, 2)),
        ("2026-02-28", date(2026, 2, 28)),
    ],
)
def test_day(text: str, day: date) -> None:
    """Words and numbers of days count back from today."""
    assert read_day(text, MONDAY) == day
    assert is_relative(text) is (text != "2026-02-28")


@pytest.mark.parametrize("text", ["", "tomorrow", "-1d", "7 d", "7w", "٣d"])
def test_no_day(text: str) -> None:
    """Everything else is refused with what is allowed."""
    with pytest.raises(InvalidQueryError, match="YYYY-MM-DD"):
        read_day(text, MONDAY)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (["--timezone", "Asia/Tokyo", "events", "A"], "from_date=2026-11-16"),
        (["--timezone", "Asia/Tokyo", "export"], "from_date=2026-11-15"),
    ],
)
def test_whose_today(
    typed: list[str],
    asked: str,
    scripted: Callable[..., Any],
    reply: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Today is the project's, and UTC's for the export."""
    late = datetime(2026, 11, 15, 20, tzinfo=timezone.utc)
    monkeypatch.setattr(options, "now", lambda: late)
    body = b'{"data":{"series":[],"values":{"A":{"2026-11-16":1}}}}'
    server = scripted(reply(b"" if "export" in typed else body))
    for name, value in {**ENVIRONMENT, "MIXPANEL_BASE_URL": server.base_url}.items():
        monkeypatch.setenv(name, value)

    assert run([*typed, "--from", "today", "--to", "today"]) == 0
    assert asked in server.requests[0]

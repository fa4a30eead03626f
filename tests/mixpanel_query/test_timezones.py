"""Tests of mixpanel_query.timezones."""

from __future__ import annotations

from datetime import timezone
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.timezones import read_timezone


def test_name() -> None:
    """An IANA name is a timezone."""
    assert read_timezone("Europe/London") == ZoneInfo("Europe/London")


@pytest.mark.parametrize("given", [None, timezone.utc])
def test_ready_timezone(given: timezone | None) -> None:
    """A timezone, or none, is taken as it is."""
    assert read_timezone(given) is given


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_unknown(name: str) -> None:
    """A name that is no timezone is refused with the remedy."""
    with pytest.raises(InvalidQueryError, match="use an IANA name"):
        read_timezone(name)

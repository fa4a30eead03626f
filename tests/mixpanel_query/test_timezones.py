"""Tests of mixpanel_query.timezones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.timezones import read_timezone, real_time, stored_timezone


def test_name() -> None:
    """An IANA name is a timezone."""
    assert read_timezone("Europe/London") == ZoneInfo("Europe/London")


@pytest.mark.parametrize("zone", [None, timezone.utc])
def test_ready_timezone(zone: timezone | None) -> None:
    """A timezone, or none, is taken as it is."""
    assert read_timezone(zone) is zone


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_unknown(name: str) -> None:
    """A name that is no timezone is refused with the remedy."""
    with pytest.raises(InvalidQueryError, match="use an IANA name"):
        read_timezone(name)


LOS_ANGELES = ZoneInfo("America/Los_Angeles")
LJUBLJANA = ZoneInfo("Europe/Ljubljana")


def utc(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("zone", "stored", "real"),
    [
        pytest.param(LOS_ANGELES, "2022-01-15 12:00", "2022-01-15 20:00", id="winter"),
        pytest.param(LOS_ANGELES, "2022-07-15 12:00", "2022-07-15 19:00", id="summer"),
        pytest.param(
            LOS_ANGELES, "2022-12-31 23:30", "2023-01-01 07:30", id="new year, west"
        ),
        pytest.param(
            LJUBLJANA, "2022-01-01 00:30", "2021-12-31 23:30", id="new year, east"
        ),
        # On 2022-03-13 clocks in Los Angeles went from 01:59 to 03:00, at 10:00 UTC.
        pytest.param(
            LOS_ANGELES, "2022-03-13 01:59", "2022-03-13 09:59", id="before the gap"
        ),
        pytest.param(
            LOS_ANGELES, "2022-03-13 02:30", "2022-03-13 10:30", id="in the gap"
        ),
        pytest.param(
            LOS_ANGELES, "2022-03-13 03:00", "2022-03-13 10:00", id="after the gap"
        ),
        # On 2022-11-06 they went from 01:59 back to 01:00, at 09:00 UTC.
        pytest.param(
            LOS_ANGELES, "2022-11-06 00:59", "2022-11-06 07:59", id="before it repeats"
        ),
        pytest.param(
            LOS_ANGELES, "2022-11-06 01:30", "2022-11-06 08:30", id="the hour twice"
        ),
        pytest.param(
            LOS_ANGELES, "2022-11-06 02:00", "2022-11-06 10:00", id="after it repeats"
        ),
    ],
)
def test_real_time(zone: ZoneInfo, stored: str, real: str) -> None:
    """A stored time is what a clock showed; it is set right by its own offset."""
    assert real_time(utc(stored), zone) == utc(real)
    assert real_time(utc(stored), zone).tzinfo is timezone.utc


def test_real_time_of_a_project_that_stores_utc() -> None:
    """A time that is right stays as it is."""
    noon = utc("2026-11-09 12:00")

    assert real_time(noon, None) is noon


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)))
def test_what_a_clock_shows_is_set_right(moment: datetime) -> None:
    """Whatever a clock shows becomes its moment again, or one an hour before it.

    The latter is the second hour of the two that look alike in autumn.
    """
    moment = moment.replace(tzinfo=timezone.utc)
    shown = moment.astimezone(LJUBLJANA).replace(tzinfo=timezone.utc)

    found = real_time(shown, LJUBLJANA)

    assert found in (moment, moment - timedelta(hours=1))
    assert found == moment or moment.month in (9, 10)


def test_time_that_is_too_far_away() -> None:
    """A time at the end of all years is a ValueError, as every nonsense in a row."""
    with pytest.raises(ValueError, match="is too far away"):
        real_time(utc("9999-12-31 23:00"), LOS_ANGELES)


def test_stored_timezone() -> None:
    """Only a project from before 2023 stores the time of its timezone."""
    assert stored_timezone(LJUBLJANA, stores_local_time=False) is None
    assert stored_timezone(LJUBLJANA, stores_local_time=True) is LJUBLJANA


def test_stored_timezone_is_missing() -> None:
    """Without the timezone nothing can be set right, and it is said what to add."""
    with pytest.raises(InvalidQueryError, match="add timezone, such as"):
        stored_timezone(None, stores_local_time=True)

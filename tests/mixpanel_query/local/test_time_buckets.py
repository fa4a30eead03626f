"""Buckets of time, above all where the clocks are changed."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.time_buckets import (
    TimeBuckets,
    date_buckets,
    every_days,
)

UTC = ZoneInfo("UTC")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def starts(buckets: TimeBuckets) -> list[str]:
    """Return the first instants of buckets in UTC, as text."""
    return [utc(instant) for instant in buckets.starts_ms]


def utc(instant_ms: int) -> str:
    """Return an instant in UTC, as text."""
    return datetime.fromtimestamp(instant_ms / 1000, timezone.utc).strftime(
        "%Y-%m-%d %H:%M"
    )


def test_both_dates_are_counted() -> None:
    """Two days from the first date to the second, the end is the midnight after."""
    buckets = date_buckets(date(2026, 11, 21), date(2026, 11, 22), "day", UTC, 0)

    assert buckets.labels == ("2026-11-21", "2026-11-22")
    assert starts(buckets) == ["2026-11-21 00:00", "2026-11-22 00:00"]
    assert utc(buckets.end_ms) == "2026-11-23 00:00"


def test_days_begin_at_the_midnight_of_the_zone() -> None:
    """On 2026-11-01 Los Angeles goes from UTC-7 to UTC-8, so that day has 25 hours."""
    day = date(2026, 11, 1)
    buckets = date_buckets(day, day, "day", LOS_ANGELES, 0)

    assert starts(buckets) == ["2026-11-01 07:00"]
    assert utc(buckets.end_ms) == "2026-11-02 08:00"


def test_day_without_a_midnight_begins_with_its_first_instant() -> None:
    """On 2018-11-04 São Paulo's clocks went from 00:00 to 01:00, at 03:00 UTC."""
    day = date(2018, 11, 4)

    assert starts(date_buckets(day, day, "day", ZoneInfo("America/Sao_Paulo"), 0)) == [
        "2018-11-04 03:00"
    ]


@pytest.mark.parametrize(
    ("first_weekday", "labels"),
    [(0, ("2026-11-09", "2026-11-16")), (6, ("2026-11-08", "2026-11-15"))],
    ids=["monday", "sunday"],
)
def test_weeks_are_named_by_their_first_day(
    first_weekday: int, labels: tuple[str, ...]
) -> None:
    """A week that the first date cuts has its name, but only days of the window."""
    buckets = date_buckets(
        date(2026, 11, 12), date(2026, 11, 17), "week", UTC, first_weekday
    )

    assert buckets.labels == labels
    assert starts(buckets) == ["2026-11-12 00:00", f"{labels[1]} 00:00"]
    assert utc(buckets.end_ms) == "2026-11-18 00:00"


def test_months_are_named_by_their_first_day() -> None:
    """Months have different lengths, and the first may be cut."""
    buckets = date_buckets(date(2026, 1, 31), date(2026, 3, 1), "month", UTC, 0)

    assert buckets.labels == ("2026-01-01", "2026-02-01", "2026-03-01")
    assert starts(buckets) == [
        "2026-01-31 00:00",
        "2026-02-01 00:00",
        "2026-03-01 00:00",
    ]


def test_interval_begins_with_the_first_date() -> None:
    """Three days each, whatever the weekday; the last one may be shorter."""
    buckets = every_days(date(2026, 11, 12), date(2026, 11, 18), 3, LOS_ANGELES)

    assert buckets.labels == ("2026-11-12", "2026-11-15", "2026-11-18")
    assert starts(buckets)[1] == "2026-11-15 08:00"
    assert utc(buckets.end_ms) == "2026-11-19 08:00"


def test_an_hour_that_happens_twice_is_two_buckets() -> None:
    """When the clocks go back, one o'clock has two buckets with different offsets."""
    day = date(2026, 11, 1)
    labels = date_buckets(day, day, "hour", LOS_ANGELES, 0).labels

    assert len(labels) == 25
    assert labels[:4] == (
        "2026-11-01T00:00:00-07:00",
        "2026-11-01T01:00:00-07:00",
        "2026-11-01T01:00:00-08:00",
        "2026-11-01T02:00:00-08:00",
    )


def test_an_hour_that_is_left_out_has_no_bucket() -> None:
    """When the clocks go forward, two o'clock does not happen."""
    day = date(2026, 3, 8)
    labels = date_buckets(day, day, "hour", LOS_ANGELES, 0).labels

    assert len(labels) == 23
    assert labels[1:3] == ("2026-03-08T01:00:00-08:00", "2026-03-08T03:00:00-07:00")


def test_hours_begin_by_the_clock_of_the_zone() -> None:
    """Kolkata is five and a half hours ahead, so its hours begin at half past."""
    day = date(2026, 11, 22)

    assert starts(date_buckets(day, day, "hour", ZoneInfo("Asia/Kolkata"), 0))[:2] == [
        "2026-11-21 18:30",
        "2026-11-21 19:30",
    ]


def test_hours_keep_to_the_clock_after_a_change_of_half_an_hour() -> None:
    """On 2026-04-05 Lord Howe's clocks go back from 02:00 to 01:30."""
    day = date(2026, 4, 5)
    labels = date_buckets(day, day, "hour", ZoneInfo("Australia/Lord_Howe"), 0).labels

    assert labels[1:4] == (
        "2026-04-05T01:00:00+11:00",
        "2026-04-05T01:30:00+10:30",
        "2026-04-05T02:00:00+10:30",
    )


def test_a_day_has_1440_minutes() -> None:
    """Minutes are named like hours."""
    day = date(2026, 11, 22)
    labels = date_buckets(day, day, "minute", UTC, 0).labels

    assert len(labels) == 1440
    assert labels[61] == "2026-11-22T01:01:00+00:00"


@pytest.mark.parametrize(
    ("first", "unit"), [(date(2000, 1, 1), "minute"), (date(1700, 1, 1), "day")]
)
def test_too_many_buckets_are_refused(first: date, unit: str) -> None:
    """More points than anybody reads are refused before they are made."""
    with pytest.raises(RequestRefusedError, match="more than 100,000 buckets"):
        date_buckets(first, date(2026, 11, 22), unit, UTC, 0)


def test_each_instant_lies_in_one_bucket() -> None:
    """The first instant of a bucket lies in it, the one before in the one before."""
    buckets = TimeBuckets((10, 20, 30), 40, ("a", "b", "c"))

    assert buckets.containing([10, 19, 20, 39]) == [10, 10, 20, 30]

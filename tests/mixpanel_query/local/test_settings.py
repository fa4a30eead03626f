"""Settings of a local project."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from mixpanel_query.credentials import ServiceAccount
from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.settings import ProjectSettings, project_settings

LATE = datetime(2026, 11, 22, 2, 30, tzinfo=timezone.utc)


def settings(**given: Any) -> ProjectSettings:  # noqa: ANN401
    """Return settings, with what is not given as by default."""
    chosen = {"timezone": "UTC", "week_start": "monday", "clock": lambda: LATE}
    return project_settings(**{**chosen, **given})


def test_today_is_the_day_in_the_project_timezone() -> None:
    """At 02:30 UTC it is still the day before in Los Angeles."""
    assert settings(timezone="America/Los_Angeles").today() == date(2026, 11, 21)
    assert settings().today() == date(2026, 11, 22)


def test_now_ms_is_the_clock_in_epoch_milliseconds() -> None:
    """The clock's time is the same instant in every timezone."""
    assert settings(timezone="Asia/Kolkata").now_ms() == 1795314600000


def test_naive_clock_is_refused() -> None:
    """A clock without a timezone is refused when it is read."""
    naive = settings(clock=lambda: datetime(2026, 11, 22))

    with pytest.raises(LocalProjectError, match="return an aware datetime"):
        naive.now()


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "America", ""])
def test_unknown_timezone_is_refused(name: str) -> None:
    """What is no timezone is named, with an example of one."""
    with pytest.raises(LocalProjectError, match=r"is not known; use an IANA name"):
        settings(timezone=name)


@pytest.mark.parametrize(
    ("name", "number"), [("monday", 0), ("Sunday", 6), ("WEDNESDAY", 2)]
)
def test_week_start_is_a_weekday(name: str, number: int) -> None:
    """Weekdays count from Monday, and their case does not matter."""
    assert settings(week_start=name).first_weekday == number


def test_unknown_weekday_is_refused() -> None:
    """What is no weekday is named, with those that there are."""
    with pytest.raises(LocalProjectError, match="'funday' is not a weekday; use one"):
        settings(week_start="funday")


def test_service_account_brings_its_project_id() -> None:
    """A service account says which project it belongs to."""
    chosen = settings(credentials=ServiceAccount("reports", "s3cret-s3cret", 7))

    assert (chosen.username, chosen.secret, chosen.project_id) == (
        "reports",
        "s3cret-s3cret",
        7,
    )


def test_two_project_ids_are_refused() -> None:
    """A project has one number."""
    with pytest.raises(LocalProjectError, match="project_id is 8, but the service"):
        settings(credentials=ServiceAccount("reports", "s3cret", 7), project_id=8)


def test_pair_is_a_service_account_too() -> None:
    """Name and secret alone will do; the project id is said beside them."""
    chosen = settings(credentials=("reports", "s3cret"), project_id=7)

    assert (chosen.username, chosen.secret, chosen.project_id) == (
        "reports",
        "s3cret",
        7,
    )


@pytest.mark.parametrize("pair", [("", "s3cret"), ("reports", "")])
def test_incomplete_credentials_are_refused(pair: tuple[str, str]) -> None:
    """A project that checks nothing by mistake would be a trap."""
    with pytest.raises(LocalProjectError, match="give both a username and a secret"):
        settings(credentials=pair)


def test_repr_shows_no_secret() -> None:
    """Neither the secret nor the token can be read from the repr."""
    shown = repr(settings(credentials=("reports", "s3cret"), token="t0ken"))

    assert "s3cret" not in shown
    assert "t0ken" not in shown


def test_project_id_below_one() -> None:
    """No project has such a number."""
    with pytest.raises(LocalProjectError, match="project_id -1 is no number of a proj"):
        settings(project_id=-1)

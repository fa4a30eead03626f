"""Numbers, and problems that are told of together."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyramid.exceptions import ConfigurationError

from mixpanel_pyramid import EventProperties, Property
from mixpanel_pyramid.converters import header_attributes
from mixpanel_pyramid.exceptions import MixpanelPyramidError, MixpanelSettingsError
from mixpanel_pyramid.settings import read_settings

from .problems import HERE, problems


def test_numbers_are_read_from_text() -> None:
    """As an ini file gives them."""
    settings = read_settings(
        {
            "mixpanel.queue_size": "500",
            "mixpanel.request_timeout": "2.5",
            "mixpanel.flush_timeout": 1,
        }
    )

    assert settings.queue_size == 500
    assert settings.request_timeout == 2.5
    assert settings.flush_timeout == 1.0


def test_the_defaults_are_the_documented_ones() -> None:
    """100,000 messages, 10 seconds, 5 seconds."""
    settings = read_settings({})

    assert settings.queue_size == 100_000
    assert settings.request_timeout == 10.0
    assert settings.flush_timeout == 5.0


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", ""])
def test_a_queue_has_a_whole_size(value: str) -> None:
    """At least one message."""
    assert problems(queue_size=value) == (
        f"mixpanel.queue_size: is '{value}'; give a whole number of at least 1",
    )


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf"])
def test_a_timeout_is_a_number_of_seconds(value: str) -> None:
    """Above zero, and it ends."""
    assert problems(request_timeout=value) == (
        f"mixpanel.request_timeout: is '{value}'; give a number of seconds above 0",
    )


def test_all_problems_are_told_of_together() -> None:
    """One start shows everything that has to be mended."""
    assert problems(tokne="x", region="mars", queue_size="0") == (
        "mixpanel.tokne is no setting; nearest is mixpanel.token: correct or remove it",
        "mixpanel.region: is 'mars'; give one of us, eu, in",
        "mixpanel.queue_size: is '0'; give a whole number of at least 1",
    )


def test_settings_of_others_are_left_alone() -> None:
    """Only ``mixpanel.`` and ``customerio.tracking.`` are ours."""
    given = {"pyramid.includes": "x", "mixpanelish": 1, "pyramid_heroku.structlog": 1}

    assert read_settings(given).token is None


def test_a_plan_with_conflicts_is_a_settings_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One name with two meanings is told of at start-up, with the rest."""

    class Conflict(EventProperties):
        total = Property("Total", type=int)
        sum = Property("Total", type=str)

    monkeypatch.setattr(sys.modules[HERE], "EventProperties", Conflict)
    plan, region = reversed(
        problems(event_properties=f"{HERE}.EventProperties", region="mars")
    )

    assert plan.startswith("tracking plan: event property 'Total' is declared diff")
    assert region == "mixpanel.region: is 'mars'; give one of us, eu, in"


def test_the_error_is_what_callers_may_expect() -> None:
    """One of ours, one of Pyramid's, and a ValueError as in pyramid_mixpanel."""
    kinds = (MixpanelPyramidError, ConfigurationError, ValueError)

    assert all(issubclass(MixpanelSettingsError, kind) for kind in kinds)


def test_the_token_is_in_no_repr() -> None:
    """Logs and tracebacks print reprs."""
    settings = read_settings({"mixpanel.token": "hush-hush"})

    assert settings.token == "hush-hush"
    assert "hush" not in repr(settings)


def test_no_other_secret_is_in_a_repr() -> None:
    """Neither those for imports nor that of Customer.io."""
    settings = read_settings(
        {
            "mixpanel.token": "a-token",
            "mixpanel.api_secret": "hush-imports",
            "mixpanel.service_account.username": "imports.1a2b3c",
            "mixpanel.service_account.secret": "hush-account",
            "mixpanel.service_account.project_id": "12345",
            "customerio.tracking.site_id": "a-site",
            "customerio.tracking.api_key": "hush-customerio",
            "customerio.tracking.region": "eu",
        }
    )

    assert settings.api_secret == "hush-imports"
    assert "imports.1a2b3c" in repr(settings)
    assert "a-site" in repr(settings)
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("outbox_sync", "half", "is 'half'; give one of normal, full"),
        ("on_invalid", "cry", "is 'cry'; give one of raise, log"),
        ("structlog", "maybe", "is 'maybe'; give true or false"),
        ("api_secret", True, "is a bool; give text"),
        ("api_secret", ["hush"], "is a list; give text"),
        (
            "header_properties",
            7,
            "is 7; give *, none, or attributes of your EventProperties",
        ),
        (
            "header_properties",
            ["title", 7],
            "is ['title', 7]; give *, none, or attributes of your EventProperties",
        ),
    ],
)
def test_another_value_is_refused_with_what_is_allowed(
    name: str, value: object, problem: str
) -> None:
    """The line names the setting; a secret is not repeated."""
    assert problems(**{name: value}) == (f"mixpanel.{name}: {problem}",)


def test_header_properties_may_be_listed_or_written() -> None:
    """A list is what an app writes, a text what an ini file has."""
    both = frozenset({"title", "path"})

    assert header_attributes(["title", "path"]) == both
    assert header_attributes("title, path") == both
    assert header_attributes("none") == frozenset()


def test_an_outbox_is_a_file_in_a_folder_that_is_there(tmp_path: Path) -> None:
    """A folder in its place, or none around it, is told at the start."""
    nowhere = tmp_path / "nowhere" / "outbox.sqlite"

    assert problems(outbox=str(tmp_path)) == (
        f"mixpanel.outbox: is '{tmp_path}', a folder; give the path of a file in it",
    )
    assert problems(outbox=str(nowhere)) == (
        f"mixpanel.outbox: is '{nowhere}', but there is no folder "
        f"'{tmp_path / 'nowhere'}'; make it",
    )
    assert read_settings({"mixpanel.outbox": "  "}).outbox is None


def test_an_outbox_that_nothing_goes_into_is_warned_of(tmp_path: Path) -> None:
    """A consumer of the app's own delivers at once."""
    settings = read_settings(
        {
            "mixpanel.token": "false",
            "mixpanel.outbox": str(tmp_path / "outbox.sqlite"),
            "mixpanel.consumer": "mixpanel_pyramid.MockedConsumer",
        }
    )

    assert settings.warnings == (
        "mixpanel.outbox keeps no messages for Mixpanel where mixpanel.consumer is "
        "another than background or celery; remove one of the two",
    )


def test_an_outbox_needs_a_system_that_locks_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no such locks, and two processes would send the same."""
    monkeypatch.setitem(sys.modules, "fcntl", None)

    assert problems(outbox=str(tmp_path / "outbox.sqlite")) == (
        "mixpanel.outbox is set, but this system cannot lock files as Linux and macOS "
        "do; remove it",
    )

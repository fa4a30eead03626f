"""What Mixpanel says of the project, and what a run makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.runs.connection import ask_project, ask_timezone
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import prepare_job
from mixpanel_slack_report.settings import Settings, read_settings

# On this moment it is Monday in Tokyo, and Sunday in UTC.
NOW = datetime(2026, 11, 15, 20, 0, tzinfo=timezone.utc)
WEEKLY = DaysAsked("weekly", None, None, None)
JSON = {"Content-Type": "application/json"}


def environ(base_url: str, **more: str) -> dict[str, str]:
    """Make the variables of a run."""
    return {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "7",
        "MIXPANEL_BASE_URL": base_url,
        **more,
    }


def settings(base_url: str) -> Settings:
    """Make the settings of a run."""
    return read_settings(environ(base_url), to_send=False)


def test_days_are_those_of_the_project() -> None:
    """Where nothing names a timezone, the project does."""
    with LocalProject(timezone="Asia/Tokyo") as project:
        job = prepare_job(WEEKLY, environ(project.base_url), to_send=False, now=NOW)

    assert (job.timezone, str(job.windows.current.to_date)) == (
        "Asia/Tokyo",
        "2026-11-15",
    )


def test_a_timezone_that_is_set_is_not_asked_for(
    serve_answers: Callable[..., Any],
) -> None:
    """No question is wasted."""
    server = serve_answers((200, JSON, "{}"))
    given = environ(server.url, TIMEZONE="Europe/London")

    job = prepare_job(WEEKLY, given, to_send=False, now=NOW)

    assert (job.timezone, server.requests) == ("Europe/London", [])


@pytest.mark.parametrize("status", [401, 403, 404, 501])
def test_a_mixpanel_that_does_not_tell(
    serve_answers: Callable[..., Any], status: int
) -> None:
    """Days are those of UTC then, as they ever were."""
    server = serve_answers((status, JSON, '{"error": "no"}'))

    told = ask_timezone(settings(server.url))

    assert (told.timezone, told.doubt) == (None, "")


@pytest.mark.parametrize(
    "answer",
    [
        (503, {}, "busy"),
        (429, {}, "{}"),
        (200, JSON, "{}"),
        (200, JSON, '{"results": {"projects": {"7": {"timezone": "Nowhere/Town"}}}}'),
        None,
    ],
    ids=["503", "429", "malformed", "no timezone", "cut"],
)
def test_a_question_that_failed_is_told(
    serve_answers: Callable[..., Any], answer: object
) -> None:
    """That days are those of UTC may be wrong, and stands in the report."""
    server = serve_answers(answer)

    job = prepare_job(WEEKLY, environ(server.url), to_send=False, now=NOW)

    assert job.timezone == "UTC"
    assert job.doubts[0].startswith(
        "The timezone is not known, so days are those of UTC: "
    )


def test_the_facts_of_a_project() -> None:
    """Its names and its timezone are what a report file is made of."""
    with LocalProject(timezone="Asia/Tokyo") as project:
        project.load_sample()
        facts = ask_project(settings(project.base_url))

    assert facts.timezone == "Asia/Tokyo"
    assert "Sign Up" in facts.names

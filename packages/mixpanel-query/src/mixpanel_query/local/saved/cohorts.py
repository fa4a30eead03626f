"""Saved cohorts: how they are defined and kept.

Mixpanel's are made in its web interface; here a cohort is what `SavedCohort` says.
https://developer.mixpanel.com/reference/cohorts-list
"""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.expressions import Expression
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.profiles.profile_store import profile_condition
from mixpanel_query.local.saved.definitions import (
    check_event_name,
    check_number,
    check_text,
    definition_fields,
    find_definition,
    list_definitions,
)
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "SavedCohort",
    "checked_cohort",
    "cohort_of",
    "event_condition",
    "find_cohort",
    "list_cohorts",
    "profile_part",
]

MOST_DAYS = 10_000
MOST_TIMES = 999_999_999


@dataclass(frozen=True, slots=True)
class SavedCohort:
    """The definition of a saved cohort; what it leaves open, everybody meets.

    Attributes:
        cohort_id: Its number, at least 1.
        name: Its name.
        description: What somebody wrote about it.
        where: What must hold of a profile; empty for nothing.
        event: What a user must have done; empty for nothing.
        event_where: What must hold of that event; empty for nothing.
        times: How often at least.
        days: In how many of the latest days, today among them; None for ever.
        is_visible: Whether Mixpanel would show it.
        created: When it was saved, as ``YYYY-MM-DD HH:MM:SS`` in the project's
            timezone.
    """

    cohort_id: int
    name: str
    description: str = ""
    where: str = ""
    event: str = ""
    event_where: str = ""
    times: int = 1
    days: int | None = None
    is_visible: bool = True
    created: str = ""


def checked_cohort(cohort: SavedCohort, settings: ProjectSettings) -> SavedCohort:
    """Return a definition that can be answered.

    Raises:
        LocalProjectError: If something of it is wrong; the message names the cohort.
    """
    try:
        check_number("cohort_id", cohort.cohort_id)
        for field in ("name", "description", "where", "event", "event_where"):
            check_text(field, getattr(cohort, field))
        if not cohort.name:
            raise RequestRefusedError(400, "name is empty")
        check_count("times", cohort.times, MOST_TIMES)
        if cohort.days is not None:
            check_count("days", cohort.days, MOST_DAYS)
        if not isinstance(cohort.is_visible, bool):
            raise RequestRefusedError(400, "is_visible is neither true nor false")
        check_event(cohort)
        check_event_name(cohort.event)
        profile_part(cohort, settings)
        event_condition(cohort, settings)
    except RequestRefusedError as error:
        problem = f"cohort {cohort.cohort_id!r}: {error.message}"
        raise LocalProjectError(problem) from error
    return cohort


def check_count(name: str, value: object, most: int) -> None:
    """Refuse what is no number of times or days."""
    if type(value) is not int or not 1 <= value <= most:
        raise RequestRefusedError(400, f"{name} is no whole number from 1 to {most}")


def check_event(cohort: SavedCohort) -> None:
    """Refuse what is said of an event where there is none."""
    said = cohort.event_where or cohort.times != 1 or cohort.days is not None
    if said and not cohort.event:
        raise RequestRefusedError(
            400, "event_where, times and days say something of an event; give event"
        )


def profile_part(cohort: SavedCohort, settings: ProjectSettings) -> Expression | None:
    """Return what must hold of a profile."""
    return profile_condition({"where": cohort.where}, settings)


def event_condition(
    cohort: SavedCohort, settings: ProjectSettings
) -> Expression | None:
    """Return what must hold of the event."""
    given = {"event_where": cohort.event_where}
    return read.expression(given, "event_where", settings.timezone)


def cohort_of(document: object) -> SavedCohort:
    """Return the definition that a JSON object has.

    Raises:
        LocalProjectError: If it has other fields, or some are missing.
    """
    names = tuple(
        each for each in SavedCohort.__dataclass_fields__ if each != "created"
    )
    fields = definition_fields(document, "cohort", names, ("cohort_id", "name"))
    return SavedCohort(**fields)


def find_cohort(engine: Engine, number: int) -> SavedCohort:
    """Return the definition with this number.

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    return SavedCohort(**find_definition(engine, "cohorts", number))


def list_cohorts(engine: Engine) -> list[SavedCohort]:
    """Return all definitions, by their numbers."""
    return [SavedCohort(**fields) for fields in list_definitions(engine, "cohorts")]

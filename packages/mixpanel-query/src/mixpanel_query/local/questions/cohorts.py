"""Cohorts: who is in them, and the list of those that were saved.

https://developer.mixpanel.com/reference/cohorts-list
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.profiles.profile_store import profiles_that_meet
from mixpanel_query.local.questions.chosen_events import Choice, chosen_events
from mixpanel_query.local.saved.cohorts import (
    SavedCohort,
    event_condition,
    list_cohorts,
    profile_part,
)
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["answer_cohort_list", "cohort_members"]

LATEST_MS = 2**62

# A repeat of an event has the same key, and is not done twice.
DID = """
SELECT distinct_id FROM chosen WHERE distinct_id <> ''
GROUP BY distinct_id HAVING count(DISTINCT (event, time_ms, insert_id)) >= $times
"""


def answer_cohort_list(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> list[dict[str, object]]:
    """Answer ``POST /cohorts/list`` as documented, by the numbers of cohorts.

    Raises:
        RequestRefusedError: If the number of the project is none.
    """
    project_id = read.number(given, "project_id", most=999_999_999) or 1
    return [
        {
            "id": cohort.cohort_id,
            "name": cohort.name,
            "description": cohort.description,
            "count": len(cohort_members(engine, cohort, settings)),
            "created": cohort.created,
            "is_visible": int(cohort.is_visible),
            "project_id": settings.project_id or project_id,
        }
        for cohort in list_cohorts(engine)
    ]


def cohort_members(
    engine: Engine, cohort: SavedCohort, settings: ProjectSettings
) -> set[str]:
    """Return the ids of the users who are in a cohort now.

    Those who did an event need no profile, unless one is asked for.
    """
    where = profile_part(cohort, settings)
    if not cohort.event:
        return set(profiles_that_meet(engine, where))
    did = who_did(engine, cohort, settings)
    return did if where is None else did & set(profiles_that_meet(engine, where))


def who_did(engine: Engine, cohort: SavedCohort, settings: ProjectSettings) -> set[str]:
    """Return the ids of those who did the event of a cohort often enough."""
    begin_ms, end_ms = 0, LATEST_MS
    if cohort.days is not None:
        today, zone = settings.today(), settings.timezone
        begin_ms = midnight_ms(today - timedelta(days=cohort.days - 1), zone)
        end_ms = midnight_ms(today + timedelta(days=1), zone)
    where = event_condition(cohort, settings)
    choice = Choice((cohort.event,), begin_ms, end_ms, where=where)
    with chosen_events(engine, choice) as chosen:
        rows = chosen.execute(DID, {"times": cohort.times}).fetchall()
    return {distinct_id for (distinct_id,) in rows}

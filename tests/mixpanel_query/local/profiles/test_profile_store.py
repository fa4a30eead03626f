"""Profiles in the store."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.profiles.profile_store import update_profiles
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate
from mixpanel_query.local.questions.profile_pages import answer_page, read_page
from mixpanel_query.local.questions.profile_sessions import ProfileSessions
from mixpanel_query.local.settings import project_settings

SETTINGS = project_settings(
    timezone="UTC",
    week_start="monday",
    clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
)
SESSIONS = ProfileSessions()
SECOND = {"page": "1", "session_id": "new-session"}


def page(engine: Engine, **given: str) -> dict[str, object]:
    """Return a page of profiles."""
    asked = read_page(given, SETTINGS)
    return answer_page(engine, asked, SETTINGS, SESSIONS, "new-session")


def fill(engine: Engine, count: int) -> None:
    """Make profiles u00000, u00001 and so on."""
    update_profiles(
        engine,
        [
            ProfileUpdate(f"u{number:05}", "$set", {"n": number, "m": 1}, None)
            for number in reversed(range(count))
        ],
    )


def test_page_has_the_documented_shape(engine: Engine) -> None:
    """Page, its size, the session, the total and the profiles."""
    fill(engine, 1)

    assert page(engine) == {
        "page": 0,
        "page_size": 1000,
        "session_id": "new-session",
        "status": "ok",
        "total": 1,
        "results": [{"$distinct_id": "u00000", "$properties": {"n": 0, "m": 1}}],
    }


def test_updates_are_applied_in_their_order(engine: Engine) -> None:
    """A profile that is deleted and set again has only what was set last."""
    update_profiles(
        engine,
        [
            ProfileUpdate("u1", "$set", {"a": 1}, None),
            ProfileUpdate("u2", "$add", {"n": 1}, None),
            ProfileUpdate("u1", "$delete", "", None),
            ProfileUpdate("u1", "$set", {"b": 2}, None),
            ProfileUpdate("u2", "$add", {"n": 1}, None),
        ],
    )
    update_profiles(engine, [ProfileUpdate("u2", "$add", {"n": 1}, None)])

    assert page(engine)["results"] == [
        {"$distinct_id": "u1", "$properties": {"b": 2}},
        {"$distinct_id": "u2", "$properties": {"n": 3}},
    ]


def test_deleted_profile_is_gone(engine: Engine) -> None:
    """Deleting removes a profile, and one that is not there does not matter."""
    fill(engine, 1)
    update_profiles(
        engine,
        [
            ProfileUpdate("u00000", "$delete", "", None),
            ProfileUpdate("missing", "$delete", "", None),
        ],
    )

    assert page(engine)["total"] == 0


def test_no_updates_are_no_work(engine: Engine) -> None:
    """Updating nothing is allowed."""
    update_profiles(engine, [])

    assert page(engine)["results"] == []


def test_pages_hold_every_profile_once(engine: Engine) -> None:
    """1,000 a page, in order; the page after the last is empty."""
    fill(engine, 2001)
    found = []
    for number in range(4):
        later = {**SECOND, "page": str(number)} if number else {}
        results = page(engine, **later)["results"]
        assert isinstance(results, list)
        found.append([result["$distinct_id"] for result in results])

    assert [len(ids) for ids in found] == [1000, 1000, 1, 0]
    assert [*found[0], *found[1], *found[2]] == [
        f"u{number:05}" for number in range(2001)
    ]


def test_profiles_may_be_chosen(engine: Engine) -> None:
    """One id, several ids, and only some of the properties."""
    fill(engine, 3)

    assert page(engine, distinct_id="u00001")["results"] == [
        {"$distinct_id": "u00001", "$properties": {"n": 1, "m": 1}}
    ]
    chosen = page(
        engine,
        distinct_ids='["u00002", "u00000", "missing"]',
        output_properties='["n", "missing"]',
    )
    assert chosen["results"] == [
        {"$distinct_id": "u00000", "$properties": {"n": 0}},
        {"$distinct_id": "u00002", "$properties": {"n": 2}},
    ]
    assert chosen["total"] == 2


def test_where_chooses_profiles(engine: Engine) -> None:
    """Of three users one is old enough, and one of the others has no age."""
    update_profiles(
        engine,
        [
            ProfileUpdate("u1", "$set", {"age": 30, "time": 5}, None),
            ProfileUpdate("u2", "$set", {"age": 20, "a/b": "x"}, None),
            ProfileUpdate("u3", "$set", {"name": "c"}, None),
        ],
    )

    def found(where: str, **given: str) -> list[object]:
        results = page(engine, where=where, **given)["results"]
        assert isinstance(results, list)
        return [profile["$distinct_id"] for profile in results]

    assert found('properties["age"] > 25') == ["u1"]
    assert found('not defined(properties["age"])') == ["u3"]
    assert found('properties["time"] == 5 or properties["a/b"] == "x"') == ["u1", "u2"]
    assert found("true", distinct_ids='["u2", "u3"]') == ["u2", "u3"]
    assert found("false") == []


def test_pages_count_the_profiles_that_were_chosen(engine: Engine) -> None:
    """The total is that of all pages, and the second page goes on."""
    fill(engine, 2500)
    where = 'properties["n"] % 2 == 0'
    first = page(engine, where=where)
    second = page(engine, where=where, **SECOND)

    assert first["total"] == 1250
    assert isinstance(second["results"], list)
    assert len(second["results"]) == 250
    assert second["results"][0]["$distinct_id"] == "u02000"


def test_a_session_holds_its_profiles_still(engine: Engine) -> None:
    """One that comes meanwhile is on no page, and one that goes moves no other."""
    fill(engine, 1500)
    page(engine)
    update_profiles(
        engine,
        [
            ProfileUpdate("a", "$set", {"n": 0}, None),
            ProfileUpdate("u00000", "$delete", "", None),
            ProfileUpdate("u01499", "$delete", "", None),
        ],
    )
    second = page(engine, **SECOND)
    assert isinstance(second["results"], list)

    assert second["total"] == 1500
    assert len(second["results"]) == 499
    assert second["results"][0]["$distinct_id"] == "u01000"
    assert page(engine)["total"] == 1499


def test_a_number_that_is_too_large_is_null(engine: Engine) -> None:
    """JSON has no infinity to give."""
    update_profiles(engine, [ProfileUpdate("u1", "$set", {"n": float("inf")}, None)])

    assert page(engine)["results"] == [
        {"$distinct_id": "u1", "$properties": {"n": None}}
    ]


def test_a_session_that_is_not_known_is_refused(engine: Engine) -> None:
    """The 21st session ends the first."""
    sessions = ProfileSessions()
    for number in range(21):
        sessions.keep(str(number), [])

    assert sessions.ids("1") == []
    with pytest.raises(RequestRefusedError, match="session_id '0' is not known"):
        sessions.ids("0")
    with pytest.raises(RequestRefusedError, match="begin again with page 0"):
        page(engine, page="1", session_id="another")


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"page": "1"}, 400, "session_id is missing"),
        ({"page": "-1"}, 400, "page '-1' is not a whole number"),
        ({"distinct_id": "a", "distinct_ids": '["b"]'}, 400, "exclude each other"),
        ({"distinct_ids": "a"}, 400, "distinct_ids is not a JSON array"),
        ({"output_properties": "a"}, 400, "output_properties is not a JSON array"),
        ({"where": "plan"}, 400, "where is no expression"),
        ({"where": 'user["plan"] == 1'}, 400, "looks at properties"),
        ({"where": 'behaviors["b"] > 1'}, 501, "where with behaviors"),
        ({"as_of_timestamp": "now"}, 400, "as_of_timestamp is no number of seconds"),
        ({"selector": "true", "where": "true"}, 400, "selector and where are the same"),
        ({"filter_by_cohort": "1"}, 400, "filter_by_cohort is no cohort; write it"),
        ({"filter_by_cohort": '{"id": "1"}'}, 400, "filter_by_cohort is no cohort"),
        ({"filter_by_cohort": '{"id": true}'}, 400, "filter_by_cohort is no cohort"),
        ({"filter_by_cohort": '{"raw_cohort": 1}'}, 400, "filter_by_cohort is no"),
        ({"filter_by_cohort": '{"id": 1, "x": 2}'}, 400, "filter_by_cohort is no"),
        ({"filter_by_cohort": "{"}, 400, "filter_by_cohort is no cohort"),
        ({"include_all_users": "true"}, 400, "include_all_users is about a cohort"),
    ],
)
def test_wrong_page_is_refused(
    given: dict[str, str], status: int, message: str
) -> None:
    """What makes no sense gets 400, what is not built 501."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        read_page(given, SETTINGS)

    assert caught.value.status == status

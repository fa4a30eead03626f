"""Tests of mixpanel_query.profile_filters."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query import (
    behavior,
    event_property,
    profile_property,
    user_property,
)
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import checked_flag
from mixpanel_query.profile_filters import profile_form, seconds_shown
from mixpanel_schema import Property


def test_nothing_asked() -> None:
    """All profiles need no field."""
    assert profile_form(now=0) == {}


def test_everything_that_goes_together() -> None:
    """Lists and objects travel as JSON in one field each."""
    form = profile_form(
        now=1_764_000_000.9,
        where='(behaviors["b"] > 0)',
        distinct_ids=["a", 'b"', "a"],
        data_group_id=42,
        output_properties=[Property("Plan"), "$email"],
        behaviors=[{"window": "90d", "name": "b"}],
    )

    assert form == {
        "where": '(behaviors["b"] > 0)',
        "distinct_ids": '["a", "b\\""]',
        "data_group_id": "42",
        "output_properties": '["Plan", "$email"]',
        "behaviors": '[{"window": "90d", "name": "b"}]',
        "as_of_timestamp": "1764000000",
    }


def test_one_property_needs_no_list() -> None:
    """A single name is one name, not its letters."""
    assert profile_form(now=0, output_properties="Plan") == {
        "output_properties": '["Plan"]'
    }


def test_time_of_behaviors() -> None:
    """A time that is given replaces the present."""
    form = profile_form(now=9, behaviors=[{"name": "b"}], as_of_timestamp=7)

    assert form["as_of_timestamp"] == "7"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("UTC", "1763380800"),  # 2025-11-17 12:00
        ("America/New_York", "1763362800"),  # 07:00, as if in UTC
        ("Asia/Kolkata", "1763400600"),  # 17:30
    ],
)
def test_time_of_behaviors_in_old_projects(name: str, shown: str) -> None:
    """Projects that store local time compare with what their clocks show."""
    now = seconds_shown(1763380800.5, ZoneInfo(name))

    form = profile_form(now=now, behaviors=[{"name": "b"}])

    assert form["as_of_timestamp"] == shown


@pytest.mark.parametrize(
    ("given", "sent"), [(None, "false"), (False, "false"), (True, "true")]
)
def test_members_without_profile_are_said_explicitly(
    given: bool | None, sent: str
) -> None:
    """Mixpanel's own default never counts."""
    form = profile_form(now=0, filter_by_cohort=12345, include_all_users=given)

    assert form == {"filter_by_cohort": '{"id": 12345}', "include_all_users": sent}


def test_cohort_as_an_object() -> None:
    """What Mixpanel takes beside a number is sent as it is."""
    form = profile_form(now=0, filter_by_cohort={"raw_cohort": {"groups": []}})

    assert json.loads(form["filter_by_cohort"]) == {"raw_cohort": {"groups": []}}


def test_conditions_that_were_built() -> None:
    """Expressions about profiles and behaviors are sent as they read."""
    form = profile_form(
        now=0,
        where=(profile_property("Plan") == 'user["x"]') & (behavior("b") > 0),
        behaviors=[{"name": "b", "where": event_property("n") > 1}],
    )

    assert form["where"] == (
        r'(properties["Plan"] == "user[\"x\"]") and (behaviors["b"] > 0)'
    )
    assert json.loads(form["behaviors"]) == [
        {"name": "b", "where": 'properties["n"] > 1'}
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"distinct_id": "a", "distinct_ids": ["b"]}, "exclude each other"),
        ({"behaviors": [{}], "filter_by_cohort": 1}, "exclude each other"),
        ({"as_of_timestamp": 1}, "means nothing without behaviors"),
        ({"include_all_users": False}, "means nothing without filter_by_cohort"),
        ({"distinct_id": ""}, "distinct_id '' is no id"),
        ({"distinct_id": 4}, "distinct_id 4 is no id"),
        ({"distinct_ids": []}, "distinct_ids is empty"),
        ({"distinct_ids": "abc"}, "'abc' is no list"),
        ({"data_group_id": "company"}, "'company' is no number"),
        ({"data_group_id": True}, "True is no number"),
        ({"output_properties": []}, "output_properties is empty"),
        ({"where": ""}, "where '' is no expression"),
        ({"where": user_property("age") > 30}, "use profile_property"),
        ({"behaviors": []}, "is no list of behaviors"),
        ({"behaviors": {"name": "b"}}, "is no list of behaviors"),
        ({"behaviors": [{"n": float("nan")}]}, "behaviors cannot be written as JSON"),
        ({"behaviors": [{}], "as_of_timestamp": 1.5}, "1.5 is no time"),
        ({"filter_by_cohort": "7"}, "'7' is no cohort"),
        ({"filter_by_cohort": True}, "True is no cohort"),
    ],
)
def test_what_is_refused(given: dict[str, Any], problem: str) -> None:
    """One line says what was given and what to do, before anything is sent."""
    with pytest.raises(InvalidQueryError, match=problem) as caught:
        profile_form(now=0, **given)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", ["false", 0, None], ids=repr)
def test_a_flag_is_true_or_false(given: object) -> None:
    """Python takes the text "false" for true."""
    with pytest.raises(InvalidQueryError) as refused:
        checked_flag("include_all_users", given)  # type: ignore[arg-type]  # on purpose

    assert str(refused.value) == (f"include_all_users {given!r}; give True or False")

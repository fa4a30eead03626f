"""Tests of what is named to use instead of a query in JQL."""

from __future__ import annotations

import httpx
import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount, jql
from mixpanel_query.exceptions import MixpanelDownError
from mixpanel_query.jql import reducer

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)

DAYS = ("2026-11-09", "2026-11-15")
ONE = jql.events(*DAYS, events="Sign Up")
TWO = jql.events(*DAYS, events=["Sign Up", "Purchase"])
SOME = jql.events(*DAYS, events="Sign Up", where='properties["n"] > 1')
ALL = jql.events(*DAYS)
DAY = jql.numeric_bucket("time", jql.daily_time_buckets)
WEEK = jql.numeric_bucket("time", jql.weekly_time_buckets)
MONTH = jql.numeric_bucket("time", jql.monthly_time_buckets)
PLAN = jql.prop("Plan")
COUNT = reducer.count()
WINDOW = "'2026-11-09', '2026-11-15'"
SEGMENTED = f"client.segmentation('Sign Up', {WINDOW}"
ON = """on='properties["Plan"]'"""
WHERE = """where='properties["n"] > 1'"""


CALLS = [
    (ONE.group_by(DAY, COUNT), f"{SEGMENTED})"),
    (SOME.group_by(DAY, COUNT), f"{SEGMENTED}, {WHERE})"),
    (ONE.group_by(MONTH, COUNT), f"{SEGMENTED}, unit='month')"),
    (
        ONE.group_by(WEEK, COUNT),
        f"client.events(['Sign Up'], {WINDOW}, unit='week')",
    ),
    (ONE.group_by(PLAN, COUNT), f"{SEGMENTED}, {ON}, limit=10000)"),
    (ONE.group_by([PLAN, DAY], COUNT), f"{SEGMENTED}, {ON}, limit=10000)"),
    (
        ONE.group_by("properties.Plan", COUNT).reduce(reducer.top(5)).flatten(),
        f"{SEGMENTED}, {ON}, limit=5)",
    ),
    (ONE.reduce(COUNT), f"{SEGMENTED})"),
    (
        TWO.reduce(COUNT),
        f"client.events(['Sign Up', 'Purchase'], {WINDOW}, unit='day')",
    ),
    (
        TWO.group_by(["name", DAY], COUNT),
        f"client.events(['Sign Up', 'Purchase'], {WINDOW}, unit='day')",
    ),
    (
        TWO.group_by("name", COUNT),
        f"client.events(['Sign Up', 'Purchase'], {WINDOW}, unit='day')",
    ),
    (
        SOME.group_by(DAY, reducer.sum(PLAN)),
        f"client.segmentation_sum('Sign Up', {WINDOW}, {WHERE}, {ON})",
    ),
    (
        ONE.reduce(reducer.sum(PLAN)),
        f"client.segmentation_sum('Sign Up', {WINDOW}, {ON})",
    ),
    (
        ONE.group_by(DAY, reducer.avg(PLAN)),
        f"client.segmentation_average('Sign Up', {WINDOW}, {ON})",
    ),
    (
        ONE.group_by_user(reducer.null()).reduce(COUNT),
        f"{SEGMENTED}, type='unique', interval=7)",
    ),
    (
        ONE.group_by_user([PLAN], reducer.null()).group_by(jql.slice("key", 1), COUNT),
        f"{SEGMENTED}, type='unique', interval=7, {ON}, limit=10000)",
    ),
    (
        ONE.group_by_user(DAY, reducer.null()).group_by(jql.slice("key", 1), COUNT),
        f"{SEGMENTED}, type='unique')",
    ),
    (SOME, f"client.export({WINDOW}, events=['Sign Up'], {WHERE})"),
    (ALL, f"client.export({WINDOW})"),
    (jql.people(), "client.profiles()"),
    (
        jql.people(where='user["a"] == "user[1]"'),
        """client.profiles(where='properties["a"] == "user[1]"')""",
    ),
    (
        jql.people(user_selectors=[{"selector": "a"}, {"selector": "b"}]),
        "client.profiles(where='(a) or (b)')",
    ),
    (
        jql.people(where='user["a"] == "has_prefix()"'),
        """client.profiles(where='properties["a"] == "has_prefix()"')""",
    ),
]


@pytest.mark.parametrize(("query", "call"), CALLS)
def test_call_that_answers_the_same(query: jql.Query, call: str) -> None:
    """The call is written as one types it."""
    assert query.explain().call == call


@pytest.mark.parametrize("call", [call for _, call in CALLS])
def test_call_can_be_made(call: str) -> None:
    """What is named passes every check of a client, and is sent."""
    unreachable = httpx.MockTransport(lambda request: httpx.Response(500))
    options = {"retry": RetryPolicy(attempts=1), "transport": unreachable}

    with (
        Client(ACCOUNT, base_url="http://127.0.0.1:9", **options) as client,
        pytest.raises(MixpanelDownError),
    ):
        list(eval(call, {"client": client}))  # noqa: S307 - our own text


@pytest.mark.parametrize(
    "query",
    [
        ONE.filter(jql.js("x")).group_by(DAY, COUNT),
        ONE.group_by(jql.js("x"), COUNT),
        ONE.group_by(DAY, jql.js("x")),
        ONE.map(jql.js("x")),
        ALL.reduce(COUNT),
        ALL.group_by(DAY, COUNT),
        TWO.group_by(DAY, COUNT),
        ONE.group_by([PLAN, "properties.Size"], COUNT),
        ONE.group_by([PLAN, WEEK], COUNT),
        ONE.group_by(["name", PLAN], COUNT),
        ONE.group_by("distinct_id", COUNT),
        ONE.group_by("properties.a.b", COUNT),
        ONE.group_by(jql.numeric_bucket(PLAN, [0, 1]), COUNT),
        ONE.group_by(DAY, [COUNT, COUNT]),
        ONE.group_by(DAY, COUNT).sort_asc("value"),
        ONE.group_by(DAY, COUNT).reduce(reducer.top(3)),
        ONE.group_by([PLAN, DAY], COUNT).reduce(reducer.top(3)),
        TWO.group_by(["name", PLAN], COUNT).reduce(reducer.top(3)),
        ONE.group_by(["name", PLAN], COUNT).reduce(reducer.top(3)),
        ONE.group_by(MONTH, reducer.sum(PLAN)),
        ONE.group_by(DAY, reducer.max(PLAN)),
        ONE.group_by(DAY, reducer.sum(PLAN)).flatten(),
        ONE.reduce(reducer.avg(PLAN)),
        ONE.reduce(reducer.sum()),
        ONE.reduce([COUNT]),
        ONE.reduce(COUNT).flatten(),
        ONE.flatten(),
        ONE.group_by_user(COUNT),
        ONE.group_by_user(MONTH, COUNT).group_by(jql.slice("key", 1), COUNT),
        ONE.group_by_user([PLAN], COUNT).reduce(COUNT),
        ONE.group_by_user(COUNT).reduce(reducer.sum("value")),
        SOME.group_by(WEEK, COUNT),
        ONE.group_by(PLAN, COUNT).reduce(reducer.top(10_001)),
        jql.people().reduce(COUNT),
        jql.people(where='has_prefix(user["a"], "b")'),
        jql.join(ONE, jql.people()),
        jql.events(*DAYS, event_selectors=[{"event": "A", "label": "b"}]),
        jql.events(*DAYS, event_selectors=[{"event": "A"}, {"selector": "b"}]),
        jql.events(
            *DAYS,
            event_selectors=[{"event": "A"}, {"event": "B", "selector": "b"}],
        ),
    ],
)
def test_no_call_is_known(query: jql.Query) -> None:
    """Where the answer would not be the same, none is named, and the note says why."""
    found = query.explain()

    assert found.call is None
    assert found.note
    assert str(found) == f"none: {found.note}"


def test_in_what_answers_differ() -> None:
    """A note says what is left to do, or what differs."""
    assert ONE.reduce(COUNT).explain().note == "add up the days"
    assert "merged" in ONE.group_by_user(COUNT).reduce(COUNT).explain().note
    assert "days and times are in UTC" in ALL.explain().note

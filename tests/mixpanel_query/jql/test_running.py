"""Tests that run built queries in JavaScript.

Expected rows were worked out by hand from the events and profiles of conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from mixpanel_query import jql
from mixpanel_query.jql import reducer
from mixpanel_schema import Property

Run: TypeAlias = Callable[..., list[Any]]
Groups: TypeAlias = Callable[[jql.Query], dict[tuple[object, ...], object]]

ALL = jql.events("2026-11-09", "2026-11-17")
SIGN_UPS = jql.events("2026-11-09", "2026-11-17", events="Sign Up")
PURCHASES = jql.events("2026-11-09", "2026-11-17", events="Purchase")


def test_all_events(run: Run) -> None:
    """A source alone gives its items."""
    assert len(run(ALL)) == 7
    assert len(run(jql.events("2026-11-10", "2026-11-10"))) == 2
    assert [row["distinct_id"] for row in run(SIGN_UPS)] == ["ann", "bob", "cid"]


def test_condition_of_the_source(run: Run) -> None:
    """A condition and names must both be met."""
    query = jql.events(
        "2026-11-09", "2026-11-17", events="Sign Up", where='properties["age"] > 30'
    )

    assert [row["distinct_id"] for row in run(query)] == ["bob", "cid"]


def test_selectors_as_such(run: Run) -> None:
    """An event counts if it matches any selector."""
    query = jql.events(
        "2026-11-09",
        "2026-11-17",
        event_selectors=[
            {"event": "Sign Up", "label": "start"},
            {"selector": 'properties["price"] > 10'},
        ],
    )

    assert run(query.reduce(reducer.count())) == [4]


def test_people(run: Run) -> None:
    """Profiles are a source too."""
    query = jql.people(where='user["country"] == "US"')

    assert [row["distinct_id"] for row in run(query)] == ["ann", "eva"]
    assert len(run(jql.people())) == 3


@pytest.mark.parametrize(
    ("type", "count"), [("full", 8), ("left", 7), ("right", 6), ("inner", 5)]
)
def test_join(run: Run, type: jql.JoinType, count: int) -> None:
    """Events and profiles come together, with or without those that have no other."""
    query = jql.join(ALL, jql.people(), type=type)

    assert run(query.reduce(reducer.count())) == [count]


def test_properties_of_a_join(groups: Groups) -> None:
    """Each side of a join has properties, or is missing."""
    query = jql.join(ALL, jql.people(), type="left").group_by(
        [jql.prop("country", of="user"), jql.prop("Plan", of="event")], reducer.count()
    )

    assert groups(query) == {
        ("US", "Free"): 2,
        ("US", "Pro"): 1,
        ("SI", "Pro"): 2,
        (None, "Pro"): 2,
    }


def test_selectors_of_a_join(run: Run) -> None:
    """Conditions of a join may look at both sides."""
    both = 'properties["Plan"] == "Pro" and user["country"] == "US"'
    query = jql.join(ALL, jql.people(), type="inner", selectors=[{"selector": both}])

    assert [row["event"]["name"] for row in run(query)] == ["Purchase"]


def test_filter_and_map_with_values(run: Run) -> None:
    """JavaScript reads its values from params."""
    query = PURCHASES.filter(
        jql.js("(e) => e.properties.price > params.least", least=5)
    ).map(jql.js("function(e) { return [e.distinct_id, params.word]; }", word="*/ 'x"))

    assert run(query) == [["ann", "*/ 'x"], ["bob", "*/ 'x"], ["dan", "*/ 'x"]]


def test_comment_at_the_end_of_a_function(run: Run) -> None:
    """A comment does not swallow the rest of the script."""
    query = ALL.filter(jql.js("(e) => e.name == 'Sign Up' // only these"))

    assert run(query.reduce(reducer.count())) == [3]


def test_groups_by_property(groups: Groups) -> None:
    """Properties are named as such, as a path, or declared."""
    expected = {("Free",): 1, ("Pro",): 3}
    for key in (jql.prop("Plan"), "properties.Plan", Property("Plan")):
        assert groups(PURCHASES.group_by(key, reducer.count())) == expected


def test_several_keys_and_reducers(groups: Groups) -> None:
    """Keys and values come in the order that they were asked for."""
    query = PURCHASES.group_by(
        ["name", jql.prop("Plan")], [reducer.count(), reducer.sum("properties.price")]
    )

    assert groups(query) == {
        ("Purchase", "Free"): [1, 5],
        ("Purchase", "Pro"): [3, 27],
    }


def test_list_as_keys(groups: Groups) -> None:
    """Each element of a list makes a group, where that is asked for."""
    query = PURCHASES.filter(jql.js("(e) => e.properties.tags")).group_by(
        [jql.multiple_keys([jql.prop("tags")]), "name"], reducer.count()
    )

    assert groups(query) == {("x", "Purchase"): 1, ("y", "Purchase"): 2}


def test_unique_users_by_property(groups: Groups) -> None:
    """The recipe of the documents: users first, then their key without the user."""
    query = ALL.group_by_user([jql.prop("Plan")], reducer.null()).group_by(
        jql.slice("key", 1), reducer.count()
    )

    assert groups(query) == {("Free",): 1, ("Pro",): 4}


def test_slice_with_an_end(groups: Groups) -> None:
    """Components from one place up to another are kept."""
    query = ALL.group_by(["name", "distinct_id", jql.prop("Plan")], reducer.any())
    query = query.group_by(jql.slice("key", 0, 1), reducer.count())

    assert groups(query) == {("Sign Up",): 3, ("Purchase",): 4}


def test_users_and_their_events_in_order(groups: Groups) -> None:
    """A reducer in JavaScript goes through the events of a user in time."""
    names = jql.js("(state, events) => (state || []).concat(events.map(e => e.name))")
    query = ALL.filter(jql.js("(e) => e.distinct_id == 'ann'")).group_by_user(names)

    assert groups(query) == {("ann",): ["Sign Up", "Purchase", "Purchase"]}


def test_reducer_in_javascript(run: Run) -> None:
    """A reducer in JavaScript merges what was reduced before."""
    longest = jql.js(
        "function(accumulators, items) {"
        "  return Math.max(...accumulators, ...items.map(i => i.name.length)); }"
    )

    assert run(ALL.reduce(longest)) == [8]


def test_order(run: Run) -> None:
    """Items are put in order by a scalar."""
    query = PURCHASES.group_by("distinct_id", reducer.count())
    name = jql.js("(group) => group.key[0]")

    for ordered, expected in [
        (query.sort_desc("value").sort_asc(name), ["ann", "bob", "dan"]),
        (query.sort_desc(name), ["dan", "bob", "ann"]),
    ]:
        assert [row["key"][0] for row in run(ordered)] == expected


def test_group_limits(run: Run) -> None:
    """So many groups of each component of the key are kept."""
    query = ALL.group_by(["name", jql.prop("Plan")], reducer.count())
    query = query.sort_desc("value")

    rows = run(query.apply_group_limits([2, 1], 10))

    assert [row["key"] for row in rows] == [["Purchase", "Pro"], ["Sign Up", "Pro"]]


HOSTILE = [
    """it's "quoted\"""",
    "back\\slash\\",
    "new\nline\r\n",
    "*/ throw 1 /*",
    "</script>",
    "nul\0",
    "${1}`",
    "\u2028",
    "😀",
    "a.b",
    "__proto__x",
    "x" * 10_000,
]


@pytest.mark.parametrize("given", HOSTILE, ids=lambda text: repr(text)[:20])
def test_hostile_names_and_values(run: Run, given: str) -> None:
    """Whatever a name or value holds is data: the script stays the same."""
    rows = [
        {
            "name": name,
            "distinct_id": name,
            "time": 1794225600000,  # 2026-11-09 12:00 in UTC
            "properties": {name: name},
        }
        for name in (given, "other")
    ]

    def build(text: str) -> jql.Query:
        query = jql.events("2026-11-09", "2026-11-09", events=text)
        query = query.filter(
            jql.js("(e) => e.properties[params.name] == params.name", name=text)
        )
        return query.group_by(["name", jql.prop(text), "distinct_id"], reducer.count())

    assert run(build(given), rows) == [{"key": [given, given, given], "value": 1}]
    assert build(given).script == build("plain").script

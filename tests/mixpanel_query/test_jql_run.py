"""Tests that run built queries in JavaScript, with a stand-in of Mixpanel's globals.

Expected rows were worked out by hand from the few events and profiles below.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import quickjs

from mixpanel_query import jql
from mixpanel_query.jql import reducer
from mixpanel_schema import Property

GLOBALS = Path(__file__).with_name("jql_globals.js").read_text()


def at(day: int, hour: int = 12) -> int:
    """Return milliseconds of an hour of a day in November 2026."""
    moment = datetime(2026, 11, day, hour, tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def event(name: str, who: str, day: int, **properties: object) -> dict[str, object]:
    """Write an event as JQL has it."""
    return {
        "name": name,
        "distinct_id": who,
        "time": at(day),
        "properties": properties,
    }


EVENTS = [
    event("Sign Up", "ann", 9, Plan="Free", age=20),
    event("Sign Up", "bob", 9, Plan="Pro", age=31),
    event("Sign Up", "cid", 10, Plan="Pro", age=45),
    event("Purchase", "ann", 10, Plan="Free", price=5, tags=["x", "y"]),
    event("Purchase", "ann", 11, Plan="Pro", price=7, tags=["y"]),
    event("Purchase", "bob", 16, Plan="Pro", price=20, tags=[]),
    event("Purchase", "dan", 17, Plan="Pro", price="9"),
]
PEOPLE = [
    {"distinct_id": "ann", "time": at(1), "properties": {"country": "US"}},
    {"distinct_id": "bob", "time": at(1), "properties": {"country": "SI"}},
    {"distinct_id": "eva", "time": at(1), "properties": {"country": "US"}},
]

ALL = jql.events("2026-11-09", "2026-11-17")
SIGN_UPS = jql.events("2026-11-09", "2026-11-17", events="Sign Up")
PURCHASES = jql.events("2026-11-09", "2026-11-17", events="Purchase")


def run(query: jql.Query, events: object = None) -> list[Any]:
    """Run a query on the events and profiles above; return its rows."""
    context = quickjs.Context()
    context.set_memory_limit(64 << 20)
    context.set_time_limit(5)
    data = {"events": EVENTS if events is None else events, "people": PEOPLE}
    context.eval(f"const data = {json.dumps(data)};")
    context.eval(f"const params = {json.dumps(query.params)};")
    context.eval(GLOBALS)
    context.eval(query.script)
    rows: list[Any] = json.loads(context.eval("JSON.stringify(main().items)"))
    return rows


def groups(query: jql.Query) -> dict[tuple[object, ...], object]:
    """Run a query that groups; return its values by key."""
    return dict(jql.read_groups(run(query)))


def test_all_events() -> None:
    """A source alone gives its items."""
    assert len(run(ALL)) == 7
    assert len(run(jql.events("2026-11-10", "2026-11-10"))) == 2
    assert [row["distinct_id"] for row in run(SIGN_UPS)] == ["ann", "bob", "cid"]


def test_condition_of_the_source() -> None:
    """A condition and names must both be met."""
    query = jql.events(
        "2026-11-09", "2026-11-17", events="Sign Up", where='properties["age"] > 30'
    )

    assert [row["distinct_id"] for row in run(query)] == ["bob", "cid"]


def test_selectors_as_such() -> None:
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


def test_people() -> None:
    """Profiles are a source too."""
    query = jql.people(where='user["country"] == "US"')

    assert [row["distinct_id"] for row in run(query)] == ["ann", "eva"]
    assert len(run(jql.people())) == 3


@pytest.mark.parametrize(
    ("type", "count"), [("full", 8), ("left", 7), ("right", 6), ("inner", 5)]
)
def test_join(type: jql.JoinType, count: int) -> None:
    """Events and profiles come together, with or without those that have no other."""
    query = jql.join(ALL, jql.people(), type=type)

    assert run(query.reduce(reducer.count())) == [count]


def test_properties_of_a_join() -> None:
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


def test_selectors_of_a_join() -> None:
    """Conditions of a join may look at both sides."""
    both = 'properties["Plan"] == "Pro" && user["country"] == "US"'
    query = jql.join(ALL, jql.people(), type="inner", selectors=[{"selector": both}])

    assert [row["event"]["name"] for row in run(query)] == ["Purchase"]


def test_filter_and_map_with_values() -> None:
    """JavaScript reads its values from params."""
    query = PURCHASES.filter(
        jql.js("(e) => e.properties.price > params.least", least=5)
    ).map(jql.js("function(e) { return [e.distinct_id, params.word]; }", word="*/ 'x"))

    assert run(query) == [["ann", "*/ 'x"], ["bob", "*/ 'x"], ["dan", "*/ 'x"]]


def test_comment_at_the_end_of_a_function() -> None:
    """A comment does not swallow the rest of the script."""
    query = ALL.filter(jql.js("(e) => e.name == 'Sign Up' // only these"))

    assert run(query.reduce(reducer.count())) == [3]


def test_groups_by_property() -> None:
    """Properties are named as such, as a path, or declared."""
    expected = {("Free",): 1, ("Pro",): 3}
    for key in (jql.prop("Plan"), "properties.Plan", Property("Plan")):
        assert groups(PURCHASES.group_by(key, reducer.count())) == expected


def test_several_keys_and_reducers() -> None:
    """Keys and values come in the order that they were asked for."""
    query = PURCHASES.group_by(
        ["name", jql.prop("Plan")], [reducer.count(), reducer.sum("properties.price")]
    )

    assert groups(query) == {
        ("Purchase", "Free"): [1, 5],
        ("Purchase", "Pro"): [3, 27],
    }


def test_list_as_keys() -> None:
    """Each element of a list makes a group, where that is asked for."""
    query = PURCHASES.filter(jql.js("(e) => e.properties.tags")).group_by(
        [jql.multiple_keys([jql.prop("tags")]), "name"], reducer.count()
    )

    assert groups(query) == {("x", "Purchase"): 1, ("y", "Purchase"): 2}


def test_unique_users_by_property() -> None:
    """The recipe of the documents: users first, then their key without the user."""
    query = ALL.group_by_user([jql.prop("Plan")], reducer.null()).group_by(
        jql.slice("key", 1), reducer.count()
    )

    assert groups(query) == {("Free",): 1, ("Pro",): 4}


def test_slice_with_an_end() -> None:
    """Components from one place up to another are kept."""
    query = ALL.group_by(["name", "distinct_id", jql.prop("Plan")], reducer.any())
    query = query.group_by(jql.slice("key", 0, 1), reducer.count())

    assert groups(query) == {("Sign Up",): 3, ("Purchase",): 4}


def test_users_and_their_events_in_order() -> None:
    """A reducer in JavaScript goes through the events of a user in time."""
    names = jql.js("(state, events) => (state || []).concat(events.map(e => e.name))")
    query = ALL.filter(jql.js("(e) => e.distinct_id == 'ann'")).group_by_user(names)

    assert groups(query) == {("ann",): ["Sign Up", "Purchase", "Purchase"]}


def test_reducer_in_javascript() -> None:
    """A reducer in JavaScript merges what was reduced before."""
    longest = jql.js(
        "function(accumulators, items) {"
        "  return Math.max(...accumulators, ...items.map(i => i.name.length)); }"
    )

    assert run(ALL.reduce(longest)) == [8]


def test_order() -> None:
    """Items are put in order by a scalar."""
    query = PURCHASES.group_by("distinct_id", reducer.count())
    name = jql.js("(group) => group.key[0]")

    for ordered, expected in [
        (query.sort_desc("value").sort_asc(name), ["ann", "bob", "dan"]),
        (query.sort_desc(name), ["dan", "bob", "ann"]),
    ]:
        assert [row["key"][0] for row in run(ordered)] == expected


def test_group_limits() -> None:
    """So many groups of each component of the key are kept."""
    query = ALL.group_by(["name", jql.prop("Plan")], reducer.count())
    query = query.sort_desc("value")

    rows = run(query.apply_group_limits([2, 1], 10))

    assert [row["key"] for row in rows] == [["Purchase", "Pro"], ["Sign Up", "Pro"]]


NUMBERS = PURCHASES.filter(jql.js("(e) => typeof e.properties.price == 'number'"))
PRICE = jql.prop("price")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (reducer.count(), 3),
        (reducer.sum(PRICE), 32),
        (reducer.avg(PRICE), pytest.approx(32 / 3)),
        (
            reducer.numeric_summary(PRICE),
            {
                "count": 3,
                "sum": 32,
                "sum_squares": 474,
                "avg": pytest.approx(10.6667, abs=1e-4),
                "stddev": pytest.approx(6.6499, abs=1e-4),
            },
        ),
        (reducer.numeric_percentiles(PRICE, 50), 7),
        (
            reducer.numeric_percentiles(PRICE, [1, 99.9]),
            [{"percentile": 1, "value": 5}, {"percentile": 99.9, "value": 20}],
        ),
        (reducer.min(PRICE), 5),
        (reducer.max(PRICE), 20),
        (reducer.min_by(PRICE), EVENTS[3]),
        (reducer.max_by(PRICE), EVENTS[5]),
        (reducer.null(), None),
        ([reducer.count(), reducer.null()], [3, None]),
    ],
    ids=repr,
)
def test_reducers(made: reducer.BuiltIn, expected: object) -> None:
    """Each reducer of JQL is there under its name, with its arguments."""
    assert run(NUMBERS.reduce(made)) == [expected]


def test_any() -> None:
    """Some item of all is given."""
    (row,) = run(NUMBERS.reduce(reducer.any()))

    assert row in EVENTS


def test_merged_objects() -> None:
    """Numbers in objects are added up."""
    query = NUMBERS.map(jql.js("(e) => ({n: 1, in: {price: e.properties.price}})"))

    assert run(query.reduce(reducer.object_merge())) == [{"n": 3, "in": {"price": 32}}]


def test_top_groups() -> None:
    """The largest groups are one list, which flatten makes items of."""
    query = ALL.group_by("distinct_id", reducer.count()).reduce(reducer.top(2))

    (rows,) = run(query)

    assert rows == run(query.flatten())
    assert [row["value"] for row in rows] == [3, 2]


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        (jql.numeric_bucket(jql.prop("age"), [0, 18, 30]), {18: 1, 30: 2}),
        (jql.numeric_bucket("properties.age", bucket_size=10), {20: 1, 30: 1, 40: 1}),
        (
            jql.numeric_bucket("properties.age", bucket_size=10, offset=1),
            {11: 1, 31: 1, 41: 1},
        ),
        (
            jql.numeric_bucket("time", jql.daily_time_buckets),
            {at(9, 0): 2, at(10, 0): 1},
        ),
        (jql.numeric_bucket("time", jql.weekly_time_buckets), {at(9, 0): 3}),
        (jql.numeric_bucket("time", jql.monthly_time_buckets), {at(1, 0): 3}),
        (
            jql.numeric_bucket("time", jql.quarterly_time_buckets),
            {1790812800000: 3},  # 2026-10-01
        ),
        (
            jql.numeric_bucket("time", jql.annual_time_buckets),
            {1767225600000: 3},  # 2026-01-01
        ),
    ],
    ids=repr,
)
def test_buckets(bucket: jql.Key, expected: dict[int, int]) -> None:
    """The lower boundary of a bucket is its key."""
    found = groups(SIGN_UPS.group_by(bucket, reducer.count()))

    assert found == {(key,): value for key, value in expected.items()}


def test_text_as_numbers() -> None:
    """Text is read as a number where that is asked for, inside a bucket too."""
    number = jql.to_number(jql.prop("price"))

    assert run(PURCHASES.reduce(reducer.sum(number))) == [41]
    bucket = jql.numeric_bucket(number, [0, 8])
    assert groups(PURCHASES.group_by(bucket, reducer.count())) == {(0,): 2, (8,): 2}


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
def test_hostile_names_and_values(given: str) -> None:
    """Whatever a name or value holds is data: the script stays the same."""
    rows = [event(given, given, 9, **{given: given}), event("other", "o", 9)]

    def build(text: str) -> jql.Query:
        query = jql.events("2026-11-09", "2026-11-09", events=text)
        query = query.filter(
            jql.js("(e) => e.properties[params.name] == params.name", name=text)
        )
        return query.group_by(["name", jql.prop(text), "distinct_id"], reducer.count())

    assert run(build(given), rows) == [{"key": [given, given, given], "value": 1}]
    assert build(given).script == build("plain").script

"""Tests of mixpanel_query.jql: what is written, refused, and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import event_property, jql, user_property
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql import reducer
from mixpanel_schema import Event

EVENTS = jql.events("2026-11-09", "2026-11-15")
GROUPS = EVENTS.group_by("name", reducer.count())
ITEM = jql.js("(item) => item")


def test_script_and_params() -> None:
    """The script reads every value from params."""
    query = (
        jql.events("2026-11-09", "2026-11-15", events=[Event("Sign Up"), "Purchase"])
        .filter(jql.js("(e) => e.properties.n > params.least", least=3))
        .group_by(["name", jql.prop("Plan")], reducer.sum("properties.n"))
    )

    assert query.script == (
        "function main() {\n"
        "  return Events(params.query_values[0])\n"
        "    .filter((e) => e.properties.n > params.least)\n"
        "    .groupBy([params.query_values[1], "
        "function(item) { return item.properties[params.query_values[2]]; }], "
        "mixpanel.reducer.sum(params.query_values[3]));\n"
        "}\n"
    )
    assert query.params == {
        "query_values": [
            {
                "from_date": "2026-11-09",
                "to_date": "2026-11-15",
                "event_selectors": [{"event": "Sign Up"}, {"event": "Purchase"}],
            },
            "name",
            "Plan",
            "properties.n",
        ],
        "least": 3,
    }


def test_conditions_that_were_built() -> None:
    """Expressions are written out; in a join they may look at both sides."""
    events = jql.events("2026-11-09", "2026-11-09", where=event_property("a") > 1)
    people = jql.people(where=user_property('b"') == 'properties["x"]')
    both = (event_property("a") == 1) & (user_property("b") == 1)

    query = jql.join(events, people, selectors=[{"selector": both}])

    left, right, options = query.params["query_values"]  # type: ignore[misc]
    assert left["event_selectors"] == [{"selector": 'properties["a"] > 1'}]
    assert right["user_selectors"] == [
        {"selector": 'user["b\\""] == "properties[\\"x\\"]"'}
    ]
    assert options["selectors"] == [{"selector": both.text}]


def test_buckets_are_not_reducers() -> None:
    """The documented name of a bucket is in mixpanel, not in its reducers."""
    bucket = jql.numeric_bucket("time", jql.weekly_time_buckets)
    query = EVENTS.group_by(bucket, reducer.count())

    assert (
        "groupBy([mixpanel.numeric_bucket(params.query_values[1], "
        "mixpanel.weekly_time_buckets)], mixpanel.reducer.count())" in query.script
    )


def test_group_limits_are_a_method() -> None:
    """Of two places that the documents have, the one of their example is used."""
    assert (
        ".applyGroupLimits(params.query_values[2], params.query_values[3])"
        in GROUPS.apply_group_limits([1], 2).script
    )


def test_queries_do_not_change() -> None:
    """A step makes another query, and equal ones are equal."""
    longer = EVENTS.flatten()

    assert EVENTS.steps == ()
    assert longer == jql.events("2026-11-09", "2026-11-15").flatten()
    assert longer != EVENTS
    assert len({EVENTS, longer, EVENTS.flatten()}) == 2


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "steps in a join": (
        lambda: jql.join(EVENTS.map(ITEM), jql.people()),
        "JQL allows none in a join",
    ),
    "filter in a join": (
        lambda: jql.join(EVENTS, jql.people().filter(ITEM)),
        "JQL allows none in a join",
    ),
    "join the wrong way": (
        lambda: jql.join(jql.people(), EVENTS),
        "events first, and people second",
    ),
    "join of text": (lambda: jql.join("x", jql.people()), "'x' is no query"),
    "unknown join": (
        lambda: jql.join(EVENTS, jql.people(), type="outer"),
        "use full, left, right, inner",
    ),
    "users after map": (
        lambda: EVENTS.map(ITEM).group_by_user(reducer.count()),
        "another step than filter",
    ),
    "users after group_by": (
        lambda: GROUPS.group_by_user(reducer.count()),
        "another step than filter",
    ),
    "percentile 0": (
        lambda: reducer.numeric_percentiles("x", 0),
        "between 0 and 100, and is neither",
    ),
    "percentile 100": (
        lambda: reducer.numeric_percentiles("x", [50, 100]),
        "percentile 100 is out of range",
    ),
    "no percentiles": (lambda: reducer.numeric_percentiles("x", []), "are empty"),
    "percentile of text": (
        lambda: reducer.numeric_percentiles("x", ["50"]),
        "'50' is no number",
    ),
    "unknown selector key": (
        lambda: jql.events("2026-11-09", "2026-11-09", event_selectors=[{"name": "x"}]),
        "'name' is unknown; use event, selector, label",
    ),
    "label for users": (
        lambda: jql.people(user_selectors=[{"label": "x"}]),
        "'label' is unknown; use selector",
    ),
    "label in a join": (
        lambda: jql.join(EVENTS, jql.people(), selectors=[{"label": "x"}]),
        "use event, selector",
    ),
    "empty selector": (
        lambda: jql.events("2026-11-09", "2026-11-09", event_selectors=[{}]),
        "event_selectors has {}",
    ),
    "one selector": (
        lambda: jql.people(user_selectors={"selector": "x"}),
        "is one selector",
    ),
    "empty label": (
        lambda: jql.events("2026-11-09", "2026-11-09", event_selectors=[{"label": ""}]),
        "label '' is no text",
    ),
    "two ways to select events": (
        lambda: jql.events(
            "2026-11-09", "2026-11-09", events="A", event_selectors=[{"event": "A"}]
        ),
        "say the same",
    ),
    "two ways to select users": (
        lambda: jql.people(where="x", user_selectors=[{"selector": "x"}]),
        "say the same",
    ),
    "users in a condition of events": (
        lambda: jql.events("2026-11-09", "2026-11-09", where=user_property("a") > 1),
        'looks at user["…"], which means nothing here',
    ),
    "events in a condition of users": (
        lambda: jql.people(user_selectors=[{"selector": 'properties["a"] > 1'}]),
        'write user["…"], or use user_property',
    ),
    "empty condition": (lambda: jql.people(where=" "), "is no expression"),
    "window": (lambda: jql.events("2026-11-09", "2026-11-08"), "before it starts"),
    "text as a filter": (lambda: EVENTS.filter("x => x"), "'x => x' is no JavaScript"),
    "text as a map": (lambda: EVENTS.map("x => x"), "is no JavaScript"),
    "empty JavaScript": (lambda: jql.js(" "), "' ' is no JavaScript"),
    "text as a reducer": (lambda: EVENTS.reduce("count"), "'count' is no reducer"),
    "no reducers": (lambda: EVENTS.reduce([]), "the list of reducers is empty"),
    "no keys": (lambda: EVENTS.group_by([], reducer.count()), "no keys to group by"),
    "empty path": (lambda: EVENTS.sort_asc(""), "a path is empty"),
    "key as a value": (
        lambda: reducer.sum(jql.multiple_keys("properties.x")),
        "is a key, not a value",
    ),
    "no multiple keys": (lambda: jql.multiple_keys([]), "multiple_keys are empty"),
    "slice without groups": (
        lambda: EVENTS.group_by(jql.slice("key", 1), reducer.count()),
        "group first",
    ),
    "empty slice": (lambda: jql.slice("key", 1, 1), "from 1 to 1 holds nothing"),
    "slice of nothing": (lambda: jql.slice("", 1), "is of nothing"),
    "top without groups": (lambda: EVENTS.reduce(reducer.top(3)), "group first"),
    "top of none": (lambda: reducer.top(0), "use at least 1"),
    "limits without groups": (
        lambda: EVENTS.apply_group_limits([1], 1),
        "put it after group_by",
    ),
    "limits after reduce": (
        lambda: GROUPS.reduce(reducer.count()).apply_group_limits([1], 1),
        "put it after group_by",
    ),
    "no limits": (lambda: GROUPS.apply_group_limits([], 1), "limits are empty"),
    "limit 0": (lambda: GROUPS.apply_group_limits([0], 1), "limit 0 is out of range"),
    "order by key": (lambda: GROUPS.sort_asc("key"), "group.key[0]"),
    "order by several values": (
        lambda: EVENTS.group_by("name", [reducer.count()]).sort_desc("value"),
        "'value' is a list here, and JQL sorts by scalars only",
    ),
    "no buckets": (lambda: jql.numeric_bucket("x"), "give one of the two"),
    "falling buckets": (lambda: jql.numeric_bucket("x", [2, 1]), "do not ascend"),
    "bucket of nothing": (
        lambda: jql.numeric_bucket("x", bucket_size=0),
        "bucket_size 0 is not positive",
    ),
    "endless bucket": (
        lambda: jql.numeric_bucket("x", [float("inf")]),
        "is not finite",
    ),
    "offset alone": (
        lambda: jql.numeric_bucket("x", [1], offset=1),
        "goes with bucket_size only",
    ),
    "prop in a join": (
        lambda: jql.join(EVENTS, jql.people()).group_by(jql.prop("x"), reducer.count()),
        "is ambiguous in a join",
    ),
    "prop of a user without a join": (
        lambda: EVENTS.group_by(jql.prop("x", of="user"), reducer.count()),
        "needs a join",
    ),
    "prop of something": (lambda: jql.prop("x", of="item"), "use event or user"),
    "one name, two values": (
        lambda: EVENTS.filter(jql.js("x", a=1)).filter(jql.js("x", a=2)),
        "a is 1 and 2",
    ),
    "the query's own name": (
        lambda: EVENTS.filter(jql.js("x", query_values=1)),
        "choose another name",
    ),
    "value that is not JSON": (
        lambda: EVENTS.filter(jql.js("x", a={1})),
        "cannot be written as JSON",
    ),
    "rows without key": (
        lambda: list(jql.read_groups([{"key": 1}])),
        "row 1 has no key and value",
    ),
}


@pytest.mark.parametrize(("build", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_jql_does_not_allow(build: Callable[[], Any], problem: str) -> None:
    """What cannot be right is refused where it is written, in one line."""
    with pytest.raises(InvalidQueryError) as caught:
        build()

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_keys_of_groups() -> None:
    """A key that is no list has one component."""
    rows = [{"key": ["US", 1], "value": 3}, {"key": "ann", "value": None}]

    assert list(jql.read_groups(rows)) == [(("US", 1), 3), (("ann",), None)]


def test_events_themselves_can_be_in_order() -> None:
    """Before they are grouped, an item is an event."""
    script = EVENTS.sort_desc("time").script

    assert ".sortDesc(" in script

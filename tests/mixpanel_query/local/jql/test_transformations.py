"""What each transformation makes of the items.

Expected items were worked out by hand from the events and profiles of conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]


def test_filter_keeps_items_for_which_it_is_true(run: Run) -> None:
    """Any value that JavaScript takes for true keeps an item."""
    users = run(".filter(e => e.properties.tags && e.properties.tags.length)")

    assert [event["distinct_id"] for event in users] == ["ann", "ann"]


def test_map_changes_each_item(run: Run) -> None:
    """The function gets one item, and what it gives is one."""
    steps = ".map(function (e) { return [e.name[0], e.distinct_id]; })"

    assert run(steps) == [
        ["S", "ann"],
        ["S", "bob"],
        ["S", "cid"],
        ["P", "ann"],
        ["P", "ann"],
        ["P", "bob"],
        ["P", "dan"],
    ]


def test_map_to_nothing_is_null(run: Run) -> None:
    """A collection keeps its size."""
    assert run(".map(e => undefined)") == [None] * 7


def test_reduce_gives_one_item(run: Run) -> None:
    """The result of a reducer is the only item."""
    assert run(".reduce(mixpanel.reducer.count())") == [7]


def test_reduce_with_several_reducers_gives_a_list(run: Run) -> None:
    """Their results are one item, in their order."""
    steps = (
        ".reduce([mixpanel.reducer.count(), mixpanel.reducer.sum('properties.price')])"
    )

    assert run(steps) == [[7, 32]]


def test_group_by_gives_key_and_value(run: Run) -> None:
    """Keys have a component for each accessor, in their order."""
    found = run(".groupBy(['name', e => e.properties.Plan], mixpanel.reducer.count())")

    assert found == [
        {"key": ["Sign Up", "Free"], "value": 1},
        {"key": ["Sign Up", "Pro"], "value": 2},
        {"key": ["Purchase", "Free"], "value": 1},
        {"key": ["Purchase", "Pro"], "value": 3},
    ]


def test_group_by_with_several_reducers(run: Run) -> None:
    """The value is a list then."""
    reducers = "[mixpanel.reducer.count(), mixpanel.reducer.max('properties.age')]"

    assert run(f".groupBy(['properties.Plan'], {reducers})") == [
        {"key": ["Free"], "value": [2, 20]},
        {"key": ["Pro"], "value": [5, 45]},
    ]


def test_missing_key_is_null(run: Run) -> None:
    """What an item does not have makes a group of its own."""
    found = run(".groupBy(['properties.price'], mixpanel.reducer.count())")

    assert [(row["key"], row["value"]) for row in found] == [
        ([None], 3),
        ([5], 1),
        ([7], 1),
        ([20], 1),
        (["9"], 1),
    ]


def test_list_stands_in_the_key(run: Run) -> None:
    """Its elements become components, unless each shall have a group."""
    steps = (
        ".filter(e => e.properties.tags)"
        ".groupBy(['distinct_id', 'properties.tags'], mixpanel.reducer.count())"
    )

    assert [row["key"] for row in run(steps)] == [
        ["ann", "x", "y"],
        ["ann", "y"],
        ["bob"],
    ]


@pytest.mark.parametrize(
    "keys",
    [
        "mixpanel.multiple_keys(['properties.tags'])",
        "[mixpanel.multiple_keys(['properties.tags'])]",
    ],
)
def test_multiple_keys_make_groups_of_elements(run: Run, keys: str) -> None:
    """Each element has a group, whether they stand alone or in a list."""
    steps = ".filter(e => e.properties.tags)"

    assert run(f"{steps}.groupBy({keys}, mixpanel.reducer.count())") == [
        {"key": ["x"], "value": 1},
        {"key": ["y"], "value": 2},
    ]


def test_multiple_keys_beside_the_list_itself(run: Run) -> None:
    """Both treatments go together in one key, as the documents show."""
    keys = "[mixpanel.multiple_keys(['properties.tags']), 'properties.tags']"
    steps = f".filter(e => e.properties.tags).groupBy({keys}, mixpanel.reducer.count())"

    assert [row["key"] for row in run(steps)] == [
        ["x", "x", "y"],
        ["y", "x", "y"],
        ["y", "y"],
    ]


def test_path_with_a_space(run: Run) -> None:
    """The name of a property may hold spaces."""
    found = run(
        ".map(e => ({properties: {'New Plan': e.properties.Plan}}))"
        ".groupBy(['properties.New Plan'], mixpanel.reducer.count())"
    )

    assert [row["key"] for row in found] == [["Free"], ["Pro"]]


def test_group_by_user_puts_the_id_first(run: Run) -> None:
    """Further keys follow it."""
    found = run(".groupByUser(['properties.Plan'], mixpanel.reducer.count())")

    assert [(row["key"], row["value"]) for row in found] == [
        (["ann", "Free"], 2),
        (["bob", "Pro"], 2),
        (["cid", "Pro"], 1),
        (["ann", "Pro"], 1),
        (["dan", "Pro"], 1),
    ]


def test_group_by_user_gives_events_in_temporal_order(run: Run) -> None:
    """A user's function gets the state of its last call, and later events."""
    found = run(
        ".groupByUser(function (state, events) {"
        "  return (state || []).concat(events.map(e => e.time)); })"
        ".filter(row => row.key[0] == 'ann')"
    )

    # 2026-11-09 08:00, 2026-11-10 10:00 and 2026-11-11 10:00 in UTC.
    times = [1794211200000, 1794304800000, 1794391200000]
    assert found == [{"key": ["ann"], "value": times}]


def test_group_by_user_calls_again_for_later_events(run: Run) -> None:
    """Whoever forgets the state loses the events before."""
    found = run(".groupByUser((state, events) => events.length)")

    assert {row["key"][0]: row["value"] for row in found} == {
        "ann": 2,
        "bob": 1,
        "cid": 1,
        "dan": 1,
    }


def test_users_of_each_plan(run: Run) -> None:
    """The recipe of the documents: users first, then their key without the id."""
    found = run(
        ".groupByUser(['properties.Plan'], mixpanel.reducer.null())"
        ".groupBy([mixpanel.slice('key', 1)], mixpanel.reducer.count())"
    )

    assert found == [{"key": ["Free"], "value": 1}, {"key": ["Pro"], "value": 4}]


def test_slice_up_to_a_limit(run: Run) -> None:
    """The component at the limit is not kept."""
    found = run(
        ".groupBy(['name', 'distinct_id', 'properties.Plan'], mixpanel.reducer.null())"
        ".groupBy([mixpanel.slice('key', 0, 1)], mixpanel.reducer.count())"
    )

    assert [(row["key"], row["value"]) for row in found] == [
        (["Sign Up"], 3),
        (["Purchase"], 4),
    ]


def test_flatten_inlines_one_level(run: Run) -> None:
    """What is no list passes through."""
    found = run(".filter(e => e.name == 'Sign Up').map(e => [1, [2]]).flatten()")

    assert found == [1, [2], 1, [2], 1, [2]]
    assert run(".filter(e => e.distinct_id == 'cid').map(e => 'x').flatten()") == ["x"]


def test_sort_by_path_and_by_function(run: Run) -> None:
    """Both directions, and items that are equal keep their order."""
    groups = ".groupBy(['distinct_id'], mixpanel.reducer.count())"
    users = ".map(row => row.key[0])"

    assert run(f"{groups}.sortDesc('value'){users}") == ["ann", "bob", "cid", "dan"]
    assert run(f"{groups}.sortAsc('value'){users}") == ["cid", "dan", "bob", "ann"]
    assert run(f"{groups}.sortDesc(row => row.key[0]){users}") == [
        *("dan", "cid", "bob", "ann")
    ]


def test_group_limits_as_a_step(run: Run) -> None:
    """So many values of each component are kept, and so many groups in all."""
    groups = ".groupBy(['name', 'distinct_id'], mixpanel.reducer.count())"
    groups += ".sortDesc('value')"

    assert run(f"{groups}.applyGroupLimits([2, 1], 10).map(row => row.key)") == [
        ["Purchase", "ann"],
        ["Sign Up", "ann"],
    ]
    assert len(run(f"{groups}.applyGroupLimits([5, 5], 3)")) == 3


def test_group_limits_as_a_reducer(run: Run) -> None:
    """The heading of the documents has them there; the groups come as a list."""
    found = run(
        ".groupBy(['name'], mixpanel.reducer.count()).sortDesc('value')"
        ".reduce(mixpanel.reducer.applyGroupLimits([1], 10))"
    )

    assert found == [[{"key": ["Purchase"], "value": 4}]]


def test_empty_collection(run: Run) -> None:
    """Nothing is an empty list, and its count 0."""
    assert run(".filter(e => false)") == []
    assert run(".filter(e => false).reduce(mixpanel.reducer.count())") == [0]
    assert run(".filter(e => false).groupBy(['name'], mixpanel.reducer.count())") == []


def test_sort_of_many_items(run: Run) -> None:
    """Batches of groups are merged, and those that are equal keep their order."""
    groups = (
        ".filter(e => e.distinct_id == 'cid').map(e => _.range(9999)).flatten()"
        ".groupBy([n => n], mixpanel.reducer.null()).map(row => row.key[0])"
    )
    expected = sorted(range(9999), key=lambda number: number * 7919 % 10)

    assert run(f"{groups}.sortAsc(n => n * 7919 % 10)") == expected
    assert run(f"{groups}.sortDesc(n => n * 7919 % 10)") == sorted(
        range(9999), key=lambda number: -(number * 7919 % 10)
    )


def test_sort_of_mixed_values(run: Run) -> None:
    """Numbers come first, then texts, then what is missing."""
    values = "['b', 10, undefined, 'a', 9, true]"
    steps = f".filter(e => e.distinct_id == 'cid').map(e => {values}).flatten()"

    assert run(f"{steps}.sortAsc(each => each)") == [9, 10, "a", "b", True, None]

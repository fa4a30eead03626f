"""What the reducers, buckets and accessors of JQL give.

Expected values were worked out by hand: the prices are 5, 7, 20 and the text "9", the
ages 20, 31 and 45.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import httpx
import pytest

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

AGES = ".filter(e => e.name == 'Sign Up')"


def reduced(run: Run, reducer: str, before: str = "") -> Any:  # noqa: ANN401 - JSON
    """Return the one item that a reducer of JQL's makes of the events."""
    [item] = run(f"{before}.reduce(mixpanel.reducer.{reducer})")
    return item


@pytest.mark.parametrize(
    ("reducer", "expected"),
    [
        ("count()", 7),
        ("sum('properties.price')", 32),
        ("sum(e => e.properties.price)", 32),
        ("avg('properties.age')", 32),
        ("min('properties.price')", 5),
        ("max('properties.price')", 20),
        ("min('properties.nothing')", None),
        ("avg('properties.nothing')", None),
        ("sum('properties.nothing')", 0),
        ("sum(mixpanel.to_number('properties.price'))", 41),
        ("max(mixpanel.to_number('properties.price'))", 20),
        ("null()", None),
    ],
)
def test_number(run: Run, reducer: str, expected: float | None) -> None:
    """Texts are no numbers, unless they are made some."""
    assert reduced(run, reducer) == expected


def test_numbers_without_an_accessor(run: Run) -> None:
    """The items themselves are the numbers then."""
    ages = f"{AGES}.map(e => e.properties.age)"

    assert reduced(run, "sum()", ages) == 96
    assert reduced(run, "avg()", ages) == 32


def test_numeric_summary(run: Run) -> None:
    """20, 31 and 45: 20² + 31² + 45² is 3,386, and the variance 314 / 3."""
    summary = reduced(run, "numeric_summary('properties.age')")

    assert summary.pop("stddev") == pytest.approx(10.23067283548187)
    assert summary == {"count": 3, "sum": 96, "sum_squares": 3386, "avg": 32}


def test_numeric_summary_of_nothing(run: Run) -> None:
    """There is no average of no numbers."""
    assert reduced(run, "numeric_summary('properties.nothing')") == {
        "count": 0,
        "sum": 0,
        "sum_squares": 0,
        "avg": None,
        "stddev": None,
    }


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("50", 50),
        ("99.9", 100),
        ("1", 1),
        (
            "[10, 90]",
            [{"percentile": 10, "value": 10}, {"percentile": 90, "value": 90}],
        ),
    ],
)
def test_percentiles(run: Run, wanted: str, expected: object) -> None:
    """One is a value, several are a list; of 1 to 100 they are plain."""
    hundred = f"{AGES}.filter(e => e.distinct_id == 'ann').map(e => _.range(1, 101))"
    reducer = f"numeric_percentiles(undefined, {wanted})"

    assert reduced(run, reducer, f"{hundred}.flatten()") == expected


def test_percentiles_take_flatten(run: Run) -> None:
    """The list of several percentiles is one item, which flatten() opens."""
    reducer = "mixpanel.reducer.numeric_percentiles('properties.age', [50])"

    assert run(f".reduce({reducer}).flatten()") == [{"percentile": 50, "value": 31}]


def test_min_by_and_max_by_give_the_item(run: Run) -> None:
    """The whole event, in the shape that the documents show."""
    event = reduced(run, "min_by('properties.price')")

    assert list(event) == [
        "name",
        "distinct_id",
        "time",
        "sampling_factor",
        "properties",
    ]
    assert (event["properties"]["price"], event["sampling_factor"]) == (5, 1)
    assert reduced(run, "max_by('properties.age')")["distinct_id"] == "cid"


def test_any_gives_an_item(run: Run) -> None:
    """Some item, whole; null of no items."""
    assert reduced(run, "any()", AGES)["name"] == "Sign Up"
    assert reduced(run, "any()", ".filter(e => false)") is None


def test_top_ranks_groups(run: Run) -> None:
    """The groups with the largest values are one item, the largest first."""
    groups = ".groupBy(['distinct_id'], mixpanel.reducer.count())"

    assert reduced(run, "top(2)", groups) == [
        {"key": ["ann"], "value": 3},
        {"key": ["bob"], "value": 2},
    ]


def test_object_merge_adds_numbers(run: Run) -> None:
    """Numbers are added at every depth; of other values the last one stays."""
    items = (
        f"{AGES}.map(e => ({{count: 1, by: {{[e.properties.Plan]: 1}}, last: "
        "e.distinct_id}))"
    )

    assert reduced(run, "object_merge()", items) == {
        "count": 3,
        "by": {"Free": 1, "Pro": 2},
        "last": "cid",
    }


def test_object_merge_of_odd_names(run: Run) -> None:
    """Names that objects have a meaning for are names like any other."""
    items = f'{AGES}.map(e => JSON.parse(\'{{"__proto__": 1, "toString": 1}}\'))'

    assert reduced(run, "object_merge()", items) == {"__proto__": 3, "toString": 3}


def test_reducer_of_a_script_must_merge(run: Run) -> None:
    """A script that forgets the accumulators gets a wrong number, as from Mixpanel."""
    right = ".reduce((done, items) => _.reduce(done, (a, b) => a + b, items.length))"

    assert run(right) == [7]
    assert run(".reduce((done, items) => items.length)") == [0]
    assert run(f"{AGES}.groupBy(['name'], (done, items) => items.length)") == [
        {"key": ["Sign Up"], "value": 0}
    ]


def test_reducer_of_the_documents(run: Run) -> None:
    """The earliest and the latest time, as an example of Mixpanel's finds them."""
    script = """
    function minimum(x, y) {
      if (x === null) return y;
      if (y === null) return x;
      return Math.min(x, y);
    }
    function main() {
      return Events({from_date: params.from_date, to_date: params.to_date})
        .reduce(function (accumulators, items) {
          var result = {earliest: null, latest: null};
          for (var i = 0; i < accumulators.length; i++) {
            result.earliest = minimum(result.earliest, accumulators[i].earliest);
            result.latest = Math.max(result.latest, accumulators[i].latest);
          }
          for (var j = 0; j < items.length; j++) {
            result.earliest = minimum(result.earliest, items[j].time);
            result.latest = Math.max(result.latest, items[j].time);
          }
          return result;
        });
    }
    """

    # 2026-11-09 08:00 and 2026-11-17 10:00 in UTC.
    assert run(script, from_date="2026-11-09", to_date="2026-11-17") == [
        {"earliest": 1794211200000, "latest": 1794909600000}
    ]


def test_dates_do_not_survive_in_accumulators(run: Run) -> None:
    """Accumulators are passed on as JSON, where a date is a text."""
    merging = (
        ".reduce((done, items) => done.length ? typeof done[0].at "
        ": {at: new Date(items[0].time)})"
    )

    assert run(merging) == ["string"]


def test_users_state_loses_functions(run: Run) -> None:
    """So is the state of a user."""
    steps = (
        ".groupByUser((state, events) => state ? {has: 'f' in state} "
        ": {f: () => 1}).filter(row => row.key[0] == 'ann')"
    )

    assert run(steps) == [{"key": ["ann"], "value": {"has": False}}]


def bucketed(run: Run, accessor: str, spec: str) -> list[Any]:
    """Return the keys of the buckets, in the order of the events."""
    keys = f"[mixpanel.numeric_bucket({accessor}, {spec})]"
    found = run(f".groupBy({keys}, mixpanel.reducer.count())")
    return [(row["key"][0], row["value"]) for row in found]


def test_buckets_by_boundaries(run: Run) -> None:
    """The lower boundary names a bucket; the last has no end, the first a beginning."""
    assert bucketed(run, "'properties.age'", "[20, 30, 40]") == [
        (20, 1),
        (30, 1),
        (40, 1),
        (None, 4),
    ]
    assert bucketed(run, "'properties.age'", "[31]") == [(None, 5), (31, 2)]


def test_buckets_by_size(run: Run) -> None:
    """Buckets of one size begin at the offset: 1, 11, 21 and so on."""
    size = "{bucket_size: 10, offset: 1}"

    assert bucketed(run, "'properties.age'", size) == [
        *((11, 1), (31, 1), (41, 1), (None, 4))
    ]
    assert bucketed(run, "e => -e.properties.age", "{bucket_size: 10}") == [
        *((-20, 1), (-40, 1), (-50, 1), (None, 4))
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # The days from 2026-11-09 on, of which the 12th to the 15th have no events.
        (
            "daily",
            [1794182400000, 1794268800000, 1794355200000, 1794787200000, 1794873600000],
        ),
        # The Mondays 2026-11-09 and 2026-11-16.
        ("weekly", [1794182400000, 1794787200000]),
        ("monthly", [1793491200000]),  # 2026-11-01
        ("quarterly", [1790812800000]),  # 2026-10-01
        ("annual", [1767225600000]),  # 2026-01-01
    ],
)
def test_buckets_of_the_calendar(run: Run, name: str, expected: list[int]) -> None:
    """Each is named by its first millisecond."""
    found = bucketed(run, "'time'", f"mixpanel.{name}_time_buckets")

    assert [start for start, _ in found] == expected


def test_buckets_among_the_reducers(run: Run) -> None:
    """Other clients write it there."""
    keys = "[mixpanel.reducer.numeric_bucket('properties.age', [0])]"

    assert len(run(f"{AGES}.groupBy({keys}, mixpanel.reducer.count())")) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [("'12.5'", 12.5), ("''", None), ("'x'", None), ("null", None), ("true", 1)],
)
def test_to_number(run: Run, value: str, expected: float | None) -> None:
    """What is no number is nothing."""
    steps = f".map(mixpanel.to_number(e => {value}))"

    assert run(steps)[0] == expected


def test_path_does_not_find_what_is_inherited(run: Run) -> None:
    """A property that is called like a method is missing where it is not sent."""
    found = run(".groupBy(['properties.constructor'], mixpanel.reducer.count())")

    assert found == [{"key": [None], "value": 7}]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (".filter(1)", "filter of number; give a function"),
        (".map()", "map of undefined; give a function"),
        (".reduce()", "a reducer is undefined; give a function"),
        (".groupBy(['name'])", "a reducer is undefined"),
        (".groupBy([{}], mixpanel.reducer.count())", "an accessor is an object"),
        (".groupBy([e => e], mixpanel.reducer.count())", "key of a group holds an obj"),
        (".map(e => 1).groupByUser(mixpanel.reducer.count())", "after another step"),
        (".sortAsc(e => [e])", "items are sorted by a list"),
        (".applyGroupLimits(3)", "needs a list of limits"),
        (".reduce(mixpanel.reducer.numeric_percentiles('x', 100))", "percentile 100"),
        (
            ".groupBy([mixpanel.numeric_bucket('x')], 1)",
            "bucket has no buckets",
        ),
        (".sortUp('x')", "not a function"),
    ],
)
def test_wrong_step_is_refused(post: Post, steps: str, problem: str) -> None:
    """The error says what was given, and what would do."""
    dates = "{from_date: '2026-11-09', to_date: '2026-11-17'}"
    answer = post(f"function main() {{ return Events({dates}){steps}; }}")

    assert answer.status_code == 412
    assert problem in answer.json()["error"]

"""Tests that run reducers, buckets and converters in JavaScript.

Expected rows were worked out by hand from the events and profiles of conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from mixpanel_query import jql
from mixpanel_query.jql import reducer

Run: TypeAlias = Callable[..., list[Any]]
Groups: TypeAlias = Callable[[jql.Query], dict[tuple[object, ...], object]]

ALL = jql.events("2026-11-09", "2026-11-17")
SIGN_UPS = jql.events("2026-11-09", "2026-11-17", events="Sign Up")
PURCHASES = jql.events("2026-11-09", "2026-11-17", events="Purchase")
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
        (reducer.null(), None),
        ([reducer.count(), reducer.null()], [3, None]),
    ],
    ids=repr,
)
def test_reducers(run: Run, made: reducer.BuiltIn, expected: object) -> None:
    """Each reducer of JQL is there under its name, with its arguments."""
    assert run(NUMBERS.reduce(made)) == [expected]


def test_any(run: Run) -> None:
    """Some item of all is given."""
    (row,) = run(NUMBERS.reduce(reducer.any()))

    assert row in run(NUMBERS)


@pytest.mark.parametrize(
    ("made", "price"), [(reducer.min_by(PRICE), 5), (reducer.max_by(PRICE), 20)]
)
def test_whole_items(run: Run, made: reducer.BuiltIn, price: int) -> None:
    """The item with the smallest or the largest value is given, all of it."""
    (row,) = run(NUMBERS.reduce(made))

    assert row in run(NUMBERS)
    assert row["properties"]["price"] == price


def test_merged_objects(run: Run) -> None:
    """Numbers in objects are added up."""
    query = NUMBERS.map(jql.js("(e) => ({n: 1, in: {price: e.properties.price}})"))

    assert run(query.reduce(reducer.object_merge())) == [{"n": 3, "in": {"price": 32}}]


def test_top_groups(run: Run) -> None:
    """The largest groups are one list, which flatten makes items of."""
    query = ALL.group_by("distinct_id", reducer.count()).reduce(reducer.top(2))

    (rows,) = run(query)

    assert rows == run(query.flatten())
    assert [row["value"] for row in rows] == [3, 2]


# Milliseconds, in UTC.
FIRST_OF_NOVEMBER = 1793491200000
MONDAY = 1794182400000  # 2026-11-09
TUESDAY = 1794268800000


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
            {MONDAY: 2, TUESDAY: 1},
        ),
        (jql.numeric_bucket("time", jql.weekly_time_buckets), {MONDAY: 3}),
        (jql.numeric_bucket("time", jql.monthly_time_buckets), {FIRST_OF_NOVEMBER: 3}),
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
def test_buckets(groups: Groups, bucket: jql.Key, expected: dict[int, int]) -> None:
    """The lower boundary of a bucket is its key."""
    found = groups(SIGN_UPS.group_by(bucket, reducer.count()))

    assert found == {(key,): value for key, value in expected.items()}


def test_text_as_numbers(groups: Groups, run: Run) -> None:
    """Text is read as a number where that is asked for, inside a bucket too."""
    number = jql.to_number(jql.prop("price"))

    assert run(PURCHASES.reduce(reducer.sum(number))) == [41]
    bucket = jql.numeric_bucket(number, [0, 8])
    assert groups(PURCHASES.group_by(bucket, reducer.count())) == {(0,): 2, (8,): 2}

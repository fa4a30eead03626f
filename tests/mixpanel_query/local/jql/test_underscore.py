"""The functions of Underscore that scripts use as ``_``: https://underscorejs.org."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Run: TypeAlias = Callable[..., list[Any]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.map({a: 1, b: 2}, (value, name) => name + value)", ["a1", "b2"]),
        ("_.reduce([1, 2, 3], (sum, each) => sum + each, 0)", 6),
        ("_.filter([1, 2, 3], each => each > 1)", [2, 3]),
        ("_.find([{a: 1}, {a: 2}], each => each.a == 2)", {"a": 2}),
        ("_.pluck([{a: 1}, {a: 2}], 'a')", [1, 2]),
        ("_.where([{a: 1, b: 1}, {a: 2, b: 1}], {a: 2})", [{"a": 2, "b": 1}]),
        ("_.groupBy([1, 2, 3], each => each % 2)", {"1": [1, 3], "0": [2]}),
        ("_.countBy(['x', 'y', 'x'])", {"x": 2, "y": 1}),
        ("_.sortBy(['bb', 'a'], 'length')", ["a", "bb"]),
        ("_.uniq([1, 1, 2])", [1, 2]),
        ("_.contains([1, 2], 2)", True),
        ("_.max([1, 3, 2])", 3),
        ("_.range(3)", [0, 1, 2]),
        ("_.keys({a: 1})", ["a"]),
        ("_.values({a: 1})", [1]),
        ("_.extend({a: 1}, {b: 2})", {"a": 1, "b": 2}),
        ("_.pick({a: 1, b: 2}, 'b')", {"b": 2}),
        ("_.isEmpty({})", True),
        ("_.last([1, 2])", 2),
        ("_.flatten([1, [2, [3]]])", [1, 2, 3]),
        ("_.object(['a'], [1])", {"a": 1}),
        ("_.chain([3, 1, 2]).sortBy().first(2).value()", [1, 2]),
        ("_([1, 2]).map(each => each * 2)", [2, 4]),
    ],
)
def test_function_of_underscore(run: Run, expression: str, expected: object) -> None:
    """It is the library itself."""
    steps = f".filter(e => e.distinct_id == 'cid').map(e => {expression})"

    assert run(steps) == [expected]


def test_properties_of_events_are_objects_like_any(run: Run) -> None:
    """Underscore goes through events and their properties."""
    steps = (
        ".filter(e => e.distinct_id == 'dan')"
        ".map(e => [_.keys(e), _.pick(e.properties, 'Plan', 'price')])"
    )

    assert run(steps) == [
        [
            ["name", "distinct_id", "time", "sampling_factor", "properties"],
            {"Plan": "Pro", "price": "9"},
        ]
    ]

"""Parts of lists, and lists made of several: https://underscorejs.org/#arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.first([1, 2, 3])", 1),
        ("_.head([1, 2, 3], 2)", [1, 2]),
        ("_.take([1], 0)", []),
        ("_.first([])", "<undefined>"),
        ("_.first(null, 2)", []),
        ("_.initial([1, 2, 3])", [1, 2]),
        ("_.initial([1, 2, 3], 2)", [1]),
        ("_.last([1, 2])", 2),
        ("_.last([1, 2, 3], 2)", [2, 3]),
        ("_.last([1], 5)", [1]),
        ("_.rest([1, 2, 3])", [2, 3]),
        ("_.tail([1, 2, 3], 2)", [3]),
        ("_.map([[1, 2], [3, 4]], _.drop)", [[2], [4]]),
        ("_.compact([0, 1, false, 2, '', 3, null, NaN, undefined])", [1, 2, 3]),
        ("_.chunk([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
        ("_.chunk([1, 2], 0)", []),
        ("_.chunk([1, 2], 1)", [[1], [2]]),
        ("_.chunk([1, 2, 3, 4], 2)", [[1, 2], [3, 4]]),
    ],
)
def test_part_of_a_list(evaluate: Evaluate, expression: str, expected: object) -> None:
    """One element, so many, or all but so many."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.flatten([1, [2, [3, [4]]]])", [1, 2, 3, 4]),
        ("_.flatten([1, [2, [3, [4]]]], true)", [1, 2, [3, [4]]]),
        ("_.flatten([1, [2, [3, [4]]]], 2)", [1, 2, 3, [4]]),
        ("_.flatten([1, [2]], 0)", [1, [2]]),
        ("_.flatten(null)", []),
        ("_.without([1, 2, 1, 0, 3], 0, 1)", [2, 3]),
        ("_.union([1, 2], [2, 10], 5, [1, 3])", [1, 2, 10, 3]),
        ("_.union([1, [2]], [[2]])", [1, [2], [2]]),
        ("_.intersection([1, 2, 2, 3], [2, 3, 1], [3, 2])", [2, 3]),
        ("_.difference([1, 2, 3, 4], [2, 10], [4])", [1, 3]),
        ("_.uniq([1, 2, 1, NaN, NaN])", [1, 2, "<NaN>"]),
        ("_.unique([1, 1, 2, 1], true)", [1, 2, 1]),
        (
            "_.uniq([{a: 1, b: 1}, {a: 1, b: 2}, {a: 2}], 'a')",
            [{"a": 1, "b": 1}, {"a": 2}],
        ),
        ("_.uniq([1, 2, 3], false, (each) => each % 2)", [1, 2]),
        (
            "_.zip(['a', 'b'], [1, 2], [true])",
            [["a", 1, True], ["b", 2, "<undefined>"]],
        ),
        ("_.unzip([['a', 1], ['b', 2]])", [["a", "b"], [1, 2]]),
        ("_.transpose([])", []),
        ("_.object(['a', 'b'], [1, 2])", {"a": 1, "b": 2}),
        ("_.object([['a', 1], ['__proto__', 2]])", {"a": 1, "__proto__": 2}),
    ],
)
def test_one_list_of_several(
    evaluate: Evaluate, expression: str, expected: object
) -> None:
    """Elements keep the order in which they first come."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.indexOf([1, 2, 3, 2], 2)", 1),
        ("_.indexOf([1, 2, 3, 2], 2, 2)", 3),
        ("_.indexOf([1, 2, 3], 1, -2)", -1),
        ("_.indexOf([NaN], NaN)", 0),
        ("_.indexOf([10, 20, 30], 20, true)", 1),
        ("_.indexOf([10, 20, 30], 25, true)", -1),
        ("_.indexOf(null, 1)", -1),
        ("_.lastIndexOf([1, 2, 1, 2], 1)", 2),
        ("_.lastIndexOf([1, 2, 1, 2], 1, 1)", 0),
        ("_.lastIndexOf([1, 2, 1, 2], 2, -2)", 1),
        ("_.lastIndexOf([1], 2)", -1),
        ("_.lastIndexOf([1, 2, 1], 1, 5)", 2),
        ("_.lastIndexOf([1, 2, 1], 1, 0)", 0),
        ("_.lastIndexOf([1], undefined)", -1),
        ("_.lastIndexOf([1, 2], 1, -5)", -1),
        ("_.lastIndexOf(null, 1)", -1),
        ("_.sortedIndex([10, 20, 30, 40, 50], 35)", 3),
        ("_.sortedIndex([{age: 40}, {age: 60}], {age: 50}, 'age')", 1),
        ("_.findIndex([1, 2, 3], (each) => each > 1)", 1),
        ("_.findIndex([{a: 1}], {a: 2})", -1),
        ("_.findIndex([1, 2], _.isUndefined)", -1),
        ("_.findIndex(null)", -1),
        ("_.findLastIndex([1, 2], _.isUndefined)", -1),
        ("_.findLastIndex([5, 6], (each, place) => place === 1)", 1),
        ("_.sortedIndex(null, 1)", 0),
        ("_.findLastIndex([{a: 1}, {a: 2}, {a: 1}], {a: 1})", 2),
    ],
)
def test_place_in_a_list(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Nowhere is -1."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.range(4)", [0, 1, 2, 3]),
        ("_.range(1, 4)", [1, 2, 3]),
        ("_.range(0, 30, 10)", [0, 10, 20]),
        ("_.range(0, -3)", [0, -1, -2]),
        ("_.range(0, -3, 1)", []),
        ("_.range(0)", []),
    ],
)
def test_range(evaluate: Evaluate, expression: str, expected: object) -> None:
    """The end is not in it."""
    assert evaluate(expression) == expected

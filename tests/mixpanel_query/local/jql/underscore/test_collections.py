"""What goes through lists and objects: https://underscorejs.org/#collections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.map([1, 2], (value, place) => value * 10 + place)", [10, 21]),
        ("_.collect({a: 1, b: 2}, (value, name) => name + value)", ["a1", "b2"]),
        ("_.map('ab', (letter) => letter + letter)", ["aa", "bb"]),
        ("_.map(null, (value) => value)", []),
        ("_.map([[1, 2], [3]], _.first)", [1, 3]),
        ("_.map({0: 'a', 1: 'b', length: 2})", ["a", "b"]),
        ("_.map({length: 0})", []),
        ("_.map({length: -1})", [-1]),
        ("_.map({length: 'x'})", ["x"]),
        (
            "_.map([1, 2], function (value) { return value + this.more; }, {more: 5})",
            [6, 7],
        ),
        (
            "((all) => { _.each([4, 5], (...given) => all.push(given)); return all; })"
            "([])",
            [[4, 0, [4, 5]], [5, 1, [4, 5]]],
        ),
        (
            "((all) => { _.forEach({a: 4}, (...it) => all.push(it)); return all; })"
            "([])",
            [[4, "a", {"a": 4}]],
        ),
        ("_.each([1, 2], () => 0)", [1, 2]),
        ("_.invoke(['a b', 'c'], 'split', ' ')", [["a", "b"], ["c"]]),
        ("_.invoke([{a: {b() { return this.c; }, c: 3}}], ['a', 'b'])", [3]),
        ("_.invoke([[3, 1]], function (more) { return this.length + more; }, 5)", [7]),
        ("_.pluck([{a: 1}, {a: 2}, {}], 'a')", [1, 2, "<undefined>"]),
        ("_.toArray({a: 1, b: 2})", [1, 2]),
        ("_.toArray('a😀')", ["a", "😀"]),
        ("_.size({a: 1, b: 2})", 2),
        ("_.size('abc')", 3),
        ("_.size(null)", 0),
    ],
)
def test_going_through_a_collection(
    evaluate: Evaluate, expression: str, expected: object
) -> None:
    """Lists give places, objects names, and nothing is empty."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.reduce([1, 2, 3], (sum, each) => sum + each, 10)", 16),
        ("_.foldl([1, 2, 3], (sum, each) => sum + each)", 6),
        (
            "_.inject({a: 1, b: 2}, (text, value, name) => text + name + value, '')",
            "a1b2",
        ),
        ("_.reduceRight(['a', 'b', 'c'], (text, each) => text + each)", "cba"),
        ("_.foldr(['a', 'b'], (text, each) => text + each, '-')", "-ba"),
        ("_.reduce([], (sum, each) => sum + each)", "<undefined>"),
        ("_.reduce(null, (sum, each) => sum + each, 4)", 4),
        ("_.reduce([1], function (sum, v) { return sum + v + this.a; }, 0, {a: 5})", 6),
    ],
)
def test_folding(evaluate: Evaluate, expression: str, expected: object) -> None:
    """The first value is the start if none is given."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.find([1, 2, 3], (each) => each > 1)", 2),
        ("_.detect([{a: 1, b: 1}, {a: 2, b: 2}], {a: 2})", {"a": 2, "b": 2}),
        ("_.find({x: 1, y: 2}, (each) => each > 1)", 2),
        ("_.find([1], (each) => each > 1)", "<undefined>"),
        ("_.filter([1, 2, 3], (each) => each > 1)", [2, 3]),
        ("_.select([{a: 0}, {a: 1}], 'a')", [{"a": 1}]),
        ("_.filter([{a: {b: 1}}, {a: {}}, {}], ['a', 'b'])", [{"a": {"b": 1}}]),
        ("_.filter([0, 1, '', 'x'])", [1, "x"]),
        ("_.reject([1, 2, 3], (each) => each > 1)", [1]),
        ("_.where([{a: 1, b: 1}, {a: 2, b: 1}], {a: 2, b: 1})", [{"a": 2, "b": 1}]),
        ("_.findWhere([{a: 1}, {a: 2, b: 3}], {a: 2})", {"a": 2, "b": 3}),
        ("_.every([1, 2], (each) => each > 1)", False),
        ("_.all([])", True),
        ("_.some([0, 3])", True),
        ("_.any([{a: 0}], 'a')", False),
        ("_.contains([1, 2, 3], 3)", True),
        ("_.include({a: 1}, 1)", True),
        ("_.includes([1, 2, 3], 1, 1)", False),
        ("_.contains([NaN], NaN)", True),
        ("_.contains([1, 2], 1, '1')", True),
        ("_.contains([NaN], 1)", False),
        ("_.every([1, 2], _.partial(_.contains, [1, 2, 3]))", True),
        ("_.partition([1, 2, 3, 4], (each) => each % 2)", [[1, 3], [2, 4]]),
    ],
)
def test_choosing(evaluate: Evaluate, expression: str, expected: object) -> None:
    """An iteratee is a function, some properties, a name, a path or nothing."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.max([1, 3, 2])", 3),
        ("_.max([{a: 1}, {a: 3}], 'a')", {"a": 3}),
        ("_.max([])", "<-Infinity>"),
        ("_.max([{a: 1, b: 1}, {a: 1, b: 2}], 'a')", {"a": 1, "b": 1}),
        ("_.min([{a: 1, b: 1}, {a: 1, b: 2}], 'a')", {"a": 1, "b": 1}),
        ("_.max([{a: -Infinity, b: 1}], 'a').b", 1),
        ("_.max([{a: 0, b: 1}, {a: -Infinity, b: 2}], 'a').b", 1),
        ("_.max([{b: 0}], 'a')", "<-Infinity>"),
        ("_.max([null, -5, undefined])", -5),
        ("_.map([[1, 4], [3]], _.max)", [4, 3]),
        ("_.min({a: 4, b: 2})", 2),
        ("_.min(['aaa', 'b'], (each) => each.length)", "b"),
        ("_.min([])", "<Infinity>"),
        ("_.sortBy(['bb', 'a'], 'length')", ["a", "bb"]),
        ("_.sortBy([3, undefined, 1])", [1, 3, "<undefined>"]),
        ("_.sortBy([undefined, 3, 1, 2])", [1, 2, 3, "<undefined>"]),
        (
            "_.sortBy([{a: 1, b: 1}, {a: 0}, {a: 1, b: 2}], ({a}) => -a)",
            [{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 0}],
        ),
        ("_.sortBy({x: 2, y: 1})", [1, 2]),
    ],
)
def test_comparing(evaluate: Evaluate, expression: str, expected: object) -> None:
    """The largest and the smallest, and an order that equals keep."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.groupBy([1, 2, 3], (each) => each % 2)", {"0": [2], "1": [1, 3]}),
        (
            "_.groupBy(['one', 'two', 'three'], 'length')",
            {"3": ["one", "two"], "5": ["three"]},
        ),
        ("_.groupBy(['constructor'])", {"constructor": ["constructor"]}),
        ("_.groupBy(['__proto__'])", {"__proto__": ["__proto__"]}),
        (
            "_.indexBy([{id: 7, a: 1}, {id: 8, a: 2}, {id: 7, a: 3}], 'id')",
            {"7": {"id": 7, "a": 3}, "8": {"id": 8, "a": 2}},
        ),
        ("_.countBy(['x', 'y', 'x'])", {"x": 2, "y": 1}),
    ],
)
def test_grouping(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Each group has the name that the iteratee gives."""
    assert evaluate(expression) == expected

"""Names, values and copies of objects: https://underscorejs.org/#objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.keys({a: 1, b: 2})", ["a", "b"]),
        ("_.keys(null)", []),
        ("_.keys(Object.create({a: 1}))", []),
        ("_.allKeys(Object.create({a: 1}))", ["a"]),
        ("_.values({a: 1, b: 2})", [1, 2]),
        ("_.pairs({a: 1, b: 2})", [["a", 1], ["b", 2]]),
        ("_.invert({a: 'x', b: 'y'})", {"x": "a", "y": "b"}),
        (
            "_.mapObject({a: 1, b: 2}, (value, name) => name + value)",
            {"a": "a1", "b": "b2"},
        ),
        ("_.mapObject({a: {c: 1}}, 'c')", {"a": 1}),
        (
            "_.mapObject(JSON.parse('{\"__proto__\": 1}'), (value) => value + 1)",
            {"__proto__": 2},
        ),
        ("_.functions({b() {}, a() {}, c: 1})", ["a", "b"]),
        ("_.methods({a: 1})", []),
        ("_.findKey({a: 1, b: 2}, (each) => each > 1)", "b"),
        ("_.findKey({a: 1}, (each) => each > 1)", "<undefined>"),
    ],
)
def test_names_and_values(
    evaluate: Evaluate, expression: str, expected: object
) -> None:
    """What is inherited counts only where it is said."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.extend({a: 1, b: 1}, {b: 2}, null, {c: 3})", {"a": 1, "b": 2, "c": 3}),
        ("_.extend({}, Object.create({a: 1}))", {"a": 1}),
        ("_.extendOwn({}, Object.create({a: 1}))", {}),
        ("_.assign({a: 1}, {a: 2})", {"a": 2}),
        ("_.extend(null, {a: 1})", None),
        ("((a) => _.extend(a, {b: 1}) === a)({})", True),
        (
            "_.defaults({a: 1, b: undefined, c: null}, {b: 2, c: 2}, {d: 4, b: 5})",
            {"a": 1, "b": 2, "c": None, "d": 4},
        ),
        ("_.defaults(null, {a: 1})", {"a": 1}),
        ("_.pick({a: 1, b: 2, c: 3}, 'a', 'c')", {"a": 1, "c": 3}),
        ("_.pick({a: 1, b: 2}, ['b', 'x'])", {"b": 2}),
        ("_.pick({a: 1, b: 'x'}, (value) => _.isNumber(value))", {"a": 1}),
        ("_.pick(null, 'a')", {}),
        (
            "_.pick({a: 1, b: 2}, function (v) { return v === this.x; }, {x: 2})",
            {"b": 2},
        ),
        ("_.omit({a: 1, b: 2, c: 3}, 'a', ['c'])", {"b": 2}),
        ("_.omit({a: 1, b: 'x'}, (value) => _.isNumber(value))", {"b": "x"}),
        (
            "_.omit({a: 1, b: 2}, function (v) { return v === this.x; }, {x: 2})",
            {"a": 1},
        ),
        ("_.clone({a: [1]})", {"a": [1]}),
        ("((a) => _.clone(a) !== a && _.clone(a).b === a.b)({b: []})", True),
        ("_.clone([1, 2])", [1, 2]),
        ("_.clone('x')", "x"),
        ("_.create({a: 1}, {b: 2})", {"b": 2}),
        ("_.create({a: 1}).a", 1),
        ("_.tap([1], (list) => { list.push(2); })", [1, 2]),
    ],
)
def test_object_made_of_others(
    evaluate: Evaluate, expression: str, expected: object
) -> None:
    """The first one is changed and given back."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.has({a: {b: undefined}}, ['a', 'b'])", True),
        ("_.has({a: {b: 1}}, 'a.b')", False),
        ("_.has({}, 'toString')", False),
        ("_.has({a: 1}, [])", False),
        ("_.property('a')({a: 1})", 1),
        ("_.property(['a', 0, 'b'])({a: [{b: 2}]})", 2),
        ("_.property('a')(null)", "<undefined>"),
        ("_.propertyOf({a: 1})('a')", 1),
        ("_.propertyOf(null)('a')", "<undefined>"),
        ("_.get({a: {b: 1}}, ['a', 'b'], 5)", 1),
        ("_.get({}, 'a', 5)", 5),
        ("_.result({a: 1, b() { return this.a; }}, 'b')", 1),
        ("_.result({}, 'a', 'none')", "none"),
        ("_.result({a() { return {b: 2}; }}, ['a', 'b'])", 2),
        ("_.matcher({a: 1})({a: 1, b: 2})", True),
        ("_.matches({a: 1})({a: 2})", False),
        ("_.isMatch({a: 1, b: 2}, {b: 2})", True),
        ("_.isMatch(null, {})", True),
        ("_.toPath('a.b')", ["a.b"]),
    ],
)
def test_value_at_a_path(evaluate: Evaluate, expression: str, expected: object) -> None:
    """What is not there is undefined, or what is given for it."""
    assert evaluate(expression) == expected

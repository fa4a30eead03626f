"""Kinds of values, and equality: https://underscorejs.org/#isEqual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.isEqual({a: [1, {b: 2}]}, {a: [1, {b: 2}]})", True),
        ("_.isEqual({a: 1, b: 2}, {b: 2, a: 1})", True),
        ("_.isEqual({a: 1}, {a: 1, b: 2})", False),
        ("_.isEqual({a: undefined}, {b: 1})", False),
        ("_.isEqual([1, 2], [2, 1])", False),
        ("_.isEqual(new Array(1), [undefined])", True),
        ("_.isEqual(NaN, NaN)", True),
        ("_.isEqual(0, -0)", False),
        ("_.isEqual('1', 1)", False),
        ("_.isEqual('a', new String('a'))", True),
        ("_.isEqual(new Date(5), new Date(5))", True),
        ("_.isEqual(/a/g, /a/i)", False),
        ("_.isEqual(null, undefined)", False),
        ("_.isEqual(null, {})", False),
        ("_.isEqual(1, {})", False),
        ("_.isEqual({}, null)", False),
        ("_.isEqual(new Boolean(true), true)", True),
        ("_.isEqual(new Boolean(true), false)", False),
        ("_.isEqual(Symbol.iterator, Object(Symbol.iterator))", True),
        ("_.isEqual(Symbol.iterator, Symbol())", False),
        ("_.isEqual(() => 1, () => 1)", False),
        ("_.isEqual(new (class A {})(), new (class B {})())", False),
        ("_.isEqual({constructor: 1}, {constructor: 1})", True),
        ("_.isEqual(new (class A {})(), Object.create(null))", True),
        ("_.isEqual(new ArrayBuffer(1), new ArrayBuffer(2))", False),
        ("_.isEqual(new ArrayBuffer(1), new ArrayBuffer(1))", True),
        ("_.isEqual({}, Object.create(null))", True),
        ("_.isEqual(new (class A {})(), {})", False),
        ("_.isEqual([], {})", False),
        ("((a, b) => { a.a = a; b.a = b; return _.isEqual(a, b); })({}, {})", True),
        ("_.isEqual(new Uint8Array([1]), new Uint8Array([2]))", False),
    ],
)
def test_equality(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Values are compared by what they hold, and by their class."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.isEmpty([])", True),
        ("_.isEmpty({})", True),
        ("_.isEmpty('')", True),
        ("_.isEmpty(5)", True),
        ("_.isEmpty({length: 0})", False),
        ("_.isEmpty([0])", False),
        ("(function () { return _.isEmpty(arguments); })(1)", False),
        ("_.isEmpty('a')", False),
        ("_.isArray([])", True),
        ("_.isArray('a')", False),
        ("_.isObject({})", True),
        ("_.isObject(() => 1)", True),
        ("_.isObject(null)", False),
        ("_.isFunction(_)", True),
        ("_.isString(new String('a'))", True),
        ("_.isString(1)", False),
        ("_.isNumber(NaN)", True),
        ("_.isNumber('1')", False),
        ("_.isFinite('1.5')", True),
        ("_.isFinite(Infinity)", False),
        ("_.isFinite('')", False),
        ("_.isBoolean(false)", True),
        ("_.isBoolean(0)", False),
        ("_.isDate(new Date())", True),
        ("_.isDate(0)", False),
        ("_.isRegExp(/a/)", True),
        ("_.isNaN(NaN)", True),
        ("_.isNaN(undefined)", False),
        ("_.isNull(null)", True),
        ("_.isNull(undefined)", False),
        ("_.isUndefined(undefined)", True),
        ("_.isUndefined(null)", False),
        ("_.isMap(new Map())", True),
        ("_.isTypedArray(new Uint8Array(1))", True),
        ("_.isTypedArray(new DataView(new ArrayBuffer(1)))", False),
        ("_.isTypedArray([])", False),
        ("_.isSet(new Set())", True),
        ("_.isSymbol(Symbol())", True),
        ("_.isError(new TypeError())", True),
    ],
)
def test_kind(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Objects that hold a text or a number are of that kind."""
    assert evaluate(expression) == expected

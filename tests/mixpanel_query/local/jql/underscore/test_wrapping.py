"""The name ``_`` itself, and chains: https://underscorejs.org/#chaining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_([1, 2]).map((each) => each * 2)", [2, 4]),
        ("_({a: 1}).keys()", ["a"]),
        ("_.chain([3, 1, 2]).sortBy().first(2).value()", [1, 2]),
        (
            "_([1, 2, 3]).chain().filter((n) => n > 1).map((n) => n + 1).value()",
            [3, 4],
        ),
        ("_.chain([1, 2]).tap((list) => { list.push(3); }).value()", [1, 2, 3]),
        ("_.chain([3, 1]).push(2).sort().reverse().value()", [3, 2, 1]),
        ("_.chain([1, 2, 3]).pop().shift().unshift(9).value()", [9, 2]),
        (
            "_.chain([1, 2, 3]).splice(0, 1).concat([4]).slice(1).join('-').value()",
            "3-4",
        ),
        ("_.chain(null).push(1).value()", None),
        ("_([1]).concat([2])", [1, 2]),
        ("_(5).value()", 5),
        ("_(_(5)).value()", 5),
        ("_(5) + 1", 6),
        ("`${_([1, 2])}`", "1,2"),
        ("[_([1])]", [[1]]),
        ("_([1]) instanceof _", True),
        ("_([1]).map(_.identity) instanceof _", False),
        ("_.chain([1]).map(_.identity) instanceof _", True),
        ("_.isEqual(_([1]), [1])", True),
        ("_.mixin({double: (value) => value * 2}).double(2)", 4),
        ("_.mixin({half: (value) => value / 2}).chain(4).half().value()", 2),
    ],
)
def test_wrapped_value(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Functions are methods, whose results are wrapped in a chain only."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "_.shuffle([1])",
            "_.shuffle is not in the local project; chance would change the answer; "
            "sort by a property with _.sortBy",
        ),
        (
            "_.chain([1]).sample()",
            "_.sample is not in the local project; chance would change the answer; "
            "take _.first(list, n)",
        ),
        (
            "_.template('x')",
            "_.template is not in the local project; write a template literal, "
            "such as `${name}`",
        ),
        (
            "_.delay(() => 1, 5)",
            "_.delay is not in the local project; a script cannot wait; "
            "call the function",
        ),
        (
            "_.reduce(null, (a, b) => a + b)",
            "_.reduce has nothing to begin with; give it a list, or a start",
        ),
    ],
)
def test_what_is_not_there_says_so(
    evaluate: Evaluate, expression: str, message: str
) -> None:
    """The error names the function, and what to do."""
    assert evaluate(expression) == f"<error> {message}"

"""Functions made of functions: https://underscorejs.org/#functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Evaluate: TypeAlias = Callable[[str], Any]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.partial((a, b) => a - b, 5)(2)", 3),
        ("_.partial((a, b) => a - b, _, 5)(2)", -3),
        ("_.partial((...all) => all, _, 2, _)(1, 3, 4)", [1, 2, 3, 4]),
        ("_.compose((a) => a + 1, (a) => a * 2)(5)", 11),
        ("_.negate((a) => a > 1)(1)", True),
        ("_.wrap((a) => a + 1, (inner, a) => inner(a) * 10)(2)", 30),
        ("((f) => [f(), f(), f()])(_.once(((n) => () => ++n)(0)))", [1, 1, 1]),
        (
            "((f) => [f(), f(), f(), f()])(_.before(3, ((n) => () => ++n)(0)))",
            [1, 2, 2, 2],
        ),
        (
            "((f) => [f(), f(), f()])(_.after(2, ((n) => () => ++n)(0)))",
            ["<undefined>", 1, 2],
        ),
        (
            "((f) => [f(1), f(2), f(1)])(_.memoize(((n) => (a) => [a, ++n])(0)))",
            [[1, 1], [2, 2], [1, 1]],
        ),
        (
            "((f) => [f('a', 'b'), f('x', 'y')])(_.memoize((a) => a, () => 'one'))",
            ["a", "a"],
        ),
        ("_.memoize(() => 1)('toString')", 1),
        ("({a: 7, f: _.partial(function (b) { return this.a + b; }, 1)}).f()", 8),
    ],
)
def test_function_of_functions(
    evaluate: Evaluate, expression: str, expected: object
) -> None:
    """What they are made of gets its arguments and this."""
    assert evaluate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("_.identity(5)", 5),
        ("_.constant(5)(6)", 5),
        ("_.noop(5)", "<undefined>"),
        ("_.times(3, (place) => place * 2)", [0, 2, 4]),
        ("_.times(-1, (place) => place)", []),
        (
            "_.escape('<a href=\"x\">&`\\'')",
            "&lt;a href=&quot;x&quot;&gt;&amp;&#x60;&#x27;",
        ),
        ("_.escape(null)", ""),
        ("_.unescape('&lt;b&gt; &amp;lt; &#x27;&#x60;&quot;')", "<b> &lt; '`\""),
        ("_.iteratee({a: 1})({a: 1})", True),
        ("_.uniqueId('a') !== _.uniqueId('a')", True),
    ],
)
def test_utility(evaluate: Evaluate, expression: str, expected: object) -> None:
    """Small functions that others are made with."""
    assert evaluate(expression) == expected

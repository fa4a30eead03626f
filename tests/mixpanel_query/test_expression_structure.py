"""Any name, any value and any tree survives being written as an expression."""

from __future__ import annotations

import importlib.util
import operator
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixpanel_query import Expression, event_property, user_property
from mixpanel_query.expressions import behavior

# The tests are imported by path, and so is what they share.
SPEC = importlib.util.spec_from_file_location(
    "expression_reader", Path(__file__).with_name("expression_reader.py")
)
assert SPEC is not None
assert SPEC.loader is not None
READER = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(READER)
read = READER.read

Pair = tuple[Any, tuple[object, ...]]

# Any string of Python: also NUL, line ends, and half characters.
STRINGS = st.text(st.characters(exclude_categories=()))
NAMES = STRINGS.filter(bool)
HOSTILE = [
    '"] or true or ["',
    '\\" == "',
    "\\",
    '\\\\"',
    "\n\r\0\u2028",
    "\ud800",
    "*/",
]
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def number_tree(value: float | Decimal) -> tuple[object, ...]:
    """How a number is read: its minus is an operator."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    # By copies, because arithmetic rounds to 28 digits.
    size = exact.copy_abs()
    return ("-", ("number", size)) if exact < 0 else ("number", size)


NUMBERS: st.SearchStrategy[Pair] = st.one_of(
    st.integers(), FLOATS, st.decimals("-1e9", "1e9", places=4)
).map(lambda value: (value, number_tree(value)))
TEXTS: st.SearchStrategy[Pair] = STRINGS.map(lambda text: (text, ("string", text)))
BOOLS: st.SearchStrategy[Pair] = st.booleans().map(lambda v: (v, ("bool", v)))
ACCESSORS: dict[str, Callable[[str], Expression]] = {
    "properties": event_property,
    "user": user_property,
    "behaviors": behavior,
}
PROPERTIES: st.SearchStrategy[Pair] = st.tuples(
    st.sampled_from(sorted(ACCESSORS)), NAMES
).map(lambda pair: (ACCESSORS[pair[0]](pair[1]), pair))

COMPARISONS = {"==": operator.eq, "!=": operator.ne}
NUMERIC = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
LOGICAL = {"and": operator.and_, "or": operator.or_}
MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
METHODS = ["floor", "round", "ceil", "boolean", "number", "string", "defined"]


def binary(table: dict[str, Any], *, left: Any, right: Any) -> st.SearchStrategy[Pair]:  # noqa: ANN401
    """Pairs joined by an operator of Python, and the tree that it should give."""

    def join(drawn: tuple[str, Pair, Pair]) -> Pair:
        sign, (a, a_tree), (b, b_tree) = drawn
        written = table[sign](a, b)
        if not isinstance(a, Expression) and sign in MIRRORED:
            return written, (MIRRORED[sign], b_tree, a_tree)
        if not isinstance(a, Expression) and sign in COMPARISONS:
            return written, (sign, b_tree, a_tree)
        return written, (sign, a_tree, b_tree)

    return st.tuples(st.sampled_from(sorted(table)), left, right).map(join)


def row(drawn: tuple[str, Pair, Pair]) -> Pair:
    """A row of and, or of or; rows in rows are one row."""
    word, *pairs = drawn
    parts: list[object] = []
    for _, tree in pairs:
        parts += tree[1:] if tree[0] == word else [tree]
    return LOGICAL[word](pairs[0][0], pairs[1][0]), (word, *parts)


def longer(trees: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Trees that have trees as their parts."""
    unary = st.sampled_from(METHODS)
    return st.one_of(
        binary(COMPARISONS, left=trees, right=st.one_of(trees, TEXTS, BOOLS)),
        binary(COMPARISONS, left=st.one_of(TEXTS, BOOLS, NUMBERS), right=trees),
        binary(NUMERIC, left=trees, right=st.one_of(trees, NUMBERS)),
        binary(NUMERIC, left=NUMBERS, right=trees),
        st.tuples(st.sampled_from(["and", "or"]), trees, trees | BOOLS).map(row),
        st.tuples(st.sampled_from(["and", "or"]), BOOLS, trees).map(row),
        trees.map(lambda pair: (~pair[0], ("not", pair[1]))),
        trees.map(lambda pair: (-pair[0], ("-", pair[1]))),
        st.tuples(unary, trees).map(
            lambda drawn: (getattr(drawn[1][0], drawn[0])(), (drawn[0], drawn[1][1]))
        ),
        st.tuples(trees, st.lists(st.one_of(TEXTS, NUMBERS, BOOLS), min_size=1)).map(
            lambda drawn: (
                drawn[0][0].in_([value for value, _ in drawn[1]]),
                ("in", drawn[0][1], ("list", *(tree for _, tree in drawn[1]))),
            )
        ),
        st.tuples(trees, TEXTS).map(
            lambda drawn: (
                drawn[0][0].contains(drawn[1][0]),
                ("in", drawn[1][1], drawn[0][1]),
            )
        ),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(PROPERTIES, longer, max_leaves=12))
def test_every_tree_is_read_as_it_was_built(pair: Pair) -> None:
    """Whatever is built, its structure needs no precedence to be read again."""
    expression, tree = pair

    assert read(expression.text) == tree


@settings(deadline=None)
@given(STRINGS)
@example("x" * 10_000)
@example("🦊\\" * 5_000)
def test_any_text_is_one_literal(text: str) -> None:
    """A value comes out as exactly that value, and as nothing else."""
    assert read((event_property("a") == text).text) == (
        "==",
        ("properties", "a"),
        ("string", text),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("accessor", ACCESSORS)
def test_hostile_names(accessor: str, text: str) -> None:
    """No name ends its own quotes."""
    assert read(ACCESSORS[accessor](text).text) == (accessor, text)


@given(NAMES)
def test_any_name_is_one_literal(name: str) -> None:
    """A name comes out as exactly that name."""
    assert read(user_property(name).text) == ("user", name)


def test_long_rows_need_no_nesting() -> None:
    """A thousand alternatives are a row, not a thousand parentheses."""
    alternatives = [event_property("a") == number for number in range(1000)]
    whole = alternatives[0]
    for each in alternatives[1:]:
        whole |= each

    assert "((" not in whole.text
    assert len(read(whole.text)) == 1001

"""Comparisons of a property with constants, which a database can make by itself.

They are most of what conditions consist of, and give few values where properties may
have a million. So a condition can look at them in place of the properties.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from mixpanel_query.local.expressions.grammar import (
    Accessor,
    Call,
    Chain,
    Comparison,
    Listed,
    Node,
    Sign,
)
from mixpanel_query.local.expressions.values import Value, kind_of

__all__ = ["with_comparisons"]

# With the sides changed.
TURNED: Final = {"==": "==", "!=": "!=", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
# A longer list is looked up faster in Python.
LONGEST_LIST: Final = 20
SCALARS: Final = ("text", "number", "boolean")

# Gives the constant that a part is; None if it is none.
Constant: TypeAlias = Callable[[Node], Value]


def with_comparisons(node: Node, constant: Constant) -> Node:
    """Return a condition with comparisons in place of what means the same.

    Args:
        node: The tree of the condition.
        constant: Tells which parts are constants.
    """
    if isinstance(node, Chain) and node.rest[0][0] in ("and", "or"):
        rest = [(sign, with_comparisons(each, constant)) for sign, each in node.rest]
        return Chain(node.rank, with_comparisons(node.first, constant), rest)
    if isinstance(node, Sign) and node.sign == "not":
        return Sign("not", with_comparisons(node.operand, constant))
    if isinstance(node, Call) and node.function == "defined":
        [given] = node.arguments
        return Comparison(given, "defined") if isinstance(given, Accessor) else node
    if isinstance(node, Chain) and len(node.rest) == 1:
        [(sign, right)] = node.rest
        return compared(node.first, sign, right, constant) or node
    return node


def compared(
    left: Node, sign: str, right: Node, constant: Constant
) -> Comparison | None:
    """Return the comparison of two sides, if it is one with constants."""
    if isinstance(right, Accessor) and sign in TURNED:
        left, sign, right = right, TURNED[sign], left
    if not isinstance(left, Accessor):
        return None
    if sign == "in":
        items = right.items if isinstance(right, Listed) else ()
        constants = tuple(constant(item) for item in items)
        is_short = 0 < len(constants) <= LONGEST_LIST
        fits = is_short and all(kind_of(each) in SCALARS for each in constants)
        return Comparison(left, sign, constants) if fits else None
    kind = kind_of(value := constant(right))
    wanted = SCALARS if sign in ("==", "!=") else ("number",)
    fits = sign in TURNED and kind in wanted
    return Comparison(left, sign, (value,)) if fits else None

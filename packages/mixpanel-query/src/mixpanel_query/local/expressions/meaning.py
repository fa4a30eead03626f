"""From the tree of an expression to what gives its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_query.insight_dates import parse_moment
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions.comparisons import with_comparisons
from mixpanel_query.local.expressions.grammar import (
    Accessor,
    Call,
    Chain,
    Comparison,
    Listed,
    Literal,
    Node,
    Sign,
    parse,
)
from mixpanel_query.local.expressions.operators import (
    BINARY,
    FUNCTIONS,
    negated,
    opposite,
)
from mixpanel_query.local.expressions.tokens import refusal
from mixpanel_query.local.expressions.values import (
    UNDEFINED,
    Value,
    as_number,
    kind_of,
    value_text,
)
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["Expression", "both", "is_met", "read_expression"]

# By accessor or comparison.
Values: TypeAlias = Mapping[Any, Value]
Meaning: TypeAlias = Callable[[Values], Value]

SCALARS: Final = ("text", "number", "boolean")
# datetime() of a number: seconds up to here, milliseconds above.
LARGEST_SECONDS: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read; threads may share it.

    Attributes:
        name: Which parameter it was, for errors.
        accessors: The properties that it looks at, each once; its value depends on
            nothing else.
        value: Returns its value, given those of the properties; one that is not
            given is undefined. The time of an event is in epoch seconds.
        looks_at: Accessors and comparisons that `short_value` depends on.
        short_value: Returns the same value, given those.
        is_property: Whether it is the value of one property, and nothing else.
    """

    name: str
    accessors: tuple[Accessor, ...]
    value: Meaning
    looks_at: tuple[Accessor | Comparison, ...]
    short_value: Meaning
    is_property: bool = False


def read_expression(name: str, text: str, zone: ZoneInfo) -> Expression:
    """Read an expression.

    Args:
        name: Which parameter it is, for errors.
        text: The expression.
        zone: Timezone of ``datetime("…")`` that has no offset.

    Raises:
        RequestRefusedError: 400 if it is none; 501 for ``behaviors``.

    >>> where = read_expression("where", 'properties["a"] > 2', ZoneInfo("UTC"))
    >>> where.value({Accessor("properties", "a"): 3})
    True
    """
    tree = parse(name, text)
    compiler, short = Compiler(name, zone), Compiler(name, zone)
    meaning = compiler.meaning(tree)
    short_value = short.meaning(with_comparisons(tree, short.constant))
    return Expression(
        name,
        tuple(each for each in compiler.looks_at if isinstance(each, Accessor)),
        meaning,
        looks_at=tuple(short.looks_at),
        short_value=short_value,
        is_property=isinstance(tree, Accessor),
    )


def is_met(where: Expression, values: Values, *, short: bool = False) -> bool:
    """Tell whether a condition holds; null and undefined are no.

    Args:
        where: The condition.
        values: What it depends on.
        short: Whether these are the values of ``looks_at``, and not of accessors.

    Raises:
        RequestRefusedError: If its value is neither true nor false, nor missing.
    """
    value = (where.short_value if short else where.value)(values)
    if value is None:
        return False
    return is_true(where.name, "a condition", value)


def both(one: Expression | None, other: Expression | None) -> Expression | None:
    """Return the condition that two conditions are met; None is met by everything."""
    if one is None or other is None:
        return one or other

    def meet(values: Values, *, short: bool) -> bool:
        return all(is_met(each, values, short=short) for each in (one, other))

    return Expression(
        one.name,
        tuple(dict.fromkeys((*one.accessors, *other.accessors))),
        lambda values: meet(values, short=False),
        looks_at=tuple(dict.fromkeys((*one.looks_at, *other.looks_at))),
        short_value=lambda values: meet(values, short=True),
    )


def is_true(name: str, what: str, value: Value) -> bool:
    """Return a boolean; undefined is false, and any other value an error."""
    if isinstance(value, bool):
        return value
    if value is UNDEFINED:
        return False
    given = value_text(value)[:40]
    raise RequestRefusedError(
        400,
        f"{name}: {what} is true, false or undefined, and {given!r} is of the type "
        f"{kind_of(value)}; compare it, or cast it with boolean()",
    )


class Compiler:
    """Makes functions of the parts of a tree; for one thread, and used once."""

    def __init__(self, name: str, zone: ZoneInfo) -> None:
        self.name = name
        self.zone = zone
        self.looks_at: dict[Accessor | Comparison, None] = {}

    def constant(self, node: Node) -> Value:
        """Return the constant that a part is; None if it is none."""
        if isinstance(node, Sign) and node.sign == "-":
            value = self.constant(node.operand)
            return -value if kind_of(value) == "number" else None
        if isinstance(node, Call) and node.function == "datetime":
            return instant(self.constant(node.arguments[0]), self.zone)
        return node.value if isinstance(node, Literal) else None

    def meaning(self, node: Node) -> Meaning:
        """Return what gives the value of a part."""
        if isinstance(node, Literal):
            constant = node.value
            return lambda values: constant
        if isinstance(node, Accessor | Comparison):
            return self.looked_up(node)
        if isinstance(node, Listed):
            items = [self.meaning(item) for item in node.items]
            return lambda values: [item(values) for item in items]
        if isinstance(node, Sign):
            operand = self.meaning(node.operand)
            work = negated if node.sign == "-" else opposite
            return lambda values: work(operand(values))
        if isinstance(node, Call):
            return self.call(node)
        return self.chain(node)

    def looked_up(self, given: Accessor | Comparison) -> Meaning:
        """Return what gives the value of a property, or of a comparison."""
        self.looks_at[given] = None

        def look(values: Values) -> Value:
            value = values.get(given, UNDEFINED)
            return as_number(value) if type(value) in (int, float) else value

        return look

    def call(self, call: Call) -> Meaning:
        """Return what calls a function."""
        arguments = [self.meaning(argument) for argument in call.arguments]
        if call.function != "datetime":
            work = FUNCTIONS[call.function]
            return lambda values: work(*(argument(values) for argument in arguments))
        rests_on("datetimes")
        given, zone, [moment] = call.arguments[0], self.zone, arguments
        if isinstance(given, Literal) and instant(given.value, zone) is UNDEFINED:
            problem = f"datetime({value_text(given.value)[:40]!r}) is no time"
            raise refusal(self.name, f'{problem}; write "2026-11-09T00:00:00"')
        return lambda values: instant(moment(values), zone)

    def chain(self, chain: Chain) -> Meaning:
        """Return what applies operators from left to right."""
        first = self.meaning(chain.first)
        if chain.rest[0][0] in ("and", "or"):
            each = [first, *(self.meaning(node) for _, node in chain.rest)]
            return self.junction(chain.rest[0][0], each)
        rest = [self.operation(sign, node) for sign, node in chain.rest]

        def apply(values: Values) -> Value:
            value = first(values)
            for step in rest:
                value = step(value, values)
            return value

        return apply

    def operation(self, sign: str, node: Node) -> Callable[[Value, Values], Value]:
        """Return what applies one operator to what stands before it."""
        if sign == "in" and isinstance(node, Listed):
            constants = [item.value for item in node.items if isinstance(item, Literal)]
            if len(constants) == len(node.items):
                return one_of(constants)
        work, right = BINARY[sign], self.meaning(node)
        return lambda left, values: work(left, right(values))

    def junction(self, word: str, each: list[Meaning]) -> Meaning:
        """Return what joins conditions; every one of them is looked at."""
        name, what = self.name, f"what {word!r} joins"
        join = all if word == "and" else any
        return lambda values: join(
            [is_true(name, what, condition(values)) for condition in each]
        )


def one_of(constants: list[Value]) -> Callable[[Value, Values], bool]:
    """Return what looks a value up among constants, however many there are."""
    known = {(kind_of(constant), constant) for constant in constants}

    def look(left: Value, _: Values) -> bool:
        kind = kind_of(left)
        return kind in SCALARS and (kind, left) in known

    return look


def instant(value: Value, zone: ZoneInfo) -> Value:
    """Return a moment in epoch seconds; undefined for what is none.

    A number is taken for seconds, or for milliseconds if it is large.
    """
    if kind_of(value) == "number":
        if value < 0:
            return UNDEFINED
        return value if value <= LARGEST_SECONDS else as_number(value / 1000)
    try:
        moment = parse_moment(value) if isinstance(value, str) else None
        if moment is None:
            return UNDEFINED
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        seconds = moment.timestamp()
    except (ValueError, OverflowError):
        return UNDEFINED
    return int(seconds) if seconds.is_integer() else seconds

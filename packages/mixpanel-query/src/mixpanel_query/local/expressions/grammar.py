"""From the text of an expression to its tree.

Mixpanel documents no precedence; here ``or`` binds least, then ``and``, ``not``,
comparisons and ``in``, ``+ -``, ``* / %`` and the minus of a number, as in most
languages. Operators of the same rank are applied from left to right.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions.tokens import Token, read_tokens, refusal
from mixpanel_query.local.rules.basis import never_answered

__all__ = [
    "Accessor",
    "Call",
    "Chain",
    "Comparison",
    "Listed",
    "Literal",
    "Node",
    "Sign",
    "parse",
]

SUBJECTS: Final = ("properties", "user", "event")
CONSTANTS: Final = {"true": True, "false": False}
ARGUMENTS: Final = {
    **dict.fromkeys(("boolean", "number", "string"), 1),
    **dict.fromkeys(("floor", "round", "ceil"), 1),
    **dict.fromkeys(("defined", "datetime"), 1),
    "has_prefix": 2,
}
RANKS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("==", "!=", ">", ">=", "<", "<=", "in"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
COMPARISON: Final = 4
# Each level takes Python some frames, and it has a thousand.
DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true or false."""

    value: str | bool | int | float


class Accessor(NamedTuple):
    """A property that is looked at.

    Attributes:
        subject: ``properties``, ``user`` or ``event``.
        name: Name of the property.
    """

    subject: str
    name: str


class Comparison(NamedTuple):
    """A property, compared with constants.

    Attributes:
        accessor: The property.
        sign: A comparing operator, ``in``, or ``defined``.
        constants: What it is compared with: one number for an order; one text, number
            or boolean for ``==`` and ``!=``; several of those for ``in``.
    """

    accessor: Accessor
    sign: str
    constants: tuple[str | bool | int | float, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of values, in brackets."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one value or several."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """``-`` or ``not`` before a value."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one rank, applied from left to right.

    Attributes:
        rank: How much they bind.
        first: What stands before the first of them.
        rest: Each operator, and what stands after it.
    """

    rank: int
    first: Node
    rest: list[tuple[str, Node]] = field(default_factory=list)


# The parser makes no comparisons; they may stand in place of what means the same.
Node: TypeAlias = Literal | Accessor | Comparison | Listed | Call | Sign | Chain


def parse(name: str, text: str) -> Node:
    """Return the tree of an expression.

    Args:
        name: What errors call it, such as ``where``.
        text: The expression.

    Raises:
        RequestRefusedError: 400 if it is none, or nested too deeply; 501 if it asks
            for what the local project does not have.
    """
    parser = Parser(name, text)
    tree = parser.chain(0)
    if parser.next.kind != "end":
        raise parser.unexpected("an operator or the end")
    return tree


class Parser:
    """Reads an expression from left to right; for one thread, and used once."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.tokens = read_tokens(name, text)
        self.next = next(self.tokens)
        self.depth = 0

    def take(self) -> Token:
        """Return the next token, and go on to the one after it."""
        token = self.next
        if token.kind != "end":
            self.next = next(self.tokens)
        return token

    def expect(self, sign: str) -> None:
        """Take a sign that must come."""
        if not self.comes(sign):
            raise self.unexpected(repr(sign))
        self.take()

    def comes(self, sign: str) -> bool:
        """Tell whether a sign or word is next."""
        return self.next.written == sign and self.next.kind in ("sign", "word")

    def unexpected(self, expected: str) -> RequestRefusedError:
        """Return the error for a token that cannot stand where it stands."""
        token = self.next
        found = "it ends" if token.kind == "end" else f"{token.written[:40]!r} stands"
        place = f"at character {token.place + 1}"
        return refusal(self.name, f"{found} {place}, where {expected} is expected")

    def chain(self, least: int) -> Node:
        """Read values between operators that bind at least so much."""
        left = self.operand()
        while True:
            sign = self.next.written
            rank = RANKS.get(sign, -1) if self.next.kind in ("sign", "word") else -1
            if rank < least:
                return left
            self.take()
            if not isinstance(left, Chain) or left.rank != rank:
                left = Chain(rank, left)
            left.rest.append((sign, self.chain(rank + 1)))

    def operand(self) -> Node:
        """Read what stands beside an operator."""
        self.depth += 1
        if self.depth > DEEPEST:
            problem = f"it is nested more than {DEEPEST} deep; take it apart"
            raise refusal(self.name, problem)
        try:
            if self.comes("-"):
                return Sign(self.take().written, self.operand())
            if self.comes("not"):
                return Sign(self.take().written, self.chain(COMPARISON))
            return self.whole()
        finally:
            self.depth -= 1

    def whole(self) -> Node:
        """Read a value, a property, a call, a list, or what is in parentheses."""
        token = self.next
        if token.kind in ("text", "number"):
            return Literal(self.take().value)
        if self.comes("("):
            self.take()
            inner = self.chain(0)
            self.expect(")")
            return inner
        if self.comes("["):
            return Listed(self.several("[", "]"))
        if token.kind == "word" and token.written not in (*RANKS, "not"):
            return self.named(self.take())
        raise self.unexpected("a value or a property")

    def named(self, word: Token) -> Node:
        """Read what begins with a word."""
        if word.written in CONSTANTS:
            return Literal(CONSTANTS[word.written])
        if word.written in SUBJECTS:
            return self.accessor(word)
        if word.written in ARGUMENTS:
            arguments = self.several("(", ")")
            wanted = ARGUMENTS[word.written]
            if len(arguments) != wanted:
                given = len(arguments)
                problem = f"{word.written}() takes {wanted} value(s), not {given}"
                raise refusal(self.name, problem)
            return Call(word.written, arguments)
        if word.written == "behaviors":
            raise never_answered("behaviors", f"{self.name} with behaviors")
        remedy = f'a property is written properties["{word.written[:40]}"]'
        problem = f"{word.written[:40]!r} at character {word.place + 1} means nothing"
        raise refusal(self.name, f"{problem}; {remedy}")

    def accessor(self, word: Token) -> Accessor:
        """Read the name of a property, in brackets."""
        self.expect("[")
        if self.next.kind != "text":
            raise self.unexpected("the name of a property in quotes")
        named = str(self.take().value)
        self.expect("]")
        if word.written == "event" and named != "$time":
            problem = f'event["{named[:40]}"] means nothing; there is event["$time"]'
            raise refusal(self.name, problem)
        return Accessor(word.written, named)

    def several(self, opening: str, closing: str) -> tuple[Node, ...]:
        """Read values with commas between them."""
        self.expect(opening)
        if self.comes(closing):
            self.take()
            return ()
        values = [self.chain(0)]
        while self.comes(","):
            self.take()
            values.append(self.chain(0))
        self.expect(closing)
        return tuple(values)

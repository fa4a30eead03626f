"""Expressions as a tree: what an operator makes of its parts.

Mixpanel's documents give the operators and no precedence, so whatever is made of
parts is put into parentheses where it becomes a part itself; only a row of ``and``,
or of ``or``, needs none.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, NoReturn, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_values import literal, moment_literal, shortened

__all__ = ["Expression", "Number", "Value"]

# What an expression is, as a part of another one: in need of no parentheses, the time
# of an event, a row of and, a row of or, or else made of parts.
Kind: TypeAlias = Literal["whole", "time", "and", "or", "parts"]
Number: TypeAlias = int | float | Decimal
Value: TypeAlias = str | bool | int | float | Decimal


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expression:
    r"""An expression: built from properties, values and operators, or as text.

    ``==``, ``<``, ``+`` and the rest give a new expression, as do ``&`` for and,
    ``|`` for or, ``~`` for not. Every name and value is escaped. Python's own words
    ``and``, ``or``, ``not`` and ``in`` cannot be taken over, and are refused.

    Args:
        text: An expression in Mixpanel's words, which is sent as it is: never write
            into it what comes from outside.
        kind: How it may stand in another one; what is text has parentheses there.

    Raises:
        InvalidQueryError: If a value or an operator means nothing to Mixpanel.

    >>> rich = Expression('properties["Plan"]') == 'the "big" one'
    >>> print(rich & ~(Expression('user["age"]') > 30))
    ((properties["Plan"]) == "the \"big\" one") and (not ((user["age"]) > 30))
    """

    text: str
    kind: Kind = field(default="parts", kw_only=True)

    # Numbers of numpy leave operators to us.
    __array_ufunc__: ClassVar[None] = None

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        if not isinstance(self.text, str) or not self.text.strip():
            problem = f"an expression of {shortened(repr(self.text))}"
            raise InvalidQueryError(f"{problem}; write one, or leave it out")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __bool__(self) -> NoReturn:
        problem = f"{shortened(self.text)} is not known to be true or false here"
        remedy = "use & | ~ for and, or, not, each comparison in parentheses"
        raise InvalidQueryError(f"{problem}; {remedy}")

    def __contains__(self, part: object) -> NoReturn:
        problem = f"Python's in cannot ask Mixpanel about {shortened(self.text)}"
        raise InvalidQueryError(f"{problem}; use .contains(text) or .in_([…])")

    def __eq__(self, other: Value | Expression) -> Expression:  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: Value | Expression) -> Expression:  # type: ignore[override]
        return self._compared("!=", other)

    # Equal expressions are not told apart by ==, which asks Mixpanel.
    __hash__ = object.__hash__

    def __gt__(self, other: Number | date | Expression) -> Expression:
        return self._ordered(">", other)

    def __ge__(self, other: Number | date | Expression) -> Expression:
        return self._ordered(">=", other)

    def __lt__(self, other: Number | date | Expression) -> Expression:
        return self._ordered("<", other)

    def __le__(self, other: Number | date | Expression) -> Expression:
        return self._ordered("<=", other)

    def in_(self, values: Iterable[Value] | Expression) -> Expression:
        """Ask whether this is one of several values, or a part of another text.

        Raises:
            InvalidQueryError: If there are no values, or text stands for them.

        >>> print(Expression('properties["Plan"]').in_(["Pro", "Team"]))
        (properties["Plan"]) in ["Pro", "Team"]
        """
        if isinstance(values, Expression):
            return self._joined("in", values)
        if isinstance(values, str):
            problem = f"in_({shortened(repr(values))}) has text for a list"
            raise InvalidQueryError(f"{problem}; give a list of values")
        written = ", ".join(map(literal, values))
        if not written:
            problem = f"{shortened(self.text)} is in an empty list"
            raise InvalidQueryError(f"{problem}, never; give values, or do not ask")
        return Expression(f"{self._part()} in [{written}]")

    def contains(self, part: str | Expression) -> Expression:
        """Ask whether a text is a part of this one.

        Raises:
            InvalidQueryError: If ``part`` is no text.

        >>> print(Expression('properties["$email"]').contains("yahoo"))
        "yahoo" in (properties["$email"])
        """
        return text_operand("contains", part)._joined("in", self)

    def has_prefix(self, part: str | Expression) -> Expression:
        """Ask whether this begins with a text.

        Mixpanel's documents use it in the selectors of JQL's People only.

        Raises:
            InvalidQueryError: If ``part`` is no text.

        >>> print(Expression('user["d"]').string().has_prefix("2016"))
        has_prefix(string(user["d"]), "2016")
        """
        part = text_operand("has_prefix", part)
        return whole(f"has_prefix({self.text}, {part.text})")

    def defined(self) -> Expression:
        """Ask whether this has a value at all."""
        return whole(f"defined({self.text})")

    def __and__(self, other: Expression | bool) -> Expression:
        return self._chained("and", logical(other))

    def __rand__(self, other: bool) -> Expression:
        return logical(other)._chained("and", self)

    def __or__(self, other: Expression | bool) -> Expression:
        return self._chained("or", logical(other))

    def __ror__(self, other: bool) -> Expression:
        return logical(other)._chained("or", self)

    def __invert__(self) -> Expression:
        return Expression(f"not {self._part()}")

    def __add__(self, other: Number | str | Expression) -> Expression:
        return self._joined("+", addend(other))

    def __radd__(self, other: Number | str) -> Expression:
        return addend(other)._joined("+", self)

    def __sub__(self, other: Number | Expression) -> Expression:
        return self._joined("-", numeric("-", other))

    def __rsub__(self, other: Number) -> Expression:
        return numeric("-", other)._joined("-", self)

    def __mul__(self, other: Number | Expression) -> Expression:
        return self._joined("*", numeric("*", other))

    def __rmul__(self, other: Number) -> Expression:
        return numeric("*", other)._joined("*", self)

    def __truediv__(self, other: Number | Expression) -> Expression:
        return self._joined("/", numeric("/", other))

    def __rtruediv__(self, other: Number) -> Expression:
        return numeric("/", other)._joined("/", self)

    def __mod__(self, other: Number | Expression) -> Expression:
        return self._joined("%", numeric("%", other))

    def __rmod__(self, other: Number) -> Expression:
        return numeric("%", other)._joined("%", self)

    def __neg__(self) -> Expression:
        return Expression(f"-{self._part()}")

    def floor(self) -> Expression:
        """Round down to a whole number."""
        return whole(f"floor({self.text})")

    def ceil(self) -> Expression:
        """Round up to a whole number."""
        return whole(f"ceil({self.text})")

    def round(self) -> Expression:
        """Round to the nearest whole number."""
        return whole(f"round({self.text})")

    def string(self) -> Expression:
        """Take this as text."""
        return whole(f"string({self.text})")

    def number(self) -> Expression:
        """Take this as a number; true is 1, text is read."""
        return whole(f"number({self.text})")

    def boolean(self) -> Expression:
        """Take this as true or false; what has no value is false."""
        return whole(f"boolean({self.text})")

    def _part(self) -> str:
        """Return the text as a part of another one."""
        return self.text if self.kind in ("whole", "time") else f"({self.text})"

    def _joined(self, sign: str, other: Expression) -> Expression:
        """Put an operator between two expressions."""
        return Expression(f"{self._part()} {sign} {other._part()}")

    def _chained(self, word: Literal["and", "or"], other: Expression) -> Expression:
        """Make a row of ``and`` or of ``or`` longer."""
        parts = [
            each.text if each.kind == word else each._part() for each in (self, other)
        ]
        return Expression(f" {word} ".join(parts), kind=word)

    def _compared(self, sign: str, other: Value | date | Expression) -> Expression:
        """Compare with anything; an event's time also with moments."""
        if self.kind == "time" and isinstance(other, date):
            return Expression(f"{self._part()} {sign} {moment_literal(other)}")
        return self._joined(sign, operand(other))

    def _ordered(self, sign: str, other: Number | date | Expression) -> Expression:
        """Compare with what has an order."""
        if isinstance(other, (str, bool)):
            raise not_numeric(sign, other)
        return self._compared(sign, other)


def whole(text: str) -> Expression:
    """Make an expression that needs no parentheses anywhere."""
    return Expression(text, kind="whole")


def operand(given: Value | date | Expression) -> Expression:
    """Return an expression as it is, and a value as one."""
    if isinstance(given, Expression):
        return given
    text = literal(given)
    # A minus is an operator.
    return Expression(text) if text.startswith("-") else whole(text)


def logical(given: Expression | bool) -> Expression:
    """Return what ``and`` and ``or`` may join."""
    if isinstance(given, (Expression, bool)):
        return operand(given)
    problem = f"{shortened(repr(given))} is neither true nor false"
    raise InvalidQueryError(f"{problem}; write text as Expression('…')")


def numeric(sign: str, given: Number | Expression) -> Expression:
    """Return what may be counted with."""
    if isinstance(given, (str, bool)):
        raise not_numeric(sign, given)
    return operand(given)


def addend(given: Number | str | Expression) -> Expression:
    """Return what may be added, to a number or to a text."""
    return operand(given) if isinstance(given, str) else numeric("+", given)


def text_operand(method: str, given: str | Expression) -> Expression:
    """Return a text, or what may be one."""
    if isinstance(given, (str, Expression)):
        return operand(given)
    problem = f"{method}({shortened(repr(given))}) looks for no text"
    raise InvalidQueryError(f"{problem}; give text, or an expression")


def not_numeric(sign: str, given: object) -> InvalidQueryError:
    """Make the error of an operator that Mixpanel has for numbers only."""
    problem = f"{sign} {shortened(repr(given))}: Mixpanel has {sign} for numbers"
    return InvalidQueryError(f"{problem}; give one, or compare with == and !=")

"""Values as they stand in an expression: text, numbers, true and false, moments.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral
from typing import Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.names import quoted

__all__ = ["literal", "moment_literal", "number_literal", "shortened"]

# More digits than any float needs.
MOST_DIGITS: Final = 400
LARGEST: Final = Decimal(sys.float_info.max)


def literal(value: object) -> str:
    r"""Write a value into an expression.

    Args:
        value: Text, a number, True or False. True is not 1.

    Raises:
        InvalidQueryError: If Mixpanel's documents know no such value: None, a date,
            not a number, an infinity, or anything else.

    >>> print(literal('a "b" \\ c'), literal(True), literal(1e-7), literal(3))
    "a \"b\" \\ c" true 0.0000001 3
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return number_literal(int(value))
    if isinstance(value, (float, Decimal)):
        return number_literal(value)
    if value is None:
        problem = "Mixpanel's expressions know no None"
        raise InvalidQueryError(f"{problem}; ask .defined() of the property instead")
    if isinstance(value, date):
        problem = f"{value.isoformat()} is a date, and properties hold text"
        remedy = "compare with the text that was sent, or event_time() in an export"
        raise InvalidQueryError(f"{problem}; {remedy}")
    given = f"{shortened(repr(value))} is a {type(value).__name__}"
    raise InvalidQueryError(f"{given}; give text, a number, True or False")


def number_literal(value: int | float | Decimal) -> str:
    """Write a number, exactly and without an exponent.

    Raises:
        InvalidQueryError: If it is infinite, not a number, or too large or too long
            for a float, as Mixpanel's numbers are.

    >>> number_literal(Decimal("1.10")), number_literal(-2), number_literal(1e16)
    ('1.10', '-2', '10000000000000000')
    """
    # By way of float, because a subclass may be shown in another way.
    number = Decimal(float.__repr__(value) if isinstance(value, float) else value)
    if not number.is_finite():
        problem = f"{value} is no number to Mixpanel"
        raise InvalidQueryError(f"{problem}; give a finite one, or ask .defined()")
    length = max(abs(number.adjusted()), len(number.as_tuple().digits))
    if number and (abs(number) > LARGEST or length > MOST_DIGITS):
        problem = "a number is too large or too long for Mixpanel's, which are floats"
        raise InvalidQueryError(f"{problem}; give a smaller or a rounded one")
    return format(number, "f") if number else "0"


def moment_literal(value: date) -> str:
    """Write a moment as Mixpanel's documents compare it with an event's time.

    Args:
        value: A day, which stands for its first second, or a ``datetime`` without a
            timezone: the documents do not say in which one it is read.

    Raises:
        InvalidQueryError: If it has a timezone, or parts of a second.

    >>> moment_literal(date(2026, 11, 9))
    'datetime("2026-11-09T00:00:00")'
    """
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is not None or value.microsecond:
        problem = f"{value.isoformat()} has a timezone or parts of a second"
        raise InvalidQueryError(f"{problem}; give a naive datetime of the project")
    return f'datetime("{value.isoformat()}")'


def shortened(text: str, limit: int = 60) -> str:
    """Return the beginning of a text, for messages."""
    return text if len(text) <= limit else text[: limit - 1] + "…"

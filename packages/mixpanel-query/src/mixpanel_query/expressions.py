"""Segmentation expressions: what ``where`` and ``on`` say.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_operators import Expression
from mixpanel_query.expression_values import shortened
from mixpanel_query.names import name_of, property_expression, quoted

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = [
    "Expression",
    "Where",
    "behavior",
    "breakdown_text",
    "event_property",
    "event_time",
    "expression_text",
    "profile_property",
    "user_property",
]

Where: TypeAlias = Expression | str

WORDS: Final = re.compile(r"[\w $.-]+")
# What is made of words alone, and yet is an expression.
CONSTANTS: Final = re.compile(r"true|false|-?[0-9.]+")


def event_property(named: Property | str) -> Expression:
    r"""Stand for a property of the event, in questions about events.

    >>> print(event_property("country") == "US")
    properties["country"] == "US"
    """
    return Expression(property_expression(named), kind="whole")


def profile_property(named: Property | str) -> Expression:
    """Stand for a property of the profile, in questions about profiles.

    Mixpanel writes it there as it writes an event's elsewhere.

    >>> print(profile_property("$email").defined())
    defined(properties["$email"])
    """
    return event_property(named)


def user_property(named: Property | str) -> Expression:
    """Stand for a property of the user's profile, in questions about events.

    >>> print(user_property("age") > 30)
    user["age"] > 30
    """
    return Expression(f"user[{quoted(name_of(named))}]", kind="whole")


def event_time() -> Expression:
    """Stand for the event's time, in the export.

    It is compared with a ``date``, or with a ``datetime`` without a timezone.

    >>> from datetime import date
    >>> print(event_time() >= date(2026, 11, 9))
    event["$time"] >= datetime("2026-11-09T00:00:00")
    """
    return Expression('event["$time"]', kind="time")


def behavior(name: str) -> Expression:
    """Stand for how often a user did what ``behaviors`` describes under a name.

    >>> print(behavior("bought") > 0)
    behaviors["bought"] > 0
    """
    return Expression(f"behaviors[{quoted(name_of(name))}]", kind="whole")


def expression_text(name: str, given: Where) -> str:
    """Return an expression as it is sent.

    Raises:
        InvalidQueryError: If it is neither an expression nor text, or is empty;
            ``name`` says which parameter it was.

    >>> expression_text("where", 'properties["plan"] == "pro"')
    'properties["plan"] == "pro"'
    """
    text = given.text if isinstance(given, Expression) else given
    if not isinstance(text, str) or not text.strip():
        raise InvalidQueryError(
            f"{name} {shortened(repr(given))} is no expression; write one such as "
            'properties["plan"] == "pro", or leave it out'
        )
    return text


def breakdown_text(on: Property | Where) -> str:
    """Return what to break down by: an expression, or that of a property.

    Raises:
        InvalidQueryError: If it is neither; or the bare name of a property, which
            Mixpanel's documents do not know.

    >>> breakdown_text(user_property("plan"))
    'user["plan"]'
    """
    if not isinstance(on, (str, Expression)):
        return property_expression(on)
    text = expression_text("on", on)
    if WORDS.fullmatch(text) and not CONSTANTS.fullmatch(text.strip()):
        problem = f"on {shortened(repr(text))} is a bare name, and no expression"
        raise InvalidQueryError(f"{problem}; write {property_expression(text.strip())}")
    return text

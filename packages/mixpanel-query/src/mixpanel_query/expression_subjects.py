"""What an expression looks at: an event, a user, or both."""

from __future__ import annotations

import re
from typing import Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where, expression_text

__all__ = ["about_profiles", "calls_function", "expression_about"]

LITERAL: Final = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'", re.DOTALL)
SUBJECT_OR_LITERAL: Final = re.compile(
    LITERAL.pattern + r"|(?<![\w.])user(?=\s*\[)", re.DOTALL
)
PROFILES: Final = {"user": "properties"}
SUBJECT: Final = re.compile(r"(?<![\w.])(properties|user)\s*\[")


def expression_about(
    name: str, given: Where, *, never: str, write: str, remedy: str
) -> str:
    """Return an expression as it is sent, if it looks at what it may look at.

    Args:
        name: What errors call it.
        given: The expression.
        never: ``user`` or ``properties``, which mean nothing at this place.
        write: What is written instead.
        remedy: What builds that.

    Raises:
        InvalidQueryError: If it looks at what means nothing there.

    >>> expression_about(
    ...     "where", 'user["a"] == "properties[]"',
    ...     never="properties", write='user["…"]', remedy="user_property",
    ... )
    'user["a"] == "properties[]"'
    """
    text = expression_text(name, given)
    if never in SUBJECT.findall(LITERAL.sub('""', text)):
        problem = f'{name} looks at {never}["…"], which means nothing here'
        raise InvalidQueryError(f"{problem}; write {write}, or use {remedy}")
    return text


def about_profiles(text: str) -> str:
    """Return a condition about users as questions about profiles have it.

    >>> about_profiles('user["a"] == "user[]"')
    'properties["a"] == "user[]"'
    """
    return SUBJECT_OR_LITERAL.sub(lambda found: PROFILES.get(found[0], found[0]), text)


def calls_function(text: str, name: str) -> bool:
    """Tell whether an expression calls a function; text in quotes is none.

    >>> calls_function('has_prefix(user["a"], "b")', "has_prefix")
    True
    >>> calls_function('user["a"] == "has_prefix("', "has_prefix")
    False
    """
    return bool(re.search(rf"\b{name}\s*\(", LITERAL.sub('""', text)))

"""Segmentation expressions: what ``where`` and ``on`` say.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

from typing import TypeAlias

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["Expression", "Where", "expression_text"]


class Expression:
    """An expression that was built, every name and value in it escaped."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


Where: TypeAlias = Expression | str


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
            f"{name} {given!r} is no expression; write one such as "
            'properties["plan"] == "pro", or leave it out'
        )
    return text

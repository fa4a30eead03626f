"""The fields of an answer's objects, read strictly.

What is missing or of another kind than documented is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING, cast

from mixpanel_query.exceptions import UnreadableAnswerError

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["AnswerFields"]


class AnswerFields:
    """The fields of one object of an answer.

    Args:
        answer: The answer that it is part of.
        what: What it is, for messages: ``a cohort``.
        document: The object.

    Raises:
        UnreadableAnswerError: If it is no object, or a field that is asked for is not
            as documented.
    """

    def __init__(self, answer: Answer, what: str, document: object) -> None:
        if not isinstance(document, Mapping):
            raise answer.unreadable(f"{what} is {kind(document)}, no object")
        self.answer = answer
        self.what = what
        self.document: Mapping[str, object] = document

    def text(self, name: str) -> str:
        """Return a field that is text."""
        value = self.document.get(name)
        if not isinstance(value, str):
            raise self.wrong(name, "text")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return a field that is text, or missing, or null."""
        return None if self.document.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts."""
        values = self.several(name)
        if not set(map(type, values)) <= {str}:
            raise self.wrong(name, "list of texts")
        return tuple(cast("list[str]", values))

    def whole(self, name: str) -> int:
        """Return a field that is a whole number."""
        value = self.document.get(name)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(name, "whole number")
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return a field that is a list of whole numbers."""
        values = self.several(name)
        if not set(map(type, values)) <= {int}:
            raise self.wrong(name, "list of whole numbers")
        return tuple(cast("list[int]", values))

    def whole_or_none(self, name: str) -> int | None:
        """Return a field that is a whole number, or missing, or null."""
        return None if self.document.get(name) is None else self.whole(name)

    def number(self, name: str) -> int | float:
        """Return a field that is a number."""
        value = self.document.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, "number")
        if value in (inf, -inf):  # as Python reads 1e999
            raise self.wrong(name, "finite number")
        return value

    def number_or_none(self, name: str) -> int | float | None:
        """Return a field that is a number, or missing, or null."""
        return None if self.document.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        """Return a field that is true or false, or 1 or 0."""
        value = self.document.get(name)
        if value not in (0, 1):  # False is 0, and True is 1
            raise self.wrong(name, "true, false, 1 or 0")
        return bool(value)

    def several(self, name: str) -> list[object]:
        """Return a field that is a list."""
        value = self.document.get(name)
        if not isinstance(value, list):
            raise self.wrong(name, "list")
        return value

    def wrong(self, name: str, expected: str) -> UnreadableAnswerError:
        """Make the error of a field that is not as documented."""
        found = "missing"
        if name in self.document:
            found = f"{kind(self.document[name])}, no {expected}"
        return self.answer.unreadable(f"the {name!r} of {self.what} is {found}")


def kind(value: object) -> str:
    """Name a value of JSON, and its kind where it may be long.

    >>> kind(None), kind([1]), kind("x" * 99)
    ('null', 'a list', 'text')
    """
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, str):
        return "text"
    return "null" if value is None else str(value).lower()

"""Writes the text of a script, and gathers the values that it is sent with.

No value ever becomes part of the text: the script reads it from ``params``. Scripts
of one shape are therefore the same, whatever names and values they are about.
"""

from __future__ import annotations

from typing import Final, Literal, Protocol, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["VALUES", "Items", "Part", "ScriptWriter"]

VALUES: Final = "query_values"

# What the functions of a query are handed; unknown after map, reduce and the like.
Items: TypeAlias = Literal["events", "people", "joined", "unknown"]


class ScriptWriter:
    """Gathers the values of one script; used while it is written.

    Attributes:
        items: What functions are handed at this place of the script.
    """

    def __init__(self) -> None:
        self.items: Items = "unknown"
        self._values: list[object] = []
        self._named: dict[str, object] = {}

    def value(self, value: object) -> str:
        """Keep a value, and return the code that reads it."""
        self._values.append(value)
        return f"params.{VALUES}[{len(self._values) - 1}]"

    def name(self, name: str, value: object) -> None:
        """Keep a value that the caller's JavaScript reads as ``params.name``.

        Raises:
            InvalidQueryError: If the name stands for something else already.
        """
        if name == VALUES:
            problem = f"{name} is where the query keeps its own values"
            raise InvalidQueryError(f"{problem}; choose another name")
        if name in self._named and self._named[name] != value:
            both = f"{self._named[name]!r} and {value!r}"
            raise InvalidQueryError(f"{name} is {both}; choose another name for one")
        self._named[name] = value

    def params(self) -> dict[str, object]:
        """Return what the script is sent with."""
        values = {VALUES: list(self._values)} if self._values else {}
        return {**values, **self._named}


class Part(Protocol):
    """A part of a script."""

    def write(self, writer: ScriptWriter) -> str:
        """Return its code."""
